import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { answer, createSupergraphRuntime, type Hub } from "../../../gateway/answer.ts";
import { createAlarms } from "../../../gateway/audit/alarms.ts";
import { openRecord } from "../../../gateway/audit/audit.ts";
import { createRates } from "../../../gateway/authenticate/rates.ts";
import { download } from "../../../gateway/border/transfer.ts";
import type { Incoming } from "../../../gateway/types/chain.ts";
import type { Decisions, Policy, Terms, Verdict } from "../../../gateway/types/policy.ts";
import type { Transport } from "../../../gateway/types/sources.ts";
import { pseudonymKey, transformOf } from "../../../schema/policy/masks.ts";
import { subjectKey, tagsOf } from "../../../schema/record/tags.ts";
import { yearInWib } from "../../../schema/record/yearKeys.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { useDatabases } from "../../kit/database.ts";

// Asking back by pseudonym, through the life of a request over the hub's own schema, with the record on real PostgreSQL. Policy and sources are
// stand-ins: six agreements of five agencies that are shown ids of persons and individuals as pseudonyms, and a register of four.

const databases = useDatabases({ empty: true });
const recordKey = "r".repeat(32);
const PEOPLE = ["0003a206-275c-8e26-a455-922295c800b9", ...Array.from({ length: 3 }, () => randomUUID())];
const [SITI = "", BUDI = "", ANI = "", RINA = ""] = PEOPLE;
const AGREEMENTS = [
  ["dinsos", "DINSOS", "REGIONAL_WELFARE"],
  ["bpk", "BPK", "FINANCIAL_AUDIT"],
  ["bpk-planning", "BPK", "AUDIT_PLANNING"],
  ["kemdik", "KEMDIK", "EDUCATION_AID"],
  ["bps", "BPS", "STATISTICS"],
  ["bpjs", "BPJS", "PBI_MEMBERSHIP"],
] as const;
const NIK = "3510165204889001"; // Siti's
/** By name of the client: persons a day. */
const quotas = new Map<string, number>();
/** Bodies the sources were sent, newest last. */
const sent: { readonly query: string; readonly variables: Record<string, unknown> }[] = [];
let owner: ReturnType<typeof rawClient>;
let hub: Hub;

/** Everything is open but the ids of persons and individuals, which are pseudonyms of one agency and purpose. */
function decisionsFor(agency: string, purpose: string): Decisions {
  const transform = transformOf(pseudonymKey("m".repeat(32), { agency, purpose, period: "1" }));
  const pseudonym: Verdict = { effect: "transform", kind: "pseudonym" };
  const isPseudonym = (coordinate: string) => coordinate === "Person.id" || coordinate === "Individual.id";
  return {
    key: `${agency} ${purpose}`,
    hidden: new Set(),
    verdict: (coordinate) => (isPseudonym(coordinate) ? pseudonym : { effect: "allow" }),
    transform,
  };
}

const termsOf = (client: string, agency: string, purpose: string): Terms => ({
  rows: { regions: [["0", "A"]], programs: null, decileMax: 100 },
  get verification() {
    return { floor: 80, attemptsOnSubject: 5, attemptsOfClient: 100, persons: quotas.get(client) ?? null };
  },
  decisions: decisionsFor(agency, purpose),
  ...{ needsCase: false, needsOfficer: false, admits: () => true, documents: "open", isArmed: false, rejectsDenied: false },
  limits: null,
});

function policy(): Policy {
  const of = (client: string, agency: string, purpose: string) => ({
    ...{ number: `PKS-${client}`, purpose, needsOfficer: false },
    versions: [
      {
        ...{ version: 1, state: "active" as const, validFrom: 0, validTo: Date.now() + 1e9, suspendsAt: null, windows: null },
        terms: termsOf(client, agency, purpose),
      },
    ],
  });
  const agreements = AGREEMENTS.map(([client, agency, purpose]) => [agency, of(client, agency, purpose)] as const);
  return {
    ...{ epoch: 1, officers: new Map(), restricted: new Set<string>() },
    clients: new Map(AGREEMENTS.map(([client, agency]) => [client, { agency, isActive: true }])),
    agreementsOf: new Map(
      AGREEMENTS.map(([, agency]) => agency).map((name) => [
        name,
        agreements.filter(([agency]) => agency === name).map(([, one]) => one),
      ]),
    ),
  };
}

