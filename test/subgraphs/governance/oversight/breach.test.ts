import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { searchBreaches } from "../../../../drizzle/watch/breaches.ts";
import { leafHash } from "../../../../schema/record/leaf.ts";
import { devYearKeys } from "../../../../schema/record/yearKeys.ts";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { asRole, asServer, failing, useDatabases } from "../../../kit/database.ts";
import { useSlice } from "../../../kit/slice.ts";
import { asLog, recorded } from "../../../policy/watch/kit.ts";
import { asSteward, outcomeOf } from "../lifecycle/kit.ts";

const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime });
type Json = Record<string, any>;
const done = async (id: string, query: string, variables: Json = {}): Promise<Json> =>
  outcomeOf(await asSteward(slice, id)(query, variables));

const [household, ani, siti, budi, citra] = Array.from({ length: 5 }, () => randomUUID()).sort() as [
  string,
  string,
  string,
  string,
  string,
];
const WINDOW = { from: "2026-03-06T00:00:00Z", to: "2026-03-07T00:00:00Z" };
const DETECTED = "2026-03-06T10:00:00Z"; // a Friday: the weekend counts

const CASE = `number title isDrill state windowFrom windowTo client coordinates disclosed dueAt secondsLeft entries unnamed openedBy searchedTo searchedAt
  counts { type subjects } subjects(first: 10) { totalCount nodes { id type person { id } } } subjectsNotifiedAt authorityNotifiedAt closedAt`;
/** Opens a case as it is before anybody was looked for. */
const begin = (id: string, input: Json = {}) =>
  done(id, `mutation ($input: OpenBreachInput!) { openBreach(input: $input) { ${CASE} } }`, {
    input: {
      ...{ title: "Kebocoran kredensial", ...WINDOW, client: "kemensos", coordinates: ["Person.nik"], detectedAt: DETECTED },
      ...{ description: "Kredensial klien dipakai pihak lain.", handling: "Klien ditangguhkan dan kunci diganti.", ...input },
    },
  });
/** The log's process searches until nothing is left to search. */
const search = async () => {
  for (let tick = 0; tick < 4; tick++) await asLog(databases.urls, (sql) => searchBreaches(sql, devYearKeys(), new Date()));
};
/** Opens a case and has it searched. */
async function open(id: string, input: Json = {}): Promise<Json> {
  const begun = await begin(id, input);
  if (begun["code"]) return begun;
  await search();
  return done(id, `query ($number: ID!) { breachCase(number: $number) { ${CASE} } }`, { number: begun["number"] });
}
const act = (id: string, name: string, more: Json) =>
  done(id, `mutation ($number: ID!) { ${name}(number: $number${more["args"] ?? ""}) { ${CASE} } }`, { number: more["number"] });
const told = (id: string, number: string, whom: string) => act(id, "markNotified", { number, args: `, whom: ${whom}` });

beforeAll(async () => {
  const shown = ["Query.households", "Household.members", "Person.nik", "Person.fullName"];
  await recorded(databases.urls, [
    {
      at: "2026-03-06T01:00:00Z",
      about: { Household: [household], Person: [ani, siti], lookup: ["351016120488", siti] },
      more: { shown },
    },
    { at: "2026-03-06T02:00:00Z", about: { Person: [siti, budi] }, more: { masked: ["Person.nik"] } },
    { at: "2026-03-06T03:00:00Z", about: { Person: [citra] }, more: { shown: ["Person.fullName"] } },
    { at: "2026-03-06T04:00:00Z", about: { Person: [citra] }, more: { status: "INTENDED", asked: ["Person.nik"] } },
    { at: "2026-03-06T05:00:00Z", about: { Person: [citra] }, more: { status: "QUOTA_EXCEEDED", shown: ["Person.nik"] } },
    { at: "2026-03-06T06:00:00Z", client: "bpk", agency: "BPK", about: { Person: [citra] }, more: { shown: ["Person.nik"] } },
    { at: "2026-03-07T00:00:00Z", about: { Person: [citra] }, more: { shown: ["Person.nik"] } },
    { at: "2019-03-06T00:00:00Z", about: { Person: [citra] }, more: { shown: ["Person.nik"] } },
  ]);
});

