import {
  ATTESTING,
  type AttestationKeys,
  type Attesting,
  attestationSigner,
  devAttestationSecret,
} from "../../../schema/attestation.ts";
import { devEnvelopeSecret, envelopeSecretsIn } from "../../../schema/caller.ts";
import { DEV_POLICY_SECRET, publicKeyOf, type Signer } from "../../../schema/policy/keys.ts";
import { type NoteKey, readVkey } from "../../../schema/record/note.ts";
import { recordKeysOf, type YearKeys } from "../../../schema/record/yearKeys.ts";
import { ConfigFaults, type Env, isLoopback, secretFrom } from "../../../schema/settings.ts";
import { isByMesh, TLS_SETTINGS, type TlsFiles, tlsFrom } from "../../../schema/tls/credentials.ts";
import { LOG_LEVELS, type LogLevel } from "./log.ts";

/** Settings of one subgraph, checked. */
export interface SubgraphConfig {
  readonly env: "dev" | "production";
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  /** Of all slices but governance. */
  readonly replica: { readonly url: string; readonly lagMs: number } | undefined;
  /** One, or two by a comma. */
  readonly envelopeSecret: string;
  /** What the slice's own keys are derived from; undefined: its envelope secret. */
  readonly dataKey: string | undefined;
  /** Of governance only. */
  readonly policy: { readonly secret: string; readonly origins: readonly string[] } | undefined;
  /** Of governance only. */
  readonly recordKeys: YearKeys | undefined;
  /** Of governance only; undefined: signatures of checkpoints are left to who is shown them. */
  readonly logKey: NoteKey | undefined;
  /** Of all slices but governance. */
  readonly attestation: Attestation | undefined;
  /** Of welfare only: a folder (`file:`) or a bucket (`s3://…`) for evidence. */
  readonly evidenceUrl: string | undefined;
  /** Undefined: plain http. */
  readonly tls: SliceTls | undefined;
  /** Of one more port, for probes, which have no certificate; undefined: there is none. */
  readonly healthPort: number | undefined;
  /** How long it still takes requests once it is to end. */
  readonly drainGraceMs: number;
  /** Of the metrics; undefined: they have none of their own. */
  readonly metricsPort: number | undefined;
  /** Collector of traces; undefined: none are made. */
  readonly traces: string | undefined;
  readonly poolSize: number;
  readonly logLevel: LogLevel;
}

/** Who the slice is, whom it believes, and the one name it lets in. */
export interface SliceTls {
  readonly files: TlsFiles;
  /** What the gateway's certificate must carry. */
  readonly client: string;
}

/** What a slice attests with, and whose attestations it believes. */
export interface Attestation {
  readonly signer: Signer;
  readonly keys: AttestationKeys;
}

const MIN_SECRET_LENGTH = 32;

