import {
  type FieldNode,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
} from "graphql";
import type { FieldSet } from "../federation/fieldSet.ts";
import type { KnownField, KnownType, Subgraph } from "../federation/subgraphs.ts";
import type { Place } from "./place.ts";

/**
 * One way to ask one subgraph at one place: in the same fetch as the place above, or by an entity fetch of its own. `round` counts the fetches one
 * after the other that it takes, this one included.
 */
export interface Reach {
  readonly place: Place;
  readonly subgraph: Subgraph;
  /** The type as the subgraph knows it there. */
  readonly as: KnownType;
  readonly round: number;
  readonly from: { readonly kind: "root" } | { readonly kind: "field" | "type"; readonly reach: Reach } | Jump;
  /** What @provides opens here beside what the subgraph resolves anyway. */
  readonly provided: readonly SelectionNode[];
  /** Reaches in the same fetch, by place. */
  readonly next: Map<Place, Reach>;
}

/** An entity fetch. */
export interface Jump {
  readonly kind: "entity";
  /** Null: a root type is found without a key. */
  readonly key: FieldSet | null;
  /** Inputs of the one @requires that it serves. */
  readonly requires: FieldSet | null;
}

export const isEntry = (reach: Reach): boolean => reach.from.kind === "root" || reach.from.kind === "entity";

export function newReach(reach: Omit<Reach, "next">): Reach {
  return { ...reach, next: new Map() };
}

const TYPENAME: KnownField = { type: "String!", named: "String", isResolvable: true, requires: null, provides: null };

/** What reaches answer of themselves, and where the same fetch goes on. */
export class Answering {
  private readonly full: GraphQLSchema;

  constructor(full: GraphQLSchema) {
    this.full = full;
  }

  /** The field as the reach answers it at once; null: it does not. */
  answered(reach: Reach, name: string): KnownField | null {
    const { as, subgraph } = reach;
    if (name === "__typename") return as.isInterfaceObject ? null : TYPENAME;
    const field = as.fields.get(name);
    if (!field) return null;
    if (reach.provided.length > 0 && this.selectedIn(reach.provided, name, as.name).length > 0) return field;
    if (!isServed(reach, field)) return null;
    const isWhole = as.objects.every((object) => object === as.name || isPlain(subgraph.types.get(object)?.fields.get(name)));
    return isWhole ? field : null;
  }

  /** The reach of the same fetch at a place below a field. */
  below(reach: Reach, node: FieldNode, place: Place): Reach | null {
    const known = reach.next.get(place);
    if (known) return known;
    const name = node.name.value;
    const field = this.answered(reach, name);
    const as = field && reach.subgraph.types.get(field.named);
    if (!as) return null;
    const nested = this.selectedIn(reach.provided, name, reach.as.name).flatMap(selectionsIn);
    const provided = [...(field.provides?.selections ?? []), ...nested];
    const { subgraph, round } = reach;
    return remember(reach, newReach({ place, subgraph, as, round, provided, from: { kind: "field", reach } }));
  }

  /** The reach of the same fetch once the object is known to be of the place's type. */
  narrowed(reach: Reach, place: Place): Reach | null {
    const known = reach.next.get(place);
    if (known) return known;
    const as = reach.as.objects.includes(place.type.name) ? reach.subgraph.types.get(place.type.name) : undefined;
    return as ? remember(reach, newReach({ ...reach, place, as, from: { kind: "type", reach } })) : null;
  }

  private selectedIn(selections: readonly SelectionNode[], name: string, on: string): FieldNode[] {
    return selections.flatMap((node) => {
      if (node.kind === Kind.FIELD) return node.name.value === name ? [node] : [];
      return this.isOf(on, node) ? this.selectedIn(selectionsIn(node), name, on) : [];
    });
  }

  private isOf(name: string, node: SelectionNode): boolean {
    const condition = node.kind === Kind.INLINE_FRAGMENT ? (node.typeCondition?.name.value ?? name) : name;
    const [type, wider] = [this.full.getType(name), this.full.getType(condition)];
    if (condition === name) return true;
    return (isObjectType(type) || isInterfaceType(type)) && isAbstractType(wider) && this.full.isSubType(wider, type);
  }
}

export const selectionsIn = (node: SelectionNode): readonly SelectionNode[] =>
  "selectionSet" in node ? (node.selectionSet?.selections ?? []) : [];

function remember(from: Reach, made: Reach): Reach {
  from.next.set(made.place, made);
  return made;
}

/** Resolved without more than a key, or with the inputs that this very fetch brings. */
const isServed = ({ from }: Reach, field: KnownField): boolean =>
  field.isResolvable && (field.requires === null || (from.kind === "entity" && from.requires === field.requires));

const isPlain = (field: KnownField | undefined): boolean => field?.isResolvable === true && field.requires === null;
