import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LoadPool, openLoadPool } from "../../../../drizzle/copy.ts";
import { findErrorsTask } from "../../../../subgraphs/programs/families/task.ts";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { type Asked, useSlice } from "../../../kit/slice.ts";
import { bri, dinsos, NOW, pusat, telling } from "../trace/kit.ts";

const databases = useDatabases();
const slice = useSlice(programs, { databaseUrl: () => databases.urls.programs.runtime, now: () => Date.parse(NOW) });
const tell = telling(() => databases.urls);
const owner = (text: string, values: readonly unknown[] = []) =>
  asRole(databases.urls.programs.owner, async (sql) => [...(await sql.unsafe(text, values as never[]))]);
let pool: LoadPool;
beforeAll(async () => {
  await owner("insert into programs.clock_rule default values");
  pool = openLoadPool(databases.urls.allocation ?? "", { max: 1 });
});
afterAll(() => pool?.end());
const search = (regency = "3510") => findErrorsTask(pool, regency, new Date(NOW));

const QUEUE = `query ($filter: ErrorCandidateFilter) { errorCandidates(filter: $filter, first: 100) { totalCount nodes {
  id version kind state reasons reason decidedBy program { code } person { id } enrolment { id } otherEnrolment { id } region { code } history { actor act from to reason } } } }`;
const queue = async (filter: object = {}, caller = dinsos) => {
  const { data, errors } = await slice.ask(QUEUE, { caller, variables: { filter } });
  expect(errors).toEqual([]);
  return data.errorCandidates.nodes as Record<string, any>[];
};
/** What the queue holds about one person in PKH. */
const about = async (person: string) => (await queue({ program: "PKH" })).filter((row) => row["person"].id === person);
const DECIDE = `mutation ($input: DecideErrorCandidateInput!) { decideErrorCandidate(input: $input) { id state reason decidedBy version history { actor act to reason } } }`;
const decide = (row: Record<string, any> | undefined, { isConfirmed = true, reason = "dilihat sendiri", caller = dinsos } = {}) =>
  slice.ask(DECIDE, { caller, variables: { input: { id: row?.["id"], version: row?.["version"], isConfirmed, reason } } });
const codeOf = ({ errors }: Asked) => errors[0]?.extensions.code;

