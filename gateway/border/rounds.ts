import { setTimeout as pause } from "node:timers/promises";
import type { Hub } from "../answer.ts";
import type { Held } from "../runtime/reload/current.ts";

const SECOND = 1000;
const LOOK_MS = 1 * SECOND;
const SWEEP_MS = 30 * SECOND;
const GOOD_BYE_MS = 2 * SECOND;

export interface RoundsLog {
  warn(fields: object, text: string): void;
}

/** What goes on beside requests as long as the gateway runs: it looks for work once a second, and is at so much of it at a time. A database that is away is waited for. */
export class Rounds {
  private readonly closing = new AbortController();
  private readonly rounds: Promise<void>[] = [];
  private readonly busy = new Set<Promise<void>>();
  private readonly log: RoundsLog;
  /** What the log says when a round or its work fails. */
  private readonly words: string;

  constructor(log: RoundsLog, words: string) {
    this.log = log;
    this.words = words;
  }

  /** The gateway closes: what is under way is somebody else's. */
  get signal(): AbortSignal {
    return this.closing.signal;
  }

  /** Looks for work; `room` is how much more may be begun. */
  look(most: number, work: (room: number) => Promise<void>): void {
    this.every(LOOK_MS, async () => (this.busy.size < most ? work(most - this.busy.size) : undefined));
  }

  /** Ends what is past its time. */
  sweep(work: () => Promise<void>): void {
    this.every(SWEEP_MS, work);
  }

  /** Begins a piece of work, with the hub of now to its end. */
  begin(hold: () => Held, work: (hub: Hub) => Promise<void>): void {
    const { hub, release } = hold();
    const begun = work(hub)
      .catch(this.failed)
      .finally(() => {
        release();
        this.busy.delete(begun);
      });
    this.busy.add(begun);
  }

  /** Lets what is under way end or break off; who is next does it again. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.race([Promise.all([...this.rounds, ...this.busy]), pause(GOOD_BYE_MS, undefined, { ref: false })]);
  }

  private every(ms: number, work: () => Promise<void>): void {
    const { signal } = this;
    const going = async () => {
      while (!signal.aborted) {
        await work().catch(this.failed);
        await pause(ms, undefined, { signal, ref: false }).catch(() => {});
      }
    };
    this.rounds.push(going());
  }

  private readonly failed = (error: unknown): void => void (this.signal.aborted || this.log.warn({ err: error }, this.words));
}
