import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rawClient } from "../../../../drizzle/client.ts";
import { EXCLUSION_REASONS } from "../../../../drizzle/tables/programs/candidates.ts";
import { useDatabases } from "../../../kit/database.ts";

// The rule of the database against a second opinion in TypeScript, over made-up deliveries.
const databases = useDatabases();
let sql: ReturnType<typeof rawClient>;
beforeAll(() => {
  sql = rawClient(databases.urls.programs.owner, { max: 1 });
});
afterAll(() => sql.end());

const DAY = "2026-10-05";
const KNOWN = "2026-10-05T00:00:00Z";
const VILLAGE = "3510161001";
const CEILING: Readonly<Record<string, number>> = { PKH: 4, BPNT: 5, PBI_JK: 5 };
const PAID = new Set(["PREGNANCY", "PRIMARY", "ELDERLY"]);

const excluding = fc.record({
  /** -1: the whole family. */
  member: fc.integer({ min: -1, max: 2 }),
  reason: fc.constantFrom(...EXCLUSION_REASONS),
  program: fc.constantFrom(null, "PKH", "PBI_JK"),
  validFrom: fc.constantFrom("2026-01-01", DAY, "2026-10-06"),
  validTo: fc.constantFrom(null, DAY, "2026-12-31"),
  knownFrom: fc.constantFrom("2026-09-01T00:00:00Z", "2026-10-05T00:00:01Z"),
  knownTo: fc.constantFrom(null, KNOWN, "2026-11-01T00:00:00Z"),
});
const family = fc.record({
  isMatched: fc.boolean(),
  decile: fc.option(fc.integer({ min: 1, max: 10 })),
  rank: fc.option(fc.integer({ min: 1, max: 99 })),
  firstOn: fc.option(fc.constant("2021-04-01")),
  components: fc.array(fc.constantFrom("PREGNANCY", "PRIMARY", "ELDERLY", "CLUSTER_1"), { maxLength: 3 }),
  barred: fc.uniqueArray(fc.constantFrom("SOCIAL_WORKFORCE", "DECEASED", "NOT_REGISTERED", "VILLAGE_OFFICIAL"), { maxLength: 2 }),
  states: fc.array(fc.constantFrom("ACTIVE", "DORMANT", "DECEASED", "MERGED"), { minLength: 3, maxLength: 3 }),
  exclusions: fc.array(excluding, { maxLength: 3 }),
});
type Drawn = typeof family extends fc.Arbitrary<infer T> ? T : never;
type Made = Drawn & { id: string; people: string[]; members: string[] };
type Rules = ReadonlyMap<string, string>;

const standsOn = (made: Made) => made.decile !== null && made.rank !== null && made.firstOn !== null;
const holds = (e: Made["exclusions"][number], program: string) =>
  (e.program === null || e.program === program) &&
  e.validFrom <= DAY &&
  (e.validTo === null || e.validTo >= DAY) &&
  e.knownFrom <= KNOWN &&
  (e.knownTo === null || e.knownTo > KNOWN);

/** Why a family is not entitled; by whom of it an exclusion is brought decides the rule. The first member draws the aid. */
function ofFamily(made: Made, program: string, rules: Rules): string[] {
  const hits = made.exclusions
    .filter((e) => holds(e, program))
    .filter((e) => e.member === -1 || (e.member === 0 && made.isMatched) || rules.get(e.reason) === "FAMILY")
    .map(({ reason }) => reason as string);
  const found = [
    ...hits,
    ...made.barred,
    ...(!made.isMatched && !made.barred.includes("DECEASED") ? ["NOT_MATCHED"] : []),
    ...((made.decile ?? 0) > (CEILING[program] ?? 10) ? ["DECILE_ABOVE_LIMIT"] : []),
    ...(made.components.some((component) => PAID.has(component)) ? [] : ["NO_COMPONENT"]),
    ...(standsOn(made) ? [] : ["INCOMPLETE_DATA"]),
  ];
  return [...new Set(found)].filter((code) => rules.has(code)).sort();
}

