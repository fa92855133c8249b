import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { synth } from "../../../cli/data/synth.ts";
import { type FileRow, fileRows } from "../../../drizzle/synthetic/files/fileRows.ts";
import { drawRates, type Fault } from "../../../drizzle/synthetic/files/rates.ts";
import { SOURCES, type Source } from "../../../drizzle/synthetic/files/sources.ts";
import { REFERENCE_DATE } from "../../../drizzle/synthetic/people/compose.ts";
import { loadRegions, type Regions } from "../../../drizzle/synthetic/regions.ts";
import {
  type Household,
  householdsOf,
  openRegister,
  type RegisterPerson,
  registerRows,
} from "../../../drizzle/synthetic/register/register.ts";
import { parseNik } from "../../../schema/nik.ts";

const PEOPLE = 30_000;
const ABSENT = 0.17;
let regions: Regions;
let households: Household[];
let everyone: RegisterPerson[];
let registered: RegisterPerson[];
let rows: Record<Source, FileRow[]>;
const make = (seed: string, people = PEOPLE) => openRegister({ seed, people, regions, absent: ABSENT });
beforeAll(async () => {
  regions = await loadRegions();
  const register = make("unit");
  households = [...householdsOf(register)];
  everyone = households.flatMap(({ people }) => people);
  registered = [...registerRows(register)];
  const rowsOf = (source: Source) => [...fileRows({ seed: "unit", source }, register)];
  rows = { DTKS: rowsOf("DTKS"), PKH: rowsOf("PKH"), BPNT: rowsOf("BPNT"), BST: rowsOf("BST") };
});
const share = <T>(list: readonly T[], holds: (item: T) => boolean) => list.filter(holds).length / list.length;
const allRows = () => SOURCES.flatMap((source) => rows[source]);
const ofNik = (fault: Fault) => fault.startsWith("NIK_");

