import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../../drizzle/client.ts";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import * as people from "../../../kit/people.ts";
import { codesOf, useSlice } from "../../../kit/slice.ts";
import * as kit from "./kit.ts";

const { urls } = useDatabases();
const slice = useSlice(welfare, { databaseUrl: () => urls.welfare.runtime });
const { submit, approve } = kit.changing(slice);
const { OPERATOR, VERIFIER, family, budi, siti, ani } = kit;
const ON = "2026-09-27";

let owner: ReturnType<typeof rawClient>;
beforeAll(() => {
  owner = rawClient(urls.welfare.owner, { max: 1 });
});
afterAll(() => owner.end());

const livingIn = async (household: string) =>
  (
    await owner`select m.suffix || ' ' || m.relation || ' ' || m.claimed_name as who from welfare.member m join welfare.family f on f.id = m.family_id
      where m.household_id = ${household} and m.state in ('ACTIVE', 'DORMANT') order by f.number_in_household, m.suffix`
  ).map(({ who }) => who);
/** Submits and approves; what is written is what the preview showed, number by number. */
async function apply(input: object) {
  const { data } = await submit(input);
  const answer = await approve(data.submitNewCard);
  for (const { registryNumber, members } of data.submitNewCard.preview.families) {
    const written =
      await owner`select m.suffix, m.relation::text from welfare.member m join welfare.family f on f.id = m.family_id
      where f.registry_number = ${registryNumber} and m.state in ('ACTIVE', 'DORMANT') order by 1`;
    expect(written).toEqual(members);
  }
  return answer;
}
const home = people.sitisHome.id;
const slamet = people.slametsHome.families[0]?.members[0]?.id ?? "";
const standing = async (person: { readonly id: string }) =>
  (
    await owner`select m.id, m.family_id from welfare.member m where m.person_id = ${person.id} and m.state = 'ACTIVE' and m.region like '3510%'`
  )[0] as { readonly id: string; readonly family_id: string };

