import { expect, test } from "vitest";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { budi, siti, sitisHome } from "../../../kit/people.ts";

// What ends, is taken back or comes late, by the rules of the database.
const { urls } = useDatabases();
type Told = Readonly<Record<string, unknown>>;
const rowOf = (name: string) => sitisHome.families[0]?.members.find(({ person }) => person.fullName === name)?.id ?? "";
const [SITI, BUDI] = [rowOf(siti.fullName), rowOf(budi.fullName)];
const REGION = sitisHome.region;

/** Asks as the owner at an instant, on behalf of a person or of nobody. */
const at = (instant: string, question: string, citizen = ""): Promise<Told[]> =>
  asRole(urls.welfare.owner, (sql) =>
    sql.begin(async (tx) => {
      const who = citizen && `{${citizen}}`;
      await tx`select set_config('hub.now', ${instant}, true), set_config('hub.citizen', ${who}, true)`;
      return [...(await tx.unsafe(question))].map((row) => ({ ...row }));
    }),
  ) as Promise<Told[]>;
const refusal = (asked: Promise<unknown>) =>
  asked.then(
    () => null,
    (error: Error) => error.message,
  );
const stateOf = async (member: string) =>
  (await at("2027-01-01T00:00:00Z", `select state from welfare.member where id = '${member}'`))[0]?.["state"];
const put = (instant: string, member: string, state: string) =>
  at(instant, `update welfare.member set state = '${state}' where id = '${member}'`);

const WITHDRAW = `insert into welfare.eligibility_decision (id, member_id, person_id, region, decision, reason, effective_on, decided_at, decided_by)
  values (gen_random_uuid(), '${SITI}', '${siti.id}', '${REGION}', 'NOT_ELIGIBLE', 'WITHDRAWN', '2027-01-01', now(), 'x')`;
const REVOKE = `update welfare.eligibility_decision set revoked_at = now() where member_id = '${SITI}' and revoked_at is null returning id`;

test("who withdrew and was woken by an office withdraws again, and the first withdrawal wakes nobody any more", async () => {
  await at("2027-01-01T00:00:00Z", WITHDRAW, siti.id);
  expect(await stateOf(SITI)).toBe("DORMANT");
  await put("2027-01-03T00:00:00Z", SITI, "ACTIVE");
  await put("2027-01-05T00:00:00Z", SITI, "DORMANT");
  expect(await at("2027-01-06T00:00:00Z", REVOKE, siti.id), "nothing of the person's is left to take back").toEqual([]);
  expect(await stateOf(SITI)).toBe("DORMANT");
  await put("2027-01-07T00:00:00Z", SITI, "ACTIVE");
  await at("2027-02-01T00:00:00Z", WITHDRAW, siti.id);
  expect(await refusal(at("2027-06-01T00:00:00Z", REVOKE, siti.id))).toBe("a withdrawal is taken back within 30 days");
  await put("2027-06-03T00:00:00Z", SITI, "ACTIVE"); // after the 30 days
  await at("2027-07-01T00:00:00Z", WITHDRAW, siti.id);
  expect(await stateOf(SITI)).toBe("DORMANT");
  await put("2027-07-02T00:00:00Z", SITI, "ACTIVE");
});

const event = (id: string, { position, kind, role }: { position: number; kind: string; role: string }) =>
  at(
    "2027-08-01T00:00:00Z",
    `insert into welfare.population_event (id, position, kind, occurred_on, says, attestation, received_at, region)
    values ('${id}', ${position}, '${kind}', '2027-07-20', '${JSON.stringify({ persons: [{ id: budi.id, role }] })}', 'x', now(), '${REGION}')`,
  );
const draft = () => at("2027-08-01T00:00:00Z", "select welfare.draft_changes('2027-08-01T00:00:00Z')");
const events = () => at("2027-08-01T00:00:00Z", "select position::int, state from welfare.population_event order by position");

