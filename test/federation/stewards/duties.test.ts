import { beforeAll, describe, expect, test } from "vitest";
import { sha256Hex } from "../../../schema/policy/content.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { asRole, withoutTriggers } from "../../kit/database.ts";
import { type Answered, useHub } from "../../kit/hub.ts";
import { inDays, stewardsOf } from "./stewardHub.ts";

// What agreements oblige to, and what stands beside them, through the gateway: reports, an emergency, trusted documents, explanations.

const hub = useHub();
const { by, asked, brought } = stewardsOf(hub);
const POLL = { timeout: 10_000, interval: 20 };
const OPEN = "OPEN";
/** OPEN, or why not. */
const codeOf = ({ data, errors }: Answered): string => (data ? OPEN : String(errors[0]?.extensions["code"]));
const NAMES = "{ households(first: 1) { nodes { members { person { fullName } } } } }";

describe("a semester report", () => {
  const NUMBER = "PKS-2025-003";
  const partner = hub.as("kemendikdasmen");
  const becomes = (what: string) => expect.poll(async () => codeOf(await partner.ask(NAMES)), POLL).toBe(what);
  const SUBMIT = `mutation { submitSemesterReport(agreement: "${NUMBER}", note: "Lengkap") { submittedBy note usage { from to requests } } }`;
  const duty = () =>
    asked("auditor.bpk", `{ allAgreements(first: 100) { nodes { number agreement { state reportDue suspendsOn } } } }`);
  const dutyOf = async () => (await duty()).nodes.find(({ number }: { number: string }) => number === NUMBER).agreement;

  test("four months late suspends the agreement by itself", async () => {
    expect(codeOf(await partner.ask(NAMES))).toBe(OPEN);
    expect(await asked("steward.kemendikdasmen", SUBMIT)).toMatchObject({ code: "CONFLICT" }); // none is owed
    await asRole(
      hub.urls.governance.owner,
      (sql) => sql`update governance.agreement set report_due = now() - interval '4 months' where number = ${NUMBER}`,
    );
    await becomes("AGREEMENT_SUSPENDED");
    expect(await dutyOf()).toMatchObject({ state: "SUSPENDED" });
    expect(Date.parse((await dutyOf()).suspendsOn)).toBeLessThan(Date.now());
  });

  test("is submitted by a steward of the agency that uses it, and by nobody else", async () => {
    for (const id of ["dpo.kemendikdasmen", "steward.kemensos", "steward.bps", "auditor.bpk", "operator.hub"])
      expect([id, await asked(id, SUBMIT)]).toMatchObject([id, { code: "FORBIDDEN" }]);
    expect(codeOf(await partner.ask(NAMES))).toBe("AGREEMENT_SUSPENDED");
  });

  test("once submitted opens it again, until the next is due half a year on", async () => {
    const before = await dutyOf();
    const report = await asked("steward.kemendikdasmen", SUBMIT);
    expect(report).toMatchObject({ submittedBy: "steward.kemendikdasmen", note: "Lengkap" });
    expect(report.usage.to < dayInWib(new Date(before.reportDue))).toBe(true);
    await becomes(OPEN);
    const after = await dutyOf();
    expect(after).toMatchObject({ state: "ACTIVE" });
    expect(Date.parse(after.reportDue)).toBeGreaterThan(Date.now());
    expect(await asked("steward.kemendikdasmen", SUBMIT)).toMatchObject({ code: "CONFLICT" });
  });
});

