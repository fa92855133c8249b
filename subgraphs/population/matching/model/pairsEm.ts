import { LEAST, type MatchClass, shapeOf, sharesOf, unflat } from "./model.ts";
import { plausibleClass } from "./rowEm.ts";

/** Agreement patterns of the pairs one key brings together, and how often each occurs. */
export interface Patterns {
  /** Pattern p has levels `[p·C, p·C + C)`. */
  readonly levels: Uint8Array;
  readonly counts: Float64Array;
  /** Comparisons on the key's own columns: there all pairs agree, which says nothing. */
  readonly fixed: ReadonlySet<number>;
}

interface Given {
  readonly comparisons: readonly { readonly levels: number }[];
  /** Comparison → level → share among any two rows. */
  readonly u: readonly (readonly number[])[];
}

const MOST_ROUNDS = 100;
const ENOUGH = 1e-5;
const START_RATE = 0.3;

/**
 * m of pairs that are judged each for itself: expectation–maximisation on the patterns of all keys, each with a share of matches of its own and
 * without the comparisons it fixes, all with one m. A comparison that every key fixes keeps its plausible start.
 */
export function pairsEm(keys: readonly Patterns[], { comparisons, u }: Given): MatchClass {
  const shape = shapeOf(comparisons);
  const plausible = plausibleClass(comparisons).m;
  const learnable = comparisons.map((_, c) => keys.some(({ fixed, counts }) => counts.length > 0 && !fixed.has(c)));
  let m = plausible;
  let rates = keys.map(() => START_RATE);
  for (let round = 1; ; round += 1) {
    const found = new Float64Array(shape.total);
    const next = keys.map((patterns, k) => {
      const used = comparisons.flatMap((_, c) => (patterns.fixed.has(c) ? [] : [c]));
      const all = patterns.counts.reduce((sum, count) => sum + count, 0);
      const matches = expect(patterns, { m, u, rate: rates[k] as number, used, offsets: shape.offsets }, found);
      return Math.min(0.999, Math.max(matches / Math.max(all, 1), 1e-9));
    });
    const counted = unflat(found, comparisons).map((levels, c) => (learnable[c] ? sharesOf(levels, 0.1) : (plausible[c] ?? [])));
    const change = Math.max(greatest(rates, next), ...counted.map((levels, c) => greatest(m[c] ?? [], levels)));
    m = counted;
    rates = next;
    if (change < ENOUGH || round === MOST_ROUNDS) return { share: 1, m };
  }
}

interface State {
  readonly m: readonly (readonly number[])[];
  readonly u: readonly (readonly number[])[];
  readonly rate: number;
  readonly used: readonly number[];
  readonly offsets: readonly number[];
}

/** Adds the levels of every pattern by its share of matches; answers how many matches there are. */
function expect({ levels, counts }: Patterns, { m, u, rate, used, offsets }: State, found: Float64Array): number {
  let matches = 0;
  for (let p = 0; p < counts.length; p += 1) {
    let match = rate;
    let other = 1 - rate;
    for (const c of used) {
      const level = levels[p * offsets.length + c] as number;
      if (level === 0) continue;
      match *= Math.max(m[c]?.[level] ?? 0, LEAST);
      other *= Math.max(u[c]?.[level] ?? 0, LEAST);
    }
    const part = (match / (match + other)) * (counts[p] as number);
    matches += part;
    for (const c of used) {
      const at = (offsets[c] as number) + (levels[p * offsets.length + c] as number);
      found[at] = (found[at] as number) + part;
    }
  }
  return matches;
}

const greatest = (before: readonly number[], after: readonly number[]): number =>
  after.reduce((most, value, level) => Math.max(most, Math.abs(value - (before[level] ?? 0))), 0);

/** u without the matches among the random pairs it was measured on: where a tenth of all pairs are duplicates they would pass for chance. */
export function withoutMatches(u: readonly (readonly number[])[], { m }: MatchClass, rate: number): number[][] {
  return u.map((levels, c) => {
    const cleaned = levels.map((share, level) =>
      level === 0 ? 0 : Math.max(share - rate * (m[c]?.[level] ?? 0), share * 0.01, LEAST),
    );
    return sharesOf(cleaned, 0);
  });
}