/** Why a member is not entitled to a program of persons. */
function ofMember(made: Made, at: number, program: string, rules: Rules): string[] {
  const own = made.exclusions
    .filter((e) => holds(e, program))
    .filter((e) => e.member === -1 || e.member === at || rules.get(e.reason) === "FAMILY")
    .map(({ reason }) => reason as string);
  const state = made.states[at];
  const found = [
    ...own,
    ...made.barred.filter((code) => rules.get(code) === "FAMILY"),
    ...((made.decile ?? 0) > (CEILING[program] ?? 10) ? ["DECILE_ABOVE_LIMIT"] : []),
    ...(state === "DECEASED" ? ["DECEASED"] : []),
    ...(state === "DORMANT" || state === "MERGED" ? ["NOT_REGISTERED"] : []),
    ...(standsOn(made) ? [] : ["INCOMPLETE_DATA"]),
  ];
  return [...new Set(found)].filter((code) => rules.has(code)).sort();
}

let delivery = 100;

async function deliver(families: readonly Made[]): Promise<number> {
  delivery += 1;
  for (const made of families) {
    const standing = sql`${made.decile}, ${made.rank}, ${made.firstOn}`;
    const drawer = made.isMatched ? made.people[0] : null;
    await sql`insert into programs.candidate_family (delivery, family_id, region, person_id, components, barred, decile, rank, first_on)
      values (${delivery}, ${made.id}, ${VILLAGE}, ${drawer ?? null}, ${made.components}, ${made.barred}, ${standing})`;
    for (const [at, member] of made.members.entries())
      await sql`insert into programs.candidate_member (delivery, member_id, family_id, suffix, person_id, match_status, state, region, components, barred, decile, rank, first_on)
        values (${delivery}, ${member}, ${made.id}, ${`0${at + 1}`}, ${made.people[at] ?? null}, 'MATCHED', ${made.states[at] ?? ""}, ${VILLAGE}, '{}', '{}', ${standing})`;
    for (const one of made.exclusions) await exclude(made, one);
  }
  return delivery;
}

const exclude = ({ id, people }: Made, e: Made["exclusions"][number]) =>
  sql`insert into programs.exclusion values (${randomUUID()}, ${e.program}, ${people[e.member] ?? null}, ${e.member < 0 ? id : null},
    ${VILLAGE}, ${e.reason}, 'TEST', 'x', ${e.validFrom}, ${e.validTo}, ${e.knownFrom}, ${e.knownTo})`;

const judged = async (program: string, number: number, units: readonly string[] | null = null) =>
  new Map(
    (
      await sql<
        { unit: string; reasons: string[]; isEligible: boolean }[]
      >`select unit_id as unit, reasons, is_eligible as "isEligible"
        from programs.judge(${program}, ${DAY}, ${number}, ${KNOWN}, null, '', ${units as string[] | null})`
    ).map((row) => [row.unit, row]),
  );

const rulesOf = async (program: string): Promise<Rules> =>
  new Map(
    (await sql`select reason, applies from programs.eligibility_rule where program = ${program}`).map((row) => [
      String(row["reason"]),
      String(row["applies"]),
    ]),
  );

const identified = (made: Omit<Made, "id" | "people" | "members">): Made => {
  const three = () => [randomUUID(), randomUUID(), randomUUID()];
  const exclusions = made.exclusions.map((e) => ({
    ...e,
    validTo: e.validTo !== null && e.validTo < e.validFrom ? null : e.validTo,
    knownTo: e.knownTo !== null && e.knownTo < e.knownFrom ? null : e.knownTo,
  }));
  return { ...made, exclusions, id: randomUUID(), people: three(), members: three() };
};

/** Holds every verdict on what was made against the second opinion. Returns the reasons seen. */
async function compare(families: readonly Made[], rules: ReadonlyMap<string, Rules>): Promise<string[]> {
  const number = await deliver(families);
  const [pkh, bpnt, pbi] = [await judged("PKH", number), await judged("BPNT", number), await judged("PBI_JK", number)];
  expect([pkh.size, bpnt.size, pbi.size]).toEqual([families.length, families.length, 3 * families.length]);
  const ofProgram = (program: string): Rules => rules.get(program) ?? new Map();
  const units = families.flatMap((made) => [
    [pkh.get(made.id), ofFamily(made, "PKH", ofProgram("PKH"))] as const,
    [bpnt.get(made.id), ofFamily(made, "BPNT", ofProgram("BPNT"))] as const,
    ...made.members.map((member, at) => [pbi.get(member), ofMember(made, at, "PBI_JK", ofProgram("PBI_JK"))] as const),
  ]);
  for (const [said, reasons] of units) expect(said).toMatchObject({ reasons, isEligible: reasons.length === 0 });
  const some = families.slice(0, 2).map(({ id }) => id);
  const alone = await judged("PKH", number, some);
  for (const id of some) expect(alone.get(id)).toEqual(pkh.get(id));
  return units.flatMap(([, reasons]) => reasons);
}

