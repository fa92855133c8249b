import { devEnvelopeSecret, envelopeSecretsIn } from "../../schema/caller.ts";
import { recordKeysOf, type YearKeys } from "../../schema/record/yearKeys.ts";
import { ConfigFaults, type Env, isLoopback, secretFrom } from "../../schema/settings.ts";
import { type TlsFiles, tlsFrom } from "../../schema/tls/credentials.ts";
import { type Senders, sendersIn } from "../border/dci/envelope/senders.ts";
import type { RateLimits } from "../types/rates.ts";
import { OTHERS, PER_SUBGRAPH, SETTINGS, type Setting } from "./settings.ts";

/** Settings of a gateway, checked. */
export interface GatewayConfig {
  readonly env: "dev" | "production";
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly databaseUrl: string;
  readonly recordDatabaseUrl: string;
  /** File of the supergraph SDL. */
  readonly supergraph: string;
  /** Addresses that stand in for those of the supergraph, by subgraph. */
  readonly subgraphUrls: ReadonlyMap<string, string>;
  readonly envelopeSecrets: ReadonlyMap<string, string>;
  readonly tls: SubgraphTls;
  /** Keys of the tags of subjects and the marks of variables, by year. */
  readonly recordKeys: YearKeys;
  /** How old the oldest entry may become that no checkpoint covers, or with witnesses no cosigned one. */
  readonly recordLag: { readonly alarmMs: number; readonly stopMs: number; readonly isWitnessed: boolean };
  /** Public keys of governance that decision tables may be signed with. */
  readonly policyKeys: readonly string[];
  /** Master of the pairwise pseudonyms. */
  readonly pseudonymKey: string;
  /** Secret of the key that webhooks are signed with. */
  readonly eventsKey: string;
  /** Pause before a webhook is tried the second time; each further one is four times as long, at most five hours. */
  readonly webhookRetryMs: number;
  /** How often a webhook is tried before it is given up. */
  readonly webhookAttempts: number;
  /** How messages of the DCI standard are signed and believed; null: it is not served. */
  readonly dci: DciConfig | null;
  readonly subgraphTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** Most requests answered at one time. */
  readonly concurrentMax: number;
  /** How often an agreement may ask. */
  readonly rates: RateLimits;
  /** Which documents an agreement without a rule of its own takes. */
  readonly documents: "agreed" | "trusted";
  readonly upload: { readonly maxBytes: number; readonly idleMs: number };
  /** Folder of the sealed files of exports; null: no file of rows is made. */
  readonly exportDir: string | null;
  readonly drainMs: number;
  /** How long a shutdown still takes new requests. */
  readonly drainGraceMs: number;
  readonly logLevel: string;
  /** Port of the metrics; null: none of their own. */
  readonly metricsPort: number | null;
  /** Collector of traces; null: none are made. */
  readonly traces: string | null;
  readonly trustProxy: boolean | string;
  /** How people sign in; null: no pages are served. */
  readonly signIn: SignIn | null;
}

export interface DciConfig {
  /** Secret of the key that messages are signed with. */
  readonly key: string;
  /** Who the hub is as sender and receiver. */
  readonly id: string;
  readonly senders: Senders;
}

/** TLS to the subgraphs. */
export interface SubgraphTls {
  /** Who the gateway is to them, and whom it believes; undefined: none is asked by https. */
  readonly files: TlsFiles | undefined;
  /** What a subgraph's certificate must carry, where that is not its own name. */
  readonly names: ReadonlyMap<string, string>;
  /** A service mesh does what TLS would. */
  readonly isByMesh: boolean;
}

export interface SignIn {
  /** Secret that sessions of browsers are sealed with. */
  readonly sessionKey: string;
  /** Clients of the issuer that people sign in through. */
  readonly clients: Readonly<Record<"console" | "warga", { readonly id: string; readonly secret: string }>>;
  /** Agreement that citizens' pages ask under in nobody's name. */
  readonly agreement: string;
  /** How citizens reach whoever runs the hub. */
  readonly contact: Readonly<Partial<Record<"telephone" | "email" | "address", string>>>;
  /** Where the record's log serves; absent: its proofs are not handed on. */
  readonly logUrl?: string;
  /** File of boundaries; absent: none. */
  readonly map?: string;
}

/** Development, where insecure defaults are allowed? Unset means production. */
export const isDev = (env: Env = process.env): boolean => env["HUB_ENV"] === "dev";

/** Address of the issuer for commands that only need that. */
export const issuerUrl = (env: Env = process.env): string =>
  env["HUB_OIDC_ISSUER"] ?? `http://127.0.0.1:${env["HUB_ISSUER_PORT"] ?? 4005}`;

