import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { certs } from "../../../cli/run/certs/certs.ts";
import { readConfig as readGateway, requireSafeWays } from "../../../gateway/runtime/config.ts";
import { POLICY_KEY, signerOf } from "../../../schema/policy/keys.ts";
import { ConfigFaults, type Env } from "../../../schema/settings.ts";
import { credentialsOf, readCredentials, type TlsFiles } from "../../../schema/tls/credentials.ts";
import { readConfig as readSubgraph } from "../../../subgraphs/kit/serve/config.ts";
import { subgraphs } from "../../../subgraphs/main.ts";
import { CertificateFolder, LONG_AGO } from "../../kit/machines/certificates.ts";

// What is said at the start of how gateway and subgraphs reach each other.

const folder = new CertificateFolder();
const trials = mkdtempSync(join(tmpdir(), "hub-certs-"));
afterAll(() => {
  folder.remove();
  rmSync(trials, { recursive: true });
});

const settingsOf = ({ ca, cert, key }: TlsFiles) => ({ HUB_TLS_CA_FILE: ca, HUB_TLS_CERT_FILE: cert, HUB_TLS_KEY_FILE: key });
const OWN = settingsOf(folder.renew("hub-gateway"));
const GATEWAY = {
  HUB_DATABASE_URL_GATEWAY: "postgres://hub_gateway@db/governance",
  HUB_DATABASE_URL_RECORD: "postgres://hub_record@db/governance",
  HUB_OIDC_ISSUER: "https://issuer.example",
  HUB_RECORD_KEYS: `2026:${"r".repeat(32)}`,
  HUB_PSEUDONYM_KEY: "p".repeat(32),
  HUB_EVENTS_KEY: "e".repeat(32),
  HUB_POLICY_PUBLIC_KEYS: signerOf("s".repeat(32), POLICY_KEY).publicKey,
};
const SUBGRAPH = {
  HUB_DATABASE_URL_BANYUWANGI: "postgres://hub_banyuwangi@db/banyuwangi",
  HUB_ENVELOPE_SECRET_BANYUWANGI: "b".repeat(32),
};

function faultsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof ConfigFaults) return error.faults;
    throw error;
  }
}
const gateway = (env: Env) => faultsOf(() => readGateway({ ...GATEWAY, ...env }));
const subgraph = (env: Env) => faultsOf(() => readSubgraph("banyuwangi", { ...SUBGRAPH, ...env }));

describe("in production a gateway", () => {
  const welfare = { HUB_SUBGRAPH_URL_WELFARE: "http://hub-welfare:4002/graphql" };
  test("asks no subgraph beyond its machine by plain http, and says so of all at once", () => {
    const many = {
      ...welfare,
      HUB_SUBGRAPH_URL_PROGRAMS: "http://10.1.2.3:4003/graphql",
      HUB_SUBGRAPH_URL_POPULATION: "https://p/graphql",
    };
    expect(gateway(many)).toEqual([
      expect.stringMatching(/^HUB_SUBGRAPH_URL_WELFARE must be an https address.*HUB_TLS_BY_MESH/),
      expect.stringMatching(/^HUB_SUBGRAPH_URL_PROGRAMS must be an https address/),
      expect.stringMatching(/^HUB_SUBGRAPH_URL_POPULATION is https: HUB_TLS_CA_FILE, HUB_TLS_CERT_FILE and HUB_TLS_KEY_FILE/),
    ]);
    expect(gateway({ ...many, HUB_TLS_BY_MESH: "true" })).toHaveLength(1);
    expect(gateway({ ...welfare, ...OWN })).toHaveLength(1); // certificates alone make nothing of http
  });
  test("may ask one on its own machine", () => {
    for (const host of ["127.0.0.1", "localhost", "[::1]"])
      expect(gateway({ HUB_SUBGRAPH_URL_WELFARE: `http://${host}:4002/graphql` }), host).toEqual([]);
    for (const host of ["127.0.0.1.example", "0.0.0.0", "[::]", "localhost.example"])
      expect(gateway({ HUB_SUBGRAPH_URL_WELFARE: `http://${host}:4002/graphql` }), host).toHaveLength(1);
  });
  test("takes the supergraph's own addresses no more than those of its settings", () => {
    const config = readGateway(GATEWAY);
    const sources = (url: string) => new Map([["welfare", { url }]]);
    expect(faultsOf(() => requireSafeWays(config, sources("http://hub-welfare/graphql")))).toHaveLength(1);
    expect(faultsOf(() => requireSafeWays(config, sources("https://hub-welfare/graphql")))).toHaveLength(1);
    expect(faultsOf(() => requireSafeWays(readGateway({ ...GATEWAY, ...OWN }), sources("https://hub-welfare/graphql")))).toEqual(
      [],
    );
  });
  test("takes https with its certificate, and names that differ", () => {
    const env = {
      ...OWN,
      HUB_SUBGRAPH_URL_WELFARE: "https://hub-welfare:4002/graphql",
      HUB_TLS_NAME_WELFARE: "welfare.bps.example",
    };
    expect(gateway(env)).toEqual([]);
    expect(readGateway({ ...GATEWAY, ...env }).tls).toMatchObject({ names: new Map([["welfare", "welfare.bps.example"]]) });
  });
});

