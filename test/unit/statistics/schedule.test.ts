import { describe, expect, test } from "vitest";
import { CUBES } from "../../../schema/statistics/cubes.ts";
import { beginningOf, lastNight, mondaysOf, monthAt } from "../../../subgraphs/statistics/publication/calendar.ts";
import {
  BUDGET,
  dueOf,
  type MonthStanding,
  slotsOf,
  UNIVERSES,
  type Universe,
} from "../../../subgraphs/statistics/publication/schedule.ts";

const universe = (code: string): Universe => UNIVERSES.find((one) => one.code === code) as Universe;
const at = (text: string) => new Date(`${text}+07:00`);
const STANDING: MonthStanding = { month: "2026-11", isClosed: false, number: 0, asOf: null };
const due = (code: string, now: string, standing: Partial<MonthStanding> = {}, event: string | null = null) =>
  dueOf(universe(code), { standings: [{ ...STANDING, ...standing }], event: event === null ? null : at(event), now: at(now) });
const DUE = [{ month: "2026-11", isFinal: false }];
const DUE_FINAL = [{ month: "2026-11", isFinal: true }];

test("months and nights are those of western Indonesia", () => {
  expect([monthAt(new Date("2026-10-31T16:59:59Z")), monthAt(new Date("2026-10-31T17:00:00Z"))]).toEqual(["2026-10", "2026-11"]);
  expect(beginningOf("2026-12", 1).toISOString()).toBe("2026-12-31T17:00:00.000Z");
  expect(mondaysOf("2026-11").map((day) => day.toISOString().slice(0, 10))).toEqual([
    "2026-11-01",
    "2026-11-08",
    "2026-11-15",
    "2026-11-22",
    "2026-11-29",
  ]);
  expect(mondaysOf("2026-06")).toHaveLength(4); // it begins on one
  expect(lastNight(at("2026-11-05T01:59:59"))).toEqual(at("2026-11-04T02:00:00"));
  expect(lastNight(at("2026-11-05T02:00:00"))).toEqual(at("2026-11-05T02:00:00"));
});

test("every cube is released with those it shares its rows with, by one slice, along one calendar", () => {
  expect(UNIVERSES.flatMap(({ cubes }) => cubes).sort()).toEqual(CUBES.map(({ code }) => code).sort());
  for (const { cubes } of UNIVERSES) {
    const [first, ...others] = CUBES.filter(({ code }) => cubes.includes(code));
    for (const other of others) expect([other.slice, other.isDated]).toEqual([first?.slice, first?.isDated]);
  }
  expect(universe("payment")).toMatchObject({ isWeekly: true, isDated: true });
});

test("no month has more instants than the budget has releases, in ten years", () => {
  const months = Array.from({ length: 120 }, (_, i) => monthAt(beginningOf("2026-01", i)));
  for (const one of UNIVERSES)
    for (const month of months) {
      const slots = slotsOf(one, month);
      expect(slots.length).toBeLessThanOrEqual(BUDGET);
      expect(slots).toEqual([...slots].sort((a, b) => a.getTime() - b.getTime()));
    }
});

describe("figures of a state", () => {
  test("are released when the month opens, and not again", () => {
    expect(due("household", "2026-11-01T00:00:05")).toEqual(DUE);
    expect(due("household", "2026-11-20T09:00:00", { number: 1, asOf: at("2026-11-01T00:00:05") })).toEqual([]);
  });
  test("are released when the month is over, once the slice has closed it", () => {
    const open = { number: 1, asOf: at("2026-11-01T00:00:05") };
    expect(due("household", "2026-12-01T00:00:05", open)).toEqual([]);
    expect(due("household", "2026-12-01T00:00:05", { ...open, isClosed: true })).toEqual(DUE_FINAL);
    expect(due("household", "2026-12-01T09:00:00", { number: 2, isClosed: true, asOf: at("2026-12-01T00:00:05") })).toEqual([]);
  });
  test("are released each Monday where somebody works by them", () => {
    const standing = { number: 1, asOf: at("2026-11-03T00:00:00") };
    expect(due("judged", "2026-11-08T23:59:59", standing)).toEqual([]);
    expect(due("judged", "2026-11-09T00:00:00", standing)).toEqual(DUE);
    expect(due("household", "2026-11-09T00:00:00", standing)).toEqual([]);
  });
  test("are released out of turn after a determination, as long as that takes no release from the calendar", () => {
    const after = "2026-11-10T09:00:00";
    const standing = { asOf: at("2026-11-01T00:00:05") };
    expect(due("household", "2026-11-10T10:00:00", { ...standing, number: 1 }, after)).toEqual(DUE);
    expect(due("household", "2026-11-10T10:00:00", { ...standing, number: 4 }, after)).toEqual(DUE);
    expect(due("household", "2026-11-10T10:00:00", { ...standing, number: 5 }, after)).toEqual([]);
    expect(due("household", "2026-11-10T10:00:00", { number: 2, asOf: at("2026-11-10T09:30:00") }, after)).toEqual([]);
    expect(
      due(
        "household",
        "2026-12-10T10:00:00",
        { number: 2, isClosed: true, asOf: at("2026-12-01T00:00:05") },
        "2026-12-05T00:00:00",
      ),
    ).toEqual([]);
  });
});

test("releases that were lost on the way are made again, and the last is kept for the end of the month", () => {
  expect(due("household", "2026-11-01T00:01:00", { number: 1 })).toEqual(DUE);
  expect(due("household", "2026-11-01T00:01:00", { number: 5 })).toEqual([]);
  expect(due("household", "2026-12-01T00:01:00", { number: 5, isClosed: true })).toEqual(DUE_FINAL);
  expect(due("household", "2026-12-01T00:01:00", { number: 6, isClosed: true })).toEqual([]);
});

describe("figures of payments", () => {
  test("go on after the month: they are told when it is over, a month and three months later", () => {
    const told = (asOf: string) => ({ number: 3, asOf: at(asOf) });
    expect(due("payment", "2026-12-01T00:00:05", told("2026-11-30T00:00:05"))).toEqual(DUE_FINAL);
    expect(due("payment", "2026-12-20T00:00:00", told("2026-12-01T00:00:05"))).toEqual([]);
    expect(due("payment", "2027-01-01T00:00:00", told("2026-12-01T00:00:05"))).toEqual(DUE_FINAL);
    expect(due("payment", "2027-03-01T00:00:00", told("2027-01-01T00:00:05"))).toEqual(DUE_FINAL);
    expect(due("payment", "2030-03-01T00:00:00", told("2027-03-01T00:00:05"))).toEqual([]);
  });
  test("of a month that is still to come are not told", () => {
    expect(due("payment", "2026-10-31T23:59:59")).toEqual([]);
  });
});
