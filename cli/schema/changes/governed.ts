import type { DataClass } from "../../../schema/policy/words.ts";
import type { Catalogue, CatalogueEntry } from "../../../schema/sdl/catalogue.ts";
import { type Change, change, typeOf } from "./change.ts";

/** A schema as policy reads it; agencies that control the data by slice, where that is known. */
export interface Governed {
  readonly catalogue: Catalogue;
  readonly controllers: Readonly<Record<string, string>>;
}

/** How closely classes are held, for those who ask. */
const RANK: Readonly<Record<DataClass, number>> = {
  PUBLIC: 0,
  GENERAL: 1,
  DERIVED: 1,
  SPECIFIC: 2,
  ADMINDUK_84: 3,
  ADMINISTRATION: 4,
};

/** What changed in who may see what, by the policy directives. Nothing where one of the two says none: a schema as a caller sees it. */
export function governedChanges(old: Governed, fresh: Governed): Change[] {
  if (!isGoverned(old) || !isGoverned(fresh)) return [];
  const before = old.catalogue.entries;
  const each = [...fresh.catalogue.entries.values()].flatMap((entry) => {
    const known = before.get(entry.coordinate);
    return known === undefined ? [] : entryChanges(known, entry);
  });
  return [...each, ...subjectChanges(old.catalogue, fresh.catalogue), ...controllerChanges(old, fresh)];
}

const isGoverned = ({ catalogue }: Governed): boolean =>
  [...catalogue.entries.values()].some(({ classes }) => classes.length > 0);

const entryChanges = (old: CatalogueEntry, fresh: CatalogueEntry): Change[] => [
  ...classChanges(old, fresh),
  ...guardChanges(old, fresh),
  ...siblingChanges(old, fresh),
  ...(fresh.isCounted && !old.isCounted ? [change("COUNTED", fresh.coordinate)] : []),
  ...(fresh.isSealed && !old.isSealed ? [change("SEALED", fresh.coordinate)] : []),
];

/** The strictest of the classes stated. */
function classOf({ classes }: CatalogueEntry): { readonly rank: number; readonly text: string } | null {
  const [strictest] = [...classes].sort((one, other) => RANK[other.class] - RANK[one.class]);
  if (strictest === undefined) return null;
  const { class: name, topic } = strictest;
  return { rank: RANK[name] + (topic === null ? 0 : 0.5), text: topic === null ? name : `${name}/${topic}` };
}

function classChanges(old: CatalogueEntry, fresh: CatalogueEntry): Change[] {
  const [from, to] = [classOf(old), classOf(fresh)];
  if (from === null || to === null || from.text === to.text) return [];
  const said = { before: from.text, after: to.text };
  if (from.rank === 0) return [change("MAY_BE_NULL", fresh.coordinate, said)];
  return [change(to.rank < from.rank ? "CLASS_LOWERED" : "CLASS_RAISED", fresh.coordinate, said)];
}

function guardChanges(old: CatalogueEntry, fresh: CatalogueEntry): Change[] {
  const [before, after] = [old, fresh].map(({ guards }) => guards.map(({ field, use }) => `${field} ${use}`));
  const without = (some: readonly string[] = [], others: readonly string[] = []) => some.filter((one) => !others.includes(one));
  return [
    ...without(after, before).map((guard) => change("GUARD_ADDED", fresh.coordinate, { after: guard })),
    ...without(before, after).map((guard) => change("GUARD_REMOVED", fresh.coordinate, { before: guard })),
  ];
}

function siblingChanges(old: CatalogueEntry, fresh: CatalogueEntry): Change[] {
  const pairs = [
    ["band", old.bandOf, fresh.bandOf],
    ["claim", old.claimOf, fresh.claimOf],
  ] as const;
  return pairs
    .filter(([, from, to]) => from !== null && from !== to)
    .map(([name, from]) => change("SIBLING_REMOVED", fresh.coordinate, { before: `${name} of ${from}` }));
}

function subjectChanges(old: Catalogue, fresh: Catalogue): Change[] {
  const known = new Set([...old.entries.keys()].map(typeOf));
  const news = [...fresh.subjectTypes].filter((type) => known.has(type) && !old.subjectTypes.has(type));
  return news.map((type) => change("SUBJECT_ADDED", type));
}

/** By type: a slice that changes hands would otherwise be told a thousand times. */
function controllerChanges(old: Governed, fresh: Governed): Change[] {
  const before = controllersIn(old);
  return [...controllersIn(fresh)].flatMap(([type, after]) => {
    const known = before.get(type);
    return known === undefined || known === "" || after === "" || known === after
      ? []
      : [change("CONTROLLER_CHANGED", type, { before: known, after })];
  });
}

function controllersIn({ catalogue, controllers }: Governed): Map<string, string> {
  const found = new Map<string, Set<string>>();
  for (const { coordinate, owners } of catalogue.entries.values()) {
    const agencies = found.get(typeOf(coordinate)) ?? new Set();
    for (const owner of owners) agencies.add(controllers[owner] ?? owner);
    found.set(typeOf(coordinate), agencies);
  }
  return new Map([...found].map(([type, agencies]) => [type, [...agencies].sort().join(", ")]));
}
