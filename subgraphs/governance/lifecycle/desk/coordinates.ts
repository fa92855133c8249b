import type { Db } from "../../../../drizzle/client.ts";
import { contentOf, type Which } from "../../../../drizzle/policy/compile.ts";
import { ceilingRules, newestSupergraph, type Published } from "../../../../drizzle/policy/ground.ts";
import { ceilingsFor } from "../../../../schema/policy/ceilings.ts";
import { readContent } from "../../../../schema/policy/content.ts";
import { compileTable, type DecisionTable } from "../../../../schema/policy/decisionTable.ts";
import { controllersOf } from "../../../../schema/policy/insight/ground.ts";
import { DATA_CLASSES, type DataClass, type DataTopic, type Use } from "../../../../schema/policy/words.ts";
import type { CatalogueEntry } from "../../../../schema/sdl/catalogue.ts";
import { badInput } from "../../../kit/errors.ts";
import { versionsOpenTo } from "../data.ts";
import { isClass } from "../draft/draft.ts";

/** A coordinate as the catalogue lists it. */
export interface Listed {
  readonly coordinate: string;
  readonly description: string;
  readonly class: DataClass | null;
  readonly topic: DataTopic | null;
  readonly ownerCodes: readonly string[];
  readonly uses: readonly Use[];
}

export interface Wanted {
  readonly search?: string | null;
  readonly class?: string | null;
  readonly owner?: string | null;
}

/** Output coordinates of the newest schema that fit, in order. */
export async function coordinatesLike(db: Db, { search, class: dataClass, owner }: Wanted): Promise<Listed[]> {
  if (dataClass != null && !isClass(dataClass)) throw badInput(`class must be one of ${DATA_CLASSES.join(", ")}`);
  const needle = search?.toLowerCase() ?? "";
  return (await everyCoordinate(db)).filter(
    (one) =>
      (dataClass == null || one.class === dataClass) &&
      (owner == null || one.ownerCodes.includes(owner)) &&
      `${one.coordinate} ${one.description}`.toLowerCase().includes(needle),
  );
}

/** All output coordinates of the newest schema, in order. */
export async function everyCoordinate(db: Db): Promise<Listed[]> {
  const published = await newestSupergraph(db);
  const entries = [...published.catalogue.entries.values()];
  const uses = new Map<string, Set<Use>>();
  for (const { field, use } of entries.flatMap(({ guards }) => guards)) uses.set(field, (uses.get(field) ?? new Set()).add(use));
  return entries
    .filter(({ kind }) => kind === "output")
    .map((entry) => listed(entry, published, uses.get(entry.coordinate)))
    .sort((a, b) => (a.coordinate < b.coordinate ? -1 : 1));
}

const listed = (
  { coordinate, description, classes }: CatalogueEntry,
  published: Published,
  guarded: ReadonlySet<Use> | undefined,
): Listed => ({
  coordinate,
  description,
  class: classes[0]?.class ?? null,
  topic: (classes[0]?.topic as DataTopic | null | undefined) ?? null,
  ownerCodes: controllersOf(published, coordinate),
  uses: ["OUTPUT", ...[...(guarded ?? [])].sort()],
});

/** Decision tables of the agreements of an agency that are in force at `now`, by number: which open a coordinate. */
export async function tablesOf(db: Db, agencyCode: string, now: Date): Promise<ReadonlyMap<string, DecisionTable>> {
  const tables = new Map<string, DecisionTable>();
  for (const { agreementNumber: agreement, version } of await versionsOpenTo(db, agencyCode, now))
    tables.set(agreement, await tableOf(db, { agreement, version }));
  return tables;
}

/** Decision table of a version that was submitted. */
export async function tableOf(db: Db, which: Which): Promise<DecisionTable> {
  const { catalogue } = await newestSupergraph(db);
  const { grants, purpose, coordinates } = readContent(await contentOf(db, which));
  const ceilings = ceilingsFor(purpose, await ceilingRules(db));
  return compileTable(grants, { ceilings, catalogue, pinned: new Set(coordinates) });
}
