import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Content } from "../../../schema/policy/content.ts";
import type { TableVerdict } from "../../../schema/policy/decisionTable.ts";
import { type Change, diffOf } from "../../../schema/policy/insight/diff/diff.ts";
import { verdictTurn } from "../../../schema/policy/insight/diff/verdictTurn.ts";
import { type InsightGround, tableOf } from "../../../schema/policy/insight/ground.ts";
import { kindInRow, type RowFacts } from "../../../schema/policy/masks.ts";
import { contentWith, GROUND, grantOf, SEEDED } from "../kit/contents.ts";
import { anyCatalogue, anyCeilings, anyRows } from "../kit/randomPolicy.ts";

const READER = contentWith({ grants: [grantOf("Person.fullName"), grantOf("Person.nik", { effect: "mask", maskFn: "last4" })] });
const diff = (differences: Partial<Content>): Change[] => diffOf(READER, { ...READER, version: 2, ...differences }, GROUND);
const told = (changes: readonly Change[]): unknown[] =>
  changes.map(({ kind, coordinate, term, sentence }) => [kind, coordinate ?? term, sentence.en]);

test("a renewal that says the same changes nothing", () => {
  for (const content of SEEDED) expect(diffOf(content, { ...content, version: 2 }, GROUND)).toEqual([]);
});

describe("grants", () => {
  test("a mask that is taken away uncovers: that is widening, whether its row goes or its effect", () => {
    const open = [grantOf("Person.fullName"), grantOf("Person.nik")];
    expect(told(diff({ grants: open }))).toEqual([
      ["WIDENED", "Person.nik", expect.stringMatching(/^Person\.nik \(NIK\): was masked \(last4\).*, becomes open/)],
    ]);
    const both = contentWith({ grants: [grantOf("SPECIFIC"), grantOf("Person.nik", { effect: "mask", maskFn: "last4" })] });
    const without = { ...both, grants: [grantOf("SPECIFIC")] };
    expect(diffOf(both, without, GROUND).map(({ kind, coordinate }) => [kind, coordinate])).toContainEqual([
      "WIDENED",
      "Person.nik",
    ]);
  });

  test("a further field widens, a field less narrows, and widening is told first", () => {
    expect(told(diff({ grants: [grantOf("Person.nik", { effect: "mask", maskFn: "last4" }), grantOf("Person.sex")] }))).toEqual([
      ["WIDENED", "Person.sex", expect.stringMatching(/^Person\.sex \(Jenis kelamin\): was not granted, becomes open/)],
      [
        "NARROWED",
        "Person.fullName",
        expect.stringMatching(/^Person\.fullName \(Nama lengkap\): was open.*, becomes not granted\.$/),
      ],
    ]);
  });

  test("a further threshold of a claim widens, one less narrows", () => {
    const asking = (...n: number[]) =>
      contentWith({ grants: [grantOf("Household.deciles", { effect: "claim", params: { n } })] });
    const turns = (some: number[], others: number[]) =>
      diffOf(asking(...some), asking(...others), GROUND).map(({ kind }) => kind);
    expect(turns([4], [4, 2])).toEqual(["WIDENED"]);
    expect(turns([4, 2], [4])).toEqual(["NARROWED"]);
    expect(turns([4], [2])).toEqual(["WIDENED"]);
  });

  test("a home for a grant narrows it, a wider home widens it, none at all widens it again", () => {
    const at = (home: string[] | null) =>
      contentWith({ grants: [grantOf("Person.fullName", { home, elsewhere: home && "initials" })] });
    const turn = (some: string[] | null, others: string[] | null) =>
      diffOf(at(some), at(others), GROUND).find(({ coordinate }) => coordinate === "Person.fullName")?.kind;
    expect(turn(null, ["3510"])).toBe("NARROWED");
    expect(turn(["3510"], ["35"])).toBe("WIDENED");
    expect(turn(["35"], ["3510"])).toBe("NARROWED");
    expect(turn(["3510"], ["3273"])).toBe("WIDENED");
    expect(turn(["3510"], null)).toBe("WIDENED");
  });

  test("two masks that meet in one row close it, so that to make one of them the other widens", () => {
    const masked = (ofDisabled: string): TableVerdict => ({
      effect: "allow",
      rows: [
        { kind: "last4", flag: "CHILD" },
        { kind: ofDisabled, flag: "DISABILITY" },
      ],
    });
    expect(verdictTurn(masked("initials"), masked("last4"))).toBe("WIDENED");
    expect(verdictTurn(masked("last4"), masked("initials"))).toBe("NARROWED");
  });

  test("a condition that falls widens; another clause is told, though nothing opens", () => {
    const on = (condition: string | null, clause = "Ps. 4") =>
      contentWith({ grants: [grantOf("Person.fullName", { condition, clause })] });
    expect(diffOf(on("officeHours"), on(null), GROUND).map(({ kind, term }) => [kind, term])).toEqual([["WIDENED", "condition"]]);
    expect(diffOf(on(null), on("officeHours"), GROUND).map(({ kind }) => kind)).toEqual(["NARROWED"]);
    expect(told(diffOf(on(null), on(null, "Ps. 5"), GROUND))).toEqual([
      ["CHANGED", "clause", "Person.fullName (OUTPUT): clause was Ps. 4, becomes Ps. 5."],
    ]);
  });

  test("a filter that may be used is told with its use", () => {
    const more = [...READER.grants, grantOf("Person.fullName", { use: "SORT" })];
    const changes = diff({ grants: more });
    expect(changes.length).toBeGreaterThan(0);
    for (const { kind, uses } of changes) expect([kind, uses]).toEqual(["WIDENED", ["SORT"]]);
  });
});

