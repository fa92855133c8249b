import { describe, expect, test } from "vitest";
import { population } from "../../../subgraphs/population/index.ts";
import { asRole, useDatabases } from "../../kit/database.ts";
import { budi, rina, siti } from "../../kit/people.ts";
import { useSlice } from "../../kit/slice.ts";
import { check, daysOf, type Facts, factsOf, PAKIS, SOBO } from "./recipientKit.ts";

// How often two of the three facts may be tried with a third: by person, village and network, for all replicas at once.

const EVENING = Date.parse("2026-11-21T16:30:00Z"); // half an hour before midnight in western Indonesia
let clock = EVENING;
const databases = useDatabases();
const slice = useSlice(population, { databaseUrl: () => databases.urls.population.runtime, now: () => clock });
const replica = useSlice(population, { databaseUrl: () => databases.urls.population.runtime, now: () => clock });
const QUOTA = "QUOTA_EXCEEDED QUOTA";
const FIVE = { attemptsOnSubject: 5 };

/** One after the other, each in a request of its own. */
async function each(questions: readonly Facts[], agreement: string): Promise<(string | null)[]> {
  const answers: (string | null)[] = [];
  for (const facts of questions) answers.push(...(await check(slice, [facts], { agreement, terms: FIVE })));
  return answers;
}
const NOBODY = (count: number) => Array(count).fill(null);

describe("whoever knows two facts tries the third only a few times", () => {
  test("village and name: five wrong days, and the right one is told no more", async () => {
    const days = daysOf(1988).slice(0, 5);
    const guesses = days.map((birthDate) => factsOf(siti, PAKIS, { birthDate }));
    expect(await each([...guesses, factsOf(siti, PAKIS)], "PKS-G-1")).toEqual(NOBODY(6));
    expect(await each([factsOf(budi, PAKIS)], "PKS-G-1")).toEqual([budi.id]);
  });

  test("in whatever spelling: titles, marks, cases and old letters are one name", async () => {
    const spellings = ["SITI AMINAH", "Hj. Siti Aminah", "sitti amina", "SITIAMINAH", "St. Aminah, S.Pd"];
    const guesses = spellings.map((fullName) => factsOf(siti, PAKIS, { fullName, birthDate: "1988-04-11" }));
    expect(await each([...guesses, factsOf(siti, PAKIS)], "PKS-G-2")).toEqual(NOBODY(6));
  });

  test("village and day: five wrong names from one network", async () => {
    const visitor = "network-of-the-guesser";
    const names = ["SITI A", "SITI AISYAH", "SITI KHOTIMAH", "SITI ROHANI", "SITI MARYAM"];
    const guesses = names.map((fullName) => factsOf(siti, PAKIS, { fullName, visitor }));
    expect(await each([...guesses, factsOf(siti, PAKIS, { visitor })], "PKS-G-3")).toEqual(NOBODY(6));
    expect(await each([factsOf(siti, PAKIS)], "PKS-G-3"), "from another network").toEqual([siti.id]);
  });

  test("name and day: five wrong villages of a regency, for where somebody lives is nobody's to find out", async () => {
    const villages = ["3510161003", "3510161004", "3510161005", "3510161006", "3510161007"];
    const guesses = villages.map((village) => factsOf(rina, village));
    expect(await each([...guesses, factsOf(rina, SOBO)], "PKS-G-4")).toEqual(NOBODY(6));
  });

  test("ten thousand days from as many networks: none of them tells, and the village ends it", async () => {
    const days = [1980, 1981, 1982, 1983, 1984, 1985, 1986, 1987, 1988].flatMap(daysOf).reverse();
    const guesses = [...days, ...days, ...days, ...days].slice(0, 10_000).map((birthDate) => factsOf(siti, PAKIS, { birthDate }));
    expect(guesses.some(({ birthDate }) => birthDate === siti.birthDate)).toBe(true);
    const answers: (string | null)[] = [];
    for (let at = 0; at < guesses.length; at += 250)
      answers.push(...(await check(slice, guesses.slice(at, at + 250), { agreement: "PKS-G-5", terms: FIVE })));
    expect(answers).toHaveLength(10_000);
    expect([...new Set(answers)]).toEqual([null, QUOTA]);
    expect(answers.indexOf(QUOTA)).toBe(1_000);
  });

  test("the right question is answered as often, and then looks like a wrong one until midnight in western Indonesia", async () => {
    const again = Array.from({ length: 6 }, () => factsOf(rina, SOBO));
    expect(await each(again, "PKS-G-6")).toEqual([...Array(5).fill(rina.id), null]);
    clock = EVENING + 31 * 60_000;
    expect(await each([factsOf(rina, SOBO)], "PKS-G-6")).toEqual([rina.id]);
    clock = EVENING;
  });
});

/** As many names of as many sounds. */
const namesOf = (count: number) =>
  Array.from({ length: count }, (_, at) => `${SOUNDS[at % 15]}A${SOUNDS[Math.floor(at / 15)]}U PRATAMA`);
