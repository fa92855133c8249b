import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { type Caller, createMinter, ENVELOPE_HEADER } from "../schema/caller.ts";
import { answer, type Hub } from "./answer.ts";
import { type AccessRecord, openRecord } from "./audit/audit.ts";
import { createLogger, type Logger } from "./audit/log.ts";
import { confirm } from "./authenticate/agreement.ts";
import { issuerKeys } from "./authenticate/keys.ts";
import { createVerifier } from "./authenticate/token.ts";
import { envelopeSecretsFor, type GatewayConfig } from "./config.ts";
import { createTransport } from "./execute/transport.ts";
import { followGrants, type Grants } from "./grants.ts";
import { loadSupergraph } from "./plan/supergraph.ts";
import { createServer } from "./receive/server.ts";
import type { SourceCall, Transport } from "./types/sources.ts";
import type { Supergraph } from "./types/supergraph.ts";

export interface Gateway {
  /** Address it listens on, such as http://127.0.0.1:4000. */
  readonly url: string;
  readonly port: number;
  /** Drains: not ready → running requests finish, at most HUB_DRAIN_MS → record flushed → closed. Repeatable. */
  close(): Promise<void>;
}

/** Stand-ins for tests and `npx hub start`. */
export interface Overrides {
  readonly log?: Logger;
  readonly sources?: (supergraph: Supergraph) => Transport;
}

/** Starts a gateway. Throws when the supergraph is bad or the port taken; a database or issuer that is away only makes it unready. */
export async function startGateway(config: GatewayConfig, overrides: Overrides = {}): Promise<Gateway> {
  const log = overrides.log ?? createLogger({ level: config.logLevel });
  const urls = Object.fromEntries(config.subgraphUrls);
  const supergraph = loadSupergraph(await readFile(config.supergraph, "utf8"), { urls });
  const sources = overrides.sources?.(supergraph) ?? signedTransport(config, supergraph);
  const { databaseUrl, recordKey, issuer, audience } = config;
  const grants = await followGrants({ databaseUrl, catalogue: supergraph, pseudonymMaster: config.pseudonymKey, log });
  const record = await openRecord({
    databaseUrl,
    recordKey,
    confirm: (caller, progress) => confirm(caller, grants.current(), progress),
    log,
  });
  const hub: Hub = {
    verify: createVerifier({ issuer, audience, keys: issuerKeys(issuer) }),
    grants,
    supergraph,
    sources,
    record,
  };
  const state = { isDraining: false };
  const server = createServer({
    answer: (request) => answer(request, hub),
    unready: () => missing({ grants, record, ...state }),
    limits: { requestMs: config.requestTimeoutMs },
    trustProxy: config.trustProxy,
  });
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    state.isDraining = true;
    await drain(server, config.drainMs);
    await record.close();
    await Promise.all([grants.close(), sources.close()]);
  };
  await listen(server, config).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `http://${config.host}:${port}`,
    port,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

async function drain(server: ReturnType<typeof createServer>, drainMs: number): Promise<void> {
  const sweep = setInterval(() => server.server.closeIdleConnections(), SWEEP_MS); // a client that has its answer may keep its connection
  const impatience = setTimeout(() => server.server.closeAllConnections(), drainMs);
  await server.close();
  clearInterval(sweep);
  clearTimeout(impatience);
}

async function listen(server: ReturnType<typeof createServer>, { host, port }: GatewayConfig): Promise<void> {
  await server.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    throw Object.assign(error, { message: `port ${port} is taken; move the gateway with HUB_PORT` });
  });
}

function missing({ grants, record, isDraining }: { grants: Grants; record: AccessRecord; isDraining: boolean }): string[] {
  return [...(isDraining ? ["draining"] : []), ...(grants.isCurrent ? [] : ["policy"]), ...(record.isUp ? [] : ["record"])];
}

const SWEEP_MS = 50;
/** A page of a hundred households with all it may hold is below 2 MB; parsing and masking what is larger would hold up everybody else. */
const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

/** The way to the subgraphs: every call under an envelope only that subgraph can open, with the time it has left. */
function signedTransport(config: GatewayConfig, { sources }: Supergraph): Transport {
  const secrets = envelopeSecretsFor(config, [...sources.keys()]);
  const minters = new Map(
    [...sources.values()].map(({ service, coordinates }) => {
      const secret = secrets.get(service) ?? "";
      return [service, createMinter({ audience: service, secret, list: coordinates })] as const;
    }),
  );
  const headers = ({ service, context, coordinates, body, deadline }: SourceCall): Record<string, string> => {
    const mint = minters.get(service);
    if (!mint) throw new Error(`no envelope secret for subgraph ${service}`);
    const caller = context as Caller;
    return {
      [ENVELOPE_HEADER]: mint({ caller, verbs: coordinates, body }),
      "hub-deadline-ms": String(Math.max(0, Math.floor(deadline - performance.now()))),
      "x-request-id": caller.requestId,
    };
  };
  return createTransport({ timeoutMs: config.subgraphTimeoutMs, maxResponseBytes: MAX_RESPONSE_BYTES, headers });
}