describe("what population attests becomes a draft", () => {
  const event = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  const comesIn = (n: number, kind: string, persons: readonly (readonly [string, string])[], told: object = {}) =>
    owner`insert into welfare.population_event (id, position, kind, occurred_on, says, attestation, received_at, region) values (${event(n)}, ${n}, ${kind}, ${ON},
      ${owner.json({ kind, on: ON, persons: persons.map(([id, role]) => ({ id, role })), cardId: null, toCardId: null, toRegion: null, ...told } as never)}, '', now(), '3510161001')`;
  const draft = () => asRole(urls.registry ?? "", (jobs) => jobs`select welfare.draft_changes(now()) as seen`);
  const stateOf = async (n: number) =>
    (await owner`select state from welfare.population_event where id = ${event(n)}`)[0]?.["state"];
  const waiting = async (kind: string) =>
    (await slice.ask(kit.LIST, { caller: VERIFIER, variables: { filter: { kind, state: "DRAFT" } } })).data.changeRequests
      .nodes[0];
  const SUBMIT =
    "mutation ($input: SubmitChangeInput!) { submitChange(input: $input) { id version state preview { digest } history { actor act } } }";

  test("once, for whom the registry knows; the others are done with", async () => {
    await comesIn(1, "BIRTH", [
      ["00000000-0000-4000-8000-0000000000aa", "NEWBORN"],
      [people.siti.id, "MOTHER"],
    ]);
    await comesIn(2, "MOVE", [["00000000-0000-4000-8000-0000000000bb", "HEAD"]], { toRegion: "3510161002" });
    expect((await draft())[0]).toEqual({ seen: 2 });
    expect((await draft())[0]).toEqual({ seen: 0 });
    expect([await stateOf(1), await stateOf(2)]).toEqual(["PROPOSED", "IGNORED"]);
    expect(await waiting("BIRTH")).toMatchObject({
      source: "POPULATION_EVENT",
      missing: ["name"],
      preview: null,
      effectiveOn: ON,
    });
  });

  test("an operator completes what the attestation does not name, and the event is applied with the change", async () => {
    const { id, version } = await waiting("BIRTH");
    const asItStands = await slice.ask(SUBMIT, { caller: OPERATOR, variables: { input: { id, version } } });
    expect(asItStands.errors[0]?.extensions.detail).toBe("the draft lacks name");
    const other = { effectiveOn: ON, death: { memberId: budi } };
    expect(codesOf(await slice.ask(SUBMIT, { caller: OPERATOR, variables: { input: { id, version, change: other } } }))).toEqual([
      "BAD_USER_INPUT",
    ]);
    const change = { effectiveOn: ON, birth: { familyId: family, name: "BAYU SANTOSO", birthDate: ON } };
    expect(codesOf(await slice.ask(SUBMIT, { caller: VERIFIER, variables: { input: { id, version, change } } }))).toEqual([
      "FORBIDDEN",
    ]);
    const { data } = await slice.ask(SUBMIT, { caller: OPERATOR, variables: { input: { id, version, change } } });
    expect(data.submitChange.history).toEqual([
      { actor: "REGISTRY", act: "DRAFT" },
      { actor: OPERATOR.officer, act: "SUBMIT" },
    ]);
    expect((await approve(data.submitChange)).errors).toEqual([]);
    expect(await stateOf(1)).toBe("APPLIED");
    expect(await livingIn(home)).toContain("04 CHILD BAYU SANTOSO");
  });

  test("a death leaves a draft only where a family lost its head", async () => {
    await comesIn(3, "DEATH", [[people.ani.id, "DECEASED"]]);
    await comesIn(4, "DEATH", [[people.budi.id, "DECEASED"]]);
    expect(await livingIn(home)).toEqual(["02 SPOUSE SITI AMINAH", "04 CHILD BAYU SANTOSO"]);
    await draft();
    expect([await stateOf(3), await stateOf(4)]).toEqual(["APPLIED", "PROPOSED"]);
    const { id, version } = await waiting("DEATH");
    const { data } = await slice.ask(SUBMIT, { caller: OPERATOR, variables: { input: { id, version } } });
    expect((await approve(data.submitChange)).errors).toEqual([]);
    expect(await livingIn(home)).toEqual(["02 HEAD SITI AMINAH", "04 CHILD BAYU SANTOSO"]);
  });

  test("a death that is taken back is written when it comes in", async () => {
    await comesIn(5, "CORRECTION", [[people.ani.id, "REVIVED"]]);
    await draft();
    expect(await stateOf(5)).toBe("APPLIED");
    expect(await livingIn(home)).toEqual(["02 HEAD SITI AMINAH", "03 CHILD ANI LESTARI", "04 CHILD BAYU SANTOSO"]);
  });

  test("a marriage across villages is submitted as population attests it, and the verifier sees it whole", async () => {
    await comesIn(6, "MARRIAGE", [
      [people.slamet.id, "HEAD"],
      [people.siti.id, "SPOUSE"],
    ]);
    await owner`update welfare.member set match_status = 'MATCHED', person_id = ${people.slamet.id} where id = ${slamet}`;
    await draft();
    expect(await stateOf(6)).toBe("PROPOSED");
    const { id, version } = await waiting("MARRIAGE");
    const { data } = await slice.ask(SUBMIT, { caller: kit.OTHER_OPERATOR, variables: { input: { id, version } } });
    expect(data.submitChange).toMatchObject({ state: "SUBMITTED", preview: null }); // Siti lives where this operator has no duty
    const { data: seen } = await slice.ask(kit.LIST, {
      caller: VERIFIER,
      variables: { filter: { state: "SUBMITTED", kind: "MARRIAGE" } },
    });
    const input = { id, version: seen.changeRequests.nodes[0].version, reason: "akta belum ada" };
    expect(seen.changeRequests.nodes[0].preview.digest).toMatch(/^[\w-]{43}$/);
    expect((await slice.ask(kit.REJECT, { caller: VERIFIER, variables: { input } })).errors).toEqual([]);
  });

  test("a rejected draft closes its event, and says why", async () => {
    await comesIn(7, "SPLIT", [[people.ani.id, "HEAD"]]);
    await draft();
    const { id, version } = await waiting("SPLIT");
    const { data } = await slice.ask(SUBMIT, { caller: OPERATOR, variables: { input: { id, version } } });
    const input = { id, version: data.submitChange.version, reason: "anak di bawah umur" };
    const bare = await slice.ask(kit.REJECT, { caller: VERIFIER, variables: { input: { ...input, reason: " " } } });
    expect(codesOf(bare)).toEqual(["BAD_USER_INPUT"]);
    const { data: done } = await slice.ask(kit.REJECT, { caller: VERIFIER, variables: { input } });
    expect(done.rejectChange).toMatchObject({ state: "REJECTED", reason: "anak di bawah umur" });
    expect(await stateOf(7)).toBe("IGNORED");
  });
});

