import { expect, test } from "vitest";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { jokosHome, mariasHome, rina, rinasHome, rinasSecondHome, sitisHome, slametsHome } from "../../../kit/people.ts";
import { callerWith, codesOf, useSlice } from "../../../kit/slice.ts";

const { urls } = useDatabases();
const NOW = Date.parse("2026-11-20T03:00:00Z");
const slice = useSlice(welfare, { databaseUrl: () => urls.welfare.runtime, now: () => NOW });
const BANYUWANGI = { regions: [["3510", "3511"]], programs: null, decileMax: 100 } as const;

const officer = (name: string) =>
  callerWith({
    officer: `${name}.dinsos_banyuwangi`,
    agency: "DINSOS_BANYUWANGI",
    agreement: "PKS-2025-021",
    purpose: "REGISTRY_MANAGEMENT",
    rows: BANYUWANGI,
  });
const verifier = officer("verifikator");

async function ask(query: string, variables: Record<string, unknown> = {}, caller = verifier) {
  const answer = await slice.ask(query, { variables, caller });
  return { ...answer, detail: answer.errors[0]?.extensions.detail };
}
const memberOf = (home: typeof sitisHome, at = 0) => home.families[0]?.members[at]?.id ?? "";
const versionOf = async (id: string) =>
  (
    await ask(
      `query ($id: ID!) { _entities(representations: [{ __typename: "Member", id: $id }]) { ... on Member { version } } }`,
      { id },
    )
  ).data._entities[0].version as number;

const CORRECT_HOUSEHOLD = `mutation ($input: CorrectHouseholdInput!) { correctHousehold(input: $input) { address floorArea version } }`;
const CORRECT_MEMBER = `mutation ($input: CorrectMemberInput!) { correctMember(input: $input) { claimedName matchStatus person { id } version } }`;
const PAST = `query ($id: ID!, $asOf: Date, $knownAt: DateTime) { household(id: $id, asOf: $asOf, knownAt: $knownAt) {
  address memberCount deciles { version { id } } decileAtMost(n: 2) members { claimedName suffix matchStatus household { address } family { registryNumber members { suffix } } } } }`;

test("a household's address of last year is answered for last year, and what was known before the correction stays known as of then", async () => {
  const id = sitisHome.id;
  const wrong = { id, version: 1, address: "JL PINDAHAN NO 3", effectiveOn: "2026-03-01", reason: "pindah rumah" };
  expect((await ask(CORRECT_HOUSEHOLD, { input: wrong })).data.correctHousehold).toMatchObject({
    address: "JL PINDAHAN NO 3",
    version: 2,
  });
  const at = async (variables: object) => (await ask(PAST, { id, ...variables })).data.household;
  expect((await at({ asOf: "2026-02-28" })).address).toBe(sitisHome.address);
  expect((await at({ asOf: "2026-03-01" })).address).toBe("JL PINDAHAN NO 3");
  expect((await at({ asOf: "2026-03-01", knownAt: "2026-11-20T02:59:59Z" })).address).toBe(sitisHome.address);
  expect(await at({ asOf: "2024-12-31" })).toBeNull();
});

test("members, their family and their way back to the household follow the two clocks", async () => {
  const past = (await ask(PAST, { id: sitisHome.id, asOf: "2026-02-01" })).data.household;
  expect(past.members.map((one: { suffix: string }) => one.suffix)).toEqual(["01", "02", "03"]);
  expect(past.memberCount).toBe(3);
  for (const member of past.members) {
    expect(member.household.address).toBe(sitisHome.address);
    expect(member.family.members).toHaveLength(3);
  }
  expect(past.deciles).toEqual([{ version: { id: "DTKS-2025-01" } }]);
  expect(past.decileAtMost).toBeNull();
});

test("a household of the past costs as many statements whether it has three members or one", async () => {
  await ask(PAST, { id: sitisHome.id, asOf: "2026-02-01" });
  const { statements } = slice;
  await ask(PAST, { id: slametsHome.id, asOf: "2026-02-01" });
  expect(slice.statements).toBe(statements);
  expect(statements).toBeLessThanOrEqual(5);
});

test("the past of one field is corrected without touching today", async () => {
  const id = slametsHome.id;
  const input = { id, version: 1, floorArea: 20, effectiveOn: "2025-03-01", until: "2025-09-01", reason: "salah catat" };
  expect((await ask(CORRECT_HOUSEHOLD, { input })).data.correctHousehold).toEqual({
    address: slametsHome.address,
    floorArea: 36,
    version: 1,
  });
  const area = async (asOf: string) =>
    (await ask(`query ($id: ID!, $asOf: Date) { household(id: $id, asOf: $asOf) { floorArea } }`, { id, asOf })).data.household
      .floorArea;
  expect([await area("2025-02-28"), await area("2025-03-01"), await area("2025-09-01")]).toEqual([36, 20, 36]);
});