const person = (id: unknown) => (PEOPLE.includes(String(id)) ? { id, fullName: `Name of ${PEOPLE.indexOf(String(id))}` } : null);
const sources: Transport = {
  async send({ body }) {
    const question = { variables: {}, ...JSON.parse(body) } as (typeof sent)[number];
    sent.push(question);
    const { id, into, input } = question.variables as { id?: string; into?: string; input?: { into: string } };
    if (question.query.includes("persons")) return { data: { persons: { nodes: [SITI, BUDI, ANI].map(person) } } };
    if (question.query.includes("mergeIndividuals")) return { data: { mergeIndividuals: { id: input?.into ?? into } } };
    if (question.query.includes("personByNik"))
      return { data: { personByNik: question.variables["nik"] === NIK ? person(SITI) : null } };
    const keys = ["person", ...[...question.query.matchAll(/(\w+): ?person\(/g)].map(([, key]) => key)];
    return { data: Object.fromEntries(keys.map((key) => [key, person(id)])) };
  },
  close: async () => {},
};

beforeAll(async () => {
  owner = rawClient(databases.urls.governance.owner, { max: 2 });
  for (const [client, agency, purpose] of AGREEMENTS) {
    await owner`insert into governance.agency (code, name, dpo_contact) values (${agency}, 'x', 'x') on conflict do nothing`;
    await owner`insert into governance.purpose (code, name, legal_basis, citation) values (${purpose}, 'x', 'PUBLIC_TASK', 'x')`;
    await owner`insert into governance.agreement (number, title, consumer_agency, purpose_code)
      values (${`PKS-${client}`}, 'x', ${agency}, ${purpose})`;
  }
  const { supergraph } = createSupergraphRuntime({
    supergraphSdl: readFileSync("schema/supergraph.graphql", "utf8"),
    transport: sources,
  });
  const log = { warn: () => {}, error: () => {}, info: () => {} };
  const rows = [{ line: 1, row: "a", status: "MATCHED", person: RINA }];
  hub = {
    verify: async (authorization) => ({ clientId: authorization ?? "", subject: authorization ?? "" }),
    grants: {
      current: policy,
      isCurrent: true,
      uncompiled: [],
      document: async () => null,
      documentIds: async () => [],
      reached: async () => {},
      close: async () => {},
    },
    ...{ supergraph, sources, isSandbox: false, alarms: createAlarms(), ownDocuments: null },
    rates: createRates({ burst: 1000, windowSeconds: 60, concurrent: 100, personsToday: () => 0 }),
    streams: {
      open: async () =>
        (async function* () {
          yield rows;
        })(),
      close: async () => {},
    },
    record: await openRecord({
      ...{
        databaseUrl: databases.urls.record,
        recordKeys: new Map([[yearInWib(new Date()), recordKey]]),
        catalogue: supergraph,
        log,
      },
      ...{ confirm: () => {}, reached: async () => {}, isStopped: () => false },
    }),
  };
});
afterAll(async () => {
  await hub?.record.close();
  await owner?.end();
});

const incoming = (client: string, body: object): Incoming => ({
  ...{ requestId: "same", receiptId: randomUUID(), method: "POST", url: "/graphql", address: "10.0.0.1" },
  headers: {
    ...{ authorization: client, "hub-agreement": `PKS-${client}`, "content-type": "application/json" },
    accept: "application/graphql-response+json",
  },
  ...{ body: JSON.stringify(body), deadline: performance.now() + 5000, signal: new AbortController().signal },
});

interface Told {
  readonly status: number;
  readonly data: any;
  readonly errors: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
  readonly receipt: string;
  /** All of the answer but its receipt. */
  readonly text: string;
}
async function ask(client: string, query: string, variables: object = {}): Promise<Told> {
  const { status, body } = await answer(incoming(client, { query, variables }), hub);
  const { data, errors = [], extensions } = JSON.parse(body);
  const receipt = extensions?.governance?.receipt;
  const text = receipt ? body.replaceAll(receipt.id, "").replaceAll(receipt.leaf, "") : body;
  return { status, data, errors, receipt: receipt?.id ?? "", text };
}
const LIST = "{ persons(first: 3) { nodes { id fullName } } }";
const BACK = "query ($id: ID!) { person(id: $id) { id fullName } }";
const listed = async (client: string): Promise<string[]> =>
  (await ask(client, LIST)).data.persons.nodes.map((node: { id: string }) => node.id);
const issued = async (agency: string): Promise<string[]> =>
  (await owner`select subject from governance.issued_pseudonym where agency_code = ${agency} order by subject`).map(
    ({ subject }) => subject,
  );

test("an agency asks back whom it was shown, and the record says who that was", async () => {
  const [siti = "", budi = ""] = await listed("dinsos");
  expect(siti).toMatch(/^[\w-]{22}$/);
  const { data, receipt } = await ask("dinsos", BACK, { id: siti });
  expect(data).toEqual({ person: { id: siti, fullName: "Name of 0" } });
  expect(sent.at(-1)?.variables).toEqual({ id: SITI });
  const [entry] = await owner`select subjects, body from governance.entry where request_id = ${receipt}`;
  expect(entry?.["subjects"]).toEqual(tagsOf([SITI], subjectKey(recordKey)));
  expect(entry?.["body"]).not.toContain(SITI);
  expect((await ask("dinsos", BACK, { id: budi })).data.person.fullName).toBe("Name of 1");
  expect(await issued("DINSOS")).toEqual([SITI, BUDI, ANI].sort());
});

test("who was not shown does not exist: another agency's pseudonym, another purpose's, a plain id and a made-up one answer alike", async () => {
  const [siti = ""] = await listed("dinsos");
  const [theirs = ""] = await listed("bpk");
  const reference = await ask("dinsos", BACK, { id: "AAAAAAAAAAAAAAAAAAAAAA" });
  expect([reference.status, reference.data, reference.errors]).toEqual([200, { person: null }, []]);
  const never = transformOf(pseudonymKey("m".repeat(32), { agency: "DINSOS", purpose: "REGIONAL_WELFARE", period: "1" }))(
    "pseudonym",
    RINA,
  );
  const variant = `${siti.slice(0, -1)}${String.fromCharCode(siti.charCodeAt(21) + 1)}`; // the same sixteen bytes, written otherwise
  for (const id of [theirs, SITI, SITI.toUpperCase(), randomUUID(), never, variant, "", "x".repeat(5000), `${siti}=`]) {
    const told = await ask("dinsos", BACK, { id });
    expect([id, told.status, told.text]).toEqual([id, 200, reference.text]);
    expect(PEOPLE, "no source is asked for somebody either").not.toContain(sent.at(-1)?.variables["id"]);
    expect(sent.at(-1)?.variables["id"]).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  }
  expect((await ask("bpk", BACK, { id: siti })).data).toEqual({ person: null });
  expect((await ask("bpk-planning", BACK, { id: theirs })).data, "the same agency for another purpose").toEqual({ person: null });
});

test("T27: two agencies that were shown the same persons have no pseudonym in common", async () => {
  const [one, other, planning] = [await listed("dinsos"), await listed("bpk"), await listed("bpk-planning")];
  expect(new Set([...one, ...other, ...planning]).size).toBe(9);
  expect(await listed("dinsos")).toEqual(one);
});

test("a person whose id was not among what was shown cannot be asked back", async () => {
  await ask("kemdik", "{ persons(first: 3) { nodes { fullName } } }");
  expect(await issued("KEMDIK")).toEqual([]);
  const [siti = ""] = await listed("kemdik");
  expect(await issued("KEMDIK")).toEqual([SITI, BUDI, ANI].sort());
  const quiet = "query ($id: ID!) { person(id: $id) { fullName } }";
  expect((await ask("kemdik", quiet, { id: siti })).data, "shown before is enough").toEqual({
    person: { fullName: "Name of 0" },
  });
});

test("a table that is given out issues the pseudonyms in it, page by page", async () => {
  const fetching = {
    ...{ operation: "R", document: "query R($id: ID!) { matchJob(id: $id) { results { nodes { line person { id } } } } }" },
    ...{ variables: { id: randomUUID() }, stream: "matchResults", head: {}, subject: { column: "person", type: "Person" } },
    columns: [
      { name: "line", needs: ["MatchResult.line"] },
      { name: "person", needs: ["MatchResult.person", "Person.id"] },
    ],
  };
  const told = await download(incoming("dinsos", {}), fetching, { ...hub, seated: () => {} });
  if (!("pieces" in told)) throw new Error(told.body);
  const pieces: string[] = [];
  for await (const piece of told.pieces) pieces.push(String(piece));
  const rina = /1,([\w-]{22})/.exec(pieces.join(""))?.[1] ?? "";
  expect((await ask("dinsos", BACK, { id: rina })).data.person).toEqual({ id: rina, fullName: "Name of 3" });
});

test("an answer over its quota is told nobody's pseudonym, so it issues none", async () => {
  quotas.set("bps", 2);
  const { status, errors, data } = await ask("bps", LIST);
  expect([status, errors[0]?.extensions.code, data]).toEqual([429, "QUOTA_EXCEEDED", undefined]);
  expect(await issued("BPS")).toEqual([]);
  quotas.set("bps", 3);
  const [siti = ""] = await listed("bps");
  expect(await issued("BPS")).toEqual([SITI, BUDI, ANI].sort());
  const [counter] = await owner`select used from governance.quota_counter
    where agreement_number = 'PKS-bps' and day = ${dayInWib(new Date())}`;
  expect(counter?.["used"]).toBe(3);
  expect((await ask("bps", BACK, { id: siti })).status, "whom it was told about today is free").toBe(200);
  expect((await ask("bps", BACK, { id: randomUUID() })).status, "a try at somebody else is not").toBe(429);
});

test("whoever is found by a NIK counts once, and a NIK that nobody has counts as somebody", async () => {
  quotas.set("bpjs", 2);
  const query = "query ($nik: String!) { personByNik(nik: $nik) { fullName } }";
  const used = async () =>
    (await owner`select used from governance.quota_counter where agreement_number = 'PKS-bpjs'`).map((row) => row["used"]);
  for (const [nik, status, count] of [
    [NIK, 200, 1],
    [NIK, 200, 1],
    ["3510165204889002", 200, 2],
    ["3510165204889003", 429, 2],
    [NIK, 200, 2],
  ] as const) {
    const told = await ask("bpjs", query, { nik });
    expect([nik, told.status, await used()]).toEqual([nik, status, [count]]);
  }
});

test("a pseudonym comes in a variable of its own: not in the document, not as a default, nowhere else besides", async () => {
  const [siti = ""] = await listed("dinsos");
  for (const [query, variables] of [
    [`{ person(id: "${siti}") { id } }`, {}],
    [`query ($id: ID! = "${siti}") { person(id: $id) { id } }`, {}],
    ["query ($id: ID!) { person(id: $id) { id } household(id: $id) { id } }", { id: siti }],
    [`query { ...F } fragment F on Query { person(id: "${siti}") { id } }`, {}],
    [`mutation { mergeIndividuals(input: { into: "${siti}", merged: "${siti}", reason: "one person" }) { id } }`, {}],
  ] as const) {
    const told = await ask("dinsos", query, variables);
    const code = query.startsWith("mutation") ? "GRAPHQL_VALIDATION_FAILED" : "BAD_USER_INPUT"; // input fields: of every agreement
    expect([query, told.status, told.errors[0]?.extensions.code]).toEqual([query, 400, code]);
    expect(told.errors[0]?.message).toMatch(/variable/i);
    expect(told.text).not.toContain(SITI);
  }
  const twice = "query ($id: ID!) { a: person(id: $id) { id } b: person(id: $id) { fullName } }";
  expect((await ask("dinsos", twice, { id: siti })).data.a, "twice as a pseudonym is as good as once").toEqual({ id: siti });
});

test("pseudonyms inside input objects are read as well, whole or field by field", async () => {
  const individual = randomUUID();
  const known = transformOf(pseudonymKey("m".repeat(32), { agency: "DINSOS", purpose: "REGIONAL_WELFARE", period: "1" }))(
    "pseudonym",
    individual,
  );
  await owner`insert into governance.issued_pseudonym (agency_code, purpose_code, pseudonym, subject)
    values ('DINSOS', 'REGIONAL_WELFARE', ${Buffer.from(String(known), "base64url")}, ${individual})`;
  const whole = "mutation ($input: MergeIndividualsInput!) { mergeIndividuals(input: $input) { id } }";
  const apart = `mutation ($into: ID!, $merged: ID!) {
    mergeIndividuals(input: { into: $into, merged: $merged, reason: "one person" }) { id } }`;
  const pair = { into: known, merged: individual };
  for (const [query, variables] of [
    [whole, { input: { ...pair, reason: "one person" } }],
    [apart, pair],
  ] as const) {
    const { data } = await ask("dinsos", query, variables);
    expect(data).toEqual({ mergeIndividuals: { id: known } });
    const told = JSON.stringify(sent.at(-1)?.variables);
    expect(told, "the one that was issued").toContain(`"into":"${individual}"`);
    expect(told, "the plain one stands for nobody").not.toContain(`"merged":"${individual}"`);
  }
});

test("without the database of the record nobody is asked back, as an outage", async () => {
  const [siti = ""] = await listed("dinsos");
  await owner.begin(async (tx) => {
    await tx`lock table governance.issued_pseudonym in access exclusive mode`;
    const told = await ask("dinsos", BACK, { id: siti });
    expect([told.status, told.errors[0]?.extensions.code]).toEqual([503, "AUDIT_UNAVAILABLE"]);
  });
  await expect.poll(async () => (await ask("dinsos", BACK, { id: siti })).status).toBe(200);
});
