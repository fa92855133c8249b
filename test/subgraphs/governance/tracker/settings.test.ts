import { expect, test } from "vitest";
import { signerOf } from "../../../../schema/policy/keys.ts";
import { noteKey, vkeyOf } from "../../../../schema/record/note.ts";
import { devYearKeys } from "../../../../schema/record/yearKeys.ts";
import { ConfigFaults } from "../../../../schema/settings.ts";
import { readConfig } from "../../../../subgraphs/kit/serve/config.ts";

const secret = (of: string) => of.repeat(32);
const SOUND = {
  HUB_DATABASE_URL_GOVERNANCE: "postgres://hub_governance@127.0.0.1:1/none",
  HUB_ENVELOPE_SECRET_GOVERNANCE: secret("e"),
  HUB_POLICY_KEY: secret("p"),
  HUB_RECORD_KEYS: `2025:${secret("a")},2026:${secret("b")}`,
};
const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig("governance", env);
    return [];
  } catch (error) {
    return error instanceof ConfigFaults ? error.faults : [String(error)];
  }
};

test("governance holds a key for each year of the record that may still be told; nobody else does", () => {
  expect([...(readConfig("governance", SOUND).recordKeys ?? [])]).toEqual([
    [2025, secret("a")],
    [2026, secret("b")],
  ]);
  const welfare = {
    HUB_DATABASE_URL_WELFARE: SOUND.HUB_DATABASE_URL_GOVERNANCE,
    HUB_ENVELOPE_SECRET_WELFARE: secret("w"),
    HUB_ATTESTATION_KEY_WELFARE: secret("a"),
    HUB_EVIDENCE_URL: "file:///srv/evidence/",
  };
  expect(readConfig("welfare", welfare).recordKeys).toBeUndefined();
});

test("without keys, or with a short one, it does not start; in development it needs none", () => {
  const { HUB_RECORD_KEYS: _, ...without } = SOUND;
  expect(faultsOf(without)).toEqual([expect.stringMatching(/^HUB_RECORD_KEYS names no year/)]);
  expect(faultsOf({ ...SOUND, HUB_RECORD_KEYS: "2026:short" })).toEqual([
    "HUB_RECORD_KEYS year 2026: the secret must have at least 32 characters",
  ]);
  expect(readConfig("governance", { ...without, HUB_ENV: "dev" }).recordKeys?.get(2026)).toBe(devYearKeys().get(2026));
});

test("the log's verifier key is one, or is left out", () => {
  const key = noteKey(signerOf(secret("l"), "log"), "hub.example/record", "ED25519");
  expect(readConfig("governance", { ...SOUND, HUB_LOG_VKEY: vkeyOf(key) }).logKey).toEqual(key);
  expect(readConfig("governance", SOUND).logKey).toBeUndefined();
  expect(faultsOf({ ...SOUND, HUB_LOG_VKEY: "hub.example/record" })).toEqual([
    "HUB_LOG_VKEY must be a verifier key: <name>+<id>+<key>",
  ]);
});
