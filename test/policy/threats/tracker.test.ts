import { beforeAll, describe, expect, test } from "vitest";
import { dpoOf, stewardOf } from "../../../drizzle/policy/readyMade.ts";
import { governance } from "../../../subgraphs/governance/index.ts";
import { asRole, useDatabases } from "../../kit/database.ts";
import { ani, budi, siti, sitisHome } from "../../kit/people.ts";
import { codesOf, useSlice } from "../../kit/slice.ts";
import { asSteward, outcomeOf } from "../../subgraphs/governance/lifecycle/kit.ts";
import {
  ACCESSES,
  asCitizen,
  integrateAll,
  linesOf,
  logOf,
  type Recorded,
  recordAll,
} from "../../subgraphs/governance/tracker/kit.ts";

// T28: what the tracker may tell a person of others, and what it may not tell yet, or ever.

type Json = Record<string, any>;

const NOON = Date.parse("2026-11-20T05:00:00Z");
const DAY_MS = 24 * 60 * 60 * 1000;
let clock = NOON;
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime, now: () => clock });

const CASE = "PERKARA-77/2026";
const HOME = sitisHome.id;
const inHousehold = (person: typeof siti) => ({
  id: person.id,
  nik: person.nik,
  registryMembers: [{ id: person.id, household: { id: HOME } }],
});
const seenBy = (who: typeof siti, about = who) => linesOf(asCitizen(slice, who.id), inHousehold(about));
const record = async (...accesses: Recorded[]) => {
  const given = await recordAll(databases.urls, accesses);
  await integrateAll(databases.urls);
  return given.map(({ receipt }) => receipt);
};
/** Receipts a person is told of. */
const receiptsOf = async (who: typeof siti) => (await seenBy(who)).map(({ receipt }) => receipt);
const asOwner = (work: Parameters<typeof asRole>[1]) => asRole(databases.urls.governance.owner, work);

describe("T28 a tracker that tells of third parties", () => {
  test("T28 a tracker that tells of third parties: a relative's case is invisible, though they share a household", async () => {
    const [about] = await record({
      subjects: { Person: [budi.id], Member: [budi.id] },
      body: { case: CASE, shown: ["Person.fullName"] },
    });
    expect(await receiptsOf(budi)).toContain(about);
    expect(await receiptsOf(siti)).not.toContain(about);
    expect(await receiptsOf(ani)).not.toContain(about);
  });

  test("T28 a tracker that tells of third parties: of an access to the household for a relative's case the others learn who and why, no case, officer, person or field of theirs", async () => {
    const [about] = await record({
      subjects: { Household: [HOME], Person: [budi.id] },
      body: { case: CASE, officer: "steward.bpjs_kesehatan", shown: ["Household.address", "Person.disability", "Decile.decile"] },
    });
    const line = (await seenBy(siti)).find(({ receipt }) => receipt === about);
    expect(line).toMatchObject({ isOfHousehold: true, shown: ["Household.address"], agency: { code: "BPJS_KESEHATAN" } });
    const everything = JSON.stringify(await seenBy(siti));
    for (const theirs of [CASE, "steward.bpjs_kesehatan", budi.id, "Person.disability"]) expect(everything).not.toContain(theirs);
  });

  test("T28 a tracker that tells of third parties: that a spouse looked at their own data is theirs to know, an agency's look at the household is everybody's", async () => {
    const subjects = { Person: [budi.id], Member: [budi.id], Household: [HOME] };
    const [own, agencys] = await record(
      { subjects, body: { purpose: "DATA_SUBJECT_RIGHTS", shown: ["Household.address"] } },
      { subjects, body: { shown: ["Household.address"] } },
    );
    expect(await receiptsOf(budi)).toEqual(expect.arrayContaining([own, agencys]));
    expect(await receiptsOf(siti)).toContain(agencys);
    expect(await receiptsOf(siti)).not.toContain(own);
  });

  test("T28 a tracker that tells of third parties: nobody reads it for another in the household", async () => {
    const ofBudi = { who: [{ __typename: "Person", ...inHousehold(budi) }] };
    expect(codesOf(await asCitizen(slice, siti.id)(ACCESSES, ofBudi))).toEqual(["FORBIDDEN"]);
  });
});

