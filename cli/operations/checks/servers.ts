import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createPools, type Identity } from "../../../gateway/execute/transport/pools.ts";
import { prober } from "../../../gateway/execute/transport/prober.ts";
import { loadSupergraph } from "../../../gateway/plan/supergraph.ts";
import { envelopeSecretsFor, type GatewayConfig, readConfig } from "../../../gateway/runtime/config.ts";
import type { Source } from "../../../gateway/types/sources.ts";
import { createMinter, ENVELOPE_HEADER } from "../../../schema/caller.ts";
import { ConfigFaults } from "../../../schema/settings.ts";
import { readCredentials } from "../../../schema/tls/credentials.ts";
import { readConfig as readSliceConfig } from "../../../subgraphs/kit/serve/config.ts";
import { subgraphs } from "../../../subgraphs/main.ts";
import { type Check, messageOf, type Said } from "./finding.ts";
import { gatewayHere } from "./governing.ts";
import { settingsHere } from "./where.ts";

const TIMEOUT_MS = 5000;
const QUESTION = JSON.stringify({ query: "{ __typename }" });

/** Every fault of the settings of what this host could run. */
export const settings: Check = async ({ env, databases }, said) => {
  const here = settingsHere(env, databases);
  const { urls } = databases;
  const readers = [
    ...(urls["gateway"]
      ? [
          [
            "gateway",
            () =>
              envelopeSecretsFor(
                readConfig(here),
                subgraphs.map(({ name }) => name),
              ),
          ] as const,
        ]
      : []),
    ...subgraphs.flatMap(({ name }) => (urls[name] ? [[name, () => readSliceConfig(name, here)] as const] : [])),
  ];
  if (readers.length === 0) said.skipped("settings", "no database of a gateway or subgraph is named here");
  for (const [name, read] of readers) {
    const faults = faultsOf(read);
    for (const fault of faults)
      said.bad(`settings of ${name}`, fault, "set it (npx hub settings lists all), and start the process anew");
    if (faults.length === 0) said.good(`settings of ${name}`, "complete");
  }
};

function faultsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof ConfigFaults) return error.faults;
    throw error;
  }
}

/** Asks every subgraph under an envelope, as the gateway does: only who has its secret is answered. */
export const sources: Check = async (place, said) => {
  const config = gatewayHere(place);
  if (!config || !existsSync(config.supergraph)) return said.skipped("subgraphs", "no gateway can be set up here (settings)");
  const supergraph = loadSupergraph(readFileSync(config.supergraph, "utf8"), { urls: Object.fromEntries(config.subgraphUrls) });
  const secrets = envelopeSecretsFor(config, [...supergraph.sources.keys()]);
  const pools = createPools({ connections: 1, identity: identityOf(config) });
  try {
    await Promise.all(
      [...supergraph.sources.values()].map((source) => look({ source, said, pools, secret: secrets.get(source.service) ?? "" })),
    );
  } finally {
    await pools.close();
  }
};

interface Looking {
  readonly source: Source;
  readonly secret: string;
  readonly pools: ReturnType<typeof createPools>;
  readonly said: Said;
}

async function look({ source: { service, url, coordinates }, secret, pools, said }: Looking): Promise<void> {
  const { origin, pathname, host } = new URL(url);
  const mint = createMinter({ audience: service, secret, list: coordinates });
  const envelope = mint({ caller: prober(), verbs: { output: [], internal: [], arguments: [] }, body: QUESTION });
  const headers = { "content-type": "application/json", "x-request-id": randomUUID(), [ENVELOPE_HEADER]: envelope };
  const check = `subgraph ${service}`;
  try {
    const pool = pools.to(origin, service);
    const asked = {
      path: pathname,
      method: "POST" as const,
      headers,
      body: QUESTION,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    };
    const { statusCode, body } = await pool.request(asked);
    const text = await body.text();
    if (statusCode === 200 && text.includes('"data"')) said.good(check, `answers at ${host}`);
    else if (text.includes("UNAUTHENTICATED"))
      said.bad(
        check,
        `at ${host} refuses the gateway's envelope`,
        `give both the same HUB_ENVELOPE_SECRET_${service.toUpperCase()}; clocks may differ by seconds only`,
      );
    else
      said.bad(check, `at ${host} answers ${statusCode}`, "see its log: another release, or another program, may listen there");
  } catch (error) {
    const isTls = /certificate|TLS|SSL|altname|handshake/i.test(messageOf(error));
    said.bad(
      check,
      `at ${host}: ${messageOf(error)}`,
      isTls
        ? "see the certificates of both (docs/runbook.md, TLS)"
        : `start it (npx hub subgraph ${service}), or correct HUB_SUBGRAPH_URL_${service.toUpperCase()}`,
    );
  }
}

function identityOf({ tls }: GatewayConfig): Identity | undefined {
  if (!tls.files) return undefined;
  return { certificates: { current: readCredentials(tls.files) }, nameOf: (service) => tls.names.get(service) ?? service };
}

/** Does the issuer announce keys that tokens can be verified by? */
export const issuer: Check = async (place, said) => {
  const config = gatewayHere(place);
  if (!config) return said.skipped("issuer", "no gateway can be set up here (settings)");
  const todo = "see that it runs, that this host reaches it, and that HUB_OIDC_ISSUER is exactly its name";
  try {
    const found = (await jsonFrom(`${config.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`)) as {
      issuer?: string;
      jwks_uri?: string;
    };
    if (found.issuer !== config.issuer) return said.bad("issuer", `calls itself ${found.issuer}`, todo);
    const { keys = [] } = (await jsonFrom(found.jwks_uri ?? "")) as { keys?: unknown[] };
    if (keys.length === 0) said.bad("issuer", "has no keys", todo);
    else said.good("issuer", `${keys.length} ${keys.length === 1 ? "key" : "keys"} at ${new URL(config.issuer).host}`);
  } catch (error) {
    said.bad("issuer", messageOf(error), todo);
  }
};

async function jsonFrom(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`answers ${response.status}`);
  return response.json();
}

/** Is it the gateway that listens on its port, and is it ready? */
export const gateway: Check = async (place, said) => {
  const config = gatewayHere(place);
  if (!config) return said.skipped("gateway", "no gateway can be set up here (settings)");
  const host = /^(0\.0\.0\.0|::)$/.test(config.host) ? "127.0.0.1" : config.host;
  const at = `${host}:${config.port}`;
  const found = await fetch(`http://${at}/ready`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
  if (!found)
    return said.bad(
      "gateway",
      `nobody answers at ${at}`,
      "start it (npx hub gateway, npm start), or correct HUB_HOST and HUB_PORT",
    );
  const told = (await found.json().catch(() => null)) as { status?: string; missing?: string[]; alarms?: string[] } | null;
  if (!told?.status) return said.bad("gateway", `somebody else listens at ${at}`, "stop it, or move the gateway with HUB_PORT");
  if (told.missing)
    return said.bad(
      "gateway",
      `not ready: ${told.missing.join(", ")}`,
      "what is bad above keeps it; docs/runbook.md has the words",
    );
  if (told.alarms) return said.bad("gateway", `ready, with alarms: ${told.alarms.join(", ")}`, "docs/runbook.md has the words");
  said.good("gateway", `ready at ${at}`);
};