type Name = keyof typeof SETTINGS;

/** Settings out of HUB_* variables. Throws ConfigFaults. Pure but for the files that `<name>_FILE` points to. */
export function readConfig(env: Env = process.env, { isRunning = false } = {}): GatewayConfig {
  const faults = unknownNames(env);
  const dev = isDev(env);
  const value = Object.fromEntries(
    Object.entries<Setting>(SETTINGS).map(([name, setting]) => [name, read(env, { name, setting, isDev: dev, faults })]),
  ) as Record<Name, string>;
  const subgraphs = subgraphsOf(env, { isRunning, faults });
  const recordKeys = recordKeysOf(value.HUB_RECORD_KEYS || undefined, { isDev: dev });
  if (value.HUB_RECORD_KEYS) faults.push(...recordKeys.faults); // that it is missing is said already
  faults.push(...signInFaults(value));
  const { senders, faults: ofSenders } = sendersIn(value.HUB_DCI_SENDERS);
  faults.push(...ofSenders);
  if (faults.length > 0) throw new ConfigFaults(faults);
  return Object.freeze({
    env: dev ? "dev" : "production",
    ...placeOf(value),
    issuer: value.HUB_OIDC_ISSUER,
    audience: value.HUB_AUDIENCE,
    databaseUrl: value.HUB_DATABASE_URL_GATEWAY,
    recordDatabaseUrl: value.HUB_DATABASE_URL_RECORD,
    supergraph: value.HUB_SUPERGRAPH,
    ...subgraphs,
    recordKeys: recordKeys.keys,
    recordLag: lagOf(value, dev),
    policyKeys: value.HUB_POLICY_PUBLIC_KEYS.split(","),
    pseudonymKey: value.HUB_PSEUDONYM_KEY,
    ...eventsBy(value),
    dci: value.HUB_DCI_KEY === "" ? null : { key: value.HUB_DCI_KEY, id: value.HUB_DCI_ID, senders },
    ...paceOf(value),
    rates: ratesOf(value, dev),
    documents: documentsOf(value, dev),
    upload: { maxBytes: Number(value.HUB_UPLOAD_MAX_BYTES), idleMs: Number(value.HUB_UPLOAD_IDLE_MS) },
    exportDir: value.HUB_EXPORT_DIR || null,
    drainGraceMs: Number(value.HUB_DRAIN_GRACE_MS || (dev ? "0" : "3000")),
    ...observedBy(value),
    trustProxy: /^(true|false)$/i.test(value.HUB_TRUST_PROXY) ? /^true$/i.test(value.HUB_TRUST_PROXY) : value.HUB_TRUST_PROXY,
    signIn: signInOf(value),
  });
}

const paceOf = (value: Readonly<Record<Name, string>>) => ({
  subgraphTimeoutMs: Number(value.HUB_SUBGRAPH_TIMEOUT_MS),
  requestTimeoutMs: Number(value.HUB_REQUEST_TIMEOUT_MS),
  concurrentMax: Number(value.HUB_CONCURRENT_MAX),
  drainMs: Number(value.HUB_DRAIN_MS),
});

function signInOf(value: Readonly<Record<Name, string>>): SignIn | null {
  const { HUB_SESSION_KEY: sessionKey } = value;
  if (sessionKey === "") return null;
  return {
    sessionKey,
    clients: {
      console: { id: value.HUB_CONSOLE_CLIENT, secret: value.HUB_CONSOLE_CLIENT_SECRET },
      warga: { id: value.HUB_CITIZEN_CLIENT, secret: value.HUB_CITIZEN_CLIENT_SECRET },
    },
    agreement: value.HUB_CITIZEN_AGREEMENT,
    ...(value.HUB_LOG_URL && { logUrl: value.HUB_LOG_URL }),
    ...(value.HUB_MAP_TOPOJSON && { map: value.HUB_MAP_TOPOJSON }),
    contact: {
      ...(value.HUB_CONTACT_TELEPHONE && { telephone: value.HUB_CONTACT_TELEPHONE }),
      ...(value.HUB_CONTACT_EMAIL && { email: value.HUB_CONTACT_EMAIL }),
      ...(value.HUB_CONTACT_ADDRESS && { address: value.HUB_CONTACT_ADDRESS }),
    },
  };
}

