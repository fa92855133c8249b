import { parseArgs } from "node:util";
import { rawClient } from "../../drizzle/client.ts";
import { databaseCopy } from "../../drizzle/record/copy.ts";
import { goOn } from "../../drizzle/record/goOn.ts";
import { atOneInstant } from "../../drizzle/transaction.ts";
import { vkeyOf } from "../../schema/record/note.ts";
import { ConfigFaults } from "../../schema/settings.ts";
import { openDatabaseAs, openLogDatabase } from "../data/databases.ts";
import { writeFolder } from "./folder.ts";
import { type LogNames, readLogNames } from "./settings.ts";

export const help = `
Usage: npx hub record export DIR
       npx hub record key
       npx hub record continue

\`export\` writes the whole access record into a new folder, for npx hub verify on a machine without this database: entries, tags, tiles,
checkpoints with all cosignatures, verifier keys. Layout: C2SP tlog-tiles, and docs/record.md. The folder tells who asked what and when;
it holds no value and no identifier in plain, and is for auditors all the same.
\`key\` prints the verifier key of the log, for witnesses and for npx hub verify --key.
\`continue\` lets the record go on after a restore on a server whose transactions count from lower (docs/runbook.md): until then nothing is written. It takes
HUB_DATABASE_OWNER_URL_GOVERNANCE, governance as its owner, or the databases as for every command. Repeatable.

Settings: HUB_DATABASE_URL_LOG (role hub_log; or the databases as for every command), HUB_LOG_KEY, HUB_LOG_ORIGIN, HUB_WITNESSES.
Exit codes: 0 fine, 1 failed, 2 wrong usage.
`;

/** `argv`: what follows `record`. */
export async function record(argv: readonly string[]): Promise<number> {
  const [action, folder, ...more] = parseArgs({ args: [...argv], options: {}, allowPositionals: true }).positionals;
  const isSound = more.length === 0 && (action === "export") === (folder !== undefined);
  if (!isSound || !["export", "key", "continue"].includes(action ?? "")) {
    note("takes `export DIR`, `key` or `continue`. npx hub record --help explains.");
    return 2;
  }
  try {
    if (action === "continue") return await goOnHere();
    const config = readLogNames(process.env);
    if (folder !== undefined) await exportTo(folder, config);
    else process.stdout.write(`${vkeyOf(config.by.key)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    for (const fault of error.faults) note(fault);
    return 1;
  }
}

async function goOnHere(): Promise<number> {
  const database = await openDatabaseAs("keeper", process.env, note);
  const sql = rawClient(database.url, { max: 1, fetch_types: false });
  try {
    const shift = await goOn(sql);
    note(
      shift === null
        ? "nothing to do: this server's transactions count from where the record ends"
        : `the record goes on: numbers of transactions are raised by ${shift}`,
    );
    return 0;
  } finally {
    await sql.end();
    await database.close();
  }
}

async function exportTo(folder: string, { by, witnesses }: LogNames): Promise<void> {
  const database = await openLogDatabase(process.env, note);
  const sql = rawClient(database.url, { max: 1, fetch_types: false });
  try {
    const keys = [by.key, ...witnesses.map(({ key }) => key)];
    const size = await atOneInstant(sql, (tx) => writeFolder(folder, databaseCopy(tx), keys));
    note(`${size} records are in ${folder}`);
  } finally {
    await sql.end();
    await database.close();
  }
}

function note(text: string): void {
  process.stderr.write(`hub record: ${text}\n`);
}