describe("error candidates", () => {
  test("who is served and not entitled is found, with the reasons of eligibility", async () => {
    const { person, enrolmentId } = await tell({ decile: 9, enrolled: "ACTIVE" });
    await search();
    expect(await about(person)).toEqual([
      expect.objectContaining({
        kind: "INCLUSION",
        state: "OPEN",
        reasons: ["DECILE_ABOVE_LIMIT"],
        enrolment: { id: enrolmentId },
      }),
    ]);
  });

  test("why somebody was found, which is derived from need, is read in the history of the candidate", async () => {
    const { person } = await tell({ decile: 9, enrolled: "ACTIVE" });
    await search();
    const [found] = await about(person);
    expect(found?.["reasons"]).toEqual(["DECILE_ABOVE_LIMIT"]);
    expect(found?.["history"]).toEqual([expect.objectContaining({ act: "FIND", to: "OPEN", reason: "INCLUSION" })]);
  });

  test("who is entitled and neither served nor waiting is found; who waits for a seat is not", async () => {
    const [unserved, waiting] = [await tell(), await tell({ enrolled: "WAITING" })];
    await search();
    expect(await about(unserved.person)).toEqual([expect.objectContaining({ kind: "EXCLUSION", enrolment: null })]);
    expect(await about(waiting.person)).toEqual([]);
  });

  test("who is served rightly is in no queue", async () => {
    const { person } = await tell({ enrolled: "ACTIVE" });
    await search();
    expect(await about(person)).toEqual([]);
  });

  test("two aids that exclude each other are found as an overlap", async () => {
    const { person, enrolmentId } = await tell({ enrolled: "ACTIVE" });
    await owner(
      "insert into programs.enrolment (id, person_id, program, state, region, started_on) values ($1, $2, 'BST', 'ACTIVE', '3510161001', '2025-01-01')",
      [randomUUID(), person],
    );
    await search();
    const found = (await queue({ kind: "OVERLAP" })).filter((row) => row["person"].id === person);
    expect(found).toHaveLength(1);
    expect([found[0]?.["enrolment"].id, found[0]?.["otherEnrolment"].id]).toContain(enrolmentId);
    expect(found[0]?.["reasons"][0]).toBe("EXCLUSIVE");
  });

  test("searched twice, nothing changes; what is no longer so resolves itself, and opens again when it is so again", async () => {
    const { person, familyId } = await tell({ decile: 9, enrolled: "ACTIVE" });
    await search();
    expect(await search()).toBe(0);
    const rank = (decile: number) =>
      owner("update programs.candidate_family set decile = $1 where family_id = $2", [decile, familyId]);
    await rank(1);
    await search();
    expect((await about(person))[0]?.["state"]).toBe("RESOLVED");
    await rank(9);
    await search();
    const [again] = await about(person);
    expect(again).toMatchObject({ state: "OPEN", version: 3 });
    expect(again?.["history"].map(({ act }: { act: string }) => act)).toEqual(["FIND", "RESOLVE", "FIND"]);
  });

  test("an officer decides once, with a reason, and both stand in the history", async () => {
    const { person, enrolmentId } = await tell({ decile: 9, enrolled: "ACTIVE" });
    await search();
    const [found] = await about(person);
    expect(codeOf(await decide(found, { reason: " " }))).toBe("BAD_USER_INPUT");
    const { data, errors } = await decide(found);
    expect(errors).toEqual([]);
    expect(data.decideErrorCandidate).toMatchObject({
      state: "CONFIRMED",
      reason: "dilihat sendiri",
      decidedBy: dinsos.officer,
      version: 2,
    });
    expect(data.decideErrorCandidate.history.at(-1)).toMatchObject({
      act: "CONFIRM",
      actor: dinsos.officer,
      reason: "dilihat sendiri",
    });
    expect(codeOf(await decide({ ...found, version: 2 }))).toBe("CONFLICT");
    const review = await owner("select reason from programs.enrolments_to_review('2026-11-20') where id = $1", [enrolmentId]);
    expect(review.map((row) => row["reason"])).toContain("INCLUSION_ERROR");
  });

  test("what is found again keeps its decision, until the reasons are others", async () => {
    const { person, familyId } = await tell({ decile: 9, enrolled: "ACTIVE" });
    await search();
    const { errors } = await decide((await about(person))[0], { isConfirmed: false });
    expect(errors).toEqual([]);
    await search();
    expect((await about(person))[0]?.["state"]).toBe("DISMISSED");
    await owner("update programs.candidate_family set barred = '{PENSIONER}' where family_id = $1", [familyId]);
    await search();
    expect((await about(person))[0]).toMatchObject({ state: "OPEN", reason: null, reasons: ["DECILE_ABOVE_LIMIT", "PENSIONER"] });
  });

  test("another version is a conflict; another house, another regency and the ministry decide nothing", async () => {
    const { person } = await tell({ decile: 9, enrolled: "ACTIVE" });
    await search();
    const [found] = await about(person);
    expect(codeOf(await decide({ ...found, version: 7 }))).toBe("CONFLICT");
    for (const caller of [pusat, bri, { ...dinsos, officer: null }])
      expect(codeOf(await decide(found, { caller }))).toBe("FORBIDDEN");
  });

  test("the rules of the database hold what the slice is told not to do", async () => {
    const { person } = await tell({ decile: 9, enrolled: "ACTIVE" });
    await search();
    const [found] = await about(person);
    const as = (officer: string, sql: string) =>
      asRole(databases.urls.programs.runtime, async (client) => {
        await client.unsafe("begin");
        await client.unsafe(
          `select set_config('hub.regions', '{0,A}', true), set_config('hub.programs', '{*}', true), set_config('hub.officer', '{${officer}}', true),
            set_config('hub.agency', '{DINSOS_BANYUWANGI}', true), set_config('hub.purpose', '{PROGRAM_MANAGEMENT}', true), set_config('hub.now', '${NOW}', true)`,
        );
        await client
          .unsafe(`update programs.error_candidate set ${sql} where id = '${found?.["id"]}'`)
          .finally(() => client.unsafe("rollback"));
      }).then(
        () => "done",
        ({ code }: { code: string }) => code,
      );
    expect(await as("pendamping.dinsos_banyuwangi", "state = 'CONFIRMED', reason = 'alasan'")).toBe("HB002");
    expect(await as("bansos.dinsos_banyuwangi", "state = 'CONFIRMED', reason = 'x'")).toBe("HB003");
    expect(await as("bansos.dinsos_banyuwangi", "state = 'RESOLVED', reason = 'alasan'")).toBe("HB001");
    expect(await as("bansos.dinsos_banyuwangi", "person_id = gen_random_uuid()")).toBe("42501");
    expect(await as("bansos.dinsos_banyuwangi", "state = 'CONFIRMED', reason = 'alasan'")).toBe("done");
  });

  test("a search is handed over by whoever is on duty there, and by nobody else", async () => {
    const ask = (region: string, caller = dinsos) =>
      slice.ask("mutation ($region: RegionCode!) { findErrorCandidates(region: $region) }", { caller, variables: { region } });
    expect((await ask("3510")).data.findErrorCandidates).toBe(true);
    expect(codeOf(await ask("3171"))).toBe("FORBIDDEN");
    expect(codeOf(await ask("3510", bri))).toBe("FORBIDDEN");
    expect(codeOf(await ask("35"))).toBe("BAD_USER_INPUT");
  });

  test("every regency is searched with a new delivery, and a week later again", async () => {
    const handed = async (at: string) => (await owner("select programs.search_errors($1) as n", [at]))[0]?.["n"];
    const regencies = await owner(
      "select distinct left(region, 4) from programs.candidate_family where delivery = programs.delivery_in_force()",
    );
    const n = regencies.length;
    expect(n).toBeGreaterThan(1);
    expect(await handed("2027-01-04T00:00:00Z")).toBe(n);
    expect(await handed("2027-01-08T00:00:00Z")).toBe(0);
    expect(await handed("2027-01-11T00:00:01Z")).toBe(n);
  });

  test("the queue of a regency is its own", async () => {
    const { person } = await tell({ decile: 9, enrolled: "ACTIVE", region: "3171011001" });
    await search("3171");
    expect(await about(person)).toEqual([]);
    expect((await queue({ region: "3171" }, pusat)).map((row) => row["person"].id)).toContain(person);
  });
});