describe("the large register", () => {
  test("is the same for the same seed and another for another", () => {
    const written = (seed: string) => JSON.stringify([...registerRows(make(seed, 500))]);
    expect(written("a")).toBe(written("a"));
    expect(written("a")).not.toBe(written("b"));
  });

  test("has any run of households made alone just as in the whole", () => {
    const register = make("unit");
    let seen = 0;
    fc.assert(
      fc.property(fc.nat(households.length), fc.nat(40), (from, length) => {
        const alone = [...householdsOf(register, from, from + length)];
        expect(alone).toEqual(households.slice(from, from + length));
        seen += alone.length;
      }),
      { numRuns: 40, seed: 1 },
    );
    expect(seen).toBeGreaterThan(300);
  });

  test("has as many people as were asked for, in all provinces", () => {
    expect(new Set(everyone.map(({ person }) => person)).size / PEOPLE).toBeCloseTo(1, 2);
    expect(new Set(everyone.map(({ village }) => village.slice(0, 2))).size).toBe(38);
    expect(everyone.filter(({ village }) => regions.nameOf(village) === undefined || village.length !== 10)).toEqual([]);
  });

  test("can be nobody real, and each NIK and id is one record's", () => {
    const read = everyone.map(({ nik, birthDate, sex }) => {
      const stated = { birthDate, sex: sex === "L" ? "MALE" : "FEMALE" } as const;
      const parsed = parseNik(nik, {
        referenceDate: REFERENCE_DATE,
        allowSynthetic: true,
        isDistrict: regions.isDistrict,
        stated,
      });
      return "nik" in parsed ? parsed.nik : undefined;
    });
    expect(read.filter((nik) => nik === undefined || nik.serial < "9001")).toEqual([]);
    expect(read.filter((nik) => nik?.warnings.includes("REGION_UNKNOWN") || nik?.warnings.includes("SEX_DIFFERS"))).toEqual([]);
    const differing = share(read, (nik) => nik?.warnings.includes("BIRTH_DATE_DIFFERS") ?? false);
    expect(differing).toBeGreaterThan(0.001);
    expect(differing).toBeLessThan(0.015);
    for (const of of [({ nik }: RegisterPerson) => nik, ({ id }: RegisterPerson) => id])
      expect(new Set(everyone.map(of)).size).toBe(everyone.length);
  });

  test("counts serials as districts do: most people have one of the first five of their day", () => {
    expect(share(everyone, ({ nik }) => nik.slice(12) <= "9005")).toBeGreaterThan(0.75);
    const days = new Map<string, number>();
    for (const { nik } of everyone) days.set(nik.slice(0, 12), (days.get(nik.slice(0, 12)) ?? 0) + 1);
    expect(share([...days.values()], (people) => people > 1)).toBeGreaterThan(0.005);
  });

  test("knows movers, the dead, heaped birth dates and people registered twice", () => {
    const moved = share(everyone, ({ nik, village }) => nik.slice(0, 4) !== village.slice(0, 4));
    expect(moved).toBeGreaterThan(0.05);
    expect(moved).toBeLessThan(0.25);
    const dead = share(everyone, ({ state }) => state === "DECEASED");
    expect(dead).toBeGreaterThan(0.01);
    expect(dead).toBeLessThan(0.04);
    const old = everyone.filter(({ birthDate }) => birthDate < "1960");
    expect(share(old, ({ birthDate }) => ["12-31", "07-01"].includes(birthDate.slice(5)))).toBeGreaterThan(0.06);
    const seconds = everyone.filter(({ id, person }) => id !== person);
    expect(seconds.length).toBeGreaterThan(30);
    const firsts = new Map(everyone.map((record) => [record.id, record]));
    expect(seconds.filter(({ nik, person }) => firsts.get(person)?.nik === nik)).toEqual([]);
    expect(seconds.filter(({ person }) => firsts.get(person)?.person !== person)).toEqual([]);
  });

  test("has families that could be: mothers 15 to 60 years older, and mostly named as they are registered", () => {
    let children = 0;
    let exact = 0;
    for (const { people } of households) {
      const mother = people.find(({ relation, sex }) => ["HEAD", "SPOUSE"].includes(relation) && sex === "P");
      const own = people.filter(({ relation, motherName }) => relation === "CHILD" && motherName === mother?.name);
      children += mother ? people.filter(({ relation }) => relation === "CHILD").length : 0;
      exact += own.length;
      for (const child of own) {
        const gap = Number(child.birthDate.slice(0, 4)) - Number(mother?.birthDate.slice(0, 4));
        expect(gap).toBeGreaterThanOrEqual(15);
        expect(gap).toBeLessThanOrEqual(60);
      }
    }
    expect(exact / children).toBeGreaterThan(0.8);
    expect(exact / children).toBeLessThan(0.97);
  });

  test("has twins: siblings of one birth date", () => {
    const twins = households.filter(({ people }) => {
      const children = people.filter(({ relation, id, person }) => relation === "CHILD" && id === person);
      return new Set(children.map(({ birthDate }) => birthDate)).size < children.length;
    });
    expect(twins.length).toBeGreaterThan(20);
  });

  test("names people as their people do: many share a name, no name is everybody's, old Javanese bear one", () => {
    const bearers = new Map<string, number>();
    for (const { name } of registered) bearers.set(name, (bearers.get(name) ?? 0) + 1);
    expect(Math.max(...bearers.values()) / registered.length).toBeLessThan(0.0025);
    expect(bearers.size / registered.length).toBeLessThan(0.7);
    const of = (tradition: string) => registered.filter((record) => record.tradition === tradition);
    const javanese = of("javanese").filter(({ birthDate }) => birthDate < "1960");
    expect(share(javanese, ({ name }) => !name.includes(" "))).toBeGreaterThan(0.6);
    expect(
      share(of("balinese"), ({ name }) => /^(I|NI) (WAYAN|PUTU|GEDE|MADE|KADEK|NENGAH|NYOMAN|KOMANG|KETUT) /.test(name)),
    ).toBeGreaterThan(0.95);
    const batak = households.filter(({ people }) => people[0]?.tradition === "batak" && people.length > 2);
    const lastOf = (record: RegisterPerson | undefined) => record?.name.split(" ").at(-1);
    const father = (people: readonly RegisterPerson[]) => people.find(({ relation, sex }) => relation !== "CHILD" && sex === "L");
    const child = (people: readonly RegisterPerson[]) => people.find(({ relation }) => relation === "CHILD");
    const withBoth = batak.filter(({ people }) => father(people) && child(people));
    expect(share(withBoth, ({ people }) => lastOf(father(people)) === lastOf(child(people)))).toBeGreaterThan(0.85);
  });

  test("leaves the absent out, by person: whoever is absent has no record at all", () => {
    const absent = new Set(everyone.filter(({ isAbsent }) => isAbsent).map(({ person }) => person));
    expect(absent.size / PEOPLE).toBeCloseTo(ABSENT, 1);
    expect(registered.filter(({ person }) => absent.has(person))).toEqual([]);
    expect(registered.length).toBe(everyone.filter(({ isAbsent }) => !isAbsent).length);
  });
});

