import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  Kind,
  type SelectionNode,
} from "graphql";
import { type FieldSet, topFields } from "../federation/fieldSet.ts";
import type { KnownType, Subgraph } from "../federation/subgraphs.ts";
import { unshared } from "./bound.ts";
import type { Place } from "./place.ts";
import { Answering, newReach, type Reach, selectionsIn } from "./reach.ts";

/** Steps of one search, of some ten microseconds each; more is refused. Our own questions take some hundred, the largest a few thousand. */
const MOST_STEPS = 60_000;
/** Fetches one after the other. A question of the hub's depth needs fewer, whoever wrote its sources. */
export const MOST_ROUNDS = 64;

/** Where an entity of a place may be asked for. */
interface Target {
  readonly subgraph: Subgraph;
  readonly as: KnownType;
  /** Null: by nothing, a root type. */
  readonly keys: readonly (FieldSet | null)[];
}

/** What is searched: a supergraph as its subgraphs know it. */
export interface Searched {
  readonly subgraphs: readonly Subgraph[];
  readonly full: GraphQLSchema;
  /** Start of keys that stand for no field. */
  readonly aliasPrefix: string;
}

/** A field where it is asked: at the place itself, or at each of the types that its object may have. */
export interface Leaf {
  readonly place: Place;
  readonly node: FieldNode;
}

/**
 * Finds how each place can be reached, round by round: what is known up to a round follows from what was known up to the one before, so the first round
 * in which something is found is the fewest fetches one after the other that it takes. One router a search.
 */
export class Router {
  readonly full: GraphQLSchema;
  readonly answering: Answering;
  steps = 0;
  private readonly subgraphs: readonly Subgraph[];
  private readonly starts: readonly Subgraph[];
  private readonly aliasPrefix: string;
  private readonly targets = new Map<string, readonly Target[]>();

  /** `starts` are those that may be asked first. */
  constructor({ subgraphs, full, aliasPrefix }: Searched, starts: readonly Subgraph[]) {
    this.starts = starts;
    this.subgraphs = subgraphs;
    this.full = full;
    this.aliasPrefix = aliasPrefix;
    this.answering = new Answering(full);
  }

  /** Reaches of a place found up to a round, the fields that need a @requires of their own aside. */
  upTo(place: Place, round: number): readonly Reach[] {
    const known = place.reaches[round];
    if (known) return known;
    this.step();
    const before = round > 1 ? this.upTo(place, round - 1) : [];
    const passing = this.passing(place, round);
    if (round > 1) this.jump(place, round, [...before, ...passing]);
    const found = [...passing, ...place.jumps.values()];
    place.reaches[round] = found;
    return found;
  }

  /** Reaches that answer a field, up to a round. */
  at(place: Place, name: string, round: number): readonly Reach[] {
    const rounds = roundsOf(place.answering, name);
    const known = rounds[round];
    if (known) return known;
    const plain = this.upTo(place, round).filter((reach) => this.answering.answered(reach, name));
    const found = [...plain, ...this.requiring(place, name, round)];
    rounds[round] = found;
    return found;
  }

  /** Whether all of these can be fetched up to a round. */
  reaches(place: Place, selections: readonly SelectionNode[], round: number): boolean {
    const verdict = place.verdicts.get(selections) ?? { yes: Number.POSITIVE_INFINITY, no: 0 };
    if (round >= verdict.yes) return true;
    if (round <= verdict.no) return false;
    const isReached = selections.every((node) => this.reachesOne(place, node, round));
    if (isReached) verdict.yes = Math.min(verdict.yes, round);
    else verdict.no = Math.max(verdict.no, round);
    place.verdicts.set(selections, verdict);
    return isReached;
  }

  private reachesOne(place: Place, node: SelectionNode, round: number): boolean {
    this.step();
    if (node.kind === Kind.FIELD) return this.reachesWhole(place, node, round) || this.reachesByType(place, node, round);
    return this.within(place, node, round)?.every((inner) => this.reaches(inner, selectionsIn(node), round)) ?? false;
  }

