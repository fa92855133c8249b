import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PairStore, type ScoredPair } from "../../../../subgraphs/population/matching/link/pairs.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pairs-store-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const DECISIONS = ["none", "review", "link"] as const;
const pairOf = (number: number): ScoredPair => ({
  a: number % 1_000_003,
  b: number,
  weight: number / 7,
  margin: -number / 3,
  decision: DECISIONS[number % 3] ?? "none",
  levels: Uint8Array.of(number & 255, (number >> 8) & 255),
});

// 64 blocks of 65,536 stay in memory
test.each([0, 1, 65_536, 65_537, 4_194_304 + 150_000])(
  "%d pairs come back as they went in, in their order, and twice",
  (count) => {
    const store = new PairStore(2, join(folder, "rest"));
    for (let number = 0; number < count; number += 1) store.add(pairOf(number));
    expect(store.length).toBe(count);
    for (const _ of [1, 2]) {
      let seen = 0;
      let wrong = 0;
      store.each((pair, number) => {
        seen += 1;
        if (number !== seen - 1 || (number % 997 === 0 || number > count - 5 ? !isSame(pair, pairOf(number)) : pair.b !== number))
          wrong += 1;
      });
      expect([seen, wrong]).toEqual([count, 0]);
    }
    expect(readdirSync(folder)).toEqual([]);
    store.close();
  },
);

const isSame = (x: ScoredPair, y: ScoredPair): boolean =>
  JSON.stringify({ ...x, levels: [...x.levels] }) === JSON.stringify({ ...y, levels: [...y.levels] });
