import fc from "fast-check";
import { expect, test } from "vitest";
import { inOneLoad } from "../../../../drizzle/copy.ts";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { judgePoverty, MEETS, type Rule } from "../../../../subgraphs/welfare/ranking/poverty.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { callerWith, codesOf, useSlice } from "../../../kit/slice.ts";
import { householdsAlive, type Surveyed, writeSurveys } from "./kit.ts";

const databases = useDatabases();
const slice = useSlice(welfare, { databaseUrl: () => databases.urls.welfare.runtime });

const variables = Object.values(MEETS).flatMap((of) => Object.keys(of));
const codes: Readonly<Record<string, readonly string[]>> = {
  Lantai: ["1", "6", "8"],
  Dinding: ["1", "2", "7"],
  Fasbab: ["1", "4"],
  Sta_bangunan: ["1", "1", "1", "6"],
};
const answers = fc.record(
  Object.fromEntries(variables.map((variable) => [variable, fc.constantFrom(...(codes[variable] ?? ["1", "2"]))])),
  {
    requiredKeys: [],
  },
);

/** A random survey of each household, the same every time. */
async function surveyed(): Promise<(Surveyed & { readonly rupiah: bigint | null; readonly heads: number })[]> {
  return inOneLoad(databases.urls.welfare.owner, async (loader) => {
    const households = await householdsAlive(loader);
    const made = fc.sample(answers, { numRuns: households.length, seed: 262 });
    const surveys = households.map((household, n) => ({ household, answers: (made[n] ?? {}) as Record<string, string> }));
    await writeSurveys(loader, surveys);
    const facts = await loader.query<{ id: string; rupiah: string | null; heads: number }>(
      `select h.id, h.monthly_income::text as rupiah, (select count(*)::int from welfare.member m where m.household_id = h.id and m.state in ('ACTIVE', 'DORMANT')) as heads
       from welfare.household h`,
    );
    const factOf = new Map(facts.map((fact) => [fact.id, fact]));
    return surveys.map((survey) => {
      const { rupiah = null, heads = 0 } = factOf.get(survey.household) ?? {};
      return { ...survey, heads, rupiah: rupiah === null ? null : BigInt(rupiah) };
    });
  });
}

test("the database judges every household as the program does, at every threshold, with and without a bound of income", async () => {
  const all = await surveyed();
  const rules = [1, 2, 3, 4, 6, 8].flatMap((threshold) => [null, 700_000n].map((incomeBelow) => ({ threshold, incomeBelow })));
  const seen = new Map<string, number>();
  for (const rule of rules) {
    const inDatabase = await judgedByDatabase(rule);
    for (const { household, answers: given, ...income } of all) {
      const { category } = judgePoverty(given, income, rule);
      expect(inDatabase.get(household)).toBe(category);
      seen.set(category, (seen.get(category) ?? 0) + 1);
    }
  }
  for (const category of ["POOR", "UNABLE_TO_CONTRIBUTE", "NEITHER", "UNDETERMINED"])
    expect(seen.get(category), category).toBeGreaterThan(5);
});

/** Category of every household. */
const judgedByDatabase = ({ threshold, incomeBelow }: Rule) =>
  asRole(databases.urls.welfare.owner, async (sql) => {
    const rows = await sql<{ id: string; category: string }[]>`
      select id, welfare.poverty_category(id, ${threshold}, ${incomeBelow === null ? null : String(incomeBelow)}::bigint) as category from welfare.household`;
    return new Map(rows.map(({ id, category }) => [id, category]));
  });

test("both hold to the same rows of the decree", async () => {
  const rows = await asRole(
    databases.urls.welfare.owner,
    (sql) => sql`select indicator, variable, met from welfare.poverty_rule order by 1, 2`,
  );
  const ours = Object.entries(MEETS).flatMap(([indicator, of]) =>
    Object.entries(of).map(([variable, met]) => ({ indicator, variable, met: [...met] })),
  );
  expect([...rows]).toEqual(ours.sort((a, b) => (`${a.indicator} ${a.variable}` < `${b.indicator} ${b.variable}` ? -1 : 1)));
});

test("every variable and code of the decree is in the instrument", async () => {
  await asRole(databases.urls.welfare.owner, async (sql) => {
    const unknown =
      await sql`select p.variable, m.answer from welfare.poverty_rule p, unnest(p.met) as m (answer) where not exists (select from welfare.survey_variable v
      where v.code = p.variable and case v.kind when 'YESNO' then m.answer in ('1', '2') else v.labels ? m.answer end)`;
    expect([...unknown]).toEqual([]);
  });
});

const EVALUATION = `query ($id: ID!, $threshold: Int!) { household(id: $id) { povertyEvaluation(threshold: $threshold) {
  category met unknown hasShelter indicators { code isMet evidence { variable answer surveyedOn } } } } }`;
const ask = (id: string, threshold: number) => slice.ask(EVALUATION, { caller: callerWith(), variables: { id, threshold } });

test("an evaluation shows the answer behind every indicator, and the day it was given", async () => {
  const household = await inOneLoad(databases.urls.welfare.owner, async (loader) => {
    const [id = ""] = await householdsAlive(loader);
    // another survey of the same day came in later: it counts
    await loader.query(
      `insert into welfare.survey (id, household_id, visited_on, method, answers, known_from)
       values (gen_random_uuid(), $1, welfare.day(), 'OBSERVATION', '{"Sta_bangunan": ["1"], "Lantai": ["2", 2, "8"], "Daya": ["3"], "Sumber_penerangan": ["1", 1]}', now() - interval '1 minute')`,
      [id],
    );
    return id;
  });
  const { data } = await ask(household, 4);
  const told = data.household.povertyEvaluation;
  expect(told).toMatchObject({ category: "UNDETERMINED", met: 1, unknown: 6, hasShelter: true });
  const floor = told.indicators.find(({ code }: { code: string }) => code === "POOR_FLOOR");
  expect(floor).toEqual({
    code: "POOR_FLOOR",
    isMet: true,
    evidence: [{ variable: "Lantai", answer: "8", surveyedOn: expect.any(String) }],
  });
  expect(told.indicators.map(({ code }: { code: string }) => code)).toHaveLength(8);
});

test("how many indicators make a household poor is the asker's to say, from one to eight", async () => {
  const [household = ""] = await inOneLoad(databases.urls.welfare.owner, householdsAlive);
  expect((await ask(household, 1)).data.household.povertyEvaluation.category).toBe("POOR");
  for (const threshold of [0, 9, -1]) expect(codesOf(await ask(household, threshold))).toEqual(["BAD_USER_INPUT"]);
});

test("a page of fifty households is judged in as many statements as one", async () => {
  const list = (n: number) =>
    `{ households(first: ${n}) { nodes { povertyEvaluation(threshold: 4) { category } rankingExplanation { decile } } } }`;
  await slice.ask(list(1), { caller: callerWith() });
  const one = slice.statements;
  const { data } = await slice.ask(list(50), { caller: callerWith() });
  expect(data.households.nodes).toHaveLength(50);
  expect(slice.statements).toBe(one);
});
