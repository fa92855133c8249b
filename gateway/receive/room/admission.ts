/** Leaves the place; once. */
export type Leave = () => void;

export interface AdmissionOptions {
  /** Most requests being answered at one time. */
  readonly most: number;
  readonly now: () => number;
  /** Share of the time since it was last asked in which this process had something to do. */
  readonly busy: () => number;
  /** Does something after so long, unless what it returns is called before; by timers unless a test has a clock of its own. */
  readonly after?: (ms: number, work: () => void) => () => void;
}

/** Looked at once more after what has come in meanwhile: a process that stood still may have places to give. */
const byTimers = (ms: number, work: () => void) => {
  const timer = setTimeout(() => setImmediate(work), ms);
  return () => clearTimeout(timer);
};

/** Below this nobody is cut: so few bound the memory, and a slow machine is slow for everybody. */
const LEAST = 128;
/** Longest wait for a place; where somebody has waited all the time for STANDING_MS, the queue is no burst and only makes everybody late. */
const WAIT_MS = { least: 5, most: 50 };
const STANDING_MS = 100;
/** So many may wait in a queue that stands. */
const STANDING_PLACES = 8;
const WINDOW = { ms: 100, answers: 20, mostMs: 1000 };
/** Of what would just keep the hub busy, so much is let in. */
const GAIN = 1.5;
/** How much of a new calm measurement counts. */
const WEIGHT = 0.2;
/** A question may have become dearer: the time of a calm one grows by so much a second at most while many are asked. */
const GROWTH_A_SECOND = 0.01;
/** From here on our own processor is what everybody waits for. */
const BUSY = 0.9;

/**
 * Who may come in now. It moves only while requests do have to wait, within [128, `most`]. While this process is busy the limit is what it can
 * answer in the time that an answer takes when it is calm (Little's law), half as much again: more would only queue, and an accepted request would
 * wait for strangers. While it is not, those inside wait for slow sources and are in nobody's way: the limit doubles. Pure but for `now`, `busy` and
 * the waiting.
 */
export class Admission {
  private readonly options: AdmissionOptions;
  private readonly least: number;
  private current: number;
  private running = 0;
  private readonly waiting = new Set<() => void>();
  /** When nobody waited last. */
  private freeAt: number;
  /** Time of an answer when it is calm, ms; 0: not known yet. */
  private calmMs = 0;
  private window: Window;
  private lookedAt: number;

  constructor(options: AdmissionOptions) {
    this.options = options;
    this.least = Math.min(LEAST, options.most);
    this.current = this.least;
    this.freeAt = options.now();
    this.window = windowFrom(options.now());
    this.lookedAt = options.now();
  }

  get limit(): number {
    return Math.floor(this.current);
  }

  /** There is not even room to wait behind those who come before: to be refused before its body is read. */
  isFull(coming = 0): boolean {
    const places = this.limit - this.running;
    const ahead = Math.max(0, coming - Math.max(0, places));
    return places <= coming && this.waiting.size + ahead >= (this.isStanding ? STANDING_PLACES : this.limit);
  }

  /** A place now, or in its turn; null: refused. */
  enter(): Leave | Promise<Leave | null> {
    if (this.waiting.size === 0) this.freeAt = this.options.now();
    if (this.running < this.limit && this.waiting.size === 0) return this.take();
    this.window.isCrowded = true;
    this.look(); // where all inside wait for a slow source, nobody leaves
    if (this.running < this.limit && this.waiting.size === 0) return this.take();
    if (this.isFull()) return Promise.resolve(null);
    return new Promise((resolve) => {
      const turn = () => {
        patient();
        this.waiting.delete(turn);
        resolve(this.take());
      };
      const giveUp = () => {
        if (this.waiting.delete(turn)) resolve(null);
      };
      const { after = byTimers } = this.options;
      const patient = after(this.patienceMs, giveUp);
      this.waiting.add(turn);
    });
  }

  private get isStanding(): boolean {
    return this.waiting.size > 0 && this.options.now() - this.freeAt > STANDING_MS;
  }

  /** In a queue that stands: as long as those before need, if each takes its turn. */
  private get patienceMs(): number {
    const { least, most } = WAIT_MS;
    return this.isStanding && this.calmMs > 0 ? Math.min(most, Math.max(least, STANDING_PLACES * this.calmMs)) : most;
  }

  private take(): Leave {
    this.running += 1;
    this.window.peak = Math.max(this.window.peak, this.running);
    const startedAt = this.options.now();
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      this.running -= 1;
      this.window.answers += 1;
      this.window.totalMs += this.options.now() - startedAt;
      this.look();
      this.letIn();
    };
  }

  private letIn(): void {
    for (const next of this.waiting) {
      if (this.running >= this.limit) break;
      next();
    }
  }

  private look(): void {
    const now = this.options.now();
    if (now - this.lookedAt < WINDOW.ms) return;
    this.lookedAt = now;
    const isBusy = this.options.busy() > BUSY;
    const { window } = this;
    const tookMs = now - window.from;
    if (window.answers >= WINDOW.answers || (window.answers > 0 && tookMs >= WINDOW.mostMs)) {
      this.window = windowFrom(now);
      this.learn(window, { tookMs, isBusy });
    }
    if (window.isCrowded && !isBusy) this.become(this.current * 2);
  }

  private learn(window: Window, { tookMs, isBusy }: { readonly tookMs: number; readonly isBusy: boolean }): void {
    const meanMs = window.totalMs / window.answers;
    const isCalm = !window.isCrowded && window.peak <= this.limit / 4;
    this.calmMs = calmed(this.calmMs, { meanMs, tookMs, isCalm, mayGrow: !(window.isCrowded && isBusy) });
    if (!window.isCrowded || !isBusy || this.calmMs === 0) return;
    const needed = GAIN * (window.answers / tookMs) * this.calmMs;
    this.become((this.current + needed) / 2);
  }

  private become(limit: number): void {
    this.current = Math.min(this.options.most, Math.max(this.least, limit));
    this.letIn();
  }
}

interface Window {
  readonly from: number;
  answers: number;
  totalMs: number;
  peak: number;
  /** Somebody had to wait. */
  isCrowded: boolean;
}

const windowFrom = (from: number): Window => ({ from, answers: 0, totalMs: 0, peak: 0, isCrowded: false });

interface Measured {
  readonly meanMs: number;
  readonly tookMs: number;
  readonly isCalm: boolean;
  readonly mayGrow: boolean;
}

/** The slowly moving minimum: down and in calm at once, up a little at a time. */
function calmed(knownMs: number, { meanMs, tookMs, isCalm, mayGrow }: Measured): number {
  if (knownMs === 0) return isCalm ? meanMs : 0;
  if (isCalm || meanMs < knownMs) return knownMs + (meanMs - knownMs) * WEIGHT;
  return mayGrow ? Math.min(meanMs, knownMs * (1 + (GROWTH_A_SECOND * tookMs) / 1000)) : knownMs;
}
