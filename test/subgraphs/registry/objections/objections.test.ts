import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { callerWith, codesOf, useSlice } from "../../../kit/slice.ts";
import { isTaken } from "./kit.ts";

// Two neighbours and somebody of the village beside theirs, in a regency that does not exist.
const [HERE, THERE] = ["9801011001", "9801011002"];
const id = (kind: number, n: number) => `0000000${kind}-0000-4000-8000-${String(n).padStart(12, "0")}`;
const [HOUSEHOLD, FAMILY, MEMBER, PERSON, PHOTO] = [1, 2, 3, 4, 5];
/** Number and village of people who each live alone. */
const PEOPLE: readonly (readonly [n: number, region: string])[] = [
  [1, HERE],
  [2, HERE],
  [3, THERE],
  [4, HERE],
];
const DUTIES = [
  ["verifier.x", "VERIFIER", "9801"],
  ["verifier2.x", "VERIFIER", "9801"],
  ["head.x", "HEAD_OF_OFFICE", "9801"],
  ["both.x", "VERIFIER", "9801"],
  ["both.x", "HEAD_OF_OFFICE", "9801"],
  ["operator.x", "VILLAGE_OPERATOR", HERE],
  ["elsewhere.x", "VERIFIER", "9701"],
  ["bps.x", "RANKING", ""],
] as const;

const FILED = Date.parse("2026-03-02T14:30:00Z"); // 2026-03-02T23:30+09:00
let now = FILED;
const databases = useDatabases();
const slice = useSlice(welfare, { databaseUrl: () => databases.urls.welfare.runtime, now: () => now });

const as = (officer: string) => ({
  caller: callerWith({ client: officer, officer, agency: "DINSOS_X", agreement: "PKS-X", purpose: "REGISTRY_MANAGEMENT" }),
});
const citizen = (n: number) => ({
  caller: callerWith({
    client: "portal-warga",
    citizen: id(PERSON, n),
    agreement: "PKS-2025-008",
    purpose: "DATA_SUBJECT_RIGHTS",
  }),
});

const owner = <T>(work: (sql: Parameters<Parameters<typeof asRole<T>>[1]>[0]) => Promise<T>) =>
  asRole(databases.urls.welfare.owner, work);

beforeAll(() =>
  owner(async (sql) => {
    for (const [n, region] of PEOPLE) {
      await sql`insert into household ${sql({ id: id(HOUSEHOLD, n), region, address: `DUSUN ${n}`, decile: 2 })}`;
      const scope = { region, household_decile: 2, household_id: id(HOUSEHOLD, n) };
      await sql`insert into family ${sql({ id: id(FAMILY, n), registry_number: `OBJ-${n}`, number_in_household: 1, ...scope })}`;
      await sql`insert into member ${sql({
        ...{ id: id(MEMBER, n), family_id: id(FAMILY, n), suffix: "01", relation: "HEAD", match_status: "MATCHED" },
        ...{ person_id: id(PERSON, n), claimed_name: `WARGA ${n}`, state: "ACTIVE", ...scope },
      })}`;
      await sql`insert into evidence ${sql({
        ...{ id: id(PHOTO, n), kind: "IMAGE", media_type: "image/jpeg", bytes: 3, sha256: "a".repeat(64), region },
        ...{ person_id: id(PERSON, n), announced_by: "CITIZEN", announced_at: "2026-01-01T00:00:00Z", state: "STORED" },
        closed_at: "2026-01-01T00:00:00Z",
      })}`;
    }
    for (const [officer, role, region] of DUTIES)
      await sql`insert into officer_duty (id, officer_id, agency, role, region, valid_from, assigned_by)
        values (gen_random_uuid(), ${officer}, 'DINSOS_X', ${role}, ${region}, '2020-01-01', 'test')`;
  }),
);
beforeEach(() => {
  now = FILED;
});

