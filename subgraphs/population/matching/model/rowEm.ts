import { LEAST, type MatchClass, type Shape, shapeOf, sharesOf, unflat } from "./model.ts";

/** Candidates of sampled rows. Pair p has levels `[p·C, p·C + C)`; row r has the pairs `[starts[r], starts[r+1])`. */
export interface Sample {
  readonly levels: Uint8Array;
  readonly starts: Int32Array;
  /** log of the expected number of look-alikes, a number a pair: measured, not learned, but for the errors that rows of these classes have. */
  readonly logOthers: (classes: readonly MatchClass[]) => Float64Array;
}

export interface Learned {
  readonly classes: readonly MatchClass[];
  /** People whose exact value a row carries although it is not theirs; null where rows have no exact value. */
  readonly borrowed: Borrowed | null;
  readonly matchRate: number;
  readonly rounds: number;
}

const MOST_ROUNDS = 60;
const ENOUGH = 1e-4;
/** Rows that hardly count for anything. */
const NEGLIGIBLE = 1e-4;

/** A relative's number, an invented one that exists, a typing error that hits a neighbour: `share` of the rows, and how their owners look. */
export interface Borrowed {
  readonly share: number;
  readonly u: readonly (readonly number[])[];
}

/** The comparison by which rows have an exact value, and how the owner of somebody else's looks in the fields that tell (null: learned). */
export interface ExactValue {
  readonly comparison: number;
  readonly telling: readonly (readonly number[] | null)[];
}

interface Given {
  /** Values that ought to be one's own; null: none. */
  readonly exact: ExactValue | null;
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
export function rowEm(sample: Sample, { comparisons, initial, matchRate, startRate, exact }: Given): Learned {
  const shape = shapeOf(comparisons);
  const rows = sample.starts.length - 1;
  const hits = exact === null ? null : new Hits(sample, comparisons, exact);
  let classes = initial;
  let rate = matchRate ?? startRate;
  for (let round = 1; ; round += 1) {
    const counts = classes.map(() => new Float64Array(shape.total));
    const weights = new Float64Array(classes.length);
    const measured = sample.logOthers(classes);
    const logOthers = hits?.withBorrowed(measured) ?? measured;
    const matched = expect({ ...sample, logOthers }, { classes, rate, shape }, { counts, weights, hits });
    hits?.learn();
    const next = classes.map((_, k) => ({
      share: (weights[k] as number) / matched,
      m: unflat(counts[k] as Float64Array, comparisons).map((levels) => sharesOf(levels, 0.5)),
    }));
    const nextRate = matchRate ?? Math.min(0.9999, Math.max(matched / Math.max(rows, 1), 1e-9));
    const change = Math.max(greatestChange(classes, next), Math.abs(nextRate - rate));
    classes = next;
    rate = nextRate;
    if (change < ENOUGH || round === MOST_ROUNDS)
      return { classes, matchRate: rate, rounds: round, borrowed: hits?.borrowed ?? null };
  }
}

/** A sample with its look-alikes worked out. */
type Measured = Omit<Sample, "logOthers"> & { readonly logOthers: Float64Array };

interface Into {
  readonly counts: Float64Array[];
  readonly weights: Float64Array;
  readonly hits: Hits | null;
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
    into.hits?.match(pair, part);
    const counts = into.counts[k] as Float64Array;
    for (let c = 0; c < width; c += 1) {
      const level = (shape.offsets[c] as number) + (levels[pair * width + c] as number);
      counts[level] = (counts[level] as number) + part;
    }
  }
  return matched;
}

/** The pairs that agree in the exact value without being accepted for it, and what they say about numbers that are not one's own. */
class Hits {
  borrowed: Borrowed;
  readonly #sample: Sample;
  readonly #comparisons: Given["comparisons"];
  readonly #pairs: readonly number[];
  readonly #exact: ExactValue;
  readonly #matched: Float64Array;

  constructor(sample: Sample, comparisons: Given["comparisons"], exact: ExactValue) {
    this.#sample = sample;
    this.#comparisons = comparisons;
    this.#exact = exact;
    const width = comparisons.length;
    const top = (comparisons[exact.comparison]?.levels ?? 0) - 1;
    const pairs = Array.from({ length: sample.starts.at(-1) ?? 0 }, (_, pair) => pair);
    this.#pairs = pairs.filter((pair) => sample.levels[pair * width + exact.comparison] === top);
    this.#matched = new Float64Array(pairs.length);
    this.borrowed = this.#measured();
  }

  match(pair: number, part: number): void {
    this.#matched[pair] = (this.#matched[pair] as number) + part;
  }

  /** As the sample's, with the owners of borrowed numbers among the others. */
  withBorrowed(measured: Float64Array): Float64Array {
    const logs = measured.slice();
    const { share, u } = this.borrowed;
    for (const pair of this.#pairs) {
      const own = u.reduce((product, levels, c) => {
        const level = this.#sample.levels[pair * u.length + c] as number;
        return level === 0 ? product : product * Math.max(levels[level] ?? 0, LEAST);
      }, share);
      logs[pair] = Math.log(Math.exp(logs[pair] as number) + own);
    }
    return logs;
  }

  learn(): void {
    this.borrowed = this.#measured();
    this.#matched.fill(0);
  }

  /** Every hit counts by as much as it is not a match. */
  #measured(): Borrowed {
    const { levels, starts } = this.#sample;
    const shape = shapeOf(this.#comparisons);
    const counts = new Float64Array(shape.total);
    let others = 0;
    for (const pair of this.#pairs) {
      const part = Math.max(0, 1 - (this.#matched[pair] as number));
      others += part;
      for (const [c, offset] of shape.offsets.entries()) {
        const at = offset + (levels[pair * shape.offsets.length + c] as number);
        counts[at] = (counts[at] as number) + part;
      }
    }
    const { comparison, telling } = this.#exact;
    const u = unflat(counts, this.#comparisons).map((one, c) => telling[c] ?? sharesOf(one, c === comparison ? LEAST : 0.5));
    return { share: Math.max(others / Math.max(starts.length - 1, 1), LEAST), u };
  }
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
