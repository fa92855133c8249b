import { parseArgs } from "node:util";
import { registerCubes } from "../../../drizzle/registry/cubes.ts";
import { openDatabases } from "../../data/databases.ts";
import { stopSignal } from "../../run/ending.ts";
import { startPress } from "./press.ts";

export const help = `
Usage: npx hub publisher

Publishes figures until Ctrl-C or SIGTERM: when a month opens, on Mondays, after a determination, a delivery of candidates or a decree of seats, and when
the month is over, each slice's cubes are suppressed, rounded, signed by the slice and put in force at statistics; at most six times a cube and month. Each
night the counts of open months are made anew and compared. Run as many as you like: one at a time is at a figure, and what one leaves unfinished another
does. Where slices have hosts of their own: npx hub cubes export there, cubes import here.

Settings: the databases as for every command; where each slice has an address of its own, HUB_DATABASE_URL_PUBLICATION (statistics as the role
hub_statistics_jobs), and of the slices released here HUB_DATABASE_URL_JOBS, …_REGISTRY, …_ALLOCATION with HUB_ATTESTATION_KEY_<SLICE>;
HUB_ATTESTATION_PUBLIC_KEYS says whom statistics believes.
Exit codes: 0 stopped, 1 cannot run, or came to its end unasked (start it again), 2 wrong usage.
`;

/** `argv`: what follows `publisher`. */
export async function publisher(argv: readonly string[]): Promise<number> {
  parseArgs({ args: [...argv], options: {} });
  const stop = stopSignal();
  const databases = await openDatabases(process.env, note);
  try {
    const { urls } = databases;
    await registerCubes(urls.statistics.owner);
    const running = await startPress({ urls, env: process.env, note });
    try {
      await Promise.race([running.isReady, stop]);
      note("publishes figures");
      await Promise.race([stop, running.failure]);
      return 0;
    } finally {
      await running.stop();
    }
  } finally {
    await databases.close();
  }
}

function note(text: string): void {
  process.stderr.write(`hub publisher: ${text}\n`);
}
