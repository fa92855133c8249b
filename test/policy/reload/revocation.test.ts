import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { devClients, type Issuer, startIssuer } from "../../../cli/run/issuer.ts";
import { rawClient } from "../../../drizzle/client.ts";
import { type Gateway, startGateway } from "../../../gateway/main.ts";
import { readConfig } from "../../../gateway/runtime/config.ts";
import type { SourceAnswer } from "../../../gateway/types/sources.ts";
import { joinedBy } from "../../federation/runtime/joined.ts";
import { useDatabases, withoutTriggers } from "../../kit/database.ts";
import { layWire, type Wire } from "../../kit/machines/wire.ts";
import { publishSupergraph, resume, suspend } from "../../kit/policy.ts";

// T16: two gateways on one database, the second by way of a wire that can be cut. Sources are stand-ins: when they answer is the point.

const databases = useDatabases();
const folder = mkdtempSync(join(tmpdir(), "hub-revocation-"));
const OURS = "PKS-2025-004";
const POLL = { timeout: 10_000, interval: 20 };
let issuer: Issuer;
let owner: ReturnType<typeof rawClient>;
let wire: Wire;
let near: Gateway;
let far: Gateway;
let arrive: () => Promise<SourceAnswer>;
const atOnce = async (): Promise<SourceAnswer> => ({ data: { regions: { nodes: [{ name: "BANYUWANGI" }] } } });

const start = (databaseUrl: string, env: Record<string, string> = {}): Promise<Gateway> =>
  startGateway(
    readConfig({
      HUB_ENV: "dev",
      HUB_PORT: "0",
      HUB_LOG_LEVEL: "silent",
      HUB_OIDC_ISSUER: issuer.url,
      HUB_DATABASE_URL_GATEWAY: databaseUrl,
      HUB_DATABASE_URL_RECORD: databases.urls.record,
      ...env,
    }),
    { sources: () => ({ send: () => arrive(), close: async () => {} }) },
  );
