import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { settingsTable } from "../../../cli/operations/settings.ts";
import { createAuthority } from "../../../cli/run/certs/authority.ts";

export type Json = Record<string, any>;

const HELM = "deploy/helm/hub";
export const read = (path: string): string => readFileSync(path, "utf8");
export const yamlOf = (path: string): Json => parseAllDocuments(read(path), { merge: true })[0]?.toJS() ?? {};
export const values = (): Json => yamlOf(`${HELM}/values.yaml`);
export const components = (): string[] => yamlOf(`${HELM}/Chart.yaml`)["dependencies"].map(({ alias }: Json) => alias);

const at = (path: string, from: Json): unknown => path.split(".").reduce((value: any, key) => value?.[key], from);

/** What these charts ask of Helm's templates, and nothing else: anything more throws. */
function fill(template: string, context: Json): string {
  const lookUp = (path: string) => at(path.replace(/^\./, ""), context);
  const chosen = template.replace(/\{\{- if (\S+) \}\}\n([\s\S]*?)\{\{- end \}\}/g, (_, path: string, text: string) => {
    const value = lookUp(path);
    return Array.isArray(value) ? (value.length > 0 ? text : "") : value ? text : "";
  });
  return chosen.replace(/\{\{ (.*?) \}\}/g, (_, expression: string) => {
    const [first = "", ...rest] = expression.split(" ");
    const [a = "", b = ""] = rest;
    if (first === "toJson") return JSON.stringify(lookUp(a) ?? null);
    if (first === "not") return String(!lookUp(a));
    if (first === "default") return String(lookUp(b) || lookUp(a));
    const value = lookUp(first);
    if (!first.startsWith(".") || rest.length > 0 || value === undefined) throw new Error(`no template says {{ ${expression} }}`);
    return String(value);
  });
}

const docsOf = (text: string): Json[] =>
  parseAllDocuments(text)
    .map((doc) => {
      if (doc.errors.length > 0) throw doc.errors[0];
      return doc.toJS() as Json | null;
    })
    .filter((doc) => doc !== null);

/** Every manifest of the chart as it would be applied, with these values. */
export function rendered(given: Json = values()): Json[] {
  const Release = { Name: "hub", Namespace: "dtks" };
  const defaults = yamlOf(`${HELM}/charts/server/values.yaml`);
  const own = ["network", "release"].flatMap((name) =>
    docsOf(fill(read(`${HELM}/templates/${name}.yaml`), { Values: given, Release, Chart: { Name: "hub" } })),
  );
  const servers = components().flatMap((name) =>
    ["server", "service", "autoscaler"].flatMap((file) => {
      const Values = { ...defaults, ...given[name], global: given["global"] };
      return docsOf(fill(read(`${HELM}/charts/server/templates/${file}.yaml`), { Values, Release, Chart: { Name: name } }));
    }),
  );
  return [...own, ...servers];
}

/** Of JSON Schema what values.schema.json uses: every fault, with its place. */
export function faultsBySchema(value: unknown, root: Json): string[] {
  const check = (value: unknown, schema: Json, place: string): string[] => {
    const reference = schema["$ref"] as string | undefined;
    const rule: Json = { ...(reference && (at(reference.slice(2).replaceAll("/", "."), root) as Json)), ...schema };
    const type = typeOf(value);
    if (rule["type"] !== undefined && ![rule["type"]].flat().includes(type)) return [`${place} is ${type}`];
    if (Array.isArray(value)) return value.flatMap((item, n) => check(item, rule["items"] ?? {}, `${place}[${n}]`));
    if (type !== "object") return plainFaults(value, rule, place);
    const known: Json = rule["properties"] ?? {};
    return [
      ...keyFaults(value as Json, rule, place),
      ...Object.entries(value as Json).flatMap(([key, item]) => (known[key] ? check(item, known[key], `${place}.${key}`) : [])),
    ];
  };
  return check(value, root, "values");
}

const typeOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;

