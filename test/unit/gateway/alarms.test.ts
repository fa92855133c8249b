import { beforeEach, expect, test } from "vitest";
import { createAlarms } from "../../../gateway/audit/alarms.ts";

const MINUTE = 60 * 1000;
let clock = 0;
let told: object[];
let alarms: ReturnType<typeof createAlarms>;
beforeEach(() => {
  told = [];
  alarms = createAlarms({ warn: (fields) => void told.push(fields) }, () => clock);
});
/** So many lookups of which so many, the last ones, miss. */
const ask = (count: number, missed: number, client = "a") => {
  for (let n = count; n > 0; n--)
    alarms.lookedUp(client, { lookups: ["x"], found: n <= missed ? [] : ["x"], missed: n <= missed ? ["x"] : [] });
};

test("T14 ten thousand guessed NIKs are one alarm an hour, with the client's name and no number of a person", () => {
  ask(10_000, 9_990);
  expect(told).toEqual([{ alarm: "LOOKUP_MISSES", client: "a", tried: 50, missed: 40 }]);
  clock += 60 * MINUTE;
  ask(10_000, 9_990);
  expect(told).toHaveLength(2);
});

test("a fifth of misses is none, one more is; fewer than fifty lookups tell nothing", () => {
  ask(49, 49);
  expect(told).toEqual([]);
  ask(100, 20, "b");
  expect(told).toEqual([]);
  ask(1, 1, "b");
  expect(told).toEqual([{ alarm: "LOOKUP_MISSES", client: "b", tried: 101, missed: 21 }]);
});

test("the misses of several clients, or of several hours, do not add up", () => {
  for (const client of ["a", "b", "c"]) ask(30, 30, client);
  clock += 61 * MINUTE;
  ask(30, 30);
  expect(told).toEqual([]);
});

test("questions that look nobody up are no sign of anything", () => {
  for (let n = 0; n < 100; n++) expect(alarms.lookedUp("a", { lookups: [], found: [], missed: [] })).toBeUndefined();
  expect(told).toEqual([]);
});

const niks = (...serials: number[]) => serials.map((serial) => `nik:351001234567${9000 + serial}`);
const sequential = (lookups: readonly string[], client = "a") =>
  alarms.lookedUp(client, { lookups, found: [], missed: lookups })?.sequential;

test("the record says how many NIKs stand beside one the client looked up lately, in this question or before", () => {
  expect(sequential(niks(100)), "the first is beside none").toBe(0);
  expect(sequential(niks(103, 107, 104)), "103 is beside 100, 107 beside none, 104 beside 103").toBe(2);
  expect(sequential(niks(104, 100)), "asked again").toBe(0);
  expect(sequential(["nik:351001234568" + "9101", "no_kk:3510012345679101", "0003a206-275c-8e26-a455-922295c800b9"])).toBe(0);
  expect(sequential(niks(101), "b"), "another client's are not his").toBe(0);
});

test("what a client looked up 256 NIKs ago is forgotten", () => {
  sequential(niks(1));
  for (let n = 0; n < 256; n++)
    sequential([`nik:3510012345${String(n).padStart(2, "0").slice(-2)}${String(9001 + n * 3).padStart(4, "0")}`]);
  expect(sequential(niks(2))).toBe(0);
});
