import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildSchema } from "graphql";
import { issuerOf, textOf, tokenEndpointOf } from "../remote/credentials.ts";
import { Misuse, Refused } from "../remote/faults.ts";
import { ASKING, ASKING_HELP, hubOf, hubUrl, telling } from "../remote/hub.ts";
import { operationsIn } from "./codegen/operations.ts";
import { codegenConfig, documentsModule, manifestOf } from "./codegen/write.ts";
import { collectionOf, environmentOf } from "./postman/collection.ts";

export const help = `
Usage: npx hub kit codegen --client CLIENT [--agreement N] [--to DIR] FILE...
       npx hub kit postman [--agreement N] [--to DIR] FILE...

Writes what a partner's developer begins with, and prints the names of the files.

codegen   types the operations of the .graphql files against the schema as the agreement sees it, and writes
            documents.ts     a typed document for each, with its hash
            documents.json   the manifest for: npx hub documents register --agreement N --client CLIENT documents.json
            codegen.ts       instead of both: a configuration of GraphQL Code Generator (its hashes are its own, so register its manifest)
            schema.graphql   the schema they were typed by
postman   writes a collection (format 2.1) of the files' questions and of every address the hub describes at /openapi.json, and
          an environment for it. Neither holds a secret: whoever imports them fills in client and secret. It asks for no token.

${ASKING_HELP}
  --schema FILE       of codegen, instead of asking a hub: a schema.graphql that was kept
  --to DIR            folder to write to (default: this one)
Exit codes: 0 written, 1 a question does not fit the schema or nobody answers, 2 wrong usage or a file that cannot be read.
`;

const OPTIONS = { ...ASKING, schema: { type: "string" }, to: { type: "string", default: "." } } as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];
type Files = readonly (readonly [path: string, text: string])[];
type Written = Readonly<Record<string, string>>;

const KITS: Readonly<Record<string, (values: Values, files: Files) => Promise<Written>>> = { codegen, postman };

/** `argv`: what follows `kit`. */
export async function kit(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  const [name = "", ...paths] = positionals;
  return telling("kit", async () => {
    const make = Object.hasOwn(KITS, name) ? KITS[name] : undefined;
    if (!make) throw new Misuse("say codegen or postman.");
    if (paths.length === 0) throw new Misuse("name the .graphql files of the questions.");
    write(
      values.to,
      await make(
        values,
        paths.map((path) => [path, textOf(path)] as const),
      ),
    );
    return 0;
  });
}

async function codegen(values: Values, files: Files): Promise<Written> {
  const sdl = values.schema === undefined ? await schemaOf(values) : textOf(values.schema);
  const schema = buildSchema(sdl);
  const operations = operationsIn(files, schema);
  return {
    "documents.ts": documentsModule(operations, schema),
    "documents.json": manifestOf(operations),
    "codegen.ts": codegenConfig({ schema: "schema.graphql", documents: files.map(([path]) => path), to: "." }),
    "schema.graphql": sdl,
  };
}

/** The schema as the agreement sees it. Throws Misuse and Refused. */
async function schemaOf(values: Values): Promise<string> {
  const response = await (await hubOf(values)).get("/schema.graphql");
  const text = await response.text();
  if (response.ok) return text;
  throw new Refused(messagesIn(text) || `the hub gives no schema (status ${response.status})`);
}

function messagesIn(text: string): string {
  try {
    const { errors = [] } = JSON.parse(text) as { errors?: readonly { readonly message: string }[] };
    return errors.map(({ message }) => message).join("\n");
  } catch {
    return "";
  }
}

async function postman(values: Values, files: Files): Promise<Written> {
  const hub = hubUrl(values);
  const openApi = await jsonAt(`${hub}/openapi.json`);
  if (openApi === null)
    process.stderr.write(`hub kit: ${hub}/openapi.json is not served: the collection holds the questions alone\n`);
  const issuer = issuerOf(values);
  const places = { hub, tokenUrl: (await tokenEndpointOf(issuer)) ?? `${issuer}/token`, agreement: values.agreement ?? "" };
  return {
    "dtks-hub.postman_collection.json": inJson(collectionOf(files, openApi)),
    "dtks-hub.postman_environment.json": inJson(environmentOf(places)),
  };
}

const inJson = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
const TIMEOUT_MS = 10_000;

/** What everybody may read. Null: nothing is there. */
async function jsonAt(url: string): Promise<unknown> {
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
  return response?.ok ? response.json().catch(() => null) : null;
}

function write(to: string, files: Written): void {
  mkdirSync(to, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(to, name), text);
    process.stdout.write(`${join(to, name)}\n`);
  }
}