/** A family that nothing bars but what is said. */
const barredBy = (exclusions: Drawn["exclusions"], said: Partial<Drawn> = {}): Drawn => ({
  ...{ isMatched: true, decile: 1, rank: 1, firstOn: "2021-04-01", components: ["PRIMARY"], barred: [] },
  ...{ states: ["ACTIVE", "ACTIVE", "ACTIVE"], exclusions },
  ...said,
});
/** Every reason there is, at least once. */
const EVERY_REASON = [
  ...EXCLUSION_REASONS.map((reason) =>
    barredBy([
      {
        ...{ member: 0, reason, program: null, validFrom: "2026-01-01", validTo: null },
        knownFrom: "2026-09-01T00:00:00Z",
        knownTo: null,
      },
    ]),
  ),
  barredBy([], { isMatched: false, decile: 10, components: [], barred: ["NOT_REGISTERED"] }),
  barredBy([], { rank: null }),
];

test("the rule says of every family and person what a second opinion says: all that bars, and nothing else", async () => {
  const rules = new Map(await Promise.all(["PKH", "BPNT", "PBI_JK"].map(async (code) => [code, await rulesOf(code)] as const)));
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(family, { minLength: 1, maxLength: 6 }), async (drawn) => {
      for (const reason of await compare(drawn.map(identified), rules)) seen.add(reason);
    }),
    { numRuns: 60, examples: [[EVERY_REASON]] },
  );
  expect([...seen].sort()).toEqual(
    [...EXCLUSION_REASONS, "DECILE_ABOVE_LIMIT", "INCOMPLETE_DATA", "NOT_MATCHED", "NOT_REGISTERED", "NO_COMPONENT"].sort(),
  );
});

test("who runs in a program that excludes another is told so, with everybody of the family", async () => {
  const made = identified({
    isMatched: true,
    decile: 1,
    rank: 1,
    firstOn: "2021-04-01",
    components: ["PRIMARY"],
    barred: [],
    states: ["ACTIVE", "ACTIVE", "ACTIVE"],
    exclusions: [],
  });
  const number = await deliver([made]);
  await sql`insert into programs.enrolment (id, person_id, program, state, region, started_on, ended_on)
    values (${randomUUID()}, ${made.people[1] ?? ""}, 'BST', 'EXITED', '3510161001', '2021-01-01', '2021-04-30')`;
  const [then] =
    await sql`select reasons from programs.judge('PKH', '2021-03-01', ${number}, ${KNOWN}, null, '', array[${made.id}]::uuid[])`;
  expect(then?.["reasons"]).toContain("DUPLICATE_BENEFIT");
  expect((await judged("PKH", number)).get(made.id)?.reasons).toEqual([]);
});

test("KIP Kuliah takes deciles up to three, or whoever's family runs in PIP, PKH, Kartu Sembako or PBI", async () => {
  const plain = {
    isMatched: true,
    rank: 1,
    firstOn: "2021-04-01",
    components: [],
    barred: [],
    states: ["ACTIVE", "ACTIVE", "ACTIVE"],
    exclusions: [],
  } as const;
  const [poor, middle, helped] = [3, 4, 4].map((decile) =>
    identified({ ...plain, decile, components: [], barred: [], states: [...plain.states], exclusions: [] }),
  ) as [Made, Made, Made];
  const number = await deliver([poor, middle, helped]);
  await sql`insert into programs.enrolment (id, person_id, program, state, region, started_on)
    values (${randomUUID()}, ${helped.people[2] ?? ""}, 'PKH', 'ACTIVE', '3510161001', '2025-01-01')`;
  const verdicts = await judged("KIP_KULIAH", number);
  const reasonsOf = ({ members }: Made) => verdicts.get(members[0] ?? "")?.reasons;
  expect([poor, middle, helped].map(reasonsOf)).toEqual([[], ["DECILE_ABOVE_LIMIT"], []]);
  const alone = await judged("KIP_KULIAH", number, [helped.members[0] ?? "", middle.members[0] ?? ""]);
  expect([helped, middle].map(({ members }) => alone.get(members[0] ?? "")?.reasons)).toEqual([[], ["DECILE_ABOVE_LIMIT"]]);
});
