import { describe, expect, test } from "vitest";
import { waterfall } from "../../../../subgraphs/population/matching/decide/waterfall.ts";
import { type Model, sharesOf } from "../../../../subgraphs/population/matching/model/model.ts";
import { pairsEm } from "../../../../subgraphs/population/matching/model/pairsEm.ts";
import { plausibleClass, rowEm, type Sample } from "../../../../subgraphs/population/matching/model/rowEm.ts";
import { Scorer } from "../../../../subgraphs/population/matching/model/scorer.ts";
import { chanceOf } from "../../../../subgraphs/population/matching/table/hash.ts";
import { layoutOf, Table } from "../../../../subgraphs/population/matching/table/table.ts";

const COMPARISONS = [
  { name: "name", kind: "exact", levels: 4 },
  { name: "birth", kind: "exact", levels: 3 },
  { name: "village", kind: "exact", levels: 3 },
];
const M = [
  [0, 0.05, 0.25, 0.7],
  [0, 0.1, 0.9],
  [0, 0.2, 0.8],
];
const U = [
  [0, 0.95, 0.04, 0.01],
  [0, 0.99, 0.01],
  [0, 0.9, 0.1],
];
const drawn = (shares: readonly number[], chance: number): number => {
  let left = chance;
  for (let level = 1; level < shares.length; level += 1) {
    left -= shares[level] ?? 0;
    if (left < 0) return level;
  }
  return shares.length - 1;
};

/** Rows with ten candidates each; in `rate` of the rows the first is the person. Register of 10 look-alikes by chance. */
function simulated(rows: number, rate: number): Sample {
  const levels = new Uint8Array(rows * 10 * 3);
  const starts = Int32Array.from({ length: rows + 1 }, (_, row) => row * 10);
  for (let pair = 0; pair < rows * 10; pair += 1) {
    const isMatch = pair % 10 === 0 && chanceOf(1, 0, pair) < rate;
    for (let c = 0; c < 3; c += 1) levels[pair * 3 + c] = drawn((isMatch ? M : U)[c] ?? [], chanceOf(1, c + 1, pair));
  }
  const logs = Float64Array.from({ length: rows * 10 }, (_, pair) =>
    U.reduce((log, u, c) => log + Math.log(u[levels[pair * 3 + c] ?? 0] ?? 1), Math.log(10)),
  );
  return { levels, starts, logOthers: () => logs, hits: [], borrowed: () => [] };
}

describe("learning without labels", () => {
  test("finds how often rows have a match and how matches look, from rows that have one or none", () => {
    for (const rate of [0.2, 0.7]) {
      const learned = rowEm(simulated(20_000, rate), {
        comparisons: COMPARISONS,
        initial: [plausibleClass(COMPARISONS)],
        matchRate: null,
        startRate: 0.5,
      });
      expect(Math.abs(learned.matchRate - rate)).toBeLessThan(0.02);
      for (const [c, levels] of M.entries())
        for (const [level, m] of levels.entries())
          expect(Math.abs((learned.classes[0]?.m[c]?.[level] ?? 0) - m)).toBeLessThan(0.04);
    }
  });

  test("a match rate that is given is kept", () => {
    const given = { comparisons: COMPARISONS, initial: [plausibleClass(COMPARISONS)], matchRate: 0.4, startRate: 0.5 };
    expect(rowEm(simulated(2000, 0.7), given).matchRate).toBe(0.4);
  });

  test("numbers that are not one's own are told from slips: the owner agrees in nothing else", () => {
    const sample = simulated(20_000, 0.5);
    // every twentieth row's second candidate owns the number the row carries
    const hits = Array.from({ length: 1000 }, (_, i) => i * 200 + 1);
    const borrowed = () => [
      Float64Array.from(hits, (pair) => U.reduce((log, u, c) => log + Math.log(u[sample.levels[pair * 3 + c] ?? 0] ?? 1), 0)),
    ];
    const { borrowed: shares } = rowEm(
      { ...sample, hits, borrowed },
      {
        comparisons: COMPARISONS,
        initial: [plausibleClass(COMPARISONS)],
        matchRate: null,
        startRate: 0.5,
      },
    );
    expect(Math.abs((shares[0] ?? 0) - 0.05)).toBeLessThan(0.005);
  });

  test("pairs judged each for itself: m of a comparison comes from keys that do not fix it", () => {
    const pairs = 30_000;
    const patterns = new Map<string, number>();
    for (let pair = 0; pair < pairs; pair += 1) {
      const isMatch = chanceOf(2, 0, pair) < 0.3;
      const levels = M.map((_, c) => (c === 2 ? 2 : drawn((isMatch ? M : U)[c] ?? [], chanceOf(2, c + 1, pair))));
      const key = levels.join();
      patterns.set(key, (patterns.get(key) ?? 0) + 1);
    }
    const key = {
      levels: Uint8Array.from([...patterns.keys()].flatMap((pattern) => pattern.split(",").map(Number))),
      counts: Float64Array.from(patterns.values()),
      fixed: new Set([2]),
    };
    const { m } = pairsEm([key], { comparisons: COMPARISONS, u: U });
    expect(Math.abs((m[0]?.[3] ?? 0) - 0.7)).toBeLessThan(0.03);
    expect(Math.abs((m[1]?.[2] ?? 0) - 0.9)).toBeLessThan(0.03);
    expect(m[2]).toEqual(plausibleClass(COMPARISONS).m[2]);
  });
});

