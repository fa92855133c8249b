import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { devEnvelopeSecret } from "../../../schema/caller.ts";
import { leafOf } from "../../../schema/record/leaf.ts";
import { createSubgraph } from "../../../subgraphs/kit/serve/createSubgraph.ts";
import { createLog } from "../../../subgraphs/kit/serve/log.ts";
import type { Running } from "../../../subgraphs/kit/serve/serve.ts";
import { useHub } from "../../kit/hub.ts";
import { renewWith, resume, suspend } from "../../kit/policy.ts";
import { joinedBy } from "../runtime/joined.ts";

// Two domains with acts join the hub. What counts: nothing runs that is not on record, and nobody is left to guess whether it ran.

const domain = (act: string, result: string) => `
type Query { "Jumlah — how many acts were done." ${act}Count: Int @data(class: PUBLIC) }
type Mutation {
  "Tindakan — does it."
  ${act}("Nama — whom." name: String @guards(field: "${result}.name", use: FILTER)): ${result} @data(class: GENERAL)
}
"Hasil."
type ${result} {
  "Nama."
  name: String @data(class: GENERAL)
  "Rahasia."
  secret: String @data(class: SPECIFIC, topic: FINANCE)
}`;
const DOMAINS = { complaints: domain("fileComplaint", "Complaint"), appeals: domain("fileAppeal", "Appeal") };

/** What began and ended in the sources, in order. */
const acts: string[] = [];
/** Happens in the middle of an act. */
let meanwhile: () => Promise<unknown> = async () => undefined;

const act =
  (kind: string) =>
  async (_: unknown, { name }: { name: string | null }) => {
    acts.push(`${kind} ${name} begins`);
    await meanwhile();
    acts.push(`${kind} ${name} ends`);
    return { name, secret: "x" };
  };
const toys = Object.entries(DOMAINS).map(([name, typeDefs]) =>
  createSubgraph({
    name,
    typeDefs,
    loaders: () => ({}),
    resolvers: {
      Query: { [name === "appeals" ? "fileAppealCount" : "fileComplaintCount"]: () => acts.length },
      Mutation: name === "appeals" ? { fileAppeal: act("appeal") } : { fileComplaint: act("complaint") },
    },
  }),
);

const folder = mkdtempSync(join(tmpdir(), "hub-mutation-"));
writeFileSync(join(folder, "supergraph.graphql"), joinedBy(DOMAINS));

const running: Running[] = [];
const addresses: Record<string, string> = {
  HUB_SUPERGRAPH: join(folder, "supergraph.graphql"),
  HUB_SUBGRAPH_TIMEOUT_MS: "2500",
};
let owner: ReturnType<typeof rawClient>;
beforeAll(async () => {
  owner = rawClient(hub.urls.governance.owner, { max: 2 });
  for (const toy of toys) {
    const started = await toy.start({
      databaseUrl: "postgres://nobody@127.0.0.1:1/none",
      envelopeSecret: devEnvelopeSecret(toy.name),
      port: 0,
      log: createLog({ name: toy.name, level: "silent" }),
    });
    running.push(started);
    addresses[`HUB_SUBGRAPH_URL_${toy.name.toUpperCase()}`] = started.url;
  }
});
const hub = useHub(addresses, { renewed: ["PKS-2025-004"] });
afterEach(() => {
  acts.length = 0;
  meanwhile = async () => undefined;
});
afterAll(async () => {
  await owner.end();
  await Promise.all(running.map((one) => one.close()));
  rmSync(folder, { recursive: true, force: true });
});

const dinsos = hub.as("dinsos-banyuwangi", { language: "en" });
const FILE = "mutation File($name: String) { fileComplaint(name: $name) { name secret } }";
const NAME = "Siti Aminah";
const file = () => dinsos.ask(FILE, { name: NAME });
type Row = { readonly id: string; readonly leaf: string; readonly body: string; readonly entry: Record<string, any> };
const entriesSince = async (before: number): Promise<Row[]> => {
  const rows =
    await owner`select request_id as id, encode(leaf, 'hex') as leaf, body from entry where id > ${before} order by entry.id`;
  return rows.map(({ id, leaf, body }) => ({ id, leaf, body, entry: JSON.parse(body) }));
};
const lastEntry = async (): Promise<number> => Number((await owner`select coalesce(max(id), 0) as n from entry`)[0]?.["n"]);

