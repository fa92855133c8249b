import { beforeAll, beforeEach, expect, test } from "vitest";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { callerWith, codesOf, useSlice } from "../../../kit/slice.ts";

// Neighbours, somebody of the village beside theirs, and somebody who stands in no registry; each with a picture. In a regency that does not exist.
const [HERE, THERE] = ["9801011001", "9801011002"];
const id = (kind: number, n: number) => `0000000${kind}-0000-4000-8000-${String(n).padStart(12, "0")}`;
const [HOUSEHOLD, FAMILY, MEMBER, PERSON, PHOTO] = [1, 2, 3, 4, 5];
const PEOPLE: readonly (readonly [n: number, region: string, name: string])[] = [
  [1, HERE, "RATNA DEWI"],
  [2, HERE, "BAMBANG SUTRISNO"],
  [3, THERE, "BAMBANG SUTRISNO"],
  [4, HERE, "SUTRISNO"],
  [5, HERE, "WAYAN SUKMA"],
];
const UNREGISTERED = 6;

const MORNING = Date.parse("2026-03-02T01:00:00Z");
let now = MORNING;
const databases = useDatabases();
const slice = useSlice(welfare, { databaseUrl: () => databases.urls.welfare.runtime, now: () => now });
const owner = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(databases.urls.welfare.owner, work);

const as = (officer: string) => ({
  caller: callerWith({ client: officer, officer, agency: "DINSOS_X", agreement: "PKS-X", purpose: "REGISTRY_MANAGEMENT" }),
});
const citizen = (n: number) => ({
  caller: callerWith({
    ...{ client: "portal-warga", citizen: id(PERSON, n) },
    agreement: "PKS-2025-008",
    purpose: "DATA_SUBJECT_RIGHTS",
  }),
});

beforeAll(() =>
  owner(async (sql) => {
    const picture = (n: number, region: string) => ({
      ...{ id: id(PHOTO, n), kind: "IMAGE", media_type: "image/jpeg", bytes: 3, sha256: "a".repeat(64), region },
      ...{ person_id: id(PERSON, n), announced_by: "CITIZEN", announced_at: "2026-01-01T00:00:00Z", state: "STORED" },
      closed_at: "2026-01-01T00:00:00Z",
    });
    for (const [n, region, claimed_name] of PEOPLE) {
      await sql`insert into household ${sql({ id: id(HOUSEHOLD, n), region, address: `DUSUN ${n}`, decile: 2 })}`;
      const scope = { region, household_decile: 2, household_id: id(HOUSEHOLD, n) };
      await sql`insert into family ${sql({ id: id(FAMILY, n), registry_number: `NAM-${n}`, number_in_household: 1, ...scope })}`;
      await sql`insert into member ${sql({
        ...{ id: id(MEMBER, n), family_id: id(FAMILY, n), suffix: "01", relation: "HEAD", match_status: "MATCHED" },
        ...{ person_id: id(PERSON, n), claimed_name, state: "ACTIVE", ...scope },
      })}`;
      await sql`insert into evidence ${sql(picture(n, region))}`;
    }
    await sql`insert into evidence ${sql(picture(UNREGISTERED, HERE))}`;
    for (const [officer, role] of [
      ["verifier.x", "VERIFIER"],
      ["head.x", "HEAD_OF_OFFICE"],
      ["operator.x", "VILLAGE_OPERATOR"],
    ])
      await sql`insert into officer_duty (id, officer_id, agency, role, region, valid_from, assigned_by)
        values (gen_random_uuid(), ${officer as string}, 'DINSOS_X', ${role as string}, '9801', '2020-01-01', 'test')`;
  }),
);
/** Another day each, so that nobody has objected yet; what was open is closed. */
beforeEach(async () => {
  now += 24 * 60 * 60 * 1000;
  await owner(async (sql) => {
    await sql`alter table objection disable trigger objection_moves`;
    await sql`update objection set state = 'CLOSED', closed_at = now(), closed_by = 'test', closing_reason = 'test'
      where state in ('FILED', 'UNDER_REVIEW', 'APPEALED')`;
    await sql`alter table objection enable trigger objection_moves`;
  });
});

