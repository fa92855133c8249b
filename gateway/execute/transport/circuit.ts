import type { CircuitState } from "../../types/telemetry.ts";

export interface CircuitOptions {
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** We can ask the source ourselves: then the first probe is ours, and no question waits for a source that still hangs. */
  readonly hasProber: boolean;
  readonly onChange?: (state: CircuitState) => void;
}

/** Whose call it is: a question, what may be sent only once (an act, something counted), or ours that asks for nothing. */
export type Kind = "question" | "act" | "own";

/** What a call says of its source. `neither`: it ended for the asker's doing (the client left, no time, too large an answer). */
export type Verdict = "good" | "bad" | "neither";

/** Leave for one call. */
export interface Permit {
  /** Once; a second time says nothing. */
  settle(verdict: Verdict): void;
}

const IN_A_ROW = 5;
const SHARE = { ofCalls: 20, bad: 0.5 };
const WINDOW = { pieces: 10, pieceMs: 1000 };
const PAUSE = { firstMs: 1000, mostMs: 4000, jitter: 0.2 };
const SUCCESSES = 2;
/** A probe that has said nothing for so long no longer keeps others from probing: else a hung one would outlive the recovery. */
const PROBE_MS = 1000;
/** Opened again sooner than this, it goes on with the pauses where it was. */
const CALM_MS = 10_000;

interface Probe {
  readonly kind: Kind;
  readonly sentAt: number;
}

/**
 * Whether one source may be asked. Closed → open on 5 failures in a row, or half of at least 20 calls in 10 s; open → half-open after 1 s,
 * doubling to 4 s at most, ± 20 %; half-open, one probe at a time: two successes close, one failure opens. An act is never the probe: unsent, it
 * has certainly not been done. Pure but for `now` and `random`; the state follows the clock whenever it is looked at.
 */
export class Circuit {
  private readonly options: CircuitOptions;
  private current: CircuitState = "closed";
  /** Counts changes of state: what was sent before one says nothing after it. */
  private era = 0;
  private recent = new Recent();
  private opensUntil = 0;
  private pauseMs = 0;
  private closedAt = Number.NEGATIVE_INFINITY;
  private successes = 0;
  private probe: Probe | null = null;

  constructor(options: CircuitOptions) {
    this.options = options;
  }

  get state(): CircuitState {
    if (this.current === "open" && this.options.now() >= this.opensUntil) {
      this.successes = 0;
      this.probe = null;
      this.become("half-open");
    }
    return this.current;
  }

  /** When it becomes half-open, while it is open. */
  get until(): number {
    return this.opensUntil;
  }

  /** Null: not now, and nothing may be sent. */
  admit(kind: Kind): Permit | null {
    const { state } = this;
    if (state === "open" || (state === "half-open" && !this.mayProbe(kind))) return null;
    const mine: Probe = { kind, sentAt: this.options.now() };
    if (state === "half-open") this.probe = mine;
    const { era } = this;
    let isSettled = false;
    return {
      settle: (verdict) => {
        if (!isSettled && this.era === era) this.judge(mine, verdict);
        isSettled = true;
      },
    };
  }

  private mayProbe(kind: Kind): boolean {
    const { probe, successes } = this;
    if (kind === "act") return false;
    if (probe && this.options.now() - probe.sentAt < PROBE_MS) return false;
    // a question that is not answered weighs more than that the source still says its name
    if (kind === "own") return probe?.kind !== "question";
    return !this.options.hasProber || successes > 0;
  }

  private judge(call: Probe, verdict: Verdict): void {
    const now = this.options.now();
    if (this.current === "closed") {
      if (verdict !== "neither" && this.recent.isTooBad(now, verdict)) this.open(now);
      return;
    }
    if (this.probe === call) this.probe = null;
    if (verdict === "bad") this.open(call.sentAt); // what a hung probe took is part of the pause
    if (verdict === "good") this.successes += 1;
    if (this.successes >= SUCCESSES) this.close(now);
  }

  private open(from: number): void {
    const { firstMs, mostMs, jitter } = PAUSE;
    const isFirst = this.current === "closed" && this.options.now() - this.closedAt >= CALM_MS;
    this.pauseMs = isFirst || this.pauseMs === 0 ? firstMs : Math.min(mostMs, this.pauseMs * 2);
    this.opensUntil = from + Math.min(mostMs, this.pauseMs * (1 - jitter + 2 * jitter * this.options.random()));
    this.successes = 0;
    this.become("open");
  }

  private close(now: number): void {
    this.closedAt = now;
    this.recent = new Recent();
    this.successes = 0;
    this.become("closed");
  }

  private become(state: CircuitState): void {
    this.current = state;
    this.era += 1;
    this.options.onChange?.(state);
  }
}

/** How the calls of the last ten seconds went. */
class Recent {
  private inARow = 0;
  private readonly pieces = new Map<number, { calls: number; bad: number }>();

  /** Takes one more, and says whether that is enough. */
  isTooBad(now: number, verdict: "good" | "bad"): boolean {
    const at = Math.floor(now / WINDOW.pieceMs);
    const piece = this.pieces.get(at) ?? { calls: 0, bad: 0 };
    this.pieces.set(at, piece);
    piece.calls += 1;
    for (const old of this.pieces.keys()) if (old <= at - WINDOW.pieces) this.pieces.delete(old);
    if (verdict === "good") {
      this.inARow = 0;
      return false;
    }
    piece.bad += 1;
    this.inARow += 1;
    return this.inARow >= IN_A_ROW || this.isHalfBad();
  }

  private isHalfBad(): boolean {
    let [calls, bad] = [0, 0];
    for (const piece of this.pieces.values()) {
      calls += piece.calls;
      bad += piece.bad;
    }
    return calls >= SHARE.ofCalls && bad >= calls * SHARE.bad;
  }
}
