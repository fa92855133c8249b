import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { useDatabases } from "../../../kit/database.ts";
import { codesOf, useSlice } from "../../../kit/slice.ts";
import { asOwner, client, made, racing, steward } from "./kit.ts";

const NOON = Date.parse("2026-03-01T05:00:00Z");
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime, now: () => NOON });
const bpjs = client("bpjs-kesehatan", "BPJS_KESEHATAN", "T-DOCS");
type Who = ReturnType<typeof steward>;

beforeAll(async () => {
  const opens = [
    "PUBLIC",
    "Query.household",
    "Query.households",
    "HouseholdConnection.nodes",
    "Household.region",
    "Household.id",
  ];
  await made(databases.urls, { number: "T-DOCS", agency: "BPJS_KESEHATAN", purpose: "PBI_MEMBERSHIP", opens });
  for (const number of ["T-MANY", "T-RACE"])
    await made(databases.urls, { number, agency: "BPJS_KESEHATAN", purpose: "PBI_MEMBERSHIP", opens });
  await made(databases.urls, { number: "T-DRAFT", agency: "BPJS_KESEHATAN", opens, isDraft: true });
});

const REGISTER = `mutation ($agreement: ID!, $documents: [DocumentInput!]!) { registerDocuments(agreement: $agreement, documents: $documents) {
  registered { id name document registeredBy retiredAt } rejected { id name faults { coordinate reason detail } } } }`;
const register = (documents: readonly object[], who: Who = bpjs, agreement = "T-DOCS") =>
  slice.ask(REGISTER, { ...who, variables: { agreement, documents } });
const rejectedOf = async (document: string) => {
  const { data, errors } = await register([{ document }]);
  expect(errors).toEqual([]);
  const [rejected] = data.registerDocuments.rejected;
  return rejected
    ? rejected.faults.map((fault: { coordinate: string | null; reason: string }) => [fault.coordinate, fault.reason])
    : [];
};
const listed = async (who: Who = bpjs) =>
  (await slice.ask(`{ trustedDocuments(agreement: "T-DOCS") { id name retiredAt } }`, who)).data.trustedDocuments;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const LIST = "query Daftar { households(first: 5) { nodes { id region { code } } } }";

test("a document that asks one field too many is not registered, and is told which", async () => {
  const tooMany = LIST.replace("id region", "id members { suffix } region");
  const before = await listed();
  const { data, errors } = await register([
    { document: LIST, name: "Daftar" },
    { document: tooMany, name: "Anggota" },
  ]);
  expect(errors).toEqual([]);
  expect(data.registerDocuments.registered).toEqual([]);
  expect(data.registerDocuments.rejected).toEqual([
    {
      id: sha256(tooMany),
      name: "Anggota",
      faults: [
        { coordinate: "Household.members", reason: "NOT_GRANTED", detail: "Household.members is not granted by this agreement." },
        { coordinate: "Member.suffix", reason: "NOT_GRANTED", detail: "Member.suffix is not granted by this agreement." },
      ],
    },
  ]);
  expect(await listed()).toEqual(before);
});

test("a document within the grants is registered by the SHA-256 of its text, once, until it is retired", async () => {
  for (let times = 0; times < 2; times++) {
    const { data, errors } = await register([{ document: LIST, name: "Daftar" }]);
    expect(errors).toEqual([]);
    expect(data.registerDocuments).toEqual({
      registered: [{ id: sha256(LIST), name: "Daftar", document: LIST, registeredBy: "bpjs-kesehatan", retiredAt: null }],
      rejected: [],
    });
  }
  const retire = `mutation { retireDocument(agreement: "T-DOCS", id: "${sha256(LIST)}") { id retiredAt } }`;
  for (let times = 0; times < 2; times++)
    expect((await slice.ask(retire, bpjs)).data.retireDocument).toEqual({
      id: sha256(LIST),
      retiredAt: "2026-03-01T05:00:00.000Z",
    });
  expect(await rejectedOf(LIST)).toEqual([[null, "RETIRED"]]);
  expect((await slice.ask(retire.replace(sha256(LIST), "0".repeat(64)), bpjs)).data.retireDocument).toBeNull();
});

