import { describe, expect, test } from "vitest";
import { loadRegions } from "../../drizzle/synthetic/regions.ts";
import { fileOf } from "../../gateway/border/regions/files.ts";
import { CHANGES, HISTORY_FROM } from "../../schema/values/crosswalk/changes.ts";
import { BPS_TODAY } from "../../schema/values/crosswalk/codes.ts";
import {
  bpsCodeOf,
  CROSSWALK,
  codeOfToday,
  crosswalkOn,
  predecessorsOf,
  type RegionSpan,
  spanOf,
  spanOn,
  successorsOf,
} from "../../schema/values/crosswalk/crosswalk.ts";
import { oldCodeOf } from "../../schema/values/regionCode.ts";

// The numbers of BPS and Kemendagri with their history, without a hub: every number there and back, on every day anything changed.

const DAYS = [HISTORY_FROM, ...new Set(CHANGES.map(({ on }) => on)), "2026-11-23"];
const dayBefore = (day: string) => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
const codesOf = (spans: readonly RegionSpan[]) => spans.map(({ kemendagri }) => kemendagri);
const regenciesOn = (day: string) => crosswalkOn(day).filter(({ level }) => level === "REGENCY");

describe("the numbers", () => {
  test("are those of every province and regency of today's tree, each of BPS's given once", async () => {
    const today = (await loadRegions()).rows.filter(({ level }) => level === "PROVINCE" || level === "REGENCY");
    expect([...BPS_TODAY.keys()].sort()).toEqual(today.map(({ code }) => code).sort());
    expect([BPS_TODAY.size, new Set(BPS_TODAY.values()).size]).toEqual([38 + 514, 38 + 514]);
  });

  // domain.md §3.1, as counted in May 2022
  test("differ for 199 of 514 regencies, and 166 of those numbers are another's at Kemendagri", () => {
    const then = regenciesOn("2022-05-22");
    const ours = new Set(codesOf(then));
    const differing = then.filter(({ kemendagri, bps }) => kemendagri !== bps);
    expect([then.length, differing.length, differing.filter(({ bps }) => ours.has(bps)).length]).toEqual([514, 199, 166]);
  });

  test.each([
    ["1101", "1103"],
    ["1103", "1105"],
    ["3510", "3510"],
    ["91", "94"],
    ["9301", "9501"],
    ["9671", "9271"],
  ])("of Kemendagri's %s BPS's is %s", (kemendagri, bps) => {
    expect(bpsCodeOf(kemendagri)).toBe(bps);
    expect(spanOf("BPS", bps, "2026-11-23")?.kemendagri).toBe(kemendagri);
  });

  test("of districts and villages, and of regions nobody has heard of, are not made up", () => {
    expect(["351016", "3510161001", "9399", "97"].map(bpsCodeOf)).toEqual([null, null, null, null]);
  });
});

describe("there and back", () => {
  test("every number of either scheme leads to the other's and back, on every day anything changed", () => {
    let seen = 0;
    for (const day of DAYS.flatMap((one) => [one, dayBefore(one)]).filter((day) => day >= HISTORY_FROM))
      for (const span of crosswalkOn(day)) {
        const theirs = spanOf("KEMENDAGRI", span.kemendagri, day);
        expect([theirs, spanOf("BPS", theirs?.bps ?? "", day)]).toEqual([span, span]);
        seen += 1;
      }
    expect(seen).toBeGreaterThan(7_000);
  });

  test("from any day to today and back is where one came from, or what it was split from with others", () => {
    for (const span of crosswalkOn(HISTORY_FROM)) {
      const today = spanOn(span, "2026-11-23");
      expect(today.length, span.kemendagri).toBeGreaterThan(0);
      for (const one of today) expect(codesOf(spanOn(one, HISTORY_FROM))).toContain(span.kemendagri);
    }
  });

  test("successors and predecessors are each other's", () => {
    for (const span of CROSSWALK) {
      for (const next of successorsOf(span)) expect(predecessorsOf(next)).toContain(span);
      for (const last of predecessorsOf(span)) expect(successorsOf(last)).toContain(span);
      expect(successorsOf(span).length === 0, span.kemendagri).toBe(span.validTo === null);
      expect(predecessorsOf(span).length === 0, span.kemendagri).toBe(span.validFrom === null);
    }
  });
});

describe("the history", () => {
  test("counts provinces and regencies as they were", () => {
    const counts = DAYS.map((day) => [day, crosswalkOn(day).length - regenciesOn(day).length, regenciesOn(day).length]);
    expect(counts).toEqual([
      ["2012-01-01", 33, 497],
      ["2012-11-16", 34, 501],
      ["2013-01-11", 34, 508],
      ["2013-05-11", 34, 510],
      ["2013-06-10", 34, 511],
      ["2014-07-23", 34, 514],
      ["2022-07-25", 37, 514],
      ["2022-12-08", 38, 514],
      ["2026-11-23", 38, 514],
    ]);
  });

  test("splits Papua in four and Papua Barat in two, and finds the way back", () => {
    const old = (code: string) => spanOf("KEMENDAGRI", code, "2022-01-01") as RegionSpan;
    expect(spanOn(old("91"), "2023-01-01").map(({ kemendagri, bps }) => `${kemendagri}/${bps}`)).toEqual([
      "91/94",
      "93/95",
      "94/96",
      "95/97",
    ]);
    expect(codesOf(spanOn(old("92"), "2023-01-01"))).toEqual(["92", "96"]);
    expect(codesOf(spanOn(old("92"), "2022-08-01"))).toEqual(["92"]);
    const back = ["91", "93", "94", "95"].map((code) => spanOf("KEMENDAGRI", code, "2023-01-01") as RegionSpan);
    expect(back.map((span) => codesOf(spanOn(span, "2022-01-01")))).toEqual([["91"], ["91"], ["91"], ["91"]]);
  });

  test("renumbers the regencies of 2022 as the NIKs that keep the old numbers know them", () => {
    const renumbered = CHANGES.filter(({ on, after }) => on.startsWith("2022") && after[0]?.length === 4);
    expect(renumbered.length).toBe(26);
    for (const { before, after } of renumbered) expect(oldCodeOf(after[0] ?? "")).toBe(before[0]?.kemendagri);
  });

  test("follows what was split and renumbered through all of it", () => {
    const bulungan = spanOf("KEMENDAGRI", "6404", "2012-06-01") as RegionSpan;
    expect([bulungan.bps, codeOfToday(bulungan), bpsCodeOf(codeOfToday(bulungan))]).toEqual(["6407", "6501", "6502"]);
    const manokwari = spanOf("KEMENDAGRI", "9202", "2012-06-01") as RegionSpan;
    expect(codesOf(spanOn(manokwari, "2026-01-01"))).toEqual(["9202", "9211", "9212"]);
  });

  test("says of every span that began within it by which law", () => {
    for (const { validFrom, basis, kemendagri } of CROSSWALK)
      expect([kemendagri, basis === null]).toEqual([kemendagri, validFrom === null]);
    for (const { basis } of CHANGES) expect(basis).toMatch(/^UU \d+\/20\d\d(, UU \d+\/20\d\d)*$/);
  });
});

test("a file of the crosswalk is made once however many ask for it, and days nobody asks for are not kept for ever", () => {
  const known = { rows: [], receipt: undefined };
  const first = fileOf(known, { form: "json", asOf: null });
  expect(fileOf(known, { form: "json", asOf: null })).toBe(first);
  for (let day = 0; day < 50; day++) fileOf(known, { form: "csv", asOf: `day ${day}` });
  expect(fileOf(known, { form: "json", asOf: null })).not.toBe(first);
});
