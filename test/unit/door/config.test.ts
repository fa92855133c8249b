import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createLogger } from "../../../gateway/audit/log.ts";
import { envelopeSecretsFor, readConfig } from "../../../gateway/runtime/config.ts";
import { SETTINGS } from "../../../gateway/runtime/settings.ts";
import { devEnvelopeSecret } from "../../../schema/caller.ts";
import { POLICY_KEY, signerOf } from "../../../schema/policy/keys.ts";
import { devYearKeys } from "../../../schema/record/yearKeys.ts";
import { ConfigFaults } from "../../../schema/settings.ts";

const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigFaults) return error.faults;
    throw error;
  }
};
const dev = {
  HUB_ENV: "dev",
  HUB_DATABASE_URL_GATEWAY: "postgres://hub_gateway@127.0.0.1/governance",
  HUB_DATABASE_URL_RECORD: "postgres://hub_record@127.0.0.1/governance",
};
const production = {
  HUB_DATABASE_URL_GATEWAY: "postgres://hub_gateway@db/governance",
  HUB_DATABASE_URL_RECORD: "postgres://hub_record@db/governance",
  HUB_OIDC_ISSUER: "https://issuer.example",
  HUB_RECORD_KEYS: `2026:${"r".repeat(32)}`,
  HUB_PSEUDONYM_KEY: "p".repeat(32),
  HUB_EVENTS_KEY: "e".repeat(32),
  HUB_POLICY_PUBLIC_KEYS: signerOf("s".repeat(32), POLICY_KEY).publicKey,
};

test("development needs a database and nothing else", () => {
  expect(readConfig(dev)).toMatchObject({
    env: "dev",
    host: "127.0.0.1",
    port: 4000,
    issuer: "http://127.0.0.1:4005",
    subgraphTimeoutMs: 5000,
  });
  expect(Object.isFrozen(readConfig(dev))).toBe(true);
});

test("production has no insecure default, and names all that is missing at once", () => {
  expect(faultsOf({}).map((fault) => fault.split(" ")[0])).toEqual([
    "HUB_OIDC_ISSUER",
    "HUB_DATABASE_URL_GATEWAY",
    "HUB_DATABASE_URL_RECORD",
    "HUB_RECORD_KEYS",
    "HUB_PSEUDONYM_KEY",
    "HUB_EVENTS_KEY",
    "HUB_POLICY_PUBLIC_KEYS",
  ]);
  expect(faultsOf(production)).toEqual([]);
});

test("the development defaults are refused where they are written out, too", () => {
  for (const [name, setting] of Object.entries(SETTINGS))
    if ("dev" in setting)
      expect(faultsOf({ ...production, [name]: setting.dev })).toEqual([
        `${name} is the development default; make one of your own`,
      ]);
  expect(() => envelopeSecretsFor(readConfig(production), ["welfare", "toy"])).toThrow(
    /HUB_ENVELOPE_SECRET_WELFARE is missing.*\n.*_TOY/,
  );
  const known = [...devYearKeys()].find(([year]) => year === 2026)?.join(":") ?? "";
  expect(faultsOf({ ...production, HUB_RECORD_KEYS: known })).not.toEqual([]);
  const copied = readConfig({ ...production, HUB_ENVELOPE_SECRET_WELFARE: devEnvelopeSecret("welfare") });
  expect(() => envelopeSecretsFor(copied, ["welfare"])).toThrow("development secret");
});

test.each([
  ["a typo", { HUB_PROT: "1" }, "HUB_PROT is no setting"],
  ["a port that is none", { HUB_PORT: "http" }, "HUB_PORT must be a port"],
  ["no time at all", { HUB_SUBGRAPH_TIMEOUT_MS: "0" }, "HUB_SUBGRAPH_TIMEOUT_MS must"],
  ["a short key", { HUB_RECORD_KEYS: "2026:short" }, "HUB_RECORD_KEYS year 2026: the secret must have at least 32"],
  ["a policy key that is none", { HUB_POLICY_PUBLIC_KEYS: "short" }, "HUB_POLICY_PUBLIC_KEYS must be public keys"],
  ["a short envelope secret", { HUB_ENVELOPE_SECRET_WELFARE: "short" }, "HUB_ENVELOPE_SECRET_WELFARE must have at least 32"],
  ["an address that is none", { HUB_SUBGRAPH_URL_WELFARE: "welfare" }, "HUB_SUBGRAPH_URL_WELFARE must be an http(s) address"],
  ["an environment that is none", { HUB_ENV: "development" }, "HUB_ENV must be dev or production"],
  ["a level that is none", { HUB_LOG_LEVEL: "loud" }, "HUB_LOG_LEVEL must"],
  ["a secret file that is not there", { HUB_PSEUDONYM_KEY_FILE: "/nowhere" }, "HUB_PSEUDONYM_KEY_FILE cannot be read"],
])("%s is a fault", (_, env, fault) => expect(faultsOf({ ...dev, ...env }).join("\n")).toContain(fault));