  /** Coordinates among these that no subgraph is found for. */
  missing(place: Place, selections: readonly SelectionNode[]): readonly string[] {
    return selections.flatMap((node): readonly string[] => {
      if (this.reaches(place, [node], MOST_ROUNDS)) return [];
      if (node.kind !== Kind.FIELD)
        return (
          this.within(place, node, MOST_ROUNDS)?.flatMap((inner) => this.missing(inner, selectionsIn(node))) ?? [place.type.name]
        );
      const below = this.at(place, node.name.value, MOST_ROUNDS).length > 0 ? place.below(node) : null;
      return below ? this.missing(below, selectionsIn(node)) : [`${place.type.name}.${node.name.value}`];
    });
  }

  /** The leaves of these, each where it is to be fetched. */
  leaves(place: Place, selections: readonly SelectionNode[], round: number): readonly Leaf[] {
    return selections.flatMap((node): readonly Leaf[] => {
      this.step();
      if (node.kind !== Kind.FIELD) return this.leavesOfFragment(place, node, round);
      if (!this.reachesWhole(place, node, round))
        return (this.typesOf(place, round) ?? []).flatMap((inner) => this.leaves(inner, [node], round));
      const below = place.below(node);
      if (!below || !node.selectionSet) return [{ place, node }];
      const found = this.leaves(below, node.selectionSet.selections, round);
      return found.length > 0 ? found : [{ place: below, node: TYPENAME }];
    });
  }

  private leavesOfFragment(place: Place, node: Exclude<SelectionNode, FieldNode>, round: number): readonly Leaf[] {
    const places = this.within(place, node, round) ?? [];
    const found = places.flatMap((inner) => this.leaves(inner, selectionsIn(node), round));
    // Whether it applies hangs on the type, which must be told, even where no object of it may stand there.
    return isAbstractType(place.type) && !places.includes(place) ? [...found, { place, node: TYPENAME }] : found;
  }

  /** A field set as it is fetched at a place. */
  needs(place: Place, set: FieldSet): readonly SelectionNode[] {
    const known = place.needs.get(set);
    if (known) return known;
    const made = set.selections.map((node) => unshared(node, place.bound, this.aliasPrefix));
    place.needs.set(set, made);
    return made;
  }

  /**
   * Object types that may stand at a place of an abstract type: those that all subgraphs agree on who resolve the field above, being bound to answer
   * alike. Null: nobody can tell yet.
   */
  private objectsAt(place: Place, round: number): readonly string[] | null {
    const telling = this.upTo(place, round).filter(({ as }) => !as.isInterfaceObject);
    if (telling.length === 0) return null;
    const resolving = this.subgraphs
      .flatMap((subgraph) => this.passedTo(place, subgraph) ?? [])
      .filter((as) => !as.isInterfaceObject);
    const sets = (resolving.length > 0 ? resolving : telling.map(({ as }) => as)).map(({ objects }) => objects);
    const all = [...new Set(sets.flat())];
    const agreed = all.filter((name) => sets.every((objects) => objects.includes(name)));
    return agreed.length > 0 ? agreed : all;
  }

  /** The type by which a subgraph resolves the field above a place, if it can ever be asked there. */
  private passedTo({ parent, field }: Place, subgraph: Subgraph): KnownType | null {
    if (!parent || !field) return null;
    const known = subgraph.types.get(parent.type.name)?.fields.get(field.name.value);
    const as = known?.isResolvable ? subgraph.types.get(known.named) : undefined;
    return as && this.canStand(parent, subgraph) ? as : null;
  }

