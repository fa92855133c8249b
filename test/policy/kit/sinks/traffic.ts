import { asRole } from "../../../kit/database.ts";
import type { Hub } from "../../../kit/hub.ts";
import { ADDRESS, CARD_NUMBER, canary, canaryHome, INCOME } from "./kit.ts";

type Json = Record<string, unknown>;

/** One request as it goes over the wire. */
export interface Sent {
  readonly path?: string;
  readonly method?: "GET" | "POST" | "DELETE";
  readonly client?: string;
  /** Who has signed in at the citizens' portal. */
  readonly person?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** As it is, or the GraphQL of it. */
  readonly body?: string;
  readonly query?: string;
  readonly variables?: Json;
}

const { nik, fullName, birthDate, birthPlace, motherName } = canary;
const [first = "", last = ""] = fullName.split(" ");
const apart = nik.replace(/(\d{4})(?=\d)/g, "$1-");

const WHOLE = `id nik fullName birthDate birthPlace address familyCard { familyCardNumber } region { name }
  enrolments { payments(latest: 3) { amount } } registryMembers { claimedName claimedNik household { id address monthlyIncome } }`;
const BY_NIK = `query ($nik: String!) { personByNik(nik: $nik) { ${WHOLE} } }`;
const BY_ID = `query ($id: ID!) { person(id: $id) { ${WHOLE} } }`;
const HOUSEHOLD =
  "query ($id: ID!) { household(id: $id) { address monthlyIncome members { claimedName person { fullName nik } } } }";
const VERIFY =
  "query ($input: VerifyIdentityInput!) { verifyIdentity(input: $input) { status reasons elements { element result } } }";
const CLAIM = { nik, fullName, birthDate, birthPlace, motherName, familyCardNumber: CARD_NUMBER, address: ADDRESS };

/** Questions whose answers hold the canary. */
export const ANSWERED: readonly Sent[] = [
  { query: BY_NIK, variables: { nik } },
  { query: BY_ID, variables: { id: canary.id } },
  { query: HOUSEHOLD, variables: { id: canaryHome.id } },
  { query: `{ personByNik(nik: "${nik}") { fullName enrolments { payments(latest: 1) { amount } } } }` },
];

/** Questions that are answered without a value of it: verified, masked, denied, not found. */
export const TOLD_LESS: readonly Sent[] = [
  { query: VERIFY, variables: { input: CLAIM } },
  { query: VERIFY, variables: { input: { ...CLAIM, fullName: `${last} ${first}`, motherName: first } } },
  { query: VERIFY, variables: { input: { ...CLAIM, nik: `${nik.slice(0, 15)}9` } }, client: "kemendikdasmen" },
  { query: BY_NIK, variables: { nik }, client: "bpjs-kesehatan" },
  { query: BY_NIK, variables: { nik }, client: "dinsos-banyuwangi" },
  { query: BY_NIK, variables: { nik }, client: "bappenas" },
  { path: "/plan", query: BY_NIK, variables: { nik } },
  { query: "query ($nik: String!) { personByNik(nik: $nik) { motherName } }", variables: { nik } },
  { query: `{ households(first: 5, filter: { incomeAtMost: "${INCOME}" }) { nodes { id } } }`, client: "dinsos-banyuwangi" },
  {
    query: `query ($n: Rupiah!) { households(first: 1, filter: { incomeAtMost: $n }) { nodes { region { name } } } }`,
    variables: { n: `${INCOME}` },
  },
  {
    query: `{ persons(first: 1, filter: { bornFrom: "${birthDate}", bornTo: "${birthDate}" }) { nodes { sex } } }`,
    client: "bpjs-kesehatan",
  },
];

const wrong = (query: string, variables?: Json): Sent => ({ query, ...(variables && { variables }) });

