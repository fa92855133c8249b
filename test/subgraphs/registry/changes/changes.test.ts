import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../../drizzle/client.ts";
import { readAttestation } from "../../../../schema/attestation.ts";
import { dayInWib } from "../../../../schema/values/wib.ts";
import { devAttestationKeys } from "../../../../subgraphs/kit/serve/config.ts";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { failing, useDatabases } from "../../../kit/database.ts";
import * as people from "../../../kit/people.ts";
import { codesOf, useSlice } from "../../../kit/slice.ts";
import * as kit from "./kit.ts";

const { urls } = useDatabases();
const slice = useSlice(welfare, { databaseUrl: () => urls.welfare.runtime });
const { submit, approve, apply } = kit.changing(slice);
const { OPERATOR, VERIFIER, family, budi, siti, ani } = kit;
const ON = "2026-09-27";

let owner: ReturnType<typeof rawClient>;
beforeAll(() => {
  owner = rawClient(urls.welfare.owner, { max: 1 });
});
afterAll(() => owner.end());

/** Who lives in the families of a household, `suffix RELATION name`, in order. */
const livingIn = async (household: string) =>
  (
    await owner`select m.suffix || ' ' || m.relation || ' ' || m.claimed_name as who from welfare.member m join welfare.family f on f.id = m.family_id
      where m.household_id = ${household} and m.state in ('ACTIVE', 'DORMANT') order by f.number_in_household, m.suffix`
  ).map(({ who }) => who);
const home = people.sitisHome.id;
const memberOf = ({ families }: typeof people.sitisHome, at = 0) => families[0]?.members[at]?.id ?? "";