describe("the proof", () => {
  test("counts what only a variable, a default or an @include would ask", async () => {
    const filtered = "query ($f: HouseholdFilter) { households(filter: $f) { nodes { id } } }";
    const named = "query ($r: RegionCode!) { households(filter: { region: $r }) { nodes { id } } }";
    const hiddenField = "query ($more: Boolean = false) { households { nodes { id members @include(if: $more) { suffix } } } }";
    expect(await rejectedOf(filtered)).toEqual([]);
    expect(await rejectedOf(named)).toEqual([["HouseholdFilter.region", "USE_NOT_GRANTED"]]);
    expect(await rejectedOf(hiddenField)).toEqual([
      ["Household.members", "NOT_GRANTED"],
      ["Member.suffix", "NOT_GRANTED"],
    ]);
  });

  test("tells a field that is hidden from this agreement like one that does not exist, and like no GraphQL at all", async () => {
    const shapes = [
      "{ glassBreaks { reason } }",
      "{ nosuch { reason } }",
      "{ households",
      "query A { me { client } } query B { me { client } }",
    ];
    const told = await Promise.all(
      shapes.map(async (document) => (await register([{ document }])).data.registerDocuments.rejected[0].faults),
    );
    for (const faults of told) expect(faults).toEqual(told[0]);
    expect(told[0]).toEqual([{ coordinate: null, reason: "INVALID", detail: expect.stringContaining("schema") }]);
  });
});

describe("registering", () => {
  const other = LIST.replace("Daftar", "Lain");

  test("is for clients and stewards of the consumer, under a version in force", async () => {
    for (const who of [client("kemensos", "KEMENSOS", "T-DOCS"), steward("steward.dukcapil"), steward("operator.hub")])
      expect(codesOf(await register([{ document: other }], who))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await register([{ document: other }], bpjs, "T-DRAFT"))).toEqual(["CONFLICT"]);
    const { data } = await register([{ document: other }], steward("steward.bpjs_kesehatan"));
    expect(data.registerDocuments.registered).toMatchObject([{ registeredBy: "steward.bpjs_kesehatan" }]);
  });

  test("wants 1 to 500 documents, and the list is its agency's own", async () => {
    expect(codesOf(await register([]))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await register(Array.from({ length: 501 }, () => ({ document: LIST }))))).toEqual(["BAD_USER_INPUT"]);
    expect(await listed(client("kemensos", "KEMENSOS", "PKS-2025-001"))).toBeNull();
    expect((await listed(steward("auditor.bpk"))).length).toBe((await listed()).length);
  });
});

test("no document and no name of one holds a NIK", async () => {
  const nik = "3510010101909001";
  for (const offer of [
    { document: LIST.replace("Daftar", `N${nik}`) },
    { document: `# ${nik}\n${LIST}` },
    { document: LIST, name: `Daftar ${nik}` },
    { document: LIST, name: "x".repeat(101) },
  ]) {
    const { errors } = await register([offer]);
    expect([errors[0]?.extensions.code, JSON.stringify(errors)]).toEqual(["BAD_USER_INPUT", expect.not.stringContaining(nik)]);
  }
});

/** Puts `{ q1 }` to `{ q<most> }` on file as trusted. */
const filled = (number: string, most: number) =>
  asOwner(
    databases.urls,
    (sql) => sql`insert into trusted_document (agreement_number, id, document, registered_by)
      select ${number}, encode(sha256(convert_to(text, 'UTF8')), 'hex'), text, 'x'
      from (select '{ q' || n || ' }' as text from generate_series(1, ${most}::int) n) t`,
  );