describe("the programs' files", () => {
  test("are the same for the same seed and others for another", () => {
    const register = make("a", 2000);
    const written = (seed: string) => JSON.stringify([...fileRows({ seed, source: "PKH" }, register)]);
    expect(written("a")).toBe(written("a"));
    expect(written("a")).not.toBe(written("b"));
  });

  test("carry the truth: a person of the country, and whether the register lacks them", () => {
    const people = new Map(everyone.map((record) => [record.person, record]));
    expect(allRows().filter(({ truth, isAbsent }) => people.get(truth)?.isAbsent !== isAbsent)).toEqual([]);
    for (const source of SOURCES) {
      expect(rows[source].map(({ row }) => row)).toEqual(rows[source].map((_, at) => at + 1));
      expect(share(rows[source], ({ isAbsent }) => isAbsent)).toBeGreaterThan(0.13);
      expect(share(rows[source], ({ isAbsent }) => isAbsent)).toBeLessThan(0.21);
    }
  });

  test("are as large as they are said to be", () => {
    for (const source of SOURCES) {
      const register = make("unit");
      const asked = [...fileRows({ seed: "unit", source, share: 0.05 }, register)].length / PEOPLE;
      expect(asked, source).toBeGreaterThan(0.035);
      expect(asked, source).toBeLessThan(0.065);
    }
    expect(rows.DTKS.length).toBeGreaterThan(2.5 * rows.PKH.length);
  });

  test("have the right NIK on four rows of five, and say what is wrong with the others", () => {
    const niks = new Map<string, string[]>();
    for (const { person, nik } of everyone) niks.set(person, [...(niks.get(person) ?? []), nik]);
    for (const source of SOURCES) {
      const isRight = ({ truth, nik }: FileRow) => niks.get(truth)?.includes(nik) ?? false;
      const right = share(rows[source], isRight);
      expect(right, source).toBeGreaterThan(0.76);
      expect(right, source).toBeLessThan(0.9);
      const once = rows[source].filter(({ truth }) => niks.get(truth)?.length === 1);
      expect(once.filter((row) => isRight(row) === row.faults.some(ofNik))).toEqual([]);
    }
  });

  test("show no NIK that a real person could have", () => {
    const real = allRows().filter(
      ({ nik }) => "nik" in parseNik(nik, { referenceDate: REFERENCE_DATE, allowSynthetic: false }) && nik.slice(12) !== "9000", // what a spreadsheet makes of 9001 to 9009: no district gets that far
    );
    expect(real).toEqual([]);
    expect(allRows().length).toBeGreaterThan(12_000);
  });

  test("suffer from every kind of fault, in no file alike", () => {
    const kinds = new Set(allRows().flatMap(({ faults }) => faults));
    const drawn = SOURCES.flatMap((source) => Object.values(drawRates("unit", source).kinds).flat());
    expect(new Set(drawn.map(([kind]) => kind)).size).toBeGreaterThan(35);
    expect(drawn.map(([kind]) => kind).filter((kind) => !kinds.has(kind))).toEqual([]);
    for (const kind of ["DUPLICATE", "NAME_OF_SPOUSE", "MOTHER_OTHER", "SEX_WRONG", "VILLAGE_MOVED"] as const)
      expect(kinds, kind).toContain(kind);
  });

  test("draw the shares of the kinds from wide ranges by seed: no two files teach the same", () => {
    const missing = Array.from({ length: 40 }, (_, seed) => {
      const { nik } = drawRates(String(seed), "DTKS").kinds;
      const total = nik.reduce((sum, [, weight]) => sum + weight, 0);
      return (nik.find(([kind]) => kind === "NIK_MISSING")?.[1] ?? 0) / total;
    });
    expect(Math.max(...missing) / Math.min(...missing)).toBeGreaterThan(3);
    expect(drawRates("1", "DTKS")).toEqual(drawRates("1", "DTKS"));
    expect(drawRates("1", "DTKS")).not.toEqual(drawRates("1", "PKH"));
  });

  test("have their faults together: by village, and in the same rows", () => {
    const wrong = share(rows.DTKS, ({ faults }) => faults.some(ofNik));
    const villages = new Map<string, FileRow[]>();
    for (const row of rows.DTKS) villages.set(row.village, [...(villages.get(row.village) ?? []), row]);
    const large = [...villages.values()].filter((list) => list.length >= 40);
    const spread = large.reduce((sum, list) => {
      const deviation = share(list, ({ faults }) => faults.some(ofNik)) - wrong;
      return sum + (deviation ** 2 * list.length) / (wrong * (1 - wrong)) / large.length;
    }, 0);
    expect(large.length).toBeGreaterThan(30);
    expect(spread).toBeGreaterThan(1.5); // 1 if rows failed one by one
    const others = ({ faults }: FileRow) => faults.filter((fault) => !ofNik(fault)).length;
    const mean = (list: readonly FileRow[]) => list.reduce((sum, row) => sum + others(row), 0) / list.length;
    const isWrong = ({ faults }: FileRow) => faults.some(ofNik);
    expect(mean(rows.DTKS.filter(isWrong))).toBeGreaterThan(1.2 * mean(rows.DTKS.filter((row) => !isWrong(row))));
  });

  test("overlap: many people are on several lists", () => {
    const lists = new Map<string, Set<Source>>();
    for (const source of SOURCES)
      for (const { truth } of rows[source]) lists.set(truth, (lists.get(truth) ?? new Set()).add(source));
    expect(share([...lists.values()], (sources) => sources.size > 1)).toBeGreaterThan(0.25);
    expect(share([...lists.values()], (sources) => sources.size > 2)).toBeGreaterThan(0.03);
  });

  test("write dates in the one format of the file", () => {
    const formats = {
      DTKS: /^\d{4}-\d\d-\d\d$/,
      PKH: /^\d\d-\d\d-\d{4}$/,
      BPNT: /^\d\d\/\d\d\/\d{4}$/,
      BST: /^\d{8}$/,
    };
    for (const source of SOURCES) {
      const dates = rows[source].filter(({ faults }) => !faults.includes("COLUMNS_SHIFTED")).map(({ birthDate }) => birthDate);
      expect(dates.filter((date) => date !== "" && !formats[source].test(date))).toEqual([]);
    }
  });
});