const FIELDS = `id version state filedAt lapsesAt isOverdue handler`;
const FILE = `mutation ($member: ID!, $photo: ID!) { fileObjection(input: { member: $member, photo: $photo,
  reason: "rumah bertingkat, punya mobil", latitude: -8.21, longitude: 114.37 }) { ${FIELDS} } }`;
const file = async (by: number, against: string, more: object = {}) =>
  slice.ask(FILE, { ...citizen(by), variables: { member: against, photo: id(PHOTO, by), ...more } });
/** Files anew; what is open between the two is closed by the owner first. */
async function filed(by = 1, against = 2, more: object = {}) {
  await owner((sql) =>
    sql`alter table objection disable trigger objection_moves`
      .then(
        () => sql`update objection set state = 'CLOSED', closed_at = now(), closed_by = 'test', closing_reason = 'test'
        where state in ('FILED', 'UNDER_REVIEW', 'APPEALED')`,
      )
      .then(() => sql`alter table objection enable trigger objection_moves`),
  );
  const { data, errors } = await file(by, id(MEMBER, against), more);
  expect(errors).toEqual([]);
  return data.fileObjection as { id: string; version: number; lapsesAt: string };
}
const take = (seen: object, who: object) =>
  slice.ask(`mutation ($id: ID!, $version: Int!) { takeObjection(id: $id, version: $version) { ${FIELDS} } }`, {
    ...who,
    variables: { ...seen },
  });
const decide = (seen: object, decision: string, who: object) =>
  slice.ask(`mutation ($input: DecideObjectionInput!) { decideObjection(input: $input) { ${FIELDS} } }`, {
    ...who,
    variables: { input: { ...seen, decision, reason: "sudah dikunjungi" } },
  });
const appeal = (seen: object, who: object) =>
  slice.ask(`mutation ($input: AppealObjectionInput!) { appealObjection(input: $input) { ${FIELDS} } }`, {
    ...who,
    variables: { input: { ...seen, reason: "tidak ada yang datang" } },
  });
/** As the registry's clock does it. */
const lapse = (at: string) =>
  asRole(String(databases.urls.registry), (sql) => sql`select welfare.lapse_objections(${at}::timestamptz) as n`).then(
    ([row]) => row?.["n"],
  );