beforeAll(async () => {
  owner = rawClient(databases.urls.governance.owner, { max: 2 });
  issuer = await startIssuer({ port: 0, clients: devClients(), dataDir: folder });
  wire = await layWire(databases.urls.gateway);
  near = await start(databases.urls.gateway);
  far = await start(wire.url(databases.urls.gateway));
});
beforeEach(async () => {
  arrive = atOnce;
  await expect.poll(async () => [(await ask(near)).code, (await ask(far)).code], POLL).toEqual(["OPEN", "OPEN"]);
});
afterAll(async () => {
  await near?.close();
  await far?.close();
  await issuer?.close();
  await owner?.end();
  await wire?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** OPEN, or why not; and all that came over the wire. */
async function ask(gateway: Gateway, client = "dinsos-banyuwangi"): Promise<{ readonly code: string; readonly text: string }> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${await issuer.token(client)}` },
    body: JSON.stringify({ query: "{ regions { nodes { name } } }" }),
  });
  const text = await response.text();
  const isOpen = response.status === 200 && text.includes("BANYUWANGI");
  return { code: isOpen ? "OPEN" : String(JSON.parse(text).errors?.[0]?.extensions.code), text };
}
const codeAt = (gateway: Gateway, client?: string) => async () => (await ask(gateway, client)).code;
const ready = async (gateway: Gateway) => {
  const response = await fetch(`${gateway.url}/ready`);
  return [response.status, ((await response.json()) as { missing?: string[] }).missing ?? []];
};

/** From now on sources are asked and do not answer until they are told to. */
function holdSources(asked: number): { readonly areAsked: Promise<void>; release(): void } {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let left = asked;
  const areAsked = new Promise<void>((resolve) => {
    arrive = async () => {
      left -= 1;
      if (left === 0) resolve();
      await held;
      return atOnce();
    };
  });
  return { areAsked, release };
}

describe("T16 a revocation", () => {
  test("T16 bites on every gateway over the database, and only the agreement that was revoked", async () => {
    await suspend(owner, OURS);
    for (const gateway of [near, far]) {
      await expect.poll(codeAt(gateway), POLL).toBe("AGREEMENT_SUSPENDED");
      expect(await codeAt(gateway, "kemensos")()).toBe("OPEN");
    }
    await resume(owner, OURS);
    for (const gateway of [near, far]) await expect.poll(codeAt(gateway), POLL).toBe("OPEN");
  });

  test("T16 reaches a gateway whose link is cut too: it denies by itself, as an outage, until it sees policy again", async () => {
    for (const fault of ["cut", "hang"] as const) {
      wire[fault]();
      await suspend(owner, OURS);
      await expect.poll(codeAt(near), POLL).toBe("AGREEMENT_SUSPENDED");
      await expect.poll(codeAt(far), POLL).toBe("POLICY_UNAVAILABLE");
      for (let time = 0; time < 20; time++) expect(await codeAt(far)()).toBe("POLICY_UNAVAILABLE"); // and stays so
      wire.mend();
      await expect.poll(codeAt(far), POLL).toBe("AGREEMENT_SUSPENDED");
      await resume(owner, OURS);
      for (const gateway of [near, far]) await expect.poll(codeAt(gateway), POLL).toBe("OPEN");
    }
  });

  test("T16 while a slow source works releases no byte of what it answers then, on neither gateway", async () => {
    const sources = holdSources(2);
    const asking = [ask(near), ask(far)];
    await sources.areAsked;
    wire.cut();
    await suspend(owner, OURS);
    await expect.poll(codeOfOther(near), POLL).toBe("AGREEMENT_SUSPENDED");
    await expect.poll(codeOfOther(far), POLL).toBe("POLICY_UNAVAILABLE");
    sources.release();
    const told = await Promise.all(asking);
    expect(told.map(({ text }) => text.includes("BANYUWANGI"))).toEqual([false, false]);
    expect(told[0]?.code).toBe("AGREEMENT_SUSPENDED");
    expect(["POLICY_UNAVAILABLE", "AUDIT_UNAVAILABLE"]).toContain(told[1]?.code);
    wire.mend();
    await resume(owner, OURS);
  });
});

/** What a question is told that needs no source. */
const codeOfOther = (gateway: Gateway) => async () => {
  const response = await fetch(`${gateway.url}/graphql?query={__typename}`, {
    headers: { authorization: `Bearer ${await issuer.token("dinsos-banyuwangi")}` },
  });
  return String(((await response.json()) as { errors?: { extensions: { code: string } }[] }).errors?.[0]?.extensions.code);
};

test("a steward who was suspended before the question is refused everywhere, and never taken for the client of the same name", async () => {
  expect(await codeAt(near, "steward.kemensos")()).toBe("OPEN");
  await owner`update steward set status = 'SUSPENDED' where id = 'steward.kemensos'`;
  for (const gateway of [near, far]) await expect.poll(codeAt(gateway, "steward.kemensos"), POLL).toBe("FORBIDDEN");
  expect(await codeAt(near, "steward2.kemensos")()).toBe("OPEN");
  await owner`update steward set status = 'ACTIVE' where id = 'steward.kemensos'`;
  for (const gateway of [near, far]) await expect.poll(codeAt(gateway, "steward.kemensos"), POLL).toBe("OPEN");
});

test("a steward whose last key is retired acts no more, whatever the status says", async () => {
  expect(await codeAt(near, "steward2.dukcapil")()).toBe("OPEN");
  await owner`update steward_key set retired_at = now() where steward_id = 'steward2.dukcapil'`;
  for (const gateway of [near, far]) await expect.poll(codeAt(gateway, "steward2.dukcapil"), POLL).toBe("FORBIDDEN");
});

describe("a sanction", () => {
  const impose = async (parts: { client?: string; until?: string; kind?: string }) => {
    const { client = null, until = null, kind = "SUSPENSION" } = parts;
    const [row] =
      await owner`insert into sanction (id, agency_code, client_id, kind, reason, decision, imposed_by, imposed_at, until)
      values (gen_random_uuid(), 'DINSOS_BANYUWANGI', ${client}, ${kind}, 'Penyalahgunaan', 'KEP-1/2026', 'operator.hub', now(),
        now() + ${until}::text::interval) returning id`;
    return String(row?.["id"]);
  };
  const lift = (id: string) =>
    owner`update sanction set lifted_by = 'operator.hub', lifted_at = now(), lift_reason = 'Dipulihkan' where id = ${id}`;
  const steward = (gateway: Gateway) => codeAt(gateway, "steward.dinsos_banyuwangi");

  test("shuts a client out at every gateway within the lease, and leaves its agency's others alone", async () => {
    const id = await impose({ client: "dinsos-banyuwangi", kind: "REVOCATION" });
    for (const gateway of [near, far]) await expect.poll(codeAt(gateway), POLL).toBe("FORBIDDEN");
    expect([await steward(near)(), await codeAt(near, "kemensos")()]).toEqual(["OPEN", "OPEN"]);
    await lift(id);
    for (const gateway of [near, far]) await expect.poll(codeAt(gateway), POLL).toBe("OPEN");
  });

  test("shuts an agency out of everything but answering as stewards, and a warning shuts nobody out", async () => {
    await impose({ kind: "WARNING" });
    const id = await impose({});
    for (const gateway of [near, far]) await expect.poll(codeAt(gateway), POLL).toBe("AGREEMENT_SUSPENDED");
    expect([await steward(near)(), await codeAt(near, "kemensos")()]).toEqual(["OPEN", "OPEN"]);
    await lift(id);
    for (const gateway of [near, far]) await expect.poll(codeAt(gateway), POLL).toBe("OPEN");
  });

  test("ends by the clock, without anybody writing it down", async () => {
    await impose({ until: "2 seconds" });
    await expect.poll(codeAt(near), POLL).toBe("AGREEMENT_SUSPENDED");
    const [{ n: epoch } = {}] = await owner`select n from epoch`;
    await expect.poll(codeAt(near), POLL).toBe("OPEN");
    expect((await owner`select n from epoch`)[0]?.["n"]).toBe(epoch);
  });
});

describe("a restriction (UU 27/2022 art. 41)", () => {
  const SITI = "5b0e6a4e-1f0a-4d52-9d6f-0123456789ab";
  const nameOf = async (gateway: Gateway, client = "kemensos"): Promise<string> => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${await issuer.token(client)}` },
      body: JSON.stringify({ query: "query ($id: ID!) { person(id: $id) { id fullName } }", variables: { id: SITI } }),
    });
    const { data, errors } = (await response.json()) as { data?: any; errors?: { extensions: { code: string } }[] };
    return data?.person ? `${data.person.id} ${data.person.fullName}` : String(errors?.[0]?.extensions.code);
  };
  const file = async () => {
    // the restriction follows from it
    await owner`insert into subject_request (id, number, person_id, filed_by, kind, statement, controller, received_at, due_at)
      values (gen_random_uuid(), ${`HSD-2026-${String(Math.random()).slice(2, 8)}`}, ${SITI}, ${SITI}, 'RESTRICTION', 'Mohon dibatasi', 'KEMENSOS', now(), now() + interval '72 hours')`;
  };
  const lift = () =>
    owner`update restriction set lifted_at = now(), lifted_by = 'SUBJECT' where person_id = ${SITI} and lifted_at is null`;
  beforeEach(() => {
    arrive = async () => ({ data: { person: { id: SITI, fullName: "SITI AMINAH" } } });
  });

  test("closes the person's row on the very next question at every gateway, until it is lifted", async () => {
    for (const gateway of [near, far]) expect(await nameOf(gateway)).toBe(`${SITI} SITI AMINAH`);
    await file();
    for (const gateway of [near, far]) {
      expect(["POLICY_UNAVAILABLE", `${SITI} null`]).toContain(await nameOf(gateway)); // the first may come before the news
      await expect.poll(() => nameOf(gateway), POLL).toBe(`${SITI} null`);
    }
    await lift();
    for (const gateway of [near, far]) await expect.poll(() => nameOf(gateway), POLL).toBe(`${SITI} SITI AMINAH`);
  });

  test("is taken from what changed: one that somebody put there behind the rules is found all the same, and so is its end", async () => {
    const admin = (statement: string) => withoutTriggers(databases.urls.governance.owner, (client) => client.unsafe(statement));
    await admin(`insert into governance.restriction (id, person_id, request_id, imposed_at, changed)
      values (gen_random_uuid(), '${SITI}', gen_random_uuid(), now(), '0')`);
    for (const gateway of [near, far]) await expect.poll(() => nameOf(gateway), POLL).toBe(`${SITI} null`);
    await admin("delete from governance.restriction where changed = '0'");
    for (const gateway of [near, far]) await expect.poll(() => nameOf(gateway), POLL).toBe(`${SITI} SITI AMINAH`);
  });

  test("that comes while a source works lets out nothing of what it answers then", async () => {
    const plain = arrive;
    const held = holdSources(1);
    const sources = arrive;
    arrive = async () => {
      await sources();
      return plain();
    };
    const asking = nameOf(near);
    await held.areAsked;
    await file();
    held.release();
    expect(await asking).toBe("POLICY_UNAVAILABLE");
    await lift();
  });
});