describe("an emergency", () => {
  const NUMBER = "PKS-2026-050";
  const first = { agreement: NUMBER, version: 1 };
  const client = hub.as("kemensos", { agreement: NUMBER });
  const outcome = async () => codeOf(await client.ask(NAMES));
  const becomes = (what: string) => expect.poll(outcome, POLL).toBe(what);
  const [requester, confirmer] = ["steward.kemensos", "steward2.kemensos"];
  const BREAK = `mutation { breakGlass(agreement: "${NUMBER}", version: 1, case: "BNPB-9/2026", reason: "gempa bumi") { id state } }`;
  const CONFIRM = "mutation ($id: ID!) { confirmGlass(id: $id) { state confirmedBy } }";
  const REVIEW = 'mutation ($id: ID!) { reviewGlass(id: $id, finding: JUSTIFIED, note: "berita acara 9") { state reviewedBy } }';
  let id = "";

  beforeAll(async () => {
    const about = { title: "Tanggap darurat", consumer: "KEMENSOS", purpose: "PROGRAM_ADMINISTRATION", dpiaId: "DPIA-50" };
    expect(await by(requester).create({ number: NUMBER, ...about })).toMatchObject({ number: NUMBER });
    const selectors = ["PUBLIC", "Query.households", "HouseholdConnection.nodes", "Household.members", "Member.person"];
    const grants = [...selectors, "Person.fullName"].map((selector, at) => ({
      selector,
      effect: "ALLOW",
      clause: `Ps. ${at + 1}`,
    }));
    const draft = { validFrom: inDays(0), validTo: inDays(300), regions: ["0"], armed: { minutes: 1, persons: 20 }, grants };
    await brought(first, draft, [requester, confirmer, "steward.dukcapil", "dpo.kemensos"]);
  });

  test("finds the version armed: in force, and it opens nothing", async () => {
    await becomes("FORBIDDEN");
    for (const who of ["dpo.kemensos", "steward.dukcapil", "operator.hub"])
      expect([who, await asked(who, BREAK)]).toMatchObject([who, { code: "FORBIDDEN" }]);
  });

  test("one steward alone opens nothing", async () => {
    const glass = await asked(requester, BREAK);
    expect(glass).toMatchObject({ state: "WAITING" });
    id = glass.id;
    expect(await asked(requester, CONFIRM, { id })).toMatchObject({ code: "FORBIDDEN" });
    expect(await outcome()).toBe("FORBIDDEN");
  });

  test("two open it at once, and every answer says so", async () => {
    expect(await asked(confirmer, CONFIRM, { id })).toEqual({ state: "OPEN", confirmedBy: confirmer });
    await becomes(OPEN);
    const { governance, data } = await client.ask(NAMES);
    expect(governance).toMatchObject({ agreement: NUMBER, brokenGlass: true });
    expect(data["households"].nodes).toHaveLength(1);
    const alerts = await asked("dpo.dukcapil", "{ alerts { kind actor detail agreement { number } } }");
    expect(alerts[0]).toMatchObject({ kind: "GLASS_OPENED", actor: confirmer, agreement: { number: NUMBER } });
  });

  test("does not stand in the way of what the client does every day without naming an agreement", async () => {
    const { governance, errors } = await hub.as("kemensos").ask("{ me { client } }");
    expect(errors).toEqual([]);
    expect(governance).toMatchObject({ agreement: "PKS-2025-001" });
    expect(governance).not.toHaveProperty("brokenGlass");
  });

  test("is over by the clock, and then reviewed by a third person", async () => {
    expect(await asked("dpo.dukcapil", REVIEW, { id })).toMatchObject({ code: "CONFLICT" });
    await withoutTriggers(
      hub.urls.governance.owner,
      (sql) => sql`update governance.glass_break set requested_at = requested_at - interval '1 minute',
        opened_at = opened_at - interval '1 minute', closes_at = closes_at - interval '1 minute' where id = ${id}`,
    );
    await becomes("FORBIDDEN");
    for (const who of [requester, confirmer, "dpo.bps"])
      expect([who, await asked(who, REVIEW, { id })]).toMatchObject([who, { code: "FORBIDDEN" }]);
    expect(await asked("dpo.dukcapil", REVIEW, { id })).toEqual({ state: "REVIEWED", reviewedBy: "dpo.dukcapil" });
    expect(await asked(confirmer, CONFIRM, { id })).toMatchObject({ state: "REVIEWED" }); // said again, it opens nothing again
    expect(await outcome()).toBe("FORBIDDEN");
  });
});