const plainFaults = (value: unknown, rule: Json, place: string): string[] => [
  ...(typeof value === "string" && !new RegExp(rule["pattern"] ?? "").test(value)
    ? [`${place} must match ${rule["pattern"]}`]
    : []),
  ...(typeof value === "string" && value.length < (rule["minLength"] ?? 0) ? [`${place} is empty`] : []),
  ...(typeof value === "number" && value < (rule["minimum"] ?? value) ? [`${place} is below ${rule["minimum"]}`] : []),
];

const keyFaults = (value: Json, rule: Json, place: string): string[] => [
  ...((rule["required"] ?? []) as string[]).filter((key) => !(key in value)).map((key) => `${place}.${key} is missing`),
  ...Object.keys(value)
    .filter((key) => rule["additionalProperties"] === false && !(key in rule["properties"]))
    .map((key) => `${place}.${key} is unknown`),
];

/** Settings every program knows, by the runbook's table: `<SLICE>` stands for any. */
export function unknownSettings(names: readonly string[]): string[] {
  const known = [...settingsTable().matchAll(/^\| `(\w+(?:<SLICE>)?)`/gm)].map(([, name = ""]) => name);
  const pattern = new RegExp(`^(?:${known.map((name) => name.replace("<SLICE>", "[A-Z]+")).join("|")})(?:_FILE)?$`);
  return names.filter((name) => name.startsWith("HUB_") && !pattern.test(name));
}

/** Settings as a process reads them: files of secrets are written where its variables point to, under `folder`. */
export function withSecrets(env: Readonly<Record<string, string>>, folder: string): Record<string, string> {
  const contentOf = (name: string) =>
    /DATABASE_(?:OWNER_)?URL/.test(name)
      ? "postgres://role:secret@db.example/slice"
      : name === "HUB_RECORD_KEYS_FILE"
        ? `${new Date().getFullYear()}:${"s".repeat(40)}`
        : `a secret for ${name} that nobody else has`;
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      if (!name.endsWith("_FILE") || name.startsWith("HUB_TLS_")) return [name, value];
      const path = join(folder, `${name}-${basename(value)}`);
      writeFileSync(path, contentOf(name));
      return [name, path];
    }),
  );
}

/** Files of a certificate, as /run/tls or secrets of compose hold them. */
export function tlsFiles(folder: string, name: string): Record<string, string> {
  const [from, until] = [new Date(Date.now() - DAY), new Date(Date.now() + DAY)];
  const authority = createAuthority({ name: "deploy test", from, until });
  const { cert, key } = authority.issue({ names: [name], from, until });
  return Object.fromEntries(
    Object.entries({ CA: authority.cert, CERT: cert, KEY: key }).map(([part, text]) => {
      const path = join(folder, `${name}-${part}.pem`);
      writeFileSync(path, text);
      return [`HUB_TLS_${part}_FILE`, path];
    }),
  );
}
const DAY = 24 * 60 * 60 * 1000;

export interface Copy {
  readonly from: boolean;
  readonly sources: readonly string[];
  readonly to: string;
}

/** What a stage of a Dockerfile copies; `*` stands for any name. */
export const copiesOf = (stage: string): Copy[] =>
  [...stage.matchAll(/^COPY (--from=\S+ )?(.+) (\S+)$/gm)].map(([, from, sources = "", to = ""]) => ({
    from: from !== undefined,
    to,
    sources: sources.split(" ").flatMap((source) => (source.includes("*") ? namesLike(source) : [source])),
  }));

const namesLike = (source: string): string[] =>
  readdirSync(dirname(source))
    .filter((name) => name.endsWith(source.replace(/^.*\*/, "")))
    .map((name) => join(dirname(source), name));

/** Copies as Docker would: a folder's content into a folder, files into one that ends in a slash. */
export function copyInto(root: string, copies: readonly Copy[]): void {
  for (const { sources, to } of copies.filter(({ from }) => !from))
    for (const source of sources) {
      const target = join(root, to.endsWith("/") ? join(to, basename(source)) : to);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(source, target, { recursive: true });
    }
}