/** What is needed only where pages are served. */
function signInFaults(value: Readonly<Record<Name, string>>): string[] {
  if (["", SETTINGS.HUB_SESSION_KEY.dev].includes(value.HUB_SESSION_KEY) || value.HUB_ENV === "dev") return [];
  const needed = ["HUB_PUBLIC_URL", "HUB_CONSOLE_CLIENT_SECRET", "HUB_CITIZEN_CLIENT_SECRET"] as const;
  const missing = needed.filter((name) => value[name] === "");
  const plain = value.HUB_PUBLIC_URL.startsWith("http:") ? ["HUB_PUBLIC_URL must be an https address where people sign in"] : [];
  const isAnybody = /^(true|false)$|\/0+(?!\d)/i.test(value.HUB_TRUST_PROXY);
  const proxies =
    "HUB_TRUST_PROXY must list the addresses of your proxies where HUB_SESSION_KEY is set: visitors are limited by their network";
  return [
    ...missing.map((name) => `${name} is missing: people sign in where HUB_SESSION_KEY is set`),
    ...plain,
    ...(isAnybody ? [proxies] : []),
  ];
}

/** In development nobody is held to them: benches and tests ask under one agreement what a country asks under all. */
const ratesOf = (value: Readonly<Record<Name, string>>, isDevelopment: boolean): RateLimits => ({
  burst: Number(value.HUB_RATE_BURST || (isDevelopment ? 1_000_000 : 6000)),
  windowSeconds: Number(value.HUB_RATE_WINDOW_SECONDS),
  concurrent: Number(value.HUB_RATE_CONCURRENT || (isDevelopment ? 10_000 : 64)),
});

/** Whoever tries out writes documents as they go; in production an operator says so who wants that. */
const documentsOf = (value: Readonly<Record<Name, string>>, isDevelopment: boolean): GatewayConfig["documents"] =>
  (value.HUB_DOCUMENTS || (isDevelopment ? "agreed" : "trusted")) === "agreed" ? "agreed" : "trusted";

const placeOf = (value: Readonly<Record<Name, string>>) => ({
  host: value.HUB_HOST,
  port: Number(value.HUB_PORT),
  publicUrl: value.HUB_PUBLIC_URL.replace(/\/+$/, "") || `http://${value.HUB_HOST}:${value.HUB_PORT}`,
});

const eventsBy = (value: Readonly<Record<Name, string>>) => ({
  eventsKey: value.HUB_EVENTS_KEY,
  webhookRetryMs: Number(value.HUB_EVENTS_RETRY_MS),
  webhookAttempts: Number(value.HUB_EVENTS_ATTEMPTS),
});

const observedBy = (value: Readonly<Record<Name, string>>) => ({
  logLevel: value.HUB_LOG_LEVEL,
  metricsPort: value.HUB_METRICS_PORT === "" ? null : Number(value.HUB_METRICS_PORT),
  traces: value.OTEL_EXPORTER_OTLP_ENDPOINT || null,
});

const lagOf = (value: Readonly<Record<Name, string>>, isDevelopment: boolean) => ({
  alarmMs: Number(value.HUB_RECORD_ALARM_MS),
  stopMs: Number(value.HUB_RECORD_STOP_MS),
  isWitnessed: (value.HUB_RECORD_WITNESSED || String(!isDevelopment)) === "true",
});

/** Secrets that envelopes to these subgraphs are made with, one each; in development those that both sides know without being told. Throws ConfigFaults. */
export function envelopeSecretsFor(config: GatewayConfig, subgraphs: readonly string[]): ReadonlyMap<string, string> {
  const firstOf = (name: string) => envelopeSecretsIn(config.envelopeSecrets.get(name) ?? "")[0];
  if (config.env === "dev") return new Map(subgraphs.map((name) => [name, firstOf(name) ?? devEnvelopeSecret(name)]));
  const faults = subgraphs.flatMap((name) => {
    const given = firstOf(name);
    const setting = `HUB_ENVELOPE_SECRET_${name.toUpperCase()}`;
    if (given === undefined) return [`${setting} is missing; the subgraph needs the same`];
    return given === devEnvelopeSecret(name) ? [`${setting} is the development secret; make one of your own`] : [];
  });
  if (faults.length > 0) throw new ConfigFaults(faults);
  return new Map(subgraphs.map((name) => [name, firstOf(name) ?? ""]));
}

interface Reading {
  /** Certificates are then followed on their own: what is unfit of them keeps no other setting from being read. */
  readonly isRunning: boolean;
  readonly faults: string[];
}

