import type { Column, Comparison, DerivationName, Expression, Key, LinkSpec } from "./spec.ts";

/** Pemadanan — how rows of a program's list are matched to the population register (Dukcapil): columns, comparisons and keys of matching.md §5 and §6. */

const column = (name: string, as: Column["as"]): Column => ({ name, as, format: null });
const COLUMNS: readonly Column[] = [
  column("nik", "nik"),
  column("familyCard", "familyCard"),
  column("name", "indonesianName"),
  column("mother", "indonesianName"),
  column("birth", "date"),
  column("birthPlace", "text"),
  column("village", "text"),
  column("sex", "text"),
];

const compare = (on: string, kind: Comparison["kind"], rest: Partial<Comparison> = {}): Comparison => ({
  on,
  kind,
  levels: [],
  max: 0,
  swapWith: null,
  termFrequency: false,
  repeats: null,
  ...rest,
});
const COMPARISONS: readonly Comparison[] = [
  compare("name", "indonesianName", { termFrequency: true }),
  compare("birth", "date"),
  compare("nik", "nik", { repeats: "birth" }),
  compare("mother", "indonesianName"),
  compare("village", "prefix", { levels: [10, 6, 4] }),
  compare("familyCard", "familyCard"),
  compare("birthPlace", "edit", { max: 2 }),
  compare("sex", "exact"),
];

const of = (name: string): Expression => ({ column: name });
const call = (name: DerivationName, inner: Expression, length = 0): Expression => ({ call: name, of: [inner], length });
const prefix = (inner: Expression, length: number) => call("prefix", inner, length);
const suffix = (inner: Expression, length: number) => call("suffix", inner, length);
const sortedSkeletons = (name: string) => call("sorted", call("skeleton", of(name)));
const district = prefix(of("village"), 6);
const regency = prefix(of("village"), 4);
const birthInNik = suffix(prefix(of("nik"), 12), 6);

const MAX_GROUP = 400;
const key = (...parts: readonly Expression[]): Key => ({ parts, maxGroup: MAX_GROUP });

/** Each finds candidates the others miss; together 99 % of the people who can be found (matching.md §5). */
const KEYS: readonly Key[] = [
  key(prefix(of("nik"), 12)),
  key(suffix(of("nik"), 10), call("firstSkeleton", of("name"))),
  key(prefix(of("nik"), 6), suffix(of("nik"), 4), sortedSkeletons("name")),
  key(birthInNik, call("firstSkeleton", of("name"))),
  key(of("familyCard")),
  key(call("firstSkeleton", of("name")), of("village"), call("nearYear", of("birth"))),
  key(call("firstSkeleton", of("mother")), call("firstSkeleton", of("name")), district),
  key(call("eitherDayMonth", of("birth")), call("firstSkeleton", of("name"))),
  key(of("birth"), call("lastSkeleton", of("name"))),
  key(call("eitherDayMonth", of("birth")), district),
  key(of("birth"), call("firstSkeleton", of("mother"))),
  key(sortedSkeletons("name"), of("village")),
  key(sortedSkeletons("name"), regency, call("year", of("birth"))),
  key(sortedSkeletons("mother"), of("village"), call("year", of("birth"))),
];

/** Who is taken for somebody else: people who share one of these are more alike than strangers (matching.md §4.1). */
const STRATA: readonly Key[] = [
  key(of("birth")),
  key(of("village")),
  key(of("name")),
  key(of("birth"), of("village")),
  key(of("birth"), district),
  key(of("birth"), call("firstSkeleton", of("name"))),
  key(of("name"), regency),
  key(prefix(of("nik"), 12)),
  key(of("mother"), district),
  key(of("familyCard")),
];

/** Levels of the name and birth date that an exact NIK needs beside it: the number alone is no proof (matching.md §2). */
const ACCEPTED = [{ name: 6 }, { name: 4, birth: 4 }, { name: 3, birth: 6 }];

export const PEMADANAN: LinkSpec = {
  mode: "link",
  columns: COLUMNS,
  derive: new Map(),
  comparisons: COMPARISONS,
  exact: { on: "nik", acceptWhen: ACCEPTED },
  blocking: { keys: KEYS, refineBy: [of("sex"), call("firstSkeleton", of("name")), regency] },
  strata: STRATA,
  training: { method: "row", keys: [], matchRate: null },
  decision: { cardinality: "many-to-one", link: 0.999, linkWeight: null, review: 0.5, margin: 4, calibrate: true },
  seed: 1,
};