describe("families part and join", () => {
  test("a split founds a family in the same household; needs on record go along", async () => {
    await owner`insert into welfare.ppks_status (member_id, household_id, kind, since, region, household_decile) values (${ani}, ${home}, 'STREET_CHILD', ${ON}, '3510161001', 2)
      on conflict do nothing`;
    const { errors } = await apply({ effectiveOn: ON, split: { members: [{ memberId: ani, relation: "HEAD" }] } });
    expect(errors).toEqual([]);
    expect(await livingIn(home)).toEqual(["02 HEAD SITI AMINAH", "04 CHILD BAYU SANTOSO", "01 HEAD ANI LESTARI"]);
    const { id } = await standing(people.ani);
    expect(await owner`select kind::text from welfare.ppks_status where member_id = ${id}`).toEqual([{ kind: "STREET_CHILD" }]);
    expect(
      await owner`select from_member_id, reason, moved_on::text from welfare.member_lineage where member_id = ${id}`,
    ).toEqual([{ from_member_id: ani, reason: "SPLIT", moved_on: ON }]);
  });

  test("what a survey found of somebody before goes on counting", async () => {
    const [survey] =
      await owner`insert into welfare.survey (id, household_id, visited_on, method, answers) values (gen_random_uuid(), ${home}, '2026-09-01', 'INTERVIEW', '{}')
      returning id`;
    await owner`insert into welfare.survey_member (survey_id, member_id, household_id, answers)
      values (${survey?.["id"]}, ${ani}, ${home}, '{"Partisipasi_sekolah": ["2"], "Pendidikan_tertinggi": ["2"]}')`;
    const input = { effectiveOn: ON, death: { memberId: (await standing(people.ani)).id } };
    const { data } = await slice.ask(kit.PREVIEW, { caller: OPERATOR, variables: { input } });
    expect(data.previewChange.pkh).toEqual([{ code: "COMPONENT_LOST", english: "PKH component lost: child at junior school." }]);
  });

  test("a merge takes everybody in, and the numbers of before stay used", async () => {
    const { family_id } = await standing(people.ani);
    const relations = [{ memberId: (await standing(people.ani)).id, relation: "CHILD" }];
    const { errors } = await apply({ effectiveOn: ON, merge: { familyId: family_id, intoFamilyId: family, relations } });
    expect(errors).toEqual([]);
    expect(await livingIn(home)).toEqual(["02 HEAD SITI AMINAH", "04 CHILD BAYU SANTOSO", "05 CHILD ANI LESTARI"]);
  });

  test("a divorce takes the children named along", async () => {
    const joko = people.jokosHome.families[0]?.members[0]?.id ?? "";
    const wed = { memberIds: [siti, joko], to: { familyId: family } };
    expect((await apply({ effectiveOn: ON, marriage: wed })).errors).toEqual([]);
    expect(await livingIn(home)).toContain("06 SPOUSE JOKO PRASETYO");
    const { id } = await standing(people.ani);
    const divorce = { memberId: siti, childIds: [id], to: { region: "3510161001", address: "JL KENANGA 4" } };
    expect((await apply({ effectiveOn: ON, divorce })).errors).toEqual([]);
    expect(await livingIn(home)).toEqual(["04 CHILD BAYU SANTOSO", "06 HEAD JOKO PRASETYO"]);
    const [row] = await owner`select household_id from welfare.member where person_id = ${people.siti.id} and state = 'ACTIVE'`;
    expect(await livingIn(row?.["household_id"])).toEqual(["01 HEAD SITI AMINAH", "03 CHILD ANI LESTARI"]);
    const [rank] = await owner`select decile from welfare.household where id = ${row?.["household_id"]}`;
    expect(rank).toEqual({ decile: null });
  });

  test("whoever stands in two families moves in none of them before the duplicate is repaired", async () => {
    const again = people.rinasSecondHome.families[0]?.members[0]?.id ?? "";
    const move = { members: [{ memberId: again }], to: { familyId: family } };
    const { data } = await submit({ effectiveOn: ON, move });
    const refused = await approve(data.submitNewCard);
    expect(codesOf(refused)).toEqual(["CONFLICT"]);
    expect(refused.errors[0]?.extensions.detail).toContain("the duplicate is repaired first");
    expect(await owner`select state::text from welfare.member where id = ${again}`).toEqual([{ state: "ACTIVE" }]);
    const [request] = await owner`select state from welfare.change_request where id = ${data.submitNewCard.id}`;
    expect(request).toEqual({ state: "SUBMITTED" });
  });
});