const seen = ({ id: of, version }: { id: string; version: number }) => ({ id: of, version });
describe("an objection", () => {
  test("counts its days in western Indonesia: filed at 23:30 or 00:30 in the east, it lapses at the same midnight", async () => {
    const first = await filed();
    expect(first.lapsesAt).toBe("2026-03-16T17:00:00.000Z");
    now = Date.parse("2026-03-02T15:30:00Z"); // 2026-03-03T00:30+09:00
    expect((await filed()).lapsesAt).toBe("2026-03-16T17:00:00.000Z");
    now = Date.parse("2026-03-02T17:00:00Z"); // midnight in Jakarta: the next day
    expect((await filed()).lapsesAt).toBe("2026-03-17T17:00:00.000Z");
  });

  test("waits a month in the Perlinsos procedure, where BPS reviews", async () => {
    now = Date.parse("2026-01-31T03:00:00Z");
    const holdsIn = (regions: string[]) =>
      owner((sql) => sql`update objection_term set regions = ${regions} where mode = 'PERLINSOS'`);
    await holdsIn([HERE]);
    const objection = await filed();
    await holdsIn([]);
    expect(objection.lapsesAt).toBe("2026-02-28T17:00:00.000Z");
    expect(codesOf(await take(seen(objection), as("verifier.x")))).toEqual(["FORBIDDEN"]);
    expect((await take(seen(objection), as("bps.x"))).data.takeObjection.handler).toBe("bps.x");
  });

  test("against somebody of another village is refused in the words for somebody who does not exist", async () => {
    const answers = await Promise.all([
      file(1, id(MEMBER, 3)),
      file(1, id(MEMBER, 99)),
      file(1, "nobody"),
      file(1, id(PERSON, 2)),
    ]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(codesOf(answers[0] as never)).toEqual(["BAD_USER_INPUT"]);
    expect(answers[0]?.errors[0]?.extensions.detail).toBe("member: nobody of your village is a recipient under this id");
  });

  test("is not against one's own household, and not filed by officers or machines", async () => {
    expect(codesOf(await file(1, id(MEMBER, 1)))).toEqual(["BAD_USER_INPUT"]);
    const sent = { variables: { member: id(MEMBER, 2), photo: id(PHOTO, 1) } };
    expect(codesOf(await slice.ask(FILE, { ...as("verifier.x"), ...sent }))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await slice.ask(FILE, sent))).toEqual(["FORBIDDEN"]);
  });

  test("needs a picture of one's own, and is open once against one member", async () => {
    await filed();
    expect(codesOf(await file(1, id(MEMBER, 2)))).toEqual(["CONFLICT"]);
    expect(codesOf(await file(4, id(MEMBER, 2), { photo: id(PHOTO, 1) }))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await file(4, id(MEMBER, 2)))).toEqual([]);
  });

  test("is told to who filed it and to reviewers on duty there; not to the one objected to, the village or a machine", async () => {
    const { id: of } = await filed();
    const mine = `{ myObjections { id } }`;
    const all = `{ objections(first: 100) { nodes { id objector { id } } } }`;
    const ids = (rows: { id: string }[]) => rows.map((row) => row.id).filter((one) => one === of);
    expect(ids((await slice.ask(mine, citizen(1))).data.myObjections)).toEqual([of]);
    expect(ids((await slice.ask(mine, citizen(2))).data.myObjections)).toEqual([]);
    expect(ids((await slice.ask(all, as("verifier.x"))).data.objections.nodes)).toEqual([of]);
    expect((await slice.ask(all, as("operator.x"))).data.objections.nodes).toEqual([]);
    expect((await slice.ask(all, as("elsewhere.x"))).data.objections.nodes).toEqual([]);
    expect(codesOf(await slice.ask(all))).toEqual(["FORBIDDEN"]);
    const history = await owner((sql) => sql`select actor from transition where subject_id = ${of}`);
    expect(history.map((row) => row["actor"])).toEqual(["CITIZEN"]);
  });

  test("is taken and upheld by a verifier, and makes the member not eligible from that day", async () => {
    const objection = await filed();
    expect(codesOf(await decide(seen(objection), "UPHELD", as("verifier.x")))).toEqual(["CONFLICT"]);
    expect(codesOf(await take(seen(objection), as("operator.x")))).toEqual(["CONFLICT"]); // to the village it is not there
    const taken = (await take(seen(objection), as("verifier.x"))).data.takeObjection;
    expect(taken).toMatchObject({ state: "UNDER_REVIEW", handler: "verifier.x", version: 2 });
    expect(codesOf(await take(seen(objection), as("verifier2.x")))).toEqual(["CONFLICT"]);
    now = Date.parse("2026-03-05T18:00:00Z");
    const { data } = await decide(seen(taken), "UPHELD", as("verifier2.x"));
    expect(data.decideObjection.state).toBe("UPHELD");
    const rows = await owner(
      (sql) => sql`select member_id, person_id, decision, reason, effective_on::text as day, decided_by
      from eligibility_decision where objection_id = ${objection.id}`,
    );
    expect(rows).toEqual([
      {
        ...{ member_id: id(MEMBER, 2), person_id: id(PERSON, 2), decision: "NOT_ELIGIBLE", reason: "OBJECTION_UPHELD" },
        ...{ day: "2026-03-06", decided_by: "verifier2.x" },
      },
    ]);
  });

  test("once rejected is appealed by who filed it, and decided by another than who reviewed it", async () => {
    const objection = await filed();
    const taken = (await take(seen(objection), as("both.x"))).data.takeObjection;
    const rejected = (await decide(seen(taken), "REJECTED", as("verifier.x"))).data.decideObjection;
    expect(codesOf(await appeal(seen(rejected), citizen(4)))).toEqual(["CONFLICT"]);
    const appealed = (await appeal(seen(rejected), citizen(1))).data.appealObjection;
    expect(appealed.state).toBe("APPEALED");
    expect(codesOf(await decide(seen(appealed), "REJECTED", as("verifier2.x")))).toEqual(["FORBIDDEN"]);
    const refused = await decide(seen(appealed), "REJECTED", as("both.x")); // head of office, too, but took it
    expect(refused.errors[0]?.extensions.detail).toBe("another than who reviewed an objection decides its appeal");
    const closed = await decide(seen(appealed), "REJECTED", as("head.x"));
    expect(closed.data.decideObjection.state).toBe("CLOSED");
    expect(codesOf(await appeal(seen(closed.data.decideObjection), citizen(1)))).toEqual(["CONFLICT"]);
  });

  test("lapses at the instant its time has run out and not a millisecond before, and may be appealed then", async () => {
    const objection = await filed();
    expect(await lapse("2026-03-16T16:59:59.999Z")).toBe(0);
    now = Date.parse("2026-03-16T16:59:59.999Z");
    const taken = (await take(seen(objection), as("verifier.x"))).data.takeObjection;
    expect(taken.isOverdue).toBe(false);
    now = Date.parse("2026-03-16T17:00:00Z");
    const late = await decide(seen(taken), "REJECTED", as("verifier.x"));
    expect(late.errors[0]?.extensions).toMatchObject({
      code: "CONFLICT",
      detail: "the time for a review has run out: the objection lapses",
    });
    const overdue = `{ objections(filter: { isOverdue: true, region: "9801" }) { nodes { id isOverdue } } }`;
    expect((await slice.ask(overdue, as("head.x"))).data.objections.nodes).toEqual([{ id: objection.id, isOverdue: true }]);
    now = Date.parse("2026-03-16T17:02:00Z");
    expect(await lapse("2026-03-16T17:02:00Z")).toBe(1);
    expect(await lapse("2026-03-16T17:02:00Z")).toBe(0);
    const mine = await slice.ask(`{ myObjections { state lapsedAt version id history { act actor } } }`, citizen(1));
    const row = mine.data.myObjections.find((one: { id: string }) => one.id === objection.id);
    expect(row).toMatchObject({ id: objection.id, state: "LAPSED", lapsedAt: "2026-03-16T17:00:00.000Z" });
    expect(row.history.map((step: { act: string; actor: string }) => [step.act, step.actor])).toEqual([
      ["FILE", "CITIZEN"],
      ["TAKE", "verifier.x"],
      ["LAPSE", "OBJECTION_CLOCK"],
    ]);
    const appealed = (await appeal(seen(row), citizen(1))).data.appealObjection;
    expect((await decide(seen(appealed), "UPHELD", as("head.x"))).data.decideObjection.state).toBe("UPHELD");
  });

  test("taken by two verifiers at once is one's, and the other is told", async () => {
    const objection = await filed();
    const both = await Promise.all([take(seen(objection), as("verifier.x")), take(seen(objection), as("verifier2.x"))]);
    expect(both.flatMap(codesOf)).toEqual(["CONFLICT"]);
  });

  test("takes the steps that are listed and no other, whoever tries", async () => {
    const STATES = ["FILED", "UNDER_REVIEW", "UPHELD", "REJECTED", "LAPSED", "APPEALED", "CLOSED"];
    const WHO = [
      { officer: "both.x", citizen: "" },
      { officer: "", citizen: id(PERSON, 1) },
    ];
    const { id: of } = await filed();
    const tries = STATES.flatMap((from) => STATES.flatMap((to) => WHO.map((who) => ({ of, from, to, ...who }))));
    const done = await owner(async (sql) => {
      const taken: string[] = [];
      for (const step of tries)
        if (await isTaken(sql, step)) taken.push(`${step.from} → ${step.to} by ${step.officer || "CITIZEN"}`);
      return taken;
    });
    expect(tries).toHaveLength(98);
    expect(done).toEqual([
      "FILED → UNDER_REVIEW by both.x",
      "UNDER_REVIEW → UPHELD by both.x",
      "UNDER_REVIEW → REJECTED by both.x",
      "REJECTED → APPEALED by CITIZEN",
      "LAPSED → APPEALED by CITIZEN",
      "APPEALED → UPHELD by both.x",
      "APPEALED → CLOSED by both.x",
    ]);
  });

  test("does not lapse at anybody's word, nor jump a step, whoever writes to the table", async () => {
    const { id: of } = await filed();
    const write = (state: string) =>
      asRole(databases.urls.welfare.runtime, (sql) =>
        sql.begin(async (tx) => {
          await tx`select set_config('hub.regions', '{0,A}', true), set_config('hub.officer', '{both.x}', true), set_config('hub.citizen', '{}', true),
            set_config('hub.agency', '{DINSOS_X}', true), set_config('hub.now', '2026-03-03T00:00:00Z', true)`;
          return (await tx`update welfare.objection set state = ${state} where id = ${of}`).count;
        }),
      ).catch(({ code, message }: { code: string; message: string }) => `${code} ${message}`);
    expect(await write("LAPSED")).toBe("HB002 an objection lapses by the clock alone");
    for (const state of ["UPHELD", "REJECTED", "APPEALED", "CLOSED", "FILED"])
      expect(await write(state)).toBe(`HB001 an objection that is FILED cannot become ${state}`);
    await expect(owner((sql) => sql`delete from objection where id = ${of}`)).rejects.toThrow("objections are on file and stay");
  });
});

