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
import { CLOSED, type MaskKind, type RowRule } from "../../schema/policy/masks.ts";
import type { RowPlaces } from "../../schema/sdl/catalogue.ts";
import type { Permitted } from "../types/chain.ts";
import type { Reading, Rewrite } from "../types/document.ts";
import { priceOfKey } from "../types/price.ts";
import type { Supergraph } from "../types/supergraph.ts";
import { seeks } from "./seeking.ts";
import type { SubjectType } from "./subjects.ts";

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
  readonly source: "tree" | "denied" | { readonly typename: string } | { readonly about: readonly string[] };
  readonly transform: MaskKind | null;
  /** How some rows are treated more strictly; null: all alike. */
  readonly rules: RowRules | null;
  /** Names an enum value may have; null: no enum. */
  readonly names: ReadonlySet<string> | null;
  /** What stands below; null for a leaf. */
  readonly below: Selection | null;
  /** The record counts what of it is shown. */
  readonly isVerdict: boolean;
  /** Holds unseen what other rows say: closed with any of them. */
  readonly isSealed: boolean;
  /** Names the row and says nothing of it. */
  readonly isKey: boolean;
  /** A single leaf. */
  readonly isPlain: boolean;
  /** Position of the coordinate among those this rewrite can show. */
  readonly index: number;
}

/** Rules about rows, and the slot as it is under each kind they lead to. */
export interface RowRules {
  readonly rules: readonly RowRule[];
  under(kind: MaskKind): Slot;
}

export interface Shape {
  readonly slots: readonly Slot[];
  /** Where a row says what its slots' rules ask; null: none has any. */
  readonly rowPlaces: RowPlaces | null;
  /** Its rows are subjects; null: they are nobody's. */
  readonly subject: SubjectType | null;
  /** Where a row says the id of the person it is about; null: it says none. */
  readonly person: readonly string[] | null;
  /** Its rows stand here because of what they hold (seeking.ts). */
  readonly isSought: boolean;
  /** One of the keys is `__proto__`. */
  readonly isBare: boolean;
  /** What all its keys cost. */
  readonly price: number;
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
  /** The type that persons are of; empty: none is. */
  readonly personType: string;
}

const projections = new WeakMap<Rewrite, Projection>();

/** What of the supergraph says how rows are to be treated. */
export type Ground = Pick<Supergraph, Told>;
type Told = "personTypes" | "subjectTypes" | "statisticsTypes" | "verdicts" | "sealed" | "fetchedPlaces" | "entries";

export function projectionOf({ reading, rewrite }: Permitted, ground: Ground): Projection {
  const known = projections.get(rewrite);
  if (known) return known;
  const made = createProjection(new Builder({ reading, rewrite, ground }));
  projections.set(rewrite, made);
  return made;
}

function createProjection(builder: Builder): Projection {
  const { operation, view } = builder.reading;
  const name = view.getRootType(operation.operation)?.name ?? "";
  const root = builder.selection(name, { sets: [operation.selectionSet], isStatistics: false, isSought: false });
  const [personType = ""] = builder.ground.personTypes;
  return { root, coordinates: builder.coordinates, personType };
}

interface Place {
  readonly sets: readonly SelectionSetNode[];
  readonly isStatistics: boolean;
  readonly isSought: boolean;
}

