import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  Kind,
  type SelectionSetNode,
} from "graphql";
import type { Operation } from "./operations.ts";
import { type Names, objectOf, unionOf } from "./text.ts";

/** Fields that answer under one key, and whether any of them always does. */
interface Asked {
  readonly nodes: FieldNode[];
  isCertain: boolean;
}

interface Asking {
  readonly schema: GraphQLSchema;
  readonly fragments: Operation["fragments"];
  readonly names: Names;
}

/** The type of an operation's data, as TypeScript: exactly what execution would answer, field by field. */
export function answerType(operation: Operation, schema: GraphQLSchema, names: Names): string {
  const root = schema.getRootType(operation.node.operation);
  if (!root) throw new Error(`there is no ${operation.kind} here`);
  return shapeOf([operation.node.selectionSet], root, { schema, fragments: operation.fragments, names });
}

/** One shape for each possible type; those that look the same are one. */
function shapeOf(sets: readonly SelectionSetNode[], type: GraphQLCompositeType, asking: Asking): string {
  const possible = isAbstractType(type) ? asking.schema.getPossibleTypes(type) : [type];
  return unionOf(possible.map((one) => objectShape(sets, one, asking)));
}

function objectShape(sets: readonly SelectionSetNode[], type: GraphQLObjectType, asking: Asking): string {
  const asked = new Map<string, Asked>();
  for (const set of sets) collect(set, { into: asked, type, isCertain: true, asking });
  return objectOf(
    [...asked].map(([key, { nodes, isCertain }]) => ({
      key,
      isOptional: !isCertain,
      type: fieldType(nodes, type, asking),
    })),
  );
}

interface Collecting {
  readonly into: Map<string, Asked>;
  readonly type: GraphQLObjectType;
  /** False: under @include or @skip. */
  readonly isCertain: boolean;
  readonly asking: Asking;
}

function collect(set: SelectionSetNode, collecting: Collecting): void {
  const { into, type, asking } = collecting;
  for (const node of set.selections) {
    const isCertain = collecting.isCertain && !(node.directives ?? []).some(({ name }) => CONDITIONS.has(name.value));
    if (node.kind === Kind.FIELD) {
      const key = node.alias?.value ?? node.name.value;
      const known = into.get(key) ?? { nodes: [], isCertain: false };
      known.nodes.push(node);
      known.isCertain ||= isCertain;
      into.set(key, known);
      continue;
    }
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? asking.fragments.get(node.name.value) : node;
    const condition = fragment?.typeCondition?.name.value;
    if (fragment && applies(condition, type, asking)) collect(fragment.selectionSet, { ...collecting, isCertain });
  }
}

const CONDITIONS: ReadonlySet<string> = new Set(["include", "skip"]);

function applies(condition: string | undefined, type: GraphQLObjectType, { schema }: Asking): boolean {
  const named = condition === undefined ? type : schema.getType(condition);
  return named === type || (isAbstractType(named) && schema.isSubType(named, type));
}

function fieldType(nodes: readonly FieldNode[], parent: GraphQLObjectType, asking: Asking): string {
  const [first] = nodes;
  const name = first?.name.value ?? "";
  if (name === "__typename") return JSON.stringify(parent.name);
  const field = parent.getFields()[name];
  if (!field) throw new Error(`${parent.name}.${name} is not in this schema`);
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  return wrapped(field.type, () => {
    const inner = getNamedType(field.type);
    return isCompositeType(inner) ? shapeOf(sets, inner, asking) : asking.names.output(inner);
  });
}

/** Lists and nulls around what a field gives. */
function wrapped(type: GraphQLOutputType, inner: () => string): string {
  if (!isNonNullType(type)) return unionOf([certain(type, inner), "null"]);
  return certain(type.ofType as GraphQLOutputType, inner);
}

const certain = (type: GraphQLOutputType, inner: () => string): string =>
  isListType(type) ? `ReadonlyArray<${wrapped(type.ofType as GraphQLOutputType, inner)}>` : inner();