describe("before anybody approves", () => {
  test("a preview tells numbers, components and seats, and writes nothing", async () => {
    const input = { effectiveOn: ON, birth: { familyId: family, name: "BAYU SANTOSO", birthDate: ON } };
    const { data, errors } = await slice.ask(kit.PREVIEW, { caller: OPERATOR, variables: { input } });
    expect(errors).toEqual([]);
    const { families, consequences, pkh, seats } = data.previewChange;
    expect(families).toMatchObject([{ isNew: false, members: [{ suffix: "01" }, { suffix: "02" }, {}, { suffix: "04" }] }]);
    expect(families[0].members[3]).toEqual({ suffix: "04", relation: "CHILD", enters: true, member: null });
    expect(consequences).toMatchObject([{ code: "ENTERS", indonesian: "Masuk keluarga dengan nomor 04 sebagai anak." }]);
    expect(pkh).toEqual([{ code: "COMPONENT_GAINED", english: "PKH component gained: early childhood." }]);
    const AMOUNT = "query ($input: ChangeInput!) { previewChange(input: $input) { pkhDifference pkhOfHealth { code } } }";
    const amount = await slice.ask(AMOUNT, { caller: OPERATOR, variables: { input } });
    expect(amount.data.previewChange).toEqual({ pkhDifference: "750000", pkhOfHealth: [] });
    expect(seats).toEqual([{ code: "SEAT_UNDECIDED", member: null }]);
    expect(await owner`select from welfare.change_request`).toHaveLength(0);
  });

  test("all faults of an input are told at once, each with its field", async () => {
    const input = {
      effectiveOn: "2099-01-01",
      cardNumber: "1",
      birth: { familyId: family, name: "", nik: "x", birthDate: ON },
      death: { memberId: budi },
    };
    const { errors } = await slice.ask(kit.PREVIEW, { caller: OPERATOR, variables: { input } });
    expect(codesOf({ errors } as never)).toEqual(["BAD_USER_INPUT"]);
    for (const part of ["exactly one of", "effectiveOn", "cardNumber"]) expect(errors[0]?.extensions.detail).toContain(part);
    const second = { effectiveOn: ON, move: { members: [{ memberId: budi }], to: { region: "3510", address: "" } } };
    const answer = await slice.ask(kit.PREVIEW, { caller: OPERATOR, variables: { input: second } });
    expect(answer.errors[0]?.extensions.detail).toBe("to.region must be a village; to.address must have 1 to 200 characters");
  });

  test("who submitted a change does not decide on it, and neither does another operator", async () => {
    const { data } = await submit({ effectiveOn: ON, split: { members: [{ memberId: ani }] } });
    const change = data.submitNewCard;
    expect(change).toMatchObject({ kind: "SPLIT", source: "NEW_CARD", state: "SUBMITTED", version: 1 });
    expect(codesOf(await approve(change, OPERATOR))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await approve(change, kit.OTHER_OPERATOR))).toEqual(["BAD_USER_INPUT"]); // of another village: not seen
    const double = await owner`update welfare.change_request set submitted_by = ${VERIFIER.officer} where id = ${change.id}`.then(
      () => "changed",
      () => "kept",
    );
    expect(double).toBe("kept");
    const end = { id: change.id, version: change.version, reason: "salah isi" };
    expect(codesOf(await slice.ask(kit.REJECT, { caller: OPERATOR, variables: { input: end } }))).toEqual(["FORBIDDEN"]);
    const { data: gone } = await slice.ask(kit.WITHDRAW, { caller: OPERATOR, variables: { input: end } });
    expect(gone.withdrawChange).toMatchObject({ state: "WITHDRAWN", version: 2, reason: "salah isi" });
    expect(codesOf(await approve({ ...change, version: 2 }))).toEqual(["CONFLICT"]);
  });

  test("an officer with both duties still does not decide on what they submitted; the second verifier does", async () => {
    const [who, second] = [VERIFIER.officer, "verifikator2.dinsos_banyuwangi"];
    await owner`insert into welfare.officer_duty (id, officer_id, agency, role, region, valid_from, assigned_by)
      values (gen_random_uuid(), ${who}, 'DINSOS_BANYUWANGI', 'VILLAGE_OPERATOR', '3510161001', '2026-01-01', 'kadis.dinsos_banyuwangi')`;
    const { data } = await submit({ effectiveOn: ON, split: { members: [{ memberId: ani }] } }, VERIFIER);
    const refused = await approve(data.submitNewCard, VERIFIER);
    expect(codesOf(refused)).toEqual(["FORBIDDEN"]);
    expect(refused.errors[0]?.extensions.detail).toBe("nobody decides on what they submitted themself");
    const end = { id: data.submitNewCard.id, version: 1, reason: "tanpa akta" };
    const { data: done } = await slice.ask(kit.REJECT, { caller: { ...VERIFIER, officer: second }, variables: { input: end } });
    expect(done.rejectChange.history.at(-1)).toEqual({ actor: second, act: "REJECT", from: "SUBMITTED", to: "REJECTED" });
  });

  test("the role of the slice can neither write an approval nor call what applies it without a verifier", async () => {
    const { data } = await submit({ effectiveOn: ON, split: { members: [{ memberId: ani }] } });
    const { id } = data.submitNewCard;
    const runtime = rawClient(urls.welfare.runtime, { max: 1 });
    const as = (who: string, work: string) =>
      failing(
        runtime.begin(async (tx) => {
          await tx`select set_config('hub.regions', '{0,A}', true), set_config('hub.decile_max', '100', true), set_config('hub.now', now()::text, true),
            set_config('hub.officer', ${`{${who}}`}, true), set_config('hub.citizen', '', true), set_config('hub.agency', '{DINSOS_BANYUWANGI}', true)`;
          await tx.unsafe(work, [id]);
        }),
      );
    const plan = `'{"homes":[],"relocations":[],"families":[],"entries":[],"amendments":[]}'`;
    expect(await as("verifikator.dinsos_banyuwangi", "update welfare.change_request set state = 'APPROVED' where id = $1")).toBe(
      "42501",
    );
    expect(await as("operator.dinsos_banyuwangi", `select welfare.apply_change($1, 1, ${plan})`)).toBe("HB002");
    expect(
      await as(
        "verifikator.dinsos_banyuwangi",
        `select welfare.write_plan(${plan}, 'MOVE', now()::date) where $1::uuid is not null`,
      ),
    ).toBe("42501");
    expect(await as("verifikator.dinsos_banyuwangi", "delete from welfare.change_request where id = $1")).toBe("42501");
    await runtime.end();
  });

  test("what the families became since the preview is a conflict, and nothing is written", async () => {
    const { data } = await submit({ effectiveOn: ON, birth: { familyId: family, name: "BAYU SANTOSO", birthDate: ON } });
    const stale = data.submitNewCard;
    await owner`update welfare.member set relation = 'OTHER' where id = ${ani}`;
    expect(codesOf(await approve(stale))).toEqual(["CONFLICT"]);
    await owner`update welfare.member set relation = 'CHILD' where id = ${ani}`;
    expect(codesOf(await approve({ ...stale, version: 7 }))).toEqual(["CONFLICT"]);
    expect(await livingIn(home)).toHaveLength(3);
  });
});

