import type { Slice } from "../client.ts";
import type { Catalog, ForeignKey, Table } from "./catalog.ts";
import { GIVEN, type Given } from "./given.ts";
import { isPlain, LAYOUT, type Layout, LIBRARIES, qualified } from "./layout.ts";
import { sayings } from "./sayings.ts";

export const RULES = ["unclassified", "gone", "column", "key", "foreign key", "trigger", "policy", "statement"] as const;
export type Rule = (typeof RULES)[number];

/** `what`: the object that breaks the rule, as one line that stays the same until it is mended. */
export interface Breach {
  readonly rule: Rule;
  readonly what: string;
}

/** A table's place in the layout. */
type Place = { readonly kind: "distributed"; readonly by: string } | { readonly kind: "reference" | "local" };

/** The layout of one database as it is asked for: whole names, and what is given up. */
interface Asked {
  readonly places: ReadonlyMap<string, Place>;
  readonly foreignKeys: readonly ForeignKey[];
  readonly given: Given;
  readonly slice: Slice;
}

/** Every rule of Citus that the tables of this database break under its layout, with what is given up there given up. Pure; sorted. */
export function breachesOf(
  slice: Slice,
  catalog: Catalog,
  [layout, given]: readonly [Layout, Given] = layoutOf(slice),
): Breach[] {
  if (isPlain(layout)) return [];
  const places = placesOf(slice, layout, catalog);
  const kept = (key: ForeignKey) => given.constraints[`${shortName(slice, key.table)}.${key.name}`] === undefined;
  const asked: Asked = { places, foreignKeys: catalog.foreignKeys.filter(kept), given, slice };
  const found = [
    ...classification(slice, layout, catalog).filter(({ what }) => !isLookup(what, asked)),
    ...catalog.tables.flatMap((table) => ofTable(table, asked)),
    ...sameColumn(catalog, asked),
    ...asked.foreignKeys.flatMap((key) => ofForeignKey(key, places)),
    ...policies(catalog, asked),
    ...ofStatements(catalog, asked),
    ...staleGifts(catalog, asked),
  ];
  return found.sort((one, other) => (`${one.rule}${one.what}` < `${other.rule}${other.what}` ? -1 : 1));
}

export const layoutOf = (slice: Slice): readonly [Layout, Given] => [LAYOUT[slice], GIVEN[slice]];

const breach = (rule: Rule, what: string): Breach => ({ rule, what });
const shortName = (slice: Slice, name: string) => (name.startsWith(`${slice}.`) ? name.slice(slice.length + 1) : name);
const LOCAL: Place = { kind: "local" };

/** In the order of the layout, then all the others. */
function placesOf(slice: Slice, { distributed, reference }: Layout, catalog: Catalog): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const [name, by] of Object.entries(distributed)) places.set(qualified(slice, name), { kind: "distributed", by });
  for (const name of reference) places.set(qualified(slice, name), { kind: "reference" });
  for (const { name } of catalog.tables) if (!places.has(name)) places.set(name, LOCAL);
  return places;
}

function classification(slice: Slice, { distributed, reference, local }: Layout, catalog: Catalog): Breach[] {
  const named = [...Object.keys(distributed), ...reference, ...Object.values(local).flat()].map((name) => qualified(slice, name));
  const there = new Set(catalog.tables.map(({ name }) => name));
  const isLibrary = (name: string) => LIBRARIES.includes(name.split(".")[0] as string);
  return [
    ...[...there].filter((name) => !named.includes(name) && !isLibrary(name)).map((name) => breach("unclassified", name)),
    ...named.filter((name) => !there.has(name)).map((name) => breach("gone", name)),
    ...named.filter((name, at) => named.indexOf(name) !== at).map((name) => breach("unclassified", `${name}: named twice`)),
  ];
}

function ofTable(table: Table, { places, given, slice }: Asked): Breach[] {
  const place = places.get(table.name) ?? LOCAL;
  if (place.kind === "local") return [];
  const short = shortName(slice, table.name);
  const triggers = table.triggers.filter((trigger) => given.triggers[`${short}.${trigger}`] === undefined);
  const found = triggers.map((trigger) => breach("trigger", `${table.name}.${trigger}`));
  if (place.kind !== "distributed") return found;
  const loose = table.uniques.filter(
    ({ name, columns }) => !columns.includes(place.by) && given.constraints[`${short}.${name}`] === undefined,
  );
  return [
    ...found,
    ...ofColumn(table, place.by),
    ...loose.map(({ name, isExclusion }) => breach("key", `${table.name}.${name}${isExclusion ? " (exclusion)" : ""}`)),
  ];
}