describe("trusted documents", () => {
  const NUMBER = "PKS-2025-004";
  const partner = hub.as("dinsos-banyuwangi", { language: "en" });
  const REGISTER = `mutation ($documents: [DocumentInput!]!) { registerDocuments(agreement: "${NUMBER}", documents: $documents) {
    registered { id name } rejected { id name faults { coordinate reason } } } }`;
  const GOOD = "query Daftar($first: Int) { households(first: $first) { nodes { region { code } } } }";
  const GREEDY = "query Bayar { enrolments(first: 1) { nodes { payments { amount } } } }";
  const named = (name: string, document: string) => ({ name, document });
  /** Asks for a document by its id. */
  async function byId(id: string, variables = {}) {
    const response = await fetch(hub.url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${await hub.tokenOf("dinsos-banyuwangi")}`,
        "content-type": "application/json",
        accept: "application/graphql-response+json",
      },
      body: JSON.stringify({ documentId: id, variables }),
    });
    const { data = null, errors = [] } = (await response.json()) as Answered;
    return { data, code: errors[0]?.extensions["code"] ?? null };
  }

  test("with one field too many are refused, all of them, and which field is told", async () => {
    const documents = [named("daftar", GOOD), named("bayar", GREEDY)];
    const { data, errors } = await partner.ask(REGISTER, { documents });
    expect(errors).toEqual([]);
    expect(data["registerDocuments"]).toEqual({
      registered: [],
      rejected: [
        { id: sha256Hex(GREEDY), name: "bayar", faults: [{ coordinate: "PaymentPeriod.amount", reason: "PROHIBITED" }] },
      ],
    });
    expect(await byId(sha256Hex(GOOD))).toEqual({ data: null, code: "PERSISTED_QUERY_NOT_FOUND" });
  });

  test("that ask only what is granted are registered, and asked for by id", async () => {
    const { data } = await partner.ask(REGISTER, { documents: [named("daftar", GOOD)] });
    const id = sha256Hex(GOOD);
    expect(data["registerDocuments"]).toEqual({ registered: [{ id, name: "daftar" }], rejected: [] });
    await expect.poll(async () => (await byId(id)).code, POLL).toBe(null);
    const { data: answer } = await byId(id, { first: 2 });
    const codes = answer?.["households"].nodes.map(({ region }: { region: { code: string } }) => region.code.slice(0, 4));
    expect(codes).toEqual(["3510", "3510"]);
  });

  test("of an agency are its own, and retired they are no longer asked for", async () => {
    const own = hub.as("bpjs-kesehatan");
    const stranger = await own.ask(REGISTER, { documents: [named("daftar", GOOD)] });
    expect(codeOf(stranger)).toBe("FORBIDDEN");
    const id = sha256Hex(GOOD);
    const { data } = await partner.ask(`mutation ($id: ID!) { retireDocument(agreement: "${NUMBER}", id: $id) { retiredAt } }`, {
      id,
    });
    expect(data["retireDocument"].retiredAt).not.toBe(null);
    await expect.poll(async () => (await byId(id)).code, POLL).toBe("PERSISTED_QUERY_NOT_FOUND");
  });
});

describe("an explanation", () => {
  const EXPLAIN = `query ($document: String!, $agreement: ID!, $variables: String) {
    explainAccess(document: $document, agreement: $agreement, variables: $variables) {
      agreement version faults refusals denied masked coordinates { coordinate isInput isReached isOpen effect code instead } } }`;
  interface Explained {
    readonly coordinate: string;
    readonly isInput: boolean;
    readonly isReached: boolean;
    readonly code: string | null;
  }
  const CASES: readonly (readonly [string, string, string, object])[] = [
    [
      "bpjs-kesehatan",
      "PKS-2025-002",
      `query ($n: Int!) { households(first: 2) { totalCount nodes { id deciles { decile } decileAtMost(n: $n)
        members { id claimedNik person { id fullName birthDate enrolments { state payments { amount } } } } } } }`,
      { n: 4 },
    ],
    [
      "dinsos-banyuwangi",
      "PKS-2025-004",
      `{ households(first: 2, orderBy: DECILE) { totalCount nodes { id monthlyIncome incomeBand deciles { decile }
        members { claimedNik person { id fullName birthDate } } } } }`,
      {},
    ],
    [
      "kemendikdasmen",
      "PKS-2025-003",
      "query ($n: Int!) { households(first: 2) { nodes { floorArea deciles { decile } decileAtMost(n: $n) members { person { nik birthDate birthYear } } } } }",
      { n: 7 },
    ],
  ];

  test.each(CASES)(
    "given to %s under %s says the same as the answer to the document",
    async (client, agreement, document, variables) => {
      const voice = hub.as(client, { language: "en" });
      const answer = await voice.ask(document, variables);
      const told = await voice.ask(EXPLAIN, { document, agreement, variables: JSON.stringify(variables) });
      expect(told.errors).toEqual([]);
      const explained = told.data["explainAccess"];
      expect(explained).toMatchObject({ agreement, version: 1, faults: [], refusals: [] });
      expect([explained.denied, explained.masked]).toEqual([answer.denied, answer.masked]);
      expect(answer.denied.length).toBeGreaterThan(0);
      const codes = new Map(explained.coordinates.map(({ coordinate, code }: Explained) => [coordinate, code]));
      const said = answer.errors.map(({ extensions }) => [extensions["coordinate"], extensions["code"]]);
      expect(said).toEqual(said.map(([coordinate]) => [coordinate, codes.get(coordinate)]));
    },
  );

  test("of what an agency is not told of looks like a typing error, and another agency's agreement like none", async () => {
    const bpjs = hub.as("bpjs-kesehatan");
    const told = async (document: string, agreement = "PKS-2025-002") =>
      (await bpjs.ask(EXPLAIN, { document, agreement })).data["explainAccess"];
    const [hidden, misspelt] = [
      await told("{ stewardship { inbox { number } } }"),
      await told("{ stewardshop { inbox { number } } }"),
    ];
    expect(hidden).toEqual(misspelt);
    expect(hidden.faults).toHaveLength(1);
    expect(await told("{ me { client } }", "PKS-2025-003")).toBe(null);
    expect(await told("{ me { client } }", "PKS-2099-999")).toBe(null);
    const steward = await asked("steward.dukcapil", EXPLAIN, { document: "{ me { client } }", agreement: "PKS-2025-003" });
    expect(steward).toMatchObject({ agreement: "PKS-2025-003", faults: [], denied: [] });
  });
});
