import { randomUUID } from "node:crypto";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { holdsNik, labels, Refusal } from "../../schema/errors.ts";
import { type Readiness, readinessOf } from "../../schema/observe/readiness.ts";
import type { BorderRoute } from "../types/border.ts";
import type { HttpAnswer, Incoming } from "../types/chain.ts";
import type { Faces, OwnHub } from "../types/faces.ts";
import type { PublishedLimits } from "../types/rates.ts";
import type { Telemetry } from "../types/telemetry.ts";
import type { Observer } from "../types/trail.ts";
import { addFaces, addNets, ownHub } from "./faces.ts";
import { addLimits } from "./limits.ts";
import { single } from "./negotiate.ts";
import { addObserved } from "./observed.ts";
import { refuse } from "./respond.ts";
import type { Admission } from "./room/admission.ts";
import { afterArrivals } from "./room/arrivals.ts";
import { createAdmission, createRoom } from "./room/room.ts";
import { addBorder } from "./routes/border.ts";
import { addErrands, type ErrandOptions } from "./routes/errands.ts";
import { addEvents, type EventDoor } from "./routes/events.ts";
import { addEvidence, type EvidenceDoor } from "./routes/evidence.ts";
import { addExportJobs, type ExportJobDoor } from "./routes/exportJobs.ts";
import { addExports, type ExportDoor } from "./routes/exports.ts";
import { addJobs, type JobDoor, type JobOptions, type SLOWLY } from "./routes/jobs.ts";
import { addOpenData, type OpenDataDoor } from "./routes/openData.ts";
import { addPlan, type PlanOptions } from "./routes/plan.ts";
import { addSecurityText, type SecurityContact } from "./routes/securityText.ts";

interface ServerLimits {
  readonly bodyBytes: number;
  /** Most requests being answered at one time; how many it is the hub finds out. */
  readonly concurrent: number;
  /** Longest a request may take in all. */
  readonly requestMs: number;
  /** Bytes of a file to be matched, and the longest pause in it. */
  readonly upload: JobOptions["upload"];
}
const UPLOAD = { maxBytes: 4_000_000_000, idleMs: 15_000 };
const LIMITS: ServerLimits = { bodyBytes: 100_000, concurrent: 256, requestMs: 15_000, upload: UPLOAD };

export interface ServerOptions extends Readiness {
  /** The whole life of one request; MUST NOT reject. */
  readonly answer: (request: Incoming) => Promise<HttpAnswer>;
  /** The schema as the caller sees it; MUST NOT reject. Undefined: not served. */
  readonly describe?: (request: Incoming) => Promise<HttpAnswer>;
  /** How a question would be fetched; MUST NOT reject. Undefined: not served. */
  readonly outline?: PlanOptions["outline"];
  /** Answers an address as the question it stands for; MUST NOT reject. Undefined: there are none. */
  readonly ask?: ErrandOptions["ask"];
  /** Addresses of other standards; undefined: there are none. */
  readonly border?: readonly BorderRoute[];
  readonly unready: () => readonly string[];
  /** Matching jobs; undefined: not served. */
  readonly jobs?: JobDoor;
  /** Bytes of evidence; undefined: not served. */
  readonly evidence?: EvidenceDoor;
  /** Events of the aid programs; undefined: not served. */
  readonly events?: EventDoor;
  /** Files of released figures; undefined: not served. */
  readonly exports?: ExportDoor;
  /** What open data there are; undefined: not served. */
  readonly openData?: OpenDataDoor;
  /** Files of rows; undefined: not served. */
  readonly exportJobs?: ExportJobDoor;
  /** Under which agreements whoever asks may ask; MUST NOT reject. Undefined: not served. */
  readonly choices?: (request: Incoming) => Promise<HttpAnswer>;
  /** Pages for people, by how they ask the hub; undefined: there are none. */
  readonly faces?: (hub: OwnHub) => Faces;
  /** Follows each request; undefined: nobody does. */
  readonly observer?: Observer;
  /** Metrics on this port, too; MUST NOT reject. Undefined: they are not here. */
  readonly metrics?: () => Promise<string>;
  /** Told of who is refused for want of room. */
  readonly telemetry?: Pick<Telemetry, "shed">;
  readonly limits?: Partial<ServerLimits>;
  /** Who may come in of those who ask; undefined: `limits.concurrent` at most. */
  readonly admission?: Admission;
  /** What is told of limits at /limits.json; undefined: not served. */
  readonly published?: PublishedLimits;
  /** Whom to tell of a hole; undefined: nobody is named. */
  readonly security?: SecurityContact;
  /** Believe X-Forwarded-For: from everyone (true), or from these addresses and networks. */
  readonly trustProxy?: boolean | string;
}