function subgraphsOf(env: Env, { isRunning, faults }: Reading): Pick<GatewayConfig, "subgraphUrls" | "envelopeSecrets" | "tls"> {
  const subgraphUrls = readEach(env, { prefix: "HUB_SUBGRAPH_URL_", faults });
  const envelopeSecrets = readEach(env, { prefix: "HUB_ENVELOPE_SECRET_", faults });
  const names = readEach(env, { prefix: "HUB_TLS_NAME_", faults });
  const files = tlsFrom(env, { faults: isRunning ? [] : faults });
  const tls = { files, names, isByMesh: env["HUB_TLS_BY_MESH"] === "true" };
  faults.push(...wayFaults({ env: isDev(env) ? "dev" : "production", tls }, subgraphUrls));
  return { subgraphUrls, envelopeSecrets, tls };
}

type Ways = { readonly env: string; readonly tls: SubgraphTls };

/** What is wrong with the ways to these subgraphs, by their addresses: plain http stays on the machine, https says who asks. */
function wayFaults({ env, tls: { files, isByMesh } }: Ways, urls: ReadonlyMap<string, string>): string[] {
  return [...urls].flatMap(([service, text]) => {
    const { protocol, hostname } = URL.canParse(text) ? new URL(text) : { protocol: "", hostname: "" };
    const setting = `HUB_SUBGRAPH_URL_${service.toUpperCase()}`;
    if (protocol === "https:" && !files)
      return [`${setting} is https: HUB_TLS_CA_FILE, HUB_TLS_CERT_FILE and HUB_TLS_KEY_FILE say who asks and whom it believes`];
    const isPlain = protocol === "http:" && !isLoopback(hostname.replace(/^\[|\]$/g, ""));
    return isPlain && env !== "dev" && !isByMesh
      ? [`${setting} must be an https address beyond this machine, or HUB_TLS_BY_MESH=true where a service mesh does TLS`]
      : [];
  });
}

/** Throws ConfigFaults unless every subgraph is asked as production demands: the addresses may be the supergraph's own. */
export function requireSafeWays(config: GatewayConfig, sources: ReadonlyMap<string, { readonly url: string }>): void {
  const faults = wayFaults(config, new Map([...sources].map(([service, { url }]) => [service, url])));
  if (faults.length > 0) throw new ConfigFaults(faults);
}

function unknownNames(env: Env): string[] {
  const isKnown = (name: string) => {
    const plain = name.replace(/_FILE$/, "");
    const isEach = Object.keys(PER_SUBGRAPH).some((prefix) => plain.startsWith(prefix));
    return name in SETTINGS || plain in SETTINGS || isEach || OTHERS.test(plain);
  };
  return Object.keys(env)
    .filter((name) => name.startsWith("HUB_") && !isKnown(name))
    .map((name) => `${name} is no setting of the hub; check its spelling`);
}

interface Setup {
  readonly name: string;
  readonly setting: Setting;
  readonly isDev: boolean;
  readonly faults: string[];
}

function read(env: Env, { name, setting, isDev, faults }: Setup): string {
  const [pattern, words] = setting.must;
  const given = setting.isSecret ? secretFrom(env, { name, faults }) : env[name];
  const value = given ?? (isDev ? setting.dev : undefined) ?? setting.or;
  if (value === undefined) faults.push(`${name} is missing: ${setting.about}`);
  else if (!pattern.test(value)) faults.push(`${name} must ${words}`);
  else if (!isDev && value === setting.dev) faults.push(`${name} is the development default; make one of your own`);
  return value ?? "";
}

function readEach(env: Env, { prefix, faults }: { prefix: keyof typeof PER_SUBGRAPH; faults: string[] }): Map<string, string> {
  const names = Object.keys(env).filter((name) => name.startsWith(prefix) && env[name] !== undefined);
  const plain = new Set(names.map((name) => name.replace(/_FILE$/, "")));
  const setting = PER_SUBGRAPH[prefix];
  return new Map(
    [...plain].map((name) => [name.slice(prefix.length).toLowerCase(), read(env, { name, setting, isDev: false, faults })]),
  );
}

/** Settings that can be read again while the gateway runs. */
export interface Settings {
  /** All, as their files are now. Throws ConfigFaults. */
  read(): GatewayConfig;
  /** Files that settings are given by, by the setting's name. */
  readonly files: ReadonlyMap<string, string>;
}

export const settingsOf = (env: Env = process.env): Settings => ({
  read: () => readConfig(env, { isRunning: true }),
  files: new Map(
    Object.entries(env).flatMap(([name, path]) =>
      /^HUB_\w+_FILE$/.test(name) && path ? [[name.slice(0, -"_FILE".length), path] as const] : [],
    ),
  ),
});
