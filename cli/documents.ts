import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { Kind, parse } from "graphql";
import { issuerUrl } from "../gateway/runtime/config.ts";
import { devClientSecret } from "../schema/devClients.ts";
import { ownManifest } from "./ownDocuments.ts";
import { askForToken } from "./run/issuer.ts";

export const help = `
Usage: npx hub documents register --agreement N --client CLIENT FILE...
       npx hub documents list --agreement N --client CLIENT
       npx hub documents own

Registers trusted documents of an agreement: each is proved to ask only what the agreement opens, and all are registered or none. FILE is a
manifest as code generators write it, { "<hash>": "<document>" }, or a .graphql file of one operation. Prints the id (SHA-256 of the text) and
the name of each; what stands in the way is told by coordinate. \`own\` prints the manifest of what the hub's own pages and commands ask, which stands
in cli/run/ownDocuments.json: with HUB_DOCUMENTS=trusted the pages' clients may ask the former, everybody the latter.

  --client       client of the embedded issuer in whose name to ask (npx hub token CLIENT)
  --token FILE   instead of --client: a file with an access token of any issuer
  --under N      agreement to ask under, where a steward asks (default: --agreement)
  --json         print what the hub answered
HUB_PUBLIC_URL names a hub that does not stand at http://127.0.0.1:4000.
Exit codes: 0 done, 1 rejected or refused, 2 wrong usage or a file that cannot be read.
`;

const OPTIONS = {
  agreement: { type: "string" },
  client: { type: "string" },
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
  const misuse = misuseOf(values, action, files);
  if (misuse) return complain(2, [misuse]);
  try {
    return action === "list" ? await list(values) : await register(values, files.flatMap(offeredIn));
  } catch (error) {
    if (error instanceof Unreadable) return complain(2, [error.message]);
    throw error;
  }
}

function misuseOf(
  { agreement, client, token }: Values,
  action: string | undefined,
  files: readonly string[],
): string | undefined {
  if (action !== "register" && action !== "list") return "say register, list or own. npx hub documents --help explains.";
  if (agreement === undefined) return "name the agreement: --agreement N";
  if ((client === undefined) === (token === undefined)) return "name one who asks: --client CLIENT or --token FILE";
  return (action === "register") === files.length > 0 ? undefined : "register takes files, list takes none";
}

async function list(values: Values): Promise<number> {
  const answer = await ask<{ trustedDocuments: readonly Trusted[] | null }>(values, LIST, {});
  if ("faults" in answer) return complain(1, answer.faults);
  const { trustedDocuments: known } = answer.data;
  if (known === null) return complain(1, [`there is no agreement ${values.agreement}`]);
  print(values, known, known);
  return 0;
}

async function register(values: Values, offered: readonly Offered[]): Promise<number> {
  const answer = await ask<{ registerDocuments: { registered: readonly Trusted[]; rejected: readonly Rejected[] } }>(
    values,
    REGISTER,
    { documents: offered },
  );
  if ("faults" in answer) return complain(1, answer.faults);
  const { registered, rejected } = answer.data.registerDocuments;
  print(values, answer.data.registerDocuments, registered);
  return rejected.length === 0 ? 0 : complain(1, rejected.flatMap(told));
}

const told = ({ id, name, faults }: Rejected): string[] => faults.map(({ detail }) => `${name ?? id}: ${detail}`);

function print({ json }: Values, whole: unknown, rows: readonly Trusted[]): void {
  const lines = rows.map(({ id, name, retiredAt }) => `${id}  ${(retiredAt ? "retired" : "in use").padEnd(7)}  ${name ?? ""}\n`);
  process.stdout.write(json ? `${JSON.stringify(whole)}\n` : lines.join(""));
}

class Unreadable extends Error {}

/** Documents of a manifest or of a .graphql file. Throws Unreadable. */
function offeredIn(path: string): Offered[] {
  const text = read(path);
  if (!path.endsWith(".json")) return [{ document: text, name: nameIn(text) ?? basename(path) }];
  const manifest = json(path, text);
  const texts = typeof manifest === "object" && manifest !== null ? Object.values(manifest) : [];
  if (texts.length === 0 || !texts.every((document) => typeof document === "string"))
    throw new Unreadable(`${path}: must be an object of documents by hash`);
  return texts.map((document: string) => ({ document, name: nameIn(document) }));
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Unreadable(`${path} cannot be read`);
  }
}

function json(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unreadable(`${path}: is no JSON`);
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

type Answer<Data> = { readonly data: Data } | { readonly faults: readonly string[] };
interface Body<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string }[];
}

async function ask<Data>(values: Values, query: string, more: object): Promise<Answer<Data>> {
  const { agreement, under = agreement } = values;
  const token = await tokenOf(values);
  if (token === null) return { faults: [`${issuerUrl()} gives no token for ${values.client}`] };
  const url = `${process.env["HUB_PUBLIC_URL"] || "http://127.0.0.1:4000"}/graphql`;
  const headers = {
    ...{ authorization: `Bearer ${token}`, "content-type": "application/json", "accept-language": "en" },
    "hub-agreement": under ?? "",
  };
  const body = JSON.stringify({ query, variables: { agreement, ...more } });
  const response = await fetch(url, { method: "POST", headers, body }).catch(() => null);
  if (response === null) return { faults: [`no hub answers at ${url}. Start it first: npm start (or set HUB_PUBLIC_URL).`] };
  const { data, errors = [] } = (await response.json()) as Body<Data>;
  if (errors.length > 0 || !data) return { faults: errors.map(({ message }) => message) };
  return { data };
}

async function tokenOf({ client, token }: Values): Promise<string | null> {
  if (token !== undefined) return read(token).trim();
  const asked = { id: client ?? "", secret: devClientSecret(client ?? "") };
  const answer = await askForToken(issuerUrl(), asked).catch(() => null);
  return answer && "access_token" in answer ? answer.access_token : null;
}

function complain(code: number, texts: readonly string[]): number {
  for (const text of texts) process.stderr.write(`hub documents: ${text}\n`);
  return code;
}
