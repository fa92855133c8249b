import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { devClients, type Issuer, startIssuer } from "../../cli/run/issuer.ts";
import { rawClient } from "../../drizzle/client.ts";
import { readConfig } from "../../gateway/config.ts";
import { type Gateway, startGateway } from "../../gateway/main.ts";
import type { SourceAnswer } from "../../gateway/types/sources.ts";
import { joinedBy } from "../federation/joined.ts";
import { useDatabases } from "../kit/database.ts";
import { publishSupergraph, resume, suspend } from "../kit/policy.ts";
import { layWire, type Wire } from "../kit/wire.ts";

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