test("an entry tells which fields were changed, since when, by whom and why, never the values", async () => {
  const { data, text } = await ask(
    `query ($id: ID!) { household(id: $id) { versions { fields validFrom validTo knownAt actor reason } } }`,
    {
      id: slametsHome.id,
    },
  );
  expect(data.household.versions).toEqual([
    {
      fields: ["floorArea"],
      validFrom: "2025-03-01",
      validTo: "2025-09-01",
      knownAt: "2026-11-20T03:00:00.000Z",
      actor: "verifikator.dinsos_banyuwangi",
      reason: "salah catat",
    },
  ]);
  expect(text).not.toContain("20,");
});

test("another name undoes the match, and the old match stays in the past", async () => {
  const id = memberOf(sitisHome, 0);
  const input = { id, version: 1, claimedName: "BUDI SANTOSO", reason: "ejaan KTP-el" };
  const { data } = await ask(CORRECT_MEMBER, { input });
  expect(data.correctMember).toEqual({ claimedName: "BUDI SANTOSO", matchStatus: "NOT_YET_MATCHED", person: null, version: 2 });
  const past = (await ask(PAST, { id: sitisHome.id, asOf: "2026-11-19" })).data.household.members[0];
  expect(past).toMatchObject({ claimedName: "BOEDI SANTOSA", matchStatus: "MATCHED" });
});

test("whoever is matched today is the subject of the past, too: a restriction cannot be walked around by asking for last year", async () => {
  const id = memberOf(rinasSecondHome);
  const matched = (on: string, status: string, person: string | null) =>
    asRole(urls.welfare.owner, (owner) =>
      owner.begin(async (tx) => {
        await tx`select set_config('hub.effective_on', ${on}, true)`;
        await tx`update welfare.member set match_status = ${status}, person_id = ${person} where id = ${id}`;
      }),
    );
  await matched("2025-02-01", "NOT_FOUND", null);
  await matched("2025-03-01", "MATCHED", rina.id);
  const { data } = await ask(
    `query ($id: ID!) { household(id: $id, asOf: "2025-02-15") { members { matchStatus person { id } subject { id } } } }`,
    { id: rinasSecondHome.id },
  );
  expect(data.household.members).toEqual([{ matchStatus: "NOT_FOUND", person: null, subject: { id: rina.id } }]);
});

test("members are put to sleep and woken with a reason, and their history says by whom", async () => {
  const id = memberOf(jokosHome);
  const step = (name: string, version: number, reason = "tidak ditemukan saat verval") =>
    ask(
      `mutation ($input: MemberStateInput!) { ${name}(input: $input) { state version history { act from to actor reason } } }`,
      {
        input: { id, version, reason },
      },
    );
  expect((await step("putToSleep", 1)).data.putToSleep).toMatchObject({ state: "DORMANT", version: 2 });
  expect(codesOf(await step("putToSleep", 2))).toEqual(["CONFLICT"]);
  expect(codesOf(await step("revive", 1))).toEqual(["CONFLICT"]);
  expect(codesOf(await step("revive", 2, " "))).toEqual(["BAD_USER_INPUT"]);
  const { data } = await step("revive", 2, "ditemukan kembali");
  expect(data.revive.state).toBe("ACTIVE");
  expect(data.revive.history).toEqual([
    {
      act: "PUT_TO_SLEEP",
      from: "ACTIVE",
      to: "DORMANT",
      actor: "verifikator.dinsos_banyuwangi",
      reason: "tidak ditemukan saat verval",
    },
    { act: "REVIVE", from: "DORMANT", to: "ACTIVE", actor: "verifikator.dinsos_banyuwangi", reason: "ditemukan kembali" },
  ]);
});

test("a death is marked since its day and can be corrected", async () => {
  const id = memberOf(slametsHome);
  const step = (name: string, version: number, more: object = {}) =>
    ask(`mutation ($input: MemberStateInput!) { ${name}(input: $input) { state } }`, {
      input: { id, version, reason: "akta kematian", ...more },
    });
  expect((await step("markDeceased", 1, { effectiveOn: "2026-05-05" })).data.markDeceased.state).toBe("DECEASED");
  const state = async (asOf: string) =>
    (await ask(`query ($id: ID!, $asOf: Date) { household(id: $id, asOf: $asOf) { memberCount } }`, { id: slametsHome.id, asOf }))
      .data.household.memberCount;
  expect([await state("2026-05-04"), await state("2026-05-05")]).toEqual([1, 0]);
  expect(codesOf(await step("putToSleep", 2))).toEqual(["CONFLICT"]);
  expect((await step("correctDeath", 2)).data.correctDeath.state).toBe("ACTIVE");
});

