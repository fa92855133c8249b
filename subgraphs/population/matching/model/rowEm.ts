import { Lenders } from "./lenders.ts";
import { LEAST, type MatchClass, type Shape, shapeOf, sharesOf, unflat } from "./model.ts";

/** Candidates of sampled rows. Pair p has levels `[p·C, p·C + C)`; row r has the pairs `[starts[r], starts[r+1])`. */
export interface Sample {
  readonly levels: Uint8Array;
  readonly starts: Int32Array;
  /** log of the expected number of look-alikes, a number a pair: measured, not learned, but for the errors that rows of these classes have. */
  readonly logOthers: (classes: readonly MatchClass[]) => Float64Array;
  /** The pairs that agree in the exact value; the rows were not accepted for it. */
  readonly hits: readonly number[];
  /** For each kind of owner of a value that is not the row's own: log of how likely the levels of each hit are. */
  readonly borrowed: (classes: readonly MatchClass[]) => readonly Float64Array[];
}

export interface Learned {
  readonly classes: readonly MatchClass[];
  /** Share of rows that carry somebody else's exact value, by whose it is: in the order of the sample's `borrowed`. */
  readonly borrowed: readonly number[];
  readonly matchRate: number;
  readonly rounds: number;
}

const MOST_ROUNDS = 60;
const ENOUGH = 1e-4;
/** Rows that hardly count for anything. */
const NEGLIGIBLE = 1e-4;

interface Given {
  readonly comparisons: readonly { readonly levels: number }[];
  readonly initial: readonly MatchClass[];
  /** Known share of rows with a match; null: learned, from `startRate`. */
  readonly matchRate: number | null;
  readonly startRate: number;
}

/**
 * Expectation–maximisation in which a row has one match or none: with likelihood ratios L over its candidates, candidate k is the match with
 * g = L_k / ((1−λ) + ΣL). Without this constraint EM takes "same household" for "same person".
 */
export function rowEm(sample: Sample, { comparisons, initial, matchRate, startRate }: Given): Learned {
  const shape = shapeOf(comparisons);
  const rows = sample.starts.length - 1;
  const lenders = new Lenders(sample);
  let classes = initial;
  let rate = matchRate ?? startRate;
  for (let round = 1; ; round += 1) {
    const counts = classes.map(() => new Float64Array(shape.total));
    const weights = new Float64Array(classes.length);
    const logOthers = lenders.among(sample.logOthers(classes), sample.borrowed(classes));
    const matched = expect({ ...sample, logOthers }, { classes, rate, shape }, { counts, weights, lenders });
    lenders.learn();
    const next = classes.map((_, k) => ({
      share: (weights[k] as number) / matched,
      m: unflat(counts[k] as Float64Array, comparisons).map((levels) => sharesOf(levels, 0.5)),
    }));
    const nextRate = matchRate ?? Math.min(0.9999, Math.max(matched / Math.max(rows, 1), 1e-9));
    const change = Math.max(greatestChange(classes, next), Math.abs(nextRate - rate));
    classes = next;
    rate = nextRate;
    if (change < ENOUGH || round === MOST_ROUNDS) return { classes, matchRate: rate, rounds: round, borrowed: lenders.shares };
  }
}

/** A sample with its look-alikes worked out. */
type Measured = Pick<Sample, "levels" | "starts"> & { readonly logOthers: Float64Array };

interface Into {
  readonly counts: Float64Array[];
  readonly weights: Float64Array;
  readonly lenders: Lenders;
}

interface State {
  readonly classes: readonly MatchClass[];
  readonly rate: number;
  readonly shape: Shape;
}

/** Adds every pair, by its share, to the counts of its levels; answers the expected number of matches. */
function expect(sample: Measured, { classes, rate, shape }: State, into: Into): number {
  const { levels, logOthers, starts } = sample;
  const width = shape.offsets.length;
  const logs = classes.map(({ share, m }) => ({
    share: Math.log(Math.max(share, LEAST)),
    m: Float64Array.from(m.flat(), (value) => (value > 0 ? Math.log(Math.max(value, LEAST)) : 0)),
  }));
  let most = 0;
  for (let row = 0; row + 1 < starts.length; row += 1)
    most = Math.max(most, (starts[row + 1] as number) - (starts[row] as number));
  const ratios = new Float64Array(most * classes.length);
  let matched = 0;
  for (let row = 0; row + 1 < starts.length; row += 1) {
    const from = starts[row] as number;
    const to = starts[row + 1] as number;
    let sum = 1 - rate;
    for (let pair = from; pair < to; pair += 1) {
      for (let k = 0; k < classes.length; k += 1) {
        const { share, m } = logs[k] as (typeof logs)[number];
        let log = share - (logOthers[pair] as number);
        for (let c = 0; c < width; c += 1)
          log += m[(shape.offsets[c] as number) + (levels[pair * width + c] as number)] as number;
        const ratio = rate * Math.exp(Math.min(log, 600));
        ratios[(pair - from) * classes.length + k] = ratio;
        sum += ratio;
      }
    }
    matched += share(sample, { from, to, sum, ratios, shape }, into);
  }
  return Math.max(matched, 1e-9);
}

interface Shared {
  readonly from: number;
  readonly to: number;
  readonly sum: number;
  readonly ratios: Float64Array;
  readonly shape: Shape;
}

function share({ levels }: Pick<Measured, "levels">, { from, to, sum, ratios, shape }: Shared, into: Into): number {
  const width = shape.offsets.length;
  const classes = into.counts.length;
  let matched = 0;
  for (let at = 0; at < (to - from) * classes; at += 1) {
    const part = (ratios[at] as number) / sum;
    matched += part;
    const k = at % classes;
    into.weights[k] = (into.weights[k] as number) + part;
    if (part < NEGLIGIBLE) continue;
    const pair = from + Math.floor(at / classes);
    into.lenders.match(pair, part);
    const counts = into.counts[k] as Float64Array;
    for (let c = 0; c < width; c += 1) {
      const level = (shape.offsets[c] as number) + (levels[pair * width + c] as number);
      counts[level] = (counts[level] as number) + part;
    }
  }
  return matched;
}

function greatestChange(before: readonly MatchClass[], after: readonly MatchClass[]): number {
  let most = 0;
  for (const [k, { m }] of after.entries())
    for (const [c, levels] of m.entries())
      for (const [level, value] of levels.entries()) most = Math.max(most, Math.abs(value - (before[k]?.m[c]?.[level] ?? 0)));
  return most;
}

/** Where learning starts when nothing is known: equal is likely, each step away from it less. */
export function plausibleClass(comparisons: readonly { readonly levels: number }[]): MatchClass {
  const m = comparisons.map(({ levels }) =>
    sharesOf(
      Array.from({ length: levels }, (_, level) =>
        level === 0 ? 0 : level === levels - 1 ? 0.9 : (0.1 / (levels - 2)) * (1 + level / levels),
      ),
      0,
    ),
  );
  return { share: 1, m };
}

/** The same class with its odds drawn together: where a second, worse kind of rows starts. */
export function blurred({ m }: MatchClass, share: number): MatchClass {
  return {
    share,
    m: m.map((levels) =>
      sharesOf(
        levels.map((value) => (value > 0 ? value ** 0.4 : 0)),
        0,
      ),
    ),
  };
}
