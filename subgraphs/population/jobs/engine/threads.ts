import { Worker } from "node:worker_threads";
import type { Mapping } from "../upload/mapping.ts";
import type { Learned, Lesson } from "./learn.ts";
import type { Judging, Matched, Part } from "./match.ts";
import type { Snapshot } from "./register.ts";
import type { Sample } from "./sample.ts";

export type Request =
  | { readonly kind: "load"; readonly url: string }
  | { readonly kind: "sample"; readonly part: Part; readonly mapping: Mapping; readonly share: number }
  | { readonly kind: "learn"; readonly snapshot: Snapshot; readonly lesson: Lesson }
  | { readonly kind: "open"; readonly snapshot: Snapshot }
  | { readonly kind: "match"; readonly job: string; readonly judging: Judging; readonly part: Part };

export interface Answer {
  readonly value?: Snapshot | Sample | Learned | Matched | null;
  readonly error?: unknown;
}

/** One worker thread that answers requests in their order. */
class Thread {
  readonly #worker: Worker;
  readonly #waiting: { resolve: (value: never) => void; reject: (error: unknown) => void }[] = [];
  #dead: Error | null = null;

  constructor(place: number) {
    this.#worker = new Worker(new URL("./thread.js", import.meta.url), { workerData: { place } });
    this.#worker.unref();
    this.#worker.on("message", ({ value, error }: Answer) => {
      const first = this.#waiting.shift();
      if (this.#waiting.length === 0) this.#worker.unref();
      if (error === undefined) first?.resolve(value as never);
      else first?.reject(error);
    });
    this.#worker.on("error", (error) => this.#die(error));
    this.#worker.on("exit", () => this.#die(new Error("a thread of the matching engine ended")));
  }

  get queued(): number {
    return this.#waiting.length;
  }

  get isDead(): boolean {
    return this.#dead !== null;
  }

  ask<T>(request: Request): Promise<T> {
    if (this.#dead) return Promise.reject(this.#dead);
    this.#worker.ref();
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ resolve: resolve as (value: never) => void, reject });
      this.#worker.postMessage(request);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #die(error: Error): void {
    this.#dead ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

/** The engine of one process: a register in memory, and threads that search it. */
export interface Engine {
  /** The register kept from before, if it has this name; else that of the database as it is now, whose name may be another. */
  load(name: string): Promise<Snapshot>;
  sample(part: Part, mapping: Mapping, share: number): Promise<Sample>;
  learn(snapshot: Snapshot, lesson: Lesson): Promise<Learned>;
  match(snapshot: Snapshot, job: { readonly id: string; readonly judging: Judging }, part: Part): Promise<Matched>;
  end(): Promise<void>;
}

export function startEngine(url: string, threads: number): Engine {
  const all = Array.from({ length: threads }, (_, place) => ({ thread: new Thread(place), has: "" }));
  const idlest = () => {
    for (const [place, one] of all.entries()) if (one.thread.isDead) all[place] = { thread: new Thread(place), has: "" };
    return all.reduce((best, one) => (one.thread.queued < best.thread.queued ? one : best));
  };
  let loading: { readonly name: string; readonly snapshot: Promise<Snapshot> } | null = null;
  let learning: Promise<unknown> = Promise.resolve();
  const alone = async <T>(request: Request): Promise<T> => {
    const thread = new Thread(0);
    return thread.ask<T>(request).finally(() => thread.end());
  };
  return {
    load(name) {
      if (loading?.name !== name) {
        const snapshot = alone<Snapshot>({ kind: "load", url });
        loading = { name, snapshot };
        void snapshot.then(
          (loaded) => {
            loading = { name: loaded.name, snapshot };
          },
          () => {
            loading = null;
          },
        );
      }
      return loading.snapshot;
    },
    sample: (part, mapping, share) => idlest().thread.ask({ kind: "sample", part, mapping, share }),
    learn(snapshot, lesson) {
      const learned = learning.then(() => alone<Learned>({ kind: "learn", snapshot, lesson }));
      learning = learned.catch(() => {});
      return learned;
    },
    async match(snapshot, { id, judging }, part) {
      const one = idlest();
      if (one.has !== snapshot.name) {
        one.has = snapshot.name;
        void one.thread.ask({ kind: "open", snapshot }).catch(() => {}); // the question behind it says so
      }
      return one.thread.ask({ kind: "match", job: id, judging, part });
    },
    end: async () => void (await Promise.all(all.map(({ thread }) => thread.end()))),
  };
}
