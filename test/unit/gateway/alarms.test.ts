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
  for (let n = count; n > 0; n--) alarms.lookedUp(client, { tried: 1, missed: n <= missed ? 1 : 0 });
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
  for (let n = 0; n < 100; n++) alarms.lookedUp("a", { tried: 0, missed: 0 });
  expect(told).toEqual([]);
});
