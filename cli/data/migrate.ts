import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { distributeAll, type Plan } from "../../drizzle/citus/distribute.ts";
import { checkDatabases, type DatabaseUrls } from "../../drizzle/cluster.ts";
import { isDev } from "../../gateway/runtime/config.ts";
import { openDatabases } from "./databases.ts";

export const help = `
Usage: npx hub migrate [--addresses DIR]

Makes roles and databases where HUB_DATABASE_URL lacks them, brings every table up to date, and checks that the hub can run on them.
Repeatable, and safe to run from several machines at once. Where each slice has an address of its own it needs all of them:
HUB_DATABASE_URL_<SLICE>, HUB_DATABASE_OWNER_URL_<SLICE> and HUB_DATABASE_URL_GATEWAY. Without any it migrates the embedded server,
with HUB_ENV=dev only.

--addresses DIR: writes the addresses it made into a new folder, a file a role.

With HUB_CITUS=true the tables that the Citus layout covers are then spread over the nodes of a Citus cluster. npx hub citus prints what that would
do, and spreads nothing.
`;

/** Exit codes: 0 up to date, 1 faults were found (each is printed). */
export async function migrate(argv: readonly string[]): Promise<number> {
  const note = (text: string) => void process.stderr.write(`hub migrate: ${text}\n`);
  const { addresses } = parseArgs({ args: [...argv], options: { addresses: { type: "string" } } }).values;
  const isNamed = Object.keys(process.env).some((name) => name.startsWith("HUB_DATABASE_"));
  if (!isNamed && !isDev(process.env)) {
    note("name the databases: HUB_DATABASE_URL, or an address for each slice (HUB_ENV=dev migrates the embedded server)");
    return 1;
  }
  const databases = await openDatabases(process.env, note);
  try {
    const faults = await checkDatabases(databases.urls);
    for (const fault of faults) process.stdout.write(`${fault}\n`);
    if (faults.length > 0) return 1;
    note("all databases are up to date");
    if (addresses !== undefined) writeAddresses(addresses, databases.urls);
    if (process.env["HUB_CITUS"] === "true") for (const plan of await distributeAll(databases.urls)) note(told(plan));
    return 0;
  } finally {
    await databases.close();
  }
}

function told(plan: Plan): string {
  if (plan.state === "plain") return `${plan.slice}: not on Citus (${plan.why})`;
  if (plan.state === "blocked")
    return `${plan.slice}: stays on one node, ${plan.breaches.length} things stand in the way: npx hub citus`;
  return `${plan.slice}: ${plan.statements.length > 0 ? "laid out on Citus" : "on Citus, as laid out before"}`;
}

/** A file a role, as deploy/compose.yaml names them. Throws where the folder is there. */
function writeAddresses(folder: string, urls: DatabaseUrls): void {
  mkdirSync(folder, { mode: 0o700 });
  for (const [name, url] of Object.entries(urls))
    for (const [role, address] of typeof url === "object"
      ? [[name, url.runtime] as const, [`${name}_owner`, url.owner] as const]
      : [[name, url] as const])
      if (address !== undefined) writeFileSync(join(folder, `database_${role}`), `${address}\n`, { mode: 0o400 });
}
