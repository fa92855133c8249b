import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { devClients, type Issuer, startIssuer } from "../../../cli/run/issuer.ts";
import { createLogger } from "../../../gateway/audit/log.ts";
import { type Gateway, startGateway } from "../../../gateway/main.ts";
import { readConfig } from "../../../gateway/runtime/config.ts";
import { audit } from "../../kit/audit.ts";
import { asRole, useDatabases, withoutTriggers } from "../../kit/database.ts";

// What a gateway does while no checkpoint covers the record. Sources are stand-ins; time is made by moving the oldest entry back.

const databases = useDatabases();
const folder = mkdtempSync(join(tmpdir(), "hub-stale-"));
const HOUR = 60 * 60;
let issuer: Issuer;
let gateway: Gateway | undefined;
const lines: string[] = [];

beforeAll(async () => {
  issuer = await startIssuer({ port: 0, clients: devClients(), dataDir: folder });
});
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});
afterAll(async () => {
  await issuer?.close();
  rmSync(folder, { recursive: true, force: true });
});

const STATISTICS = "{ registryStatistics { households } }";
const PERSONAL = "{ households(first: 1) { nodes { id } } }";

async function started(env: Record<string, string> = {}): Promise<void> {
  lines.length = 0;
  const send = async ({ body }: { body: string }) =>
    body.includes("registryStatistics")
      ? { data: { registryStatistics: { households: 60 } } }
      : { data: { households: { nodes: [{ id: "852f8a99-3067-4f3d-8b9e-ee0886197c96" }] } } };
  gateway = await startGateway(
    readConfig({
      HUB_ENV: "dev",
      HUB_PORT: "0",
      HUB_OIDC_ISSUER: issuer.url,
      HUB_DATABASE_URL_GATEWAY: databases.urls.gateway,
      HUB_DATABASE_URL_RECORD: databases.urls.record,
      ...env,
    }),
    { sources: () => ({ send, close: async () => {} }), log: createLogger({ level: "warn", write: (line) => lines.push(line) }) },
  );
}

async function ask(client: string, query: string) {
  const response = await fetch(`${gateway?.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${await issuer.token(client)}` },
    body: JSON.stringify({ query }),
  });
  const { errors, extensions } = (await response.json()) as { errors?: any[]; extensions?: any };
  return {
    status: response.status,
    code: errors?.[0]?.extensions.code,
    text: errors?.[0]?.message,
    receipt: extensions?.governance.receipt,
  };
}
const ready = async () => {
  const response = await fetch(`${gateway?.url}/ready`);
  return { ...((await response.json()) as { missing?: string[]; alarms?: string[] }), status: response.status };
};

/** The whole record is as old as that. */
const age = (seconds: number) =>
  withoutTriggers(
    databases.urls.governance.owner,
    (admin) => admin`update governance.entry set at = clock_timestamp() - make_interval(secs => ${seconds})`,
  );
/** A checkpoint over all there is. */
const cover = () =>
  asRole(databases.urls.log ?? "", async (log) => {
    await log`insert into governance.tree_entry (index, entry_id)
      select row_number() over (order by xid, id) - 1 + (select count(*) from governance.tree_entry), id from governance.entry e
      where not exists (select from governance.tree_entry t where t.entry_id = e.id)`;
    await log`insert into governance.checkpoint (size, root, note) select count(*), sha256(''), 'x' from governance.tree_entry`;
  });
const cosign = () =>
  asRole(
    databases.urls.log ?? "",
    (log) => log`insert into governance.cosignature (size, witness, line) select max(size), 'w', 'x' from governance.checkpoint`,
  );

audit("R17", "MUST raise an alarm when no checkpoint covers an entry for a quarter of an hour, and MUST go on", async () => {
  await started();
  expect((await ask("kemensos", PERSONAL)).status).toBe(200);
  expect((await ready()).alarms).toBeUndefined();
  await gateway?.close();
  await age(20 * 60);
  await started();
  expect((await ask("kemensos", PERSONAL)).status).toBe(200);
  expect(await ready()).toMatchObject({ status: 200, alarms: ["checkpoint"] });
  expect(lines.filter((line) => line.includes("CHECKPOINT_STALE"))).toHaveLength(1);
});

audit(
  "R18",
  "MUST stop sending personal data after four hours, MUST go on with public aggregates, and MUST recover by itself",
  async () => {
    await age(5 * HOUR);
    await started();
    const { status, code, text } = await ask("kemensos", PERSONAL);
    expect([status, code, text]).toEqual([503, "AUDIT_UNAVAILABLE", expect.stringContaining("pengesahan")]);
    const statistics = await ask("bappenas", STATISTICS);
    expect([statistics.status, typeof statistics.receipt?.id]).toEqual([200, "string"]);
    expect(await ready()).toMatchObject({ status: 503, missing: ["checkpoint"], alarms: ["checkpoint"] });
    await cover();
    await expect.poll(async () => (await ask("kemensos", PERSONAL)).status, { timeout: 10_000 }).toBe(200);
    expect((await ready()).missing).toBeUndefined();
  },
);

audit("R19", "MUST NOT take a checkpoint for one that no witness signed, where witnesses are asked for", async () => {
  await age(5 * HOUR);
  await cover();
  await started({ HUB_RECORD_WITNESSED: "true" });
  expect((await ask("kemensos", PERSONAL)).code).toBe("AUDIT_UNAVAILABLE");
  await cosign();
  await expect.poll(async () => (await ask("kemensos", PERSONAL)).status, { timeout: 10_000 }).toBe(200);
});

test("a gateway whose clock jumps says so before anybody looks, and no more once it is set right", async () => {
  await cover();
  await started();
  const skew = async () => {
    const { port } = new URL(`${gateway?.url}`);
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return Number(/^hub_clock_skew_seconds (\S+)$/m.exec(text)?.[1]);
  };
  expect([(await ready()).alarms, Math.abs(await skew()) < 30]).toEqual([undefined, true]);
  const now = Date.now();
  try {
    for (const hours of [2, -2]) {
      vi.useFakeTimers({ toFake: ["Date"], now: now + hours * HOUR * 1000 });
      expect((await ready()).alarms).toContain("clock");
      expect(Math.round((await skew()) / HOUR)).toBe(hours);
    }
  } finally {
    vi.useRealTimers();
  }
  expect((await ready()).alarms ?? []).not.toContain("clock");
});
