/** JSON Schema, as far as an example needs it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly format?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}
type Schemas = Readonly<Record<string, Schema>>;

/** Where schemas go round in a circle an example ends. */
const DEEPEST = 8;

/** A value of that shape: what the schema gives for an example where it does, else the plainest there is. */
export function exampleOf(schema: Schema, schemas: Schemas, depth = 0): unknown {
  if (depth > DEEPEST) return null;
  const next = (inner: Schema) => exampleOf(inner, schemas, depth + 1);
  if (schema.$ref !== undefined) return next(schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {});
  const given = [schema.example, schema.examples?.[0], schema.const, schema.default, schema.enum?.[0]].find(
    (one) => one !== undefined,
  );
  if (given !== undefined) return given;
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map(next));
  const [first] = schema.oneOf ?? schema.anyOf ?? [];
  return first ? next(first) : plainest(schema, next);
}

function plainest({ type, properties = {}, items, format }: Schema, next: (inner: Schema) => unknown): unknown {
  const of = Array.isArray(type) ? type.find((one) => one !== "null") : type;
  if (of === "object" || (of === undefined && Object.keys(properties).length > 0))
    return Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, next(inner)]));
  if (of === "array") return items ? [next(items)] : [];
  const plain: Readonly<Record<string, unknown>> = { integer: 1, number: 1, boolean: true, string: textOf(format) };
  return plain[String(of)] ?? null;
}

const textOf = (format: string | undefined): string =>
  ({
    date: "2026-01-31",
    "date-time": "2026-01-31T00:00:00Z",
    uuid: "00000000-0000-4000-8000-000000000000",
    uri: "https://example.org/",
  })[String(format)] ?? "";