  private canStand(place: Place, subgraph: Subgraph): boolean {
    if (!place.parent) return this.starts.includes(subgraph) && subgraph.types.has(place.type.name);
    if (this.targetsOf(place).some((target) => target.subgraph === subgraph)) return true;
    return place.field ? this.passedTo(place, subgraph) !== null : this.canStand(place.parent, subgraph);
  }

  private reachesWhole(place: Place, node: FieldNode, round: number): boolean {
    if (this.at(place, node.name.value, round).length === 0) return false;
    const below = node.selectionSet && place.below(node);
    return !below || this.reaches(below, node.selectionSet?.selections ?? [], round);
  }

  private reachesByType(place: Place, node: FieldNode, round: number): boolean {
    const places = this.typesOf(place, round) ?? [];
    if (places.length === 0 || !places.every((inner) => this.reachesWhole(inner, node, round))) return false;
    return this.upTo(place, round).some((reach) => places.every((inner) => this.leadsTo(inner, node, reach)));
  }

  /** Whether one subgraph can tell of an object of this type what is asked, or by a key who it is: objects are not put together of halves. */
  private leadsTo(place: Place, node: FieldNode, from: Reach): boolean {
    const reach = from.as.isInterfaceObject ? from : this.answering.narrowed(from, place);
    const answers = (name: string) => reach !== null && this.answering.answered(reach, name) !== null;
    if (reach === null || answers(node.name.value)) return true;
    return this.targetsOf(place).some(({ keys }) => keys.some((key) => key && topFields(key.selections).every(answers)));
  }

  /** The places of the same object by its type; null where it is of one, or nobody can tell. */
  private typesOf(place: Place, round: number): readonly Place[] | null {
    const objects = isAbstractType(place.type) ? this.objectsAt(place, round) : null;
    return objects?.map((name) => place.on(name, this.full)) ?? null;
  }

  /** The places of the same object where a fragment applies; null: nobody can tell yet. */
  private within(place: Place, node: Exclude<SelectionNode, FieldNode>, round: number): readonly Place[] | null {
    if (node.kind !== Kind.INLINE_FRAGMENT) throw new Error("fragments are spread before planning");
    const condition = node.typeCondition?.name.value ?? place.type.name;
    const wanted = this.full.getType(condition);
    if (condition === place.type.name || this.isKindOf(place, wanted)) return [place];
    if (!isAbstractType(place.type)) return [];
    const fits = ({ type: { name } }: Place) =>
      name === condition || (isAbstractType(wanted) && this.full.getPossibleTypes(wanted).some((one) => one.name === name));
    return this.typesOf(place, round)?.filter(fits) ?? null;
  }

  private isKindOf({ type }: Place, wanted: GraphQLNamedType | undefined): boolean {
    return isAbstractType(wanted) && !isUnionType(type) && this.full.isSubType(wanted, type);
  }

  private passing(place: Place, round: number): readonly Reach[] {
    const { parent, field } = place;
    if (!parent) return this.roots(place);
    if (!field) return this.upTo(parent, round).flatMap((reach) => this.answering.narrowed(reach, place) ?? []);
    return this.at(parent, field.name.value, round).flatMap((reach) => this.answering.below(reach, field, place) ?? []);
  }

  private roots(place: Place): readonly Reach[] {
    const known = place.reaches.find((reaches) => reaches !== undefined);
    if (known) return known;
    return this.starts.flatMap((subgraph) => {
      const as = subgraph.types.get(place.type.name);
      return as ? [newReach({ place, subgraph, as, round: 1, provided: [], from: { kind: "root" } })] : [];
    });
  }

  /** Entity fetches that the round makes possible; none where a subgraph is reached before. */
  private jump(place: Place, round: number, known: readonly Reach[]): void {
    if (!place.parent || known.length === 0) return;
    for (const { subgraph, as, keys } of this.targetsOf(place)) {
      if (known.some((reach) => reach.subgraph === subgraph && reach.as === as) || !this.knowsAll(place, as, round - 1)) continue;
      for (const key of keys)
        if (this.leadsOn(place, key, round - 1)) {
          const from = { kind: "entity", key, requires: null } as const;
          place.jumps.set(
            `${subgraph.name} ${as.name} ${key?.text}`,
            newReach({ place, subgraph, as, round, provided: [], from }),
          );
        }
    }
  }

