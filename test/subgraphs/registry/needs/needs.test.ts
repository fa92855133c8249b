import { describe, expect, test } from "vitest";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { ani, budi, joko, jokosHome, siti, sitisHome } from "../../../kit/people.ts";
import { callerWith, codesOf, useSlice } from "../../../kit/slice.ts";

const memberOf = (whom: { readonly id: string }) => {
  const members = [sitisHome, jokosHome].flatMap(({ families }) => families.flatMap((family) => family.members));
  const found = members.find(({ person }) => person.id === whom.id);
  if (!found) throw new Error("no such member");
  return found;
};
const databases = useDatabases();
const NOW = Date.parse("2026-11-22T03:00:00Z");
const slice = useSlice(welfare, { databaseUrl: () => databases.urls.welfare.runtime, now: () => NOW });

const REGENCY = { regions: [["3510", "3511"]] as const, programs: null, decileMax: 100 };
const officer = (id: string, agency = "DINSOS_BANYUWANGI") => ({
  caller: callerWith({
    officer: id,
    client: id,
    agency,
    agreement: "PKS-2025-021",
    purpose: "REGISTRY_MANAGEMENT",
    rows: REGENCY,
  }),
});
const verifier = officer("verifikator.dinsos_banyuwangi");
const head = officer("kadis.dinsos_banyuwangi");
const operator = officer("operator.dinsos_banyuwangi");
const owner = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(databases.urls.welfare.owner, work);

/** The same officer on duty for another agency, too. */
const dutyFor = (agency: string) =>
  owner(
    (sql) =>
      sql`insert into officer_duty values (gen_random_uuid(), 'verifikator.dinsos_banyuwangi', ${agency}, 'VERIFIER', '3510', '2026-01-01', null, 'test')`,
  );

const REGISTER = `mutation ($input: RegisterNeedInput!) { registerNeed(input: $input) {
  id kind criteria subjectKind member { id } family { id } group { name size } region { code } handlingUnit since until version } }`;
const register = (input: object, who = verifier) =>
  slice.ask(REGISTER, { ...who, variables: { input: { since: "2026-10-01", ...input } } });
const END =
  "mutation ($input: EndNeedInput!) { endNeed(input: $input) { until endReason version history { act actor from to reason } } }";
const seenOf = async (member: string, who: object) =>
  (
    await slice.ask(
      `{ _entities(representations: [{ __typename: "Member", id: "${member}" }]) { ... on Member { ppks { kind } handledNeeds { kind } subjectFlags } } }`,
      who,
    )
  ).data._entities[0];

