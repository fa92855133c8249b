import { describe, expect, test } from "vitest";
import { JUDGED, judgedCode, rollUp, SEEN, seenCode, settledCode } from "../../../subgraphs/welfare/proposals/rollUp.ts";

/** Every non-empty set of codes. */
const setsOf = <Code>(codes: readonly Code[]): Code[][] =>
  Array.from({ length: 2 ** codes.length - 1 }, (_, n) => codes.filter((_, i) => (n + 1) & (1 << i)));

describe("field verification by its codes", () => {
  test("the regency passes what was seen: MK to Q2, MKa to Q1a, MKb to Q1b, and the dead and the counted twice to Q2a", () => {
    expect(judgedCode("MK", "CONFIRMED")).toBe("Q2");
    expect(judgedCode("MKa", "CONFIRMED")).toBe("Q1a");
    expect(judgedCode("MKb", "NOT_CONFIRMED")).toBe("Q1b");
    for (const seen of SEEN) {
      expect(judgedCode(seen, "DECEASED")).toBe("Q2a");
      expect(judgedCode(seen, "DUPLICATE")).toBe("Q2a");
    }
  });

  test("who is there is confirmed, with or without a document; who is not there is not, matched or not", () => {
    expect([seenCode("CONFIRMED", true), seenCode("CONFIRMED", false)]).toEqual(["MK", "MKa"]);
    expect([seenCode("WITHOUT_DOCUMENT", true), seenCode("WITHOUT_DOCUMENT", false)]).toEqual(["MK", "MKa"]);
    for (const gone of ["NOT_CONFIRMED", "DUPLICATE", "DECEASED"] as const) expect(seenCode(gone, true)).toBe("MKb");
  });

  test("only who is under repair is repaired or judged invalid", () => {
    expect([settledCode("Q1a", true), settledCode("Q1b", true)]).toEqual(["Q2", "Q2b"]);
    expect([settledCode("Q1a", false), settledCode("Q1b", false)]).toEqual(["Q2a", "Q2a"]);
    for (const code of [...SEEN, "Q2", "Q2a", "Q2b"]) expect(settledCode(code, true)).toBeNull();
  });

  test("all 31 sets of judged codes close, by the first of: Q1a, Q1b, passed, not passed", () => {
    const sets = setsOf(JUDGED);
    expect(sets).toHaveLength(31);
    const expected = (set: readonly string[]): string => {
      const passed = set.includes("Q2") || set.includes("Q2b");
      if (set.includes("Q1a") || (set.includes("Q1b") && passed)) return "C1";
      if (set.includes("Q1b")) return "C1a";
      return passed ? "C2" : "C2a";
    };
    for (const set of sets) expect(rollUp(set), set.join()).toBe(expected(set));
  });

  test("the combinations the original left open, and its vectors", () => {
    expect(rollUp(["Q2", "Q2a"])).toBe("C2");
    expect(rollUp(["Q2a"])).toBe("C2a");
    expect(rollUp(["Q1b"])).toBe("C1a");
    expect(rollUp(["Q1b", "Q2"])).toBe("C1");
    expect(rollUp(["Q2a", "Q2b"])).toBe("C2");
  });

  test("a household waits for as long as one candidate does", () => {
    for (const seen of SEEN) for (const set of [[], ...setsOf(JUDGED)]) expect(rollUp([seen, ...set])).toBe("M2");
  });
});
