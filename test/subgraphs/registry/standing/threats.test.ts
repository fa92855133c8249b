import { expect, test } from "vitest";
import { uuidFrom } from "../../../../drizzle/synthetic/random.ts";
import { verifyDeterminations } from "../../../../subgraphs/welfare/determination/verify.ts";
import { asServer } from "../../../kit/database.ts";
import { maria, rina, siti, tono } from "../../../kit/people.ts";
import { pusdatin, useDeterminations } from "../determination/kit.ts";

const registry = useDeterminations("2027-03-10T03:00:00Z");
const memberOf = ({ id }: { readonly id: string }, suffix = "01") => uuidFrom("story", "member", id, suffix);
const SITI = memberOf(siti, "02");
/** Which of these stand in a month, as the ministry reads it. */
async function standing(month: string, basis: string, members: readonly string[]): Promise<string[]> {
  const { data, errors } = await registry.slice.ask(
    `query ($who: [_Any!]!, $month: Date!, $basis: RegistryBasis) { _entities(representations: $who) {
      ... on Member { id determined(month: $month, basis: $basis) { fromMonth } } } }`,
    { caller: pusdatin, variables: { who: members.map((id) => ({ __typename: "Member", id })), month, basis } },
  );
  expect(errors).toEqual([]);
  const rows: { id: string; determined: object | null }[] = data._entities;
  return rows.filter(({ determined }) => determined !== null).map(({ id }) => id);
}
async function changesIn(month: string): Promise<Record<string, string[]>> {
  const { data } = await registry.slice.ask(
    "query ($month: Date!) { determination(month: $month, basis: DTSEN) { changes { nodes { id kind reasons } } } }",
    { caller: pusdatin, variables: { month } },
  );
  const rows: { id: string; kind: string; reasons: string[] }[] = data.determination.changes.nodes;
  return Object.fromEntries(rows.map(({ id, kind, reasons }) => [id, [kind, ...reasons]]));
}
const faults = async () => (await verifyDeterminations(registry.pool, { withInputs: true })).flatMap((verdict) => verdict.faults);

interface Decision {
  readonly member: string;
  readonly person: string;
  readonly decidedAt: string;
  readonly program?: string;
  readonly isWithdrawal?: boolean;
}
/** A decision as the rules of objections would leave it. */
const decide = ({ member, person, decidedAt, program, isWithdrawal = false }: Decision) =>
  asServer(registry.urls.welfare.owner, async (client) => {
    await client`set session_replication_role = replica`;
    await client`insert into welfare.eligibility_decision
      (id, member_id, person_id, region, program, decision, reason, objection_id, effective_on, decided_at, decided_by, revocable_until)
      select gen_random_uuid(), id, ${person}, region, ${program ?? null}, 'NOT_ELIGIBLE', ${isWithdrawal ? "WITHDRAWN" : "OBJECTION_UPHELD"},
        case when ${!isWithdrawal} then gen_random_uuid() end, ${decidedAt}::timestamptz::date, ${decidedAt}, 'uji',
        case when ${isWithdrawal} then ${decidedAt}::timestamptz + interval '60 days' end
      from welfare.member where id = ${member}`;
  });

test("whom an upheld objection found not eligible leaves the registry with every entry they have, and who withdrew comes back when they take it back", async () => {
  const entries = [memberOf(rina, "01"), memberOf(rina, "03")];
  await registry.determine({ month: "2027-03-01" }, "12/HUK/2027");
  const [stood = "", ...more] = await standing("2027-03-01", "DTSEN", entries);
  expect(more, "one person, one row").toEqual([]);
  const other = entries.find((id) => id !== stood) ?? "";
  await decide({ member: other, person: rina.id, decidedAt: "2027-03-20T03:00:00Z" });
  await decide({ member: SITI, person: siti.id, decidedAt: "2027-03-20T03:00:00Z", program: "PKH" });
  await decide({ member: memberOf(maria), person: maria.id, decidedAt: "2027-03-20T03:00:00Z", isWithdrawal: true });
  registry.at("2027-04-10T03:00:00Z");
  await registry.determine({ month: "2027-04-01" }, "13/HUK/2027");
  expect(await changesIn("2027-04-01")).toEqual({
    [stood]: ["OUT", "OBJECTION_UPHELD"],
    [memberOf(maria)]: ["OUT", "WITHDRAWN"],
  });
  const stays = await standing("2027-04-01", "DTSEN", [...entries, SITI]);
  expect(stays, "a decision about one program takes nobody out").toEqual([SITI]);

  await asServer(registry.urls.welfare.owner, async (client) => {
    await client`set session_replication_role = replica`;
    await client`update welfare.eligibility_decision set revoked_at = '2027-04-20T03:00:00Z' where reason = 'WITHDRAWN'`;
  });
  registry.at("2027-05-10T03:00:00Z");
  await registry.determine({ month: "2027-05-01" }, "14/HUK/2027");
  expect(await changesIn("2027-05-01")).toEqual({ [memberOf(maria)]: ["IN", "RETURNED"] });
  expect(await faults(), "each month as it was known then").toEqual([]);
});

test("what is decided between the draft and the Minister's signature belongs to the next month", async () => {
  registry.at("2027-06-10T03:00:00Z");
  const draft = (await registry.prepare({ month: "2027-06-01" })).data.prepareDetermination;
  await decide({ member: SITI, person: siti.id, decidedAt: "2027-06-11T03:00:00Z" });
  registry.at("2027-06-12T03:00:00Z");
  await registry.sign({ id: draft.id, version: 1, decreeNumber: "15/HUK/2027" });
  await registry.write(draft.id);
  expect(await standing("2027-06-01", "DTSEN", [SITI])).toEqual([SITI]);
  registry.at("2027-07-10T03:00:00Z");
  await registry.determine({ month: "2027-07-01" }, "16/HUK/2027");
  expect(await changesIn("2027-07-01")).toEqual({ [SITI]: ["OUT", "OBJECTION_UPHELD"] });
  expect(await faults()).toEqual([]);
});

test("standing in DTKS tells nobody of HIV: the secret kinds of need bring nobody in, the others from the day they begin", async () => {
  const TONO = memberOf(tono);
  await registry.owner(`delete from welfare.ppks_status where member_id = '${TONO}' and kind = 'HOMELESS'`);
  const left = await registry.owner(`select kind from welfare.ppks_status where member_id = '${TONO}'`);
  expect(left.map((row) => row["kind"])).toEqual(["PERSON_WITH_HIV"]);
  await registry.determine({ month: "2027-07-01", basis: "DTKS" }, "17/HUK/2027");
  expect(await standing("2027-07-01", "DTKS", [TONO])).toEqual([]);
  await registry.owner(`insert into welfare.ppks_status (member_id, household_id, kind, since, region)
    select id, household_id, 'BEGGAR', '2027-08-20', region from welfare.member where id = '${TONO}'`);
  registry.at("2027-08-10T03:00:00Z");
  await registry.determine({ month: "2027-08-01", basis: "DTKS" }, "18/HUK/2027");
  expect(await standing("2027-08-01", "DTKS", [TONO])).toEqual([]);
  registry.at("2027-09-10T03:00:00Z");
  await registry.determine({ month: "2027-09-01", basis: "DTKS" }, "19/HUK/2027");
  expect(await standing("2027-09-01", "DTKS", [TONO])).toEqual([TONO]);
});
