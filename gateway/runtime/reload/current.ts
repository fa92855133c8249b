import type { Hub } from "../../answer.ts";
import type { Incoming, StreamedAnswer } from "../../types/chain.ts";
import type { Runtime } from "../runtime.ts";

/** A hub for one piece of work. */
export interface Held {
  readonly hub: Hub;
  /** MUST be called when the work is done; a second time does nothing. */
  release(): void;
}

/** How long a process that ends waits for work that outlived its connection. */
const GOOD_BYE_MS = 2_000;

/** The runtime that serves now. Whoever began with one keeps it to the end; it is closed when the last of them has ended. */
export class Current {
  private serving: Runtime;
  private readonly retiring = new Set<Runtime>();

  constructor(first: Runtime) {
    this.serving = first;
  }

  get runtime(): Runtime {
    return this.serving;
  }

  get hub(): Hub {
    return this.serving.hub;
  }

  readonly hold = (): Held => {
    const { serving: runtime } = this;
    return { hub: runtime.hub, release: runtime.hold() };
  };

  /** What needs a hub, as what needs none: each request takes the one of its beginning, and holds it until its answer is told whole. */
  by<Rest extends readonly unknown[], A extends object>(
    door: (hub: Hub) => (request: Incoming, ...rest: Rest) => Promise<A>,
  ): (request: Incoming, ...rest: Rest) => Promise<A> {
    return async (request, ...rest) => {
      const { hub, release } = this.hold();
      try {
        const answer = await door(hub)(request, ...rest);
        if (isStreamed(answer)) return { ...answer, pieces: releasing(answer.pieces, request.signal, release) };
        release();
        return answer;
      } catch (error) {
        release();
        throw error;
      }
    };
  }

  /** From now on work begins with `next`. */
  adopt(next: Runtime): void {
    const old = this.serving;
    this.serving = next;
    this.retiring.add(old);
    const forget = () => void this.retiring.delete(old);
    old.retire().then(forget, forget); // what cannot be closed any more holds up nobody
  }

  /** Ends what has no end of its own. */
  part(): void {
    this.serving.part();
  }

  /** After a short wait also under the hands of who still works: the process ends. */
  async close(): Promise<void> {
    await Promise.all([this.serving, ...this.retiring].map((runtime) => runtime.retire(GOOD_BYE_MS)));
  }
}

const isStreamed = (answer: object): answer is StreamedAnswer => "pieces" in answer;

/** The same pieces; `ended` once they are over, broken off, or not begun when the client leaves. */
function releasing(pieces: StreamedAnswer["pieces"], signal: AbortSignal, ended: () => void): StreamedAnswer["pieces"] {
  let isBegun = false;
  const left = () => void (isBegun || ended());
  if (signal.aborted) left();
  else signal.addEventListener("abort", left, { once: true });
  return {
    async *[Symbol.asyncIterator]() {
      isBegun = true;
      try {
        yield* pieces;
      } finally {
        ended();
      }
    },
  };
}