  /** Whether a place is reached up to a round, with a key if it takes one. */
  private leadsOn(place: Place, key: FieldSet | null, round: number): boolean {
    return key ? this.reaches(place, this.needs(place, key), round) : this.upTo(place, round).length > 0;
  }

  /** Entity fetches that bring what a field needs by @requires. */
  private requiring(place: Place, name: string, round: number): readonly Reach[] {
    if (round < 2 || !place.parent || !this.isRequiring(place, name)) return [];
    const rounds = roundsOf(place.requiring, name);
    const known = rounds[round];
    if (known) return known;
    this.step();
    const before = this.requiring(place, name, round - 1);
    const isNew = ({ subgraph, as }: Target) => !before.some((reach) => reach.subgraph === subgraph && reach.as === as);
    const found = this.targetsOf(place)
      .filter((target) => isNew(target) && this.knowsAll(place, target.as, round - 1))
      .flatMap((target) => this.requiringAt(place, name, { target, round }));
    rounds[round] = [...before, ...found];
    return rounds[round];
  }

  /** Whether every object that may stand at a place is to this subgraph, too, what it knows it as: one may implement an interface elsewhere only. */
  private knowsAll(place: Place, as: KnownType, round: number): boolean {
    if (!isAbstractType(place.type) || as.isInterfaceObject) return true;
    const objects = this.objectsAt(place, round) ?? this.full.getPossibleTypes(place.type).map(({ name }) => name);
    return objects.every((name) => as.objects.includes(name));
  }

  private isRequiring(place: Place, name: string): boolean {
    return this.targetsOf(place).some(({ as }) => as.fields.get(name)?.requires);
  }

  private requiringAt(place: Place, name: string, { target, round }: { target: Target; round: number }): readonly Reach[] {
    const { subgraph, as, keys } = target;
    const field = as.fields.get(name);
    const requires = field?.isResolvable ? field.requires : null;
    if (!requires || !this.reaches(place, this.needs(place, requires), round - 1)) return [];
    return keys
      .filter((key) => key && this.reaches(place, this.needs(place, key), round - 1))
      .map((key) => newReach({ place, subgraph, as, round, provided: [], from: { kind: "entity", key, requires } }));
  }

  private targetsOf({ type }: Place): readonly Target[] {
    const known = this.targets.get(type.name);
    if (known) return known;
    const isRoot = type === this.full.getQueryType();
    const wider = "getInterfaces" in type ? type.getInterfaces().map(({ name }) => name) : [];
    const made = this.subgraphs.flatMap((subgraph): readonly Target[] => {
      const own = subgraph.types.get(type.name);
      if (own && isRoot) return [{ subgraph, as: own, keys: [null] }];
      const objects = wider
        .flatMap((name) => subgraph.types.get(name) ?? [])
        .filter(({ isInterfaceObject }) => isInterfaceObject);
      const those = own && (isObjectType(type) || isInterfaceType(type)) ? [own, ...objects] : objects;
      return those.filter(({ keys }) => keys.length > 0).map((as) => ({ subgraph, as, keys: as.keys }));
    });
    this.targets.set(type.name, made);
    return made;
  }

  /** Throws once the search has gone on for too long. */
  step(): void {
    this.steps += 1;
    if (this.steps > MOST_STEPS) throw new Error("this operation would take too long to plan");
  }
}

export const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } };

/** What is known of a name, by round. */
function roundsOf(known: Map<string, (readonly Reach[])[]>, name: string): (readonly Reach[])[] {
  const rounds = known.get(name) ?? [];
  known.set(name, rounds);
  return rounds;
}