describe("hub synth", () => {
  const folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), "synth-")));
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  const read = (folder: string | undefined, name: string) => readFileSync(join(folder ?? "", `${name}.csv`), "utf8");

  test("writes the same bytes twice, the absent in the files but not in the register, and the truth of each row", async () => {
    for (const out of folders) expect(await synth(["--people", "3000", "--seed", "s", "--absent", "0.17", "--out", out])).toBe(0);
    for (const name of ["register", "dtks", "pkh", "bpnt", "bst", "truth"])
      expect(read(folders[0], name)).toBe(read(folders[1], name));
    const lines = (name: string) => read(folders[0], name).trimEnd().split("\n").slice(1);
    const ids = new Set(lines("register").map((line) => line.split(",")[0]));
    const truth = lines("truth").map((line) => line.split(","));
    const ofFiles = truth.filter(([file]) => file !== "register");
    expect(ofFiles.length).toBe(["dtks", "pkh", "bpnt", "bst"].flatMap(lines).length);
    expect(ofFiles.filter(([, , person, isAbsent]) => ids.has(person) === (isAbsent === "true"))).toEqual([]);
    expect(ofFiles.filter(([, , , isAbsent]) => isAbsent === "true").length).toBeGreaterThan(100);
  });

  test("says all that is wrong with its options", async () => {
    expect(await synth(["--people", "many", "--absent", "2"])).toBe(2);
  });
});
