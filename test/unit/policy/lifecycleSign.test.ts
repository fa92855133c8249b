import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Decided, isApprovalSigned } from "../../../schema/policy/approval.ts";
import { devStewardSecret, keyIdOf, signerOf } from "../../../schema/policy/keys.ts";

const folder = mkdtempSync(join(tmpdir(), "hub-sign-"));
afterAll(() => rmSync(folder, { recursive: true }));

const sign = (args: readonly string[], env: string) => steward(["sign", ...args], env);
const steward = (args: readonly string[], env: string) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      ["cli/hub.js", "steward", ...args],
      { env: { ...process.env, HUB_ENV: env } },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
const decided: Decided = {
  agreement: "PKS-1",
  version: 2,
  owner: "BPS",
  capacity: "OWNER",
  decision: "APPROVED",
  contentSha256: "a".repeat(64),
};
const ASKED = [
  "--steward",
  "steward.bps",
  "--agreement",
  "PKS-1",
  "--version",
  "2",
  "--capacity",
  "OWNER",
  "--content",
  "a".repeat(64),
];

test("the development key signs what the steward decides, and nothing else", async () => {
  const { code, stdout } = await sign([...ASKED, "--decision", "REJECTED"], "dev");
  const { keyId, signature } = JSON.parse(stdout);
  const { publicKey, keyId: own } = signerOf(devStewardSecret("steward.bps"), "steward");
  const by = { key: { kind: "ED25519" as const, publicKey }, signature, origins: [] };
  expect([code, keyId]).toEqual([0, own]);
  expect(isApprovalSigned({ ...decided, decision: "REJECTED" }, by)).toBe(true);
  expect(isApprovalSigned(decided, by)).toBe(false);
});

test("a key file signs anywhere; development keys only on a development machine", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const file = join(folder, "key.pem");
  writeFileSync(file, privateKey.export({ format: "pem", type: "pkcs8" }));
  const spki = publicKey.export({ format: "der", type: "spki" }).toString("base64url");
  const { keyId, signature } = JSON.parse((await sign([...ASKED, "--key", file], "production")).stdout);
  expect(keyId).toBe(keyIdOf(spki));
  expect(isApprovalSigned(decided, { key: { kind: "ED25519", publicKey: spki }, signature, origins: [] })).toBe(true);
  expect(await sign(ASKED, "production")).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("--key") });
});

test("all that is missing is told at once", async () => {
  const { code, stderr } = await sign(["--version", "0"], "dev");
  expect(code).toBe(2);
  for (const option of ["steward", "agreement", "version", "capacity", "content", "owner"])
    expect(stderr).toContain(`--${option}`);
});

test("the development key of a steward is printed as a file that signs the same, and on no other machine", async () => {
  const { code, stdout: pem } = await steward(["key", "--steward", "steward.bps"], "dev");
  const file = join(folder, "printed.pem");
  writeFileSync(file, pem);
  expect(code).toBe(0);
  expect((await sign([...ASKED, "--key", file], "production")).stdout).toBe((await sign(ASKED, "dev")).stdout);
  expect(await steward(["key", "--steward", "steward.bps"], "production")).toMatchObject({ code: 1, stdout: "" });
  expect(await steward(["key"], "dev")).toMatchObject({ code: 2, stdout: "" });
});