describe("a voluntary exit", () => {
  const STATE = `select state::text from member where id = '${id(MEMBER, 4)}'`;
  const stateOf = () => owner((sql) => sql.unsafe(STATE)).then(([row]) => row?.["state"]);
  const leave = `mutation { withdrawFromRegistry { id reason effectiveOn revocableUntil member { id } } }`;
  const back = `mutation { revokeWithdrawal { id revokedAt } }`;

  test("puts one's own entry to sleep, and is taken back within 30 days", async () => {
    const { data, errors } = await slice.ask(leave, citizen(4));
    expect(errors).toEqual([]);
    expect(data.withdrawFromRegistry).toMatchObject([
      {
        reason: "WITHDRAWN",
        effectiveOn: "2026-03-02",
        revocableUntil: "2026-04-01T17:00:00.000Z",
        member: { id: id(MEMBER, 4) },
      },
    ]);
    expect(await stateOf()).toBe("DORMANT");
    expect(codesOf(await slice.ask(leave, citizen(4)))).toEqual(["CONFLICT"]);
    now = Date.parse("2026-04-01T16:59:59Z");
    expect((await slice.ask(back, citizen(4))).data.revokeWithdrawal).toHaveLength(1);
    expect(await stateOf()).toBe("ACTIVE");
    expect(codesOf(await slice.ask(back, citizen(4)))).toEqual(["CONFLICT"]);
  });

  test("stands after 30 days", async () => {
    await slice.ask(leave, citizen(4));
    now = Date.parse("2026-04-01T17:00:00Z");
    expect(codesOf(await slice.ask(back, citizen(4)))).toEqual(["CONFLICT"]);
    expect(await stateOf()).toBe("DORMANT");
  });
});

