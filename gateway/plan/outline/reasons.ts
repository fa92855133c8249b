import { type GraphQLSchema, Kind, type SelectionNode } from "graphql";
import { type Language, labelled } from "../../../schema/errors.ts";
import type { Fetch } from "../../types/plan.ts";
import { selectionsOf } from "../federation/fieldSet.ts";
import { keysGiven, type Part, type Sent, typeBelow } from "./sent.ts";
import type { Sight } from "./sight.ts";

/** A fetch with its number, as others are told of it. */
export interface Numbered {
  readonly id: number;
  readonly round: number;
  readonly fetch: Fetch;
  readonly sent: Sent;
  readonly waits: readonly Numbered[];
}

/** By what the entities of one group are found, and which fetches gave that. */
export interface Finding {
  readonly type: string;
  /** The key as the supergraph writes it; null: it is none the reader sees, or a root type is found without. */
  readonly key: string | null;
  /** Inputs of the one @requires it serves. */
  readonly requires: string | null;
  readonly from: readonly number[];
}

export interface Reasoning {
  readonly sight: Sight;
  readonly language: Language;
  /** Subgraphs that resolve a field. */
  answering(coordinate: string): readonly string[];
  /** Is it computed from inputs of others? */
  isComputed(coordinate: string): boolean;
}

/** Who gave what the entities of a part are found by. */
export function findingOf({ group, type, paths }: Part, { waits }: Numbered, { sight }: Reasoning): Finding | null {
  if (!group || !sight.isType(type)) return null;
  const keys = new Set([...group.key, ...group.requires].flatMap((need) => ("key" in need ? [need.key] : [])));
  const givers = waits.filter(({ sent }) => paths.some((path) => keysGiven(sent, path, keys).length > 0));
  const seen = (text: string | null) => (text === null ? null : sight.fieldSet(text, type) || null);
  const from = (givers.length > 0 ? givers : waits).map(({ id }) => id);
  return { type, key: seen(group.by.key), requires: seen(group.by.requires), from };
}

/** Which fetches find something by a coordinate. */
export function wantedOf(
  id: number,
  findings: ReadonlyMap<number, readonly Finding[]>,
  full: GraphQLSchema,
): Map<string, readonly number[]> {
  const uses = [...findings].flatMap(([later, finds]) =>
    finds
      .filter(({ from }) => from.includes(id))
      .flatMap(({ type, key, requires }) =>
        [key, requires].flatMap((text) => (text === null ? [] : coordinatesIn(selectionsOf(text), type, full))),
      )
      .map((one) => [one, later] as const),
  );
  const wanted = new Map<string, readonly number[]>();
  for (const [one, later] of uses) wanted.set(one, [...new Set([...(wanted.get(one) ?? []), later])]);
  return wanted;
}

const coordinatesIn = (selections: readonly SelectionNode[], type: string, full: GraphQLSchema): readonly string[] =>
  selections.flatMap((node) => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return [];
    const inner = node.selectionSet?.selections ?? [];
    if (node.kind === Kind.INLINE_FRAGMENT) return coordinatesIn(inner, node.typeCondition?.name.value ?? type, full);
    return [`${type}.${node.name.value}`, ...coordinatesIn(inner, typeBelow(full, type, node.name.value) ?? "", full)];
  });

interface Reasoned {
  readonly numbered: Numbered;
  readonly findings: readonly Finding[];
  /** Whether they stand in the answer, by coordinate. */
  readonly coordinates: ReadonlyMap<string, boolean>;
  readonly unseen: number;
  /** Ids of the fetches that find something by it, by coordinate. */
  readonly wanted: ReadonlyMap<string, readonly number[]>;
  /** The step before; null: there is none. */
  readonly after: number | null;
}

/** Why a fetch is there, in sentences: how it finds its objects, what nobody else answers, what others would, and what the hub needs itself. */
export function reasonsOf(reasoned: Reasoned, reasoning: Reasoning): readonly string[] {
  const { numbered, unseen, after } = reasoned;
  const say = sentences(reasoning.language);
  const first = numbered.waits.length > 0 ? [] : [after === null ? say("first") : say("inOrder")];
  const rest = unseen > 0 ? [say("unseen", { count: unseen })] : [];
  const why = [...found(reasoned, reasoning, say), ...answered(reasoned, reasoning, say), ...internal(reasoned, say)];
  return [...new Set([...first, ...why, ...rest])];
}

type Say = (key: string, values?: Readonly<Record<string, string | number>>) => string;

export const sentences =
  (language: Language): Say =>
  (key, values = {}) =>
    labelled("plan", key)[language].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));

function found({ numbered, findings, coordinates }: Reasoned, { isComputed }: Reasoning, say: Say): readonly string[] {
  const { service } = numbered.fetch.source;
  return findings.flatMap(({ type, key, requires, from }) => {
    const givers = numbered.waits
      .filter(({ id }) => from.includes(id))
      .map(({ id, round, fetch }) => say("giver", { service: fetch.source.service, round, id }));
    const by = key === null ? say("innerKey") : `\`${key}\``;
    const computed = [...coordinates.keys()].filter((one) => one.startsWith(`${type}.`) && isComputed(one));
    return [
      say("found", { service, type, key: by, givers: listed(givers, say) }),
      ...(requires === null ? [] : [say("requires", { coordinates: listed(computed, say), inputs: `\`${requires}\``, service })]),
    ];
  });
}

function answered({ numbered, coordinates }: Reasoned, { answering }: Reasoning, say: Say): readonly string[] {
  const { service } = numbered.fetch.source;
  const asked = [...coordinates].flatMap(([one, isOutput]) => (isOutput ? [one] : []));
  const others = new Map(asked.map((one) => [one, answering(one).filter((name) => name !== service)]));
  const alone = asked.filter((one) => others.get(one)?.length === 0);
  const shared = asked.filter((one) => !alone.includes(one));
  const elsewhere = [...new Set(shared.flatMap((one) => others.get(one) ?? []))];
  const told = (key: string, those: readonly string[]) =>
    those.length === 0 ? [] : [say(key, { coordinates: listed(those, say), service, others: listed(elsewhere, say) })];
  return [...told("alone", alone), ...told(alone.length > 0 ? "shared" : "chosen", shared)];
}

/** What stands in no answer for this. */
function internal({ coordinates, wanted }: Reasoned, say: Say): readonly string[] {
  const those = [...coordinates].flatMap(([one, isOutput]) => (isOutput ? [] : [one]));
  const own = those.filter((one) => !wanted.has(one));
  const byIds = new Map<string, readonly string[]>();
  for (const one of those.filter((one) => wanted.has(one))) {
    const ids = listed((wanted.get(one) ?? []).map(String), say);
    byIds.set(ids, [...(byIds.get(ids) ?? []), one]);
  }
  const keys = [...byIds].map(([ids, ones]) => say("key", { coordinates: listed(ones, say), ids }));
  return own.length === 0 ? keys : [...keys, say("own", { coordinates: listed(own, say) })];
}

const MOST = 3;

/** The first few, and how many more. */
function listed(all: readonly string[], say: Say): string {
  const [rest, last] =
    all.length > MOST + 1
      ? [all.slice(0, MOST), say("more", { count: all.length - MOST })]
      : [all.slice(0, -1), all.at(-1) ?? ""];
  return rest.length === 0 ? last : `${rest.join(", ")} ${say("and")} ${last}`;
}
