import type { FamilyRelation } from "../generated.ts";

interface Newcomer {
  readonly id: string;
  readonly relation: FamilyRelation;
  /** ISO day; null: unknown, after the known ones. */
  readonly birthDate: string | null;
}

const HIGHEST = 99;

/**
 * Numbers for newcomers of a family, by id: 01 the first head, 02 the first spouse, then children by birth date, then the others in the order given; never
 * one of `used`, whoever bore it. Pure. Throws when 99 do not suffice. `welfare.next_suffix` is the same rule for one, under a lock.
 */
export function assignSuffixes(newcomers: readonly Newcomer[], used: readonly string[] = []): ReadonlyMap<string, string> {
  const taken = new Set(used);
  const given = new Map<string, string>();
  let highest = Math.max(2, ...used.map(Number));
  for (const { id, relation } of [...newcomers].sort(inOrder)) {
    const own = OWN[relation];
    const isOwn = own !== undefined && !taken.has(own);
    if (!isOwn) highest += 1;
    const suffix = isOwn ? own : padded(highest);
    taken.add(suffix);
    given.set(id, suffix);
  }
  return given;
}

const OWN: { readonly [relation in FamilyRelation]?: string } = { HEAD: "01", SPOUSE: "02" };
const RANK: { readonly [relation in FamilyRelation]?: number } = { HEAD: 0, SPOUSE: 1, CHILD: 2 };
const LAST = 3;
/** Sorts after every day. */
const UNKNOWN = "9999";

function inOrder(a: Newcomer, b: Newcomer): number {
  const byRank = (RANK[a.relation] ?? LAST) - (RANK[b.relation] ?? LAST);
  if (byRank !== 0 || a.relation !== "CHILD") return byRank;
  return (a.birthDate ?? UNKNOWN).localeCompare(b.birthDate ?? UNKNOWN);
}

function padded(n: number): string {
  if (n > HIGHEST) throw new RangeError("the family has used up its 99 numbers");
  return String(n).padStart(2, "0");
}
