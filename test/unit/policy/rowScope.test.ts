import { describe, expect, test } from "vitest";
import { scopeOf } from "../../../schema/policy/rowScope.ts";

describe("row scope", () => {
  const scope = (regions: unknown, programs: unknown = null, decileMax: unknown = null) =>
    scopeOf({ regions, programs, decileMax });
  test.each<[string[], (readonly [string, string])[]]>([
    [["0"], [["0", "A"]]],
    [["35", "0"], [["0", "A"]]],
    [[], []],
    [["3510"], [["3510", "3511"]]],
    [["35.10"], [["3510", "3511"]]],
    [["3209"], [["3209", "320:"]]],
    [["3202", "3201"], [["3201", "3203"]]],
    [["32", "3201"], [["32", "33"]]],
    [["3201", "32"], [["32", "33"]]],
    [
      ["3201", "3273"],
      [
        ["3201", "3202"],
        ["3273", "3274"],
      ],
    ],
  ])("%j becomes ranges %j", (regions, ranges) => expect(scope(regions).regions).toEqual(ranges));

  test("every code below a region is in its range, and no other", () => {
    const [[from, before] = ["", ""]] = scope(["3209"]).regions;
    const inside = (code: string) => from <= code && code < before;
    expect(["3209", "3209010001", "32099"].every(inside)).toBe(true);
    expect(["3208", "3210", "32", "320"].some(inside)).toBe(false);
  });

  test.each<[string, unknown]>([
    ["nothing", null],
    ["no regions", { programs: null, decileMax: null }],
    ["regions that are numbers", { regions: [3510], programs: null, decileMax: null }],
    ["a region that is no code", { regions: ["35%"], programs: null, decileMax: null }],
    ["programs left out", { regions: ["0"], decileMax: null }],
    ["a region of three digits", { regions: ["351"], programs: null, decileMax: null }],
    ["half a decile", { regions: ["0"], programs: null, decileMax: 1.5 }],
    ["more ranges than the database takes", { regions: ["11", "13", "15", "17", "19"], programs: null, decileMax: null }],
  ])("%s is not understood and opens nothing", (_, written) => expect(() => scopeOf(written)).toThrow("row scope"));
});
