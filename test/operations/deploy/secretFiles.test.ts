import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { withFiles } from "../../../cli/data/databases.ts";
import { rows } from "../../../cli/operations/settings.ts";
import { readLogConfig } from "../../../cli/record/settings.ts";
import { setting } from "../../../cli/remote/credentials.ts";
import { courierSecret } from "../../../cli/slices/registry/courier.ts";
import { readConfig as readGateway } from "../../../gateway/runtime/config.ts";
import { ConfigFaults, type Env, exposedFiles, secretFrom } from "../../../schema/settings.ts";
import { readConfig as readSubgraph } from "../../../subgraphs/kit/serve/config.ts";

// Orchestrators hand secrets over as files. Every secret setting of every part takes them.

const folder = mkdtempSync(join(tmpdir(), "hub-secrets-"));
afterAll(() => rmSync(folder, { recursive: true }));
function fileOf(text: string, mode = 0o600): string {
  const path = join(folder, String(Math.random()));
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return path;
}

const SECRETS = rows().filter(({ about }) => about.includes("…_FILE"));
const POSTGRES = "postgres://somebody:geheim@127.0.0.1/somewhere";
const DEV = {
  HUB_ENV: "dev",
  HUB_DATABASE_URL_GATEWAY: "postgres://hub_gateway@127.0.0.1/governance",
  HUB_DATABASE_URL_RECORD: "postgres://hub_record@127.0.0.1/governance",
  HUB_DATABASE_URL_WELFARE: "postgres://hub_welfare@127.0.0.1/welfare",
  HUB_DATABASE_URL_GOVERNANCE: "postgres://hub_governance@127.0.0.1/governance",
};
const BUCKET = {
  HUB_EVIDENCE_URL: "s3://bucket?endpoint=https://s3.example&region=id",
  HUB_EVIDENCE_ACCESS_KEY: "access",
  HUB_EVIDENCE_SECRET_KEY: "secret",
};
const ALERTS = { HUB_ALERT_WEBHOOK: "https://alerts.example/", HUB_ALERT_SECRET: "a".repeat(32) };

/** What a good value is, other than the one it has in development. */
function sampleOf(name: string): string {
  if (name.includes("DATABASE") && name.includes("URL")) return POSTGRES;
  if (name === "HUB_RECORD_KEYS") return `2026:${"r".repeat(32)}`;
  if (name === "HUB_DCI_SENDERS") return JSON.stringify({ "mitra.example": { client: "bpjs-kesehatan" } });
  if (name === "HUB_ALERT_WEBHOOK") return "https://alerts.example/other";
  return "s".repeat(40);
}

const databasesIn = (env: Env) =>
  Object.entries(env).filter(([name, value]) => name.startsWith("HUB_DATABASE_") && value !== undefined);
function courierIn(env: Env): string {
  const faults: string[] = [];
  const secret = courierSecret({ HUB_ENV: "dev", ...env }, faults);
  if (faults.length > 0) throw new ConfigFaults(faults);
  return secret;
}

/** Readers of a setting's part, and what each needs besides. */
const READERS: Readonly<Record<string, (env: Env) => unknown>> = {
  gateway: (env) => readGateway({ ...DEV, ...env }),
  subgraph: (env) => [readSubgraph("welfare", { ...DEV, ...BUCKET, ...env }), readSubgraph("governance", { ...DEV, ...env })],
  log: (env) => [readLogConfig({ ...DEV, ...ALERTS, ...env }), withFiles(env)["HUB_DATABASE_URL_LOG"]],
  commands: (env) => [databasesIn(withFiles(env)), courierIn(env), setting("HUB_TOKEN", env), setting("HUB_CLIENT_SECRET", env)],
};

/** What was read, as text; without the setting where it is read no further. */
const read = (of: string, env: Env): string =>
  JSON.stringify(READERS[of]?.(env), (_, value: unknown) => (value instanceof Map ? [...value] : value));

const NEITHER: Readonly<Record<string, undefined>> = Object.fromEntries(
  [...Object.keys(DEV), ...Object.keys(BUCKET), ...Object.keys(ALERTS)].flatMap((name) =>
    name === "HUB_ENV" ? [] : [[name, undefined]],
  ),
);

describe("every secret may be given as a file", () => {
  test("and all settings that are secrets are known", () => {
    expect(SECRETS.length).toBeGreaterThan(25);
    const looks = rows().filter(({ name }) => /SECRET|KEY|DATABASE_|PASSWORD|TOKEN|WEBHOOK/.test(name));
    const open = looks.filter(({ name }) => !SECRETS.some((one) => one.name === name)).map(({ name }) => name);
    expect(open.sort()).toEqual(["HUB_ATTESTATION_PUBLIC_KEYS", "HUB_LOG_VKEY", "HUB_TLS_KEY_FILE"]);
  });

  test.each(SECRETS.flatMap(({ name, of }) => of.split(", ").map((part) => [name.replace("<SLICE>", "WELFARE"), part] as const)))(
    "%s of %s",
    (name, part) => {
      const value = sampleOf(name);
      const without = { [name]: NEITHER[name] };
      const direct = read(part, { ...without, [name]: value });
      expect(read(part, { ...without, [`${name}_FILE`]: fileOf(`${value}\n`) })).toBe(direct);
      const known = read(part, { [name]: DEV[name as keyof typeof DEV] ?? { ...BUCKET, ...ALERTS }[name] });
      expect(direct, "the setting is read at all").not.toBe(known);
      expect(() => read(part, { ...without, [name]: value, [`${name}_FILE`]: fileOf(value) })).toThrow("both set");
    },
  );
});

const faultsOf = (env: Env): readonly string[] => {
  const faults: string[] = [];
  secretFrom(env, { name: "HUB_X", faults });
  return faults;
};

test("of a file the ends of lines around the secret do not count; an empty or missing file is a fault", () => {
  expect(secretFrom({ HUB_X_FILE: fileOf("\r\n geheim \r\n\n") }, { name: "HUB_X", faults: [] })).toBe("geheim");
  expect(faultsOf({ HUB_X_FILE: fileOf("\n") })).toEqual(["HUB_X_FILE is empty"]);
  expect(faultsOf({ HUB_X_FILE: join(folder, "nowhere") })).toEqual(["HUB_X_FILE cannot be read"]);
  expect(() => readGateway({ ...DEV, HUB_PSEUDONYM_KEY_FILE: fileOf("") })).toThrow(ConfigFaults);
});

test("a file that everybody can read is told of, by the setting's name; certificates may be read", () => {
  const env = {
    HUB_PSEUDONYM_KEY_FILE: fileOf("x", 0o644),
    HUB_TLS_KEY_FILE: fileOf("x", 0o604),
    HUB_TLS_CERT_FILE: fileOf("x", 0o644),
    HUB_TLS_CA_FILE: fileOf("x", 0o644),
    HUB_RECORD_KEYS_FILE: fileOf("x", 0o640),
    HUB_EVENTS_KEY_FILE: fileOf("x", 0o600),
    HUB_SESSION_KEY_FILE: "/nowhere",
    OTHER_FILE: fileOf("x", 0o644),
  };
  expect(exposedFiles(env).map((told) => /HUB_\w+/.exec(told)?.[0])).toEqual(["HUB_PSEUDONYM_KEY_FILE", "HUB_TLS_KEY_FILE"]);
  const told = spawnSync(process.execPath, ["cli/hub.js", "settings"], { env: { ...process.env, ...env }, encoding: "utf8" });
  expect(told.status).toBe(0);
  expect(told.stderr).toContain("the file of HUB_PSEUDONYM_KEY_FILE can be read by everybody");
});
