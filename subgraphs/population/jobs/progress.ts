import { rawClient } from "../../../drizzle/client.ts";
import type { Agreed, LoadPool } from "../../../drizzle/copy.ts";
import { CHANNEL, hasEnded, type Progress, progressOf } from "./job.ts";

interface Following {
  readonly pool: LoadPool;
  /** Undefined for a role that policies do not bind. */
  readonly agreed: Agreed | undefined;
  /** For LISTEN: not through a pooler. */
  readonly url: string;
  readonly job: string;
  readonly signal?: AbortSignal;
}

const SECOND = 1000;
/** At most five times a second; at least every three seconds, for a notice may be lost with its connection. */
const LEAST_GAP = 0.2 * SECOND;
const MOST_GAP = 3 * SECOND;

/** A job's progress whenever it changed, until it has ended or nobody listens any more. Ends at once where there is no such job. */
export async function* followJob({ pool, agreed, url, job, signal }: Following): AsyncGenerator<Progress> {
  const client = rawClient(url, { max: 1 });
  const bell = new Bell(signal);
  try {
    await client.listen(CHANNEL, (about) => {
      if (about === job) bell.ring();
    });
    let told = "";
    for (;;) {
      const progress = await pool.load((loader) => progressOf(loader, job), agreed);
      if (progress === null || signal?.aborted) return;
      if (JSON.stringify(progress) !== told) yield progress;
      told = JSON.stringify(progress);
      if (hasEnded(progress)) return;
      await bell.wait();
    }
  } finally {
    bell.close();
    await client.end({ timeout: 5 });
  }
}

/** Wakes one who waits, now or at the next wait. */
class Bell {
  #isRung = false;
  #wake: (() => void) | null = null;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.#wake?.();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort);
  }

  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  async wait(): Promise<void> {
    await this.#pause(LEAST_GAP, false);
    if (!this.#isRung) await this.#pause(MOST_GAP, true);
    this.#isRung = false;
  }

  close(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }

  #pause(ms: number, mayBeRung: boolean): Promise<void> {
    if (this.#signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        if (!mayBeRung && !this.#signal?.aborted) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