describe("T28 who represents a child", () => {
  const BIRTHDAY = "2035-05-02T17:00:00Z"; // ani turns 18 at midnight in Jakarta
  const until = Date.parse(BIRTHDAY);
  beforeAll(async () => {
    await record({ subjects: { Person: [ani.id] }, body: { shown: ["Person.birthDate"] } });
    await asOwner(
      (
        sql,
      ) => sql`insert into governance.representation (id, person_id, representative_id, basis, evidence, valid_from, valid_to, registered_by)
        values (gen_random_uuid(), ${ani.id}, ${siti.id}, 'PARENT', 'Akta kelahiran', '2026-01-01T00:00:00Z', ${BIRTHDAY}, ${dpoOf("DUKCAPIL")})`,
    );
    await asOwner(
      (sql) =>
        sql`update governance.representation set confirmed_by = ${dpoOf("HUB")}, confirmed_at = clock_timestamp() where person_id = ${ani.id}`,
    );
  });

  test("T28 a tracker that tells of third parties: a parent reads a child's until the day it turns 18, and from then on only the child does", async () => {
    const subject = async (who: typeof siti) =>
      outcomeOf(await asCitizen(slice, who.id)("query ($id: ID) { dataSubject(representing: $id) { id } }", { id: ani.id }));
    try {
      for (const [at, parent] of [
        [NOON, { id: ani.id }],
        [until - 1, { id: ani.id }],
        [until, { code: "FORBIDDEN" }],
      ] as const) {
        clock = at;
        expect(await subject(siti)).toMatchObject(parent);
        expect(await subject(ani)).toEqual({ id: ani.id });
      }
      await expect(seenBy(siti, ani)).rejects.toThrow("FORBIDDEN");
      expect(await seenBy(ani)).not.toEqual([]);
      clock = until - 1;
      expect(await seenBy(siti, ani)).toEqual(await seenBy(ani));
      expect(await subject(budi)).toMatchObject({ code: "FORBIDDEN" });
    } finally {
      clock = NOON;
    }
  });
});

