import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { stewardOf } from "../../../../drizzle/policy/readyMade.ts";
import { leafOf } from "../../../../schema/record/leaf.ts";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { asRole, asServer, useDatabases } from "../../../kit/database.ts";
import { ani, siti } from "../../../kit/people.ts";
import { callerWith, codesOf, useSlice } from "../../../kit/slice.ts";
import { asSteward } from "../lifecycle/kit.ts";
import { integrateAll, recordAll } from "../tracker/kit.ts";

type Json = Record<string, any>;

const NOON = Date.parse("2026-11-20T05:00:00Z");
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime, now: () => NOON });

const KEMENSOS = { agency: "KEMENSOS", client: "kemensos", agreement: "PKS-2025-001", purpose: "PROGRAM_ADMINISTRATION" };
const DINSOS = {
  ...{ agency: "DINSOS_BANYUWANGI", client: "dinsos-banyuwangi", agreement: "PKS-2025-004", purpose: "REGIONAL_WELFARE" },
};
const BPK = { agency: "BPK", client: "bpk", agreement: "PKS-2025-006", purpose: "FINANCIAL_AUDIT" };
let receipts: readonly string[] = [];

beforeAll(async () => {
  const told = await recordAll(databases.urls, [
    {
      at: "2026-11-10T03:00:00.000Z",
      subjects: { Person: [siti.id] },
      body: { ...KEMENSOS, shown: ["Person.nik", "Person.fullName"] },
    },
    { at: "2026-11-11T03:00:00.000Z", body: { ...DINSOS, status: "INTENDED", asked: ["Household.address"] } },
    { at: "2026-11-11T03:00:01.000Z", body: { ...DINSOS, shown: ["Household.address"], denied: ["Person.nik"] } },
    { at: "2026-11-12T03:00:00.000Z", body: { status: "QUOTA_EXCEEDED" } },
    { at: "2026-11-13T03:00:00.000Z", body: { agency: null, agreement: null, purpose: null, status: "FORBIDDEN" } },
    {
      at: "2026-11-14T03:00:00.000Z",
      subjects: { Person: [siti.id, ani.id] },
      body: { ...BPK, case: "LHP-7/2026", officer: "auditor.bpk", masked: ["Person.nik"] },
    },
    { at: "2026-11-15T03:00:00.000Z", body: { shown: ["Region.name"] } },
  ]);
  receipts = told.map(({ receipt }) => receipt);
  await integrateAll(databases.urls);
});

const ENTRIES = `query ($filter: RecordFilter, $first: Int! = 100, $after: String) { accessRecord(filter: $filter, first: $first, after: $after) {
  searchedTo pageInfo { hasNextPage endCursor }
  nodes { receipt at agency { code } client officer case agreement version purpose { code } operation status shown masked denied subjects disclosure
    leaf index text sentence { indonesian english } } } }`;

async function pageOf(id: string, filter: Json | null = null, paging: Json = {}) {
  const { data, errors } = await asSteward(slice, id)(ENTRIES, { filter, ...paging });
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return data.accessRecord as Json;
}
/** Which of the entries above come back, by their place in the list. */
const seenBy = async (id: string, filter: Json | null = null): Promise<number[]> =>
  (await pageOf(id, filter))["nodes"].map(({ receipt }: Json) => receipts.indexOf(receipt));

/** As somebody who asks in a case. */
const inCase = (id: string, agency: string, filter: Json) =>
  slice.ask(ENTRIES, {
    variables: { filter },
    caller: callerWith({
      ...{ client: id, officer: id, agency, agreement: "PKS-2025-101", purpose: "ACCESS_GOVERNANCE", case: "LHP-7/2026" },
    }),
  });

