import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { createAlarms } from "./audit/alarms.ts";
import { openBook, type RecordBook } from "./audit/audit.ts";
import { keylessYears } from "./audit/keys.ts";
import { followLag, type Lag } from "./audit/lag.ts";
import { createLogger, type Logger } from "./audit/log.ts";
import { issuerKeys } from "./authenticate/keys.ts";
import { type OwnDigests, ownDocumentsFor } from "./authenticate/ownDocuments.ts";
import { createRates } from "./authenticate/rates.ts";
import { createVerifier } from "./authenticate/token.ts";
import { signerOf } from "./border/dci/facade.ts";
import { startHerald } from "./border/events/herald.ts";
import { startExports } from "./border/export/jobs/exports.ts";
import { feedKeys } from "./border/export/keys.ts";
import { type FollowedIdentity, followIdentity } from "./execute/transport/certificates.ts";
import { createAdmission } from "./receive/room/room.ts";
import { createServer, type ServerOptions } from "./receive/server.ts";
import type { GatewayConfig, Settings } from "./runtime/config.ts";
import { doorsOf } from "./runtime/doors.ts";
import { publishedLimits } from "./runtime/limits.ts";
import { observe } from "./runtime/observe/observation.ts";
import { Current } from "./runtime/reload/current.ts";
import { type Reloading, startReloading } from "./runtime/reload/reload.ts";
import { type Ground, openRuntime, type Recipe, readRecipe } from "./runtime/runtime.ts";
import type { Faces, OwnHub } from "./types/faces.ts";
import type { Streams, Transport } from "./types/sources.ts";
import type { Supergraph } from "./types/supergraph.ts";
import type { Telemetry } from "./types/telemetry.ts";

export interface Gateway {
  /** Address it listens on, such as http://127.0.0.1:4000. */
  readonly url: string;
  readonly port: number;
  /** Takes over another supergraph or other keys at once, not with the next second (reload/). Never rejects. */
  reload(): Promise<void>;
  /** Drains: not ready → HUB_DRAIN_GRACE_MS → running requests finish, at most HUB_DRAIN_MS → record flushed → closed. Repeatable. */
  close(): Promise<void>;
}

/** Stand-ins for tests and `npx hub start`. */
export interface Overrides {
  readonly log?: Logger;
  readonly telemetry?: Telemetry;
  /** Where settings are read again; undefined: keys stay as they are. */
  readonly settings?: Settings;
  readonly sources?: (supergraph: Supergraph) => Transport;
  readonly streams?: Streams;
  /** What the hub's own pages and commands ask; absent: nothing. */
  readonly ownDocuments?: OwnDigests;
  /** Pages for people, by how they ask the hub, and whom they tell of faults of theirs; absent: there are none. */
  readonly faces?: (hub: OwnHub, onFault: (error: unknown) => void) => Faces;
}

/**
 * Starts a gateway: what stays while the process runs. All that belongs to one supergraph is a runtime's (runtime.ts), and is exchanged as a whole
 * (reload/). Throws when the supergraph is bad or the port taken; a database or issuer that is away only makes it unready.
 */
export async function startGateway(config: GatewayConfig, overrides: Overrides = {}): Promise<Gateway> {
  const log = overrides.log ?? createLogger({ level: config.logLevel });
  const recipe = await readRecipe(config);
  const observation = await observe(config, log);
  const telemetry = overrides.telemetry ?? observation.telemetry;
  const { ground, ...house } = await groundOf(config, { ...overrides, log, telemetry });
  const open = (next: Recipe) => openRuntime(next, ground);
  const current = new Current(await open(recipe));
  const reloading = await startReloading({ current, open, settings: overrides.settings, log, telemetry });
  const works = startWorks(current, config, log);
  const state = { isDraining: false };
  const unready = () => missing({ current, ...house, ...state });
  const readiness = { unready, alarms: () => alarmsOf({ current, reloading, ...house }) };
  const server = createServer({
    ...observation.door,
    ...doorsOf(current, { config, ...works }),
    ...readiness,
    ...facesOf(overrides, log),
    limits: { concurrent: config.concurrentMax, requestMs: config.requestTimeoutMs, upload: config.upload },
    admission: house.admission,
    published: publishedLimits(config),
    security: { ...config.signIn?.contact, publicUrl: config.publicUrl },
    trustProxy: config.trustProxy,
  });
  server.addHook("onSend", async (_, reply) => void (state.isDraining && reply.header("connection", "close")));
  const close = once(async (): Promise<void> => {
    state.isDraining = true;
    await Promise.all([reloading.close(), drain(server, { current, ...config }), works.stop()]);
    await current.close(); // whoever still works has an entry to close
    await house.book.close();
    house.identity?.certificates.close();
    await Promise.all([works.close(), house.lag.close()]);
    await observation.close(config.drainMs);
  });
  const listening = observation.listen(readiness, readingsOf(current, house)).then(() => listen(server, config));
  await listening.catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const { port } = server.server.address() as AddressInfo;
  return { url: `http://${config.host}:${port}`, port, reload: () => reloadAll(reloading, house), close };
}

async function reloadAll(reloading: Reloading, { identity }: Pick<Ground, "identity">): Promise<void> {
  await Promise.all([identity?.certificates.look(), reloading.now()]);
}