describe("an objection to one's own ranking", () => {
  test("is taken and answered by one and the same human of BPS or the ministry, within 72 hours", async () => {
    const filing = await slice.ask(
      `mutation { objectToRanking(input: { about: RANKING, reason: "kami tidak punya listrik" }) { id version dueAt state } }`,
      citizen(1),
    );
    const [row] = filing.data.objectToRanking;
    expect(row).toMatchObject({ state: "FILED", dueAt: "2026-03-05T14:30:00.000Z" });
    const takes = `mutation ($id: ID!, $version: Int!) { takeRankingObjection(id: $id, version: $version) { id version state reviewer } }`;
    expect(codesOf(await slice.ask(takes, { ...as("verifier.x"), variables: seen(row) }))).toEqual(["FORBIDDEN"]);
    const taken = (await slice.ask(takes, { ...as("bps.x"), variables: seen(row) })).data.takeRankingObjection;
    expect(taken).toMatchObject({ state: "UNDER_REVIEW", reviewer: "bps.x" });
    const answers = `mutation ($input: AnswerRankingObjectionInput!) { answerRankingObjection(input: $input) { state outcome } }`;
    const input = { ...seen(taken), outcome: "CHANGED", answer: "daya listrik diperbaiki" };
    const { data } = await slice.ask(answers, { ...as("bps.x"), variables: { input } });
    expect(data.answerRankingObjection).toEqual({ state: "ANSWERED", outcome: "CHANGED" });
    const own = await slice.ask(`{ myRankingObjections { answer } }`, citizen(1));
    expect(own.data.myRankingObjections).toEqual([{ answer: "daya listrik diperbaiki" }]);
    expect((await slice.ask(`{ myRankingObjections { answer } }`, citizen(2))).data.myRankingObjections).toEqual([]);
  });
});