test("the officer names window, client and coordinates, and has everybody the answers named, each once, and a clock of 72 hours", async () => {
  const opened = await open("dpo.hub");
  expect(opened).toMatchObject({
    ...{
      number: expect.stringMatching(/^KPD-\d{4}-0001$/),
      state: "OPEN",
      isDrill: false,
      client: "kemensos",
      openedBy: "dpo.hub",
    },
    ...{
      entries: 2,
      disclosed: ["Person.nik"],
      unnamed: 2,
      counts: [
        { type: "Household", subjects: 1 },
        { type: "Person", subjects: 3 },
      ],
    },
    dueAt: expect.stringMatching(/^2026-03-09.10:00:00/),
  });
  expect(opened["secondsLeft"]).toBeLessThan(0);
  expect(opened["subjects"].totalCount).toBe(4);
  const { nodes } = opened["subjects"];
  expect(nodes).toContainEqual({ id: household, type: "Household", person: null });
  const persons = nodes.filter(({ type }: Json) => type === "Person");
  expect(persons.map(({ person }: Json) => person.id).sort()).toEqual([ani, siti, budi].sort());
  expect((await open("dpo.hub"))["number"], "asked again it is the same case").toBe(opened["number"]);
});

test("without coordinates every answer counts, and what each disclosed is listed", async () => {
  const opened = await open("dpo.hub", { title: "Seluruh jawaban", client: null, coordinates: [], isDrill: true });
  expect(opened).toMatchObject({ isDrill: true, entries: 4, counts: [{ type: "Household" }, { type: "Person", subjects: 4 }] });
  expect(opened["disclosed"]).toEqual(["Household.members", "Person.fullName", "Person.nik", "Query.households"]);
  expect(opened["subjects"], "a drill names nobody").toBeNull();
});

const storedOf = async (number: unknown) =>
  asRole(databases.urls.governance.owner, async (sql) => [
    ...(await sql<
      { type: string; id: string }[]
    >`select s.type, s.subject_id as id from governance.breach_subject s join governance.breach_case b on b.id = s.breach_id where b.number = ${number as string}`),
  ]);

test("a drill keeps counts only: no id of anybody, and no two drills the same code", async () => {
  const drill = await open("dpo.hub", { title: "Latihan hitung", isDrill: true });
  expect(drill).toMatchObject({
    unnamed: 2,
    counts: [
      { type: "Household", subjects: 1 },
      { type: "Person", subjects: 3 },
    ],
  });
  const again = await open("dpo.hub", { title: "Latihan hitung lagi", isDrill: true });
  const [first, second] = [await storedOf(drill["number"]), await storedOf(again["number"])];
  expect([first.length, second.length]).toEqual([6, 6]);
  const ids = new Set([...first, ...second].map(({ id }) => id));
  expect(ids.size).toBe(12);
  for (const id of [household, ani, siti, budi, citra]) expect(ids).not.toContain(id);
});

test("another agency's case names rows of its own data alone, the rest is counted without a type; its subjects are for its officers and the hub's", async () => {
  const opened = await open("dpo.dukcapil", { title: "Hanya data sendiri", client: "kemensos" });
  expect(opened).toMatchObject({ entries: 2, unnamed: 3, counts: [{ type: "Person", subjects: 3 }] });
  expect(opened["subjects"].totalCount).toBe(3);
  const { number } = opened;
  expect((await storedOf(number)).map(({ id }) => id)).not.toContain(household);
  const counted = "query ($number: ID!) { breachCase(number: $number) { counts { subjects } } }";
  const listed = "query ($number: ID!) { breachCase(number: $number) { subjects { totalCount } } }";
  expect(await done("dpo.kemensos", counted, { number }), "about its client").toEqual({ counts: [{ subjects: 3 }] });
  expect(await done("dpo.kemensos", listed, { number })).toMatchObject({ code: "FORBIDDEN" });
  expect(await done("dpo.hub", listed, { number })).toEqual({ subjects: { totalCount: 3 } });
});

