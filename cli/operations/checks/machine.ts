import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { isDev } from "../../../gateway/runtime/config.ts";
import type { Env } from "../../../schema/settings.ts";
import { readCredentials } from "../../../schema/tls/credentials.ts";
import { dataDir } from "../../data/databases.ts";
import type { Check } from "./finding.ts";

const GIB = 1024 ** 3;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Space below which a disk is bad, and of the whole. */
const LEAST = { bytes: GIB, share: 0.05 };
/** Days a certificate has left when it is to be renewed at the latest. */
const LEAST_DAYS = 14;

export const node: Check = async (_, said) => {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const { engines } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
    engines: { node: string };
  };
  const isFit = major >= 24 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
  if (!isFit) said.bad("Node", process.versions.node, `install Node ${engines.node}`);
  else if (major < 24) said.note("Node", `${process.versions.node} runs; 24 takes about a quarter less processor time`);
  else said.good("Node", process.versions.node);
};

export const disks: Check = async ({ env }, said) => {
  for (const [what, folder] of foldersOf(env)) {
    if (!existsSync(folder)) continue;
    const { bavail, blocks, bsize } = statfsSync(folder);
    const seen = `${((bavail * bsize) / GIB).toFixed(1)} GB free for ${what}`;
    if (bavail * bsize < LEAST.bytes || bavail / blocks < LEAST.share) said.bad("disk", seen, `make room for ${what}`);
    else said.good("disk", seen);
  }
};

const foldersOf = (env: Env): (readonly [what: string, folder: string])[] => {
  const evidence = env["HUB_EVIDENCE_URL"]?.startsWith("file:") ? fileURLToPath(env["HUB_EVIDENCE_URL"]) : "";
  return [
    ["temporary files", tmpdir()] as const,
    ["HUB_DATA_DIR", dataDir(env)] as const,
    ["HUB_EXPORT_DIR", env["HUB_EXPORT_DIR"] ?? ""] as const,
    ["HUB_EVIDENCE_URL", evidence] as const,
  ].filter(([, folder]) => folder !== "");
};

export const exportFolder: Check = async ({ env }, said) => {
  const folder = env["HUB_EXPORT_DIR"];
  if (!folder)
    return said.skipped(
      "folder of exports",
      isDev(env) ? "npx hub start makes its own" : "HUB_EXPORT_DIR is not set: no files of rows",
    );
  const todo = "make it, for the user of the gateways alone: mkdir -m 700";
  if (!existsSync(folder)) return said.bad("folder of exports", "HUB_EXPORT_DIR is not there", todo);
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return said.bad("folder of exports", "HUB_EXPORT_DIR cannot be written by this user", todo);
  }
  if ((statSync(folder).mode & 0o007) !== 0)
    said.bad("folder of exports", "everybody on this machine may enter HUB_EXPORT_DIR", "chmod o= on it");
  else said.good("folder of exports", "writable, and closed to others");
};

export const certificates: Check = async ({ env, now }, said) => {
  const [ca, cert, key] = [env["HUB_TLS_CA_FILE"], env["HUB_TLS_CERT_FILE"], env["HUB_TLS_KEY_FILE"]];
  if (!ca || !cert || !key)
    return said.skipped("certificate", isDev(env) ? "none is needed on one machine" : "HUB_TLS_… names none on this host");
  const days = Math.floor((readCredentials({ ca, cert, key }).endsAt - now()) / DAY_MS);
  if (days < LEAST_DAYS)
    said.bad(
      "certificate",
      `${days} days left`,
      "renew HUB_TLS_CERT_FILE and HUB_TLS_KEY_FILE in place: processes take them over",
    );
  else said.good("certificate", `${days} days left`);
};
