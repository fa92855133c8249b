import {
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from "graphql";
import { scrub } from "../../../errors.ts";
import type { Catalogue } from "../../../sdl/catalogue.ts";
import { secretSentence, writtenSecrets } from "../../../sdl/writtenSecrets.ts";
import { namesIn } from "./namesIn.ts";
import { coerced, type Values } from "./values.ts";

/** A document to be judged, as a client would send it. */
export interface Asking {
  /** What clients see of the supergraph. */
  readonly schema: GraphQLSchema;
  readonly catalogue: Catalogue;
  readonly operationName?: string | null;
  /** Null: not said; what hangs on a variable is then judged by its name alone. */
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

export interface DocumentRead {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly values: Values;
  /** Coordinates named anywhere, also where @skip leaves them out. */
  readonly names: ReadonlySet<string>;
}

export type Faults = { readonly faults: readonly string[] };

const MAX_FAULTS = 5;
const MAX_TOKENS = 2000;

/** Reads a document and its variables, or says in sentences without values why it cannot be asked. */
export function readDocument(text: string, asking: Asking): DocumentRead | Faults {
  try {
    return readValid(text, asking);
  } catch (error) {
    if (error instanceof GraphQLError) return { faults: [sentenceOf(error)] };
    throw error;
  }
}

function readValid(text: string, asking: Asking): DocumentRead | Faults {
  const { schema, operationName = null, variables = null } = asking;
  const document = parse(text, { maxTokens: MAX_TOKENS });
  const errors = validate(schema, document, undefined, { maxErrors: MAX_FAULTS, hideSuggestions: true });
  if (errors.length > 0) return { faults: errors.slice(0, MAX_FAULTS).map(sentenceOf) };
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const named = operationName ? operations.filter(({ name }) => name?.value === operationName) : operations;
  const [operation] = named;
  if (!operation || named.length > 1) return { faults: [UNCLEAR] };
  if (operation.operation === "subscription") return { faults: ["Subscriptions are not served."] };
  const secrets = writtenSecrets(document, schema, asking.catalogue);
  if (secrets.length > 0) return { faults: secrets.map(secretSentence) };
  const values = coerced(operation, schema, variables);
  if ("faults" in values) return values;
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  return {
    schema,
    operation,
    values,
    names: namesIn(document, schema),
    fragments: new Map(fragments.map((node) => [node.name.value, node])),
  };
}

const UNCLEAR = "The document has no operation of that name, or several and it is not said which.";
const VALUES = new Set<string>([Kind.INT, Kind.FLOAT, Kind.STRING, Kind.LIST, Kind.OBJECT]);

/** graphql-js quotes the values it complains about, which may be somebody's. */
function sentenceOf({ message, nodes }: GraphQLError): string {
  const isAboutValue = VALUES.has(nodes?.[0]?.kind ?? "") && !message.startsWith('Field "');
  const plain = message.replace(/\b(String|BlockString|Int|Float) ".*"/s, "$1");
  return scrub(isAboutValue ? "A value does not fit its type." : `${plain.replace(/\.?$/, "")}.`);
}