/** Every setting of a subgraph, for the runbook's table; `<SLICE>` is its name in capitals. */
export const SETTINGS = {
  HUB_ENV: { about: "`dev` allows the insecure defaults", or: "production" },
  HUB_HOST: { about: "address to listen on", or: "127.0.0.1" },
  "HUB_PORT_<SLICE>": { about: "port of one subgraph", or: "HUB_SUBGRAPH_PORT" },
  HUB_SUBGRAPH_PORT: { about: "port of the subgraph, where it runs alone", or: "4001 to 4004, 4007, 4008" },
  "HUB_DATABASE_URL_<SLICE>": { about: "PostgreSQL of the slice, as role hub_<slice>; or …_FILE", or: "" },
  "HUB_DATABASE_READ_URL_<SLICE>": {
    about: "streaming replica of it, as the same role, that questions go to; not for governance; or …_FILE",
    or: "",
  },
  HUB_REPLICA_LAG_MS: { about: "a replica further behind is not asked; the primary is", or: "1000" },
  "HUB_ENVELOPE_SECRET_<SLICE>": {
    about:
      "secret shared with the gateway, 32 characters or more; two by a comma while one follows the other; or …_FILE, read again each second",
    or: "known in dev",
  },
  "HUB_DATA_KEY_<SLICE>": {
    about:
      "what cursors, roundings and seals of the slice are derived from, for ever; unset: its envelope secret, which then cannot be exchanged; or …_FILE",
    or: "",
  },
  HUB_POLICY_KEY: {
    about: "governance: secret of the key that signs decision tables, 32 characters or more; or …_FILE",
    or: "known in dev",
  },
  HUB_RECORD_KEYS: {
    about: "governance: keys of the subject tags by year, `2026:<secret>,2027:<secret>`, as the gateway has them; or …_FILE",
    or: "known in dev",
  },
  HUB_LOG_VKEY: {
    about:
      "governance: verifier key of the record's log, `<name>+<id>+<key>`; without it receipts are verified but for the log's signature",
    or: "",
  },
  "HUB_ATTESTATION_KEY_<SLICE>": {
    about:
      "population, welfare, programs: secret of the key that signs what the slice says to others, 32 characters or more; or …_FILE",
    or: "known in dev",
  },
  HUB_ATTESTATION_PUBLIC_KEYS: {
    about: "public keys of the other slices' attestations, `population=<SPKI as base64url>,welfare=<…>`",
    or: "known in dev",
  },
  HUB_EVIDENCE_URL: {
    about: "welfare: where evidence is kept, a folder (`file:///…`) or a bucket (`s3://<bucket>?endpoint=…&region=…`)",
    or: "`.hub/evidence` in dev",
  },
  HUB_EVIDENCE_ACCESS_KEY: { about: "welfare: access key of the bucket; or …_FILE", or: "" },
  HUB_EVIDENCE_SECRET_KEY: { about: "welfare: secret key of the bucket; or …_FILE", or: "" },
  ...TLS_SETTINGS,
  HUB_TLS_CLIENT: { about: "name the gateway's certificate must carry, DNS name or URI of its SAN", or: "hub-gateway" },
  HUB_HEALTH_PORT: {
    about: "port for probes where TLS is on: plain http, `GET /health` and nothing else; of a subgraph that runs alone",
    or: "",
  },
  HUB_CONSOLE_ORIGINS: { about: "governance: origins whose WebAuthn signatures count, by commas", or: "" },
  "HUB_METRICS_PORT_<SLICE>": { about: "port of one subgraph's metrics", or: "HUB_METRICS_PORT" },
  HUB_METRICS_PORT: {
    about: "port of `/metrics` and `/health`; unset: no metrics, but in dev on the part's own port",
    or: "",
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: { about: "collector that traces are sent to (OTLP over HTTP); unset: none are made", or: "" },
  HUB_DRAIN_GRACE_MS: {
    about: "how long a shutdown still takes requests, unready, so that balancers notice; unset: 3000, in development 0",
    or: "",
  },
  HUB_POOL_SIZE: { about: "connections of one subgraph to PostgreSQL", or: "10" },
  HUB_LOG_LEVEL: { about: "least level logged", or: "info" },
} as const satisfies Record<string, { readonly about: string; readonly or: string }>;

/** Settings of `slice` out of HUB_* variables. Throws ConfigFaults. Pure but for files named by …_FILE. */
export function readConfig(slice: string, env: Env): SubgraphConfig {
  const faults: string[] = [];
  const suffix = slice.toUpperCase();
  const databaseUrl = secretFrom(env, { name: `HUB_DATABASE_URL_${suffix}`, faults }) ?? "";
  if (!/^postgres(ql)?:\/\//.test(databaseUrl))
    faults.push(`HUB_DATABASE_URL_${suffix} must be a postgres:// address of the role hub_${slice}`);
  const replica = replicaFrom(env, { slice, faults });
  const { envelopeSecret, dataKey } = envelopeSecretFrom(env, { slice, faults });
  const logLevel = (env["HUB_LOG_LEVEL"] ?? "info") as LogLevel;
  if (!LOG_LEVELS.includes(logLevel)) faults.push(`HUB_LOG_LEVEL must be one of ${LOG_LEVELS.join(", ")}`);
  const portName = env[`HUB_PORT_${suffix}`] === undefined ? "HUB_SUBGRAPH_PORT" : `HUB_PORT_${suffix}`;
  const port = wholeFrom(env, { name: portName, or: DEFAULT_PORTS[slice] ?? 0, range: [0, 65_535], faults });
  const poolSize = wholeFrom(env, { name: "HUB_POOL_SIZE", or: 10, range: [1, 1_000], faults });
  const host = env["HUB_HOST"] ?? "127.0.0.1";
  if (envelopeSecretsIn(envelopeSecret).includes(devEnvelopeSecret(slice)) && !isLoopback(host))
    faults.push(
      `HUB_HOST opens ${slice} to other machines under the development secret: keep it on 127.0.0.1, or make a HUB_ENVELOPE_SECRET_${suffix} of your own for it and the gateway`,
    );
  const reaching = { ...reachingFrom(env, { host, faults }), ...observedFrom(env, { slice, faults }) };
  const governing = slice === "governance" ? governingFrom(env, faults) : NOT_GOVERNING;
  const exchanging = exchangingFrom(env, { slice, faults });
  if (faults.length > 0) throw new ConfigFaults(faults);
  const read = {
    host,
    port,
    databaseUrl,
    replica,
    envelopeSecret,
    dataKey,
    ...reaching,
    ...governing,
    ...exchanging,
    poolSize,
    logLevel,
  };
  return Object.freeze({ env: isDev(env) ? "dev" : "production", ...read });
}

const isDev = (env: Env): boolean => env["HUB_ENV"] === "dev";

function reachingFrom(
  env: Env,
  { host, faults }: { host: string; faults: string[] },
): Pick<SubgraphConfig, "tls" | "healthPort" | "drainGraceMs"> {
  const files = tlsFrom(env, { faults });
  const isMeshed = isByMesh(env, faults);
  if (!files && !isDev(env) && !isMeshed && !isLoopback(host))
    faults.push(
      "HUB_HOST opens the subgraph to other machines by plain http: HUB_TLS_CA_FILE, HUB_TLS_CERT_FILE and HUB_TLS_KEY_FILE let the gateway in alone; HUB_TLS_BY_MESH=true where a service mesh does",
    );
  const asked = { name: "HUB_HEALTH_PORT", or: 0, range: [0, 65_535], faults } as const;
  const healthPort = env["HUB_HEALTH_PORT"] ? wholeFrom(env, asked) : undefined;
  const grace = { name: "HUB_DRAIN_GRACE_MS", or: isDev(env) ? 0 : 3_000, range: [0, 600_000], faults } as const;
  const drainGraceMs = env[grace.name] ? wholeFrom(env, grace) : grace.or;
  return { tls: files && { files, client: env["HUB_TLS_CLIENT"] || "hub-gateway" }, healthPort, drainGraceMs };
}

function observedFrom(env: Env, { slice, faults }: OfSlice): Pick<SubgraphConfig, "metricsPort" | "traces"> {
  const own = `HUB_METRICS_PORT_${slice.toUpperCase()}`;
  const name = env[own] ? own : "HUB_METRICS_PORT";
  const metricsPort = env[name] ? wholeFrom(env, { name, or: 0, range: [0, 65_535], faults }) : undefined;
  const traces = env["OTEL_EXPORTER_OTLP_ENDPOINT"] || undefined;
  if (traces !== undefined && !/^https?:\/\/[^\s?#]+$/.test(traces))
    faults.push("OTEL_EXPORTER_OTLP_ENDPOINT must be an http(s) address");
  return { metricsPort, traces };
}

/** The envelope secrets as they are now. Throws ConfigFaults. */
export function rereadSecret(slice: string, env: Env): string {
  const faults: string[] = [];
  const { envelopeSecret } = envelopeSecretFrom(env, { slice, faults });
  if (faults.length > 0) throw new ConfigFaults(faults);
  return envelopeSecret;
}

function envelopeSecretFrom(env: Env, { slice, faults }: { slice: string; faults: string[] }) {
  const name = `HUB_ENVELOPE_SECRET_${slice.toUpperCase()}`;
  const known = devEnvelopeSecret(slice);
  const envelopeSecret = secretFrom(env, { name, faults }) ?? (isDev(env) ? known : "");
  const secrets = envelopeSecretsIn(envelopeSecret);
  const isShort = ({ length }: string) => length < MIN_SECRET_LENGTH;
  if (secrets.length === 0 || secrets.some(isShort))
    faults.push(`${name} must have at least ${MIN_SECRET_LENGTH} characters; the gateway needs the same`);
  if (!isDev(env) && secrets.includes(known)) faults.push(`${name} is the development secret; make one of your own`);
  if (secrets.length > 2) faults.push(`${name} holds more than two secrets: drop those that no gateway uses any more`);
  return { envelopeSecret, dataKey: dataKeyFrom(env, { slice, secrets, faults }) };
}

function dataKeyFrom(
  env: Env,
  { slice, secrets, faults }: OfSlice & { readonly secrets: readonly string[] },
): string | undefined {
  const name = `HUB_DATA_KEY_${slice.toUpperCase()}`;
  const dataKey = secretFrom(env, { name, faults });
  if (dataKey !== undefined && dataKey.length < MIN_SECRET_LENGTH)
    faults.push(`${name} must have at least ${MIN_SECRET_LENGTH} characters`);
  if (!isDev(env) && dataKey === devEnvelopeSecret(slice)) faults.push(`${name} is the development secret; make one of your own`);
  if (dataKey === undefined && secrets.length > 1)
    faults.push(
      `${name} is missing: before HUB_ENVELOPE_SECRET_${slice.toUpperCase()} is exchanged give it the secret of today, from which keys of the slice are derived`,
    );
  return dataKey;
}

/** Policy, restrictions and record may never lag: of governance there is the primary alone. */
function replicaFrom(env: Env, { slice, faults }: OfSlice): SubgraphConfig["replica"] {
  const name = `HUB_DATABASE_READ_URL_${slice.toUpperCase()}`;
  const url = secretFrom(env, { name, faults });
  const lagMs = wholeFrom(env, { name: "HUB_REPLICA_LAG_MS", or: 1000, range: [50, 10_000], faults });
  if (!url) return undefined;
  if (slice === "governance") faults.push(`${name}: policy and record are read where they are written; unset it`);
  if (!/^postgres(ql)?:\/\//.test(url)) faults.push(`${name} must be a postgres:// address of the role hub_${slice}`);
  return { url, lagMs };
}

interface OfSlice {
  readonly slice: string;
  readonly faults: string[];
}

const exchangingFrom = (env: Env, of: OfSlice) => ({
  attestation: ATTESTING.some((name) => name === of.slice) ? attestationFrom(env, of) : undefined,
  evidenceUrl: of.slice === "welfare" ? evidenceFrom(env, of.faults) : undefined,
});

export function attestationFrom(env: Env, { slice, faults }: OfSlice): Attestation {
  const name = `HUB_ATTESTATION_KEY_${slice.toUpperCase()}`;
  const known = devAttestationSecret(slice);
  const secret = secretFrom(env, { name, faults }) ?? (isDev(env) ? known : "");
  if (secret.length < MIN_SECRET_LENGTH) faults.push(`${name} must have at least ${MIN_SECRET_LENGTH} characters`);
  if (!isDev(env) && secret === known) faults.push(`${name} is the development secret; make one of your own`);
  return { signer: attestationSigner(secret), keys: attestationKeysFrom(env, faults) };
}

function attestationKeysFrom({ HUB_ATTESTATION_PUBLIC_KEYS: text, ...env }: Env, faults: string[]): AttestationKeys {
  if (text === undefined && isDev(env)) return devAttestationKeys();
  const keys: Partial<Record<Attesting, string>> = {};
  for (const entry of (text ?? "").split(",").filter(Boolean)) {
    const [, name = "", key = ""] = /^(\w+)=([\w-]+)$/.exec(entry) ?? [];
    if (!ATTESTING.some((one) => one === name) || !isPublicKey(key))
      faults.push("HUB_ATTESTATION_PUBLIC_KEYS: each entry is <slice>=<public key as base64url>");
    else keys[name as Attesting] = key;
  }
  return keys;
}

/** Public keys of the development secrets. */
export const devAttestationKeys = (): AttestationKeys =>
  Object.fromEntries(ATTESTING.map((name) => [name, attestationSigner(devAttestationSecret(name)).publicKey]));

function isPublicKey(key: string): boolean {
  try {
    return publicKeyOf(key).asymmetricKeyType === "ed25519";
  } catch {
    return false;
  }
}

/** The address of the store, of a bucket with its keys in it. */
function evidenceFrom(env: Env, faults: string[]): string {
  const text = env["HUB_EVIDENCE_URL"] ?? (isDev(env) ? new URL(".hub/evidence/", `file://${process.cwd()}/`).href : "");
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === "file:") return text;
  if (url?.protocol === "s3:" && url.hostname !== "") return withKeys(url, env, faults);
  faults.push("HUB_EVIDENCE_URL must be a file: or s3: address");
  return "";
}

function withKeys(url: URL, env: Env, faults: string[]): string {
  url.username = secretFrom(env, { name: "HUB_EVIDENCE_ACCESS_KEY", faults }) ?? "";
  url.password = secretFrom(env, { name: "HUB_EVIDENCE_SECRET_KEY", faults }) ?? "";
  if (!url.username || !url.password) faults.push("HUB_EVIDENCE_ACCESS_KEY and HUB_EVIDENCE_SECRET_KEY: a bucket needs both");
  return url.href;
}

const NOT_GOVERNING = { policy: undefined, recordKeys: undefined, logKey: undefined };
const governingFrom = (env: Env, faults: string[]) => ({
  policy: policyFrom(env, faults),
  recordKeys: recordKeysFrom(env, faults),
  logKey: logKeyFrom(env, faults),
});

function logKeyFrom({ HUB_LOG_VKEY: vkey }: Env, faults: string[]): NoteKey | undefined {
  if (!vkey) return undefined;
  try {
    return readVkey(vkey);
  } catch {
    faults.push("HUB_LOG_VKEY must be a verifier key: <name>+<id>+<key>");
    return undefined;
  }
}

function policyFrom(env: Env, faults: string[]): { secret: string; origins: readonly string[] } {
  const secret = policySecret(env, faults);
  const origins = (env["HUB_CONSOLE_ORIGINS"] ?? "").split(",").filter(Boolean);
  for (const origin of origins)
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) faults.push(`HUB_CONSOLE_ORIGINS: ${origin} is no origin`);
  return { secret, origins };
}

/** Keys of the record's subject tags, for whoever reads them. */
function recordKeysFrom(env: Env, faults: string[]): YearKeys {
  const { keys, faults: found } = recordKeysOf(secretFrom(env, { name: "HUB_RECORD_KEYS", faults }), { isDev: isDev(env) });
  faults.push(...found);
  return keys;
}

/** Secret of governance's key, for whoever signs in its name. */
export function policySecret(env: Env, faults: string[]): string {
  const secret = secretFrom(env, { name: "HUB_POLICY_KEY", faults }) ?? (isDev(env) ? DEV_POLICY_SECRET : "");
  if (secret.length < MIN_SECRET_LENGTH) faults.push(`HUB_POLICY_KEY must have at least ${MIN_SECRET_LENGTH} characters`);
  if (!isDev(env) && secret === DEV_POLICY_SECRET) faults.push("HUB_POLICY_KEY is the development secret; make one of your own");
  return secret;
}

interface Whole {
  readonly name: string;
  readonly or: number;
  readonly range: readonly [min: number, max: number];
  readonly faults: string[];
}

function wholeFrom(env: Env, { name, or, range: [min, max], faults }: Whole): number {
  const value = Number(env[name] ?? or);
  if (!Number.isInteger(value) || value < min || value > max) faults.push(`${name} must be a whole number from ${min} to ${max}`);
  return value;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  population: 4001,
  welfare: 4002,
  programs: 4003,
  governance: 4004,
  banyuwangi: 4007,
  statistics: 4008,
};
