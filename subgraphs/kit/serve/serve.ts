import type { IncomingMessage, ServerResponse } from "node:http";
import { ApolloServer, HeaderMap } from "@apollo/server";
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginInlineTraceDisabled } from "@apollo/server/plugin/disabled";
import type { GraphQLSchema } from "graphql";
import { openPool, type Pool, type ReadReplica } from "../../../drizzle/client.ts";
import { createOpener, ENVELOPE_HEADER, FRESH_HEADER, type OpenedEnvelope } from "../../../schema/caller.ts";
import { Refusal } from "../../../schema/errors.ts";
import { METRICS_TYPE } from "../../../schema/observe/meter.ts";
import type { NoteKey } from "../../../schema/record/note.ts";
import type { YearKeys } from "../../../schema/record/yearKeys.ts";
import type { CoordinateList } from "../../../schema/sdl/coordinates.ts";
import { ACTING, createSweep, createWriter } from "../acts/writer.ts";
import { type Answer, errorFormatter, refusal } from "../errors.ts";
import { type Observation, type ObserveOptions, observe } from "../observe/observe.ts";
import { createCursors } from "../page.ts";
import type { Attestation, SliceTls } from "./config.ts";
import type { Asking, Held, SliceContext } from "./context.ts";
import { createDoor, type Door } from "./door.ts";
import { createLog, type Logger } from "./log.ts";
import { followSecrets, type SecretOptions, type Secrets } from "./secrets.ts";
import { createStreams, isStream, type Stream } from "./streams.ts";

export interface StartOptions extends Omit<ObserveOptions, "host">, Omit<SecretOptions, "name"> {
  /** Of the slice's runtime role: neither owner nor superuser, so that row-level security binds it. */
  readonly databaseUrl: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly host?: string;
  readonly poolSize?: number;
  /** Undefined: plain http. */
  readonly tls?: SliceTls | undefined;
  /** Of the port for probes; undefined: there is none. */
  readonly healthPort?: number | undefined;
  /** How long it still takes requests once it is to end. */
  readonly drainGraceMs?: number | undefined;
  /** Questions go there while it is not behind by more than it may be. */
  readonly replica?: Pick<ReadReplica, "url" | "lagMs"> | undefined;
  /** Where policy is signed: the secret of the key, and origins of the console. */
  readonly policy?: { readonly secret: string; readonly origins: readonly string[] } | undefined;
  /** Where the access record is read: keys of its subject tags. */
  readonly recordKeys?: YearKeys | undefined;
  /** Key the log of the record signs with; undefined: its signatures are left to who is shown them. */
  readonly logKey?: NoteKey | undefined;
  /** What it attests with and whose attestations it believes; of all slices but governance. */
  readonly attestation?: Attestation | undefined;
  /** Where welfare keeps evidence. */
  readonly evidenceUrl?: string | undefined;
  readonly log?: Logger;
  readonly now?: () => number;
  /** Told what each answered fetch cost: for metrics and tests. */
  readonly observe?: (fact: FetchFact) => void;
}

/** Of its options what a slice may keep something by. */
export type HoldOptions = Pick<StartOptions, "databaseUrl" | "policy" | "recordKeys" | "logKey" | "attestation" | "evidenceUrl">;

export interface FetchFact {
  readonly requestId: string;
  /** SQL statements, without begin, set and commit. */
  readonly statements: number;
  readonly ms: number;
}

export interface Running {
  readonly url: string;
  readonly port: number;
  /** Looks for renewed certificates and envelope secrets now; otherwise within two seconds. */
  renew(): Promise<void>;
  /** Takes no new fetch, lets those under way finish, then ends the pool. */
  close(): Promise<void>;
}

interface Served<Load, Keeps extends Held> {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly coordinates: CoordinateList;
  readonly loaders: (asking: Asking, held: Keeps) => Load;
  readonly hold: ((options: HoldOptions) => Keeps) | undefined;
  readonly streams: Readonly<Record<string, Stream<Keeps>>>;
}

const BODY_TIMEOUT_MS = 10_000;
const MAX_BODY_BYTES = 2 * 1024 * 1024;
const [MIN_DEADLINE_MS, DEFAULT_DEADLINE_MS, MAX_DEADLINE_MS] = [100, 5_000, 30_000];