describe("an approved change is applied as of its day", () => {
  test("a birth: the newborn is not matched yet and has the next number", async () => {
    const { data, errors } = await apply({
      effectiveOn: ON,
      birth: { familyId: family, name: "BAYU SANTOSO", nik: "3510162709269001", birthDate: ON },
    });
    expect(errors).toEqual([]);
    expect(data.approveChange).toMatchObject({ state: "APPLIED", version: 3 });
    expect(data.approveChange.history.map(({ act }: { act: string }) => act)).toEqual(["SUBMIT", "APPROVE", "APPLY"]);
    const [newborn] =
      await owner`select match_status::text, person_id, valid_from::text from welfare.member where claimed_name = 'BAYU SANTOSO'`;
    expect(newborn).toEqual({ match_status: "NOT_YET_MATCHED", person_id: null, valid_from: ON });
    const [card] = await owner`select claimed_card_number, family_card_id from welfare.family where id = ${family}`;
    expect(card).toEqual({ claimed_card_number: kit.CARD, family_card_id: null });
  });

  test("a marriage: two families become three, with lineage, and both stand only in the new one", async () => {
    const joko = memberOf(people.jokosHome);
    const { errors } = await apply({
      effectiveOn: ON,
      marriage: { memberIds: [joko, siti], to: { region: "3510161001", address: "JL MAWAR 3" } },
    });
    expect(errors).toEqual([]);
    const [row] =
      await owner`select m.household_id from welfare.member m join welfare.member_lineage l on l.member_id = m.id where l.from_member_id = ${siti}`;
    expect(await livingIn(row?.["household_id"])).toEqual(["01 HEAD JOKO PRASETYO", "02 SPOUSE SITI AMINAH"]);
    expect(await livingIn(home)).toEqual(["01 HEAD BOEDI SANTOSA", "03 CHILD ANI LESTARI", "04 CHILD BAYU SANTOSO"]);
    expect(await livingIn(people.jokosHome.id)).toEqual([]);
    expect((await owner`select state::text from welfare.member where id = ${siti}`)[0]).toEqual({ state: "MERGED" });
  });

  test("a death: the oldest left heads the family, and programs are told", async () => {
    const { errors } = await apply({ effectiveOn: ON, death: { memberId: budi } });
    expect(errors).toEqual([]);
    expect(await livingIn(home)).toEqual(["03 HEAD ANI LESTARI", "04 OTHER BAYU SANTOSO"]);
    const events = await owner`select kind, says from welfare.outbox where kind = 'MEMBER_DIED' and says->'members' ? ${budi}`;
    expect(events).toMatchObject([{ says: { on: ON, persons: [people.budi.id] } }]);
  });

  test("a move of the whole household keeps its families, ranks and numbers", async () => {
    const [one] = await owner`select id from welfare.member where claimed_name = 'BAYU SANTOSO'`;
    const members = [{ memberId: ani }, { memberId: one?.["id"] }];
    const { errors } = await apply({ effectiveOn: ON, move: { members, to: { region: "3510161002", address: "JL MELATI 9" } } });
    expect(errors).toEqual([]);
    expect(await livingIn(home)).toEqual(["03 HEAD ANI LESTARI", "04 OTHER BAYU SANTOSO"]);
    expect(
      await owner`select distinct region from (select region from welfare.household where id = ${home} union all select region from welfare.family
      where household_id = ${home} union all select region from welfare.member where household_id = ${home} union all select region from welfare.ranking
      where household_id = ${home}) r`,
    ).toEqual([{ region: "3510161002" }]);
    const [then] = await owner`select address from welfare.households_at(${[home]}::uuid[], '2026-09-26', null)`;
    expect(then).toEqual({ address: people.sitisHome.address });
  });

  test("a change never puts a person into a second family while a first one stands", async () => {
    const [rina, again] = [memberOf(people.rinasHome), memberOf(people.rinasSecondHome)];
    const to = { familyId: people.rinasHome.families[0]?.id };
    const caller = kit.OTHER_OPERATOR;
    const sent = await submit(
      { effectiveOn: ON, move: { members: [{ memberId: rina }], to: { region: "3510161002", address: "JL A" } } },
      caller,
    );
    expect(sent.errors).toEqual([]);
    expect(await owner`select member_id from welfare.overlap where person_id = ${people.rina.id} order by 1`).toEqual(
      [rina, again].sort().map((member_id) => ({ member_id })),
    );
    const moved = await submit({ effectiveOn: ON, move: { members: [{ memberId: again }], to } }, OPERATOR);
    expect(codesOf(moved)).toEqual(["BAD_USER_INPUT"]); // the other family is of another village
  });

  test("what a change corrects is matched anew", async () => {
    const correction = { memberId: memberOf(people.slametsHome), name: "SLAMET RIYADI" };
    const { errors } = await submit({ effectiveOn: ON, correction }, kit.OTHER_OPERATOR);
    expect(errors).toEqual([]);
    const { data } = await slice.ask(kit.LIST, {
      caller: VERIFIER,
      variables: { filter: { kind: "CORRECTION", state: "SUBMITTED" } },
    });
    expect(data.changeRequests.totalCount).toBe(1);
    expect((await approve(data.changeRequests.nodes[0])).errors).toEqual([]);
    const [row] =
      await owner`select claimed_name, match_status::text, person_id from welfare.member where id = ${memberOf(people.slametsHome)}`;
    expect(row).toEqual({ claimed_name: "SLAMET RIYADI", match_status: "NOT_YET_MATCHED", person_id: null });
  });
});

