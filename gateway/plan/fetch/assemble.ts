import type { OperationDefinitionNode } from "graphql";
import type { Entities, EntityGroup, Fetch, RootFields } from "../../types/plan.ts";
import type { Source } from "../../types/sources.ts";
import type { Supergraph } from "../../types/supergraph.ts";
import type { Route } from "../planner.ts";
import type { Entry } from "../route/draft.ts";
import { Touched } from "./coordinates.ts";
import { needsOf, pathTo } from "./needs.ts";
import { textOf } from "./text.ts";
import { declaredBy, joinedUses, type Uses } from "./variables.ts";

type Ground = Pick<Supergraph, "full" | "sources" | "entries" | "aliasPrefix">;

/** Requests to send for routes, each document's in the order of their rounds: entity fetches of one round to one source are one request. */
export class Assembler {
  /** The source that is asked for each coordinate. */
  readonly services = new Map<string, string>();
  private readonly ground: Ground;
  private readonly asked: ReadonlySet<string>;

  constructor(ground: Ground, asked: ReadonlySet<string>) {
    this.ground = ground;
    this.asked = asked;
  }

  fetches({ entries, operation }: Route): readonly Fetch[] {
    const requests = requestsOf(entries);
    const positions = new Map(requests.flatMap((request, index) => request.map((entry) => [entry, index])));
    return requests.map((request) => {
      const waits = new Set(request.flatMap((entry) => [...entry.waits].map((one) => positionOf(one, positions))));
      return { ...this.fetch(request, operation), round: request[0].round, waits: [...waits].sort((a, b) => a - b) };
    });
  }

  private fetch(entries: Request, operation: OperationDefinitionNode): Omit<Fetch, "round" | "waits"> {
    const [{ subgraph, jump, place }] = entries;
    const source = sourceOf(subgraph.name, this.ground);
    const touched = this.touchedBy(entries, source);
    const { what, text, own, uses } = jump?.key ? entitiesOf(entries, this.ground) : rootOf(entries[0], this.ground);
    const kind = place.parent ? "query" : operation.operation;
    const { variables, declared } = declaredBy(operation, uses, { subgraph, full: this.ground.full });
    const signature = [...declared, ...own.map((name) => `$${name}:[_Any!]!`)].join();
    const prefix = `{"query":${JSON.stringify(`${kind}${signature && `(${signature})`}${text}`)}`;
    // What was counted once may have been counted although no answer came: sent again it would be counted twice.
    const isCounted = touched.all.some((one) => this.ground.entries.get(one)?.isCounted);
    return { source, prefix, variables, idempotent: kind !== "mutation" && !isCounted, coordinates: touched.coordinates(), what };
  }

  private touchedBy(entries: Request, source: Source): Touched {
    const touched = new Touched(this.ground, source, this.asked);
    for (const entry of entries) touched.entry(entry);
    for (const coordinate of touched.all) if (!this.services.has(coordinate)) this.services.set(coordinate, source.service);
    return touched;
  }
}

function sourceOf(name: string, { sources }: Ground): Source {
  const source = sources.get(name);
  if (!source) throw new Error(`the plan names an unknown subgraph ${name}`);
  return source;
}

function positionOf(entry: Entry, positions: ReadonlyMap<Entry, number>): number {
  const position = positions.get(entry);
  if (position === undefined) throw new Error("a fetch waits for one that is not sent");
  return position;
}

type Request = readonly [Entry, ...Entry[]];

/** Entries by request, in the order of their rounds. */
function requestsOf(entries: readonly Entry[]): readonly Request[] {
  const requests = new Map<string, [Entry, ...Entry[]]>();
  for (const entry of entries) {
    const known = requests.get(entry.request);
    if (known) known.push(entry);
    else requests.set(entry.request, [entry]);
  }
  return [...requests.values()].sort(([a], [b]) => a.round - b.round);
}

interface Written {
  readonly what: Fetch["what"];
  readonly text: string;
  /** Variables of representations, and those of the operation. */
  readonly own: readonly string[];
  readonly uses: Uses;
}

function rootOf({ selected, place }: Entry, { aliasPrefix }: Ground): Written & { what: RootFields } {
  const { text, renames, uses } = textOf(selected, aliasPrefix);
  return { what: { kind: "root", path: pathTo(place), keys: [...selected.fields.keys()], renames }, text, own: [], uses };
}

function entitiesOf(entries: readonly Entry[], ground: Ground): Written & { what: Entities } {
  const made = entries.map((entry) => groupOf(entry, ground));
  const groups = grouped(made);
  const isAlone = groups.length === 1;
  const named = groups.map(({ group, text }, index) => {
    const names = isAlone ? { alias: "_entities", variable: "representations" } : { alias: `_e${index}`, variable: `_r${index}` };
    const head = isAlone ? "_entities" : `${names.alias}:_entities`;
    return { group: { ...group, ...names }, text: `${head}(representations:$${names.variable})${text}` };
  });
  return {
    what: { kind: "entities", groups: named.map(({ group }) => group) },
    text: `{${named.map(({ text }) => text).join(" ")}}`,
    own: named.map(({ group }) => group.variable),
    uses: joinedUses(made.map(({ uses }) => uses)),
  };
}

interface Group {
  readonly group: Omit<EntityGroup, "alias" | "variable">;
  readonly text: string;
  readonly uses: Uses;
}

function groupOf({ place, as, selected, jump }: Entry, { full, aliasPrefix }: Ground): Group {
  const { text, renames, uses } = textOf(selected, aliasPrefix);
  const needs = (set: NonNullable<Entry["jump"]>["key"]) => (set ? needsOf(place, place.needs.get(set) ?? [], full) : []);
  const group = {
    paths: [pathTo(place)],
    typename: { name: as.name, isFixed: as.isInterfaceObject || as.objects.includes(as.name) },
    key: needs(jump?.key ?? null),
    requires: needs(jump?.requires ?? null),
    renames,
    by: { key: jump?.key?.text ?? "", requires: jump?.requires?.text ?? null },
  };
  return { group, text: `{...on ${as.name}${text}}`, uses };
}

/** What is asked of entities of several places in the same words is asked of all at once. */
function grouped(groups: readonly Group[]): readonly Group[] {
  const alike = new Map<string, Group>();
  for (const one of groups) {
    const { paths, ...rest } = one.group;
    const key = JSON.stringify([rest, one.text], (_, value) => (value instanceof Set ? [...value] : value));
    const before = alike.get(key);
    alike.set(key, before ? { ...one, group: { ...one.group, paths: [...before.group.paths, ...paths] } } : one);
  }
  return [...alike.values()];
}