test("without the duty nothing is corrected: neither an operator, nor another regency's verifier, nor a machine", async () => {
  const input = { id: jokosHome.id, version: 1, address: "JL LAIN", reason: "coba" };
  expect(codesOf(await ask(CORRECT_HOUSEHOLD, { input }, officer("operator")))).toEqual(["FORBIDDEN"]);
  expect(codesOf(await ask(CORRECT_HOUSEHOLD, { input }, callerWith()))).toEqual(["FORBIDDEN"]);
  const elsewhere = await ask(CORRECT_HOUSEHOLD, { input: { ...input, id: mariasHome.id } });
  expect(elsewhere.detail).toBe("id: there is no such entry");
  expect(codesOf(await ask(CORRECT_HOUSEHOLD, { input: { ...input, version: 7 } }))).toEqual(["CONFLICT"]);
  expect(codesOf(await ask(CORRECT_HOUSEHOLD, { input: { ...input, effectiveOn: "2026-11-21" } }))).toEqual(["BAD_USER_INPUT"]);
});

test("an officer sees the village of the duty and no other, whatever the agreement opens", async () => {
  const seen = async (caller: typeof verifier) => {
    const { data } = await ask(`{ households(first: 100) { totalCount nodes { region { code } members { id } } } }`, {}, caller);
    const regions = new Set<string>(data.households.nodes.map((one: { region: { code: string } }) => one.region.code));
    return { regions: [...regions].sort(), total: data.households.totalCount as number };
  };
  expect((await seen(officer("operator"))).regions).toEqual(["3510161001"]);
  expect((await seen(officer("operator2"))).regions).toEqual(["3510161002"]);
  const whole = await seen(verifier);
  expect(whole.total).toBe((await seen(callerWith({ rows: BANYUWANGI }))).total);
});

test("a NIK that is no NIK, an empty reason and an empty correction are refused before anything is read", async () => {
  const id = memberOf(sitisHome, 1);
  const refused = async (input: object) =>
    (await ask(CORRECT_MEMBER, { input: { id, version: await versionOf(id), reason: "x", ...input } })).detail;
  expect(await refused({ claimedNik: "351016" })).toBe("claimedNik must be 16 digits");
  expect(await refused({ claimedName: "SITI", reason: "" })).toContain("reason must be");
  expect(await refused({})).toBe("nothing is corrected");
});

test("a household is in both bases, each with its controller", async () => {
  const { data } = await ask(
    `query ($id: ID!) { household(id: $id) { members { bases { basis controller since isCurrent } } } }`,
    {
      id: sitisHome.id,
    },
  );
  expect(data.household.members[0].bases).toEqual([
    { basis: "DTKS", controller: "KEMENSOS", since: "2025-01-20", isCurrent: true },
    { basis: "DTSEN", controller: "BPS", since: "2026-04-10", isCurrent: true },
  ]);
});

test("one number on two members stays on both, disputed", async () => {
  const record = (member: string, validFrom: string, validTo?: string) =>
    ask(`mutation ($input: RecordExternalIdInput!) { recordExternalId(input: $input) { isDisputed } }`, {
      input: { member, scheme: "NISN", value: "0011223344", validFrom, ...(validTo && { validTo }) },
    });
  expect((await record(memberOf(sitisHome, 2), "2024-07-01")).data.recordExternalId).toEqual({ isDisputed: false });
  expect((await record(memberOf(rinasHome), "2020-07-01", "2023-01-01")).data.recordExternalId).toEqual({ isDisputed: false });
  expect((await record(memberOf(jokosHome), "2025-01-01")).data.recordExternalId).toEqual({ isDisputed: true });
  const { data } = await ask(`query ($id: ID!) { household(id: $id) { members { externalIds { value isDisputed } } } }`, {
    id: sitisHome.id,
  });
  expect(data.household.members[2].externalIds).toEqual([{ value: "0011223344", isDisputed: true }]);
});

const SURVEY = `mutation ($input: RecordSurveyInput!) { recordSurvey(input: $input) { visitedOn enumerator answers { variable { code labels { code text } } value original confirmation correction } } }`;
const visit = (home: typeof sitisHome, more: object = {}) => ({
  household: home.id,
  visitedOn: "2026-11-18",
  method: "INTERVIEW",
  answers: [
    { code: "Luas_lantai", original: "24" },
    { code: "Lantai", original: "2", confirmation: 2, correction: "8" },
  ],
  ...more,
});