describe("the clock suspends", () => {
  const due = (report: string) =>
    owner`update governance.agreement set report_due = now() + ${report}::text::interval where number = ${OURS}`;

  test("an agreement whose report is three months late, at every gateway, until the duty is done", async () => {
    await due("-3 months -1 day");
    for (const gateway of [near, far]) {
      await expect.poll(codeAt(gateway), POLL).toBe("AGREEMENT_SUSPENDED");
      expect(await codeAt(gateway, "kemensos")()).toBe("OPEN");
    }
    await due("6 months"); // as submitting the report does
    for (const gateway of [near, far]) await expect.poll(codeAt(gateway), POLL).toBe("OPEN");
  });

  test("without anybody writing it down: the moment comes while nothing else happens", async () => {
    expect(await codeAt(near, "kemendikdasmen")()).toBe("OPEN");
    await owner`update governance.agreement set report_due = now() - interval '3 months' + interval '2 seconds' where number = 'PKS-2025-003'`;
    const [{ n: epoch } = {}] = await owner`select n from epoch`;
    await expect.poll(codeAt(near, "kemendikdasmen"), POLL).toBe("AGREEMENT_SUSPENDED");
    expect((await owner`select n from epoch`)[0]?.["n"]).toBe(epoch);
    const [row] = await owner`select state from governance.agreement_version where agreement_number = 'PKS-2025-003'`;
    expect(row?.["state"]).toBe("active");
  });
});

test("a gateway whose supergraph lacks tables is not ready and answers POLICY_UNAVAILABLE, until it is published", async () => {
  const sdl = joinedBy({
    regional: `
      type Query { "Dana daerah — fund of a region." regionalFund: RegionalFund @data(class: GENERAL) }
      "Dana daerah."
      type RegionalFund { "Nama dana." name: String @data(class: PUBLIC) }`,
  });
  const file = join(folder, "supergraph.graphql");
  writeFileSync(file, sdl);
  const early = await start(databases.urls.gateway, { HUB_SUPERGRAPH: file });
  try {
    expect([await ready(near), await ready(early)]).toEqual([
      [200, []],
      [503, ["tables"]],
    ]);
    for (const client of ["dinsos-banyuwangi", "kemensos"]) expect(await codeAt(early, client)()).toBe("POLICY_UNAVAILABLE");
    await publishSupergraph(databases.urls.governance.owner, sdl);
    await expect.poll(() => ready(early), POLL).toEqual([200, []]);
    await expect.poll(codeAt(early), POLL).toBe("OPEN");
    expect([await ready(near), await codeAt(near)()]).toEqual([[200, []], "OPEN"]);
  } finally {
    await early.close();
  }
});
