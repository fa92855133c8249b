import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { textOf } from "../remote/credentials.ts";
import { Misuse } from "../remote/faults.ts";
import { ASKING, ASKING_HELP, hubOf, telling } from "../remote/hub.ts";
import { plain, shown } from "../remote/plain.ts";
import { schemaOf } from "../remote/schemaOf.ts";
import type { Change } from "./changes/change.ts";
import { changesOf, type Published } from "./changes/changes.ts";
import { notice } from "./reach/notice.ts";
import { told } from "./reach/notify.ts";
import { partiesOf } from "./reach/parties.ts";
import { type Party, touchedBy } from "./reach/touched.ts";
import { asJson, changelog, type Reach, report } from "./report.ts";
import { schemaFrom, Unfit } from "./source.ts";

export const help = `
Usage: npx hub schema pull [--out FILE]
       npx hub schema check [SOURCE] [--against SOURCE]
       npx hub schema diff OLD NEW [--changelog] [--warn DIR]

pull   prints the schema of a hub as the caller's agreement sees it
check  composes and lints a schema (SOURCE, else the working tree) and compares it with what is in force (--against, else git:HEAD)
diff   tells what changes from one schema to another, each change with whom it touches: BREAKING (a question that was right is refused or
       answered otherwise), DANGEROUS (right still, and may surprise) or SAFE. Beside the shapes it knows classes of data, guards, bands and claims,
       counting, sealing, subjects, controllers, and whether what is gone had been deprecated, with a day

A SOURCE is a file (supergraph, or the schema as a client sees it), tree (the slices here, composed now), git:REF (as kept at a commit) or hub (as
pull gets it). What policy says is compared where both say it: supergraphs do, a client's view does not.

  --steward           whom it touches: every agreement by its registered documents and by what it asked in the last 90 days, else by its grants, as a
                      steward may know. Without it, and with --client or --token-file: the caller's own agreements
  --documents FILE    whom it touches: documents of a file as well (manifest or .graphql); may be given several times
  --warn DIR          writes a notice for each agreement it touches, Indonesian and English: DIR/<agreement>.md
  --notify DAY        tells each agreement it touches at the hub, as its stewards' inbox and developers' portal show it: what changes from that day on
                      (YYYY-MM-DD) and what to do. The same changes for the same day are told once. With --steward, as an operator of the hub
  --changelog         prints the entry for CHANGELOG.md instead
  --out FILE          pull: where to write it
  --json              print the changes as JSON
${ASKING_HELP}
Exit codes: 0 fine, 1 something breaks, cannot be composed or is refused, 2 wrong usage.
`;

const OPTIONS = {
  ...ASKING,
  out: { type: "string" },
  against: { type: "string" },
  documents: { type: "string", multiple: true },
  steward: { type: "boolean", default: false },
  warn: { type: "string" },
  notify: { type: "string" },
  changelog: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

/** `argv`: what follows `schema`. */
export async function schema(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  const [action = "", ...sources] = positionals;
  return telling("schema", () => work(action, sources, values).catch(unfit));
}

async function work(action: string, sources: readonly string[], values: Values): Promise<number> {
  const [one, other] = sources;
  if (values.notify !== undefined && !(values.steward && action === "diff"))
    throw new Misuse("--notify is of diff, and of --steward.");
  if (action === "pull" && one === undefined) return pull(values);
  if (action === "check" && other === undefined) return check(values, one);
  if (action === "diff" && one !== undefined && other !== undefined && sources.length === 2) return diff(values, [one, other]);
  throw new Misuse("say pull, check [SOURCE] or diff OLD NEW.");
}

function unfit(error: unknown): number {
  if (!(error instanceof Unfit)) throw error;
  for (const fault of error.faults) process.stdout.write(plain(`✗ ${fault}\n`));
  return 1;
}

async function pull(values: Values): Promise<number> {
  const text = await schemaOf(await hubOf(values));
  if (values.out === undefined) process.stdout.write(shown(text));
  else writeFileSync(values.out, text);
  return 0;
}

async function check(values: Values, source = "tree"): Promise<number> {
  return tell(values, await compared(values, [values.against ?? "git:HEAD", source]));
}

async function diff(values: Values, sources: readonly [string, string]): Promise<number> {
  return tell(values, await compared(values, sources));
}

interface Compared {
  readonly changes: readonly Change[];
  readonly reach: Reach;
}

async function compared(values: Values, [from, to]: readonly [string, string]): Promise<Compared> {
  const fresh = await schemaFrom(to, values);
  const old = await schemaFrom(from, values);
  const changes = changesOf(old, fresh);
  return { changes, reach: await reachOf(changes, old, values) };
}

/** Exit code 1 where something breaks. */
async function tell(values: Values, { changes, reach }: Compared): Promise<number> {
  const { json, changelog: isEntry, warn, notify } = values;
  const text = isEntry ? changelog(changes) : json ? asJson(changes, reach) : report(changes, reach);
  process.stdout.write(json && !isEntry ? shown(text) : plain(text));
  if (warn !== undefined) writeNotices(warn, reach);
  if (notify !== undefined) await told(await hubOf(values), notify, reach);
  return changes.some(({ severity }) => severity === "BREAKING") ? 1 : 0;
}

async function reachOf(changes: readonly Change[], { api }: Published, values: Values): Promise<Reach> {
  const parties = (values.documents ?? []).map(fileParty);
  const isNamed = [values.client, values["token-file"], values.hub].some((value) => value !== undefined);
  if (values.steward && !isNamed) throw new Misuse("a steward asks by name: --client or --token-file.");
  if (isNamed) parties.push(...(await partiesOf(await hubOf(values), { isSteward: values.steward })));
  return touchedBy(changes, parties, api);
}

/** Documents of a file stand for whoever sends them. */
function fileParty(path: string): Party {
  const text = textOf(path);
  const texts = path.endsWith(".json") ? Object.entries(manifestIn(path, text)) : [[basename(path), text] as const];
  return {
    name: path,
    opened: new Set(),
    asked: null,
    documents: texts.map(([id, document]) => ({ id, name: nameIn(document), document })),
  };
}

function manifestIn(path: string, text: string): Record<string, string> {
  try {
    const manifest: unknown = JSON.parse(text);
    if (Object.values(manifest as object).every((document) => typeof document === "string"))
      return manifest as Record<string, string>;
  } catch {}
  throw new Misuse(`${path}: must be an object of documents by hash.`);
}

const nameIn = (document: string): string | null => /\b(?:query|mutation)\s+(\w+)/.exec(document)?.[1] ?? null;

function writeNotices(folder: string, reach: Reach): void {
  mkdirSync(folder, { recursive: true });
  const taken = new Set<string>();
  for (const [name, touched] of reach) {
    const own = name.replace(/[^\w.-]+/g, "_");
    let file = own;
    for (let next = 2; taken.has(file.toLowerCase()); next++) file = `${own}-${next}`;
    taken.add(file.toLowerCase());
    writeFileSync(join(folder, `${file}.md`), plain(notice(name, touched)));
  }
  process.stderr.write(`hub schema: ${reach.size} ${reach.size === 1 ? "notice" : "notices"} in ${folder}\n`);
}