describe("who searches the record", () => {
  test("an auditor sees what every agency asked, refused and unknown ones too, newest first; announcements only when asked for", async () => {
    expect(await seenBy("auditor.bpk")).toEqual([6, 5, 4, 3, 2, 0]);
    expect(await seenBy("auditor.bpk", { status: "INTENDED" })).toEqual([1]);
  });

  test("a steward sees what their agency asked, and what showed others data it controls: not what was denied, nor public data", async () => {
    expect(await seenBy(stewardOf("DUKCAPIL"))).toEqual([5, 0]);
    expect(await seenBy(stewardOf("BPJS_KESEHATAN"))).toEqual([6, 3]);
    expect(await seenBy("dpo.dinsos_banyuwangi")).toEqual([2]);
  });

  test("who asked, the case and the text are the asking agency's and the auditor's to know, not the controller's", async () => {
    const whole = (await pageOf("auditor.bpk", { receipt: receipts[5] }))["nodes"][0];
    expect(whole).toMatchObject({ officer: "auditor.bpk", case: "LHP-7/2026", subjects: 2, masked: ["Person.nik"], index: 5 });
    expect(leafOf(whole.text)).toBe(whole.leaf);
    const part = (await pageOf(stewardOf("DUKCAPIL"), { receipt: receipts[5] }))["nodes"][0];
    expect(part).toEqual({ ...whole, officer: null, case: null, text: null });
  });

  test("nobody else: no client, nobody unknown, no steward of an agency it does not concern", async () => {
    expect(codesOf(await slice.ask(ENTRIES))).toEqual(["FORBIDDEN"]);
    expect(await seenBy(stewardOf("KEMENDIKDASMEN"), { receipt: receipts[0] })).toEqual([]);
    const analyst = callerWith({ client: "konsol", officer: "nobody", agency: "HUB", purpose: "ACCESS_GOVERNANCE" });
    expect(codesOf(await slice.ask(ENTRIES, { caller: analyst }))).toEqual(["FORBIDDEN"]);
  });

  test("the database shows nothing to who is no steward, whatever a slice asks of it", async () => {
    const told = (officer: string, agency: string) =>
      asRole(databases.urls.governance.runtime, (sql) =>
        sql.begin(async (tx) => {
          await tx`select set_config('hub.officer', ${`{${officer}}`}, true), set_config('hub.agency', ${`{${agency}}`}, true)`;
          return tx`select * from governance.record_search(null, null, null, '{}', null, null, now(), null, 100)`;
        }),
      );
    expect(await told("nobody", "BPK")).toEqual([]);
    expect(await told("auditor.bpk", "KEMENSOS")).toEqual([]); // another agency's name on their own
    expect((await told("auditor.bpk", "BPK")).length).toBeGreaterThan(1);
    await expect(asRole(databases.urls.governance.runtime, (sql) => sql`select from governance.entry`)).rejects.toThrow(
      "permission denied",
    );
  });
});

