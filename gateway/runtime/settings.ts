import { fileURLToPath } from "node:url";
import { devClientSecret } from "../../schema/devClients.ts";
import { DEV_POLICY_SECRET, POLICY_KEY, signerOf } from "../../schema/policy/keys.ts";
import { TLS_SETTINGS } from "../../schema/tls/credentials.ts";

export interface Setting {
  readonly about: string;
  /** Value when unset; with HUB_ENV=dev that of `dev`. Without either the setting must be given. */
  readonly or?: string;
  readonly dev?: string;
  /** May also be given as `<name>_FILE`. */
  readonly isSecret?: true;
  /** What a good value looks like, for the sentence that refuses a bad one. */
  readonly must: readonly [pattern: RegExp, words: string];
}

const SUPERGRAPH = fileURLToPath(new URL("../../schema/supergraph.graphql", import.meta.url));
const MILLISECONDS = [/^[1-9]\d{0,6}$/, "be a whole number of milliseconds, at least 1"] as const;
const ADDRESS = [/^https?:\/\/[^\s?#]+$/, "be an http(s) address"] as const;
const KEY = [/^.{32,}$/s, "have at least 32 characters"] as const;
const CLIENT = [/^[\w.-]+$/, "be the id of a client"] as const;
const ANYTHING = [/^/, "be text"] as const;

/** Every setting of the gateway, in the order of the runbook's table. */
export const SETTINGS = {
  HUB_ENV: {
    about: "`dev` allows the insecure defaults",
    or: "production",
    must: [/^(dev|production)$/, "be dev or production"],
  },
  HUB_HOST: { about: "address to listen on", or: "127.0.0.1", must: [/^\S+$/, "be an address"] },
  HUB_PORT: { about: "port of the gateway", or: "4000", must: [/^\d{1,5}$/, "be a port"] },
  HUB_PUBLIC_URL: { about: "address clients know the hub by", or: "", must: [/^(https?:\/\/\S+)?$/, "be an http(s) address"] },
  HUB_OIDC_ISSUER: { about: "issuer of access tokens", dev: "http://127.0.0.1:4005", must: ADDRESS },
  HUB_AUDIENCE: { about: "audience a token must name", or: "urn:dtks-hub", must: [/^[a-z][\w+.-]*:\S+$/i, "be an absolute URI"] },
  HUB_DATABASE_URL_GATEWAY: {
    about: "PostgreSQL with the policy, as role hub_gateway",
    isSecret: true,
    must: [/^postgres(ql)?:\/\//, "be a postgres:// address of the role hub_gateway"],
  },
  HUB_DATABASE_URL_RECORD: {
    about: "the same database, where the record is written, as role hub_record",
    isSecret: true,
    must: [/^postgres(ql)?:\/\//, "be a postgres:// address of the role hub_record"],
  },
  HUB_SUPERGRAPH: { about: "file of the supergraph SDL", or: SUPERGRAPH, must: [/./, "name a file"] },
  HUB_RECORD_KEYS: {
    about:
      "keys of the access record, `<year>:<secret>` by commas or lines; a year's is dropped when its record may be forgotten",
    dev: "",
    isSecret: true,
    must: [/^/, "be <year>:<secret>, one a year"],
  },
  HUB_RECORD_WITNESSED: {
    about: "`true`: only checkpoints that a witness cosigned cover the record; `false` in development",
    or: "",
    must: [/^(true|false)?$/, "be true or false"],
  },
  HUB_RECORD_ALARM_MS: { about: "oldest entry without a checkpoint before the alarm", or: "900000", must: MILLISECONDS },
  HUB_RECORD_STOP_MS: {
    about: "oldest entry without a checkpoint before no personal data is sent any more",
    or: "14400000",
    must: [/^[1-9]\d{0,8}$/, "be a whole number of milliseconds, at least 1"],
  },
  HUB_PSEUDONYM_KEY: {
    about: "master key of the pairwise pseudonyms",
    dev: "dtks-hub development key of the pseudonyms",
    isSecret: true,
    must: KEY,
  },
  HUB_EVENTS_KEY: {
    about: "key the signatures of webhooks are made with; its public half is at /events/keys",
    dev: "dtks-hub development key of the events",
    isSecret: true,
    must: KEY,
  },
  HUB_EVENTS_RETRY_MS: { about: "pause before a webhook is tried again; grows fourfold", or: "5000", must: MILLISECONDS },
  HUB_EVENTS_ATTEMPTS: {
    about: "how often a webhook is tried before it is given up; ten take about 16 hours",
    or: "10",
    must: [/^[1-9]\d?$/, "be a number from 1 to 99"],
  },
  HUB_DCI_KEY: {
    about: "key that messages of the DCI standard are signed with, the same for all gateways; unset: the standard is not served",
    dev: "dtks-hub development key of the DCI messages",
    or: "",
    isSecret: true,
    must: [/^(.{32,})?$/s, "have at least 32 characters"],
  },
  HUB_DCI_ID: {
    about: "name the hub sends and receives messages of the DCI standard by",
    or: "dtks-hub",
    must: [/^[\w.-]{1,64}$/, "be a name of letters, digits, _, - and ."],
  },
  HUB_DCI_SENDERS: {
    about: "senders of the DCI standard, as JSON: client, public key (JWK) and whether they must sign, by `sender_id`",
    or: "",
    isSecret: true, // it is none, but may come as a file
    must: ANYTHING,
  },
  HUB_POLICY_PUBLIC_KEYS: {
    about: "public keys decision tables may be signed with, by commas (`npx hub policy key` prints one)",
    dev: signerOf(DEV_POLICY_SECRET, POLICY_KEY).publicKey,
    isSecret: true, // it is none, but may come as a file
    must: [/^[\w-]{40,}(,[\w-]{40,})*$/, "be public keys as base64url"],
  },
  HUB_TLS_CA_FILE: { ...TLS_SETTINGS.HUB_TLS_CA_FILE, must: ANYTHING },
  HUB_TLS_CERT_FILE: { ...TLS_SETTINGS.HUB_TLS_CERT_FILE, must: ANYTHING },
  HUB_TLS_KEY_FILE: { ...TLS_SETTINGS.HUB_TLS_KEY_FILE, must: ANYTHING },
  HUB_TLS_BY_MESH: { ...TLS_SETTINGS.HUB_TLS_BY_MESH, must: [/^(true|false)$/, "be true or false"] },
  HUB_SUBGRAPH_TIMEOUT_MS: { about: "longest a subgraph may take", or: "5000", must: MILLISECONDS },
  HUB_REQUEST_TIMEOUT_MS: { about: "longest a request may take", or: "15000", must: MILLISECONDS },
  HUB_CONCURRENT_MAX: {
    about: "most requests a gateway answers at one time; how many it is from 128 up to that it finds out itself",
    or: "256",
    must: [/^[1-9]\d{0,4}$/, "be a number from 1 to 99999"],
  },
  HUB_RATE_BURST: {
    about: "requests an agreement may send one gateway at once, after a rest; unset: 6000, in development 1000000",
    or: "",
    must: [/^([1-9]\d{0,8})?$/, "be a whole number, at least 1"],
  },
  HUB_RATE_WINDOW_SECONDS: {
    about: "how long it takes until as many may come again",
    or: "60",
    must: [/^[1-9]\d{0,4}$/, "be a whole number of seconds, at least 1"],
  },
  HUB_RATE_CONCURRENT: {
    about:
      "requests of one agreement under way at one time in one gateway, at most half of its places; unset: 64, in development 10000 and no half",
    or: "",
    must: [/^([1-9]\d{0,4})?$/, "be a whole number, at least 1"],
  },
  HUB_DOCUMENTS: {
    about:
      "`trusted`: agreements without a rule of their own take registered documents only; `agreed`: they take any, the default in development",
    or: "",
    must: [/^(agreed|trusted)?$/, "be agreed or trusted"],
  },
  HUB_UPLOAD_MAX_BYTES: {
    about: "largest file to be matched",
    or: "4000000000",
    must: [/^[1-9]\d{0,12}$/, "be a whole number of bytes, at least 1"],
  },
  HUB_UPLOAD_IDLE_MS: { about: "longest pause in the middle of a file", or: "15000", must: MILLISECONDS },
  HUB_EXPORT_DIR: {
    about: "folder of the sealed files of exports, the same for all gateways; unset: none are made",
    or: "",
    must: [/^(\/.*)?$/, "be an absolute path"],
  },
  HUB_DRAIN_GRACE_MS: {
    about: "how long a shutdown still takes requests, unready, so that balancers notice; unset: 3000, in development 0",
    or: "",
    must: [/^\d{0,6}$/, "be a whole number of milliseconds"],
  },
  HUB_DRAIN_MS: { about: "longest a shutdown waits for running requests", or: "30000", must: MILLISECONDS },
  HUB_LOG_LEVEL: {
    about: "least level logged",
    or: "info",
    must: [/^(fatal|error|warn|info|debug|trace|silent)$/, "be a level of pino"],
  },
  HUB_METRICS_PORT: {
    about: "port of `/metrics` and, for probes, `/health` and `/ready`; unset: no metrics, but in dev on the part's own port",
    or: "",
    must: [/^(\d{1,5})?$/, "be a port"],
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    about: "collector that traces are sent to (OTLP over HTTP); unset: none are made",
    or: "",
    must: [/^(https?:\/\/[^\s?#]+)?$/, "be an http(s) address"],
  },
  HUB_TRUST_PROXY: {
    about: "`true`, or the proxies to believe X-Forwarded-For from; with HUB_SESSION_KEY in production only the latter",
    or: "false",
    must: [/^(true|false|[\d.:a-f/, ]+)$/i, "be true, false or a list of addresses"],
  },
  HUB_SESSION_KEY: {
    about: "secret that sessions of browsers are sealed with, the same for all gateways; unset: no pages are served",
    dev: "dtks-hub development key of the sessions",
    or: "",
    isSecret: true,
    must: [/^(.{32,})?$/s, "have at least 32 characters"],
  },
  HUB_CONSOLE_CLIENT: { about: "client of the issuer that people sign in to the console through", or: "konsol", must: CLIENT },
  HUB_CONSOLE_CLIENT_SECRET: { about: "its secret", dev: devClientSecret("konsol"), or: "", isSecret: true, must: ANYTHING },
  HUB_CITIZEN_CLIENT: { about: "client that citizens sign in through, and their pages ask by", or: "portal-warga", must: CLIENT },
  HUB_CITIZEN_CLIENT_SECRET: {
    about: "its secret",
    dev: devClientSecret("portal-warga"),
    or: "",
    isSecret: true,
    must: ANYTHING,
  },
  HUB_CITIZEN_AGREEMENT: {
    about: "agreement that citizens' pages ask under for whoever is not signed in (Cek Bansos)",
    or: "PKS-2025-032",
    must: [/^\S+$/, "be the number of an agreement"],
  },
  HUB_CONTACT_TELEPHONE: { about: "telephone number citizens' pages name; unset: none", or: "", must: ANYTHING },
  HUB_CONTACT_EMAIL: {
    about: "mail address citizens' pages name; unset: none",
    or: "",
    must: [/^(\S+@\S+)?$/, "be a mail address"],
  },
  HUB_CONTACT_ADDRESS: { about: "place citizens' pages name; unset: none", or: "", must: ANYTHING },
  HUB_LOG_URL: {
    about: "where the record's log hands out checkpoints and tiles; the console checks proofs by them. Unset: it does not",
    or: "",
    must: [/^(https?:\/\/[^\s?#]+)?$/, "be an http(s) address"],
  },
  HUB_MAP_TOPOJSON: {
    about: "file of boundaries (TopoJSON) that dashboards draw regions by; unset: equal tiles",
    or: "",
    must: [/^(\/.*)?$/, "be an absolute path"],
  },
} as const satisfies Record<string, Setting>;

/** One per subgraph: `HUB_SUBGRAPH_URL_WELFARE`, `HUB_ENVELOPE_SECRET_WELFARE`. */
export const PER_SUBGRAPH = {
  HUB_SUBGRAPH_URL_: { about: "address of a subgraph, in place of the supergraph's", must: ADDRESS },
  HUB_ENVELOPE_SECRET_: {
    about: "secret shared with one subgraph; of two by a comma envelopes are made with the first",
    isSecret: true,
    must: [/^[^,\n]{32,}([,\n][^,\n]{32,})?$/, "have at least 32 characters; at most two by a comma"],
  },
  HUB_TLS_NAME_: {
    about: "name the subgraph's certificate must carry, in place of its own",
    must: [/^\S+$/, "be a name or URI"],
  },
} as const satisfies Record<string, Setting>;

/** Names other parts of the hub read. A HUB_ name in neither list is a typo, and a typo in a setting is a fault. */
export const OTHERS =
  /^HUB_(TLS_CLIENT|HEALTH_PORT|DATA_KEY_[A-Z]+|EVIDENCE_(?:URL|ACCESS_KEY|SECRET_KEY)|ATTESTATION_(?:KEY_[A-Z]+|PUBLIC_KEYS)|COURIER_SECRET|CLIENT|CLIENT_SECRET|TOKEN|POLICY_KEY|CONSOLE_ORIGINS|CONSOLE_UPSTREAM|PORT_\w+|DATABASE_\w+|REPLICA_LAG_MS|PG_\w+|TEST_\w+|DATA_DIR|POOL_SIZE|SUBGRAPH_PORT|ISSUER_\w+|HOUSEHOLDS|SEED|METRICS_PORT\w*|BENCH_\w+|CHROMIUM\w*|LOG_\w+|WITNESSES|ALERT_\w+)$/;