describe("the public counter", () => {
  const COUNTS = `query ($region: RegionCode, $month: String!) { objectionCounts(region: $region, month: $month) { region month filed decided lapsed } }`;
  const counted = async (region: string | null, month = "2025-05") =>
    (await slice.ask(COUNTS, { variables: { region, month } })).data.objectionCounts;

  beforeAll(() =>
    owner(async (sql) => {
      // 40 in one regency of the province, 12 in a second, 4 in a third; every tenth lapsed in June
      for (const [n, region] of [...Array(56).keys()].map(
        (n) => [n, n < 40 ? "9601011001" : n < 52 ? "9602011001" : "9603011001"] as const,
      ))
        await sql`insert into objection ${sql({
          ...{
            id: id(7, n),
            mode: "DEFAULT",
            citizen_id: id(8, n),
            member_id: id(MEMBER, 1),
            region,
            reason: "x",
            photo_id: id(PHOTO, 1),
          },
          ...{ latitude: -8, longitude: 114, filed_at: "2025-05-31T16:59:59Z", lapses_at: "2025-06-14T17:00:00Z" },
          ...(n % 10 === 0 && { state: "LAPSED", lapsed_at: "2025-06-14T17:00:00Z" }),
        })}`;
    }),
  );

  test("tells everybody what was filed and lapsed, to the nearest five, by the month of Jakarta", async () => {
    expect(await counted("96")).toEqual({
      region: "96",
      month: "2025-05",
      filed: expect.any(Number),
      decided: null,
      lapsed: null,
    });
    expect([55, 60]).toContain((await counted("96")).filed);
    expect((await counted("9601")).filed).toBe(40);
    expect(await counted("96", "2025-06")).toMatchObject({ filed: null, lapsed: null });
    expect((await counted("96")).filed).toBe((await counted("96")).filed);
  });

  test("withholds under ten, and a second one that would give the first away", async () => {
    expect((await counted("9603")).filed).toBeNull();
    expect((await counted("9602")).filed).toBeNull();
    expect(await counted("9604")).toMatchObject({ filed: null, decided: null, lapsed: null });
  });

  test("has no figure of a village", async () => {
    for (const region of ["960101", "9601011001"])
      expect(codesOf(await slice.ask(COUNTS, { variables: { region, month: "2025-05" } }))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await slice.ask(COUNTS, { variables: { region: "96", month: "2025-13" } }))).toEqual(["BAD_USER_INPUT"]);
  });
});