const SOUNDS = "BDFGHJKLMNPRSTW";
/** As many villages of as many regencies. */
const villagesOf = (count: number) => Array.from({ length: count }, (_, at) => `${1101 + at}011001`);

describe("facts that many share lock none of them out", () => {
  test("name and day: namesakes of one birthday, of all regencies, ask on one day; where somebody lives stays dear to find out", async () => {
    const namesakes = villagesOf(49).map((village) => factsOf(siti, village));
    expect(await each([...namesakes, factsOf(siti, PAKIS)], "PKS-G-10")).toEqual([...NOBODY(49), siti.id]);
    expect(await each([factsOf(siti, PAKIS)], "PKS-G-10"), "beyond fifty").toEqual(NOBODY(1));
  });

  test("village and day: many were born, or are recorded, on one day", async () => {
    const guesses = namesOf(49).map((fullName) => factsOf(siti, PAKIS, { fullName }));
    expect(await each([...guesses, factsOf(siti, PAKIS)], "PKS-G-11")).toEqual([...NOBODY(49), siti.id]);
    expect(await each([factsOf(siti, PAKIS)], "PKS-G-11"), "beyond fifty").toEqual(NOBODY(1));
  });

  test("one network uses up a tenth of them and no more, however often it asks", async () => {
    const visitor = "network-of-a-grudge";
    for (const fullName of namesOf(60)) await each([factsOf(siti, PAKIS, { fullName, visitor })], "PKS-G-12");
    for (const village of villagesOf(60)) await each([factsOf(siti, village, { visitor })], "PKS-G-12");
    expect(await each([factsOf(siti, PAKIS)], "PKS-G-12")).toEqual([siti.id]);
    expect(await each([factsOf(rina, SOBO)], "PKS-G-12")).toEqual([rina.id]);
  });
});

describe("one network, one village", () => {
  const visitor = "network-of-a-carrier";
  const many = (count: number, village: string) =>
    Array.from({ length: count }, (_, at) =>
      factsOf({ fullName: "TIDAK ADA", birthDate: daysOf(1950 + Math.floor(at / 300))[at % 300] ?? "" }, village, { visitor }),
    );

  test("a network asks a thousand times a day, and then is told so whoever it asks about; others go on", async () => {
    for (const village of villagesOf(10))
      await check(slice, many(100, village), { agreement: "PKS-G-7", terms: { attemptsOnSubject: 1_000 } });
    for (const facts of [factsOf(rina, SOBO, { visitor }), factsOf(rina, PAKIS, { visitor })])
      expect(await check(slice, [facts], { agreement: "PKS-G-7" })).toEqual([QUOTA]);
    expect(await check(slice, [factsOf(rina, SOBO)], { agreement: "PKS-G-7" })).toEqual([rina.id]);
  });

  test("a network asks a hundred times a day about one village: ten of them it takes to shut a village", async () => {
    const under = { agreement: "PKS-G-14", terms: { attemptsOnSubject: 1_000 } };
    expect(new Set(await check(slice, many(100, PAKIS), under))).toEqual(new Set([null]));
    expect(await check(slice, [factsOf(siti, PAKIS, { visitor })], under)).toEqual([QUOTA]);
    expect(await check(slice, [factsOf(rina, SOBO, { visitor }), factsOf(siti, SOBO, { visitor })], under)).toEqual([
      rina.id,
      null,
    ]);
    expect(await check(slice, [factsOf(siti, PAKIS)], under)).toEqual([siti.id]);
  });

  test("what is refused counts nothing against the person", async () => {
    for (let at = 0; at < 10; at++)
      expect(await check(slice, [factsOf(siti, PAKIS, { visitor })], { agreement: "PKS-G-7" })).toEqual([QUOTA]);
    expect(await check(slice, [factsOf(siti, PAKIS)], { agreement: "PKS-G-7" })).toEqual([siti.id]);
  });
});

test("twenty at once through two replicas are told no oftener than one after the other", async () => {
  const asked = Array.from({ length: 20 }, (_, at) =>
    check(at % 2 ? slice : replica, [factsOf(rina, SOBO)], { agreement: "PKS-G-8", terms: FIVE }),
  );
  const answers = (await Promise.all(asked)).flat();
  expect(answers.filter((answer) => answer === rina.id)).toHaveLength(5);
  expect(answers.filter((answer) => answer === null)).toHaveLength(15);
});

test("what is kept of questions holds no name, no day and no network", async () => {
  const visitor = "kept-nowhere-in-plain";
  await check(slice, [factsOf(siti, PAKIS, { visitor })], { agreement: "PKS-G-9" });
  const kept = await asRole(databases.urls.population.owner, async (owner) => [
    ...(await owner`select subject as what, attempts as often from population.verification_attempt where agreement = 'PKS-G-9'`),
    ...(await owner`select counted as what, used as often from population.verification_count where agreement = 'PKS-G-9'`),
  ]);
  expect(kept).toHaveLength(9);
  expect(kept.every(({ often }) => often === 1)).toBe(true);
  for (const word of ["SITI", "AMINA", siti.birthDate, "1988", visitor]) expect(JSON.stringify(kept)).not.toContain(word);
});
