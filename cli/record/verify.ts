import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { rawClient } from "../../drizzle/client.ts";
import { databaseCopy } from "../../drizzle/record/copy.ts";
import { atOneInstant } from "../../drizzle/transaction.ts";
import { readPolicyFile } from "../../schema/policy/insight/file/readFile.ts";
import { faultsOfSignatures } from "../../schema/policy/insight/file/signatures.ts";
import { readVkey } from "../../schema/record/note.ts";
import { type Findings, faultLine, type Head } from "../../schema/record/verify/findings.ts";
import type { Trust } from "../../schema/record/verify/states.ts";
import { verifyLog } from "../../schema/record/verify/verifyLog.ts";
import { ConfigFaults } from "../../schema/settings.ts";
import { openLogDatabase } from "../data/databases.ts";
import { folderCopy, keysIn } from "./folder.ts";
import { readLogNames } from "./settings.ts";

export const help = `
Usage: npx hub audit verify [DIR] [--key VKEY] [--witness VKEY]… [--checkpoint FILE]… [--policy-key KEY]…
       npx hub verify …                            the same

Re-checks the whole access record: every entry against its hash, every hash up to the roots, every root against what the log signed and
the witnesses cosigned, and the tags of subjects against the entries. With DIR (of npx hub record export) it asks no database and no network;
without, it reads the database as the role hub_log, and checks what is searched there too: the index of subjects and the columns beside
each text. Names the first record that was altered, deleted, rewritten or forked.

  --key VKEY         verifier key of the log; without it the one DIR carries, or of HUB_LOG_KEY
  --witness VKEY     verifier key of a witness, from the witness; repeatable. Without --key those of HUB_WITNESSES too, where the database is
                     verified
  --checkpoint FILE  a checkpoint you kept from another day or got from somebody else; repeatable. Only these and witnesses can show that the
                     end is cut off, or that the log signed two histories
  --policy-key KEY   governance's public key: signed versions of agreements in DIR/policy/*.json are checked with it

Exit codes: 0 all is as it was signed, 1 something is not (each fault on a line), 2 wrong usage.
`;

const OPTIONS = {
  key: { type: "string" },
  witness: { type: "string", multiple: true },
  checkpoint: { type: "string", multiple: true },
  "policy-key": { type: "string", multiple: true },
} as const;

interface Asked {
  readonly key: string | undefined;
  readonly witnesses: readonly string[];
  readonly checkpoints: readonly string[];
}

/** `argv`: what follows `verify`. */
export async function verify(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  const [folder, ...more] = positionals;
  if (more.length > 0) {
    note("takes one folder, or none. npx hub verify --help explains.");
    return 2;
  }
  const asked = { key: values.key, witnesses: values.witness ?? [], checkpoints: values.checkpoint ?? [] };
  try {
    const findings =
      folder === undefined ? await verifyDatabase(asked) : await verifyLog(folderCopy(folder), trustOfFolder(folder, asked));
    const policies = faultsOfPolicies(folder, values["policy-key"]);
    for (const line of [...reportOf(findings), ...policies]) process.stdout.write(`${line}\n`);
    return findings.faults.length + policies.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    for (const fault of error.faults) note(fault);
    return 1;
  }
}

/** `argv`: what follows `audit`. */
export async function audit([action = "", ...argv]: readonly string[]): Promise<number> {
  if (action === "verify") return verify(argv);
  process.stderr.write("hub audit: say verify. npx hub audit --help explains.\n");
  return 2;
}

/** Who names the log's key needs none of its secrets. */
async function verifyDatabase(asked: Asked): Promise<Findings> {
  const own = asked.key === undefined ? readLogNames(process.env) : undefined;
  const witnesses = [...asked.witnesses.map(readVkey), ...(own?.witnesses.map(({ key }) => key) ?? [])];
  const trust = { log: own?.by.key ?? readVkey(asked.key ?? ""), witnesses, kept: keptOf(asked) };
  const database = await openLogDatabase(process.env, note);
  const sql = rawClient(database.url, { max: 1, fetch_types: false });
  try {
    return await atOneInstant(sql, (tx) => verifyLog(databaseCopy(tx), trust));
  } finally {
    await sql.end();
    await database.close();
  }
}

/** Of the keys a folder carries only the log's is taken, and that with a word: whoever made the folder could have made them too. */
function trustOfFolder(folder: string, asked: Asked): Trust {
  const vkey = asked.key ?? keysIn(folder)[0];
  if (vkey === undefined) throw new Error(`${folder} carries no key: name the log's with --key`);
  if (asked.key === undefined)
    note("the log's key is the one the folder carries, as good as the hand it came from: name the log's with --key");
  return { log: readVkey(vkey), witnesses: asked.witnesses.map(readVkey), kept: keptOf(asked) };
}

const keptOf = ({ checkpoints }: Asked): Trust["kept"] =>
  checkpoints.map((path) => ({ name: path, note: readFileSync(path, "utf8") }));

function faultsOfPolicies(folder: string | undefined, keys: readonly string[] = []): string[] {
  const path = join(folder ?? "", "policy");
  const names = folder !== undefined && existsSync(path) ? readdirSync(path).filter((name) => name.endsWith(".json")) : [];
  return names.sort().flatMap((name) => {
    const file = readPolicyFile(readFileSync(join(path, name), "utf8"));
    const faults = "faults" in file ? file.faults : faultsOfSignatures(file, { keys, origins: [] });
    return faults.map((fault) => `POLICY: ${name}: ${fault}`);
  });
}

/** Of faults that are printed: who has more needs no more. */
const MOST_LINES = 1000;

function reportOf({ faults, size, signed, cosigned, unfinished, pruned }: Findings): string[] {
  const head = ({ index, receipt, at }: Head) => `  record ${index} (receipt ${receipt}, ${at})`;
  return [
    ...faults.slice(0, MOST_LINES).map(faultLine),
    `${size} records; signed by the log up to ${signed}${faults.length > 0 ? `; ${faults.length} faults, the first in the first line` : "; all as they were signed"}`,
    cosigned > 0
      ? `a witness stands behind the first ${cosigned} records`
      : "no witness stands behind it: who holds the log's key could have written it anew. Name witnesses with --witness, or checkpoints kept elsewhere with --checkpoint",
    ...(pruned > 0 ? [`${pruned} records have no tags any more: pruned at the end of their retention`] : []),
    ...(unfinished.count > 0
      ? [
          `${unfinished.count} requests were announced and have no outcome: they died, or run still`,
          ...unfinished.first.map(head),
        ]
      : []),
  ];
}

function note(text: string): void {
  process.stderr.write(`hub verify: ${text}\n`);
}
