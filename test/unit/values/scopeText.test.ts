import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scopeOf, type WrittenScope } from "../../../schema/policy/rowScope.ts";
import { parseScope, printScope, reachesOf } from "../../../schema/policy/scopeText.ts";

const written = (more: Partial<WrittenScope> = {}): WrittenScope => ({
  regions: ["0"],
  programs: null,
  decileMax: null,
  ...more,
});

const regions = fc.uniqueArray(fc.constantFrom("11", "1101", "32", "3201", "320101", "3201012001", "35", "3510", "0"), {
  maxLength: 9,
});
const programs = fc.option(fc.uniqueArray(fc.constantFrom("PKH", "BPNT", "PBI_JK", "KIP", "K1"), { maxLength: 5 }));
const scopes: fc.Arbitrary<WrittenScope> = fc
  .record({ regions, programs, decileMax: fc.option(fc.integer({ min: 1, max: 10 })) })
  .filter((scope) => printScope(scope) !== null);

describe("a row scope as a text", () => {
  test("is short and reads as stewards write it", () => {
    expect(printScope(written())).toBe("r=0;p=*;d=*");
    expect(printScope(written({ regions: ["3510", "32"], programs: ["PKH", "BPNT"], decileMax: 4 }))).toBe(
      "r=32,3510;p=BPNT,PKH;d=4",
    );
    expect(printScope(written({ regions: [], programs: [] }))).toBe("r=;p=;d=*");
    expect(parseScope("r=3201,32;p=PKH;d=4")).toEqual({ regions: ["3201", "32"], programs: ["PKH"], decileMax: 4 });
  });

  test("opens the same rows when it is read again", () => {
    let [seen, limited] = [0, 0];
    fc.assert(
      fc.property(scopes, (scope) => {
        const again = parseScope(String(printScope(scope)));
        expect(again).not.toBeNull();
        const [one, other] = [scopeOf(scope), scopeOf(again)];
        expect({ ...other, programs: other.programs?.toSorted() }).toEqual({ ...one, programs: one.programs?.toSorted() });
        seen += 1;
        if (scope.programs !== null && scope.decileMax !== null) limited += 1;
      }),
    );
    expect([seen >= 100, limited > 10]).toEqual([true, true]);
  });

  test("is one however its codes are ordered, repeated, or named beside a region that holds them", () => {
    fc.assert(
      fc.property(scopes, fc.infiniteStream(fc.double({ noNaN: true })), (scope, draws) => {
        const shuffled = <T>(list: readonly T[]) =>
          [...list, ...list.slice(0, 1)]
            .map((item) => [Number(draws.next().value), item] as const)
            .sort(([a], [b]) => a - b)
            .map(([, item]) => item);
        const below = scope.regions.filter((code) => code.length === 2).map((code) => `${code}71`);
        const other = {
          ...scope,
          regions: shuffled([...scope.regions, ...below]),
          programs: scope.programs && shuffled(scope.programs),
        };
        expect(printScope(other)).toBe(printScope(scope));
      }),
    );
  });

  test("is none of a scope that no draft may have", () => {
    const bad: Partial<WrittenScope>[] = [
      { regions: ["3"] },
      { regions: ["32.01"] },
      { regions: ["32;p=*"] },
      { regions: ["11", "13", "15", "17", "19"] }, // more ranges than row-level security takes
      { programs: ["*"] },
      { programs: ["PKH,BPNT"] },
      { programs: [""] },
      { decileMax: 0 },
      { decileMax: 11 },
      { decileMax: 1.5 },
    ];
    expect(bad.map((more) => printScope(written(more)))).toEqual(bad.map(() => null));
  });

  test("is nothing else than a scope", () => {
    const bad = ["", "r=0", "r=0;p=*;d=*;", " r=0;p=*;d=*", "r=0;p=*;d=11", "r=0;p=*;d=0", "r=0;p=*;d=-1", "r=3;p=*;d=*"];
    const worse = ["r=0;p=pkh;d=*", "r=0;p=PKH,;d=*", "r=,;p=*;d=*", "r=0;p=*;d=*\n", "p=*;r=0;d=*", "r=11,13,15,17,19;p=*;d=*"];
    expect([...bad, ...worse].map(parseScope)).toEqual([...bad, ...worse].map(() => null));
    fc.assert(
      fc.property(fc.string(), (text) => {
        const scope = parseScope(text);
        return scope === null || printScope(scope) !== null;
      }),
    );
  });
});

describe("the reach of scopes", () => {
  test("is told from ten on, and what is no scope is not even counted", async () => {
    const asked: unknown[] = [];
    const counts = [10, 9, 0];
    const texts = ["r=0;p=*;d=*", "r=32;p=*;d=4", "r=35;p=PKH;d=*", "nonsense"];
    const reaches = await reachesOf(texts, async (scope) => counts[asked.push(scope) - 1] ?? 0);
    expect(reaches).toEqual(texts.map((scope, i) => ({ scope, rows: i === 0 ? 10 : null })));
    expect(asked).toEqual(texts.slice(0, 3).map((text) => scopeOf(parseScope(text))));
  });
});
