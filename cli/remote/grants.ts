import { parseArgs } from "node:util";
import { textOf } from "./credentials.ts";
import { Misuse, Refused } from "./faults.ts";
import { ASKING, ASKING_HELP, type Hub, hubOf, telling } from "./hub.ts";
import { plain, shown } from "./plain.ts";
import { questionFor } from "./questionFor.ts";
import { schemaOf } from "./schemaOf.ts";

export const help = `
Usage: npx hub grants list --client CLIENT [--agreement N]
       npx hub grants explain COORDINATE | RECEIPT | FILE.graphql --client CLIENT [--agreement N]

What an agreement opens, and why a field is as it is, as the hub judges it for who asks.

list      the agreement that speaks now: purpose, how long, quota, and every grant with its clause
explain   of a coordinate (Person.nik, Query.person(id:)), of a request on record by its receipt, or of all that a document asks: open or not,
          by which grant, what stands open in its place, until when, and whom to ask for more

${ASKING_HELP}
  --json              print what the hub answered
Exit codes: 0 listed, or all of it is open, 1 something is denied or refused, 2 wrong usage.
`;

const OPTIONS = { ...ASKING, json: { type: "boolean", default: false } } as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

const GRANTS = `query GrantsOf { me { client agency { code name } agreement { number title version state validFrom validTo regions purpose { code name }
  verification { persons } grants { selector use effect clause } } } }`;
const UNDER = "query AgreementOf { me { agreement { number } } }";
const ACCESS = `query ExplainAccess($document: String!, $agreement: ID!) { explainAccess(document: $document, agreement: $agreement) { agreement version faults refusals
  coordinates { coordinate isOpen effect decision { english } path closedBy instead clause validTo owners { code dpoContact } } } }`;
const REQUEST = `query ExplainRequest($receipt: ID!) { explainRequest(receipt: $receipt) { agreement version faults refusals
  coordinates { coordinate isOpen effect decision { english } path closedBy instead clause validTo owners { code dpoContact } } } }`;

/** `argv`: what follows `grants`. */
export async function grants(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  const [action, what, ...more] = positionals;
  return telling("grants", async () => {
    if (more.length > 0) throw new Misuse("one thing is explained at a time.");
    if (action === "list" && what === undefined) return list(values, await hubOf(values));
    if (action !== "explain" || what === undefined)
      throw new Misuse("say list, or explain with a coordinate, a receipt or a .graphql file.");
    return explain(values, what);
  });
}

interface Agreement {
  readonly number: string;
  readonly title: string | null;
  readonly version: number | null;
  readonly state: string | null;
  readonly validTo: string | null;
  readonly purpose: { readonly code: string; readonly name: string | null } | null;
  readonly verification: { readonly persons: number | null } | null;
  readonly grants: readonly Readonly<Record<"selector" | "use" | "effect" | "clause", string | null>>[] | null;
}

async function list({ json }: Values, hub: Hub): Promise<number> {
  const { me } = await hub.ask<{ me: { agreement: Agreement | null } | null }>(GRANTS);
  const agreement = me?.agreement;
  if (!agreement) throw new Refused("the hub names no agreement for this client: name one with --agreement N");
  if (json) process.stdout.write(shown(`${JSON.stringify(me)}\n`));
  else process.stdout.write(plain(listed(agreement)));
  return 0;
}

function listed({ number, title, version, state, purpose, validTo, verification, grants: rows }: Agreement): string {
  const quota = verification?.persons == null ? "no quota" : `${verification.persons} persons a day`;
  const cells = (rows ?? []).map(({ selector, use, effect, clause }) =>
    [selector, use, effect, clause].map((cell) => cell ?? ""),
  );
  const widths = [0, 1, 2].map((column) => Math.max(0, ...cells.map((row) => row[column]?.length ?? 0)));
  return [
    `${number}  ${title ?? ""}`,
    `version ${version ?? "?"}, ${state ?? "?"}, until ${validTo ?? "?"}; purpose ${purpose?.code ?? "?"}; ${quota}`,
    "",
    ...cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")),
    "",
  ]
    .map((line) => line.trimEnd())
    .join("\n");
}

