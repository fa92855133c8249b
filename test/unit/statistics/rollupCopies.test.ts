import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const COPIES = { population: "0010", welfare: "0019", programs: "0016" };

test("the rules of roll-ups are one text in three schemas", () => {
  const texts = Object.entries(COPIES).map(([slice, number]) =>
    readFileSync(`drizzle/migrations/${slice}/${number}_rollups.sql`, "utf8").replaceAll(
      new RegExp(`\\b(hub_)?${slice}(_jobs)?\\b`, "g"),
      "$1slice$2",
    ),
  );
  expect(texts[0]?.length).toBeGreaterThan(5_000);
  expect(new Set(texts).size).toBe(1);
});