describe("a weight", () => {
  const register = new Table(layoutOf([]), 1);
  register.rows = 1;
  const scored = { register, frequencies: [], sizes: new Uint8Array(0) };
  const model: Model = {
    format: 1,
    normaliser: "1",
    measuredOn: "rows",
    comparisons: COMPARISONS,
    matchRate: 0.5,
    classes: [{ share: 1, m: M }],
    strata: [{ name: "random", others: 1000, shape: null, u: U, fixes: [] }],
    registerRows: 1000,
  };

  test("is the log odds of a match against the expected number of look-alikes, in bits", () => {
    const levels = Uint8Array.of(3, 2, 0);
    const expected = Math.log2((0.7 * 0.9) / (1000 * 0.01 * 0.01));
    expect(new Scorer(model, scored).weight(levels, 0, 0)).toBeCloseTo(expected, 10);
  });

  test("falls when relatives look alike too, and the explanation names them; its bars add up", () => {
    const household = {
      name: "household",
      others: 3,
      shape: null,
      u: [
        [0, 0.8, 0.15, 0.05],
        [0, 0.99, 0.01],
        [0, 0, 1],
      ],
      fixes: [],
    };
    const levels = Uint8Array.of(1, 2, 2);
    const alone = new Scorer(model, scored).weight(levels, 0, 0);
    const few = { name: "random", others: 10, shape: null, u: U, fixes: [] };
    const related = { ...model, strata: [few, household] };
    const scorer = new Scorer(related, scored);
    const weight = scorer.weight(levels, 0, 0);
    expect(weight).toBeLessThan(new Scorer({ ...model, strata: [few] }, scored).weight(levels, 0, 0));
    expect(weight).toBeGreaterThan(alone);
    const bars = waterfall(related, scorer, { levels, row: 0 });
    expect(bars.reduce((sum, { bits }) => sum + bits, 0)).toBeCloseTo(weight, 10);
    expect(bars.at(-1)?.bits).toBeLessThan(0);
    const sister = waterfall(related, scorer, { levels: Uint8Array.of(1, 1, 2), row: 0 }).at(-1);
    expect(sister).toMatchObject({ of: "lookAlikes", name: "household" });
  });

  test("on a clean register a relative's row has the file's slips too: a slip is no proof of a stranger", () => {
    const u = [
      [0, 0.9, 0.09, 0.01],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const household = { name: "household", others: 3, shape: null, u, fixes: [] };
    const few = { name: "random", others: 10, shape: null, u: U, fixes: [] };
    const slip = Uint8Array.of(1, 1, 1); // another village than the family's
    const lookAlikes = (measuredOn: "rows" | "register") =>
      Math.exp(new Scorer({ ...model, strata: [few, household], measuredOn }, scored).logOthers(slip, 0, 0));
    const strangers = 10 * 0.95 * 0.99 * 0.9;
    expect(lookAlikes("rows")).toBeCloseTo(strangers, 3);
    // brothers: another name, or the same name written otherwise; another date; the family's village with a slip
    const brothers = 3 * (0.9 + 0.01 * 0.05) * 1 * 0.2;
    expect(lookAlikes("register") - lookAlikes("rows")).toBeGreaterThan(brothers * 0.95);
  });

  test("shares add up to one, and level 0 has none", () => {
    const shares = sharesOf([7, 1, 2, 5], 0.5);
    expect(shares[0]).toBe(0);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });
});
