import { checkDatabases } from "../drizzle/cluster.ts";
import { openDatabases } from "./databases.ts";

export const help = `
Usage: npx hub migrate

Makes roles and databases where HUB_DATABASE_URL (or the embedded server) lacks them, brings every table up to date, and checks that
the hub can run on them. Repeatable, and safe to run from several machines at once. Needs the owners' addresses
(HUB_DATABASE_OWNER_URL_<SLICE>) when each slice has an address of its own.
`;

/** Exit codes: 0 up to date, 1 faults were found (each is printed). */
export async function migrate(): Promise<number> {
  const note = (text: string) => void process.stderr.write(`hub migrate: ${text}\n`);
  const databases = await openDatabases(process.env, note);
  try {
    const faults = await checkDatabases(databases.urls);
    for (const fault of faults) process.stdout.write(`${fault}\n`);
    if (faults.length === 0) note("all four databases are up to date");
    return faults.length > 0 ? 1 : 0;
  } finally {
    await databases.close();
  }
}
