import { describe, expect, test } from "vitest";
import { uuidFrom } from "../../../../drizzle/synthetic/random.ts";
import { verifyDeterminations } from "../../../../subgraphs/welfare/determination/verify.ts";
import { asRole, asServer, failing } from "../../../kit/database.ts";
import { budi, joko, maria, rina, siti, slamet, tono } from "../../../kit/people.ts";
import { callerWith, codesOf } from "../../../kit/slice.ts";
import { minister, pusdatin, pusdatin2, useDeterminations, verifier } from "./kit.ts";

const registry = useDeterminations("2027-03-10T03:00:00Z");
const memberOf = ({ id }: { readonly id: string }, suffix = "01") => uuidFrom("story", "member", id, suffix);
const STANDS = `query ($member: [_Any!]!, $month: Date!, $basis: RegistryBasis) { _entities(representations: $member) {
  ... on Member { firstDecree(basis: $basis) determined(month: $month, basis: $basis) { decile region { code } fromMonth toMonth } } } }`;
const stands = async (member: string, month: string, basis = "DTSEN") => {
  const variables = { member: [{ __typename: "Member", id: member }], month, basis };
  const { data, errors } = await registry.slice.ask(STANDS, { caller: pusdatin, variables });
  expect(errors).toEqual([]);
  return data._entities[0];
};

/** As whoever runs the server can, with all triggers off. */
const behindTheHub = (text: string) =>
  asServer(registry.urls.welfare.owner, async (client) => {
    await client`set session_replication_role = replica`;
    expect((await client.unsafe(text)).count).toBeGreaterThan(0);
  });