test("of two changes approved at one moment on what was one family, one is written and the other is read again", async () => {
  const joko = people.jokosHome.families[0]?.id ?? "";
  const births = ["DEWI", "DEWA"].map((name) => ({ effectiveOn: ON, birth: { familyId: joko, name, birthDate: ON } }));
  const sent = [await submit(births[0] ?? {}), await submit(births[1] ?? {})];
  const answers = await Promise.all(sent.map(({ data }) => approve(data.submitNewCard)));
  expect(answers.flatMap(codesOf)).toEqual(["CONFLICT"]);
  const entered = await owner`select suffix from welfare.member where family_id = ${joko} and claimed_name in ('DEWI', 'DEWA')`;
  expect(entered).toEqual([{ suffix: "03" }]);
});

describe("a data subject", () => {
  const rina = people.rinasHome.families[0]?.members[0]?.id ?? "";
  const caller = kit.citizen(people.rina.id);

  test("hands in the new card of their own household, and of no other", async () => {
    const to = { region: "3510161002", address: "JL DAHLIA 1" };
    const own = await submit({ effectiveOn: ON, move: { members: [{ memberId: rina }], to } }, caller);
    expect(own.errors).toEqual([]);
    expect(own.data.submitNewCard).toMatchObject({
      state: "SUBMITTED",
      history: [{ actor: "CITIZEN", act: "SUBMIT", from: null, to: "SUBMITTED" }],
    });
    expect(codesOf(await submit({ effectiveOn: ON, death: { memberId: siti } }, caller))).toEqual(["BAD_USER_INPUT"]);
    expect(
      codesOf(await submit({ effectiveOn: ON, move: { members: [{ memberId: rina }], to: { familyId: family } } }, caller)),
    ).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await submit({ effectiveOn: ON, cardNumber: null, death: { memberId: rina } }, caller))).toEqual([
      "BAD_USER_INPUT",
    ]);
  });

  test("follows it, withdraws it, and sees nobody else's", async () => {
    const MINE = "{ myChangeRequests { id state version } }";
    const { data } = await slice.ask(MINE, { caller });
    expect(data.myChangeRequests).toHaveLength(1);
    const [{ id, version }] = data.myChangeRequests;
    expect((await slice.ask(MINE, { caller: kit.citizen(people.maria.id) })).data.myChangeRequests).toEqual([]);
    const input = { id, version, reason: "tidak jadi pindah" };
    const stranger = await slice.ask(kit.WITHDRAW, { caller: kit.citizen(people.maria.id), variables: { input } });
    expect(codesOf(stranger)).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await slice.ask(kit.WITHDRAW, { caller: kit.OTHER_OPERATOR, variables: { input } }))).toEqual(["FORBIDDEN"]);
    expect((await slice.ask(kit.WITHDRAW, { caller, variables: { input } })).data.withdrawChange.state).toBe("WITHDRAWN");
  });
});
