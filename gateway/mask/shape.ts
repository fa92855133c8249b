import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from "graphql";
import type { Permitted } from "../types/chain.ts";
import type { Reading, Rewrite } from "../types/document.ts";

/** How a value must be completed: null allowed or not; the same for the items of a list. */
export interface Wrapping {
  readonly isRequired: boolean;
  readonly items: Wrapping | null;
}

/** One response key of one object type. */
export interface Slot {
  readonly key: string;
  /** The key in the fetched tree. */
  readonly dataKey: string;
  readonly coordinate: string;
  readonly wrapping: Wrapping;
  readonly source: "tree" | "introspection" | "denied" | { readonly typename: string };
  readonly transform: string | null;
  /** Names an enum value may have; null: no enum. */
  readonly names: ReadonlySet<string> | null;
  /** What stands below; null for a leaf. */
  readonly below: Selection | null;
  /** The record counts what of it is shown. */
  readonly isVerdict: boolean;
  /** A single leaf. */
  readonly isPlain: boolean;
  /** Position of the coordinate among those this rewrite can show. */
  readonly index: number;
}

export interface Shape {
  readonly slots: readonly Slot[];
  /** Rows of this type are subjects. */
  readonly isSubject: boolean;
  /** One of the keys is `__proto__`. */
  readonly isBare: boolean;
}

/** The shapes of one place of the answer, by concrete type; made when first met. */
export interface Selection {
  readonly typeName: string;
  of(typeName: string): Shape | null;
}

/** Everything a rewrite can show, and the coordinates its slots stand for. Shared by callers; holds kinds of transforms, never a caller's own. */
export interface Projection {
  readonly root: Selection;
  readonly coordinates: readonly string[];
}

const projections = new WeakMap<Rewrite, Projection>();

export function projectionOf({ reading, rewrite }: Permitted): Projection {
  const known = projections.get(rewrite);
  if (known) return known;
  const made = createProjection(reading, rewrite);
  projections.set(rewrite, made);
  return made;
}

function createProjection(reading: Reading, rewrite: Rewrite): Projection {
  const builder = new Builder(reading, rewrite);
  const { operation, view } = reading;
  const name = view.getRootType(operation.operation)?.name ?? "";
  const root = builder.selection(name, { sets: [operation.selectionSet], isStatistics: false });
  return { root, coordinates: builder.coordinates };
}

interface Place {
  readonly sets: readonly SelectionSetNode[];
  readonly isStatistics: boolean;
}

type Fields = Readonly<Record<string, GraphQLField<unknown, unknown>>>;
const UNNAMED = { value: "" };

/** All occurrences of one response key on one type. */
interface Gathered {
  readonly nodes: FieldNode[];
  readonly below: SelectionSetNode[];
}

interface Gathering {
  readonly type: GraphQLNamedType;
  readonly gathered: Map<string, Gathered>;
}

function gatherField(node: FieldNode, gathered: Map<string, Gathered>): void {
  const key = (node.alias ?? node.name).value;
  const found = gathered.get(key) ?? { nodes: [], below: [] };
  gathered.set(key, found);
  found.nodes.push(node);
  if (node.selectionSet) found.below.push(node.selectionSet);
}

class Builder {
  readonly coordinates: string[] = [];
  private readonly indexes = new Map<string, number>();
  private readonly reading: Reading;
  private readonly rewrite: Rewrite;

  constructor(reading: Reading, rewrite: Rewrite) {
    this.reading = reading;
    this.rewrite = rewrite;
  }

  selection(typeName: string, place: Place): Selection {
    const shapes = new Map<string, Shape | null>();
    const of = (name: string): Shape | null => {
      const known = shapes.get(name);
      if (known !== undefined) return known;
      const made = this.shape(name, place);
      shapes.set(name, made);
      return made;
    };
    return { typeName, of };
  }

