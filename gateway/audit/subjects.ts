import { TAG_BYTES, tagsOf } from "../../schema/record/tags.ts";
import type { Disclosure, Planned } from "../types/chain.ts";
import type { FetchCoordinates } from "../types/sources.ts";
import type { Supergraph } from "../types/supergraph.ts";

/** Whom an entry is about, as its line keeps it. */
export interface Tagged {
  /** Keyed tags, 16 bytes each: one type after the other as in `types`, within a type shuffled. */
  readonly tags: Buffer;
  readonly count: number;
  /** How many of each type of row; last `lookup`, the identifiers looked up that stand for no row of the answer. */
  readonly types: Readonly<Record<string, number>>;
}

/** Tags of the subjects in an answer and of those looked up, found or not: each id once, an identifier in whatever case it was asked. */
export function taggedOf({ subjects, lookups }: Pick<Disclosure, "subjects" | "lookups">, key: Uint8Array): Tagged {
  const byType = new Map<string, string[]>();
  for (const { type, id } of subjects) {
    const ids = byType.get(type);
    if (ids) ids.push(id);
    else byType.set(type, [id]);
  }
  const groups = [...byType].sort(([a], [b]) => (a < b ? -1 : 1));
  const shown = lookups.length > 0 ? new Set(subjects.map(({ id }) => id)) : null;
  const others = shown ? [...new Set(lookups.map(asShown))].filter((id) => !shown.has(id)) : [];
  if (others.length > 0) groups.push(["lookup", others]);
  const tags = Buffer.concat(groups.map(([, ids]) => tagsOf(ids, key)));
  const types = Object.fromEntries(groups.map(([type, ids]) => [type, ids.length]));
  return { tags, count: tags.length / TAG_BYTES, types };
}

/** Whom of them a quota counts: the persons in it, and whom it looked up but for those `found`, who stand in the answer themselves. */
export const personsOf = ({ persons, lookups }: Pick<Disclosure, "persons" | "lookups">, found: readonly string[]): string[] => [
  ...new Set([...persons, ...lookups.filter((id) => !found.includes(id)).map(asShown)]),
];

/** How many that are. */
export const countOfPersons = (of: Pick<Disclosure, "persons" | "lookups">, found: readonly string[]): number =>
  of.lookups.length === 0 ? of.persons.length : personsOf(of, found).length;

/** A UUID is shown in lower case, however it was asked. */
const asShown = (id: string): string => (/^[\dA-F-]{36}$/i.test(id) ? id.toLowerCase() : id);

/** What tells the class of a coordinate. */
export type Classified = Pick<Supergraph, "entries" | "statisticsTypes">;

/**
 * A public aggregate: a query for nothing but what is public or a released statistic, that looks nobody up, filters by nothing else, and
 * of which nothing was denied.
 */
export function isPublic(planned: Planned, catalogue: Classified): boolean {
  const { reading, rewrite, lookups, denials } = planned;
  const isPlain = reading.operation.operation === "query" && lookups.length === 0 && denials.length === 0;
  const touched = fetchedBy(planned).flatMap((one) => [...one.output, ...one.internal, ...one.arguments]);
  return isPlain && [...rewrite.asked, ...touched].every((coordinate) => isOpen(coordinate, catalogue));
}

function isOpen(coordinate: string, catalogue: Classified): boolean {
  const entry = catalogue.entries.get(coordinate);
  if (!entry) return false;
  if (entry.kind !== "output") return entry.isUnguarded;
  const isPublicData = entry.classes.length > 0 && entry.classes.every((data) => data.class === "PUBLIC");
  return isPublicData || entry.isStatistics || catalogue.statisticsTypes.has(entry.type);
}

/** Coordinates a plan fetches, one item a fetch. */
export const fetchedBy = ({ plan, coerced }: Pick<Planned, "plan" | "coerced">): FetchCoordinates[] =>
  plan.steps.flatMap((fetches) => fetches.map((fetch) => fetch.coordinates(coerced)));
