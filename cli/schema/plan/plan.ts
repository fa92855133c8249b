import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { textOf } from "../../remote/credentials.ts";
import { Misuse, Refused } from "../../remote/faults.ts";
import { ASKING, ASKING_HELP, type Hub, hubOf, isElsewhere, telling } from "../../remote/hub.ts";
import { plain, shown } from "../../remote/plain.ts";
import { type Asked, planHere } from "./here.ts";
import { type Told, tree } from "./tree.ts";

export const help = `
Usage: npx hub plan FILE.graphql [--supergraph FILE] [--operation NAME] [--variables FILE]
       npx hub plan FILE.graphql --client CLIENT [--agreement N] [--operation NAME] [--variables FILE]

Prints how the gateway would fetch a question, as a tree: rounds (fetches one after the other), and of each fetch its service, what it waits for, where its
objects stand and by which key they are found, its fields, the coordinates its envelope names by verb, and why it is there. Nothing is fetched.

Without a client: over the schema of this folder's hub, as if everything were granted. With one: by the hub itself, as the agreement opens it (POST /plan);
what is denied is not fetched and is named on top.

  --supergraph FILE   over another supergraph (federation 2.9 at most)
  --operation NAME    which operation, where the file holds several
  --variables FILE    variables as JSON: @skip, @include and the arguments that are used hang on them. Without it, on this machine: what has a default
                      has that, and what needs no value is left out
  --json              print the plan as JSON
  --mermaid           print it as a flowchart for Mermaid
${ASKING_HELP}
Exit codes: 0 planned, 1 it is refused or cannot be planned, 2 wrong usage.
`;

const OPTIONS = {
  ...ASKING,
  supergraph: { type: "string" },
  operation: { type: "string" },
  variables: { type: "string" },
  json: { type: "boolean", default: false },
  mermaid: { type: "boolean", default: false },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

/** `argv`: what follows `plan`. */
export async function plan(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  return telling("plan", async () => {
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new Misuse("name one file with a question.");
    if (values.json && values.mermaid) throw new Misuse("--json or --mermaid, not both.");
    const told = await planned(askedIn(file, values), values);
    if (values.json) process.stdout.write(shown(`${JSON.stringify(told, null, 2)}\n`));
    else process.stdout.write(plain(values.mermaid ? told.mermaid : tree(told)));
    return 0;
  });
}

function askedIn(file: string, { operation, variables }: Values): Asked {
  const given = variables === undefined ? null : objectIn(textOf(variables));
  if (given === undefined) throw new Misuse(`${variables} holds no JSON object.`);
  return { document: textOf(file), operationName: operation ?? null, variables: given };
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const OWN = join(import.meta.dirname, "../../../schema/supergraph.graphql");

async function planned(asked: Asked, values: Values): Promise<Told> {
  const { supergraph, agreement } = values;
  const isNamed = [values.hub, values.client, values["token-file"], agreement].some((flag) => flag !== undefined);
  if (supergraph !== undefined && isNamed) throw new Misuse("--supergraph is of a file, the other flags are of a hub.");
  if (supergraph === undefined && (isNamed || isElsewhere(values))) return planThere(await hubOf(values), asked);
  return planHere(asked, supergraph === undefined ? readFileSync(OWN, "utf8") : textOf(supergraph));
}

const TIMEOUT_MS = 30_000;

async function planThere(hub: Hub, { document: query, operationName, variables }: Asked): Promise<Told> {
  const body = new Blob([JSON.stringify({ query, operationName, variables: variables ?? {} })]).stream();
  const headers = { "content-type": "application/json" };
  const response = await hub.open("/plan", { method: "POST", headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const told = (await response.json().catch(() => null)) as
    | (Told & { readonly errors?: readonly { readonly message: string }[] })
    | null;
  if (told?.fetches !== undefined) return told;
  const faults = told?.errors?.map(({ message }) => message).join("\n");
  throw new Refused(faults || `what answers at ${hub.url} tells no plans (status ${response.status})`);
}
