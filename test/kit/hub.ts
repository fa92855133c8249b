import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll } from "vitest";
import { facesOf } from "../../cli/run/faces.ts";
import type { Citizens } from "../../cli/run/issuer/people.ts";
import { devClients, startIssuer } from "../../cli/run/issuer.ts";
import type { Slice } from "../../drizzle/client.ts";
import { createLogger } from "../../gateway/audit/log.ts";
import { startGateway } from "../../gateway/main.ts";
import { readConfig, settingsOf } from "../../gateway/runtime/config.ts";
import { devEnvelopeSecret } from "../../schema/caller.ts";
import { DEV_POLICY_SECRET } from "../../schema/policy/keys.ts";
import { devYearKeys } from "../../schema/record/yearKeys.ts";
import type { SliceTls } from "../../subgraphs/kit/serve/config.ts";
import { createLog } from "../../subgraphs/kit/serve/log.ts";
import type { FetchFact, Running, StartOptions } from "../../subgraphs/kit/serve/serve.ts";
import { subgraphs } from "../../subgraphs/main.ts";
import { devAttestationOf } from "./attestation.ts";
import { useDatabases } from "./database.ts";
import { Fleet, type FleetSize } from "./machines/fleet.ts";
import { budi, joko, maria, rina, siti, tono } from "./people.ts";
import { publishSupergraph, renew } from "./policy.ts";
import { signedIn, type Visitor } from "./visitor.ts";

type Json = Record<string, any>;

/** Citizens whom the sign-in page of the issuer offers. */
const CITIZENS = [siti, budi, rina, joko, maria, tono].map(({ id, fullName }) => ({
  id: `person:${id}`,
  name: fullName,
  group: "Cerita",
}));
const STORY: Citizens = {
  list: async () => CITIZENS,
  nameOf: async (id) => CITIZENS.find((one) => one.id === `person:${id}`)?.name ?? null,
};

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Json;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Json;
  }[];
  readonly denied: readonly string[];
  readonly masked: readonly string[];
  readonly governance: Json;
  readonly text: string;
}

interface Voice {
  readonly agreement?: string;
  readonly case?: string;
  readonly language?: string;
  /** Who has signed in at the citizens' portal. */
  readonly person?: string;
}

interface HubOptions {
  readonly renewed?: readonly string[];
  /** Told every line that gateway and slices log, at the most talkative level. By default they log nothing. */
  readonly heard?: (part: string, line: string) => void;
  /** More than one process of a kind: they stand behind plain balancers. */
  readonly size?: Partial<FleetSize>;
  /** Who each slice is, and whom it lets in; the gateway's own stand in its settings. Undefined: plain http. */
  readonly tls?: (name: string) => SliceTls;
  /** What each slice shares with the gateway, which reads its own out of its settings. Undefined: what both know in development. */
  readonly secrets?: (name: string) => Pick<StartOptions, "envelopeSecret" | "dataKey" | "rereadSecret">;
}

/** The whole hub in this process, on the test file's own databases: every slice, issuer and gateway on a port of its own. */
export interface Hub {
  readonly url: string;
  readonly gatewayUrl: string;
  readonly urls: ReturnType<typeof useDatabases>["urls"];
  /** What each fetch cost its slice, newest last. */
  readonly facts: (FetchFact & { readonly service: string })[];
  /** Of each slice its first replica. */
  readonly slices: ReadonlyMap<string, Running>;
  /** All processes, and what stands before them. */
  readonly fleet: Fleet;
  as(client: string, voice?: Voice): { ask(document: string, variables?: Json): Promise<Answered> };
  tokenOf(client: string, person?: string): Promise<string>;
  /** Somebody at a browser who has signed in: id of a steward, or `person:<id>`. */
  signedIn(who: string): Promise<Visitor>;
}

/**
 * Starts the hub before the tests of a file and stops it after. `env` adds settings of the gateway; a HUB_SUPERGRAPH of its own is published
 * first. What that adds is pending for everybody: only the agreements `renewed` after it open it.
 */
