import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { inOneLoad } from "../../../../drizzle/copy.ts";
import { registerCubes } from "../../../../drizzle/registry/cubes.ts";
import { devAttestationKeys } from "../../../../subgraphs/kit/serve/config.ts";
import { takeRelease } from "../../../../subgraphs/statistics/publication/intake.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { cellOf, HOUSEHOLDS, linesOf, manyCells } from "../publisher/releaseKit.ts";

const { urls } = useDatabases({ empty: true });
const publication = () => urls.publication ?? "";
const take = (lines: Iterable<string> | AsyncIterable<string>) =>
  inOneLoad(publication(), (loader) => takeRelease(loader, lines, devAttestationKeys()));
const asPublisher = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(publication(), work);
const cells = () =>
  asPublisher(async (sql) => [
    ...(await sql`select region, parent, key, persons, units, total::text, is_public from statistics.cell order by cube, period, region, key`),
  ]);
const inForce = () =>
  asPublisher(async (sql) => [
    ...(await sql`select cube, period, number, cells, is_final from statistics.release where is_in_force order by cube, period`),
  ]);

const THREE = [cellOf(), cellOf({ region: "35" }), cellOf({ region: "35", key: ["2"], persons: null, units: null })];

beforeAll(() => registerCubes(urls.statistics.owner));

test("a release is in force whole, each cell below the region above it; a second time it changes nothing", async () => {
  const lines = linesOf(HOUSEHOLDS, THREE);
  expect(await take(lines)).toEqual({ isNew: true, ...HOUSEHOLDS, cells: 3 });
  const before = await cells();
  expect(before).toEqual([
    { region: "0", parent: null, key: ["1"], persons: null, units: 10, total: null, is_public: true },
    { region: "35", parent: "0", key: ["1"], persons: null, units: 10, total: null, is_public: true },
    { region: "35", parent: "0", key: ["2"], persons: null, units: null, total: null, is_public: true },
  ]);
  expect(await take(lines)).toMatchObject({ isNew: false, number: 1 });
  expect([await cells(), await inForce()]).toEqual([
    before,
    [{ cube: "REGISTRY_HOUSEHOLDS", period: "2026-10", number: 1, cells: 3, is_final: false }],
  ]);
});

test("a later release takes the place of the one before, cells and all, and an earlier one is not taken behind it", async () => {
  const third = { ...HOUSEHOLDS, number: 3 };
  expect(await take(linesOf(third, [cellOf({ region: "351016" })]))).toMatchObject({ isNew: true });
  expect(await cells()).toMatchObject([{ region: "351016", parent: "3510" }]);
  await expect(take(linesOf({ ...HOUSEHOLDS, number: 2 }, THREE))).rejects.toThrow("a later release is in force, number 3");
  expect(await inForce()).toMatchObject([{ number: 3, cells: 1 }]);
});

test("two releases never bear one number", async () => {
  const other = linesOf({ ...HOUSEHOLDS, number: 3 }, [cellOf({ units: 15 })]);
  await expect(take(other)).rejects.toThrow("another release bears the number 3");
});

test("what a month was when it was over is not replaced by what it was before", async () => {
  const over = { ...HOUSEHOLDS, period: "2026-09", number: 4, asOf: "2026-10-01T00:00:00Z", isFinal: true };
  await take(linesOf(over, THREE));
  await expect(take(linesOf({ ...over, number: 5, isFinal: false }, THREE))).rejects.toThrow("when it was over");
  await expect(take(linesOf({ ...over, period: "2026-10", number: 5 }, THREE))).rejects.toThrow("2026-10 was not over");
});

test("a partner's figures are kept as theirs, and those of a decree as they are", async () => {
  const funnel = { ...HOUSEHOLDS, cube: "PAYMENT_FUNNEL" };
  await take(linesOf(funnel, [cellOf({ key: ["PKH", "CREDITED", "NONE"], persons: 40, total: "7500000" })]));
  await take(linesOf({ ...HOUSEHOLDS, cube: "QUOTA" }, [cellOf({ key: ["PKH"], persons: 0, units: 3 })]));
  const kept = await asPublisher(async (sql) => [
    ...(await sql`select cube, persons, units, total::text, is_public from statistics.cell where cube in ('PAYMENT_FUNNEL', 'QUOTA') order by cube`),
  ]);
  expect(kept).toEqual([
    { cube: "PAYMENT_FUNNEL", persons: 40, units: 10, total: "7500000", is_public: false },
    { cube: "QUOTA", persons: 0, units: 3, total: null, is_public: true },
  ]);
});