/** Starts one subgraph: `POST /graphql` and its streams, each with an envelope, `GET /health`, and no other way in. */
export async function serve<Load, Keeps extends Held>(served: Served<Load, Keeps>, options: StartOptions): Promise<Running> {
  const { host = "127.0.0.1", log = createLog({ name: served.name }) } = options;
  const observation = await observe(served.name, options);
  const pool = poolOf(options, log);
  observation.follow(pool);
  const apollo = createApollo(served, log);
  await apollo.start();
  const held = (served.hold?.(options) ?? NOTHING_HELD) as Keeps;
  const { now = Date.now } = options;
  const secrets = followSecrets({ ...options, name: served.name }, log);
  const opening = { audience: served.name, secrets: secrets.opening, list: served.coordinates, now };
  const open = observation.counting(createOpener(opening));
  const fetch = createFetch(served, { options, apollo, pool, held, open, secrets, log, observation });
  const door = createDoor({ ...options, name: served.name, host, log }, (request, response) => {
    if (isStream(request)) return void stream(request, response);
    answered(request, response, { door, fetch, name: served.name, metrics: observation.metrics, log });
  });
  observation.certificate(() => door.endsAt);
  const stream = createStreams({ streams: served.streams, open, held, parting: door.parting, log });
  const release = () => Promise.all([secrets.close(), apollo.stop(), pool.end(), held.close(), observation.close()]);
  const port = await observation
    .listen()
    .then(door.listen)
    .catch(async (error: unknown) => {
      await release();
      throw error;
    });
  log.info({ port, coordinates: served.coordinates.coordinates.length }, "subgraph listens");
  return {
    url: `${door.scheme}://${host}:${port}/graphql`,
    port,
    renew: () => {
      secrets.look();
      return door.renew();
    },
    async close() {
      await door.close();
      await release();
    },
  };
}

function poolOf({ databaseUrl, poolSize: max = 10, replica }: StartOptions, log: Logger): Pool {
  const changed = (isAsked: boolean) =>
    log.info({ replica: isAsked }, `questions go to the ${isAsked ? "replica" : "primary: the replica is late or away"}`);
  return openPool(databaseUrl, { max, ...(replica && { replica: { ...replica, changed } }) });
}

type Fetch = (request: IncomingMessage, isGone: () => boolean) => Promise<Answer>;

interface Answering {
  readonly door: Door;
  readonly fetch: Fetch;
  readonly name: string;
  readonly metrics: Observation["metrics"];
  readonly log: Logger;
}

function answered(request: IncomingMessage, response: ServerResponse, answering: Answering): void {
  const { door, log } = answering;
  route(request, () => response.destroyed, answering)
    .catch((error: unknown) => answerTo(error, log))
    .then((answer) => {
      // A kept connection would hold up draining; one with unread body could not be used again.
      if (door.isLeaving(request.socket) || !request.complete) response.setHeader("connection", "close");
      send(response, answer);
    })
    .catch((error: unknown) => log.warn({ err: error }, "an answer could not be sent"));
}

async function route(
  request: IncomingMessage,
  isGone: () => boolean,
  { door, name, fetch, metrics }: Answering,
): Promise<Answer> {
  const path = request.url?.split("?", 1)[0];
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (path === "/health") return isRead ? health(name, door) : refusal("METHOD_NOT_ALLOWED");
  if (path === "/metrics" && metrics && isRead)
    return { status: 200, body: await metrics(), headers: { "content-type": METRICS_TYPE } };
  if (path !== "/graphql") return refusal("NOT_FOUND");
  return request.method === "POST" ? fetch(request, isGone) : refusal("METHOD_NOT_ALLOWED");
}

/** 503 from the moment it is to end, although it still answers. */
const health = (service: string, { parting }: Door): Answer =>
  parting.aborted
    ? { status: 503, body: JSON.stringify({ status: "draining", service }) }
    : { status: 200, body: JSON.stringify({ status: "ok", service }) };

const NOTHING_HELD: Held = { close: async () => {} };

interface Parts<Load, Keeps> {
  readonly options: StartOptions;
  readonly apollo: ApolloServer<SliceContext<Load>>;
  readonly pool: Pool;
  readonly held: Keeps;
  readonly open: ReturnType<typeof createOpener>;
  readonly secrets: Secrets;
  readonly log: Logger;
  readonly observation: Observation;
}

