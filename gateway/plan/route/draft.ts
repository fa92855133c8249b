import type { FieldNode, SelectionNode } from "graphql";
import type { KnownField, KnownType, Subgraph } from "../federation/subgraphs.ts";
import { keyOf } from "./bound.ts";
import type { Place } from "./place.ts";
import { isEntry, type Jump, type Reach } from "./reach.ts";
import { type Leaf, type Router, TYPENAME } from "./router.ts";

/** What one fetch selects at one place. */
export interface Selected {
  readonly place: Place;
  readonly as: KnownType;
  readonly fields: Map<string, { readonly node: FieldNode; readonly known: KnownField; readonly below: Selected | null }>;
  readonly on: Map<string, Selected>;
}

/** One `_entities` field, or the fields of a root type, of one fetch. */
export interface Entry {
  readonly subgraph: Subgraph;
  readonly round: number;
  readonly place: Place;
  readonly as: KnownType;
  readonly selected: Selected;
  readonly jump: Jump | null;
  /** Entries of the same are sent as one. */
  readonly request: string;
  /** What must have been answered before. */
  readonly waits: Set<Entry>;
}

/**
 * Chooses a reach for every leaf, so that few fetches are added to those that are needed anyway: first the leaves that only one subgraph has, then the
 * others, each where it costs least. No leaf comes later than the round in which the last one must.
 */
export class Draft {
  readonly entries: Entry[] = [];
  private readonly router: Router;
  private readonly byReach = new Map<Reach, Entry>();
  private readonly spots = new Map<Reach, Selected>();
  private readonly requests = new Set<string>();

  constructor(router: Router) {
    this.router = router;
  }

  take(place: Place, selections: readonly SelectionNode[], round: number): void {
    const leaves = this.router.leaves(place, selections, round).map((leaf) => ({ leaf, open: this.openTo(leaf, round) }));
    const alone = ({ open }: (typeof leaves)[number]) => new Set(open.map(({ subgraph }) => subgraph)).size === 1;
    for (const { leaf, open } of leaves) if (!isTypename(leaf) && alone({ leaf, open })) this.assign(leaf, open);
    for (const { leaf, open } of leaves) if (!isTypename(leaf) && !alone({ leaf, open })) this.assign(leaf, open);
    for (const { leaf, open } of leaves) if (isTypename(leaf)) this.assign(leaf, open);
  }

  private openTo({ place, node }: Leaf, round: number): readonly Reach[] {
    return this.router.at(place, node.name.value, round);
  }

  private assign({ place, node }: Leaf, open: readonly Reach[]): Entry {
    const known = new Map<Reach, number>();
    let [best, least] = [open[0], Number.POSITIVE_INFINITY];
    for (const reach of open) {
      const cost = this.costOf(reach, known);
      if (cost < least || (cost === least && best && reach.round < best.round)) [best, least] = [reach, cost];
    }
    if (!best) throw new Error(`nobody answers ${place.type.name}.${node.name.value}`);
    this.select(this.spotOf(best), node, best);
    return this.entryOf(best);
  }

  private select(spot: Selected, node: FieldNode, reach: Reach): Selected | null {
    const key = keyOf(node);
    const known = spot.fields.get(key);
    if (known) return known.below;
    const field = this.router.answering.answered(reach, node.name.value);
    if (!field) throw new Error(`${reach.subgraph.name} does not answer ${reach.as.name}.${node.name.value}`);
    const place = node.selectionSet ? spot.place.below(node) : null;
    const as = reach.subgraph.types.get(field.named);
    const below = place && as ? newSelected(place, as) : null;
    spot.fields.set(key, { node, known: field, below });
    return below;
  }

  /** Where a reach selects, in the fetch it belongs to. Selects what leads there. */
  private spotOf(reach: Reach): Selected {
    const known = this.spots.get(reach);
    if (known) return known;
    const made = this.newSpot(reach);
    this.spots.set(reach, made);
    return made;
  }

  private newSpot(reach: Reach): Selected {
    const { from, place, as } = reach;
    if (from.kind === "root" || from.kind === "entity") return this.entryOf(reach).selected;
    const above = this.spotOf(from.reach);
    if (from.kind === "field") return this.select(above, place.field as FieldNode, from.reach) as Selected;
    const spot = above.on.get(as.name) ?? newSelected(place, as);
    above.on.set(as.name, spot);
    return spot;
  }

  private entryOf(reach: Reach): Entry {
    let entry = reach;
    while (entry.from.kind === "field" || entry.from.kind === "type") entry = entry.from.reach;
    const known = this.byReach.get(entry);
    if (known) return known;
    const { place, as, subgraph, round, from } = entry;
    const jump = from.kind === "entity" ? from : null;
    const request = requestOf(entry);
    const made: Entry = { subgraph, round, place, as, selected: newSelected(place, as), jump, request, waits: new Set() };
    this.byReach.set(entry, made);
    this.requests.add(request);
    if (jump) this.supply(entry, jump, made);
    this.entries.push(made);
    return made;
  }

  /** Has fetched before what the entity fetch sends. */
  private supply({ place, round }: Reach, jump: Jump, entry: Entry): void {
    for (const leaf of this.router.leaves(place, this.sent(place, jump), round - 1))
      entry.waits.add(this.assign(leaf, this.openTo(leaf, round - 1)));
    if (jump.key) return;
    const [first] = this.router.upTo(place, round - 1);
    if (first) entry.waits.add(this.assign({ place, node: TYPENAME }, [first]));
  }

  private sent(place: Place, { key, requires }: Jump): readonly SelectionNode[] {
    return [key, requires].flatMap((set) => (set ? this.router.needs(place, set) : []));
  }

  /** Fetches that a reach would add, by a fraction for each further `_entities` of a fetch. */
  private costOf(reach: Reach, known: Map<Reach, number>): number {
    if (this.spots.has(reach)) return 0;
    const told = known.get(reach);
    if (told !== undefined) return told;
    this.router.step();
    const { from } = reach;
    const cost = isEntry(reach) ? this.costOfEntry(reach, known) : "reach" in from ? this.costOf(from.reach, known) : 0;
    known.set(reach, cost);
    return cost;
  }

  private costOfEntry(reach: Reach, known: Map<Reach, number>): number {
    const { from, place, round } = reach;
    const own = this.requests.has(requestOf(reach)) ? 0.01 : 1;
    if (from.kind !== "entity") return own;
    const leaves = this.router.leaves(place, this.sent(place, from), round - 1);
    const cheapest = leaves.map((leaf) => Math.min(...this.openTo(leaf, round - 1).map((one) => this.costOf(one, known))));
    return own + Math.max(0, ...cheapest) + 0.001 * cheapest.length;
  }
}

const newSelected = (place: Place, as: KnownType): Selected => ({ place, as, fields: new Map(), on: new Map() });
/** Entity fetches of one round to one subgraph are one request; the fields of a root type are one wherever they stand. */
const requestOf = ({ subgraph, round, from, place }: Reach): string =>
  from.kind === "entity" && from.key ? `${round} ${subgraph.name}` : `${round} ${subgraph.name} ${["", ...place.path].join("/")}`;
const isTypename = ({ node }: Leaf): boolean => node.name.value === "__typename";