test("a page of changes with all previews takes the same statements as one", async () => {
  for (const name of ["A", "B", "C", "D"])
    await submit({ effectiveOn: ON, birth: { familyId: family, name, birthDate: ON } }, kit.OTHER_OPERATOR);
  const ask = (first: number) =>
    slice.ask(
      `{ changeRequests(first: ${first}, filter: { state: SUBMITTED }) { nodes { history { act } preview { digest consequences { code } } } } }`,
      { caller: VERIFIER },
    );
  const one = await ask(1);
  expect(one.data.changeRequests.nodes).toHaveLength(1);
  const forOne = slice.statements;
  const many = await ask(4);
  expect(many.data.changeRequests.nodes.map(({ preview }: { preview: object | null }) => preview === null)).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(slice.statements).toBe(forOne);
});

describe("programs learn what changed", () => {
  const EVENTS = "query ($after: ID, $first: Int) { registryEvents(after: $after, first: $first) { id kind at attestation } }";
  const events = async (variables: Record<string, unknown>) =>
    (await slice.ask(EVENTS, { caller: kit.exchange, variables })).data.registryEvents;

  test("every event once, in order without gaps, signed, and naming ids alone", async () => {
    const all = await events({});
    expect(all.length).toBeGreaterThan(4);
    expect(all.map(({ id }: { id: string }) => id)).toEqual(all.map((_: unknown, at: number) => String(at + 1)));
    expect(await events({ after: "2", first: 1 })).toEqual([all[2]]);
    for (const { id, kind, attestation } of all) {
      const fact = readAttestation<{ kind: string; on: string }>(attestation, {
        by: "welfare",
        kind: "REGISTRY_EVENT",
        keys: devAttestationKeys(),
      });
      expect(fact).toMatchObject({ about: id, says: { kind, on: ON } });
      expect(Object.keys(fact?.says ?? {}).sort()).toEqual(["families", "kind", "members", "on", "persons"]);
    }
  });

  test("an officer and a data subject read none", async () => {
    const asked = await slice.ask(EVENTS, { caller: kit.citizen(people.siti.id) });
    expect(asked.data.registryEvents).toEqual([]);
    expect(dayInWib(new Date()) > ON).toBe(true);
  });
});
