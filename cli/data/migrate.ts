import { checkDatabases } from "../../drizzle/cluster.ts";
import { isDev } from "../../gateway/config.ts";
import { openDatabases } from "../databases.ts";

export const help = `
Usage: npx hub migrate

Makes roles and databases where HUB_DATABASE_URL lacks them, brings every table up to date, and checks that the hub can run on them.
Repeatable, and safe to run from several machines at once. Where each slice has an address of its own it needs all of them:
HUB_DATABASE_URL_<SLICE>, HUB_DATABASE_OWNER_URL_<SLICE> and HUB_DATABASE_URL_GATEWAY. Without any it migrates the embedded server,
with HUB_ENV=dev only.
`;

/** Exit codes: 0 up to date, 1 faults were found (each is printed). */
export async function migrate(argv: readonly string[]): Promise<number> {
  const note = (text: string) => void process.stderr.write(`hub migrate: ${text}\n`);
  if (argv.length > 0) {
    note("takes no arguments; settings are HUB_* variables (npx hub migrate --help)");
    return 2;
  }
  const isNamed = Object.keys(process.env).some((name) => name.startsWith("HUB_DATABASE_"));
  if (!isNamed && !isDev(process.env)) {
    note("name the databases: HUB_DATABASE_URL, or an address for each slice (HUB_ENV=dev migrates the embedded server)");
    return 1;
  }
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