test("sealed answers are found in the hub's cases alone, and another's does not tell that there were any", async () => {
  await asRole(
    databases.urls.governance.owner,
    (sql) => sql`insert into governance.purpose (code, name, legal_basis, citation, disclosure)
      values ('COURT', 'Peradilan', 'LEGAL_OBLIGATION', 'KUHAP', 'SEALED')`,
  );
  const day = { from: "2026-05-20T00:00:00Z", to: "2026-05-21T00:00:00Z", client: null };
  const more = { shown: ["Person.nik"] };
  await recorded(databases.urls, [
    { at: "2026-05-20T01:00:00Z", about: { Person: [ani] }, more: { ...more, purpose: "COURT" } },
    { at: "2026-05-20T02:00:00Z", about: { Person: [budi] }, more },
  ]);
  for (const isDrill of [true, false]) {
    const told = { title: `Tertutup ${isDrill}`, ...day, isDrill };
    expect(await open("dpo.dukcapil", told)).toMatchObject({ entries: 1, unnamed: 0, counts: [{ type: "Person", subjects: 1 }] });
    expect(await open("dpo.hub", told)).toMatchObject({ entries: 2, counts: [{ type: "Person", subjects: 2 }] });
  }
  const { subjects } = await open("dpo.dukcapil", { title: "Tertutup false", ...day });
  expect(subjects.nodes.map(({ id }: Json) => id)).toEqual([budi]);
});

test("tags of a year whose key is gone name nobody: they are counted", async () => {
  const window = { from: "2019-03-01T00:00:00Z", to: "2019-04-01T00:00:00Z" };
  expect(await open("dpo.hub", { title: "Tahun tanpa kunci", ...window })).toMatchObject({ entries: 1, unnamed: 1, counts: [] });
});

test("subjects are read page by page, of one type where it is named", async () => {
  const { number } = await open("dpo.hub");
  const page = `query ($number: ID!, $after: String) { breachCase(number: $number) { subjects(type: "Person", first: 2, after: $after) {
    nodes { id } pageInfo { hasNextPage endCursor } totalCount } } }`;
  const first = (await done("dpo.hub", page, { number }))["subjects"];
  expect([first.nodes.length, first.totalCount, first.pageInfo.hasNextPage]).toEqual([2, 3, true]);
  const second = (await done("dpo.hub", page, { number, after: first.pageInfo.endCursor }))["subjects"];
  expect([...first.nodes, ...second.nodes].map(({ id }: Json) => id)).toEqual([ani, siti, budi].sort());
});

describe("who may open a case", () => {
  test.each(["operator.hub", "steward.kemensos", "auditor.bpk"])("not %s, who is no data protection officer", async (id) => {
    expect(await open(id)).toMatchObject({ code: "FORBIDDEN" });
  });

  test("of the client's agency about that client, of a controller about its own data alone", async () => {
    expect(await open("dpo.kemensos", { title: "Oleh instansi klien" })).toMatchObject({ entries: 2 });
    expect(await open("dpo.dukcapil", { title: "Oleh pengendali" })).toMatchObject({ entries: 2 });
    expect(await open("dpo.bpk", { title: "Oleh yang lain" })).toMatchObject({ code: "FORBIDDEN" });
    expect(await open("dpo.dukcapil", { title: "Bukan datanya", coordinates: ["Person.nik", "Household.decile"] })).toMatchObject(
      { code: "FORBIDDEN" },
    );
    expect(await open("dpo.dukcapil", { title: "Semua data", coordinates: [] })).toMatchObject({ code: "FORBIDDEN" });
  });

  test("an agency's officer sees its own cases and those about its clients, the hub's all", async () => {
    const openers = async (id: string) => {
      const { data } = await asSteward(slice, id)("{ breachCases(first: 100) { openedBy client } }");
      return [...new Set(data.breachCases.map(({ openedBy }: Json) => openedBy))].sort();
    };
    expect(await openers("dpo.hub")).toEqual(["dpo.dukcapil", "dpo.hub", "dpo.kemensos"]);
    expect(await openers("dpo.dukcapil")).toEqual(["dpo.dukcapil"]);
    expect(await openers("dpo.kemensos")).toEqual(["dpo.dukcapil", "dpo.hub", "dpo.kemensos"]);
    const { number } = await open("dpo.dukcapil", { title: "Oleh pengendali", client: "kemensos" });
    expect(await told("dpo.bpk", String(number), "AUTHORITY")).toMatchObject({ code: "BAD_USER_INPUT" });
  });

  test("what is wrong is told all at once", async () => {
    const { code, detail } = await open("dpo.hub", {
      title: "x",
      from: WINDOW.to,
      to: WINDOW.from,
      detectedAt: "2999-01-01T00:00:00Z",
    });
    expect(code).toBe("BAD_USER_INPUT");
    for (const field of ["title", "from, to", "detectedAt"]) expect(detail).toContain(field);
  });
});