describe("a month is determined", () => {
  let first: string;

  test("the ministry prepares, the Minister signs with the decree, and only then it is written", async () => {
    const { data, errors } = await registry.prepare({ month: "2027-03-01" });
    expect(errors).toEqual([]);
    const draft = data.prepareDetermination;
    expect(draft).toMatchObject({ state: "DRAFT", version: 1, month: "2027-03-01", hash: null });
    await registry.preview(draft.id);
    const seen = await registry.slice.ask(
      `{ determinations(basis: DTSEN) { nodes { isCounted tally { kind reason members } statistics { members } } } }`,
      { caller: pusdatin },
    );
    const [looked] = seen.data.determinations.nodes;
    expect(looked).toMatchObject({ isCounted: true, statistics: null, tally: [{ kind: "IN", reason: "FIRST_DETERMINATION" }] });

    const signed = await registry.sign({ id: draft.id, version: 1, decreeNumber: "12/HUK/2027" });
    expect(signed.data.determine).toMatchObject({ state: "QUEUED", version: 2, hash: null });
    await registry.write(draft.id);
    const done = await registry.slice.ask(
      `query { determination(month: "2027-03-31", basis: DTSEN) { id state hash tally { members } statistics { members households changes { reason members } }
      history { act actor } } }`,
      { caller: pusdatin },
    );
    first = done.data.determination.id;
    expect(done.data.determination).toMatchObject({
      id: draft.id,
      state: "DETERMINED",
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(done.data.determination.tally).toEqual([{ members: looked.tally[0].members }]);
    expect(done.data.determination.history.map(({ act }: { act: string }) => act)).toEqual(["PREPARE", "SIGN", "DETERMINE"]);
    expect(done.data.determination.statistics.members % 5).toBe(0);
  });

  test("who is matched and active stands in it, each person once, with the decree's number", async () => {
    expect(await stands(memberOf(siti, "02"), "2027-03-15")).toMatchObject({
      firstDecree: "12/HUK/2027",
      determined: { decile: 2, fromMonth: "2027-03-01", toMonth: null },
    });
    for (const [who, suffix] of [
      [joko, "01"],
      [slamet, "01"],
    ] as const)
      expect((await stands(memberOf(who, suffix), "2027-03-15")).determined).toBeNull();
    const both = await Promise.all(["01", "03"].map((suffix) => stands(memberOf(rina, suffix), "2027-03-01")));
    expect(both.filter(({ determined }) => determined !== null)).toHaveLength(1);
  });

  test("before it was determined nobody knew of it", async () => {
    const ask = (knownAt: string) =>
      registry.slice.ask(`query ($at: DateTime) { determination(month: "2027-03-01", basis: DTSEN, knownAt: $at) { id } }`, {
        variables: { at: knownAt },
      });
    expect((await ask("2020-01-01T00:00:00Z")).data.determination).toBeNull();
    expect((await ask("2099-01-01T00:00:00Z")).data.determination).toEqual({ id: first });
  });

  test("DTKS holds the poorest four tenths, and who is in need without a rank", async () => {
    await registry.determine({ month: "2027-03-01", basis: "DTKS" }, "13/HUK/2027");
    expect((await stands(memberOf(tono), "2027-03-01", "DTKS")).determined).toMatchObject({ decile: null });
    const rows = await registry.owner(
      "select max(decile) as highest, count(*)::int as n from welfare.determined where basis = 'DTKS'",
    );
    expect(rows[0]?.["highest"]).toBe(4);
    expect(rows[0]?.["n"]).toBeGreaterThan(5);
  });

  test("what changes until the next month is in it with its reason, and the first month stays as it was", async () => {
    registry.at("2027-03-20T03:00:00Z");
    await registry.owner(`update welfare.member set state = 'DORMANT' where id = '${memberOf(budi)}'`);
    await registry.owner(`update welfare.member set state = 'DECEASED' where id = '${memberOf(maria)}'`);
    await registry.owner(
      `update welfare.member set match_status = 'MISMATCHED', person_id = null where id = '${memberOf(tono)}'`,
    );
    await registry.owner(
      `update welfare.member set match_status = 'MATCHED', person_id = '${joko.id}' where id = '${memberOf(joko)}'`,
    );
    registry.at("2027-04-10T03:00:00Z");
    const id = await registry.determine({ month: "2027-04-01" }, "20/HUK/2027");
    const { data } = await registry.slice.ask(
      `query { determination(month: "2027-04-01", basis: DTSEN) { changes { totalCount nodes { id kind reasons } } } }`,
      { caller: pusdatin },
    );
    const changes = new Map(
      data.determination.changes.nodes.map((row: { id: string; kind: string; reasons: string[] }) => [
        row.id,
        [row.kind, ...row.reasons],
      ]),
    );
    expect(Object.fromEntries(changes)).toEqual({
      [memberOf(budi)]: ["OUT", "DORMANT"],
      [memberOf(maria)]: ["OUT", "DECEASED"],
      [memberOf(tono)]: ["OUT", "MATCH_LOST"],
      [memberOf(joko)]: ["IN", "NEW_MEMBER"],
    });
    expect((await stands(memberOf(budi), "2027-03-01")).determined).toMatchObject({ toMonth: "2027-04-01" });
    expect((await stands(memberOf(budi), "2027-04-01")).determined).toBeNull();
    const verdicts = await verifyDeterminations(registry.pool, { withInputs: true });
    expect(verdicts.map(({ faults }) => faults)).toEqual([[], [], []]);
    expect(verdicts.map((verdict) => verdict.id)).toContain(id);
  });

  test("who moves stands in the new village, and who wakes comes back as such", async () => {
    registry.at("2027-04-20T03:00:00Z");
    await registry.owner(`update welfare.member set state = 'ACTIVE' where id = '${memberOf(budi)}'`);
    const home = `(select household_id from welfare.member where id = '${memberOf(siti, "02")}')`;
    for (const table of ["member", "family"])
      await registry.owner(`update welfare.${table} set region = '3171011001' where household_id = ${home}`);
    await registry.owner(`update welfare.household set region = '3171011001' where id = ${home}`);
    registry.at("2027-05-10T03:00:00Z");
    await registry.determine({ month: "2027-05-01" }, "30/HUK/2027");
    const { data } = await registry.slice.ask(
      `query { determination(month: "2027-05-01", basis: DTSEN) { changes(region: "3171") { nodes { id kind reasons } } } }`,
      { caller: pusdatin },
    );
    expect(data.determination.changes.nodes).toContainEqual({
      id: memberOf(siti, "02"),
      kind: "CHANGED",
      reasons: ["MOVED_REGION"],
    });
    expect(data.determination.changes.nodes).toContainEqual({ id: memberOf(budi), kind: "IN", reasons: ["REVIVED"] });
    expect((await stands(memberOf(siti, "02"), "2027-04-01")).determined.region.code).toBe("3510161001");
    expect((await stands(memberOf(siti, "02"), "2027-05-01")).determined.region.code).toBe("3171011001");
    expect((await verifyDeterminations(registry.pool)).flatMap(({ faults }) => faults)).toEqual([]);
  });

  test("it stands on what was known when it was prepared, whatever is written before the Minister signs", async () => {
    registry.at("2027-06-10T03:00:00Z");
    const draft = (await registry.prepare({ month: "2027-06-01" })).data.prepareDetermination;
    registry.at("2027-06-11T03:00:00Z");
    await registry.owner(`update welfare.member set state = 'DORMANT' where id = '${memberOf(siti, "02")}'`);
    await registry.sign({ id: draft.id, version: 1, decreeNumber: "40/HUK/2027" });
    await registry.write(draft.id);
    expect((await stands(memberOf(siti, "02"), "2027-06-01")).determined).not.toBeNull();
    registry.at("2027-07-10T03:00:00Z");
    await registry.determine({ month: "2027-07-01" }, "41/HUK/2027");
    expect((await verifyDeterminations(registry.pool, { withInputs: true })).flatMap(({ faults }) => faults)).toEqual([]);
    expect((await stands(memberOf(siti, "02"), "2027-07-01")).determined).toBeNull();
  });

  test("a regency sees who stands in its own villages, a citizen their own row", async () => {
    const LIST = `query { determination(month: "2027-07-01", basis: DTSEN) { members(first: 100) { totalCount nodes { id region { code } } } tally { kind } } }`;
    const own = (await registry.slice.ask(LIST, { caller: verifier })).data.determination.members;
    expect(own.totalCount).toBeGreaterThan(1);
    expect(own.nodes.filter(({ region }: { region: { code: string } }) => !region.code.startsWith("3510"))).toEqual([]);
    const asBudi = callerWith({ client: "portal-warga", citizen: budi.id, agreement: "PKS-2025-008" });
    const seen = (await registry.slice.ask(LIST, { caller: asBudi })).data.determination.members;
    expect(seen.nodes.map(({ id }: { id: string }) => id)).toEqual([memberOf(budi)]);
  });

  test("a row that somebody changed behind the hub's back is found and named", async () => {
    await behindTheHub(`update welfare.determined set decile = 1 where member_id = '${memberOf(rina)}' and to_month is null`);
    const faults = (await verifyDeterminations(registry.pool)).flatMap((verdict) => verdict.faults);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.every((fault) => fault.includes(memberOf(rina)))).toBe(true);
  });

  test("an entry of the registry that was changed without leaving a version is found, too", async () => {
    const [row] =
      await registry.owner(`select o.member_id as id from welfare.determined o where basis = 'DTSEN' and to_month is null
      and member_id not in (select id from welfare.registry_history) order by 1 limit 1`);
    const member = String(row?.["id"]);
    const faultsAbout = async () =>
      (await verifyDeterminations(registry.pool, { withInputs: true })).flatMap(({ faults }) =>
        faults.filter((fault) => fault.includes("as known") && fault.includes(member)),
      );
    expect(await faultsAbout()).toEqual([]);
    await behindTheHub(`update welfare.member set suffix = '97' where id = '${member}'`);
    expect((await faultsAbout()).length).toBeGreaterThan(0);
  });
});

describe("who may", () => {
  test("nobody but the ministry prepares, nobody but the Minister signs, never the one who prepared", async () => {
    registry.at("2027-08-10T03:00:00Z");
    expect(codesOf(await registry.prepare({ month: "2027-08-01" }, verifier))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await registry.prepare({ month: "2027-08-01" }, minister))).toEqual(["FORBIDDEN"]);
    const draft = (await registry.prepare({ month: "2027-08-01" }, pusdatin2)).data.prepareDetermination;
    expect(codesOf(await registry.sign({ id: draft.id, version: 1, decreeNumber: "50/HUK/2027" }, pusdatin))).toEqual([
      "FORBIDDEN",
    ]);
    await registry.owner(
      "insert into welfare.officer_duty (id, officer_id, agency, role, region, valid_from, assigned_by) values (gen_random_uuid(), 'pusdatin2.kemensos', 'KEMENSOS', 'MINISTER', '', '2025-01-01', 'uji')",
    );
    expect(codesOf(await registry.sign({ id: draft.id, version: 1, decreeNumber: "50/HUK/2027" }, pusdatin2))).toEqual([
      "FORBIDDEN",
    ]);
    expect(codesOf(await registry.sign({ id: draft.id, version: 9, decreeNumber: "50/HUK/2027" }))).toEqual(["CONFLICT"]);
    expect(codesOf(await registry.sign({ id: draft.id, version: 1, decreeNumber: "41/HUK/2027" }))).toEqual(["CONFLICT"]);
    expect(codesOf(await registry.sign({ id: draft.id, version: 1, decreeNumber: "fifty" }))).toEqual(["BAD_USER_INPUT"]);
  });

  test("months come in their order, one draft each, and a withdrawn one makes room", async () => {
    expect(codesOf(await registry.prepare({ month: "2027-08-01" }))).toEqual(["CONFLICT"]);
    expect(codesOf(await registry.prepare({ month: "2027-07-01" }))).toEqual(["CONFLICT"]);
    expect(codesOf(await registry.prepare({ month: "2027-12-01" }))).toEqual(["BAD_USER_INPUT"]);
    const [row] = await registry.owner("select id from welfare.determination where state = 'DRAFT'");
    const withdrawn = await registry.slice.ask("mutation ($id: ID!) { withdrawDetermination(id: $id, version: 1) { state } }", {
      caller: pusdatin,
      variables: { id: row?.["id"] },
    });
    expect(withdrawn.data.withdrawDetermination).toEqual({ state: "WITHDRAWN" });
    expect((await registry.prepare({ month: "2027-08-01" })).errors).toEqual([]);
  });

  test("drafts are the ministry's: nobody else sees them", async () => {
    const states = async (caller = verifier) =>
      (
        await registry.slice.ask("{ determinations(basis: DTSEN, first: 100) { nodes { state } } }", { caller })
      ).data.determinations.nodes.map(({ state }: { state: string }) => state);
    expect(await states(pusdatin)).toContain("DRAFT");
    expect(new Set(await states())).toEqual(new Set(["DETERMINED"]));
  });

  test("the database refuses what the API would: rows stay, and only the job ends a determination", async () => {
    const as = (url: string, text: string) => asRole(url, (client) => failing(client.unsafe(text)));
    const { runtime, owner } = registry.urls.welfare;
    const jobs = registry.urls.registry ?? "";
    expect(await as(owner, "delete from welfare.determined")).toBe("HB001");
    expect(await as(owner, "update welfare.determined set decile = 1 where decile = 2")).toBe("HB001");
    expect(await as(owner, "update welfare.determined set to_month = '2030-01-01' where to_month is not null")).toBe("HB001");
    expect(await as(jobs, "update welfare.determined set decile = 1")).toBe("42501");
    expect(await as(jobs, "update welfare.determined set to_month = '2030-01-01' where to_month is null")).toBe("42501");
    expect(await as(runtime, "insert into welfare.determined (member_id) values (gen_random_uuid())")).toBe("42501");
    expect(
      await as(owner, "update welfare.determination set hash = repeat('0', 64), state = 'DETERMINED' where state = 'DRAFT'"),
    ).toBe("HB001");
    expect(await as(owner, "update welfare.determination set known_at = now() where state = 'DRAFT'")).toBe("HB001");
  });
});
