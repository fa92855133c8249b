import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { type Caller, createMinter, ENVELOPE_HEADER, STREAM_HEADER, streamText } from "../schema/caller.ts";
import { answer, ask, choices, describe, type Hub } from "./answer.ts";
import { createAlarms } from "./audit/alarms.ts";
import { type AccessRecord, openRecord } from "./audit/audit.ts";
import { keylessYears } from "./audit/keys.ts";
import { followLag, type Lag } from "./audit/lag.ts";
import { createLogger, type Logger } from "./audit/log.ts";
import { confirm } from "./authenticate/agreement.ts";
import { issuerKeys } from "./authenticate/keys.ts";
import { createVerifier } from "./authenticate/token.ts";
import { envelopeSecretsFor, type GatewayConfig } from "./config.ts";
import { startHerald } from "./events/herald.ts";
import { webhookKeyOf } from "./events/sign.ts";
import { createFeedDoor } from "./events/sse.ts";
import { createStreams } from "./execute/stream.ts";
import { createTransport } from "./execute/transport.ts";
import { createExportDoor } from "./export/door.ts";
import { type Exports, startExports } from "./export/jobs/exports.ts";
import { type FeedKeys, feedKeys } from "./export/keys.ts";
import { createOpenDataDoor } from "./export/openData.ts";
import { followGrants, type Grants } from "./grants/grants.ts";
import { loadSupergraph } from "./plan/supergraph.ts";
import type { EvidenceDoor } from "./receive/evidence.ts";
import type { JobDoor } from "./receive/jobs.ts";
import { createServer, type ServerOptions } from "./receive/server.ts";
import { deliver, download, follow, upload } from "./transfer.ts";
import type { Faces, OwnHub } from "./types/faces.ts";
import type { SourceCall, Streams, Transport } from "./types/sources.ts";
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
  readonly streams?: Streams;
  /** Pages for people, by how they ask the hub, and whom they tell of faults of theirs; absent: there are none. */
  readonly faces?: (hub: OwnHub, onFault: (error: unknown) => void) => Faces;
}

/** Starts a gateway. Throws when the supergraph is bad or the port taken; a database or issuer that is away only makes it unready. */
export async function startGateway(config: GatewayConfig, overrides: Overrides = {}): Promise<Gateway> {
  const log = overrides.log ?? createLogger({ level: config.logLevel });
  const urls = Object.fromEntries(config.subgraphUrls);
  const supergraph = loadSupergraph(await readFile(config.supergraph, "utf8"), { urls });
  const mint = minting(config, supergraph);
  const sources = overrides.sources?.(supergraph) ?? signedTransport(config, mint);
  const streams = overrides.streams ?? signedStreams(mint);
  const { databaseUrl, issuer, audience } = config;
  const { policyKeys, pseudonymKey: pseudonymMaster } = config;
  const grants = await followGrants({ databaseUrl, supergraph, policyKeys, pseudonymMaster, log });
  const lag = await followLag({ databaseUrl, ...config.recordLag, log });
  const record = await recordOf(config, { grants, lag, supergraph, log });
  const hub: Hub = {
    verify: createVerifier({ issuer, audience, keys: issuerKeys(issuer) }),
    grants,
    supergraph,
    sources,
    streams,
    ...{ record, alarms: createAlarms() },
    isSandbox: config.env === "dev",
  };
  const herald = startHerald({ hub, config, log });
  const keys = feedKeys(databaseUrl);
  const { exportDir: folder } = config;
  const rowExports = folder === null ? undefined : startExports({ hub, databaseUrl, folder, log });
  const state = { isDraining: false };
  const server = serverOf(hub, config, {
    ...{ keys, rowExports, faces: facesOf(overrides, log) },
    unready: () => missing({ grants, record, lag, ...state }),
    alarms: () => (lag.isLate ? ["checkpoint"] : []),
  });
  const close = once(async (): Promise<void> => {
    state.isDraining = true;
    await Promise.all([drain(server, config.drainMs), herald.close(), rowExports?.close()]);
    await record.close();
    await Promise.all([keys.close(), grants.close(), lag.close(), sources.close(), streams.close()]);
  });
  await listen(server, config).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const { port } = server.server.address() as AddressInfo;
  return { url: `http://${config.host}:${port}`, port, close };
}

const facesOf = ({ faces }: Overrides, log: Logger): ServerOptions["faces"] =>
  faces && ((hub) => faces(hub, (error) => log.error({ err: error }, "a page cannot be made as it should be")));