  /** Null for a type outside the caller's view: such an object is not told of. */
  private shape(typeName: string, place: Place): Shape | null {
    const { view } = this.reading;
    const type = view.getType(typeName);
    if (!isObjectType(type) && !isInterfaceType(type)) return null;
    const gathered = new Map<string, Gathered>();
    for (const set of place.sets) this.gather(set, { type, gathered });
    const isStatistics = place.isStatistics || this.rewrite.statisticsTypes.has(typeName);
    const slots = [...gathered].map(([key, found]) =>
      this.slot(key, found, { typeName, fields: type.getFields(), isStatistics }),
    );
    return {
      slots,
      isSubject: !isStatistics && this.rewrite.subjectTypes.has(typeName),
      isBare: gathered.has("__proto__"),
    };
  }

  private gather(set: SelectionSetNode, into: Gathering): void {
    for (const node of set.selections) {
      if (this.rewrite.excluded.has(node)) continue;
      if (node.kind === Kind.FIELD) {
        gatherField(node, into.gathered);
        continue;
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.reading.fragments.get(node.name.value);
      if (fragment && satisfies(this.reading.view, into.type, fragment)) this.gather(fragment.selectionSet, into);
    }
  }

  private slot(
    key: string,
    { nodes, below }: Gathered,
    { typeName, fields, isStatistics }: { typeName: string; fields: Fields; isStatistics: boolean },
  ): Slot {
    const [{ name: { value: name } = UNNAMED, alias } = {}] = nodes;
    const field = fields[name];
    const coordinate = `${typeName}.${name}`;
    const type = field && getNamedType(field.type);
    const wrapping = field ? wrappingOf(field.type) : { isRequired: false, items: null };
    const isLeaf = !type || isLeafType(type);
    const isAliased = alias !== undefined && alias.value !== name;
    return {
      key,
      dataKey: isAliased ? (this.rewrite.aliases.get(key) ?? "") : name,
      coordinate,
      wrapping,
      source: this.sourceOf(nodes, typeName, name in fields),
      transform: nodes.map((one) => this.rewrite.masked.get(one)?.get(typeName)).find((kind) => kind !== undefined) ?? null,
      names: isEnumType(type) ? new Set(type.getValues().map((value) => value.name)) : null,
      below: !isLeaf ? this.selection(type.name, { sets: below, isStatistics }) : null,
      isVerdict: this.rewrite.verdicts.has(coordinate),
      isPlain: isLeaf && wrapping.items === null,
      index: this.indexOf(coordinate),
    };
  }

  private sourceOf(nodes: readonly FieldNode[], typeName: string, isField: boolean): Slot["source"] {
    const name = nodes[0]?.name.value ?? "";
    if (name === "__typename") return { typename: typeName };
    if (name.startsWith("__")) return "introspection";
    return !isField || nodes.some((node) => this.isDenied(node, typeName)) ? "denied" : "tree";
  }

  /** An object that is only known by its interface is judged by the strictest of all its types. */
  private isDenied(node: FieldNode, typeName: string): boolean {
    const { closed, masked } = this.rewrite;
    if (isAbstractType(this.reading.view.getType(typeName))) return closed.has(node) || masked.has(node);
    return closed.get(node)?.has(typeName) ?? false;
  }

  private indexOf(coordinate: string): number {
    const known = this.indexes.get(coordinate);
    if (known !== undefined) return known;
    const index = this.coordinates.push(coordinate) - 1;
    this.indexes.set(coordinate, index);
    return index;
  }
}

function satisfies(
  view: GraphQLSchema,
  type: GraphQLNamedType,
  fragment: { readonly typeCondition?: FragmentDefinitionNode["typeCondition"] },
): boolean {
  const name = fragment.typeCondition?.name.value ?? type.name;
  if (name === type.name) return true;
  const condition = view.getType(name);
  return isAbstractType(condition) && (isObjectType(type) || isInterfaceType(type)) && view.isSubType(condition, type);
}

function wrappingOf(type: GraphQLOutputType): Wrapping {
  const isRequired = isNonNullType(type);
  const inner = isRequired ? (type.ofType as GraphQLOutputType) : type;
  return { isRequired, items: isListType(inner) ? wrappingOf(inner.ofType as GraphQLOutputType) : null };
}