describe("needs", () => {
  test("what stigmatises is seen by the office that handles it and by nobody else", async () => {
    const member = memberOf(budi).id;
    const { data, errors } = await register({ kind: "PERSON_WITH_HIV", member });
    expect(errors).toEqual([]);
    expect(data.registerNeed).toMatchObject({
      ...{ kind: "PERSON_WITH_HIV", criteria: ["SOCIAL_DEVIANCE"], subjectKind: "PERSON", member: { id: member } },
      ...{ region: { code: "3510161001" }, handlingUnit: "DINSOS_BANYUWANGI", until: null, version: 1 },
    });
    expect((await seenOf(member, head)).handledNeeds).toEqual([{ kind: "PERSON_WITH_HIV" }]);
    await dutyFor("RSUD_BLAMBANGAN");
    const otherOffice = officer("verifikator.dinsos_banyuwangi", "RSUD_BLAMBANGAN");
    const machine = { caller: callerWith() };
    for (const who of [otherOffice, operator, machine]) {
      const seen = await seenOf(member, who);
      expect(seen.handledNeeds).toEqual([]);
      expect(seen.ppks).toEqual([]);
    }
    expect((await seenOf(member, machine)).subjectFlags).toContain("STIGMA");
  });

  test("another office learns nothing from registering the same need", async () => {
    await owner(
      (sql) =>
        sql`insert into officer_duty values (gen_random_uuid(), 'perawat.rsud', 'RSUD', 'VERIFIER', '3510', '2026-01-01', null, 'test')`,
    );
    const nurse = officer("perawat.rsud", "RSUD");
    const input = { kind: "DRUG_VICTIM", member: memberOf(joko).id };
    expect((await register(input)).errors).toEqual([]);
    const again = await register(input);
    expect(codesOf(again)).toEqual(["CONFLICT"]);
    const theirs = await register(input, nurse);
    expect(theirs.errors).toEqual([]);
    const { id, version } = theirs.data.registerNeed;
    const variables = { input: { id, version, on: "2026-11-01", reason: "Selesai" } };
    expect(codesOf(await slice.ask(END, { ...verifier, variables }))).toEqual(["BAD_USER_INPUT"]);
    expect((await slice.ask(END, { ...nurse, variables })).errors).toEqual([]);
    expect((await seenOf(memberOf(joko).id, { caller: callerWith() })).subjectFlags, "ours is still open").toContain("STIGMA");
  });

  test("a need that is no secret shows as before while it is open, and no longer once it has ended", async () => {
    const member = memberOf(siti).id;
    const { data } = await register({ kind: "VULNERABLE_WOMAN", member });
    const { id } = data.registerNeed;
    const machine = { caller: callerWith() };
    expect((await seenOf(member, machine)).ppks).toContainEqual({ kind: "VULNERABLE_WOMAN" });
    const serve =
      "mutation ($input: RecordServiceInput!) { recordService(input: $input) { services { service on unit officer note } } }";
    const served = await slice.ask(serve, {
      ...head,
      variables: { input: { need: id, service: "Pelatihan usaha", on: "2026-11-02" } },
    });
    expect(served.data.recordService.services).toEqual([
      { service: "Pelatihan usaha", on: "2026-11-02", unit: "DINSOS_BANYUWANGI", officer: "kadis.dinsos_banyuwangi", note: null },
    ]);
    const input = { id, version: 1, on: "2026-11-20", reason: "Mandiri" };
    const stale = await slice.ask(END, { ...verifier, variables: { input: { ...input, version: 7 } } });
    expect(codesOf(stale)).toEqual(["CONFLICT"]);
    const ended = await slice.ask(END, { ...verifier, variables: { input } });
    expect(ended.data.endNeed).toMatchObject({ until: "2026-11-20", endReason: "Mandiri", version: 2 });
    expect(ended.data.endNeed.history).toEqual([
      { act: "REGISTER", actor: "verifikator.dinsos_banyuwangi", from: null, to: "OPEN", reason: null },
      { act: "END", actor: "verifikator.dinsos_banyuwangi", from: "OPEN", to: "ENDED", reason: null },
    ]);
    expect((await seenOf(member, machine)).ppks).not.toContainEqual({ kind: "VULNERABLE_WOMAN" });
    const late = await slice.ask(serve, { ...head, variables: { input: { need: id, service: "Modal", on: "2026-11-21" } } });
    expect(codesOf(late)).toEqual(["CONFLICT"]);
  });

  test("families, groups and communities have the needs that are theirs", async () => {
    const family = await owner((sql) => sql`select family_id from member where id = ${memberOf(ani).id}`);
    const ofFamily = await register({ kind: "NATURAL_DISASTER_VICTIM", family: family[0]?.["family_id"] });
    expect(ofFamily.data.registerNeed).toMatchObject({ subjectKind: "FAMILY", criteria: ["DISASTER"] });
    const group = { kind: "COMMUNITY", name: "Masyarakat adat Osing", size: 140, village: "3510161001" };
    const ofGroup = await register({ kind: "REMOTE_COMMUNITY", group });
    expect(ofGroup.data.registerNeed).toMatchObject({ subjectKind: "COMMUNITY", group: { size: 140 }, member: null });
    const wrong = await register({ kind: "SEX_WORKER", group: { ...group, size: 0, village: "3510" } });
    expect(wrong.errors[0]?.extensions.detail).toBe(
      "kind is none that a COMMUNITY has; group.size must be from 1 to 1000000; group.village must be the code of a village",
    );
    const both = await register({ kind: "POOR", member: memberOf(siti).id, group });
    expect(both.errors[0]?.extensions.detail).toBe("give exactly one of member, family and group");
  });

  test("only a verifier or head of office there registers, never ahead of the day", async () => {
    const input = { kind: "HOMELESS", member: memberOf(siti).id };
    expect(codesOf(await register(input, operator))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await register(input, { caller: callerWith() }))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await register({ ...input, since: "2026-11-23" }))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await register({ ...input, member: "00000000-0000-4000-8000-000000000000" }))).toEqual(["BAD_USER_INPUT"]);
  });

  test("the database holds the rules when the program forgets them", async () => {
    const known = memberOf(siti).id;
    const insert = (columns: Record<string, unknown>, agency = "DINSOS_BANYUWANGI") =>
      asRole(databases.urls.welfare.runtime, (sql) =>
        sql.begin(async (tx) => {
          await tx`select set_config('hub.regions', '{3510,3511}', true), set_config('hub.decile_max', '100', true), set_config('hub.citizen', '{}', true),
            set_config('hub.officer', '{verifikator.dinsos_banyuwangi}', true), set_config('hub.agency', ${`{${agency}}`}, true), set_config('hub.now', '2026-11-22T03:00:00Z', true)`;
          const row = {
            id: crypto.randomUUID(),
            kind: "BEGGAR",
            subject_kind: "PERSON",
            member_id: known,
            region: "3510161001",
            unit: "DINSOS_BANYUWANGI",
            since: "2026-01-01",
            registered_by: "verifikator.dinsos_banyuwangi",
          };
          await tx`insert into need ${tx({ ...row, ...columns })}`;
          throw new Error("NO ERROR");
        }),
      ).catch((error: { code?: string; message: string }) => `${error.code ?? ""} ${error.message}`.trim());
    expect(await insert({})).toBe("NO ERROR");
    await dutyFor("RSUD");
    expect(await insert({}, "RSUD")).toBe("HB002 handling a need is for the office that handles it");
    expect(await insert({ registered_by: "kadis.dinsos_banyuwangi" })).toBe("HB002 a need is registered in one's own name");
    expect(await insert({ region: "3510161002" })).toBe("HB003 there is no such subject in this region");
    expect(await insert({ region: "3171011001" })).toMatch(/^HB002 handling a need takes a VERIFIER/);
    expect(await insert({ until: "2026-02-01", end_reason: "x" })).toBe("HB001 a need is registered before it ends");
    const denied = asRole(databases.urls.welfare.runtime, (sql) => sql`delete from need`);
    await expect(denied).rejects.toMatchObject({ code: "42501" });
  });
});

