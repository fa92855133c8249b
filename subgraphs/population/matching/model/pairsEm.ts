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
 * m of pairs that are judged each for itself: expectation–maximisation on the patterns of each key, without the comparisons the key fixes, then
 * averaged over keys by how many matches each found. A comparison that every key fixes keeps its plausible start.
 */
export function pairsEm(keys: readonly Patterns[], { comparisons, u }: Given): MatchClass {
  const shape = shapeOf(comparisons);
  const sums = new Float64Array(shape.total);
  const weights = new Float64Array(comparisons.length);
  for (const patterns of keys) {
    const { m, matches } = oneKey(patterns, { comparisons, u });
    for (const [c, levels] of m.entries()) {
      if (patterns.fixed.has(c)) continue;
      weights[c] = (weights[c] as number) + matches;
      for (const [level, value] of levels.entries()) {
        const at = (shape.offsets[c] as number) + level;
        sums[at] = (sums[at] as number) + value * matches;
      }
    }
  }
  const plausible = plausibleClass(comparisons);
  const m = unflat(sums, comparisons).map((levels, c) => {
    const weight = weights[c] as number;
    return weight > 0 ? Array.from(levels, (value) => value / weight) : (plausible.m[c] as number[]);
  });
  return { share: 1, m };
}

function oneKey(patterns: Patterns, { comparisons, u }: Given): { m: number[][]; matches: number } {
  const shape = shapeOf(comparisons);
  const used = comparisons.flatMap((_, c) => (patterns.fixed.has(c) ? [] : [c]));
  const all = Math.max(
    patterns.counts.reduce((sum, count) => sum + count, 0),
    1,
  );
  let m = plausibleClass(comparisons).m as number[][];
  let rate = START_RATE;
  for (let round = 1; ; round += 1) {
    const found = new Float64Array(shape.total);
    const matches = expect(patterns, { m, u, rate, used, offsets: shape.offsets }, found);
    const next = unflat(found, comparisons).map((counted) => sharesOf(counted, 0.1));
    const nextRate = Math.min(0.999, Math.max(matches / all, 1e-9));
    const change = Math.max(Math.abs(nextRate - rate), ...used.map((c) => greatest(m[c] as number[], next[c] as number[])));
    m = next;
    rate = nextRate;
    if (change < ENOUGH || round === MOST_ROUNDS) return { m, matches };
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
