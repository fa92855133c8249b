import { randomBytes, randomUUID } from "node:crypto";
import type { Hub } from "../../../answer.ts";
import type { ExportJobDoor } from "../../../receive/routes/exportJobs.ts";
import type { Held } from "../../../runtime/reload/current.ts";
import { Rounds, type RoundsLog } from "../../rounds.ts";
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
  readonly log: RoundsLog;
}

export interface Exports {
  readonly door: (hub: Hub) => ExportJobDoor;
  /** Gives jobs under way back: another gateway begins them anew. */
  close(): Promise<void>;
}

/** Jobs one gateway is at: it has others to answer. */
const MOST = 2;

/** Makes the files that are asked for as long as the gateway runs, and gives them out. Any number of gateways; a database that is away is waited for. */
export function startExports({ hold, databaseUrl, folder, log }: ExportsOptions): Exports {
  const jobs = new Jobs(databaseUrl);
  const vault = new Vault(folder);
  const rounds = new Rounds(log, "an export cannot be made");
  const { signal } = rounds;
  rounds.look(MOST, async (room) => {
    for (let begun = 0; begun < room && !signal.aborted; begun += 1) {
      const leased = await jobs.lease({ attempt: randomUUID(), key: randomBytes(32) });
      if (!leased) return;
      rounds.begin(hold, (hub) => run(leased, { hub, jobs, vault, signal }));
    }
  });
  rounds.sweep(() => sweep(jobs, vault));
  return {
    door: (hub) => createDoor({ hub, jobs, vault }),
    async close() {
      await rounds.close();
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