describe("what is searched for", () => {
  test("agency, agreement, purpose, coordinate, status and time narrow it, and all of them must hold", async () => {
    expect(await seenBy("auditor.bpk", { agency: "BPJS_KESEHATAN" })).toEqual([6, 3]);
    expect(await seenBy("auditor.bpk", { agreement: "PKS-2025-001" })).toEqual([0]);
    expect(await seenBy("auditor.bpk", { purpose: "FINANCIAL_AUDIT" })).toEqual([5]);
    expect(await seenBy("auditor.bpk", { coordinate: "Person.nik" })).toEqual([5, 2, 0]);
    expect(await seenBy("auditor.bpk", { status: "QUOTA_EXCEEDED" })).toEqual([3]);
    expect(await seenBy("auditor.bpk", { from: "2026-11-11T03:00:01Z", to: "2026-11-14T03:00:00Z" })).toEqual([4, 3, 2]);
    expect(await seenBy("auditor.bpk", { coordinate: "Person.nik", agency: "BPK", from: "2026-11-15T00:00:00Z" })).toEqual([]);
  });

  test("a person by id, in a case, by auditors and data protection officers; of others the tag is as good as none", async () => {
    const found = async (id: string, agency: string, person: string) => {
      const { data, errors } = await inCase(id, agency, { person });
      return errors.length > 0
        ? errors[0]?.extensions.code
        : data.accessRecord.nodes.map(({ receipt }: Json) => receipts.indexOf(receipt));
    };
    expect(await found("auditor.bpk", "BPK", siti.id)).toEqual([5, 0]);
    expect(await found("auditor.bpk", "BPK", ani.id.toUpperCase())).toEqual([5]);
    expect(await found("dpo.kemensos", "KEMENSOS", siti.id)).toEqual([0]);
    expect(await found("auditor.bpk", "BPK", randomUUID())).toEqual([]);
    expect(await found("auditor.bpk", "BPK", "no id at all")).toEqual([]);
    expect(await found(stewardOf("KEMENSOS"), "KEMENSOS", siti.id)).toBe("FORBIDDEN");
    const { errors } = await asSteward(slice, "auditor.bpk")(ENTRIES, { filter: { person: siti.id } });
    expect(errors[0]?.extensions).toMatchObject({ code: "FORBIDDEN", detail: expect.stringContaining("Hub-Case") });
  });

  test("pages follow one another without a gap, and say how far was read", async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Json = await pageOf("auditor.bpk", null, { first: 2, after });
      seen.push(...page["nodes"].map(({ receipt }: Json) => receipt));
      after = page["pageInfo"].hasNextPage ? page["pageInfo"].endCursor : null;
    } while (after !== null);
    expect(seen).toEqual([6, 5, 4, 3, 2, 0].map((at) => receipts[at]));
    const { nodes, searchedTo, pageInfo } = await pageOf("auditor.bpk", null, { first: 2 });
    expect([searchedTo, pageInfo.hasNextPage]).toEqual([nodes[1].at, true]);
    expect((await pageOf("auditor.bpk"))["searchedTo"]).toBeNull();
    expect(codesOf(await asSteward(slice, "auditor.bpk")(ENTRIES, { first: 101 }))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await asSteward(slice, "auditor.bpk")(ENTRIES, { after: "made up" }))).toEqual(["BAD_USER_INPUT"]);
  });

  test("takes the same few statements for one entry and for all", async () => {
    await pageOf("auditor.bpk", null, { first: 1 });
    const few = slice.statements;
    await pageOf("auditor.bpk");
    expect(slice.statements).toBe(few);
    expect(few).toBeLessThanOrEqual(4);
  });

  test("an entry says itself in a sentence, in both languages", async () => {
    const { sentence } = (await pageOf("auditor.bpk", { receipt: receipts[0] }))["nodes"][0];
    expect(sentence).toEqual({
      indonesian: "Kementerian Sosial melihat 2 kolom tentang 1 subjek untuk tujuan Penyelenggaraan program bantuan sosial.",
      english: "Kementerian Sosial saw 2 fields about 1 subject for the purpose PROGRAM_ADMINISTRATION.",
    });
  });
});

describe("what is sealed or not told yet", () => {
  test("is for data protection officers of the hub alone", async () => {
    await asServer(databases.urls.governance.owner, async (sql) => {
      await sql`update governance.purpose set disclosure = 'DELAYED' where code = 'FINANCIAL_AUDIT'`;
      await sql`update governance.purpose set disclosure = 'SEALED' where code = 'REGIONAL_WELFARE'`;
    });
    expect(await seenBy("auditor.bpk")).toEqual([6, 4, 3, 0]);
    expect(await seenBy("dpo.dinsos_banyuwangi")).toEqual([]);
    expect(await seenBy(stewardOf("DUKCAPIL"))).toEqual([0]);
    expect(await seenBy("dpo.hub")).toEqual([6, 5, 4, 3, 2, 0]);
    const classes = (await pageOf("dpo.hub"))["nodes"].map(({ disclosure }: Json) => disclosure);
    expect(classes).toEqual(["IMMEDIATE", "DELAYED", "IMMEDIATE", "IMMEDIATE", "SEALED", "IMMEDIATE"]);
  });
});