function ofColumn({ name, columns, isPartitioned }: Table, by: string): Breach[] {
  const column = columns.find((candidate) => candidate.name === by);
  if (!column) return [breach("column", `${name}.${by}: there is none`)];
  const faults = [
    !column.isNotNull && "may be null",
    column.isGenerated && "is generated",
    !column.isDeterministic && "has a collation that is not deterministic",
  ].filter((fault) => fault !== false);
  const narrow = columns.filter(({ isIdentity, type }) => isIdentity && (type !== "bigint" || isPartitioned));
  return [
    ...faults.map((fault) => breach("column", `${name}.${by}: ${fault}`)),
    ...narrow.map((identity) =>
      breach("column", `${name}.${identity.name}: an identity must be bigint, and not of a partitioned table`),
    ),
  ];
}

/** Co-located tables are hashed alike only by one type and collation: that of the first. */
function sameColumn({ tables }: Catalog, { places }: Asked): Breach[] {
  const spread = [...places].flatMap(([name, place]) => {
    const column = place.kind === "distributed" && tables.find((t) => t.name === name)?.columns.find((c) => c.name === place.by);
    return column ? [{ name, column }] : [];
  });
  const [first] = spread;
  const differs = spread.filter(
    ({ column }) => column.type !== first?.column.type || column.collation !== first?.column.collation,
  );
  return differs.map(({ name, column }) =>
    breach("column", `${name}.${column.name}: ${column.type}, where ${first?.name} has ${first?.column.type}`),
  );
}

function ofForeignKey(key: ForeignKey, places: Asked["places"]): Breach[] {
  const [child, parent] = [places.get(key.table) ?? LOCAL, places.get(key.parent) ?? LOCAL];
  const fault = faultOf(key, child, parent);
  return fault === undefined ? [] : [breach("foreign key", `${key.table}.${key.name}: ${fault}`)];
}

function faultOf(key: ForeignKey, child: Place, parent: Place): string | undefined {
  if (child.kind === "distributed") return faultOfDistributed(key, child.by, parent);
  if (parent.kind === "distributed") return `from a ${child.kind} table to a distributed one`;
  if (child.kind === "reference" && parent.kind === "local" && !isPassive(key))
    return "from a reference table to a local one, with an action";
  return undefined;
}

function faultOfDistributed(key: ForeignKey, by: string, parent: Place): string | undefined {
  if (parent.kind === "local") return "from a distributed table to a local one";
  const at = key.columns.indexOf(by);
  if (parent.kind === "distributed" && (at < 0 || key.parentColumns[at] !== parent.by))
    return "between distributed tables without their columns";
  if (at >= 0 && actsOnColumn(key)) return "acts on the distribution column";
  return undefined;
}

const isPassive = ({ onDelete, onUpdate }: ForeignKey) => "ar".includes(onDelete) && "ar".includes(onUpdate);
const actsOnColumn = ({ onDelete, onUpdate }: ForeignKey) => "nd".includes(onDelete) || "ncd".includes(onUpdate);

/** Citus refuses a policy that asks another question, of its own tables and of local ones that foreign keys tie to a reference table. */
function policies({ tables }: Catalog, { places, foreignKeys }: Asked): Breach[] {
  const managed = new Set([...places].filter(([, { kind }]) => kind !== "local").map(([name]) => name));
  const tied = new Set([...places].filter(([, { kind }]) => kind === "reference").map(([name]) => name));
  for (let before = -1; before !== tied.size; ) {
    before = tied.size;
    for (const { table, parent } of foreignKeys)
      for (const [one, other] of [
        [table, parent],
        [parent, table],
      ] as const)
        if (tied.has(one) && !managed.has(other)) tied.add(other);
  }
  return tables
    .filter(({ name }) => managed.has(name) || tied.has(name))
    .flatMap(({ name, askingPolicies }) => askingPolicies.map((policy) => breach("policy", `${name}.${policy}`)));
}

function ofStatements({ routines }: Catalog, { places }: Asked): Breach[] {
  const spread = [...places].flatMap(([name, place]) => (place.kind === "distributed" ? [{ name, by: place.by }] : []));
  return routines.flatMap(({ name, source }) =>
    sayings(source, spread).map((saying) => breach("statement", `${name}: ${saying}`)),
  );
}

/** What is given up and is not there any more, so that the list says no more than is true. Where it was given up, nothing is asked. */
function staleGifts({ tables, foreignKeys }: Catalog, { given, slice }: Asked): Breach[] {
  const there = new Set([
    ...tables.flatMap(({ name, uniques, triggers }) =>
      [...uniques.map((unique) => unique.name), ...triggers].map((own) => `${name}.${own}`),
    ),
    ...foreignKeys.map(({ table, name }) => `${table}.${name}`),
  ]);
  if (tables.some(({ name }) => isLookup(name, { given, slice }))) return [];
  return [...Object.keys(given.constraints), ...Object.keys(given.triggers)]
    .map((name) => `${slice}.${name}`)
    .filter((name) => !there.has(name))
    .map((name) => breach("gone", `${name}: given up, and not there`));
}

const isLookup = (name: string, { given, slice }: Pick<Asked, "given" | "slice">) =>
  Object.keys(given.lookups).some((lookup) => qualified(slice, lookup) === name);
