import { beforeEach, expect, test } from "vitest";
import { createAlarms } from "../../../gateway/audit/alarms.ts";

let alarms: ReturnType<typeof createAlarms>;
const SERVICE = { client: "a", officer: null };
beforeEach(() => {
  alarms = createAlarms();
});

test("the record says of how many an answer tells whether somebody has them, and how many nobody has", () => {
  expect(alarms.lookedUp(SERVICE, { lookups: ["x", "y", "z"], found: ["x"], missed: ["y"] })).toEqual({
    ...{ tried: 2, missed: 1, sequential: 0 },
  });
  expect(alarms.lookedUp(SERVICE, { lookups: [], found: [], missed: [] }), "nobody was looked up").toBeUndefined();
});

const niks = (...serials: number[]) => serials.map((serial) => `nik:351001234567${9000 + serial}`);
const sequential = (lookups: readonly string[], asker: Parameters<typeof alarms.lookedUp>[0] = SERVICE) =>
  alarms.lookedUp(asker, { lookups, found: [], missed: lookups })?.sequential;

test("the record says how many NIKs stand beside one the client looked up lately, in this question or before", () => {
  expect(sequential(niks(100)), "the first is beside none").toBe(0);
  expect(sequential(niks(103, 107, 104)), "103 is beside 100, 107 beside none, 104 beside 103").toBe(2);
  expect(sequential(niks(104, 100)), "asked again").toBe(0);
  expect(sequential(["nik:351001234568" + "9101", "no_kk:3510012345679101", "0003a206-275c-8e26-a455-922295c800b9"])).toBe(0);
  expect(sequential(niks(101), { client: "b", officer: null }), "another client's are not his").toBe(0);
});

test("people who come through one client are followed each by themselves", () => {
  const person = (officer: string) => ({ client: "konsol", officer });
  expect(sequential(niks(100), person("analis.bappenas"))).toBe(0);
  expect(sequential(niks(101), person("analis.kemensos")), "beside another person's").toBe(0);
  expect(sequential(niks(101), person("analis.bappenas")), "beside the own").toBe(1);
});

test("what a client looked up 256 NIKs ago is forgotten", () => {
  sequential(niks(1));
  for (let n = 0; n < 256; n++)
    sequential([`nik:3510012345${String(n).padStart(2, "0").slice(-2)}${String(9001 + n * 3).padStart(4, "0")}`]);
  expect(sequential(niks(2))).toBe(0);
});
