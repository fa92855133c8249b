import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readLinkConfig } from "../../../../subgraphs/population/matching/link/config/config.ts";
import { runLink } from "../../../../subgraphs/population/matching/link/run.ts";
import { chanceOf } from "../../../../subgraphs/population/matching/table/hash.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pairs-complete-"));
  writeFileSync(join(folder, "left.csv"), csvOf(rowsOf(1, 60)));
  writeFileSync(join(folder, "right.csv"), csvOf(rowsOf(2, 40)));
});
afterAll(() => rmSync(folder, { recursive: true }));

const NAMES = "Anna Annie Björn Chloe Cloe David Davide Emma Ema".split(" ");
const TOWNS = "Bergen Berlin Bern Oslo Paris".split(" ");
const pick = (values: readonly string[], chance: number) => values[Math.floor(chance * values.length)] ?? "";

/** Rows of few values, so that every level occurs; a sixth of the fields is missing. */
function rowsOf(seed: number, count: number): string[][] {
  return Array.from({ length: count }, (_, row) => {
    const chance = (field: number) => chanceOf(seed, field, row);
    const birth = `19${60 + Math.floor(chance(3) * 5)}-0${1 + Math.floor(chance(4) * 4)}-0${1 + Math.floor(chance(5) * 4)}`;
    const fields = [pick(NAMES, chance(1)), pick(TOWNS, chance(2)), birth, String(150 + Math.floor(chance(6) * 12))];
    return [String(row), ...fields.map((field, i) => (chance(10 + i) < 1 / 6 ? "" : field)), "x"];
  });
}
const FIELDS = ["name", "town", "birth", "height", "all"];
const csvOf = (rows: readonly string[][]) => [["id", ...FIELDS], ...rows].map((row) => `${row.join(",")}\n`).join("");

/** Any model will do: what is asked is whether its pairs are all there. */
const LEVELS = [4, 3, 8, 5];
const model = (isLink: boolean) => ({
  format: 1,
  normaliser: "1",
  measuredOn: isLink ? "register" : "rows",
  comparisons: ["name", "town", "birth", "height"].map((name, c) => ({
    name,
    kind: ["jaroWinkler", "exact", "date", "numeric"][c],
    levels: LEVELS[c],
  })),
  matchRate: 0.05,
  classes: [0.8, 0.2].map((share) => ({ share, m: LEVELS.map((levels) => ramp(levels, share * 4)) })),
  strata: [{ name: "random", others: isLink ? 60 : 1, shape: null, u: LEVELS.map((levels) => ramp(levels, -2)), fixes: [] }],
  registerRows: 60,
});
function ramp(levels: number, slope: number): number[] {
  const raw = Array.from({ length: levels }, (_, level) => (level === 0 ? 0 : Math.exp((slope * level) / levels)));
  return raw.map((value) => value / raw.reduce((sum, one) => sum + one, 0));
}

const CONFIG = {
  left: { path: "left.csv", id: "id" },
  columns: { name: {}, town: {}, birth: { as: "date" }, height: { as: "numeric" }, all: {} },
  comparisons: [
    { on: "name", kind: "jaroWinkler", levels: [0.85], termFrequency: true },
    { on: "town", kind: "exact" },
    { on: "birth", kind: "date" },
    { on: "height", kind: "numeric" },
  ],
  training: { model: "model.json" },
  decision: { link: 0.9, margin: 0 },
};

/** Pair → its weight. */
async function pairsOf(change: object, name: string): Promise<Map<string, string>> {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify({ ...CONFIG, ...change }));
  await runLink(await readLinkConfig(path), () => {});
  const lines = readFileSync(join(folder, "pairs.csv"), "utf8").trimEnd().split("\n").slice(1);
  return new Map(
    lines.map((line) => line.split(",right.csv,").join(",").split(",")).map(([a, b, weight]) => [`${a} ${b}`, weight ?? ""]),
  );
}

describe.each([
  ["link", 2400],
  ["dedupe", 1770],
] as const)("to %s", (mode, all) => {
  const isLink = mode === "link";
  const right = isLink ? { path: "right.csv", id: "id" } : undefined;
  const run = (minWeight: number, blocking: object) => {
    writeFileSync(join(folder, "model.json"), JSON.stringify(model(isLink)));
    return pairsOf({ mode, right, blocking, output: { pairs: "pairs.csv", minWeight } }, mode);
  };
  const everything = { keys: ["all"], maxGroup: 10_000 };

  test("a key that all rows share finds every pair there is, each once", async () => {
    expect((await run(-1000, everything)).size).toBe(all);
  });

  test.each([0.05, 0.3, 0.7, 0.95])(
    "least weights: at the one that parts off a share of %d, the rest is there and no more",
    async (share) => {
      const every = await run(-1000, everything);
      const weights = [...new Set([...every.values()].map(Number))].sort((x, y) => x - y);
      const place = Math.floor(share * weights.length);
      const least = ((weights[place - 1] ?? Number.NaN) + (weights[place] ?? Number.NaN)) / 2;
      const wanted = [...every].filter(([, weight]) => Number(weight) >= least);
      expect(wanted.length).toBeLessThan(every.size);
      expect([...(await run(least, everything))].sort()).toEqual(wanted.sort());
    },
  );

  test("keys bring exactly the rows together that share one of them, whatever they are", async () => {
    const every = await run(-1000, everything);
    const [left, other] = [rowsOf(1, 60), isLink ? rowsOf(2, 40) : rowsOf(1, 60)];
    const found = await run(-1000, { keys: [["town", "prefix(name,3)"], "birth"] });
    const meets = (a: string[] = [], b: string[] = []) => {
      const isSame = (x = "", y = "") => x !== "" && x === y;
      const start = (row: string[]) => row[1]?.toUpperCase().replace("Ö", "O").slice(0, 3);
      return (isSame(a[2], b[2]) && isSame(start(a), start(b))) || isSame(a[3], b[3]);
    };
    const expected = [...every.keys()].filter((pair) => {
      const [a, b] = pair.split(" ").map(Number);
      return meets(left[a ?? -1], other[b ?? -1]);
    });
    expect(expected.length).toBeGreaterThan(20);
    expect([...found.keys()].sort()).toEqual(expected.sort());
  });
});