describe("terms", () => {
  const scope = (regions: string[], programs: string[] | null = null, decileMax: number | null = null) => ({
    rowScope: { regions, programs, decileMax },
  });
  test.each<[string, Partial<Content>, Partial<Content>, string, string]>([
    [
      "one regency of the country",
      scope(["0"]),
      scope(["3510"]),
      "NARROWED",
      "Regions: was the whole country, becomes regions 3510.",
    ],
    ["a province for its regency", scope(["3510"]), scope(["35"]), "WIDENED", "Regions: was regions 3510, becomes regions 35."],
    ["another regency", scope(["3510"]), scope(["3273"]), "WIDENED", "Regions: was regions 3510, becomes regions 3273."],
    ["one program of all", scope(["0"]), scope(["0"], ["PKH"]), "NARROWED", "Programs: was all programs, becomes programs PKH."],
    ["a decile more", scope(["0"], null, 4), scope(["0"], null, 5), "WIDENED", "Deciles: was deciles 1–4, becomes deciles 1–5."],
    ["no quota", { quota: 5 }, { quota: null }, "WIDENED", "Quota: was at most 5 persons a day, becomes no quota."],
    ["fewer persons", { quota: null }, { quota: 5 }, "NARROWED", "Quota: was no quota, becomes at most 5 persons a day."],
    [
      "a network of any",
      { addresses: [] },
      { addresses: ["10.0.0.0/8"] },
      "NARROWED",
      "Addresses: was from any address, becomes only from 10.0.0.0/8.",
    ],
    [
      "any document",
      { documents: "trusted" },
      { documents: "open" },
      "WIDENED",
      "Documents: was trusted documents only, becomes any document.",
    ],
    [
      "limits of its own for the hub's",
      {},
      { limits: { depth: 5, bodyBytes: 20_000 } },
      "NARROWED",
      "Limits of one question: was limits of one question: the hub's, becomes one question at most 20000 bytes, 5 levels deep; else the hub's limits.",
    ],
    [
      "one limit less, though another is stricter",
      { limits: { depth: 5, aliases: 9 } },
      { limits: { depth: 4 } },
      "WIDENED",
      "Limits of one question: was one question at most 5 levels deep, 9 aliases; else the hub's limits, becomes one question at most 4 levels deep; else the hub's limits.",
    ],
  ])("%s", (_, before, after, kind, sentence) => {
    const [change, ...more] = diffOf(contentWith(before), contentWith({ version: 2, ...after }), GROUND);
    expect([change?.kind, change?.sentence.en, more]).toEqual([kind, sentence, []]);
  });

  test("longer in force widens, a glass to break first narrows", () => {
    expect(told(diff({ validTo: "2028-01-01T00:00:00.000Z" }))).toEqual([
      ["WIDENED", "validTo", "Valid until: was 2027-01-01 07:00 WIB, becomes 2028-01-01 07:00 WIB."],
    ]);
    expect(diff({ armed: { minutes: 30, persons: 5 } }).map(({ kind }) => kind)).toEqual(["NARROWED"]);
    expect(diff({ verification: { ...READER.verification, floor: 75 } }).map(({ kind }) => kind)).toEqual(["WIDENED"]);
  });

  test("of a first version all is new: what is open, and its terms", () => {
    const changes = diffOf(null, READER, GROUND);
    expect(changes.flatMap(({ coordinate }) => coordinate ?? [])).toEqual(["Person.nik", "Person.fullName"]);
    expect(new Set(changes.map(({ kind }) => kind))).toEqual(new Set(["WIDENED"]));
    expect(changes.map(({ term }) => term)).toEqual(expect.arrayContaining(["regions", "quota", "validTo"]));
  });
});