/** What a gateway does beside answering; each of any number does its part. */
function startWorks(current: Current, config: GatewayConfig, log: Logger) {
  const { databaseUrl, exportDir: folder } = config;
  const herald = startHerald({ hold: current.hold, config, log, signed: config.dci ? signerOf(config.dci) : undefined });
  const rowExports = folder === null ? undefined : startExports({ hold: current.hold, databaseUrl, folder, log });
  const keys = feedKeys(databaseUrl);
  const stops: (() => Promise<void>)[] = [];
  const ends: (() => Promise<void>)[] = [];
  return {
    ...{ keys, rowExports, log },
    /** What addresses of other standards keep open. */
    atEnd: (end: () => Promise<void>) => void ends.push(end),
    /** What they do beside requests. */
    atStop: (stop: () => Promise<void>) => void stops.push(stop),
    /** Gives back what is under way, to whoever is next. */
    stop: () => Promise.all([herald.close(), rowExports?.close(), ...stops.map((stop) => stop())]),
    close: () => Promise.all([keys.close(), ...ends.map((end) => end())]),
  };
}

type Given = Overrides & Pick<Ground, "log" | "telemetry">;

/** What all runtimes of this process stand on. */
async function groundOf(config: GatewayConfig, { log, telemetry, sources, streams, ownDocuments }: Given) {
  const { databaseUrl, recordDatabaseUrl, recordKeys, issuer, audience } = config;
  const identity = followIdentity({ ...config.tls, log, telemetry });
  const lag = await followLag({ databaseUrl, ...config.recordLag, log });
  const years = keylessYears(recordKeys, new Date());
  if (years.length > 0) log.warn({ years }, "HUB_RECORD_KEYS lacks a year: from its first day on nothing can be put on record");
  const book = await openBook({ databaseUrl: recordDatabaseUrl, isStopped: () => lag.isTooLate, log, telemetry });
  const verify = createVerifier({ issuer, audience, keys: issuerKeys(issuer) });
  const admission = createAdmission(config.concurrentMax);
  const isSandbox = config.env === "dev";
  const places = isSandbox ? {} : { places: () => admission.limit };
  const rates = createRates({ ...config.rates, personsToday: book.personsToday, telemetry, ...places });
  const shared = {
    verify,
    alarms: createAlarms(),
    rates,
    ownDocuments: ownDocumentsFor(config, ownDocuments),
    telemetry,
    isSandbox,
  };
  const ground: Ground = { shared, book, log, telemetry, identity, sources, streams };
  return { ground, lag, book, identity, admission };
}

function facesOf({ faces }: Overrides, log: Logger): Pick<ServerOptions, "faces"> {
  const onFault = (error: unknown) => log.error({ err: error }, "a page cannot be made as it should be");
  return faces ? { faces: (hub) => faces(hub, onFault) } : {};
}

/** The same promise however often it is asked for. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

interface Draining extends Pick<GatewayConfig, "drainMs" | "drainGraceMs"> {
  readonly current: Current;
}

/** Unready from the start; answers all that still comes until balancers have noticed, then what is under way. */
async function drain(server: ReturnType<typeof createServer>, { current, drainMs, drainGraceMs }: Draining): Promise<void> {
  if (server.server.listening) await pause(drainGraceMs);
  current.part();
  const sweep = setInterval(() => server.server.closeIdleConnections(), SWEEP_MS); // a client that has its answer may keep its connection
  const impatience = setTimeout(() => server.server.closeAllConnections(), drainMs);
  await server.close();
  clearInterval(sweep);
  clearTimeout(impatience);
}

const SWEEP_MS = 50;

/** Connections that come at one moment wait in the kernel: who finds no place there tries again after a second, then three, then seven. */
const BACKLOG = 4096;

async function listen(server: ReturnType<typeof createServer>, { host, port }: GatewayConfig): Promise<void> {
  await server.listen({ host, port, backlog: BACKLOG }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    throw Object.assign(error, { message: `port ${port} is taken; move the gateway with HUB_PORT` });
  });
}

interface House {
  readonly book: RecordBook;
  readonly lag: Lag;
  readonly identity: FollowedIdentity | undefined;
}

interface Parts extends House {
  readonly current: Current;
}

function readingsOf(current: Current, { lag }: House) {
  const grants = () => current.hub.grants;
  return {
    policyAgeMs: () => grants().ageMs,
    uncompiled: () => grants().uncompiled.length,
    recordLagMs: () => lag.ageMs,
    clockSkewMs: () => lag.clock.skewMs,
  };
}

/** What somebody is to look at although all is ready; nothing of it tells more than where. */
const alarmsOf = ({ current, reloading, lag, identity }: Parts & { readonly reloading: Reloading }): string[] => [
  ...(lag.isLate ? ["checkpoint"] : []),
  ...(lag.clock.isSkewed ? ["clock"] : []),
  ...(identity?.certificates.isBad ? ["certificates"] : []),
  ...(current.runtime.grants.refused.length > 0 ? ["tables"] : []), // agreements are closed although governance has them in force
  ...(current.hub.sources.unreachable ?? []).map((service) => `circuit:${service}`),
  ...reloading.alarms,
];

function missing({ current: { hub }, book, lag, isDraining }: Parts & { readonly isDraining: boolean }): string[] {
  const { uncompiled, isCurrent } = hub.grants;
  const tables = uncompiled.length > 0 ? ["tables"] : []; // a supergraph is adopted only when all agreements are compiled for it
  const policy = isCurrent ? tables : ["policy"];
  const uncovered = lag.isTooLate ? ["checkpoint"] : [];
  return [...(isDraining ? ["draining"] : []), ...policy, ...(book.isUp ? [] : ["record"]), ...uncovered];
}