test("names that other parts of the hub read are no typos", () => {
  const others = {
    HUB_PORT_WELFARE: "1",
    HUB_DATABASE_URL: "x",
    HUB_DATABASE_URL_WELFARE: "x",
    HUB_DATABASE_OWNER_URL_WELFARE: "x",
    HUB_PG_DIR: "x",
    HUB_TEST_X: "1",
    HUB_POOL_SIZE: "1",
    HUB_SUBGRAPH_PORT: "1",
    HUB_ISSUER_PORT: "1",
    HUB_HOUSEHOLDS: "1",
  };
  expect(faultsOf({ ...dev, ...others })).toEqual([]);
});

describe("secrets", () => {
  const folder = mkdtempSync(join(tmpdir(), "hub-config-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "secret");
  writeFileSync(file, `${"f".repeat(40)}\n`);

  test("may come from files, also those of a subgraph", () => {
    const config = readConfig({ ...dev, HUB_PSEUDONYM_KEY_FILE: file, HUB_ENVELOPE_SECRET_WELFARE_FILE: file });
    expect(config.pseudonymKey).toBe("f".repeat(40));
    expect(envelopeSecretsFor(config, ["welfare"]).get("welfare")).toBe("f".repeat(40));
  });

  test("given twice are a fault", () => {
    expect(faultsOf({ ...dev, HUB_PSEUDONYM_KEY_FILE: file, HUB_PSEUDONYM_KEY: "r".repeat(32) })).toEqual([
      "HUB_PSEUDONYM_KEY and HUB_PSEUDONYM_KEY_FILE are both set: keep one",
    ]);
  });
});

test("gateway and subgraphs agree on the development secret without being told", () => {
  const secrets = envelopeSecretsFor(readConfig(dev), ["population", "welfare"]);
  expect(secrets).toEqual(new Map(["population", "welfare"].map((name) => [name, devEnvelopeSecret(name)])));
});

test("only checkpoints with a witness count, unless it is development or the settings say otherwise", () => {
  const witnessed = [dev, production, { ...production, HUB_RECORD_WITNESSED: "false" }, { ...dev, HUB_RECORD_WITNESSED: "true" }];
  expect(witnessed.map((env) => readConfig(env).recordLag.isWitnessed)).toEqual([false, true, false, true]);
  expect(readConfig(production).recordLag).toMatchObject({ alarmMs: 15 * 60_000, stopMs: 4 * 60 * 60_000 });
});

test("the public address is kept without a slash at its end, however it was written", () => {
  for (const HUB_PUBLIC_URL of ["https://hub.example", "https://hub.example/", "https://hub.example//"])
    expect(readConfig({ ...dev, HUB_PUBLIC_URL }).publicUrl).toBe("https://hub.example");
});

test("proxies to believe are named, or all, or none", () => {
  expect(
    ["true", "false", "10.0.0.0/8, ::1"].map((HUB_TRUST_PROXY) => readConfig({ ...dev, HUB_TRUST_PROXY }).trustProxy),
  ).toEqual([true, false, "10.0.0.0/8, ::1"]);
});

test("where people sign in, believing any proxy or none would make all visitors one network, or as many as they say: refused", () => {
  const faces = {
    ...production,
    HUB_PUBLIC_URL: "https://hub.example",
    HUB_SESSION_KEY: "k".repeat(32),
    HUB_CONSOLE_CLIENT_SECRET: "c",
    HUB_CITIZEN_CLIENT_SECRET: "w",
  };
  for (const env of [{}, { HUB_TRUST_PROXY: "false" }, { HUB_TRUST_PROXY: "TRUE" }, { HUB_TRUST_PROXY: "10.0.0.1, ::/0" }])
    expect(faultsOf({ ...faces, ...env })).toEqual([expect.stringContaining("HUB_TRUST_PROXY must list the addresses")]);
  expect(faultsOf({ ...faces, HUB_TRUST_PROXY: "10.0.0.0/8, ::1" })).toEqual([]);
  expect(faultsOf(production), "a gateway without pages").toEqual([]);
  expect(faultsOf(dev), "development").toEqual([]);
});

describe("the log", () => {
  const lines: string[] = [];
  const log = createLogger({ level: "info", write: (line) => lines.push(line) });
  const NIK = "3510012345679001";

  test("holds no NIK, wherever one hides", () => {
    const cause = new Error(`duplicate key (nik)=(${NIK})`);
    log.error(
      { requestId: "r1", err: Object.assign(new Error(`no row for ${NIK}`, { cause }), { parameters: [NIK], query: NIK }) },
      `failed at ${NIK}`,
    );
    log.info({ url: `/graphql?query={person(nik:"${NIK}")}`, deep: { er: { still: NIK } } }, "asked");
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toMatch(/\d{16}/);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      requestId: "r1",
      msg: "failed at [NIK]",
      err: { message: "no row for [NIK]", cause: { message: "duplicate key (nik)=([NIK])" } },
    });
    expect(lines[0]).not.toContain("parameters");
  });

  test("holds no credential, body or variable, even when handed one", () => {
    log.info(
      {
        authorization: "Bearer canary",
        request: { authorization: "Bearer canary", body: "canary", variables: { a: "canary" } },
        token: "canary",
      },
      "asked",
    );
    expect(lines.at(-1)).not.toContain("canary");
  });
});