describe("nothing is taken of a release", () => {
  const NEXT = { ...HOUSEHOLDS, number: 6 };
  const next = (...differences: object[]) =>
    linesOf(
      NEXT,
      differences.map((one) => ({ ...cellOf(), ...one })),
    );
  const whole = linesOf(NEXT, THREE);
  const hostile: readonly (readonly [what: string, lines: readonly string[], fault: string])[] = [
    ["that is empty", [], "line 1 is no head"],
    ["without a head", whole.slice(1), "line 1 is no head"],
    ["of a cube nobody registered", linesOf({ ...NEXT, cube: "EVERYONE_BY_NAME" }, THREE), "no cube EVERYONE_BY_NAME"],
    ["of no month", linesOf({ ...NEXT, period: "2026-13" }, THREE), "2026-13 is no month"],
    ["of a seventh number", linesOf({ ...NEXT, number: 7 }, THREE), "number 7 is none"],
    ["of half a number", linesOf({ ...NEXT, number: 5.5 }, THREE), "number 5.5 is none"],
    ["of no instant", linesOf({ ...NEXT, asOf: "yesterday" }, THREE), "yesterday is no instant"],
    ["with more in its head than belongs there", linesOf({ ...NEXT, nik: "3510" } as typeof NEXT, THREE), "line 1 is no head"],
    ["with more in a cell than belongs there", next({ name: "Siti" }), "line 2 is no cell"],
    ["with a line that is no JSON", [...whole.slice(0, 2), "{", ...whole.slice(2)], "line 3 is no cell"],
    ["of a region that is none", next({ region: "351" }), "line 2 is of a region"],
    [
      "of a region deeper than the cube",
      linesOf({ ...NEXT, cube: "QUOTA" }, [cellOf({ region: "351016", key: ["PKH"] })]),
      "line 2 is of a region QUOTA has not: 351016",
    ],
    ["with a code that is not registered", next({ key: ["11"] }), "line 2 has a decile that is not registered"],
    ["with a code too many", next({ key: ["1", "MALE"] }), "line 2 has not one code for each dimension"],
    [
      "with a total over programs, in which one person may stand twice",
      linesOf({ ...NEXT, cube: "BENEFICIARIES" }, [cellOf({ key: ["*"] })]),
      "line 2 has a program",
    ],
    ["with a key that would break out of its array", next({ key: ['1","2'] }), "line 2 has a decile"],
    ["that shows five households", next({}, { units: 5, key: ["2"] }), "line 3 shows fewer than 10 units"],
    [
      "that shows five persons",
      linesOf({ ...NEXT, cube: "RESIDENTS" }, [cellOf({ key: ["*", "*"], persons: 5 })]),
      "line 2 shows fewer than 10 persons",
    ],
    [
      "that shows persons beside five payments",
      linesOf({ ...NEXT, cube: "PAYMENT_FUNNEL" }, [cellOf({ key: ["PKH", "*", "*"], persons: 40, units: 5 })]),
      "line 2 shows fewer than 10 units",
    ],
    ["that shows how many live in households", next({ persons: 40 }), "line 2 shows persons, which REGISTRY_HOUSEHOLDS does not"],
    ["with an exact figure", next({ units: 11 }), "line 2 is not rounded"],
    [
      "with half a figure",
      linesOf({ ...NEXT, cube: "RESIDENTS" }, [cellOf({ key: ["*", "*"] })]),
      "line 2 has a figure that is no count",
    ],
    ["with a negative figure", next({ units: -5 }), "line 2 has a figure that is no count"],
    ["with a sum where the cube has none", next({ total: "1000" }), "line 2 has a sum"],
    [
      "that withholds a cell and shows its sum",
      linesOf({ ...NEXT, cube: "BUDGET" }, [cellOf({ key: ["PKH", "PAID"], persons: null, units: null, total: "1000" })]),
      "line 2 shows a sum of what it withholds",
    ],
    ["in which a cell stands twice", next({}, {}), "a cell stands in it twice"],
    ["that was cut", whole.slice(0, -1), "the last line is no attestation of welfare"],
    ["of which a line is missing", whole.filter((_, at) => at !== 2), "not those that welfare attested"],
    [
      "of which a figure was raised",
      whole.map((line) => line.replace('"units":10', '"units":15')),
      "not those that welfare attested",
    ],
    [
      "with lines in another order",
      [whole[0] ?? "", ...whole.slice(1, -1).reverse(), whole.at(-1) ?? ""],
      "not those that welfare attested",
    ],
    ["that another slice signed", linesOf(NEXT, THREE, { by: "programs" }), "no attestation of welfare"],
    ["that another slice signed in welfare's name", linesOf(NEXT, THREE, { signedAs: "programs" }), "no attestation of welfare"],
    ["whose attestation is of another kind", linesOf(NEXT, THREE, { kind: "TARGETS" }), "no attestation of welfare"],
    [
      "whose attestation is of another month",
      linesOf(NEXT, THREE, { says: { period: "2026-09" } }),
      "not those that welfare attested",
    ],
    [
      "whose attestation is about another number",
      linesOf(NEXT, THREE, { about: "REGISTRY_HOUSEHOLDS/2026-10/5" }),
      "not those that welfare attested",
    ],
  ];
  test.each(hostile)("%s", async (_, lines, fault) => {
    const before = [await cells(), await inForce()];
    await expect(take(lines)).rejects.toThrow(fault);
    expect([await cells(), await inForce()]).toEqual(before);
  });
});

test("a taker that is killed in the middle of a release leaves the one before in force, whole, and the next takes it anew", async () => {
  const number = 4;
  await take(linesOf({ ...HOUSEHOLDS, number }, THREE));
  const before = [await cells(), await inForce()];
  const script = fileURLToPath(new URL("./killed.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, publication(), "40000", "5"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [said] = await once(child.stdout, "data");
  expect(String(said)).toBe("half\n");
  child.kill("SIGKILL");
  await ended;
  expect([await cells(), await inForce()]).toEqual(before);
  expect(await take(linesOf({ ...HOUSEHOLDS, number: 5 }, manyCells(5000)))).toMatchObject({ isNew: true, cells: 5000 });
}, 60_000);
