import type { LogSigner } from "../../drizzle/record/integrate.ts";
import type { Webhook } from "../../drizzle/watch/deliver.ts";
import { isDev } from "../../gateway/runtime/config.ts";
import { signerOf } from "../../schema/policy/keys.ts";
import { type NoteKey, noteKey, readVkey } from "../../schema/record/note.ts";
import { recordKeysOf, type YearKeys } from "../../schema/record/yearKeys.ts";
import { ConfigFaults, type Env, secretFrom } from "../../schema/settings.ts";

/** Who cosigns, and where it is asked. */
export interface WitnessAddress {
  readonly url: string;
  readonly key: NoteKey;
}

/** Who the log is, and who cosigns it. */
export interface LogNames {
  readonly by: LogSigner;
  readonly witnesses: readonly WitnessAddress[];
}

/** Settings of the log process, checked. */
export interface LogConfig extends LogNames {
  readonly host: string;
  readonly port: number;
  readonly recordKeys: YearKeys;
  readonly webhook: Webhook | null;
}

/** What only the log process reads, for the runbook's table. */
export const LOG_SETTINGS = {
  HUB_DATABASE_URL_LOG: {
    about: "PostgreSQL of governance as the role hub_log, which builds the tree of the record; or …_FILE",
    or: "",
  },
  HUB_LOG_KEY: {
    about: "secret of the key the log signs checkpoints with, 32 characters or more; or …_FILE",
    or: "known in dev",
  },
  HUB_LOG_ORIGIN: { about: "name of the log: first line of every checkpoint; never to change", or: "hub.example/record" },
  HUB_LOG_PORT: { about: "port of the log's checkpoints, tiles and metrics", or: "4006" },
  HUB_WITNESSES: { about: "who cosigns checkpoints: `<address>=<verifier key>`, by commas", or: "" },
  HUB_ALERT_WEBHOOK: { about: "address alerts of the watch are posted to; or …_FILE", or: "" },
  HUB_ALERT_SECRET: { about: "secret those are signed with, 32 characters or more; or …_FILE", or: "" },
} as const satisfies Record<string, { readonly about: string; readonly or: string }>;

const DEV_LOG_SECRET = "dtks-hub development key of the log";
const LEAST_CHARACTERS = 32;

/** Settings out of HUB_* variables. Throws ConfigFaults: every fault at once. Pure but for files named by …_FILE. */
export function readLogConfig(env: Env): LogConfig {
  const faults: string[] = [];
  const names = namesFrom(env, faults);
  const port = Number(env["HUB_LOG_PORT"] ?? LOG_SETTINGS.HUB_LOG_PORT.or);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) faults.push("HUB_LOG_PORT must be a whole number from 0 to 65535");
  const recordKeys = recordKeysOf(secretFrom(env, { name: "HUB_RECORD_KEYS", faults }), { isDev: isDev(env) });
  faults.push(...recordKeys.faults);
  const webhook = webhookFrom(env, faults);
  if (names === undefined || faults.length > 0) throw new ConfigFaults(faults);
  return { host: env["HUB_HOST"] ?? "127.0.0.1", port, ...names, recordKeys: recordKeys.keys, webhook };
}

/** What of them exports and verifiers need. Throws as readLogConfig does. */
export function readLogNames(env: Env): LogNames {
  const faults: string[] = [];
  const names = namesFrom(env, faults);
  if (names === undefined || faults.length > 0) throw new ConfigFaults(faults);
  return names;
}

/** Undefined, and a fault is added, when the log cannot be named. */
function namesFrom(env: Env, faults: string[]): LogNames | undefined {
  const secret = secretFrom(env, { name: "HUB_LOG_KEY", faults }) ?? (isDev(env) ? DEV_LOG_SECRET : "");
  if (secret.length < LEAST_CHARACTERS) faults.push(`HUB_LOG_KEY must have at least ${LEAST_CHARACTERS} characters`);
  if (!isDev(env) && secret === DEV_LOG_SECRET) faults.push("HUB_LOG_KEY is the development secret; make one of your own");
  const witnesses = witnessesFrom(env["HUB_WITNESSES"] ?? "", faults);
  const signer = signerOf(secret, "log");
  try {
    return {
      by: { signer, key: noteKey(signer, env["HUB_LOG_ORIGIN"] ?? LOG_SETTINGS.HUB_LOG_ORIGIN.or, "ED25519") },
      witnesses,
    };
  } catch {
    faults.push("HUB_LOG_ORIGIN must have no space and no plus");
    return undefined;
  }
}

function witnessesFrom(text: string, faults: string[]): WitnessAddress[] {
  const found = text.split(",").flatMap((part): WitnessAddress[] => {
    const [, url = "", vkey = ""] = /^\s*(https?:\/\/[^\s=]+)=(\S+)\s*$/.exec(part) ?? [];
    if (part.trim() === "") return [];
    try {
      const key = readVkey(vkey);
      if (url !== "" && key.type === "COSIGNATURE") return [{ url: url.replace(/\/$/, ""), key }];
    } catch {}
    faults.push(
      `HUB_WITNESSES must be <address>=<verifier key of a witness> by commas; "${part.trim()}" is not (npx hub witness key)`,
    );
    return [];
  });
  const names = found.map(({ key }) => key.name);
  for (const name of new Set(names.filter((name, at) => names.indexOf(name) !== at)))
    faults.push(`HUB_WITNESSES names ${name} twice: every witness has a name of its own`);
  return found;
}

function webhookFrom(env: Env, faults: string[]): Webhook | null {
  const [url, secret = ""] = [
    secretFrom(env, { name: "HUB_ALERT_WEBHOOK", faults }),
    secretFrom(env, { name: "HUB_ALERT_SECRET", faults }),
  ];
  if (url === undefined) return null;
  if (!/^https?:\/\/\S+$/.test(url)) faults.push("HUB_ALERT_WEBHOOK must be an http(s) address");
  if (secret.length < LEAST_CHARACTERS) faults.push(`HUB_ALERT_SECRET must have at least ${LEAST_CHARACTERS} characters`);
  return { url, secret };
}
