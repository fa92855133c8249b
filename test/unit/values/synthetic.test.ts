import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type Batch, type Marker, planBatches } from "../../../drizzle/synthetic/batches.ts";
import { suffixesOf } from "../../../drizzle/synthetic/household.ts";
import type { MadeEnrolment, MadeHousehold, MadeMember } from "../../../drizzle/synthetic/model.ts";
import { ageOf, REFERENCE_DATE } from "../../../drizzle/synthetic/people/compose.ts";
import { createIssuer } from "../../../drizzle/synthetic/people/issue.ts";
import { dtks } from "../../../drizzle/synthetic/ranks.ts";
import { loadRegions, type Regions } from "../../../drizzle/synthetic/regions.ts";
import { makeHouseholds } from "../../../drizzle/synthetic/seed.ts";
import { parseNik } from "../../../schema/nik.ts";
import { isRetiredRegion } from "../../../schema/values/regionCode.ts";

const config = { seed: "unit", households: 4000 };
let regions: Regions;
let households: MadeHousehold[];
let members: MadeMember[];
let enrolments: MadeEnrolment[];
beforeAll(async () => {
  regions = await loadRegions();
  households = [...makeHouseholds(regions, config)];
  members = households.flatMap(({ families }) => families.flatMap((family) => family.members));
  enrolments = households.flatMap((household) => household.enrolments);
});
const share = <T>(list: readonly T[], holds: (item: T) => boolean) => list.filter(holds).length / list.length;