export function useHub(env: Readonly<Record<string, string>> = {}, options: HubOptions = {}): Hub {
  const { renewed = [], heard, size, tls, secrets } = options;
  const databases = useDatabases();
  const facts: Hub["facts"] = [];
  const slices = new Map<string, Running>();
  const tokens = new Map<string, Promise<string>>();
  const folder = mkdtempSync(join(tmpdir(), "hub-test-"));
  let issuer: Awaited<ReturnType<typeof startIssuer>>;
  const fleet = new Fleet(size);
  let gatewayUrl = "";

  beforeAll(async () => {
    const { owner } = databases.urls.governance;
    const own = env["HUB_SUPERGRAPH"];
    if (own !== undefined) await publishSupergraph(owner, readFileSync(own, "utf8"));
    for (const number of renewed) await renew(owner, number);
    const addresses: [string, string][] = [];
    for (const subgraph of subgraphs) {
      const { name } = subgraph;
      const databaseUrl = databases.urls[name as Slice].runtime;
      const observe = (fact: FetchFact) => facts.push({ ...fact, service: name });
      const traces = env["OTEL_EXPORTER_OTLP_ENDPOINT"];
      const start = () =>
        subgraph.start({
          ...{ env: "dev", traces },
          databaseUrl,
          envelopeSecret: devEnvelopeSecret(name),
          policy: { secret: DEV_POLICY_SECRET, origins: [] },
          recordKeys: devYearKeys(),
          ...devAttestationOf(name),
          evidenceUrl: pathToFileURL(join(folder, "evidence")).href,
          port: 0,
          tls: tls?.(name),
          ...secrets?.(name),
          observe,
          log: createLog({
            name,
            ...(heard ? { level: "trace", stream: { write: (line) => heard(name, line) } } : { level: "silent" }),
          }),
        });
      addresses.push([`HUB_SUBGRAPH_URL_${name.toUpperCase()}`, await fleet.slice(name, start)]);
      for (const first of fleet.replicas.get(name)?.slice(0, 1) ?? []) slices.set(name, first);
    }
    issuer = await startIssuer({ port: 0, host: "127.0.0.1", clients: devClients(), dataDir: folder, citizens: STORY });
    const settings = {
      HUB_ENV: "dev",
      HUB_PORT: "0",
      HUB_LOG_LEVEL: "silent",
      HUB_OIDC_ISSUER: issuer.url,
      HUB_DATABASE_URL_GATEWAY: databases.urls.gateway,
      HUB_DATABASE_URL_RECORD: databases.urls.record,
      ...Object.fromEntries(addresses),
      ...env,
    };
    const config = readConfig(settings);
    gatewayUrl = await fleet.gateway(() =>
      startGateway(config, {
        ...{ ...facesOf(config), settings: settingsOf(settings) },
        ...(heard && { log: createLogger({ level: "trace", write: (line) => heard("gateway", line) }) }),
      }),
    );
  });
  afterAll(async () => {
    await fleet.closeGateways();
    await issuer?.close();
    await fleet.closeSlices();
    rmSync(folder, { recursive: true, force: true });
  });

  const tokenOf = (client: string, person?: string) => {
    const key = `${client} ${person ?? ""}`;
    const known = tokens.get(key) ?? issuer.token(client, person);
    tokens.set(key, known);
    return known;
  };
  const ask = async (
    client: string,
    { voice, document, variables }: { voice: Voice; document: string; variables: Json },
  ): Promise<Answered> => {
    const headers = {
      authorization: `Bearer ${await tokenOf(client, voice.person)}`,
      "content-type": "application/json",
      accept: "application/graphql-response+json",
      ...(voice.agreement && { "hub-agreement": voice.agreement }),
      ...(voice.case && { "hub-case": voice.case }),
      ...(voice.language && { "accept-language": voice.language }),
    };
    const response = await fetch(`${gatewayUrl}/graphql`, {
      method: "POST",
      headers,
      body: JSON.stringify({ query: document, variables }),
    });
    const text = await response.text();
    const { data = null, errors = [], extensions = {} } = JSON.parse(text);
    const governance = extensions.governance ?? {};
    return {
      status: response.status,
      headers: response.headers,
      data,
      errors,
      governance,
      denied: governance.denied ?? [],
      masked: governance.masked ?? [],
      text,
    };
  };

  return {
    get url() {
      return `${gatewayUrl}/graphql`;
    },
    get gatewayUrl() {
      return gatewayUrl;
    },
    get urls() {
      return databases.urls;
    },
    facts,
    slices,
    fleet,
    tokenOf,
    signedIn: (who) => signedIn(gatewayUrl, who),
    as: (client, voice = {}) => ({ ask: (document, variables = {}) => ask(client, { voice, document, variables }) }),
  };
}