/** The HTTP side: GraphQL at /graphql, health, labels. Everything it says about an error has the shape of a GraphQL error. */
export function createServer(options: ServerOptions): FastifyInstance {
  const { limits, trustProxy = false } = options;
  const { bodyBytes, concurrent, requestMs, upload } = { ...LIMITS, ...limits };
  const app = Fastify({
    bodyLimit: bodyBytes,
    trustProxy,
    return503OnClosing: false, // while draining, what still comes in on an open connection is answered and the connection closed
    frameworkErrors: (error, request, reply) => void send(reply, refuse(asRefusal(error), incoming(request, requestMs))),
    clientErrorHandler: (_, socket) => void (socket.writable ? socket.end(UNREADABLE) : socket.destroy()),
    serverFactory: (handler) => httpServer({ requestMs, concurrent }, handler),
  });
  addObserved(app, options, ({ headers }) => requestIdOf(single(headers["x-request-id"])));
  addNets(app);
  app.addHook("onRequest", async ({ raw }) => refuseTwo(raw.rawHeaders));
  hurryBodies(app, requestMs);
  // Fastify would answer bodies it cannot read in a shape of its own: take them all as text, receive() judges
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(["application/json", "*"], { parseAs: "string" }, (_, body, done) => done(null, body));
  app.setErrorHandler((error, request, reply) => send(reply, refuse(asRefusal(error), incoming(request, requestMs))));
  app.setNotFoundHandler((request, reply) =>
    send(reply, refuse(new Refusal({ code: "NOT_FOUND" }), incoming(request, requestMs))),
  );

  const asking = (request: FastifyRequest, reply?: FastifyReply) => incoming(request, requestMs, reply && departureOf(reply));
  const { admission = createAdmission(concurrent) } = options;
  const full = () => options.telemetry?.shed("hub");
  const room = createRoom({ most: concurrent, admission, asking, full });
  addQuestions(app, options, { room, asking });
  addHealth(app, options);
  addLabels(app);
  if (options.security) addSecurityText(app, options.security);
  if (options.published) addLimits(app, { ...options.published, bodyBytes });
  addFiles(app, options, { room, asking, upload });
  if (options.faces) addFaces(app, { faces: options.faces(ownHub(app)), incoming: asking, handled: room.handled, bodyBytes });
  return app;
}

/** Of two hosts or two tokens each on the way takes the one it likes (RFC 9112 §3.2, RFC 9110 §5.3). */
function refuseTwo(rawHeaders: readonly string[]): void {
  const given = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? "").toLowerCase();
    if (name !== "host" && name !== "authorization") continue;
    if (given.has(name)) throw new Refusal({ code: "BAD_REQUEST", detail: `one header ${name} a request` });
    given.add(name);
  }
}

interface Way {
  readonly room: ReturnType<typeof createRoom>;
  readonly asking: (request: FastifyRequest, reply?: FastifyReply) => Incoming;
}

/** What is answered as one question, whatever address it came to. */
function addQuestions(app: FastifyInstance, options: ServerOptions, { room, asking }: Way): void {
  const { counted, unread } = room;
  app.all("/graphql", { onRequest: unread }, counted(options.answer));
  app.get("/graphql/:documentId", counted(options.answer));
  if (options.describe) app.get("/schema.graphql", counted(options.describe));
  if (options.outline) addPlan(app, { outline: options.outline, handled: counted });
  if (options.choices) app.get("/session/agreements", counted(options.choices));
  if (options.ask) addErrands(app, { ask: options.ask, handled: counted });
  if (options.border) addBorder(app, { routes: options.border, handled: counted, inRoom: room.inRoom, incoming: asking });
}

/** What comes or goes piece by piece. */
function addFiles(
  app: FastifyInstance,
  { jobs, evidence, events, exports, openData, exportJobs }: ServerOptions,
  { room, asking: incoming, upload }: Way & Pick<ServerLimits, "upload">,
): void {
  if (jobs) addJobs(app, { jobs, upload, incoming });
  if (evidence) addEvidence(app, { evidence, upload, incoming });
  if (events) addEvents(app, { events, incoming });
  if (exports) addExports(app, { exports, incoming });
  if (openData) addOpenData(app, { openData, incoming });
  if (exportJobs) addExportJobs(app, { exportJobs, incoming, unread: room.unread });
}

