import { expect, test } from "vitest";
import { awardFor, countComponents } from "../../../schema/aid/components.ts";
import { PKH } from "../../../schema/aid/pkh.ts";

const brought = (...components: string[]) => components.map((component) => ({ component }));
const counted = (...components: string[]) => countComponents(brought(...components), PKH).counted;
const amounts = (...components: string[]) => [12, 3, 2, 1].map((months) => awardFor(counted(...components), months));

test("the table of the decree: parts of a year are rounded down, each component by itself", () => {
  expect(amounts("PREGNANCY")).toEqual([3_000_000n, 750_000n, 500_000n, 250_000n]);
  expect(amounts("PRIMARY")).toEqual([900_000n, 225_000n, 150_000n, 75_000n]);
  expect(amounts("JUNIOR")).toEqual([1_500_000n, 375_000n, 250_000n, 125_000n]);
  expect(amounts("SENIOR")).toEqual([2_000_000n, 500_000n, 333_333n, 166_666n]);
  expect(amounts("ELDERLY")).toEqual([2_400_000n, 600_000n, 400_000n, 200_000n]);
  expect(amounts("RIGHTS_VIOLATION_VICTIM")).toEqual([10_800_000n, 2_700_000n, 1_800_000n, 900_000n]);
});

test("the dearest four of a family count and PRIMARY does not: 8,900,000 a year", () => {
  const { counted: kept, dropped } = countComponents(brought("PREGNANCY", "SENIOR", "JUNIOR", "PRIMARY", "ELDERLY"), PKH);
  expect(kept.map(({ component }) => component)).toEqual(["PREGNANCY", "ELDERLY", "SENIOR", "JUNIOR"]);
  expect(dropped).toEqual([{ component: "PRIMARY", why: "LIMIT_OF_FAMILY", limit: 4 }]);
  expect([12, 3, 2].map((months) => awardFor(kept, months))).toEqual([8_900_000n, 2_225_000n, 1_483_333n]);
});

test("a third small child does not count though there is room, and what the law does not pay says so", () => {
  const { counted: kept, dropped } = countComponents(
    brought("UNICORN", "EARLY_CHILDHOOD", "EARLY_CHILDHOOD", "EARLY_CHILDHOOD"),
    PKH,
  );
  expect(kept).toHaveLength(2);
  expect(dropped).toEqual([
    { component: "EARLY_CHILDHOOD", why: "LIMIT_OF_COMPONENT", limit: 2 },
    { component: "UNICORN", why: "NOT_PAID", limit: null },
  ]);
});

test("of one amount, the decree's order decides, then the suffix", () => {
  const people = [
    { component: "SEVERE_DISABILITY", suffix: "01" },
    { component: "ELDERLY", suffix: "02" },
    { component: "ELDERLY", suffix: "05" },
  ];
  expect(countComponents(people, PKH).counted.map(({ suffix }) => suffix)).toEqual(["02", "05", "01"]);
});

test("who brings nothing gets nothing", () => {
  expect(awardFor(counted(), 3)).toBe(0n);
});