test("a death taken back leaves a head as asleep as they were, and no draft and no event that waits", async () => {
  await at(
    "2027-07-30T00:00:00Z",
    `update welfare.member set person_id = '${budi.id}', match_status = 'MATCHED' where id = '${BUDI}'`,
  );
  await put("2027-07-31T00:00:00Z", BUDI, "DORMANT");
  await event("11111111-1111-4111-8111-111111111111", { position: 1, kind: "DEATH", role: "DECEASED" });
  await draft();
  expect(await events()).toEqual([{ position: 1, state: "PROPOSED" }]);
  await event("22222222-2222-4222-8222-222222222222", { position: 2, kind: "CORRECTION", role: "REVIVED" });
  await draft();
  expect(await stateOf(BUDI)).toBe("DORMANT");
  expect(await at("2027-08-01T00:00:00Z", "select kind, state from welfare.change_request")).toEqual([
    { kind: "DEATH", state: "WITHDRAWN" },
  ]);
  const [first, second] = await events();
  expect([first, second]).toEqual([
    { position: 1, state: "IGNORED" },
    { position: 2, state: "APPLIED" },
  ]);
  const [told] = await at(
    "2027-08-01T00:00:00Z",
    `select from_state, act from welfare.transition where subject_id = '${BUDI}' order by id desc limit 1`,
  );
  expect(told).toEqual({ from_state: "DECEASED", act: "CORRECT_DEATH" });
});

test("a death taken back before anybody looked at it drafts nothing", async () => {
  await put("2027-08-01T00:00:00Z", BUDI, "ACTIVE");
  await event("33333333-3333-4333-8333-333333333333", { position: 3, kind: "DEATH", role: "DECEASED" });
  await event("44444444-4444-4444-8444-444444444444", { position: 4, kind: "CORRECTION", role: "REVIVED" });
  await draft();
  expect(await stateOf(BUDI)).toBe("ACTIVE");
  expect((await events()).slice(2)).toEqual([
    { position: 3, state: "IGNORED" },
    { position: 4, state: "APPLIED" },
  ]);
});

test.each([
  ["DRAFT", "FORMAL", "2026-11-11T03:00:00Z", "2026-11-17T17:00:00.000Z"],
  ["DRAFT", "FORMAL", "2026-11-12T03:00:00Z", "2026-12-17T17:00:00.000Z"],
  ["DRAFT", "CEK_BANSOS", "2026-11-12T03:00:00Z", "2026-11-17T17:00:00.000Z"],
  ["IN_DELIBERATION", "FORMAL", "2026-11-14T03:00:00Z", "2026-11-17T17:00:00.000Z"],
  ["IN_DELIBERATION", "CEK_BANSOS", "2026-11-15T03:00:00Z", "2026-12-17T17:00:00.000Z"],
  ["IN_VERIFICATION", "CEK_BANSOS", "2026-11-15T03:00:00Z", "2026-12-17T17:00:00.000Z"],
  ["IN_VERIFICATION", "FORMAL", "2026-12-20T03:00:00Z", "2027-01-17T17:00:00.000Z"],
])("a %s proposal (%s) of %s is not over before its next window has been: %s", async (state, channel, since, expiry) => {
  const [told] = await at(since, `select welfare.proposal_expiry('${state}', '${channel}', '${since}') as at`);
  expect((told?.["at"] as Date | undefined)?.toISOString?.() ?? new Date(String(told?.["at"])).toISOString()).toBe(expiry);
});

test("one office's need takes nothing off the record that an import brought, and takes off what it put there", async () => {
  const NOW = "2027-01-01T00:00:00Z";
  const record = () =>
    at(
      NOW,
      `select kind::text, since::text from welfare.ppks_status where member_id = '${SITI}' and kind in ('STREET_CHILD', 'HOMELESS')`,
    );
  await at(
    NOW,
    `insert into welfare.ppks_status (member_id, household_id, kind, since, region) values ('${SITI}', '${sitisHome.id}', 'HOMELESS', '2026-12-01', '${REGION}')`,
  );
  for (const kind of ["HOMELESS", "STREET_CHILD"])
    await at(
      NOW,
      `insert into welfare.need (id, kind, subject_kind, member_id, region, unit, since, registered_by)
      values (gen_random_uuid(), '${kind}', 'PERSON', '${SITI}', '${REGION}', 'DINSOS_Y', '2026-12-01', 'x')`,
    );
  expect(await record()).toHaveLength(2);
  await at(NOW, "update welfare.need set until = '2027-01-01', end_reason = 'MISTAKE' where unit = 'DINSOS_Y'");
  expect(await record()).toEqual([{ kind: "HOMELESS", since: "2026-12-01" }]);
});