const FIELDS = "version mode program reason state handler claimedName history { act actor }";
const FILE = `mutation ($name: String!, $photo: ID!) { fileObjectionByName(input: { name: $name, photo: $photo,
  reason: "rumah bertingkat", latitude: -8.21, longitude: 114.37 }) { id ${FIELDS} } }`;
const file = (by: number, name: string) => slice.ask(FILE, { ...citizen(by), variables: { name, photo: id(PHOTO, by) } });
const filed = async (by: number, name: string): Promise<string> => (await file(by, name)).data.fileObjectionByName.id;
const act = (field: string, who: object) => slice.ask(`mutation { ${field} { state version } }`, who);
const take = (of: string) => act(`takeObjection(id: "${of}", version: 1)`, as("verifier.x"));
const identify = (of: string, member: string, officer = "verifier.x") =>
  act(`identifyObjection(id: "${of}", member: "${member}")`, as(officer));
const decide = (of: string, version: number, decision: string, officer = "verifier.x") =>
  act(
    `decideObjection(input: { id: "${of}", version: ${version}, decision: ${decision}, reason: "sudah dikunjungi" })`,
    as(officer),
  );

test("the answer is the same whether nobody, one or several of the village bear the name, or somebody of another village", async () => {
  const answers = [await file(1, "Bambang Sutrisno"), await file(1, "Nama Karangan"), await file(1, "Ratna Dewi")];
  const told = answers.map(({ text, data }) =>
    text.replaceAll(data.fileObjectionByName.id, "ID").replaceAll(data.fileObjectionByName.claimedName, "NAME"),
  );
  expect(new Set(told).size).toBe(1);
  const mine = await slice.ask(`{ myObjections { state claimedName member { id } candidates { id } } }`, citizen(1));
  expect(mine.data.myObjections).toHaveLength(3);
});

test("a reviewer says once whom a name is about, and is shown who may be meant, of that village alone and the most alike first", async () => {
  const of = await filed(1, "sutrisno, bambang");
  const list = `{ objections(first: 100, filter: { state: FILED }) { nodes { id claimedName member { id } candidates { id claimedName } } } }`;
  const shown = (await slice.ask(list, as("verifier.x"))).data.objections.nodes.find((one: { id: string }) => one.id === of);
  expect(shown).toEqual({
    ...{ id: of, claimedName: "sutrisno, bambang", member: null },
    candidates: [
      { id: id(MEMBER, 2), claimedName: "BAMBANG SUTRISNO" },
      { id: id(MEMBER, 4), claimedName: "SUTRISNO" },
    ],
  });
  expect(codesOf(await identify(of, id(MEMBER, 2))), "before anybody has taken it").toEqual(["CONFLICT"]);
  await take(of);
  for (const [member, code] of [
    [id(MEMBER, 3), "BAD_USER_INPUT"],
    [id(MEMBER, 1), "BAD_USER_INPUT"],
    [id(MEMBER, 99), "BAD_USER_INPUT"],
  ] as const)
    expect(codesOf(await identify(of, member)), member).toEqual([code]);
  expect(codesOf(await identify(of, id(MEMBER, 2), "head.x"))).toEqual(["FORBIDDEN"]);
  expect((await identify(of, id(MEMBER, 2))).errors).toEqual([]);
  expect(codesOf(await identify(of, id(MEMBER, 4)))).toEqual(["CONFLICT"]);
  expect((await decide(of, 2, "UPHELD")).data.decideObjection.state).toBe("UPHELD");
  const rows = await owner((sql) => sql`select member_id from eligibility_decision where objection_id = ${of}`);
  expect(rows.map((row) => row["member_id"])).toEqual([id(MEMBER, 2)]);
});

test("nothing of what a reviewer found reaches the objector before a decision, nor does a rejection tell whether somebody was found", async () => {
  const [found, missed] = [await filed(1, "Wayan Sukma"), await filed(1, "Wayan Sukmo")];
  await take(found);
  await take(missed);
  await identify(found, id(MEMBER, 5));
  const read = async () => {
    const { data } = await slice.ask(
      `{ myObjections { id ${FIELDS} filedAt lapsesAt decisionReason closingReason } }`,
      citizen(1),
    );
    return [found, missed].map((of) => {
      const { id: _, claimedName: __, ...rest } = data.myObjections.find((one: { id: string }) => one.id === of);
      return rest;
    });
  };
  const [first, second] = await read();
  expect(first).toEqual(second);
  expect(first.history.map(({ act: step }: { act: string }) => step)).toEqual(["FILE", "TAKE"]);
  await decide(found, 2, "REJECTED");
  await decide(missed, 2, "REJECTED");
  const [one, other] = await read();
  expect(one).toEqual(other);
});