/** Questions nobody can answer, each with the canary where it must not be repeated. */
export const BROKEN: readonly Sent[] = [
  wrong(BY_NIK, { nik: Number(nik.slice(0, 15)) }),
  wrong(BY_NIK, { nik: { first, last, nik } }),
  wrong(BY_NIK, { nik: [fullName] }),
  wrong(BY_NIK, { nik: apart }),
  wrong(BY_NIK, { nik: `${nik}1` }),
  wrong(BY_NIK, { nik: fullName }),
  { path: "/plan", query: BY_NIK, variables: { nik: fullName } },
  wrong(BY_NIK, {}),
  wrong(BY_ID, { id: nik }),
  wrong(BY_ID, { id: fullName }),
  wrong(BY_ID, { id: [fullName] }),
  wrong(VERIFY, { input: { ...CLAIM, birthDate: `${birthDate}T${first}` } }),
  wrong(VERIFY, { input: { ...CLAIM, sex: fullName } }),
  wrong(VERIFY, { input: { ...CLAIM, region: ADDRESS } }),
  wrong(VERIFY, { input: { ...CLAIM, threshold: nik } }),
  wrong(VERIFY, { input: { ...CLAIM, nik: null } }),
  wrong("query ($after: String) { persons(first: 1, after: $after) { nodes { id } } }", { after: fullName }),
  wrong("query ($after: String) { persons(first: 1, after: $after) { nodes { id } } }", {
    after: Buffer.from(nik).toString("base64"),
  }),
  wrong(`query ($first: Int) { persons(first: $first) { nodes { id } } }`, { first: fullName }),
  wrong(`{ households(first: 1, filter: { incomeAtMost: "${fullName}" }) { nodes { id } } }`),
  wrong(`{ households(first: 1, filter: { region: "${ADDRESS}" }) { nodes { id } } }`),
  wrong(`{ persons(first: 1, filter: { sex: "${fullName}" }) { nodes { id } } }`),
  wrong(`{ persons(first: "${nik}") { nodes { id } } }`),
  wrong(`{ personByNik(nik: ${nik}) { id } }`),
  wrong(`{ personByNik(nik: "${nik}) { id } }`),
  wrong(`{ personByNik(nik: "${fullName}" ${nik}) { id } }`),
  wrong(`{ personByNik(nik: "x" "${fullName}") { id } }`),
  wrong(`{ personByNik(nik: "x" """${fullName}""") { id } }`),
  wrong(`{ personByNik(nik: { a: "${fullName}" }) { id } }`),
  wrong(`{ persons(first: "${fullName}") { nodes { id } } }`),
  wrong(`query ($first: Int = "${fullName}") { persons(first: $first) { nodes { id } } }`),
  wrong(`# ${fullName} ${nik}\n{ nothing }`),
  wrong(`{ personByNik(nik: "${nik}") { unknownField } }`),
  wrong(`query Q($x: String = "${fullName}") { personByNik(nik: $x) { id } }`),
  { body: JSON.stringify({ query: BY_NIK, variables: `${fullName} ${nik}` }) },
  { body: `{"query": "${nik} ${fullName}` },
  { body: JSON.stringify([{ query: BY_NIK, variables: { nik } }]) },
  { body: JSON.stringify({ query: BY_NIK, variables: { nik }, extensions: { jwt: fullName, persistedQuery: nik } }) },
  { body: JSON.stringify({ documentId: nik, variables: { nik } }) },
  { body: JSON.stringify({ query: BY_NIK, operationName: { nik }, variables: { nik } }) },
  { body: `${fullName} ${nik} `.repeat(100_000) },
  { body: fullName, headers: { "content-type": `text/${first}` } },
  { body: JSON.stringify({ query: BY_NIK, variables: { nik } }), headers: { accept: `application/${first}` } },
  { query: BY_NIK, variables: { nik }, headers: { "hub-agreement": nik } },
  { query: BY_NIK, variables: { nik }, headers: { "hub-agreement": fullName } },
  { query: BY_NIK, variables: { nik }, headers: { "hub-case": nik }, client: "bpk" },
  { query: BY_NIK, variables: { nik }, headers: { "x-request-id": nik } },
  { query: BY_NIK, variables: { nik }, headers: { "x-request-id": apart } },
  { query: BY_NIK, variables: { nik }, headers: { "accept-language": fullName, "user-agent": `${nik} ${fullName}` } },
  { query: BY_NIK, variables: { nik }, headers: { authorization: `Bearer ${fullName}.${nik}.x` } },
  { query: BY_NIK, variables: { nik }, headers: { authorization: `Bearer ${unsigned({ sub: fullName, client_id: nik })}` } },
  {
    method: "GET",
    path: `/graphql?query=${encodeURIComponent(BY_NIK)}&variables=${encodeURIComponent(JSON.stringify({ nik }))}`,
  },
  { method: "GET", path: `/graphql/${nik}?variables=${encodeURIComponent(JSON.stringify({ fullName }))}` },
  { method: "GET", path: `/${encodeURIComponent(fullName)}/${nik}` },
  { method: "GET", path: `/graphql/%${first}` },
  { method: "GET", path: `/schema.graphql?nik=${nik}` },
  { method: "GET", path: `/matching/jobs/${nik}` },
  { method: "GET", path: `/matching/jobs/${encodeURIComponent(fullName)}/results.csv?after=${nik}` },
  { method: "DELETE", path: `/matching/jobs/${nik}` },
];

function unsigned(claims: Json): string {
  const part = (value: Json) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none", typ: "at+jwt" })}.${part(claims)}.`;
}