describe("released counts", () => {
  const counts = async (region: string, who: object = { caller: callerWith() }) =>
    (await slice.ask(`{ needCounts(region: "${region}") { total byKind { kind persons isSuppressed } } }`, who)).data.needCounts;
  const put = (kind: string, n: number) =>
    owner(
      (sql) => sql`insert into ppks_status (member_id, household_id, kind, since, region)
      select id, household_id, ${kind}::text::ppks_kind, '2024-01-01', region from member where region like '99%' order by id limit ${n}`,
    );

  test("fewer than ten are withheld with the next smallest, and a district is never told who is stigmatised", async () => {
    await owner(async (sql) => {
      await sql`insert into household (id, region, address) values ('00000001-0000-4000-8000-000000000001', '9901011001', 'X')`;
      await sql`insert into family (id, household_id, registry_number, number_in_household, region)
        select ('00000002-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, '00000001-0000-4000-8000-000000000001', 'NEED-' || n, n, '9901011001' from generate_series(1, 50) n`;
      await sql`insert into member (id, household_id, family_id, suffix, relation, match_status, claimed_name, state, region)
        select ('00000003-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, '00000001-0000-4000-8000-000000000001', ('00000002-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
        '01', 'HEAD', 'NOT_FOUND', 'WARGA ' || n, 'ACTIVE', '9901011001' from generate_series(1, 50) n`;
    });
    await put("POOR", 43);
    await put("HOMELESS", 30);
    await put("PERSON_WITH_HIV", 3);
    const regency = await counts("9901");
    const of = (kind: string) => regency.byKind.find((cell: { kind: string }) => cell.kind === kind);
    expect(of("PERSON_WITH_HIV")).toEqual({ kind: "PERSON_WITH_HIV", persons: null, isSuppressed: true });
    expect(of("HOMELESS"), "or the total would tell").toEqual({ kind: "HOMELESS", persons: null, isSuppressed: true });
    expect([40, 45]).toContain(of("POOR").persons);
    expect([75, 80]).toContain(regency.total);
    const district = await counts("990101");
    const told = district.byKind.map(({ kind }: { kind: string }) => kind);
    expect(told).toEqual(expect.arrayContaining(["HOMELESS", "POOR", "REMOTE_COMMUNITY"]));
    expect(told).toHaveLength(15);
    expect(told).not.toContain("PERSON_WITH_HIV");
    expect([70, 75]).toContain(district.total);
    expect(await counts("9901", { caller: callerWith({ rows: REGENCY }) }), "another's").toBeNull();
  });
});

