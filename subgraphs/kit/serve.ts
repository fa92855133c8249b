import { hkdfSync } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ApolloServer, HeaderMap } from "@apollo/server";
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginInlineTraceDisabled } from "@apollo/server/plugin/disabled";
import type { GraphQLSchema } from "graphql";
import { openPool, type Pool, type WriteSession } from "../../drizzle/client.ts";
import { createOpener, ENVELOPE_HEADER, type OpenedEnvelope } from "../../schema/caller.ts";
import { Refusal } from "../../schema/errors.ts";
import type { NoteKey } from "../../schema/record/note.ts";
import type { YearKeys } from "../../schema/record/yearKeys.ts";
import type { CoordinateList } from "../../schema/sdl/coordinates.ts";
import type { Attestation } from "./config.ts";
import type { Asking, Held, SliceContext, Write } from "./context.ts";
import { type Answer, errorFormatter, refusal } from "./errors.ts";
import { createLog, type Logger } from "./log.ts";
import { createCursors } from "./page.ts";
import { createStreams, isStream, type Stream } from "./streams.ts";

export interface StartOptions {
  /** Of the slice's runtime role: neither owner nor superuser, so that row-level security binds it. */
  readonly databaseUrl: string;
  /** Shared with the gateway alone. */
  readonly envelopeSecret: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly host?: string;
  readonly poolSize?: number;
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

const DRAIN_MS = 10_000;
const BODY_TIMEOUT_MS = 10_000;
const MAX_BODY_BYTES = 2 * 1024 * 1024;
const [MIN_DEADLINE_MS, DEFAULT_DEADLINE_MS, MAX_DEADLINE_MS] = [100, 5_000, 30_000];

/** Starts one subgraph: `POST /graphql` and its streams, each with an envelope, `GET /health`, and no other way in. */
export async function serve<Load, Keeps extends Held>(served: Served<Load, Keeps>, options: StartOptions): Promise<Running> {
  const { host = "127.0.0.1", log = createLog({ name: served.name }) } = options;
  const pool = openPool(options.databaseUrl, options.poolSize === undefined ? {} : { max: options.poolSize });
  const apollo = createApollo(served, log);
  await apollo.start();
  const held = (served.hold?.(options) ?? NOTHING_HELD) as Keeps;
  const { envelopeSecret: secret, now = Date.now } = options;
  const open = createOpener({ audience: served.name, secret, list: served.coordinates, now });
  const fetch = createFetch(served, { options, apollo, pool, held, open });
  const stream = createStreams({ streams: served.streams, open, held, log });
  // a stream takes as long as it takes: of all other requests the body has its own time limit
  const server = createServer({ requestTimeout: 0, headersTimeout: BODY_TIMEOUT_MS }, (request, response) => {
    if (isStream(request)) return void stream(request, response);
    route(request, { name: served.name, fetch })
      .catch((error: unknown) => answerTo(error, log))
      .then((answer) => {
        // A kept connection would hold up draining; one with unread body could not be used again.
        if (!server.listening || !request.complete) response.setHeader("connection", "close");
        send(response, answer);
      })
      .catch((error: unknown) => log.warn({ err: error }, "an answer could not be sent"));
  });
  const release = () => Promise.all([apollo.stop(), pool.end(), held.close()]);
  const port = await listen(server, options.port, host).catch(async (error: NodeJS.ErrnoException) => {
    await release();
    throw withAdvice(error, { name: served.name, port: options.port });
  });
  log.info({ port, coordinates: served.coordinates.coordinates.length }, "subgraph listens");
  return {
    url: `http://${host}:${port}/graphql`,
    port,
    async close() {
      await drain(server);
      await release();
    },
  };
}

type Fetch = (request: IncomingMessage) => Promise<Answer>;

async function route(request: IncomingMessage, { name, fetch }: { name: string; fetch: Fetch }): Promise<Answer> {
  const path = request.url?.split("?", 1)[0];
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (path === "/health")
    return isRead ? { status: 200, body: JSON.stringify({ status: "ok", service: name }) } : refusal("METHOD_NOT_ALLOWED");
  if (path !== "/graphql") return refusal("NOT_FOUND");
  return request.method === "POST" ? fetch(request) : refusal("METHOD_NOT_ALLOWED");
}

const NOTHING_HELD: Held = { close: async () => {} };

interface Parts<Load, Keeps> {
  readonly options: StartOptions;
  readonly apollo: ApolloServer<SliceContext<Load>>;
  readonly pool: Pool;
  readonly held: Keeps;
  readonly open: ReturnType<typeof createOpener>;
}

/** One fetch of the gateway: body, envelope, session, execution, in that order. */
function createFetch<Load, Keeps extends Held>({ name, loaders }: Served<Load, Keeps>, parts: Parts<Load, Keeps>): Fetch {
  const { options, apollo, pool, held, open } = parts;
  const { envelopeSecret: secret, now = Date.now, observe } = options;
  const keyFor = (use: string) => Buffer.from(hkdfSync("sha256", secret, "", `hub-${use}/v1|${name}`, 32));
  const cursorKey = keyFor("cursor");
  return async (request) => {
    const startedAt = performance.now();
    const body = await readBody(request);
    const envelope = opened(() => open(headerOf(request, ENVELOPE_HEADER), body));
    const { caller } = envelope;
    const { agency, officer, citizen, agreement, purpose } = caller;
    const scope = { ...caller.rows, agency, officer, citizen, agreement, purpose };
    const limit = { statementTimeoutMs: deadlineOf(request) };
    const session = pool.session(scope, limit);
    const writer = createWriter(() => pool.writeSession(scope, limit));
    try {
      const cursors = createCursors(cursorKey, agreement);
      const asking = { db: session.db, write: writer.write, caller, now: new Date(now()), cursors, keyFor };
      const context = { load: loaders(asking, held), session, write: writer.write, caller, envelope, now: asking.now };
      return await execute(apollo, body, context);
    } finally {
      await session.close();
      const statements = session.statements + writer.statements;
      observe?.({ requestId: caller.requestId, statements, ms: performance.now() - startedAt });
    }
  };
}

/** `write` of one request, and the statements its transactions have asked so far. */
function createWriter(open: () => WriteSession): { readonly write: Write; readonly statements: number } {
  let statements = 0;
  return {
    get statements() {
      return statements;
    },
    async write(work) {
      const session = open();
      try {
        const answer = await work(session.db);
        await session.close();
        return answer;
      } catch (error) {
        await session.rollback();
        throw error;
      } finally {
        statements += session.statements;
      }
    },
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
    plugins: [ApolloServerPluginInlineTraceDisabled(), ApolloServerPluginCacheControlDisabled()],
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

const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });

/** A fault of listen(), in words for whoever starts the hub. */
function withAdvice(error: NodeJS.ErrnoException, { name, port }: { name: string; port: number }): Error {
  if (error.code !== "EADDRINUSE") return error;
  return Object.assign(error, { message: `port ${port} is taken; move ${name} with HUB_PORT_${name.toUpperCase()}` });
}

/** Stops listening and waits for answers under way; what still hangs after DRAIN_MS is cut. */
async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(cut);
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
