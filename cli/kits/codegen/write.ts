import type { GraphQLSchema } from "graphql";
import { answerType } from "./answer.ts";
import type { Operation } from "./operations.ts";
import { Names, SCALARS, typeNamed } from "./text.ts";
import { inputShape, variablesType } from "./variables.ts";

const HEAD = `// Written by \`npx hub kit codegen\` from the schema as one agreement sees it. Ask anew instead of editing.

/** A document with the shapes of its answer and its variables. */
export interface TypedDocument<Data, Variables> {
  /** SHA-256 of \`text\`, hex: by this the hub knows it, once it is registered. */
  readonly id: string;
  readonly name: string;
  readonly kind: "query" | "mutation";
  readonly text: string;
  /** Never there: it carries the types. */
  readonly shape?: (variables: Variables) => Data;
}
`;
const GROWING = `/** A value of an enum that may have grown since: keep a branch for what you do not know. */
export type MayGrow<Value extends string> = Value | (string & {});
`;

/** The module of typed documents. */
export function documentsModule(operations: readonly Operation[], schema: GraphQLSchema): string {
  const names = new Names();
  const documents = operations.map((operation) => documentText(operation, schema, names));
  const inputs = inputTexts(names);
  const scalars = [...names.scalars].sort().map((name) => `${typeNamed(name, SCALARS[name] ?? "unknown")}\n`);
  const enums = [...names.enums].sort(byName).map(([name, type]) => {
    const values = type
      .getValues()
      .map((value) => JSON.stringify(value.name))
      .sort();
    return `${typeNamed(name, values.join(" | "), values)}\n`;
  });
  return [HEAD, scalars.join(""), ...(names.hasGrowing ? [GROWING] : []), ...enums, ...inputs, ...documents]
    .filter((part) => part !== "")
    .join("\n");
}

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number => (one < other ? -1 : 1);

/** Inputs may need further inputs: until no new one is named. */
function inputTexts(names: Names): string[] {
  const written = new Map<string, string>();
  for (let isDone = false; !isDone; ) {
    const open = [...names.inputs].filter(([name]) => !written.has(name));
    for (const [name, type] of open) written.set(name, `${interfaceNamed(name, inputShape(type, names))}\n`);
    isDone = open.length === 0;
  }
  return [...written].sort(byName).map(([, text]) => text);
}

/** An object's shape by a name; of anything else a type. */
const interfaceNamed = (name: string, shape: string): string =>
  shape.startsWith("{") && shape.indexOf("\n}") === shape.length - 2
    ? `export interface ${name} ${shape}`
    : typeNamed(name, shape);

function documentText(operation: Operation, schema: GraphQLSchema, names: Names): string {
  const { name, id, kind, text } = operation;
  const properties = { id, name, kind, text };
  const lines = Object.entries(properties).map(([key, value]) => `  ${key}: ${JSON.stringify(value)},`);
  return [
    interfaceNamed(`${name}Data`, answerType(operation, schema, names)),
    interfaceNamed(`${name}Variables`, variablesType(operation, schema, names)),
    `export const ${name}: TypedDocument<${name}Data, ${name}Variables> = {\n${lines.join("\n")}\n};\n`,
  ].join("\n");
}

/** The manifest that \`hub documents register\` takes: each text by its hash. */
export const manifestOf = (operations: readonly Operation[]): string =>
  `${JSON.stringify(Object.fromEntries(operations.map(({ id, text }) => [id, text])), null, 2)}\n`;

interface Places {
  readonly schema: string;
  readonly documents: readonly string[];
  /** Folder that is written to. */
  readonly to: string;
}

/** A configuration of GraphQL Code Generator (client preset). It lays texts out its own way, so its hashes are others: its own manifest is registered. */
export function codegenConfig({ schema, documents, to }: Places): string {
  const scalars = Object.entries(SCALARS).slice(BUILT_IN);
  const preset = {
    presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: "sha256" } },
    config: {
      enumsAsTypes: true,
      useTypeImports: true,
      immutableTypes: true,
      defaultScalarType: "unknown",
      scalars: Object.fromEntries(scalars),
    },
  };
  const config = { schema, documents, generates: { [`${to}/graphql/`]: { preset: "client", ...preset } } };
  return `// For GraphQL Code Generator: npm install --save-dev @graphql-codegen/cli @graphql-codegen/client-preset, then npx graphql-codegen.
// Register what it writes: npx hub documents register --agreement N --client CLIENT ${to}/graphql/persisted-documents.json
export default ${literal(config)};
`;
}

/** Of the scalars those that every schema has. */
const BUILT_IN = 5;

/** A value as TypeScript is written. */
function literal(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return listed(value);
  const lines = Object.entries(value).map(
    ([key, inner]) => `${indent}  ${/^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key)}: ${literal(inner, `${indent}  `)},\n`,
  );
  return `{\n${lines.join("")}${indent}}`;
}

const listed = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map((one) => JSON.stringify(one)).join(", ")}]` : JSON.stringify(value);