describe("T28 accesses that are disclosed later, or not", () => {
  const SEAL = `mutation ($input: SealCaseInput!) { sealCase(input: $input) { id agency { code } disclosure until decision confirmedAt } }`;
  const CONFIRM = `mutation ($id: ID!) { confirmCaseSeal(id: $id) { id confirmedAt } }`;
  const UNSEAL = `mutation ($id: ID!) { unsealCase(id: $id, reason: "Penetapan berakhir") { id liftedAt } }`;
  const dpo = asSteward(slice, dpoOf("BPJS_KESEHATAN"));
  const until = new Date(NOON + 365 * DAY_MS).toISOString();
  const seal = async (ask: typeof dpo, input: Json) =>
    outcomeOf(
      await ask(SEAL, {
        input: { case: "PERKARA-1/2026", disclosure: "SEALED", decision: "12/Pen.Pid/2026/PN", until, ...input },
      }),
    ) as Json;
  const confirm = async (ask: typeof dpo, id: string) => outcomeOf(await ask(CONFIRM, { id })) as Json;
  const hub = asSteward(slice, dpoOf("HUB"));
  const confirmed = async (input: Json) => {
    const { id } = await seal(dpo, input);
    return confirm(hub, id);
  };
  /** An access under a purpose that needs a case. */
  const ofCase = (number: string, differences: Json = {}) => ({
    subjects: { Person: [siti.id] },
    body: { purpose: "FINANCIAL_AUDIT", case: number, shown: ["Person.nik"], ...differences },
  });
  /** As accounting counts them. */
  const countsOf = (receipt: string) =>
    asRole(
      logOf(databases.urls),
      (
        log,
      ) => log`select d.class from governance.entry e, json_to_record(e.body::json) as b(purpose text, agency text, "case" text),
      governance.disclosure_of(b.purpose, b.agency, b."case", false, e.at, clock_timestamp()) d where e.request_id = ${receipt}`,
    );

  test("T28 a tracker that tells of third parties: a case sealed on a court's order never shows, to nobody, and is counted; unsealed it shows", async () => {
    const [sealed, other] = await record(ofCase("PERKARA-1/2026"), ofCase("PERKARA-2/2026"));
    expect(await receiptsOf(siti)).toEqual(expect.arrayContaining([sealed, other]));
    const { id } = await confirmed({});
    expect(await receiptsOf(siti)).not.toContain(sealed);
    expect(await receiptsOf(siti)).toContain(other);
    const byDpo = await linesOf(dpo, inHousehold(siti));
    expect(byDpo.map(({ receipt }) => receipt)).not.toContain(sealed);
    expect(await countsOf(sealed ?? "")).toEqual([{ class: "SEALED" }]);
    expect(await countsOf(other ?? "")).toEqual([{ class: "IMMEDIATE" }]);
    expect(await seal(dpo, {})).toMatchObject({ code: "CONFLICT" });
    expect(outcomeOf(await dpo(UNSEAL, { id }))).toMatchObject({ id, liftedAt: expect.any(String) });
    expect(await receiptsOf(siti)).toContain(sealed);
  });

  test("T28 a tracker that tells of third parties: only a data protection officer of the agency seals its cases, and no table lists them", async () => {
    for (const id of [stewardOf("BPJS_KESEHATAN"), "operator.hub"])
      expect(await seal(asSteward(slice, id), { case: "PERKARA-3/2026" })).toMatchObject({ code: "FORBIDDEN" });
    const other = asSteward(slice, dpoOf("KEMENSOS"));
    const { id } = await seal(other, { case: "PERKARA-2/2026" });
    expect(await confirm(hub, id)).toMatchObject({ id, confirmedAt: expect.any(String) });
    const [, kept] = await record(ofCase("PERKARA-9/2026"), ofCase("PERKARA-2/2026"));
    expect(await receiptsOf(siti)).toContain(kept); // another agency's case of that number
    expect(outcomeOf(await dpo(UNSEAL, { id }))).toMatchObject({ code: "CONFLICT" });
    const listed = outcomeOf(await other("{ caseSeals { agency { code } decision liftedAt } }"));
    expect(outcomeOf(await hub("{ caseSeals { id } }"))).toContainEqual({ id });
    expect(listed).toEqual([{ agency: { code: "KEMENSOS" }, decision: "12/Pen.Pid/2026/PN", liftedAt: null }]);
    const stored = await asOwner((sql) => sql`select * from governance.case_seal`);
    expect(JSON.stringify(stored)).not.toContain("PERKARA");
  });

  test("T28 a tracker that tells of third parties: no officer hides a case alone: a seal bites when one of the hub has confirmed it, and all stewards read that there is one", async () => {
    const [asked] = await record(ofCase("PERKARA-5/2026"));
    const { id, confirmedAt } = await seal(dpo, { case: "PERKARA-5/2026" });
    expect(confirmedAt).toBeNull();
    expect(await receiptsOf(siti)).toContain(asked);
    for (const ask of [dpo, asSteward(slice, dpoOf("KEMENSOS"))])
      expect(await confirm(ask, id)).toMatchObject({ code: "FORBIDDEN" });
    expect(await confirm(hub, id)).toMatchObject({ id });
    expect(await receiptsOf(siti)).not.toContain(asked);
    expect(await confirm(hub, id)).toMatchObject({ code: "CONFLICT" });
    const own = await seal(hub, { case: "PERKARA-5/2026" });
    expect(await confirm(hub, own["id"])).toMatchObject({ code: "CONFLICT" });
    const events = await asOwner(
      (sql) => sql`select actor, kind from governance.policy_event where detail like ${`%${id}`} order by id`,
    );
    expect(events).toEqual([
      { actor: dpoOf("BPJS_KESEHATAN"), kind: "case_sealed" },
      { actor: dpoOf("HUB"), kind: "case_seal_confirmed" },
    ]);
  });

  test("T28 a tracker that tells of third parties: no seal outlives two years", async () => {
    for (const years of [0, 2.1])
      expect(
        await seal(dpo, { case: "PERKARA-6/2026", until: new Date(NOON + years * 365.25 * DAY_MS).toISOString() }),
      ).toMatchObject({ code: "BAD_USER_INPUT" });
  });

  test("T28 a tracker that tells of third parties: a case number on routine questions hides none of them, sealed or not", async () => {
    const [routine, inquiry] = await record(ofCase("RUTIN", { purpose: "PBI_MEMBERSHIP" }), ofCase("RUTIN"));
    await confirmed({ case: "RUTIN" });
    expect(await receiptsOf(siti)).toContain(routine);
    expect(await receiptsOf(siti)).not.toContain(inquiry);
    expect(await countsOf(routine ?? "")).toEqual([{ class: "IMMEDIATE" }]);
  });

  test("T28 a tracker that tells of third parties: a delayed case shows when its seal ends", async () => {
    const [delayed] = await record(ofCase("PERKARA-4/2026"));
    await confirmed({ case: "PERKARA-4/2026", disclosure: "DELAYED", until: new Date(NOON + DAY_MS).toISOString() });
    try {
      expect(await receiptsOf(siti)).not.toContain(delayed);
      clock = NOON + DAY_MS;
      expect(await receiptsOf(siti)).toContain(delayed);
    } finally {
      clock = NOON;
    }
  });

  test("T28 a tracker that tells of third parties: accesses through broken glass come 90 days later, none is left out", async () => {
    const at = new Date(NOON - DAY_MS).toISOString();
    const [glass] = await record({ at, subjects: { Person: [siti.id] }, body: { brokenGlass: true, shown: ["Person.address"] } });
    try {
      expect(await receiptsOf(siti)).not.toContain(glass);
      clock = NOON + 89 * DAY_MS;
      expect((await seenBy(siti)).find(({ receipt }) => receipt === glass)).toMatchObject({
        disclosure: "DELAYED",
        shown: ["Person.address"],
      });
    } finally {
      clock = NOON;
    }
  });

  test("T28 a tracker that tells of third parties: the purpose says how long its accesses are kept back, or that they are sealed", async () => {
    const at = new Date(NOON - 10 * DAY_MS).toISOString();
    const [plain] = await record({ at, subjects: { Person: [siti.id] } });
    const purpose = async (disclosure: string, days: number) => {
      await asOwner(
        (sql) =>
          sql`update governance.purpose set disclosure = ${disclosure}, disclosure_days = ${days} where code = 'PBI_MEMBERSHIP'`,
      );
      return (await receiptsOf(siti)).includes(plain);
    };
    expect([
      await purpose("DELAYED", 11),
      await purpose("DELAYED", 10),
      await purpose("SEALED", 1),
      await purpose("IMMEDIATE", 90),
    ]).toEqual([...[false, true, false, true]]);
  });
});
