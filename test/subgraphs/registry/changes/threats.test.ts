import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../../drizzle/client.ts";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import * as people from "../../../kit/people.ts";
import { codesOf, useSlice } from "../../../kit/slice.ts";
import * as kit from "./kit.ts";

const { urls } = useDatabases();
const slice = useSlice(welfare, { databaseUrl: () => urls.welfare.runtime });
const { submit, approve, apply } = kit.changing(slice);
const { OPERATOR, VERIFIER, budi, siti, ani } = kit;
const ON = "2026-09-27";
const home = people.sitisHome.id;
const SOBO = "3510161002";

let owner: ReturnType<typeof rawClient>;
beforeAll(() => {
  owner = rawClient(urls.welfare.owner, { max: 1 });
});
afterAll(() => owner.end());

const STEP = (name: string) => `mutation ($input: MemberStateInput!) { ${name}(input: $input) { state version } }`;
const step = (name: string, input: object) =>
  slice.ask(STEP(name), { caller: VERIFIER, variables: { input: { reason: "akta", ...input } } });
const event = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const comesIn = (n: number, kind: string, persons: readonly (readonly [string, string])[], told: object = {}) =>
  owner`insert into welfare.population_event (id, position, kind, occurred_on, says, attestation, received_at, region) values (${event(n)}, ${n}, ${kind}, ${ON},
    ${owner.json({ kind, on: ON, persons: persons.map(([id, role]) => ({ id, role })), cardId: null, toCardId: null, toRegion: null, ...told } as never)}, '', now(), '3510161001')`;

describe("a draft that population attests", () => {
  const SUBMIT = "mutation ($input: SubmitChangeInput!) { submitChange(input: $input) { id version state preview { digest } } }";
  const drafted = async (n: number, kind: string, persons: readonly (readonly [string, string])[], told: object = {}) => {
    await comesIn(n, kind, persons, told);
    await asRole(urls.registry ?? "", (jobs) => jobs`select welfare.draft_changes(now())`);
    const [row] = await owner`select id, version from welfare.change_request where event_id = ${event(n)}`;
    return row as { readonly id: string; readonly version: number };
  };
  const complete = (draft: object, change: object) =>
    slice.ask(SUBMIT, { caller: OPERATOR, variables: { input: { ...draft, change: { effectiveOn: ON, ...change } } } });

  test("is not turned onto another household, nor onto others than the event names", async () => {
    const birth = await drafted(1, "BIRTH", [[people.siti.id, "MOTHER"]]);
    const jokos = people.jokosHome.families[0];
    const elsewhere = await complete(birth, { birth: { familyId: jokos?.id, name: "BAYU", birthDate: ON } });
    expect(codesOf(elsewhere)).toEqual(["BAD_USER_INPUT"]);
    const divorce = await drafted(2, "DIVORCE", [[people.siti.id, "SPOUSE"]]);
    const withAni = await complete(divorce, {
      divorce: { memberId: siti, childIds: [ani], to: { region: SOBO, address: "JL A 1" } },
    });
    expect(withAni.errors[0]?.extensions.detail).toContain("whom the civil event does not name");
    const turned = await complete(divorce, { divorce: { memberId: budi, to: { region: SOBO, address: "JL A 1" } } });
    expect(codesOf(turned)).toEqual(["BAD_USER_INPUT"]);
    const [waits] = await owner`select count(*)::int as n from welfare.change_request where state = 'DRAFT'`;
    expect(waits?.["n"]).toBe(2);
    const own = await complete(divorce, { divorce: { memberId: siti, to: { region: SOBO, address: "JL A 1" } } });
    expect(own.data.submitChange.state).toBe("SUBMITTED");
    const end = { id: divorce.id, version: own.data.submitChange.version, reason: "uji" };
    expect((await slice.ask(kit.WITHDRAW, { caller: OPERATOR, variables: { input: end } })).errors).toEqual([]);
  });

  test("moves nobody else when it is applied, whatever the plan says", async () => {
    const { id } = await drafted(3, "SPLIT", [[people.ani.id, "HEAD"]]);
    const submitted = await slice.ask(SUBMIT, { caller: OPERATOR, variables: { input: { id, version: 1 } } });
    const plan = {
      ...{ homes: [], relocations: [], amendments: [] },
      families: [{ id: event(90), householdId: home, registryNumber: "K90", numberInHousehold: 2 }],
      entries: [
        { id: event(91), householdId: home, familyId: event(90), suffix: "01", relation: "HEAD", fromMemberId: siti, born: null },
      ],
    };
    const runtime = rawClient(urls.welfare.runtime, { max: 1 });
    const refused = await runtime
      .begin(async (tx) => {
        await tx`select set_config('hub.regions', '{0,A}', true), set_config('hub.decile_max', '100', true), set_config('hub.now', now()::text, true),
          set_config('hub.officer', ${`{${VERIFIER.officer}}`}, true), set_config('hub.agency', '{DINSOS_BANYUWANGI}', true), set_config('hub.citizen', '', true),
          set_config('hub.purpose', '{REGISTRY_MANAGEMENT}', true)`;
        await tx`select welfare.apply_change(${id}, ${submitted.data.submitChange.version}, ${tx.json(plan)})`;
      })
      .catch((error: unknown) => String(error));
    await runtime.end();
    expect(refused).toContain("whom the event names alone");
  });
});

