import { type DocumentNode, type FragmentDefinitionNode, Kind, type OperationDefinitionNode, parse, validate } from "graphql";
import { sha256Hex } from "../../../schema/policy/content.ts";
import type { DataClass } from "../../../schema/policy/words.ts";
import type { Supergraph } from "../../types/supergraph.ts";
import { type Connection, connectionIn } from "./connection.ts";
import { classesIn, fieldsIn, keyOf, sizeOf } from "./fields.ts";
import { type Parameter, parametersIn } from "./parameters.ts";

/** A document that has an address: `/rest/<name>`. */
export interface RestDocument {
  /** Name of its operation in kebab case. */
  readonly name: string;
  readonly operationName: string;
  /** SHA-256 of its text, hex. */
  readonly id: string;
  readonly text: string;
  /** Shipped with the hub, not registered by an agreement. */
  readonly isCurated: boolean;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** How many selections its answer is described by. */
  readonly size: number;
  readonly parameters: readonly Parameter[];
  /** The list it pages through; null: none, or several. */
  readonly connection: Connection | null;
  /** Of all it asks for; sorted. */
  readonly classes: readonly DataClass[];
  /** May be asked by GET: nothing that its variables hold has to stay out of an address. */
  readonly byGet: boolean;
}

export const isPublic = ({ classes }: Pick<RestDocument, "classes">): boolean => classes.every((one) => one === "PUBLIC");

const MOST_TOKENS = 2_000;

/** A text as a document with an address; null: it has no name, does not fit this supergraph, or selects too much. */
export function restDocument(text: string, supergraph: Supergraph, isCurated = false): RestDocument | null {
  const document = documentIn(text, supergraph);
  const operations = document?.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION) ?? [];
  const [operation] = operations;
  const operationName = operation?.name?.value;
  if (!document || !operation || operations.length > 1 || operationName === undefined) return null;
  const fragments = new Map(
    document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION).map((node) => [node.name.value, node] as const),
  );
  const size = sizeOf(operation.selectionSet.selections, fragments);
  if (size === null) return null;
  // beside its data stands `errors`: no answer may be read as the other
  const isAmbiguous = fieldsIn(operation.selectionSet.selections, fragments).some((node) => keyOf(node) === "errors");
  if (operation.operation === "subscription" || isAmbiguous) return null;
  const parameters = parametersIn(document, operation, supergraph);
  return {
    ...{
      name: kebab(operationName),
      operationName,
      id: sha256Hex(text),
      text,
      isCurated,
      operation,
      fragments,
      size,
      parameters,
    },
    connection: connectionIn(operation, fragments),
    classes: classesIn(document, supergraph),
    byGet: operation.operation === "query" && parameters.every(({ byGet }) => byGet),
  };
}

function documentIn(text: string, { api }: Supergraph): DocumentNode | null {
  try {
    const document = parse(text, { maxTokens: MOST_TOKENS, noLocation: true });
    return validate(api, document, undefined, { maxErrors: 1 }).length === 0 ? document : null;
  } catch {
    return null;
  }
}

/** `VerifyNIKOfPerson` → `verify-nik-of-person`. */
export const kebab = (name: string): string =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1-$2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .replaceAll(/_+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .toLowerCase();