test("days before an entry began are not corrected, and a correction that reaches back further begins with it", async () => {
  const NOW = "2027-09-01T00:00:00Z";
  const [{ began } = { began: "" }] = await at(NOW, `select valid_from::text as began from welfare.member where id = '${SITI}'`);
  const correct = (since: string, until: string) =>
    at(NOW, `select welfare.correct('MEMBER', '${SITI}', '{"relation": "OTHER"}', '${since}', '${until}')`);
  expect(await refusal(correct("2001-01-01", "2002-01-01"))).toBe("a correction is of days the entry has: it began later");
  expect(await refusal(correct("2001-01-01", String(began)))).toBe("a correction is of days the entry has: it began later");
  await correct("2001-01-01", "2026-06-01");
  expect(
    await at(
      NOW,
      `select valid_from::text, valid_to::text from welfare.registry_change where subject_id = '${SITI}' and 'relation' = any (fields)`,
    ),
  ).toEqual([{ valid_from: began, valid_to: "2026-06-01" }]);
});

test("an objection to a ranking is answered by another once its taker holds no duty any more, or it is due", async () => {
  const objection = "55555555-5555-4555-8555-555555555555";
  const as = (officer: string, instant: string, set: string) =>
    asRole(urls.welfare.owner, (sql) =>
      sql.begin(async (tx) => {
        await tx`select set_config('hub.now', ${instant}, true), set_config('hub.officer', ${`{${officer}}`}, true), set_config('hub.agency', '{BPS_X}', true)`;
        await tx.unsafe(`update welfare.ranking_objection set ${set} where state <> 'ANSWERED'`);
      }),
    );
  const ANSWER = "state = 'ANSWERED', outcome = 'UPHELD', answer = 'diperiksa'";
  const filed = (id: string) =>
    at(
      "2027-10-01T00:00:00Z",
      `insert into welfare.ranking_objection (id, person_id, member_id, region, about, reason, filed_at, due_at)
      values ('${id}', '${siti.id}', '${SITI}', '${REGION}', 'RANKING', 'keliru', now(), now())`,
      siti.id,
    );
  const duty = (officer: string, until: string | null) =>
    at(
      "2027-10-01T00:00:00Z",
      `insert into welfare.officer_duty (id, officer_id, agency, role, region, valid_from, valid_to, assigned_by)
      values (gen_random_uuid(), '${officer}', 'BPS_X', 'RANKING', '', '2020-01-01', ${until ? `'${until}'` : "null"}, 'test')`,
    );
  await duty("one.bps", null);
  await duty("two.bps", null);
  await filed(objection);
  await as("one.bps", "2027-10-02T00:00:00Z", "state = 'UNDER_REVIEW'");
  expect(await refusal(as("two.bps", "2027-10-02T01:00:00Z", ANSWER))).toBe("whoever took an objection to a ranking answers it");
  await as("two.bps", "2027-10-04T00:00:00Z", ANSWER);
  const told = await at("2027-10-05T00:00:00Z", "select reviewer, state from welfare.ranking_objection");
  expect(told).toEqual([{ reviewer: "two.bps", state: "ANSWERED" }]);

  await filed("66666666-6666-4666-8666-666666666666");
  await as("one.bps", "2027-10-02T00:00:00Z", "state = 'UNDER_REVIEW'");
  await at("2027-10-02T00:00:00Z", "update welfare.officer_duty set valid_to = '2021-01-01' where officer_id = 'one.bps'");
  await as("two.bps", "2027-10-02T01:00:00Z", ANSWER);
  expect(await at("2027-10-05T00:00:00Z", "select from welfare.ranking_objection where reviewer = 'two.bps'")).toHaveLength(2);
});