test("nobody is made ineligible by a name alone", async () => {
  const of = await filed(1, "Bambang Sutrisno");
  await take(of);
  const { errors } = await decide(of, 2, "UPHELD");
  expect(errors[0]?.extensions).toMatchObject({
    code: "CONFLICT",
    detail: "who decides that an objection is right says first whom it is about",
  });
  expect((await decide(of, 2, "REJECTED")).data.decideObjection.state).toBe("REJECTED");
});

test("of an appeal another than who reviewed says whom the name is about", async () => {
  const of = await filed(1, "Bambang Sutrisno");
  await take(of);
  await decide(of, 2, "REJECTED");
  await slice.ask(`mutation { appealObjection(input: { id: "${of}", version: 3, reason: "lihat lagi" }) { state } }`, citizen(1));
  expect(codesOf(await identify(of, id(MEMBER, 2)))).toEqual(["FORBIDDEN"]);
  expect((await identify(of, id(MEMBER, 2), "head.x")).errors).toEqual([]);
  expect((await decide(of, 4, "UPHELD", "head.x")).data.decideObjection.state).toBe("UPHELD");
});

test("three objections by name a day, however many are sent at once; the day is that of western Indonesia", async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, (_, n) => file(1, `Orang ${"abcdef"[n]}`)));
  expect(answers.flatMap(codesOf)).toEqual(["QUOTA_EXCEEDED", "QUOTA_EXCEEDED", "QUOTA_EXCEEDED"]);
  expect(answers.find(({ errors }) => errors.length > 0)?.errors[0]?.extensions.detail).toBe(
    "at most 3 objections by name of one person a day",
  );
  expect(codesOf(await file(2, "Orang Lain"))).toEqual([]);
  now = Date.parse(`${new Date(now).toISOString().slice(0, 10)}T16:59:59Z`);
  expect(codesOf(await file(1, "Orang Lain"))).toEqual(["QUOTA_EXCEEDED"]);
  now += 1000;
  expect(codesOf(await file(1, "Orang Lain"))).toEqual([]);
});

test("one objects where one stands in the registry, in one's own name, with a picture of one's own and a name without numbers", async () => {
  expect(codesOf(await file(UNREGISTERED, "Bambang Sutrisno"))).toEqual(["BAD_USER_INPUT"]);
  const of = (who: object, name: string, photo: string) => slice.ask(FILE, { ...who, variables: { name, photo } });
  expect(codesOf(await of(as("verifier.x"), "Bambang", id(PHOTO, 1)))).toEqual(["FORBIDDEN"]);
  expect(codesOf(await of(citizen(1), "Bambang", id(PHOTO, 2)))).toEqual(["BAD_USER_INPUT"]);
  for (const name of ["", "B", "3510165204889001", "RT 3 nomor 4", "<b>Bambang</b>", "x".repeat(101)])
    expect(codesOf(await of(citizen(1), name, id(PHOTO, 1))), name).toEqual(["BAD_USER_INPUT"]);
});

test("no person says of their own objection whom it is about, whatever they write to the table", async () => {
  const of = await filed(1, "Bambang Sutrisno");
  await take(of);
  expect(codesOf(await act(`identifyObjection(id: "${of}", member: "${id(MEMBER, 2)}")`, citizen(1)))).toEqual(["FORBIDDEN"]);
  const wrote = await asRole(databases.urls.welfare.runtime, (sql) =>
    sql.begin(async (tx) => {
      await tx`select set_config('hub.regions', '{0,A}', true), set_config('hub.officer', '{}', true), set_config('hub.citizen', ${`{${id(PERSON, 1)}}`}, true),
        set_config('hub.agency', '{}', true)`;
      return (await tx`update welfare.objection set member_id = ${id(MEMBER, 2)} where id = ${of}`).count;
    }),
  ).catch(({ code }: { code: string }) => code);
  expect(wrote).toBe("HB002");
});