describe("the social-welfare potential", () => {
  const ADD =
    "mutation ($input: AddLocalPsksKindInput!) { addLocalPsksKind(input: $input) { code region { code } isWorkforce } }";
  const FORUM = {
    code: "FORUM_CSR",
    name: "Forum CSR Banyuwangi",
    subject: "INSTITUTION",
    legalBasis: "Perbup 5/2026",
    region: "3510",
  };
  const PSKS =
    "mutation ($input: RegisterPsksInput!) { registerPsks(input: $input) { id entry { code } areas { code } person { id } institution { name kind } } }";
  const list = async (filter: string, more = "") =>
    (
      await slice.ask(
        `{ psks(filter: { ${filter} } ${more}) { totalCount nodes { entry { code } person { id } institution { name } region { code } } pageInfo { hasNextPage endCursor } } }`,
        verifier,
      )
    ).data.psks;

  test("a region adds a kind that counts there alone", async () => {
    const ask = (input: object, who = head) => slice.ask(ADD, { ...who, variables: { input } });
    expect(codesOf(await ask(FORUM, operator))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await ask({ ...FORUM, region: "3511" }))).toEqual(["FORBIDDEN"]);
    expect((await ask({ ...FORUM, code: "LOCAL", region: "3510161001" })).errors[0]?.extensions.detail).toBe(
      "code must be capital letters, digits and _, 3 to 50, not LOCAL; region must be a province or regency",
    );
    expect((await ask(FORUM)).data.addLocalPsksKind).toEqual({ code: "FORUM_CSR", region: { code: "3510" }, isWorkforce: false });
    expect(codesOf(await ask(FORUM))).toEqual(["CONFLICT"]);
    const kinds = async (region: string) =>
      (await slice.ask(`{ psksKinds(region: "${region}") { code } }`)).data.psksKinds.map(({ code }: { code: string }) => code);
    expect(await kinds("3510161001")).toHaveLength(13);
    expect(await kinds("3171")).toHaveLength(12);
  });

  test("institutions and persons stand in one list, page by page, and say whom they serve", async () => {
    const ask = (input: object, who = verifier) =>
      slice.ask(PSKS, { ...who, variables: { input: { village: "3510161001", ...input } } });
    const forum = await ask({ kind: "FORUM_CSR", institution: "Forum CSR Pakis", areas: ["351016", "351016"] });
    expect(forum.data.registerPsks).toMatchObject({
      areas: [{ code: "351016" }],
      institution: { name: "Forum CSR Pakis", kind: "LOCAL" },
      person: null,
    });
    const worker = await ask({ kind: "PSM", person: siti.id, since: "2026-01-02" });
    expect(worker.data.registerPsks.person).toEqual({ id: siti.id });
    expect(worker.data.registerPsks.id).not.toContain(siti.id);
    expect(codesOf(await ask({ kind: "FORUM_CSR", person: siti.id })), "a forum is no person").toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await ask({ kind: "PSM", person: siti.id }, operator))).toEqual(["FORBIDDEN"]);
    const seen: string[] = [];
    for (let after = ""; ; ) {
      const page = await list('region: "351016"', `first: 1 ${after}`);
      seen.push(...page.nodes.map((node: any) => node.entry.code));
      if (!page.pageInfo.hasNextPage) {
        expect(page.totalCount).toBe(seen.length);
        break;
      }
      after = `after: "${page.pageInfo.endCursor}"`;
    }
    expect(seen.indexOf("FORUM_CSR")).toBeLessThan(seen.indexOf("PSM"));
    expect((await list('kind: "FORUM_CSR"')).nodes).toHaveLength(1);
    const workforce = async (id: string) =>
      (
        await slice.ask(
          `{ _entities(representations: [{ __typename: "Person", id: "${id}" }]) { ... on Person { isSocialWorkforce psksRoles { kind } } } }`,
        )
      ).data._entities[0];
    expect(await workforce(siti.id)).toMatchObject({ isSocialWorkforce: true });
    expect(await workforce(budi.id)).toMatchObject({ isSocialWorkforce: false });
  });
});