type Fields = Readonly<Record<string, GraphQLField<unknown, unknown>>>;
const UNNAMED = { value: "" };
const KEYS: ReadonlySet<string> = new Set(["id", "__typename"]);

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
  readonly reading: Reading;
  private readonly rewrite: Rewrite;
  readonly ground: Ground;

  constructor({ reading, rewrite, ground }: Pick<Permitted, "reading" | "rewrite"> & { readonly ground: Ground }) {
    this.reading = reading;
    this.rewrite = rewrite;
    this.ground = ground;
  }

  selection(typeName: string, place: Place): Selection {
    const shapes = new Map<string, Shape | null>();
    // What may be of one type only is: a source may call a root type by a name of its own.
    const isOne = isObjectType(this.reading.view.getType(typeName));
    const of = (told: string): Shape | null => {
      const name = isOne ? typeName : told;
      const known = shapes.get(name);
      if (known !== undefined) return known;
      const made = this.shape(name, place);
      shapes.set(name, made);
      return made;
    };
    return { typeName, of };
  }

  /** Null for a type outside the caller's view, or where nobody could tell an object's type and it matters: such an object is not told of. */
  private typeOf(typeName: string, { sets }: Place) {
    const type = this.reading.view.getType(typeName);
    if (isObjectType(type)) return type;
    return isInterfaceType(type) && !this.isNarrowed(sets, type) ? type : null;
  }

  private shape(typeName: string, place: Place): Shape | null {
    const type = this.typeOf(typeName, place);
    if (!type) return null;
    const gathered = new Map<string, Gathered>();
    for (const set of place.sets) this.gather(set, { type, gathered });
    const { statisticsTypes, subjectTypes, personTypes, fetchedPlaces } = this.ground;
    const isStatistics = place.isStatistics || statisticsTypes.has(typeName);
    const isSubject = !isStatistics && subjectTypes.has(typeName);
    const isSought = place.isSought && !isSubject; // of what stands in a row that was sought nothing was
    const slots = [...gathered].map(([key, found]) =>
      this.slot(key, found, { typeName, fields: type.getFields(), isStatistics, isSought }),
    );
    const isRuled = slots.some(({ rules }) => rules !== null);
    const isPerson = personTypes.has(typeName);
    return {
      slots,
      rowPlaces: isRuled ? (fetchedPlaces.get(typeName) ?? NOWHERE) : null,
      subject: isSubject ? { name: typeName, isPerson } : null,
      person: isPerson ? ["id"] : (fetchedPlaces.get(typeName)?.person ?? null),
      isSought: place.isSought,
      isBare: gathered.has("__proto__"),
      price: slots.length * priceOfKey(typeName, statisticsTypes),
    };
  }

  /** Whether some of this is asked of objects of one type only. */
  private isNarrowed(sets: readonly SelectionSetNode[], type: GraphQLNamedType): boolean {
    const nodes = sets.flatMap(({ selections }) => selections).filter((node) => !this.rewrite.excluded.has(node));
    return nodes.some((node) => {
      if (node.kind === Kind.FIELD) return false;
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.reading.fragments.get(node.name.value);
      if (!fragment) return false;
      return !satisfies(this.reading.view, type, fragment) || this.isNarrowed([fragment.selectionSet], type);
    });
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
    { typeName, fields, ...place }: { typeName: string; fields: Fields; isStatistics: boolean; isSought: boolean },
  ): Slot {
    const [{ name: { value: name } = UNNAMED, alias } = {}] = nodes;
    const field = fields[name];
    const coordinate = `${typeName}.${name}`;
    const type = field && getNamedType(field.type);
    const wrapping = wrappingOf(field?.type);
    const isLeaf = !type || isLeafType(type);
    const isSought = place.isSought || seeks({ field, coordinate, nodes }, this.ground);
    const isAliased = alias !== undefined && alias.value !== name;
    const slot: Slot = {
      key,
      dataKey: isAliased ? (this.rewrite.aliases.get(key) ?? "") : name,
      coordinate,
      wrapping,
      source: this.sourceOf(nodes, typeName, name in fields),
      transform: ofFirst(nodes, this.rewrite.masked, typeName) ?? null,
      rules: null,
      names: isEnumType(type) ? new Set(type.getValues().map((value) => value.name)) : null,
      below: !isLeaf ? this.selection(type.name, { sets: below, isStatistics: place.isStatistics, isSought }) : null,
      isVerdict: this.ground.verdicts.has(coordinate),
      isSealed: this.ground.sealed.has(coordinate),
      isKey: KEYS.has(name),
      isPlain: isLeaf && wrapping.items === null,
      index: this.indexOf(coordinate),
    };
    const rules = ofFirst(nodes, this.rewrite.rowRules, typeName);
    return rules && slot.source === "tree" ? { ...slot, rules: rulesOf(slot, rules) } : slot;
  }

  private sourceOf(nodes: readonly FieldNode[], typeName: string, isField: boolean): Slot["source"] {
    const name = nodes[0]?.name.value ?? "";
    if (name === "__typename") return { typename: typeName };
    if (name.startsWith("__")) return { about: nodes.flatMap((node) => this.reading.introspection?.keys.get(node) ?? []) };
    return !isField || nodes.some((node) => this.isDenied(node, typeName)) ? "denied" : "tree";
  }

  /** An object that is only known by its interface is judged by the strictest of all its types. */
  private isDenied(node: FieldNode, typeName: string): boolean {
    const { closed, masked, rowRules } = this.rewrite;
    if (isAbstractType(this.reading.view.getType(typeName))) return closed.has(node) || masked.has(node) || rowRules.has(node);
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

/** What is said of the first of these occurrences of which anything is. */
function ofFirst<Said>(
  nodes: readonly FieldNode[],
  said: ReadonlyMap<FieldNode, ReadonlyMap<string, Said>>,
  typeName: string,
): Said | undefined {
  for (const node of nodes) {
    const found = said.get(node)?.get(typeName);
    if (found !== undefined) return found;
  }
  return undefined;
}

const NOWHERE: RowPlaces = { region: null, flags: null, person: null };

/** No mask makes sense of an object: what a row does not show plain it does not show. */
function rulesOf(slot: Slot, rules: readonly RowRule[]): RowRules {
  const slots = new Map<MaskKind, Slot>();
  const under = (kind: MaskKind): Slot => {
    const known = slots.get(kind);
    if (known) return known;
    const made: Slot = kind === CLOSED || slot.below ? { ...slot, source: "denied" } : { ...slot, transform: kind };
    slots.set(kind, made);
    return made;
  };
  return { rules, under };
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

function wrappingOf(type: GraphQLOutputType | undefined): Wrapping {
  if (!type) return { isRequired: false, items: null };
  const isRequired = isNonNullType(type);
  const inner = isRequired ? (type.ofType as GraphQLOutputType) : type;
  return { isRequired, items: isListType(inner) ? wrappingOf(inner.ofType as GraphQLOutputType) : null };
}