test("a mutation is on record before it runs, and its outcome names that entry", async () => {
  const before = await lastEntry();
  let during: Row[] = [];
  meanwhile = async () => {
    during = await entriesSince(before);
  };
  const { status, data, governance } = await file();
  expect([status, data]).toEqual([200, { fileComplaint: { name: NAME, secret: null } }]);
  expect(during).toHaveLength(1);
  const [intent, outcome, ...more] = await entriesSince(before);
  expect(more).toEqual([]);
  expect(intent?.entry).toMatchObject({
    status: "INTENDED",
    client: "dinsos-banyuwangi",
    agreement: "PKS-2025-004",
    purpose: "REGIONAL_WELFARE",
    operation: { mark: outcome?.entry["operation"].mark },
    asked: ["Complaint.name", "Mutation.fileComplaint"],
    denied: ["Complaint.secret"],
    used: ["Mutation.fileComplaint(name:)"],
    variables: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(Date.parse(intent?.entry["at"])).not.toBeNaN();
  expect([intent?.entry["receipt"], intent?.leaf]).toEqual([intent?.id, leafOf(intent?.body ?? "")]);
  expect(intent?.body).not.toContain(NAME);
  expect(outcome?.entry).toMatchObject({ status: "ANSWERED", intent: intent?.id, variables: intent?.entry["variables"] });
  expect(governance["receipt"]).toMatchObject({ id: outcome?.id, leaf: outcome?.leaf });
  expect(outcome?.id).not.toBe(intent?.id);
});

test("a query is announced too, and its outcome names that entry", async () => {
  const before = await lastEntry();
  await dinsos.ask("{ fileComplaintCount }");
  const rows = (await entriesSince(before)).sort((a, b) => (a.entry["status"] > b.entry["status"] ? -1 : 1)); // their commits may overlap
  expect(rows.map(({ entry }) => [entry["status"], entry["intent"]])).toEqual([
    ["INTENDED", undefined],
    ["ANSWERED", rows[0]?.id],
  ]);
});

test("acts of one mutation run one after another, in their order, whichever source they belong to", async () => {
  let pause = 100;
  meanwhile = () => {
    pause /= 2; // the first is the slowest
    return new Promise((resolve) => setTimeout(resolve, pause));
  };
  const { data } = await dinsos.ask(
    'mutation { a: fileComplaint(name: "1") { name } b: fileAppeal(name: "2") { name } c: fileComplaint(name: "3") { name } }',
  );
  expect(Object.keys(data)).toEqual(["a", "b", "c"]);
  const steps = ["complaint 1", "appeal 2", "complaint 3"].flatMap((step) => [`${step} begins`, `${step} ends`]);
  expect(acts).toEqual(steps);
});

test("by GET nothing is done", async () => {
  const address = `${hub.url}?query=${encodeURIComponent('mutation { fileComplaint(name: "1") { name } }')}`;
  const headers = { authorization: `Bearer ${await hub.tokenOf("dinsos-banyuwangi")}` };
  expect([(await fetch(address, { headers })).status, acts]).toEqual([405, []]);
});

describe("when the record does not take it", () => {
  test("nothing runs that could not be announced, and the client may ask again", async () => {
    const told = await owner.begin(async (tx) => {
      await tx`lock table entry in access exclusive mode`;
      return file();
    });
    expect([told.status, told.errors[0]?.extensions["code"], acts]).toEqual([503, "AUDIT_UNAVAILABLE", []]);
    expect(told.headers.get("retry-after")).toBe("1");
    await expect.poll(async () => (await file()).status, { timeout: 10_000 }).toBe(200);
  });

  test("what ran and could not be put on record is said to have run perhaps, with the receipt of its intent", async () => {
    const before = await lastEntry();
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let locked: Promise<unknown> = Promise.resolve();
    meanwhile = () =>
      new Promise<void>((resolve) => {
        locked = owner.begin(async (tx) => {
          await tx`lock table entry in access exclusive mode`;
          resolve();
          await held;
        });
      });
    const told = await file();
    letGo();
    await locked;
    const [intent] = await entriesSince(before);
    expect(acts).toEqual([`complaint ${NAME} begins`, `complaint ${NAME} ends`]);
    expect([told.status, told.data, told.errors.map(({ extensions }) => extensions["code"])]).toEqual([
      500,
      null,
      ["OUTCOME_UNCONFIRMED"],
    ]);
    expect(told.headers.get("retry-after")).toBeNull();
    expect(told.errors[0]?.message).toMatch(new RegExp(`may have run.*${intent?.id}.*AUDIT_UNAVAILABLE`));
    expect(told.errors[0]?.extensions["receipt"]).toEqual({ id: intent?.id, leaf: intent?.leaf });
    expect(intent?.entry["status"]).toBe("INTENDED");
    await expect.poll(async () => (await dinsos.ask("{ __typename }")).status, { timeout: 10_000 }).toBe(200);
  });
});

test("a source that never answers is not said to have timed out, for it may have acted; the receipt is that of the intent", async () => {
  const before = await lastEntry();
  let letGo: (value?: unknown) => void = () => {};
  meanwhile = () => new Promise((resolve) => (letGo = resolve));
  const told = await file();
  letGo();
  const [intent, outcome, ...more] = await entriesSince(before);
  expect([told.status, told.data, told.errors.map(({ extensions }) => extensions["code"])]).toEqual([
    500,
    null,
    ["OUTCOME_UNCONFIRMED"],
  ]);
  expect(told.errors[0]?.extensions["receipt"]).toEqual({ id: intent?.id, leaf: intent?.leaf });
  expect([outcome?.entry["status"], outcome?.entry["intent"], more]).toEqual(["GATEWAY_TIMEOUT", intent?.id, []]);
  expect(acts).toContain(`complaint ${NAME} begins`);
});

describe("when policy changes meanwhile", () => {
  const OURS = "PKS-2025-004";
  const narrow = () =>
    renewWith(hub.urls.governance.owner, OURS, { row_scope: { regions: ["3510"], programs: null, decileMax: 9 } });
  /** Resolves when the gateway judges by the newest policy. */
  const followed = async () => {
    const [newest] = await owner`select n::int from epoch`;
    await expect
      .poll(
        async () => {
          const { governance } = await hub.as("kemensos").ask("{ __typename }");
          const [row] = await owner`select body from entry where request_id = ${governance["receipt"]?.id ?? ""}`;
          return JSON.parse(row?.["body"] ?? "{}").epoch;
        },
        { timeout: 10_000 },
      )
      .toBe(newest?.["n"]);
  };

  test("a steward who edits the agreement the mutation runs under has the answer", async () => {
    meanwhile = async () => {
      await narrow();
      await followed();
    };
    const { status, data, errors } = await file();
    expect([status, data["fileComplaint"].name, errors.map(({ extensions }) => extensions["code"])]).toEqual([
      200,
      NAME,
      ["FIELD_NOT_GRANTED"],
    ]);
  });

  test("an agreement suspended while a mutation ran gives no data, but says that it may have run", async () => {
    const before = await lastEntry();
    meanwhile = async () => {
      await suspend(owner, OURS);
      await followed();
    };
    const told = await file();
    expect([told.data, told.text.includes(NAME), told.errors.map(({ extensions }) => extensions["code"])]).toEqual([
      null,
      false,
      ["OUTCOME_UNCONFIRMED"],
    ]);
    expect(told.errors[0]?.message).toContain("AGREEMENT_SUSPENDED");
    const rows = (await entriesSince(before)).filter(({ entry }) => entry["client"] === "dinsos-banyuwangi");
    expect(rows.map(({ entry }) => entry["status"])).toEqual(["INTENDED", "ANSWERED", "AGREEMENT_SUSPENDED"]);
    expect(rows.slice(1).map(({ entry }) => entry["intent"])).toEqual([rows[0]?.id, rows[0]?.id]);
    await resume(owner, OURS);
    await followed();
  });

  test("an agreement suspended before a mutation ran stops it, and the refusal is plain", async () => {
    await expect.poll(async () => (await dinsos.ask("{ __typename }")).status, { timeout: 10_000 }).toBe(200);
    const before = await lastEntry();
    const asking = await owner.begin(async (tx) => {
      await tx`lock table entry in access exclusive mode`; // the announcement waits
      const told = file();
      await expect
        .poll(async () => (await owner`select 1 from pg_locks where relation = 'entry'::regclass and not granted`).length)
        .toBeGreaterThan(0);
      await suspend(owner, OURS); // on a connection of its own: committed, while the announcement still waits
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { told };
    });
    const told = await asking.told;
    expect([told.status, told.errors.map(({ extensions }) => extensions["code"]), acts]).toEqual([
      403,
      ["AGREEMENT_SUSPENDED"],
      [],
    ]);
    const rows = await entriesSince(before);
    expect(rows.map(({ entry }) => entry["status"])).toEqual(["INTENDED", "AGREEMENT_SUSPENDED"]);
    expect(rows[1]?.entry["intent"]).toBe(rows[0]?.id);
    await resume(owner, OURS);
  });
});
