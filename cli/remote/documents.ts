import { basename } from "node:path";
import { parseArgs } from "node:util";
import { Kind, parse } from "graphql";
import { textOf } from "./credentials.ts";
import { Misuse } from "./faults.ts";
import { ASKING, ASKING_HELP, type Hub, hubOf, telling } from "./hub.ts";
import { ownManifest } from "./ownDocuments.ts";
import { plain, shown } from "./plain.ts";

export const help = `
Usage: npx hub documents register --agreement N --client CLIENT FILE...
       npx hub documents list --agreement N --client CLIENT
       npx hub documents own

Registers trusted documents of an agreement: each is proved to ask only what the agreement opens, and all are registered or none. FILE is a
manifest as code generators write it, { "<hash>": "<document>" }, or a .graphql file of one operation. Prints the id (SHA-256 of the text) and
the name of each; what stands in the way is told by coordinate. \`own\` prints the manifest of what the hub's own pages and commands ask, which stands
in cli/run/ownDocuments.json: with HUB_DOCUMENTS=trusted the pages' clients may ask the former, everybody the latter.

${ASKING_HELP}
  --under N           agreement to ask under, where a steward asks (default: --agreement)
  --token FILE        the same as --token-file
  --json              print what the hub answered
Exit codes: 0 done, 1 rejected or refused, 2 wrong usage or a file that cannot be read.
`;

const OPTIONS = {
  ...ASKING,
  token: { type: "string" },
  under: { type: "string" },
  json: { type: "boolean", default: false },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

interface Offered {
  readonly document: string;
  readonly name: string | null;
}
interface Trusted {
  readonly id: string;
  readonly name: string | null;
  readonly retiredAt: string | null;
}
interface Rejected extends Pick<Trusted, "id" | "name"> {
  readonly faults: readonly { readonly detail: string }[];
}

const LIST = "query ($agreement: ID!) { trustedDocuments(agreement: $agreement) { id name retiredAt } }";
const REGISTER = `mutation ($agreement: ID!, $documents: [DocumentInput!]!) { registerDocuments(agreement: $agreement, documents: $documents) {
  registered { id name retiredAt } rejected { id name faults { coordinate reason detail } } } }`;

/** `argv`: what follows `documents`. */
export async function documents(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  const [action, ...files] = positionals;
  if (action === "own") {
    process.stdout.write(ownManifest());
    return 0;
  }
  return telling("documents", async () => {
    const agreement = agreementOf(values, action, files);
    const offered = files.flatMap(offeredIn);
    const { token, under = agreement, ...named } = values;
    const hub = await hubOf({ ...named, ...(token !== undefined && { "token-file": token }), agreement: under });
    const asking = { hub, agreement, isJson: values.json };
    return action === "list" ? list(asking) : register(asking, offered);
  });
}

interface Asking {
  readonly hub: Hub;
  readonly agreement: string;
  readonly isJson: boolean;
}

/** Throws Misuse. */
function agreementOf({ agreement }: Values, action: string | undefined, files: readonly string[]): string {
  if (action !== "register" && action !== "list") throw new Misuse("say register, list or own.");
  if (agreement === undefined) throw new Misuse("name the agreement: --agreement N.");
  if ((action === "register") !== files.length > 0) throw new Misuse("register takes files, list takes none.");
  return agreement;
}

async function list(asking: Asking): Promise<number> {
  const { hub, agreement } = asking;
  const { trustedDocuments: known } = await hub.ask<{ trustedDocuments: readonly Trusted[] | null }>(LIST, { agreement });
  if (known === null) return complain(1, [`there is no agreement ${agreement}`]);
  print(asking, known, known);
  return 0;
}

interface Registration {
  readonly registered: readonly Trusted[];
  readonly rejected: readonly Rejected[];
}

async function register(asking: Asking, documents: readonly Offered[]): Promise<number> {
  const { hub, agreement } = asking;
  const { registerDocuments } = await hub.ask<{ registerDocuments: Registration }>(REGISTER, { agreement, documents });
  const { registered, rejected } = registerDocuments;
  print(asking, registerDocuments, registered);
  return rejected.length === 0 ? 0 : complain(1, rejected.flatMap(told));
}

const told = ({ id, name, faults }: Rejected): string[] => faults.map(({ detail }) => `${name ?? id}: ${detail}`);

function print({ isJson }: Asking, whole: unknown, rows: readonly Trusted[]): void {
  const lines = rows.map(
    ({ id, name, retiredAt }) => `${plain(id)}  ${(retiredAt ? "retired" : "in use").padEnd(7)}  ${plain(name ?? "")}\n`,
  );
  process.stdout.write(isJson ? shown(`${JSON.stringify(whole)}\n`) : lines.join(""));
}

/** Documents of a manifest or of a .graphql file. Throws Misuse. */
function offeredIn(path: string): Offered[] {
  const text = textOf(path);
  if (!path.endsWith(".json")) return [{ document: text, name: nameIn(text) ?? basename(path) }];
  const manifest = json(path, text);
  const texts = typeof manifest === "object" && manifest !== null ? Object.values(manifest) : [];
  if (texts.length === 0 || !texts.every((document) => typeof document === "string"))
    throw new Misuse(`${path}: must be an object of documents by hash.`);
  return texts.map((document: string) => ({ document, name: nameIn(document) }));
}

function json(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Misuse(`${path}: is no JSON.`);
  }
}

/** Name of the first operation; null: it has none, or is no GraphQL, which the hub will say. */
function nameIn(document: string): string | null {
  try {
    const operation = parse(document).definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
    return operation?.name?.value ?? null;
  } catch {
    return null;
  }
}

function complain(code: number, texts: readonly string[]): number {
  for (const text of texts) process.stderr.write(`hub documents: ${plain(text)}\n`);
  return code;
}
