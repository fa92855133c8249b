import { createHash, createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { devClients, type Issuer, startIssuer } from "../../../cli/run/issuer.ts";
import { rawClient } from "../../../drizzle/client.ts";
import { variablesKey } from "../../../gateway/audit/keys.ts";
import { type Gateway, startGateway } from "../../../gateway/main.ts";
import { readConfig } from "../../../gateway/runtime/config.ts";
import type { AnswerReceipt } from "../../../gateway/types/chain.ts";
import type { SourceAnswer, SourceCall } from "../../../gateway/types/sources.ts";
import { sha256Hex } from "../../../schema/policy/content.ts";
import { subjectKey, tagsOf } from "../../../schema/record/tags.ts";
import { yearInWib } from "../../../schema/record/yearKeys.ts";
import { audit } from "../../kit/audit.ts";
import { useDatabases, withoutTriggers } from "../../kit/database.ts";
import { layWire, type Wire } from "../../kit/machines/wire.ts";
import { renew, renewGranting, resume, suspend } from "../../kit/policy.ts";

// The access record, on real PostgreSQL. The sources are stand-ins: what they say is not the point here, when it leaves is.

const databases = useDatabases();
const folder = mkdtempSync(join(tmpdir(), "hub-record-"));
const recordKey = "r".repeat(32);
const PERSON = "852f8a99-3067-4f3d-8b9e-ee0886197c96";
let wire: Wire;
let policyWire: Wire;
let issuer: Issuer;
let gateway: Gateway;
let owner: ReturnType<typeof rawClient>;
let arrive: (call: Pick<SourceCall, "body">) => Promise<SourceAnswer>;
/** From now on the source is asked and does not answer until it is told to. */
function holdSource(): { readonly asked: Promise<void>; release(): void } {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const asked = new Promise<void>((resolve) => {
    arrive = async (call) => {
      resolve();
      await held;
      return atOnce(call);
    };
  });
  return { asked, release: () => release() };
}
/** As population would: with the flags that decide over her row, of which she has none. */
const atOnce = async ({ body }: Pick<SourceCall, "body">): Promise<SourceAnswer> => {
  const flags = /(\w+): ?subjectFlags/.exec(body)?.[1] ?? "subjectFlags";
  return { data: { person: { id: PERSON, fullName: "Siti Aminah", [flags]: [] } } };
};

beforeAll(async () => {
  arrive = atOnce;
  [wire, policyWire] = [await layWire(databases.urls.gateway), await layWire(databases.urls.gateway)];
  issuer = await startIssuer({ port: 0, clients: devClients(), dataDir: folder });
  owner = rawClient(databases.urls.governance.owner, { max: 2 });
  gateway = await startGateway(
    readConfig({
      HUB_ENV: "dev",
      HUB_PORT: "0",
      HUB_LOG_LEVEL: "silent",
      HUB_OIDC_ISSUER: issuer.url,
      HUB_RECORD_KEYS: `${yearInWib(new Date())}:${recordKey}`,
      HUB_DATABASE_URL_GATEWAY: policyWire.url(databases.urls.gateway),
      HUB_DATABASE_URL_RECORD: wire.url(databases.urls.record),
    }),
    { sources: () => ({ send: (call) => arrive(call), close: async () => {} }) },
  );
});
afterAll(async () => {
  await gateway?.close();
  await issuer?.close();
  await owner?.end();
  await Promise.all([wire?.close(), policyWire?.close()]);
  rmSync(folder, { recursive: true, force: true });
});

interface Told {
  readonly status: number;
  readonly text: string;
  readonly code: string | undefined;
  readonly receipt: AnswerReceipt | undefined;
  readonly retryAfter: string | null;
}
const QUESTION = `query Card { person(id: "${PERSON}") { id fullName nik } }`;
async function ask(query = QUESTION, headers: Record<string, string> = {}, variables?: object): Promise<Told> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${await issuer.token("kemensos")}`, ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const { errors, extensions } = JSON.parse(text);
  const code = errors?.[0]?.extensions.code;
  return {
    status: response.status,
    text,
    code,
    receipt: extensions?.governance?.receipt,
    retryAfter: response.headers.get("retry-after"),
  };
}
/** Entries but for those that announce a question. */
const count = async (): Promise<number> =>
  Number((await owner`select count(*) from governance.entry where body::json ->> 'status' <> 'INTENDED'`)[0]?.["count"]);
const untilWell = () => expect.poll(async () => (await ask()).status, { timeout: 10_000, interval: 100 }).toBe(200);

audit("R1", "MUST put every answer on record, once, with the leaf its receipt names", async () => {
  const before = await count();
  const told = await ask();
  expect([told.status, told.text.includes("Siti Aminah")]).toEqual([200, true]);
  const rows = await owner`
    select encode(leaf, 'hex') as leaf, leaf = sha256('\\000'::bytea || convert_to(body, 'UTF8')) as is_right, body, client, agreement, subjects
    from governance.entry where request_id = ${told.receipt?.id ?? ""}`;
  expect(await count()).toBe(before + 1);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ leaf: told.receipt?.leaf, is_right: true, client: "kemensos", agreement: "PKS-2025-001" });
  expect(JSON.parse(rows[0]?.["body"])).toMatchObject({
    status: "ANSWERED",
    operation: { name: null },
    subjects: 1,
    shown: expect.arrayContaining(["Person.fullName"]),
  });
  expect(rows[0]?.["subjects"]).toEqual(tagsOf([PERSON], subjectKey(recordKey)));
});

audit(
  "R14",
  "MUST announce every question before its answer leaves, in an entry of its own that the answer's entry names",
  async () => {
    const { receipt } = await ask(QUESTION, { "x-request-id": "announced" });
    const rows = await owner`
    select request_id as id, body, encode(leaf, 'hex') as leaf from governance.entry where body::json ->> 'requestId' = 'announced'
    order by body::json ->> 'status' desc`;
    const [intent, outcome, ...more] = rows.map(({ body }) => JSON.parse(body));
    expect([intent.status, outcome.status, more]).toEqual(["INTENDED", "ANSWERED", []]);
    expect(intent).toMatchObject({
      asked: expect.arrayContaining(["Person.fullName"]),
      client: "kemensos",
      subjectTypes: { lookup: 1 },
    });
    expect([outcome.intent, outcome.receipt]).toEqual([rows[0]?.["id"], receipt?.id]);
  },
);

audit("R15", "MUST say in the receipt how much the answer tells, as its entry does", async () => {
  const { receipt } = await ask();
  const [row] = await owner`select body, subjects from governance.entry where request_id = ${receipt?.id ?? ""}`;
  const entry = JSON.parse(row?.["body"]);
  expect(receipt).toEqual({
    ...{ id: entry.receipt, leaf: receipt?.leaf, agreement: entry.agreement, version: entry.version, subjects: entry.subjects },
    ...{ shown: entry.shown.length, masked: entry.masked.length },
  });
  expect([entry.v, entry.subjectTypes]).toEqual([2, { Person: 1 }]);
  expect(entry.tagsHash).toBe(createHash("sha256").update(row?.["subjects"]).digest("hex"));
});

audit("R2", "MUST be durable before the first byte leaves", async () => {
  let isAnswered = false;
  const asking = await owner.begin(async (tx) => {
    await tx`lock table governance.entry in access exclusive mode`;
    const told = ask().finally(() => {
      isAnswered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(isAnswered).toBe(false);
    return { told };
  });
  expect((await asking.told).status).toBe(200);
});

audit(
  "R3",
  "MUST NOT let data out when the record does not take it, MUST say so within two seconds, and MUST recover by itself",
  async () => {
    await owner.begin(async (tx) => {
      await tx`lock table governance.entry in access exclusive mode`;
      const began = performance.now();
      const told = await Promise.all(Array.from({ length: 20 }, () => ask()));
      expect(performance.now() - began).toBeLessThan(2000);
      for (const { status, code, text, retryAfter } of told) {
        expect([status, code, retryAfter]).toEqual([503, "AUDIT_UNAVAILABLE", "1"]);
        expect(text).not.toMatch(/Siti|"data"/);
      }
    });
    await untilWell();
  },
);

audit("R4", "MUST put a refusal on record with all that is known of who was refused, and a stranger's not at all", async () => {
  const before = await count();
  await ask("{ nothingOfTheKind }", { "x-request-id": "refused-1" });
  const [row] = await owner`select body, agreement from governance.entry where body::json->>'requestId' = 'refused-1'`;
  expect(JSON.parse(row?.["body"])).toMatchObject({
    client: "kemensos",
    agreement: "PKS-2025-001",
    status: "GRAPHQL_VALIDATION_FAILED",
    shown: [],
  });
  await ask(QUESTION, { "hub-agreement": "PKS-404", "x-request-id": "refused-2" });
  const [unagreed] = await owner`select body, agreement from governance.entry where body::json->>'requestId' = 'refused-2'`;
  expect(JSON.parse(unagreed?.["body"])).toMatchObject({ client: "kemensos", agreement: null, status: "FORBIDDEN" });
  await ask(QUESTION, { authorization: "Bearer nobody" });
  await ask(QUESTION, { "content-type": "text/plain" });
  expect(await count()).toBe(before + 2);
});

audit("R5", "MUST NOT hold a value, a NIK or a credential", async () => {
  const nik = "3510012345679001";
  await ask(`query Of${nik} { personByNik(nik: "${nik}") { id } }`, { "hub-case": nik, "x-request-id": nik });
  await ask(`query Of${nik} { personByNik(nik: "${nik}") { id fullName } }`);
  const bodies = (await owner`select body, request_id from governance.entry`).map((row) => row["body"] + row["request_id"]);
  expect(bodies.length).toBeGreaterThan(3);
  for (const body of bodies) expect(body).not.toMatch(/\d{16}|Siti|Bearer|personByNik\(nik: /);
});

audit("R6", "MUST keep every receipt it has given, also when many ask at once and connections break in between", async () => {
  const rounds = Array.from({ length: 6 }, async (_, round) => {
    await new Promise((resolve) => setTimeout(resolve, 150 * round));
    if (round % 2 === 1)
      await owner`select pg_terminate_backend(pid) from pg_stat_activity where usename in ('hub_gateway', 'hub_record') and datname = current_database()`.catch(
        () => {},
      );
    return Promise.all(Array.from({ length: 32 }, () => ask()));
  });
  const told = (await Promise.all(rounds)).flat();
  const leaves = told.flatMap(({ receipt }) => receipt?.leaf ?? []);
  expect(leaves.length).toBeGreaterThan(32);
  expect(told.filter(({ text, receipt }) => text.includes("Siti") && !receipt)).toEqual([]);
  const [found] = await owner`select count(*)::int as n from governance.entry where encode(leaf, 'hex') = any(${leaves}::text[])`;
  expect(found?.["n"]).toBe(new Set(leaves).size);
  await untilWell();
});

audit("R7", "MUST NOT show data that was revoked while a source was still working", async () => {
  const source = holdSource();
  const asking = ask(QUESTION, { "x-request-id": "overtaken" });
  await source.asked;
  await suspend(owner, "PKS-2025-001");
  await expect.poll(async () => (await ask("{ __typename }")).code).toBe("AGREEMENT_SUSPENDED");
  source.release();
  const { status, code, text } = await asking;
  expect([status, code]).toEqual([403, "AGREEMENT_SUSPENDED"]);
  expect(text).not.toContain("Siti");
  const rows = await owner`select body from governance.entry where body::json->>'requestId' = 'overtaken' order by id`;
  expect(rows.map((row) => JSON.parse(row["body"]).status)).toEqual(["INTENDED", "ANSWERED", "AGREEMENT_SUSPENDED"]); // meant to leave, then withheld
  arrive = atOnce;
  await resume(owner, "PKS-2025-001");
  await untilWell();
});

audit(
  "R16",
  "MUST NOT show data that was revoked before its answer was on record, though the gateway has not heard of it",
  async () => {
    const source = holdSource();
    const asking = ask(QUESTION, { "x-request-id": "unheard" });
    await source.asked;
    policyWire.hang(); // its lease still holds for a second
    await suspend(owner, "PKS-2025-001");
    source.release();
    const { status, code, text } = await asking;
    expect([status, code]).toEqual([503, "POLICY_UNAVAILABLE"]);
    expect(text).not.toContain("Siti");
    policyWire.mend();
    await resume(owner, "PKS-2025-001");
    arrive = atOnce;
    await untilWell();
  },
);

audit(
  "R20",
  "MUST NOT show a person whose data were restricted after the answer was masked, and closes them from then on",
  async () => {
    const source = holdSource();
    const asking = ask(QUESTION);
    await source.asked;
    const change = (statement: string) => withoutTriggers(databases.urls.governance.owner, (admin) => admin.unsafe(statement));
    await change(`insert into governance.restriction (id, person_id, request_id, imposed_at)
    values (gen_random_uuid(), '${PERSON}', gen_random_uuid(), now())`);
    source.release();
    const { status, code, text } = await asking;
    expect([status, code, text.includes("Siti")]).toEqual([503, "POLICY_UNAVAILABLE", false]);
    arrive = atOnce;
    const later = await ask();
    expect([later.status, later.text.includes("Siti")]).toEqual([200, false]);
    await change("delete from governance.restriction");
    await expect.poll(async () => (await ask()).text.includes("Siti")).toBe(true);
  },
);

audit(
  "R8",
  "MUST refuse everything within about a second of losing sight of policy, as an outage, and MUST recover by itself",
  async () => {
    for (const fault of ["cut", "hang"] as const) {
      wire[fault]();
      policyWire[fault]();
      await expect.poll(async () => (await ask()).code, { timeout: 3000 }).toBe("POLICY_UNAVAILABLE");
      const { status, retryAfter, text } = await ask();
      expect([status, retryAfter, text.includes("Siti")]).toEqual([503, "1", false]);
      const ready = await fetch(`${gateway.url}/ready`);
      expect([ready.status, ((await ready.json()) as { missing: string[] }).missing]).toEqual([
        503,
        expect.arrayContaining(["policy"]),
      ]);
      expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
      wire.mend();
      policyWire.mend();
      await untilWell();
    }
  },
);

audit("R9", "MUST close only the agreement whose policy it cannot understand", async () => {
  const [{ body } = {}] = await owner`select body from governance.decision_table where agreement_number = 'PKS-2025-002'`;
  const write = (text: string) =>
    owner`update governance.decision_table set body = ${text}, sha256 = ${sha256Hex(text)} where agreement_number = 'PKS-2025-002'`;
  const other = async () =>
    (await ask("{ __typename }", { authorization: `Bearer ${await issuer.token("bpjs-kesehatan")}` })).code;
  await write("not a table");
  await expect.poll(other).toBe("POLICY_UNAVAILABLE");
  expect((await ask()).status).toBe(200);
  await write(body);
  await expect.poll(other).toBeUndefined();
});

audit("R10", "MUST follow a change of grants within a second, without a restart", async () => {
  const governance = databases.urls.governance.owner;
  await renewGranting(governance, "PKS-2025-001", "Person.fullName", "deny");
  await expect.poll(async () => (await ask()).text.includes("Siti"), { timeout: 1000 }).toBe(false);
  expect((await ask()).code).toBe("FIELD_PROHIBITED");
  await owner`update governance.client set status = 'SUSPENDED' where id = 'kemensos'`;
  await expect.poll(async () => (await ask()).code, { timeout: 1000 }).toBe("FORBIDDEN");
  await owner`update governance.client set status = 'ACTIVE' where id = 'kemensos'`;
  await renew(
    governance,
    "PKS-2025-001",
    (tx, version) => tx`delete from governance.grant_row
      where agreement_number = 'PKS-2025-001' and version = ${version} and position = 999`,
  );
  await expect.poll(async () => (await ask()).text.includes("Siti"), { timeout: 1000 }).toBe(true);
});

audit("R12", "MUST give two answers two receipts, also when the client calls both by one name", async () => {
  const told = [await ask(QUESTION, { "x-request-id": "same" }), await ask(QUESTION, { "x-request-id": "same" })];
  expect(new Set(told.map(({ receipt }) => receipt?.id)).size).toBe(2);
  for (const { receipt } of told) {
    const [row] =
      await owner`select body, encode(leaf, 'hex') as leaf from governance.entry where request_id = ${receipt?.id ?? ""}`;
    expect(row?.["leaf"]).toBe(receipt?.leaf);
    expect(JSON.parse(row?.["body"])).toMatchObject({ requestId: "same", receipt: receipt?.id });
  }
});

audit("R13", "MUST say what was used and by which variables, and tag who was looked up though nobody was found", async () => {
  const nik = "3510012345679002";
  arrive = async () => ({ data: { personByNik: null } });
  const query = "query ($nik: String!) { personByNik(nik: $nik) { id } }";
  const { receipt, status } = await ask(query, {}, { nik });
  arrive = atOnce;
  expect(status).toBe(200);
  const [row] = await owner`select body, subjects from governance.entry where request_id = ${receipt?.id ?? ""}`;
  const key = variablesKey(recordKey);
  expect(JSON.parse(row?.["body"])).toMatchObject({
    used: ["Query.personByNik(nik:)"],
    variables: createHmac("sha256", key).update(JSON.stringify({ nik })).digest("hex"),
    subjects: 1,
  });
  expect(row?.["subjects"]).toEqual(tagsOf([`nik:${nik}`], subjectKey(recordKey)));
  expect(JSON.stringify(row)).not.toContain(nik);
});

audit("R11", "MUST finish and record what runs when it is told to stop", async () => {
  const source = holdSource();
  const asking = ask(QUESTION, { "x-request-id": "last" });
  await source.asked;
  const closing = gateway.close();
  await new Promise((resolve) => setTimeout(resolve, 100));
  source.release();
  expect((await asking).status).toBe(200);
  const answeredAt = performance.now();
  await closing;
  expect(performance.now() - answeredAt).toBeLessThan(2000); // nobody waits for connections that are only kept open
  expect(await owner`select 1 from governance.entry where body::json->>'requestId' = 'last'`).toHaveLength(2);
  await expect(fetch(`${gateway.url}/health`)).rejects.toThrow();
});
