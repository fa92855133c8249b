import { describe, expect, test } from "vitest";
import { drizzleOn } from "../../../drizzle/client.ts";
import { personsBornIn } from "../../../subgraphs/population/data.ts";
import { population } from "../../../subgraphs/population/index.ts";
import { asRole, useDatabases } from "../../kit/database.ts";
import { budi, maria, rina, siti, slamet } from "../../kit/people.ts";
import { callerWith, useSlice } from "../../kit/slice.ts";
import { check, factsOf, PAKIS, registerNamesake, SOBO } from "./recipientKit.ts";

// Who lives in a village, has a name and was born on a day: one person, or nobody.

const databases = useDatabases();
const slice = useSlice(population, { databaseUrl: () => databases.urls.population.runtime });
const agreement = "PKS-R-1";
const MANY = { attemptsOnSubject: 1_000 };
const ask = async (facts: ReturnType<typeof factsOf>) => (await check(slice, [facts], { agreement, terms: MANY }))[0];

describe("a person is found", () => {
  test("by the village of residence, the name and the day of birth together", async () => {
    expect(await ask(factsOf(siti, PAKIS))).toBe(siti.id);
    expect(await ask(factsOf(rina, SOBO))).toBe(rina.id);
    expect(await ask(factsOf(maria, "9301011002"))).toBe(maria.id); // her NIK holds the district of before the split
  });

  test.each([
    "siti aminah",
    "  Siti   AMINAH. ",
    "Hj. Siti Aminah, S.Pd",
    "SITTI AMINA",
    "St. Aminah",
    "Sitiaminah",
    "SITI AMINAH BINTI SULASTRI",
  ])("however the name is written: %s", async (fullName) => {
    expect(await ask(factsOf(siti, PAKIS, { fullName }))).toBe(siti.id);
  });

  test("also in the spelling of before 1972", async () => {
    expect(await ask(factsOf(budi, PAKIS, { fullName: "BOEDI SANTOSO" }))).toBe(budi.id);
  });

  test("each by the own facts where several are asked at once", async () => {
    const questions = [factsOf(siti, PAKIS), factsOf(budi, PAKIS), factsOf(siti, SOBO), factsOf(rina, SOBO)];
    expect(await check(slice, questions, { agreement, terms: MANY })).toEqual([siti.id, budi.id, null, rina.id]);
  });
});

describe("nobody is found", () => {
  test.each([
    ["another village", factsOf(siti, SOBO)],
    ["a village there is not", factsOf(siti, "9999999999")],
    ["another day", factsOf(siti, PAKIS, { birthDate: "1988-04-13" })],
    ["half of the name", factsOf(siti, PAKIS, { fullName: "SITI" })],
    ["an initial", factsOf(siti, PAKIS, { fullName: "SITI A" })],
    ["another name that begins alike", factsOf(siti, PAKIS, { fullName: "SITI AMANDA" })],
    ["the name of the husband", factsOf(siti, PAKIS, { fullName: budi.fullName })],
    ["the words turned round", factsOf(siti, PAKIS, { fullName: "AMINAH SITI" })],
    ["somebody dead", factsOf(slamet, SOBO)],
  ])("by %s", async (_, facts) => {
    expect(await ask(facts)).toBeNull();
  });

  test("where two fit, however little they have in common otherwise; one of them out of service is none of the two", async () => {
    const namesake = await registerNamesake(databases.urls.population.owner, budi, "3510161708859077");
    expect(await ask(factsOf(budi, PAKIS))).toBeNull();
    await asRole(
      databases.urls.population.owner,
      (owner) => owner`update population.person set out_of_service = 'DUPLICATE' where id = ${namesake}`,
    );
    expect(await ask(factsOf(budi, PAKIS))).toBe(budi.id);
    await asRole(
      databases.urls.population.owner,
      (owner) => owner`update population.person set out_of_service = 'INACTIVE' where id = ${budi.id}`,
    );
    expect(await ask(factsOf(budi, PAKIS))).toBeNull();
  });

  test("outside the rows of the agreement", async () => {
    const answer = await slice.ask("query ($c: RecipientFactsInput!) { recipientByFacts(input: $c) { id } }", {
      variables: { c: factsOf(siti, PAKIS) },
      caller: callerWith({
        agreement,
        rows: { regions: [["31", "32"]], programs: null, decileMax: 100 },
      }),
    });
    expect(answer.data).toEqual({ recipientByFacts: null });
  });
});

test("found, not found, two and too often cost the same statements", async () => {
  await registerNamesake(databases.urls.population.owner, siti, "3510165204889077");
  const under = { agreement: "PKS-R-2", terms: { attemptsOnSubject: 2 } };
  const seen: number[] = [];
  const asked = [factsOf(rina, SOBO), factsOf(rina, PAKIS), factsOf(siti, PAKIS), factsOf(rina, SOBO), factsOf(rina, SOBO)];
  const answers: unknown[] = [];
  for (const facts of asked) {
    answers.push(...(await check(slice, [facts], under)));
    seen.push(slice.statements);
  }
  expect(answers).toEqual([rina.id, null, null, null, null]);
  expect(new Set(seen).size).toBe(1);
  expect(seen[0]).toBeGreaterThan(0);
});

test("all that is wrong with a question is named at once, and none of it repeated", async () => {
  const [refused] = await check(slice, [{ village: "351016", fullName: "1234", birthDate: "2999-01-02", visitor: "10.0.0.1" }], {
    agreement,
  });
  for (const field of ["village", "fullName", "birthDate", "visitor"]) expect(refused).toContain(field);
  for (const value of ["351016", "1234", "2999", "10.0.0.1"]) expect(refused).not.toContain(value);
});

test("one index over village and day answers, also behind row-level security: a village is not read for a guess", async () => {
  await asRole(databases.urls.population.runtime, async (client) => {
    const statement = personsBornIn(drizzleOn(client), [factsOf(siti, PAKIS)]) as unknown as {
      toSQL(): { sql: string; params: never[] };
    };
    const { sql, params } = statement.toSQL();
    await client.unsafe("begin; set local enable_seqscan = off");
    await client`select set_config('hub.regions', '{0,A,"","","","","",""}', true)`;
    const plan = (await client.unsafe(`explain ${sql}`, params)).map((row) => String(row["QUERY PLAN"])).join("\n");
    await client.unsafe("rollback");
    expect(plan).toMatch(/Index Scan using person_region_birth_date/);
    expect(plan).toMatch(/Index Cond: .*region = .*birth_date = /);
  });
});