test("notices are ready in two languages: what, when and how, handling, whom to ask, and no gap to fill", async () => {
  const { number } = await open("dpo.hub");
  const query = `query ($number: ID!) { breachCase(number: $number) { noticeToSubjects { indonesian english } noticeToAuthority { indonesian english } } }`;
  const { noticeToSubjects: subjects, noticeToAuthority: authority } = await done("dpo.hub", query, { number });
  for (const notice of [subjects, authority])
    for (const text of [notice.indonesian, notice.english]) {
      for (const said of [
        number,
        "NIK",
        "2026-03-06 07:00 WIB",
        "2026-03-07 07:00 WIB",
        "Kredensial klien dipakai pihak lain.",
        "kunci diganti",
        "dpo@hub.example",
      ])
        expect(text).toContain(said);
      expect(text).not.toMatch(/\{|\}|<|>|undefined|null|\bxxx|\.\.\.|____|\[/i);
      expect(text).not.toMatch(/LATIHAN|DRILL/);
    }
  expect(authority.indonesian).toContain("2026-03-09 17:00 WIB");
  expect(authority.english).toContain("Household 1, Person 3");
  expect(subjects.indonesian, "lists and joins hold nobody's value").not.toContain("Daftar rumah tangga");
  const drill = await open("dpo.hub", { title: "Latihan triwulan", isDrill: true });
  expect((await done("dpo.hub", query, { number: drill["number"] }))["noticeToSubjects"].indonesian).toContain("LATIHAN");
});

test("a case is closed after authority and subjects were told, and stays as it is", async () => {
  const { number } = (await open("dpo.hub", { title: "Sampai selesai" })) as { number: string };
  const close = () => act("dpo.hub", "closeBreach", { number });
  expect(await close()).toMatchObject({ code: "CONFLICT", detail: expect.stringContaining("the authority") });
  const first = await told("dpo.hub", number, "AUTHORITY");
  expect(first).toMatchObject({ state: "OPEN", subjectsNotifiedAt: null });
  expect(await close()).toMatchObject({ code: "CONFLICT", detail: expect.stringContaining("its subjects") });
  expect(
    await act("dpo.hub", "updateBreachHandling", { number, args: ', handling: "Semua kunci diganti, klien diperiksa."' }),
  ).toMatchObject({ state: "OPEN" });
  expect(await told("dpo.hub", number, "SUBJECTS")).toMatchObject({ state: "NOTIFIED", secondsLeft: null });
  const again = await told("dpo.hub", number, "AUTHORITY");
  expect(again["authorityNotifiedAt"], "told once").toBe(first["authorityNotifiedAt"]);
  expect(await close()).toMatchObject({ state: "CLOSED" });
  expect(await close()).toMatchObject({ code: "CONFLICT" });
  expect(await act("dpo.hub", "updateBreachHandling", { number, args: ', handling: "Diubah sesudah ditutup"' })).toMatchObject({
    code: "CONFLICT",
  });
});

test("a case that affected nobody needs the authority told alone", async () => {
  const { number } = (await open("dpo.hub", { title: "Tidak ada yang terdampak", coordinates: ["Person.motherName"] })) as {
    number: string;
  };
  expect(await told("dpo.hub", number, "AUTHORITY")).toMatchObject({ state: "NOTIFIED", entries: 0 });
});

test("no role moves a case's clock, removes it or whom it affected, the tables' owner neither", async () => {
  const asOwner = (text: string) => failing(asRole(databases.urls.governance.owner, (sql) => sql.unsafe(text)));
  expect(await asOwner("update governance.breach_case set due_at = due_at + interval '1 day'")).toBe("HB001");
  expect(await asOwner("update governance.breach_case set is_drill = true where not is_drill")).toBe("HB001");
  expect(await asOwner("delete from governance.breach_case")).toBe("HB001");
  expect(await asOwner("delete from governance.breach_subject")).toBe("HB001");
  const asSlice = (text: string) =>
    failing(asRole(databases.urls.governance.runtime, (sql) => sql.unsafe(`set hub.officer = '{dpo.hub}'; ${text}`)));
  expect(
    await asSlice("select governance.breach_found(id, now() - interval '1 year', now()) from governance.breach_case"),
    "tags are the log's",
  ).toBe("42501");
  expect(await asSlice("insert into governance.breach_subject select id, 'Person', id from governance.breach_case")).toBe(
    "42501",
  );
});

describe("while the record is being searched", () => {
  test("nobody is told and no notice is ready; it goes on where it stopped, whoever searches, and finds each once", async () => {
    const wide = { from: "2025-06-01T00:00:00Z", to: "2026-05-01T00:00:00Z" };
    const begun = (await begin("dpo.hub", { title: "Jendela lebar", ...wide })) as { number: string };
    expect(begun).toMatchObject({ entries: 0, searchedAt: null, subjects: { totalCount: 0 } });
    const notices = await done(
      "dpo.hub",
      `query ($number: ID!) { breachCase(number: $number) { noticeToSubjects { english } noticeToAuthority { english } } }`,
      begun,
    );
    expect(notices).toEqual({ noticeToSubjects: null, noticeToAuthority: null });
    expect(await told("dpo.hub", begun.number, "AUTHORITY")).toMatchObject({
      code: "CONFLICT",
      detail: expect.stringContaining("still being searched"),
    });
    await Promise.all([search(), search()]);
    expect(await open("dpo.hub", { title: "Jendela lebar", ...wide })).toMatchObject({
      ...{ number: begun.number, entries: 3, unnamed: 2, searchedAt: expect.any(String) },
      counts: [
        { type: "Household", subjects: 1 },
        { type: "Person", subjects: 4 },
      ],
    });
  });

  test("what is not settled yet is left for later", async () => {
    const now = new Date();
    const { number } = (await begin("dpo.hub", {
      title: "Baru saja",
      from: new Date(now.getTime() - 60_000).toISOString(),
      to: now.toISOString(),
    })) as Json;
    await asLog(databases.urls, (sql) => searchBreaches(sql, devYearKeys(), now));
    const query = "query ($number: ID!) { breachCase(number: $number) { searchedTo searchedAt } }";
    expect(await done("dpo.hub", query, { number })).toMatchObject({ searchedAt: null });
    await asLog(databases.urls, (sql) => searchBreaches(sql, devYearKeys(), new Date(now.getTime() + 60_000)));
    expect(await done("dpo.hub", query, { number })).toMatchObject({ searchedAt: expect.any(String) });
  });

  test("an entry nobody can read any more holds up its own case, loudly, and no other", async () => {
    await asServer(
      databases.urls.record,
      (sql) =>
        sql`insert into governance.entry (at, leaf, body, client) values ('2026-07-01T00:00:00Z', ${leafHash('{"v":2,')}, '{"v":2,', 'kemensos')`,
    );
    const window = { from: "2026-06-30T23:00:00Z", to: "2026-07-01T01:00:00Z" };
    const { number } = (await begin("dpo.hub", { title: "Catatan rusak", ...window })) as { number: string };
    await expect(search()).rejects.toThrow("json");
    const other = await begin("dpo.hub", { title: "Setelah yang rusak" });
    await expect(search()).rejects.toThrow("json");
    const query = "query ($number: ID!) { breachCase(number: $number) { searchedAt } }";
    expect(await done("dpo.hub", query, { number })).toEqual({ searchedAt: null });
    expect(await done("dpo.hub", query, { number: other["number"] })).toEqual({ searchedAt: expect.any(String) });
  });
});