test("an enumerator records a visit: the correction counts, and the head says the new floor area from the day of the visit on", async () => {
  const { data } = await ask(SURVEY, { input: visit(jokosHome) }, officer("petugas"));
  expect(data.recordSurvey).toMatchObject({ visitedOn: "2026-11-18", enumerator: "petugas.dinsos_banyuwangi" });
  const floor = data.recordSurvey.answers.find((one: { variable: { code: string } }) => one.variable.code === "Lantai");
  expect(floor).toMatchObject({ value: "8", original: "2", confirmation: 2, correction: "8" });
  expect(floor.variable.labels.at(-1)).toEqual({ code: "8", text: "Tanah" });
  const area = async (asOf: string) =>
    (
      await ask(`query ($id: ID!, $asOf: Date) { household(id: $id, asOf: $asOf) { floorArea survey { visitedOn } } }`, {
        id: jokosHome.id,
        asOf,
      })
    ).data.household;
  expect(await area("2026-11-17")).toEqual({ floorArea: 36, survey: { visitedOn: "2026-03-14" } });
  expect(await area("2026-11-18")).toEqual({ floorArea: 24, survey: { visitedOn: "2026-11-18" } });
});

test("answers that do not fit the instrument are refused all at once, each with its variable", async () => {
  const answers = [
    { code: "Lantai", original: "9" },
    { code: "Daya_listrik", original: "1" },
    { code: "Jumlah_ART", original: "tiga" },
    { code: "Ada_tv", original: "3" },
  ];
  const { errors, detail } = await ask(SURVEY, { input: visit(sitisHome, { answers }) });
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(["BAD_USER_INPUT"]);
  expect(detail).toBe(
    "Ada_tv: no value of this variable; Daya_listrik: no variable of this instrument; Jumlah_ART: no value of this variable; Lantai: no value of this variable",
  );
  const twice = [
    { code: "Lantai", original: "1" },
    { code: "Lantai", original: "2", confirmation: 2 },
  ];
  expect((await ask(SURVEY, { input: visit(sitisHome, { answers: twice }) })).detail).toBe(
    "Lantai: answered twice; Lantai: a correction goes with confirmation 2, and only with it",
  );
  expect((await ask(SURVEY, { input: visit(sitisHome, { visitedOn: "2026-11-21" }) })).detail).toBe(
    "visitedOn lies in the future",
  );
  expect(codesOf(await ask(SURVEY, { input: visit(sitisHome) }, officer("operator2")))).toEqual(["BAD_USER_INPUT"]);
  expect(codesOf(await ask(SURVEY, { input: visit(sitisHome) }, officer("kadis")))).toEqual(["FORBIDDEN"]);
});

test("what a survey says of a member stands apart by what it tells; the mother's maiden name is kept and never told", async () => {
  const id = memberOf(sitisHome, 1);
  const answers = [
    { code: "ART_Sta_Bekerja", original: "1" },
    { code: "ART_Sta_hamil", original: "1" },
    { code: "ART_Jenis_cacat", original: "2" },
    { code: "ART_namagadis_ibukandung", original: "SULASTRI" },
  ];
  await ask(SURVEY, { input: visit(sitisHome, { members: [{ member: id, answers }] }) });
  const { data, text } = await ask(
    `query ($id: ID!) { household(id: $id) { members { survey { answers { ...A } healthAnswers { ...A } protectedAnswers { ...A } } } } } fragment A on SurveyAnswer { variable { rawName } }`,
    { id: sitisHome.id },
  );
  const { survey } = data.household.members[1];
  const names = (list: readonly { variable: { rawName: string } }[]) => list.map(({ variable }) => variable.rawName);
  expect([names(survey.answers), names(survey.healthAnswers), names(survey.protectedAnswers)]).toEqual([
    ["Sta_Bekerja"],
    ["Sta_hamil"],
    ["Jenis_cacat"],
  ]);
  expect(text).not.toContain("SULASTRI");
  const stranger = visit(sitisHome, { members: [{ member: memberOf(rinasHome), answers: [] }] });
  expect((await ask(SURVEY, { input: stranger })).detail).toBe("a member of the surveyed household is asked about");
});

test("the instrument is public: every variable with its closed list, whose codes are in order", async () => {
  const { data } = await ask(`{ surveyVariables { code kind labels { code } } }`, {}, callerWith());
  expect(data.surveyVariables.length).toBeGreaterThan(85);
  for (const { code, kind, labels } of data.surveyVariables) {
    expect(labels.length > 0, code).toBe(kind === "CODE");
    expect(
      labels.map((one: { code: string }) => Number(one.code)),
      code,
    ).toEqual(labels.map((_: unknown, at: number) => at + 1));
  }
});