/** One fetch of the gateway: body, envelope, session, execution, in that order. */
function createFetch<Load, Keeps extends Held>({ loaders }: Served<Load, Keeps>, parts: Parts<Load, Keeps>): Fetch {
  const { options, apollo, pool, held, open, log, observation } = parts;
  const { now = Date.now, observe: told } = options;
  const { keyFor } = parts.secrets;
  const cursorKey = keyFor("cursor");
  const sweep = createSweep(pool);
  return async (request, isGone) => {
    const startedAt = performance.now();
    const until = startedAt + deadlineOf(request);
    const body = await readBody(request);
    const envelope = opened(() => open(headerOf(request, ENVELOPE_HEADER), body));
    const { caller } = envelope;
    if (pool.isFull) throw new Refusal({ code: "OVERLOADED" });
    const { agency, officer, citizen, agreement, purpose } = caller;
    const scope = { ...caller.rows, agency, officer, citizen, agreement, purpose };
    const followed = observation.begins(request.headers["traceparent"], startedAt);
    const limit = { until, isGone, observer: followed.observer };
    const session = pool.session(scope, limit);
    if (request.headers[FRESH_HEADER] !== undefined) session.freshen();
    const replayed = () => log.warn({ check: "replayed at another replica" }, "an envelope was refused");
    const writer = createWriter({ pool, scope, limit, session, envelope: envelope.id, replayed, sweep });
    try {
      const cursors = createCursors(cursorKey, agreement);
      const asking = { db: session.db, write: writer.write, caller, now: new Date(now()), cursors, keyFor };
      const { write, acts } = writer;
      const context = { load: loaders(asking, held), session, write, acts, caller, envelope, now: asking.now };
      return await execute(apollo, body, context);
    } finally {
      await session.close();
      const statements = session.statements + writer.statements;
      const fact = { statements, ms: performance.now() - startedAt };
      followed.ended(fact);
      told?.({ requestId: caller.requestId, ...fact });
    }
  };
}

/** Whatever is wrong with an envelope, a stranger learns only that it is refused. */
function opened(open: () => OpenedEnvelope): OpenedEnvelope {
  try {
    return open();
  } catch (cause) {
    throw new Refusal({ code: "UNAUTHENTICATED" }, { cause });
  }
}

async function execute<Load>(
  apollo: ApolloServer<SliceContext<Load>>,
  body: Buffer,
  context: SliceContext<Load>,
): Promise<Answer> {
  const headers = new HeaderMap([["content-type", "application/json"]]);
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: "POST", headers, search: "", body: parseBody(body) },
    context: async () => context,
  });
  if (answer.body.kind !== "complete") throw new Error("an incremental answer: @defer and @stream are off");
  return { status: answer.status ?? 200, body: answer.body.string };
}

function createApollo<Load>(
  { name, schema }: Pick<Served<Load, never>, "name" | "schema">,
  log: Logger,
): ApolloServer<SliceContext<Load>> {
  return new ApolloServer<SliceContext<Load>>({
    schema,
    introspection: false,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    // No browser speaks to a subgraph and no credential rides along by itself: the envelope is the protection.
    csrfPrevention: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    nodeEnv: "production",
    logger: log,
    formatError: errorFormatter(name, log),
    plugins: [ApolloServerPluginInlineTraceDisabled(), ApolloServerPluginCacheControlDisabled(), ACTING],
  });
}

function answerTo(error: unknown, log: Logger): Answer {
  if (!(error instanceof Refusal)) {
    log.error({ err: error }, "a fetch failed");
    return refusal("INTERNAL_SERVER_ERROR");
  }
  if (error.cause instanceof Error) log.warn({ check: error.cause.message }, "an envelope was refused");
  return refusal(error.failures[0]?.code ?? "INTERNAL_SERVER_ERROR", error);
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}

/** Milliseconds the gateway will still wait: the database need not work longer for an answer nobody takes. */
function deadlineOf(request: IncomingMessage): number {
  const asked = Number(request.headers["hub-deadline-ms"] ?? Number.NaN);
  return Number.isFinite(asked) ? Math.min(MAX_DEADLINE_MS, Math.max(MIN_DEADLINE_MS, asked)) : DEFAULT_DEADLINE_MS;
}

/** The body as it came over the wire: the envelope signs bytes, so nothing may be decoded before it is opened. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > MAX_BODY_BYTES) throw new Refusal({ code: "PAYLOAD_TOO_LARGE" });
  const impatience = setTimeout(() => request.destroy(), BODY_TIMEOUT_MS);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // Left undestroyed, the connection can still carry the refusal.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) throw new Refusal({ code: "PAYLOAD_TOO_LARGE" });
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(impatience);
  }
  return Buffer.concat(chunks, bytes);
}

function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new Refusal({ code: "BAD_REQUEST", detail: "the body is not JSON" });
  }
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const length = { "content-length": Buffer.byteLength(body) };
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    ...length,
    ...headers,
  });
  response.end(body);
}