const asSteward = (query: string, variables: Json = {}, client = "steward.kemensos"): Sent => ({ query, variables, client });
const breach = (title: string) => ({
  ...{ title, isDrill: true, from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z", coordinates: ["Person.fullName"] },
  ...{ detectedAt: new Date().toISOString(), description: `Kejadian: ${title}`, handling: "Akses ditutup" },
});
const SAID = `${nik} dan ${apart}`;

/** Acts of stewards who mistake a field of a form for a place to write down who it is about. */
export const MISTAKES: readonly Sent[] = [
  asSteward("mutation ($input: CreateAgreementInput!) { createAgreement(input: $input) { number } }", {
    input: { number: nik, title: `Perjanjian ${SAID}`, consumer: "KEMENSOS", purpose: "PROGRAM_ADMINISTRATION", dpiaId: nik },
  }),
  asSteward("mutation ($a: ID!, $r: String!) { revokeVersion(agreement: $a, version: 1, reason: $r) { state } }", {
    a: nik,
    r: SAID,
  }),
  asSteward('mutation ($r: String!) { withdrawVersion(agreement: "PKS-2025-001", version: 1, reason: $r) { state } }', {
    r: SAID,
  }),
  asSteward("mutation ($f: String!) { importVersion(file: $f) { number } }", {
    f: `{"content": {"author": "${SAID}", "title": "${fullName}"}}`,
  }),
  asSteward("mutation ($i: RequestAccessInput!) { requestAccess(input: $i) { id } }", {
    i: { coordinates: ["Person.fullName"], days: 30, justification: SAID, purpose: "PROGRAM_ADMINISTRATION", regions: [nik] },
  }),
  asSteward('mutation ($c: String!) { breakGlass(agreement: "PKS-2025-001", case: $c, reason: $c, version: 1) { id } }', {
    c: SAID,
  }),
  asSteward(
    'mutation ($p: [ID!]!, $c: String!) { reidentify(agreement: "PKS-2025-002", case: "1/2026", pseudonyms: $p, reason: $c) { subject } }',
    { p: [fullName], c: SAID },
    "dpo.dukcapil",
  ),
  asSteward("mutation ($p: ID!) { plantCanary(person: $p) { plantedAt } }", { p: nik }, "operator.hub"),
  asSteward("mutation ($p: ID!) { plantCanary(person: $p) { plantedAt } }", { p: fullName }, "operator.hub"),
  asSteward(
    "mutation ($n: ID!, $o: String!) { fulfilSubjectRequest(number: $n, outcome: $o) { number } }",
    { n: nik, o: SAID },
    "dpo.dukcapil",
  ),
  asSteward(
    'query ($d: String!, $v: String) { explainAccess(agreement: "PKS-2025-001", document: $d, variables: $v) { faults refusals } }',
    {
      d: `{ personByNik(nik: "${nik}") { fullName } }`,
      v: JSON.stringify({ fullName }),
    },
  ),
  asSteward(
    'query ($d: String!, $v: String) { explainAccess(agreement: "PKS-2025-001", document: $d, variables: $v) { faults } }',
    {
      d: `{ "${SAID}`,
      v: first,
    },
  ),
  asSteward(
    "mutation ($i: SealCaseInput!) { sealCase(input: $i) { id } }",
    { i: { case: nik, decision: SAID, disclosure: "SEALED", until: "2027-01-01T00:00:00Z" } },
    "dpo.kemensos",
  ),
  asSteward(
    "mutation ($i: RegisterRepresentationInput!) { registerRepresentation(input: $i) { id } }",
    { i: { basis: "PROXY", evidence: SAID, person: nik, representative: fullName, until: "2027-01-01T00:00:00Z" } },
    "dpo.dukcapil",
  ),
  asSteward(
    "mutation ($i: ImposeSanctionInput!) { imposeSanction(input: $i) { id } }",
    { i: { agency: "BPS", kind: "WARNING", reason: SAID, decision: nik } },
    "operator.hub",
  ),
  asSteward("mutation ($i: OpenBreachInput!) { openBreach(input: $i) { number } }", { i: breach(SAID) }, "dpo.hub"),
  asSteward("mutation ($i: OpenBreachInput!) { openBreach(input: $i) { number } }", { i: breach("Berkas tertukar") }, "dpo.hub"),
  asSteward("query ($s: String) { coordinates(first: 1, search: $s) { totalCount } }", { s: nik }),
];

const portal = (query: string, variables: Json = {}, person = canary.id): Sent => ({
  query,
  variables,
  person,
  client: "portal-warga",
});
const FILE = "mutation ($input: FileSubjectRequestInput!) { fileSubjectRequest(input: $input) { number state } }";

/** What the person does at the citizens' portal, and what goes wrong there. */
export const CITIZEN: readonly Sent[] = [
  portal(
    "{ dataSubject { fullName nik accesses(first: 5) { nodes { sentence { indonesian } } totalCount } subjectRequests { number } } }",
  ),
  portal(FILE, {
    input: { kind: "CORRECTION", coordinate: "Person.fullName", correction: fullName, statement: `Nama saya ${fullName}` },
  }),
  portal(FILE, { input: { kind: "ACCESS", statement: `NIK saya ${nik}` } }),
  portal(FILE, { input: { kind: fullName, statement: nik } }),
  portal(FILE, { input: { kind: "CORRECTION", coordinate: fullName, statement: ADDRESS } }),
  portal("query ($r: ID) { dataSubject(representing: $r) { fullName } }", { r: fullName }),
  portal("query ($r: ID) { dataSubject(representing: $r) { fullName } }", { r: canaryHome.id }),
  portal("mutation ($n: ID!) { cancelSubjectRequest(number: $n) { state } }", { n: nik }),
  portal("{ dataSubject { fullName motherName } represented { fullName } }"),
];

const HEADER = "baris,NIK,Nama,Tgl Lahir,Nama Ibu\n";
const ROW = `r1,${nik},${fullName},${birthDate},${motherName}\n`;
const csv = (body: string, query = "?source=DTKS&fileName=daftar.csv"): Sent => ({
  path: `/matching/jobs${query}`,
  body,
  headers: { "content-type": "text/csv" },
});

/** Files to be matched, good and not. */
export const UPLOADS: readonly Sent[] = [
  csv(`${HEADER}${ROW}r2,${nik.slice(0, 9)},${fullName},${birthDate},\nr3,"${fullName}\n`),
  csv(`${HEADER}${ROW}`, `?source=${nik}&fileName=daftar.csv`),
  csv(`${HEADER}${ROW}`, `?source=DTKS&fileName=${nik}.csv`),
  csv(`${HEADER}${ROW}`, `?source=DTKS&fileName=daftar.csv&mapping=${encodeURIComponent(`{"nik": "${fullName} ${nik}"}`)}`),
  csv(`${fullName},${nik},${birthDate}\n`),
  csv(`${nik}`.repeat(70_000)),
  csv("\u0000\uffff".repeat(10) + fullName),
  { ...csv(`${HEADER}${ROW}`), client: "kemendikdasmen" },
];

/** The person's own row of a file. */
export const ONE_ROW = csv(`${HEADER}${ROW}`);

/** What a subgraph that has gone mad says: by kind of madness, status and text. */
export const BABBLE: Readonly<Record<string, readonly [status: number, text: string]>> = {
  "is no JSON": [200, `<p>${fullName} ${nik}`],
  "is no GraphQL": [200, JSON.stringify([fullName, nik])],
  "ends too early": [200, `{"data": {"_entities": [{"claimedName": "${fullName}`],
  "tells its errors": [
    200,
    JSON.stringify({ errors: [{ message: `${fullName} ${nik}`, extensions: { code: fullName, detail: ADDRESS } }] }),
  ],
  "is of another type": [
    200,
    JSON.stringify({ data: { _entities: [{ __typename: "Person", registryMembers: fullName, id: nik }] } }),
  ],
  "is a number somewhere": [
    200,
    JSON.stringify({
      data: { household: { address: { [first]: last }, monthlyIncome: fullName, members: [{ claimedName: [nik] }] } },
    }),
  ],
  "is a failure": [500, JSON.stringify({ errors: [{ message: fullName }] })],
  "is a page": [502, `${fullName} ${ADDRESS}`],
};

/** While `work` runs, databases fail on the canary with a value in their words, and on what is written about it. */
export async function withLoudDatabases({ urls }: Hub, work: () => Promise<void>): Promise<void> {
  const told = ["full_name", "nik || 'x'", "mother_name"].map((column) => `(${column})::int > 0`).join(" and ");
  await asRole(urls.population.owner, (population) =>
    asRole(urls.governance.owner, async (governance) => {
      await population.unsafe(`create policy loud on person as restrictive for select using (id <> '${canary.id}' or ${told})`);
      await governance`alter table subject_request add constraint loud check (statement = '') not valid`;
      await work();
      await governance`alter table subject_request drop constraint loud`;
      await population`drop policy loud on person`;
    }),
  );
}

/** While `work` runs, the record takes no entry, and its database tells why. */
export const withoutRecord = ({ urls }: Hub, work: () => Promise<void>): Promise<void> =>
  asRole(urls.governance.owner, async (sql) => {
    await sql`alter table entry add constraint loud check (body = '') not valid`;
    await work();
    await sql`alter table entry drop constraint loud`;
  });