describe("the made-up population", () => {
  test("is the same for the same seed and another for another", () => {
    const first = (seed: string) => JSON.stringify([...makeHouseholds(regions, { seed, households: 50 })]);
    expect(first("a")).toBe(first("a"));
    expect(first("a")).not.toBe(first("b"));
  });

  test("can be nobody real: every NIK has a serial no district issues, and each is one person's", () => {
    const faults = members.filter(
      ({ person }) => !("nik" in parseNik(person.nik, { referenceDate: REFERENCE_DATE, allowSynthetic: true })),
    );
    expect(faults).toEqual([]);
    expect(members.filter(({ person }) => person.nik.slice(12) < "9001")).toEqual([]);
    expect(new Set(members.map(({ person }) => person.nik)).size).toBe(members.length);
    expect(members.length).toBeGreaterThan(12_000);
  });

  test("claims no NIK that a real person could have", () => {
    const real = members.filter(
      ({ claimedNik }) =>
        claimedNik !== null && "nik" in parseNik(claimedNik, { referenceDate: REFERENCE_DATE, allowSynthetic: false }),
    );
    expect(real).toEqual([]);
  });

  test("has NIKs that agree with sex, and nearly always with the day of birth", () => {
    const read = members.map(({ person }) => {
      const stated = { birthDate: person.birthDate, sex: person.sex };
      const parsed = parseNik(person.nik, {
        referenceDate: REFERENCE_DATE,
        allowSynthetic: true,
        isDistrict: regions.isDistrict,
        stated,
      });
      return "nik" in parsed ? parsed.nik.warnings : ["?"];
    });
    expect(share(read, (warnings) => warnings.includes("SEX_DIFFERS"))).toBe(0);
    expect(share(read, (warnings) => warnings.includes("REGION_UNKNOWN"))).toBe(0);
    expect(share(read, (warnings) => warnings.includes("BIRTH_DATE_DIFFERS"))).toBeLessThan(0.01);
  });

  test("keeps the old region code in NIKs given before the split of Papua", () => {
    const born = members.filter(({ person }) => isRetiredRegion(person.nik.slice(0, 6)));
    expect(born.length).toBeGreaterThan(50);
    expect(
      born.filter(({ person }) => person.birthDate >= "2022-07-25" || BigInt(person.nik) < BigInt(Number.MAX_SAFE_INTEGER)),
    ).toEqual([]);
  });

  test("lives in real villages of all 38 provinces, with a share in Banyuwangi", () => {
    expect(households.filter(({ region }) => regions.nameOf(region) === undefined || region.length !== 10)).toEqual([]);
    expect(new Set(households.map(({ region }) => region.slice(0, 2))).size).toBe(38);
    expect(households.filter(({ region }) => region.startsWith("3510")).length).toBeGreaterThanOrEqual(0.03 * config.households);
  });

  test("has families that could be: one head, parents older than children, suffixes once each", () => {
    for (const { families } of households)
      for (const family of families) {
        expect(family.members.filter(({ relation }) => relation === "HEAD")).toHaveLength(1);
        expect(new Set(family.members.map(({ suffix }) => suffix)).size).toBe(family.members.length);
        const mother = family.members.find(({ relation, person }) => relation === "SPOUSE" && person.sex === "FEMALE");
        const children = family.members.filter(({ relation }) => relation === "CHILD");
        if (!mother) continue;
        const gaps = children.map(({ person }) => ageOf(mother.person.birthDate) - ageOf(person.birthDate));
        expect(gaps.every((gap) => gap >= 17 && gap <= 44)).toBe(true);
        expect(children.every(({ person }) => person.motherName === mother.person.fullName)).toBe(true);
      }
  });

  test("has people of all ages, none in the future", () => {
    const ages = members.map(({ person }) => ageOf(person.birthDate));
    expect(Math.min(...ages)).toBe(0);
    expect(Math.max(...ages)).toBeLessThan(100);
    expect(members.every(({ person }) => person.birthDate <= REFERENCE_DATE)).toBe(true);
    expect(share(ages, (age) => age < 15)).toBeGreaterThan(0.15);
    expect(share(ages, (age) => age >= 60)).toBeGreaterThan(0.05);
  });

  test("is matched like the registry was: 84 of 100, 14 not, 2 dead", () => {
    const of = (status: string) => share(members, ({ matchStatus }) => matchStatus === status);
    expect(of("MATCHED")).toBeCloseTo(0.84, 1);
    expect(of("DECEASED")).toBeCloseTo(0.02, 1);
    expect(members.filter(({ matchStatus, person }) => (matchStatus === "DECEASED") === person.isAlive)).toEqual([]);
  });

  test("is ranked: a tenth of the ranked households in each decile, in both DTSEN versions; DTKS knows four", () => {
    for (const versionId of ["DTSEN-2026-Q3", "DTSEN-2026-Q2"]) {
      const ranked = households.flatMap(({ rankings }) => rankings.filter((ranking) => ranking.versionId === versionId));
      const counts = Array.from({ length: 10 }, (_, i) => ranked.filter(({ decile }) => decile === i + 1).length);
      expect(ranked.length).toBe(config.households * 0.98);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
    const old = households.flatMap(({ rankings }) => rankings.filter(({ versionId }) => versionId.startsWith("DTKS")));
    expect(new Set(old.map(({ decile }) => decile))).toEqual(new Set([1, 2, 3, 4, null]));
  });

  test("earns more in higher deciles", () => {
    const mean = (decile: number) => {
      const incomes = households
        .filter((household) => household.decile === decile)
        .flatMap(({ monthlyIncome }) => monthlyIncome ?? []);
      return incomes.reduce((sum, income) => sum + income, 0) / incomes.length;
    };
    const means = Array.from({ length: 10 }, (_, i) => mean(i + 1));
    expect(means).toEqual([...means].sort((a, b) => a - b));
  });
});

describe("aid in the made-up population", () => {
  const of = (program: string) => enrolments.filter((enrolment) => enrolment.program === program);

  test("goes to matched, living people below the ceilings, and some stand in line", () => {
    const served = new Map(members.map((member) => [member.person.id, member]));
    expect(
      enrolments.filter(
        ({ personId }) => served.get(personId)?.matchStatus !== "MATCHED" || !served.get(personId)?.person.isAlive,
      ),
    ).toEqual([]);
    for (const [program, ceiling] of [
      ["PKH", 4],
      ["BPNT", 5],
      ["PBI_JK", 5],
    ] as const)
      expect(
        households.filter(
          ({ decile, enrolments: own }) => (decile ?? 99) > ceiling && own.some((enrolment) => enrolment.program === program),
        ),
      ).toEqual([]);
    for (const program of ["PKH", "BPNT", "PBI_JK", "KIP", "KIP_KULIAH", "BST"]) expect(of(program).length).toBeGreaterThan(20);
    for (const program of ["PKH", "BPNT", "PBI_JK"])
      expect(of(program).filter(({ state }) => state === "WAITING").length).toBeGreaterThan(20);
  });

  test("nobody is twice in a program, and BST never stood beside PKH or BPNT", () => {
    const keys = enrolments.map(({ program, personId }) => `${program}/${personId}`);
    expect(new Set(keys).size).toBe(keys.length);
    const beside = of("BST").filter(({ personId }) =>
      enrolments.some((other) => other.personId === personId && ["PKH", "BPNT"].includes(other.program)),
    );
    expect(beside).toEqual([]);
    expect(
      of("BST").filter(
        ({ endedOn, payments }) => endedOn !== "2021-08-31" || payments.some(({ endsOn }) => endsOn > "2021-08-31"),
      ),
    ).toEqual([]);
  });

  test("is paid in the latest two to six periods, newest first, to the third quarter of 2026", () => {
    const active = enrolments.filter(({ state }) => state === "ACTIVE");
    expect(active.filter(({ payments }) => payments.length < 2 || payments.length > 6)).toEqual([]);
    expect(
      active.filter(({ payments }) =>
        payments.some((payment, at) => at > 0 && payment.startsOn >= (payments[at - 1]?.startsOn ?? "")),
      ),
    ).toEqual([]);
    expect(
      active.filter(({ payments }) =>
        payments.some(
          ({ creditedOn, startsOn }) => creditedOn !== null && (creditedOn < startsOn || creditedOn > REFERENCE_DATE),
        ),
      ),
    ).toEqual([]);
    expect(new Set(of("PKH").map(({ payments }) => payments[0]?.period))).toEqual(new Set(["2026-Q3", undefined]));
    expect(new Set(of("PBI_JK").map(({ payments }) => payments[0]?.period))).toEqual(new Set(["2026-09", undefined]));
    expect(new Set(of("BPNT").flatMap(({ payments }) => payments.map(({ amount }) => amount)))).toEqual(new Set([600_000]));
  });
});

describe("rules of the field", () => {
  test("the seventh of a family is 07; without a spouse 02 stays free", () => {
    const family = (...relations: ("HEAD" | "SPOUSE" | "CHILD" | "OTHER")[]) =>
      suffixesOf(relations.map((relation) => ({ relation })));
    expect(family("HEAD", "SPOUSE", "CHILD", "CHILD", "CHILD", "CHILD", "CHILD")).toEqual([
      "01",
      "02",
      "03",
      "04",
      "05",
      "06",
      "07",
    ]);
    expect(family("HEAD", "CHILD", "CHILD")).toEqual(["01", "03", "04"]);
    expect(family("HEAD", "OTHER", "CHILD")).toEqual(["01", "04", "03"]);
  });

  test.each([
    [0, 0, 1],
    [0.1, 10, 1],
    [0.11, 11, 2],
    [0.399, 40, 4],
    [0.41, 41, null],
    [0.999, 100, null],
  ])("DTKS standing %d is percentile %i, decile %s", (at, percentile, decile) => {
    expect(dtks(at)).toEqual({ percentile, decile });
  });
});

describe("a population made in batches", () => {
  /** What `steps` ask for, one after the other, as seeds of databases would. */
  const inSteps = (steps: readonly number[]): Batch[] => {
    const held: Marker[] = [];
    for (const households of steps) {
      const added = planBatches([{ slice: "population", held }], { seed: "unit", households }).slice(held.length);
      for (const batch of added) held.push({ batch: batch.number, seed: batch.seed, households: batch.households, persons: 1 });
    }
    return planBatches([{ slice: "population", held }], { seed: "unit", households: 0 });
  };
  const numbersOf = (made: readonly MadeHousehold[]) => {
    const families = made.flatMap((household) => household.families);
    const people = families.flatMap((family) => family.members);
    return {
      niks: people.map(({ person }) => person.nik),
      cards: families.map(({ card }) => card.number),
      registered: families.map(({ registryNumber }) => registryNumber),
      ids: [...made, ...families, ...families.map(({ card }) => card), ...people, ...people.map(({ person }) => person)].map(
        ({ id }) => id,
      ),
    };
  };
  const twice = (list: readonly string[]) => list.length - new Set(list).size;

  test("reaches the largest number asked for, and gives no number or id twice, whatever the steps", () => {
    let seen = 0;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 5 }), (steps) => {
        const batches = inSteps(steps);
        const issuer = createIssuer();
        const made = batches.flatMap((batch) => [...makeHouseholds(regions, batch, issuer)]);
        expect(made).toHaveLength(Math.max(...steps));
        for (const list of Object.values(numbersOf(made))) expect(twice(list)).toBe(0);
        seen += batches.length;
      }),
      { numRuns: 40, seed: 1 },
    );
    expect(seen).toBeGreaterThan(60);
  });

  test("would give the same NIK to two people if a later batch did not know the earlier ones", () => {
    const batches = inSteps([3000, 6000]);
    const issuer = createIssuer();
    const [knowing, unknowing] = [issuer, undefined].map(
      (shared) => numbersOf(batches.flatMap((batch) => [...makeHouseholds(regions, batch, shared ?? createIssuer())])).niks,
    );
    expect(twice(unknowing ?? [])).toBeGreaterThan(0);
    expect([knowing?.length === unknowing?.length, twice(knowing ?? [])]).toEqual([true, 0]);
  });

  test("starts with the very households of a population made at once", () => {
    const [first] = inSteps([40, 90]);
    expect(JSON.stringify([...makeHouseholds(regions, first as Batch)])).toBe(
      JSON.stringify([...makeHouseholds(regions, { seed: "unit", households: 40 })]),
    );
    expect(new Set(inSteps([40, 90, 120]).map(({ seed }) => seed)).size).toBe(3);
  });
});
