import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import type { Finding } from "../../../cli/operations/checks/finding.ts";
import { createAuthority } from "../../../cli/run/certs/authority.ts";
import { SLICES } from "../../../drizzle/client.ts";
import { signerOf } from "../../../schema/policy/keys.ts";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { freePorts } from "../../kit/vitest/ports.ts";
import { runHub, tampering } from "../../record/logKit.ts";

// A whole hub first; then one fault after the other is planted, and each has to be found, with what to do.

const DAY = 24 * 60 * 60 * 1000;
const hub = useHub();
const folder = mkdtempSync(join(tmpdir(), "hub-doctor-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let settings: Record<string, string>;
beforeAll(async () => {
  const [, claims = ""] = (await hub.tokenOf("bappenas")).split(".");
  const { iss } = JSON.parse(Buffer.from(claims, "base64url").toString());
  const { urls } = hub;
  const each = (of: (slice: (typeof SLICES)[number]) => [string, string][]) => Object.fromEntries(SLICES.flatMap(of));
  settings = {
    HUB_PORT: new URL(hub.gatewayUrl).port,
    HUB_OIDC_ISSUER: iss,
    HUB_DATABASE_URL_GATEWAY: urls.gateway,
    HUB_DATABASE_URL_RECORD: urls.record,
    HUB_DATABASE_URL_LOG: urls.log ?? "",
    HUB_DATABASE_URL_JOBS: urls.jobs ?? "",
    ...each((slice) => [
      [`HUB_DATABASE_URL_${slice.toUpperCase()}`, urls[slice].runtime],
      [`HUB_DATABASE_OWNER_URL_${slice.toUpperCase()}`, urls[slice].owner],
      [`HUB_SUBGRAPH_URL_${slice.toUpperCase()}`, hub.slices.get(slice)?.url ?? ""],
    ]),
  };
  await hub.as("bappenas").ask("{ __typename }");
});

async function examined(more: Readonly<Record<string, string>> = {}, ...args: string[]) {
  const { code, out } = await runHub(["doctor", "--json", ...args], { ...settings, ...more });
  return { code, findings: JSON.parse(out) as Finding[] };
}
const bad = (findings: readonly Finding[]) => findings.filter(({ state }) => state === "BAD");

test("of a whole hub nothing is bad, and everything was looked at", async () => {
  const { code, findings } = await examined({}, "--persons");
  expect(bad(findings)).toEqual([]);
  expect(code).toBe(0);
  const good = findings.filter(({ state }) => state === "GOOD").map(({ check }) => check);
  const expected = [
    ...["disk", "databases", "clock", "persons", "policy", "record", "checkpoints", "order of the record", "issuer", "gateway"],
    ...SLICES.flatMap((slice) => [`role of ${slice}`, `settings of ${slice}`, `subgraph ${slice}`]),
    ...["settings of gateway", "role of gateway", "role of record", "role of log", "role of jobs"],
  ];
  expect(expected.filter((check) => !good.includes(check))).toEqual([]);
});

test("says it in lines that a person reads, a next step below each that is bad, and no password", async () => {
  const { code, out } = await runHub(["doctor", "--only", "machine,servers"], {
    ...settings,
    HUB_PORT: String((await freePorts(1))[0]),
  });
  expect(code).toBe(1);
  expect(out).toMatch(/^✓ subgraph welfare: answers at 127\.0\.0\.1:\d+$/m);
  expect(out).toMatch(/^✗ gateway: nobody answers at 127\.0\.0\.1:\d+\n {4}→ start it \(npx hub gateway, npm start\)/m);
  expect(out.trimEnd()).toMatch(/\n1 to do$/);
  expect(out).not.toMatch(/postgres:\/\//);
  expect(await runHub(["doctor", "--only", "kitchen"])).toMatchObject({
    code: 2,
    err: expect.stringContaining("knows no kitchen"),
  });
});

describe("finds", () => {
  const inFolder = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const openFolder = () => {
    const path = join(folder, "exports");
    mkdirSync(path);
    chmodSync(path, 0o777);
    return path;
  };
  const certificate = (days: number) => {
    const from = new Date(Date.now() - DAY);
    const authority = createAuthority({ name: "doctor", from, until: new Date(Date.now() + 300 * DAY) });
    const { cert, key } = authority.issue({ names: ["hub-gateway"], from, until: new Date(Date.now() + days * DAY) });
    return {
      HUB_TLS_CA_FILE: inFolder("ca.pem", authority.cert),
      HUB_TLS_CERT_FILE: inFolder("cert.pem", cert),
      HUB_TLS_KEY_FILE: inFolder("key.pem", key),
    };
  };
  const asAdmin = () => inject("databases").adminUrl.replace(/\/postgres$/, new URL(hub.urls.welfare.runtime).pathname);
  const PLANTED: [what: string, group: string, () => Record<string, string>, check: RegExp, seen: RegExp, todo: RegExp][] = [
    [
      "a setting that is misspelt",
      "settings",
      () => ({ HUB_PROT: "4000" }),
      /settings of gateway/,
      /HUB_PROT is no setting/,
      /npx hub settings/,
    ],
    [
      "an envelope secret that differs",
      "servers",
      () => ({ HUB_ENVELOPE_SECRET_WELFARE: "another secret of thirty-two characters" }),
      /subgraph welfare/,
      /refuses/,
      /HUB_ENVELOPE_SECRET_WELFARE/,
    ],
    [
      "a subgraph that is down",
      "servers",
      () => ({ HUB_SUBGRAPH_URL_PROGRAMS: "http://127.0.0.1:9/graphql" }),
      /subgraph programs/,
      /127\.0\.0\.1:9/,
      /npx hub subgraph programs/,
    ],
    [
      "an issuer of another name",
      "servers",
      () => ({ HUB_OIDC_ISSUER: settings["HUB_OIDC_ISSUER"]?.replace("127.0.0.1", "localhost") ?? "" }),
      /issuer/,
      /./,
      /HUB_OIDC_ISSUER/,
    ],
    [
      "somebody else on the gateway's port",
      "servers",
      () => ({ HUB_PORT: new URL(hub.slices.get("welfare")?.url ?? "").port }),
      /gateway/,
      /somebody else/,
      /HUB_PORT/,
    ],
    [
      "a role that is a superuser",
      "databases",
      () => ({ HUB_DATABASE_URL_WELFARE: asAdmin() }),
      /role of welfare/,
      /superuser/,
      /npx hub migrate/,
    ],
    [
      "a database that is away",
      "databases",
      () => ({ HUB_DATABASE_URL_WELFARE: "postgres://hub_welfare:secret@127.0.0.1:9/welfare" }),
      /role of welfare/,
      /cannot connect/,
      /PostgreSQL runs/,
    ],
    [
      "tables that nobody signed for",
      "governance",
      () => ({ HUB_POLICY_PUBLIC_KEYS: signerOf("somebody else's, 32 characters", "x").publicKey }),
      /policy/,
      /not signed/,
      /npx hub policy publish/,
    ],
    [
      "a schema that was not published",
      "governance",
      () => ({ HUB_SUPERGRAPH: inFolder("next.graphql", `${readFileSync("schema/supergraph.graphql", "utf8")}\n# next\n`) }),
      /policy/,
      /not compiled/,
      /npx hub policy publish --supergraph/,
    ],
    [
      "a record that only a witness may seal, and none does",
      "governance",
      () => ({ HUB_RECORD_WITNESSED: "true" }),
      /witness/,
      /none/,
      /HUB_WITNESSES/,
    ],
    [
      "a folder of exports that is not there",
      "machine",
      () => ({ HUB_EXPORT_DIR: join(folder, "nowhere") }),
      /exports/,
      /not there/,
      /mkdir/,
    ],
    ["a folder of exports open to all", "machine", () => ({ HUB_EXPORT_DIR: openFolder() }), /exports/, /everybody/, /chmod/],
    ["a certificate that ends", "machine", () => certificate(5), /certificate/, /[45] days left/, /renew/],
    [
      "databases that nobody named",
      "databases",
      () =>
        Object.fromEntries(
          Object.keys(settings)
            .filter((name) => name.includes("DATABASE"))
            .map((name) => [name, ""]),
        ),
      /databases|role/,
      /./,
      /./,
    ],
  ];

  test.each(PLANTED)("%s", async (_, group, plant, check, seen, todo) => {
    const { code, findings } = await examined(plant(), "--only", group);
    expect(code).toBe(1);
    expect(bad(findings)).toContainEqual(
      expect.objectContaining({
        check: expect.stringMatching(check),
        seen: expect.stringMatching(seen),
        todo: expect.stringMatching(todo),
      }),
    );
  });

  test("a clock that is wrong", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + DAY });
    try {
      const { findings } = await examined({}, "--only", "databases");
      expect(bad(findings)).toContainEqual(
        expect.objectContaining({ check: "clock", seen: expect.stringMatching(/^86\d{3} s/) }),
      );
    } finally {
      vi.useRealTimers();
    }
  });

  test("a slice that is older than the others, by the persons it does not know", async () => {
    const { population, welfare } = hub.urls;
    const [named] = await asRole(
      welfare.owner,
      (owner) => owner`select person_id as id from welfare.member where person_id is not null limit 1`,
    );
    await tampering(population.owner, (sql) => sql`delete from population.person where id = ${named?.["id"]}`);
    const { code, findings } = await examined({}, "--only", "databases", "--persons");
    expect([code, bad(findings)[0]]).toEqual([
      1,
      expect.objectContaining({
        check: "persons",
        seen: expect.stringMatching(/^1 of \d+ whom welfare names are not in population$/),
      }),
    ]);
  });

  test("a record that was restored where transactions count from lower, and migrations that are missing", async () => {
    const { governance, welfare } = hub.urls;
    const raised = "update governance.entry set xid = '9000000000'::xid8 where id = (select max(id) from governance.entry)";
    await tampering(governance.owner, (sql) => sql.unsafe(raised));
    await tampering(
      welfare.owner,
      (sql) =>
        sql`delete from drizzle.__drizzle_migrations where created_at = (select max(created_at) from drizzle.__drizzle_migrations)`,
    );
    const { findings } = await examined({}, "--only", "databases,governance");
    expect(bad(findings).map(({ check, todo }) => [check, todo])).toEqual([
      ["role of welfare", "npx hub migrate, with this release"],
      ["order of the record", "npx hub record continue"],
    ]);
  });
});