interface Coordinate {
  readonly coordinate: string;
  readonly isOpen: boolean | null;
  readonly effect: string | null;
  readonly decision: { readonly english: string | null } | null;
  readonly path: readonly string[] | null;
  readonly closedBy: readonly string[] | null;
  readonly instead: readonly string[] | null;
  readonly clause: string | null;
  readonly validTo: string | null;
  readonly owners: readonly { readonly code: string; readonly dpoContact: string | null }[] | null;
}

interface Explained {
  readonly agreement: string;
  readonly version: number;
  readonly faults: readonly string[] | null;
  readonly refusals: readonly string[] | null;
  readonly coordinates: readonly Coordinate[] | null;
}

const RECEIPT = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const COORDINATE = /^[_A-Za-z]\w*\.\w+(?:\(\w+:\))?$/;

async function explain(values: Values, what: string): Promise<number> {
  const isReceipt = RECEIPT.test(what);
  const isCoordinate = !isReceipt && COORDINATE.test(what) && !/\.(?:graphql|gql)$/.test(what);
  const written = isCoordinate || isReceipt ? "" : textOf(what);
  const hub = await hubOf(values);
  const document = isCoordinate ? questionFor(what, await schemaOf(hub)) : written;
  const explained = isReceipt ? await ofRequest(hub, what) : await ofDocument(hub, document, values.agreement);
  if (!explained)
    throw new Refused(isReceipt ? `no receipt ${what} of this agency` : "there is no such agreement of this agency");
  const { coordinates, ...rest } = explained;
  const told = { ...rest, coordinates: (coordinates ?? []).filter((row) => !isCoordinate || row.coordinate === what) };
  process.stdout.write(values.json ? shown(`${JSON.stringify(told)}\n`) : plain(sentences(told)));
  return isOpen(told) ? 0 : 1;
}

function isOpen({ faults, refusals, coordinates }: Explained): boolean {
  const rows = coordinates ?? [];
  return !faults?.length && !refusals?.length && rows.length > 0 && rows.every((row) => row.isOpen === true);
}

async function ofRequest(hub: Hub, receipt: string): Promise<Explained | null> {
  return (await hub.ask<{ explainRequest: Explained | null }>(REQUEST, { receipt })).explainRequest;
}

async function ofDocument(hub: Hub, document: string, named: string | undefined): Promise<Explained | null> {
  const agreement =
    named ?? (await hub.ask<{ me: { agreement: { number: string } | null } | null }>(UNDER)).me?.agreement?.number;
  if (agreement === undefined) throw new Misuse("name the agreement: --agreement N.");
  return (await hub.ask<{ explainAccess: Explained | null }>(ACCESS, { document, agreement })).explainAccess;
}

function sentences({ agreement, version, faults, refusals, coordinates }: Explained): string {
  const lines = [
    `${agreement} version ${version}`,
    ...(faults ?? []).map((fault) => `✗ cannot be asked: ${fault}`),
    ...(refusals ?? []).map((refusal) => `✗ refused: ${refusal}`),
    ...(coordinates ?? []).flatMap(linesOf),
  ];
  return `${lines.join("\n")}\n`;
}

function linesOf(row: Coordinate): string[] {
  const { coordinate, isOpen, decision, effect, path, closedBy, instead, owners } = row;
  const more: readonly (readonly [label: string, values: readonly string[]])[] = [
    ["by", path ?? []],
    ["closed by", closedBy ?? []],
    ["open in its place", instead ?? []],
    ["clause", row.clause === null ? [] : [row.clause]],
    ["until", row.validTo === null ? [] : [row.validTo]],
    ["ask", (owners ?? []).map(({ code, dpoContact }) => (dpoContact === null ? code : `${code} (${dpoContact})`))],
  ];
  return [
    `${isOpen ? "✓" : "✗"} ${coordinate}: ${decision?.english ?? effect ?? "not judged"}`,
    ...more.filter(([, values]) => values.length > 0).map(([label, values]) => `    ${label}: ${values.join(" → ")}`),
  ];
}