const ORDER = ["allow", "mask", "pseudonym", "null", "deny"];
const levelIn = (verdict: TableVerdict, row: RowFacts): number => {
  if (verdict.effect === "deny") return ORDER.indexOf("deny");
  const kind = kindInRow(verdict.effect === "allow" ? null : verdict.kind, verdict.rows ?? [], row) ?? "allow";
  return ORDER.indexOf(ORDER.includes(kind) ? kind : "mask");
};
/** At home and elsewhere, of subjects with any flags. */
const ROWS: readonly RowFacts[] = ["3510161001", "3201011001"].flatMap((region) =>
  [[], ["CHILD"], ["DISABILITY"], ["CHILD", "DISABILITY"], ["STIGMA"], ["CHILD", "STIGMA"]].map((flags) => ({ region, flags })),
);
const VALUES = [1, 2, 3, 4, "any other"];
const takes = (verdict: TableVerdict, value: string | number): boolean =>
  verdict.effect === "allow" && (verdict.values?.includes(value) ?? true);
/** Whether any row shows more now, or anything can be asked that could not be before. */
const isLooser = (before: TableVerdict, after: TableVerdict): boolean =>
  ROWS.some((row) => levelIn(after, row) < levelIn(before, row)) ||
  VALUES.some((value) => takes(after, value) && !takes(before, value));

test("over any schema: equal rows change nothing, and widening is told exactly where a verdict got less strict", () => {
  let widened = 0;
  fc.assert(
    fc.property(anyCatalogue, anyCeilings, anyRows(), anyRows(), (catalogue, ceilings, some, others) => {
      const ground: InsightGround = {
        catalogue,
        controllers: {},
        ceilings: ceilings.map((rule) => ({ ...rule, prohibitedPurposes: [] })),
      };
      const [before, after] = [contentWith({ grants: some }), contentWith({ grants: others })];
      expect(diffOf(before, { ...before, version: 2 }, ground)).toEqual([]);
      const [was, is] = [tableOf(before, ground), tableOf(after, ground)];
      const judged = [...catalogue.entries.values()].filter(({ kind, guards }) => kind === "output" || guards.length > 0);
      const looser = judged.map(({ coordinate }) => coordinate).filter((one) => isLooser(was.verdict(one), is.verdict(one)));
      const changes = diffOf(before, after, ground).filter(({ coordinate }) =>
        judged.some((one) => one.coordinate === coordinate),
      );
      expect(changes.flatMap(({ kind, coordinate }) => (kind === "WIDENED" ? (coordinate ?? []) : [])).sort()).toEqual(
        looser.sort(),
      );
      widened += looser.length;
    }),
    { numRuns: 300 },
  );
  expect(widened).toBeGreaterThan(100);
});