test("a move into a region where the verifier has no duty is refused, and says who must approve it", async () => {
  const { data } = await submit({
    effectiveOn: ON,
    move: { members: [{ memberId: siti, relation: "HEAD" }], to: { region: "3578011001", address: "JL JAUH 1" } },
  });
  const { errors } = await approve(data.submitNewCard);
  expect(errors[0]?.extensions).toMatchObject({
    code: "FORBIDDEN",
    detail: "a move to where they go takes a VERIFIER on duty over region 3578011001",
  });
  const whole = [budi, siti, ani].map((memberId) => ({ memberId }));
  const all = await submit({ effectiveOn: ON, move: { members: whole, to: { region: "3578011001", address: "JL JAUH 1" } } });
  expect(codesOf(await approve(all.data.submitNewCard))).toEqual(["FORBIDDEN"]);
  expect(await owner`select from welfare.household where region = '3578011001' and address = 'JL JAUH 1'`).toHaveLength(0);
});

test("a death that population attests is not undone by one officer, in no way; population's own correction ends it", async () => {
  await comesIn(20, "DEATH", [[people.ani.id, "DECEASED"]]);
  const [dead] = await owner`select version, state from welfare.member where id = ${ani}`;
  expect(dead?.["state"]).toBe("DECEASED");
  const undone = await step("correctDeath", { id: ani, version: dead?.["version"] });
  expect(undone.errors[0]?.extensions).toMatchObject({ code: "CONFLICT" });
  expect(undone.errors[0]?.extensions.detail).toContain("population attests this death");
  await comesIn(21, "CORRECTION", [[people.ani.id, "REVIVED"]]);
  const [alive] = await owner`select version, state from welfare.member where id = ${ani}`;
  expect(alive?.["state"]).toBe("ACTIVE");
  // a death an officer marked is the officer's to correct, as before
  const marked = await step("markDeceased", { id: ani, version: alive?.["version"] });
  const corrected = await step("correctDeath", { id: ani, version: marked.data.markDeceased.version });
  expect(corrected.data.correctDeath.state).toBe("ACTIVE");
});