describe("in production a subgraph", () => {
  const beyond = { HUB_HOST: "0.0.0.0" };
  test("listens beyond its machine only to the gateway's certificate", () => {
    expect(subgraph({})).toEqual([]);
    expect(subgraph(beyond)).toEqual([expect.stringMatching(/^HUB_HOST opens the subgraph to other machines by plain http/)]);
    expect(subgraph({ ...beyond, HUB_TLS_BY_MESH: "true" })).toEqual([]);
    expect(subgraph({ ...beyond, ...OWN })).toEqual([]);
    expect(readSubgraph("banyuwangi", { ...SUBGRAPH, ...OWN }).tls?.client).toBe("hub-gateway");
  });
  test("says all that is wrong at once", () => {
    expect(subgraph({ ...beyond, HUB_TLS_BY_MESH: "yes", HUB_HEALTH_PORT: "x", HUB_TLS_CA_FILE: "/nowhere" })).toEqual([
      expect.stringMatching(/^HUB_TLS_CERT_FILE is missing/),
      expect.stringMatching(/^HUB_TLS_KEY_FILE is missing/),
      "HUB_TLS_BY_MESH must be true or false",
      expect.stringMatching(/^HUB_HEALTH_PORT must be/),
    ]);
  });
});

test.each([
  ["of which one is missing", { ...OWN, HUB_TLS_KEY_FILE: undefined }, "HUB_TLS_KEY_FILE is missing"],
  ["that cannot be read", { ...OWN, HUB_TLS_CA_FILE: "/nowhere" }, "HUB_TLS_CA_FILE cannot be read"],
  ["that do not belong together", { ...OWN, HUB_TLS_KEY_FILE: folder.renew("other").key }, "HUB_TLS_KEY_FILE is not the key of"],
  ["that ended", settingsOf(endedLongAgo()), "HUB_TLS_CERT_FILE ended on"],
  ["that are no certificates", { ...OWN, HUB_TLS_CERT_FILE: OWN.HUB_TLS_KEY_FILE }, "HUB_TLS_CERT_FILE must hold certificates"],
])("certificates %s are a fault at the start, of gateway and subgraph alike, in development too", (_, env, fault) => {
  for (const faults of [gateway(env), subgraph(env), gateway({ ...env, HUB_ENV: "dev" }), subgraph({ ...env, HUB_ENV: "dev" })])
    expect(faults).toEqual([expect.stringContaining(fault)]);
});

function endedLongAgo(): TlsFiles {
  folder.write("ended", { ...folder.authority.issue({ names: ["hub-gateway"], ...LONG_AGO }), ca: folder.authority.cert });
  return folder.of("ended");
}

test("while a gateway runs, certificates that are no good keep no other setting from being read", () => {
  const env = { ...GATEWAY, ...settingsOf(endedLongAgo()), HUB_SUBGRAPH_URL_WELFARE: "https://hub-welfare:4002/graphql" };
  expect(readGateway(env, { isRunning: true }).pseudonymKey).toBe(GATEWAY.HUB_PSEUDONYM_KEY);
});

describe("npx hub certs", () => {
  const of = (part: string): TlsFiles => {
    const path = (name: string) => join(trials, part, name);
    return { ca: path("ca.crt"), cert: path("tls.crt"), key: path("tls.key") };
  };
  test("makes what gateway and subgraphs need, keys for nobody else to read, and renews it under the same authority", async () => {
    expect(await certs(["--dir", trials])).toBe(0);
    const parts = ["hub-gateway", ...subgraphs.map(({ name }) => name)];
    const first = parts.map((part) => readCredentials(of(part)));
    expect(first).toHaveLength(7);
    for (const { endsAt } of first) expect(endsAt).toBeGreaterThan(Date.now() + 29 * 24 * 60 * 60 * 1000);
    for (const part of parts) expect(statSync(of(part).key).mode & 0o077, part).toBe(0);
    expect(statSync(join(trials, "authority.key")).mode & 0o077).toBe(0);
    expect(await certs(["--dir", trials, "--days", "2"])).toBe(0);
    const renewed = parts.map((part) => readCredentials(of(part)));
    expect(renewed.map(({ ca }) => ca)).toEqual(first.map(({ ca }) => ca));
    expect(renewed.map(({ cert }) => cert)).not.toEqual(first.map(({ cert }) => cert));
    expect(() => credentialsOf({ ...first[0], key: renewed[0]?.key ?? "" } as never, Date.now())).toThrow("is not the key");
  });
  test("is told how, or says so", async () => {
    for (const argv of [[], ["--dir", trials, "--days", "0"], ["--dir", trials, "--days", "9999"]])
      expect(await certs(argv)).toBe(2);
  });
});