/** The same promise however often it is asked for. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

interface Ground {
  readonly grants: Grants;
  readonly lag: Lag;
  readonly supergraph: Supergraph;
  readonly log: Logger;
}

function recordOf(
  { recordDatabaseUrl, recordKeys }: GatewayConfig,
  { grants, lag, supergraph, log }: Ground,
): Promise<AccessRecord> {
  const years = keylessYears(recordKeys, new Date());
  if (years.length > 0) log.warn({ years }, "HUB_RECORD_KEYS lacks a year: from its first day on nothing can be put on record");
  return openRecord({
    databaseUrl: recordDatabaseUrl,
    recordKeys,
    confirm: (caller, release) => confirm(caller, grants.current(), release),
    reached: (epoch) => grants.reached(epoch),
    isStopped: () => lag.isTooLate,
    catalogue: supergraph,
    log,
  });
}

interface Serving extends Pick<ServerOptions, "unready" | "alarms"> {
  readonly keys: FeedKeys;
  readonly rowExports: Exports | undefined;
  readonly faces: ServerOptions["faces"] | undefined;
}

const serverOf = (hub: Hub, config: GatewayConfig, { keys, rowExports, faces, ...health }: Serving) =>
  createServer({
    answer: (request) => answer(request, hub),
    describe: (request) => describe(request, hub),
    ask: (request, errand) => ask(request, errand, hub),
    choices: (request) => choices(request, hub),
    ...health,
    jobs: jobDoorOf(hub),
    evidence: evidenceDoorOf(hub),
    events: { follow: createFeedDoor(hub), keys: [webhookKeyOf(config.eventsKey)] },
    exports: createExportDoor(hub, keys),
    openData: createOpenDataDoor(hub, config.publicUrl),
    ...(rowExports && { exportJobs: rowExports.door }),
    ...(faces && { faces }),
    limits: { requestMs: config.requestTimeoutMs, upload: config.upload },
    trustProxy: config.trustProxy,
  });

const jobDoorOf = (hub: Hub): JobDoor => ({
  ask: (request, errand) => ask(request, errand, hub),
  upload: (request, sending) => upload(request, sending, hub),
  download: (request, fetching) => download(request, fetching, hub),
  follow: (request, following) => follow(request, following, hub),
});

const evidenceDoorOf = (hub: Hub): EvidenceDoor => ({
  upload: (request, sending) => upload(request, sending, hub),
  deliver: (request, delivering) => deliver(request, delivering, hub),
});

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

interface Parts {
  readonly grants: Grants;
  readonly record: AccessRecord;
  readonly lag: Lag;
  readonly isDraining: boolean;
}

function missing({ grants, record, lag, isDraining }: Parts): string[] {
  const tables = grants.uncompiled.length > 0 ? ["tables"] : []; // a supergraph is adopted only when all agreements are compiled for it
  const policy = grants.isCurrent ? tables : ["policy"];
  const uncovered = lag.isTooLate ? ["checkpoint"] : [];
  return [...(isDraining ? ["draining"] : []), ...policy, ...(record.isUp ? [] : ["record"]), ...uncovered];
}

const SWEEP_MS = 50;
/** A page of a hundred households with all it may hold is below 2 MB; parsing and masking what is larger would hold up everybody else. */
const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

type Signing = Pick<SourceCall, "service" | "context" | "coordinates"> & { readonly body: string };

/** Headers of a call: an envelope over `body` that only its subgraph can open. */
function minting(config: GatewayConfig, { sources }: Supergraph): (call: Signing) => Record<string, string> {
  const secrets = envelopeSecretsFor(config, [...sources.keys()]);
  const minters = new Map(
    [...sources.values()].map(({ service, coordinates }) => {
      const secret = secrets.get(service) ?? "";
      return [service, createMinter({ audience: service, secret, list: coordinates })] as const;
    }),
  );
  return ({ service, context, coordinates, body }) => {
    const mint = minters.get(service);
    if (!mint) throw new Error(`no envelope secret for subgraph ${service}`);
    const caller = context as Caller;
    return { [ENVELOPE_HEADER]: mint({ caller, verbs: coordinates, body }), "x-request-id": caller.requestId };
  };
}

type Mint = ReturnType<typeof minting>;

/** The way to the subgraphs: every call under an envelope of its own, with the time it has left. */
const signedTransport = ({ subgraphTimeoutMs: timeoutMs }: GatewayConfig, mint: Mint): Transport =>
  createTransport({
    timeoutMs,
    maxResponseBytes: MAX_RESPONSE_BYTES,
    headers: (call) => ({
      "hub-deadline-ms": String(Math.max(0, Math.floor(call.deadline - performance.now()))),
      ...mint(call),
    }),
  });

/** The same for streams, of which the head is signed (docs/adr/0008). */
const signedStreams = (mint: Mint): Streams =>
  createStreams({
    headers: (call) => {
      const head = JSON.stringify(call.head);
      return {
        ...mint({ ...call, body: streamText(call.name, head) }),
        [STREAM_HEADER]: Buffer.from(head).toString("base64url"),
      };
    },
  });