const AID = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Family { aid(from: "2026-07-01", to: "2026-12-31") {
  members total perHeadAMonth lines { program { code } kind state payments value pending enrolment { id } } } } } }`;
const aidOf = async (familyIds: readonly string[], caller = pusat) => {
  const representations = familyIds.map((id) => ({ __typename: "Family", id }));
  const { data, errors } = await slice.ask(AID, { caller, variables: { representations } });
  expect(errors).toEqual([]);
  return data._entities.map(({ aid }: { aid: unknown }) => aid);
};

describe("what a family gets", () => {
  test("its lines add up to the rupiah, and per head and month are rounded down once", async () => {
    const { familyId, enrolmentId } = await tell({ enrolled: "ACTIVE", paid: { state: "TRANSACTED", creditedOn: "2026-07-20" } });
    const [aid] = await aidOf([familyId]);
    expect(aid).toEqual({
      members: 2,
      total: "600000",
      perHeadAMonth: "50000", // 600,000 over 2 members and 6 months
      lines: [
        {
          program: { code: "PKH" },
          kind: "CASH",
          state: "ACTIVE",
          payments: 1,
          value: "600000",
          pending: 0,
          enrolment: { id: enrolmentId },
        },
      ],
    });
  });

  test("what went back is not counted, what is under way is pending", async () => {
    const returned = await tell({
      enrolled: "ACTIVE",
      paid: { state: "RETURNED", failure: "NOT_COLLECTED", creditedOn: "2026-07-20" },
    });
    const underWay = await tell({ enrolled: "ACTIVE", paid: { state: "ORDER_PENDING" } });
    const [one, two] = await aidOf([returned.familyId, underWay.familyId]);
    expect([one.total, one.lines[0].payments]).toEqual(["0", 0]);
    expect([two.total, two.lines[0].pending]).toEqual(["0", 1]);
  });

  test("a family without aid has no lines, one the delivery does not know has no answer", async () => {
    const { familyId } = await tell();
    const [none, unknown] = await aidOf([familyId, randomUUID()]);
    expect(none).toMatchObject({ total: "0", lines: [] });
    expect(unknown).toBeNull();
  });

  test("families of another regency are not a social office's to know", async () => {
    const { familyId } = await tell({ enrolled: "ACTIVE", region: "3171011001" });
    expect(await aidOf([familyId], dinsos)).toEqual([null]);
  });

  test("fifty families cost the statements of one", async () => {
    const made = [];
    for (let n = 0; n < 50; n++) made.push((await tell({ enrolled: "ACTIVE" })).familyId);
    await aidOf(made.slice(0, 1));
    const one = slice.statements;
    expect(await aidOf(made)).toHaveLength(50);
    expect(slice.statements).toBe(one);
  });

  test("a period that ends before it begins is refused", async () => {
    const representations = [{ __typename: "Family", id: randomUUID() }];
    const document = AID.replace("2026-12-31", "2026-01-01");
    expect(codeOf(await slice.ask(document, { caller: pusat, variables: { representations } }))).toBe("BAD_USER_INPUT");
  });
});