test("of two who register the last document at once, one is refused", async () => {
  await filled("T-RACE", 999);
  const one = (name: string) => register([{ document: LIST.replace("Daftar", name) }], bpjs, "T-RACE");
  const both = await racing(databases.urls, "T-RACE", () => [one("Satu"), one("Dua")]);
  expect(both.map(codesOf).sort()).toEqual([[], ["BAD_USER_INPUT"]]);
});

test("an agreement trusts 1,000 documents at a time; what is retired makes room", async () => {
  await filled("T-MANY", 1000);
  const { errors } = await register([{ document: LIST }], bpjs, "T-MANY");
  expect(errors[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", detail: expect.stringContaining("at most 1000") });
  await slice.ask(`mutation { retireDocument(agreement: "T-MANY", id: "${sha256("{ q7 }")}") { id } }`, bpjs);
  expect((await register([{ document: LIST }], bpjs, "T-MANY")).data.registerDocuments.registered).toHaveLength(1);
  expect(codesOf(await register([{ document: LIST.replace("Daftar", "Lagi") }], bpjs, "T-MANY"))).toEqual(["BAD_USER_INPUT"]);
});

describe("reidentification", () => {
  const AGREEMENT = "PKS-2025-002";
  const [one, two] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];
  const REIDENTIFY = `mutation ($p: [ID!]!, $reason: String!) { reidentify(agreement: "${AGREEMENT}", pseudonyms: $p, case: "LP/1", reason: $reason) { pseudonym subject } }`;
  const reidentify = (who: Who, p: readonly string[], reason = "penetapan pengadilan") =>
    slice.ask(REIDENTIFY, { ...who, variables: { p, reason } });
  const name = (bytes: Buffer) => bytes.toString("base64url");

  beforeAll(async () => {
    await asOwner(databases.urls, async (sql) => {
      for (const [agency, pseudonym] of [
        ["BPJS_KESEHATAN", one],
        ["BPK", two],
      ] as const)
        await sql`insert into issued_pseudonym (agency_code, purpose_code, pseudonym, subject)
          values (${agency}, 'PBI_MEMBERSHIP', ${pseudonym}, ${`person of ${agency}`})`;
    });
  });

  test("names whom this agency was shown and nobody else, and every call is an alarm with its reason", async () => {
    const alarms = async () => {
      const { data } = await slice.ask(
        "{ alerts(first: 100) { kind actor detail agreement { number } } }",
        steward("dpo.bpjs_kesehatan"),
      );
      return data.alerts.filter(({ kind }: { kind: string }) => kind === "REIDENTIFIED");
    };
    const before = (await alarms()).length;
    const { data, errors } = await reidentify(steward("dpo.dukcapil"), [name(one), name(two), "no pseudonym"]);
    expect(errors).toEqual([]);
    expect(data.reidentify).toEqual([{ pseudonym: name(one), subject: "person of BPJS_KESEHATAN" }]);
    const [newest, ...older] = await alarms();
    expect(older.length).toBe(before);
    expect(newest).toEqual({
      ...{ kind: "REIDENTIFIED", actor: "dpo.dukcapil", agreement: { number: AGREEMENT } },
      detail: "1 of 2 pseudonyms of BPJS_KESEHATAN, case LP/1: penetapan pengadilan",
    });
  });

  test("is for data protection officers and operators of who controls identities, 100 at once, with a reason", async () => {
    const strangers = ["steward.dukcapil", "dpo.kemensos", "operator.hub", "dpo.bpjs_kesehatan"].map(steward);
    for (const who of [...strangers, client("bpjs-kesehatan", "BPJS_KESEHATAN", AGREEMENT)])
      expect(codesOf(await reidentify(who, [name(one)]))).toEqual(["FORBIDDEN"]);
    const dpo = steward("dpo.dukcapil");
    expect(codesOf(await reidentify(dpo, []))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await reidentify(dpo, Array(101).fill(name(one))))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await reidentify(dpo, [name(one)], " "))).toEqual(["BAD_USER_INPUT"]);
  });
});