describe("who has moved out", () => {
  const NEED = "mutation ($input: RegisterNeedInput!) { registerNeed(input: $input) { id version } }";
  const END = "mutation ($input: EndNeedInput!) { endNeed(input: $input) { until version } }";
  const OWN = `query ($id: ID!) { _entities(representations: [{ __typename: "Person", id: $id }]) { ... on Person { registryMembers {
    id state household { id address monthlyIncome versions { fields } survey { visitedOn } deciles { decile } } family { registryNumber familyCard { id } } } } } }`;
  const own = async (id: string) =>
    (await slice.ask(OWN, { caller: kit.citizen(id), variables: { id } })).data._entities[0].registryMembers;
  const asCitizen = (id: string, work: (tx: any) => Promise<readonly any[]>) =>
    asRole(urls.welfare.runtime, (sql) =>
      sql.begin(async (tx) => {
        await tx`select set_config('hub.regions', '{0,A}', true), set_config('hub.decile_max', '100', true), set_config('hub.officer', '', true),
          set_config('hub.citizen', ${`{${id}}`}, true), set_config('hub.purpose', '{DATA_SUBJECT_RIGHTS}', true), set_config('hub.agency', '{HUB}', true)`;
        return work(tx);
      }),
    );
  let needId = "";

  test("reads nothing of the household left, today's or yesterday's; who stays reads on", async () => {
    const registered = await slice.ask(NEED, {
      caller: VERIFIER,
      variables: { input: { kind: "VIOLENCE_VICTIM", member: siti, since: ON } },
    });
    needId = registered.data.registerNeed.id;
    await owner`insert into welfare.external_id (id, scheme, value, member_id, household_id, valid_from) values (${event(70)}, 'VERIFYID', 'V-1', ${siti}, ${home}, '2025-01-01')`;
    const to = { region: SOBO, address: "JL RAHASIA 9" };
    expect((await apply({ effectiveOn: ON, move: { members: [{ memberId: siti, relation: "HEAD" }], to } })).errors).toEqual([]);
    await owner`update welfare.household set address = 'ALAMAT SESUDAH PISAH', monthly_income = 4321000 where id = ${home}`;
    const hers = await own(people.siti.id);
    expect(hers).toHaveLength(1);
    expect(hers[0]).toMatchObject({ state: "ACTIVE", household: { address: "JL RAHASIA 9", monthlyIncome: null } });
    const his = await own(people.budi.id);
    expect(his).toMatchObject([{ household: { id: home, address: "ALAMAT SESUDAH PISAH", monthlyIncome: "4321000" } }]);
    const REST = ["household where id", "family where household_id", "member where household_id", "ranking where household_id"];
    const MORE = ["ppks_status", "registry_history", "registry_change", "survey", "survey_member", "external_id"];
    for (const what of [...REST, ...MORE.map((table) => `${table} where household_id`)]) {
      const rows = await asCitizen(people.siti.id, (tx) => tx.unsafe(`select from welfare.${what} = $1`, [home]));
      expect(rows, what).toHaveLength(0);
    }
    const living = await asCitizen(people.budi.id, (tx) => tx`select from welfare.household where id = ${home}`);
    expect(living).toHaveLength(1);
    const all = await asCitizen(people.budi.id, (tx) => tx`select distinct household_id as of from welfare.member`);
    expect(all.map((row: any) => row.of)).toEqual([home]);
  });

  test("takes needs and numbers along: nothing is counted twice, and what ends leaves no stigma behind", async () => {
    const [now] = await owner`select m.id from welfare.member m where m.person_id = ${people.siti.id} and m.state = 'ACTIVE'`;
    const at = now?.["id"];
    const told = () =>
      owner`select member_id, region from welfare.ppks_status where kind = 'VIOLENCE_VICTIM' and member_id in (${siti}, ${at})`;
    expect([...(await told())]).toEqual([{ member_id: at, region: SOBO }]);
    expect([...(await owner`select member_id, region from welfare.need where id = ${needId}`)]).toEqual([
      { member_id: at, region: SOBO },
    ]);
    expect([...(await owner`select member_id from welfare.external_id where id = ${event(70)}`)]).toEqual([{ member_id: at }]);
    const ended = await slice.ask(END, {
      caller: VERIFIER,
      variables: { input: { id: needId, version: 2, on: "2026-10-01", reason: "selesai" } },
    });
    expect(ended.errors).toEqual([]);
    expect(await told()).toHaveLength(0);
  });

  test("is read by whoever represents them after death", async () => {
    const [now] =
      await owner`select m.id, m.version from welfare.member m where m.person_id = ${people.siti.id} and m.state = 'ACTIVE'`;
    expect((await step("markDeceased", { id: now?.["id"], version: now?.["version"] })).errors).toEqual([]);
    expect(await own(people.siti.id)).toMatchObject([{ state: "DECEASED", household: { address: "JL RAHASIA 9" } }]);
  });
});
