import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Hub } from "../../../answer.ts";
import type { ExportJobDoor } from "../../../receive/routes/exportJobs.ts";
import type { Held } from "../../../runtime/reload/current.ts";
import { createDoor } from "./door.ts";
import { run } from "./run.ts";
import { Jobs } from "./store.ts";
import { Vault } from "./vault.ts";

export interface ExportsOptions {
  /** The hub that a file is made with, from its first page to its last. */
  readonly hold: () => Held;
  readonly databaseUrl: string;
  /** Of the sealed files; the same for all gateways. */
  readonly folder: string;
  readonly log: { warn(fields: object, text: string): void };
}

export interface Exports {
  readonly door: (hub: Hub) => ExportJobDoor;
  /** Gives jobs under way back: another gateway begins them anew. */
  close(): Promise<void>;
}

const SECOND = 1000;
const LOOK_MS = 1 * SECOND;
const SWEEP_MS = 30 * SECOND;
const GOOD_BYE_MS = 2 * SECOND;
/** Jobs one gateway is at: it has others to answer. */
const MOST = 2;

/** Makes the files that are asked for as long as the gateway runs, and gives them out. Any number of gateways; a database that is away is waited for. */
export function startExports({ hold, databaseUrl, folder, log }: ExportsOptions): Exports {
  const jobs = new Jobs(databaseUrl);
  const vault = new Vault(folder);
  const closing = new AbortController();
  const { signal } = closing;
  const busy = new Set<Promise<void>>();
  const failed = (error: unknown) => void (signal.aborted || log.warn({ err: error }, "an export cannot be made"));
  const look = async (): Promise<void> => {
    while (busy.size < MOST && !signal.aborted) {
      const leased = await jobs.lease({ attempt: randomUUID(), key: randomBytes(32) });
      if (!leased) return;
      const { hub, release } = hold();
      const work = run(leased, { hub, jobs, vault, signal })
        .catch(failed)
        .finally(() => {
          release();
          busy.delete(work);
        });
      busy.add(work);
    }
  };
  const every = async (ms: number, work: () => Promise<void>): Promise<void> => {
    while (!signal.aborted) {
      await work().catch(failed);
      await pause(ms, undefined, { signal, ref: false }).catch(() => {});
    }
  };
  const rounds = [every(LOOK_MS, look), every(SWEEP_MS, () => sweep(jobs, vault))];
  return {
    door: (hub) => createDoor({ hub, jobs, vault }),
    async close() {
      closing.abort();
      await Promise.race([Promise.all([...rounds, ...busy]), pause(GOOD_BYE_MS, undefined, { ref: false })]);
      await jobs.close();
    },
  };
}

/** Ends what is past its time, forgets what ended long ago, and removes files that no job has. Looks at the folder first: whoever begins a file since then has its job. */
export async function sweep(jobs: Pick<Jobs, "expire" | "forget" | "living">, vault: Vault): Promise<void> {
  await jobs.expire();
  await jobs.forget();
  const attempts = await vault.attempts();
  const living = attempts.length > 0 ? await jobs.living(attempts) : new Set();
  for (const attempt of attempts) if (!living.has(attempt)) await vault.remove(attempt);
}