function httpServer({ requestMs, concurrent }: Pick<ServerLimits, "requestMs" | "concurrent">, handler: RequestListener) {
  const arrivals = afterArrivals(handler);
  const times = { headersTimeout: requestMs, requestTimeout: 0 };
  const server = createHttpServer({ ...times, maxHeaderSize: HEADER_BYTES }, arrivals.handler);
  arrivals.watch(server);
  server.maxConnections = CONNECTIONS_A_PLACE * concurrent;
  return server;
}

/** Most connections are kept by who has nothing to ask now. */
const CONNECTIONS_A_PLACE = 16;
/** The cookies of two faces, each in two pieces of 3.6 kB, and what else a browser sends. */
const HEADER_BYTES = 64 * 1024;

/** Every body but a file must be here in time: Node knows one time limit for all. */
function hurryBodies(app: FastifyInstance, requestMs: number): void {
  app.addHook("onRequest", (request, reply, done) => {
    if (!(request.routeOptions.config as Partial<typeof SLOWLY>).mayTakeLong) {
      const impatience = setTimeout(() => void (request.raw.complete || request.raw.destroy()), requestMs);
      reply.raw.once("close", () => clearTimeout(impatience));
    }
    done();
  });
}

function addHealth(app: FastifyInstance, readiness: Readiness): void {
  const ready = (reply: FastifyReply) => {
    const { status, body } = readinessOf(readiness);
    return reply.code(status).header("cache-control", "no-store").send(body);
  };
  app.get("/health", (request, reply) =>
    Object.hasOwn(request.query as object, "ready")
      ? ready(reply)
      : reply.header("cache-control", "no-store").send({ status: "live" }),
  );
  for (const path of ["/ready", "/readiness"]) app.get(path, (_, reply) => ready(reply));
}

function addLabels(app: FastifyInstance): void {
  for (const language of ["id", "en"] as const)
    app.get(`/labels/${language}.json`, (_, reply) =>
      reply.header("cache-control", "public, max-age=300").send(labels[language]),
    );
}

const NEVER = new AbortController().signal;

function incoming(request: FastifyRequest, requestMs: number, signal = NEVER): Incoming {
  const { raw, ip, body, headers, trail } = request;
  request.tally ??= {};
  return {
    requestId: trail?.requestId ?? requestIdOf(single(headers["x-request-id"])),
    receiptId: randomUUID(),
    method: raw.method ?? "",
    url: raw.url ?? "",
    headers,
    body: typeof body === "string" ? body : null,
    address: ip,
    deadline: performance.now() + requestMs,
    signal,
    trail,
    tally: request.tally,
  };
}

/** The client's own id if it is harmless in a log and a record: short, plain, and nothing that could be a NIK. */
const requestIdOf = (given: string | undefined): string =>
  given !== undefined && (UUID.test(given) || (/^[\w.-]{1,64}$/.test(given) && !holdsNik(given.replaceAll(/[-._]/g, ""))))
    ? given
    : randomUUID();
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Aborted when the client goes away before it has its answer. */
function departureOf(reply: FastifyReply): AbortSignal {
  const departure = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) departure.abort();
  });
  return departure.signal;
}

const send = (reply: FastifyReply, { status, headers, body }: HttpAnswer) => reply.code(status).headers(headers).send(body);

/** Fastify's own errors, in our words. Without a status of the client's making it is our fault. */
function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status === 413) return new Refusal({ code: "PAYLOAD_TOO_LARGE" });
  if (status === 415) return new Refusal({ code: "UNSUPPORTED_MEDIA_TYPE" });
  if (status >= 400 && status < 500) return new Refusal({ code: "BAD_REQUEST", detail: "the request cannot be read" });
  return new Refusal({ code: "INTERNAL_SERVER_ERROR" }, { cause: error });
}

const UNREADABLE_BODY = JSON.stringify({
  errors: [{ message: labels.id["codes"]?.["BAD_REQUEST"]?.replace(": {detail}", "."), extensions: { code: "BAD_REQUEST" } }],
});
/** What is not HTTP at all never reaches a route. */
const UNREADABLE = [
  "HTTP/1.1 400 Bad Request",
  "content-type: application/json; charset=utf-8",
  `content-length: ${Buffer.byteLength(UNREADABLE_BODY)}`,
  "connection: close",
  "",
  UNREADABLE_BODY,
].join("\r\n");
