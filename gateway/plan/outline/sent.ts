import {
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionNode,
} from "graphql";
import type { EntityGroup, Fetch, PathPart, Rename } from "../../types/plan.ts";

/** What a fetch asks at one kind of place: fields of a root type, or of the entities of one group. */
export interface Part {
  readonly type: string;
  readonly group: EntityGroup | null;
  readonly paths: readonly (readonly PathPart[])[];
  readonly selections: readonly SelectionNode[];
  readonly renames: readonly Rename[];
}

export interface Sent {
  readonly kind: "query" | "mutation" | "entities";
  readonly parts: readonly Part[];
}

/** A fetch, read back from the very text that is sent. */
export function sentBy({ prefix, what }: Fetch, full: GraphQLSchema): Sent {
  const { operation, selectionSet } = operationIn(prefix);
  if (what.kind === "root") {
    const kind = operation === "mutation" ? "mutation" : "query";
    const type = full.getRootType(operation)?.name ?? "";
    return {
      kind,
      parts: [{ type, group: null, paths: [what.path], selections: selectionSet.selections, renames: what.renames }],
    };
  }
  const parts = what.groups.flatMap((group): readonly Part[] => {
    const asked = selectionSet.selections.find((node) => node.kind === Kind.FIELD && keyOf(node) === group.alias) as
      | FieldNode
      | undefined;
    const [of] = asked?.selectionSet?.selections ?? [];
    if (of?.kind !== Kind.INLINE_FRAGMENT) return [];
    const { paths, renames, typename } = group;
    return [{ type: typename.name, group, paths, selections: of.selectionSet.selections, renames }];
  });
  return { kind: "entities", parts };
}

function operationIn(prefix: string): OperationDefinitionNode {
  const { query } = JSON.parse(`${prefix}}`) as { readonly query: string };
  return parse(query, { noLocation: true }).definitions[0] as OperationDefinitionNode;
}

/** The key of the answer as the gateway keeps it. */
const keyOf = ({ alias, name }: FieldNode): string => (alias ?? name).value;

/** Name of the type below a field, of composite ones. */
export function typeBelow(full: GraphQLSchema, type: string, field: string): string | null {
  const parent = full.getType(type);
  if (!isCompositeType(parent) || isUnionType(parent)) return null;
  const below = parent.getFields()[field]?.type;
  const named = below && getNamedType(below);
  return isCompositeType(named) ? named.name : null;
}

type Path = readonly PathPart[];

/** Which of these keys a fetch asks of the objects at a path, or of what is below them. */
export function keysGiven({ parts }: Sent, path: Path, keys: ReadonlySet<string>): readonly string[] {
  const found = parts.flatMap((part) =>
    part.paths.flatMap((own) => (isBelow(path, own) ? fieldsAt(part, own, path).map(({ key }) => key) : keyTowards(own, path))),
  );
  return [...new Set(found)].filter((key) => keys.has(key));
}

/** The field that a key stands for at a path; undefined: none of these asks it there. */
export function nameAt(sent: readonly Sent[], path: Path, wanted: string): string | undefined {
  for (const { parts } of sent)
    for (const part of parts)
      for (const own of part.paths.filter((one) => isBelow(path, one))) {
        const found = fieldsAt(part, own, path).find(({ key }) => key === wanted);
        if (found) return found.name;
      }
  return undefined;
}

const isSame = (one: PathPart, other: PathPart | undefined): boolean =>
  other !== undefined &&
  ("field" in one ? "field" in other && one.field === other.field : "type" in other && one.type === other.type);

const isBelow = (path: Path, start: Path): boolean => start.every((part, at) => isSame(part, path[at]));

/** The key by which a longer path goes on. */
function keyTowards(longer: Path, path: Path): readonly string[] {
  const next = isBelow(longer, path) ? longer.slice(path.length).find((part) => "field" in part) : undefined;
  return next && "field" in next ? [next.field] : [];
}

/** Fields that a part, standing at `own`, asks of the objects at a path, by the key the gateway keeps them under. */
function fieldsAt(
  { renames, selections }: Part,
  own: Path,
  path: Path,
): readonly { readonly key: string; readonly name: string }[] {
  const kept = (node: FieldNode) => renames.find((one) => one.path.at(-1) === keyOf(node))?.to ?? keyOf(node);
  const inField = (node: FieldNode, [step, ...rest]: Path): ReturnType<typeof fieldsAt> => {
    if (step === undefined) return [{ key: kept(node), name: node.name.value }];
    if ("type" in step) return inField(node, rest);
    return kept(node) === step.field ? walk(selectionsIn(node), rest) : [];
  };
  const inFragment = (node: SelectionNode, [step, ...rest]: Path): ReturnType<typeof fieldsAt> => {
    if (step === undefined) return walk(selectionsIn(node), []);
    return walk(selectionsIn(node), "type" in step && isOn(node, step.type) ? rest : [step, ...rest]);
  };
  const walk = (nodes: readonly SelectionNode[], rest: Path): ReturnType<typeof fieldsAt> =>
    nodes.flatMap((node) => (node.kind === Kind.FIELD ? inField(node, rest) : inFragment(node, rest)));
  return walk(selections, path.slice(own.length));
}

const isOn = (node: SelectionNode, type: string): boolean =>
  node.kind === Kind.INLINE_FRAGMENT && node.typeCondition?.name.value === type;

const selectionsIn = (node: SelectionNode): readonly SelectionNode[] =>
  node.kind === Kind.FRAGMENT_SPREAD ? [] : (node.selectionSet?.selections ?? []);
