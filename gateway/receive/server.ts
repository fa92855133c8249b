import { randomUUID } from "node:crypto";
import { createServer as createHttpServer } from "node:http";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { holdsNik, labels, Refusal } from "../../schema/errors.ts";
import type { HttpAnswer, Incoming } from "../types/chain.ts";
import { addErrands, type ErrandOptions, type Work } from "./errands.ts";
import { addEvidence, type EvidenceDoor } from "./evidence.ts";
import { addJobs, type JobDoor, type JobOptions, type SLOWLY } from "./jobs.ts";
import { single } from "./negotiate.ts";
import { refuse } from "./respond.ts";

interface ServerLimits {
  readonly bodyBytes: number;
  /** Requests being answered at one time; more are refused at once. */
  readonly concurrent: number;
  /** Longest a request may take in all. */
  readonly requestMs: number;
  /** Bytes of a file to be matched, and the longest pause in it. */
  readonly upload: JobOptions["upload"];
}
const UPLOAD = { maxBytes: 4_000_000_000, idleMs: 15_000 };
const LIMITS: ServerLimits = { bodyBytes: 100_000, concurrent: 1000, requestMs: 15_000, upload: UPLOAD };

export interface ServerOptions {
  /** The whole life of one request; MUST NOT reject. */
  readonly answer: (request: Incoming) => Promise<HttpAnswer>;
  /** The schema as the caller sees it; MUST NOT reject. Undefined: not served. */
  readonly describe?: (request: Incoming) => Promise<HttpAnswer>;
  /** Answers an address as the question it stands for; MUST NOT reject. Undefined: there are none. */
  readonly ask?: ErrandOptions["ask"];
  /** What is not ready, in words for operators; empty: all is. */
  readonly unready: () => readonly string[];
  /** What somebody is to look at although all is ready. */
  readonly alarms?: () => readonly string[];
  /** Matching jobs; undefined: not served. */
  readonly jobs?: JobDoor;
  /** Bytes of evidence; undefined: not served. */
  readonly evidence?: EvidenceDoor;
  readonly limits?: Partial<ServerLimits>;
  /** Believe X-Forwarded-For: from everyone (true), or from these addresses and networks. */
  readonly trustProxy?: boolean | string;
}

/** The HTTP side: GraphQL at /graphql, health, labels. Everything it says about an error has the shape of a GraphQL error. */
export function createServer(options: ServerOptions): FastifyInstance {
  const { answer, describe, jobs, evidence, limits, trustProxy = false } = options;
  const { bodyBytes, concurrent, requestMs, upload } = { ...LIMITS, ...limits };
  const app = Fastify({
    bodyLimit: bodyBytes,
    trustProxy,
    return503OnClosing: false, // while draining, what still comes in on an open connection is answered and the connection closed
    frameworkErrors: (error, request, reply) => void send(reply, refuse(asRefusal(error), incoming(request, requestMs))),
    clientErrorHandler: (_, socket) => void (socket.writable ? socket.end(UNREADABLE) : socket.destroy()),
    serverFactory: (handler) => createHttpServer({ headersTimeout: requestMs, requestTimeout: 0 }, handler),
  });
  hurryBodies(app, requestMs);
  // Fastify would answer bodies it cannot read in a shape of its own: take them all as text, receive() judges
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(["application/json", "*"], { parseAs: "string" }, (_, body, done) => done(null, body));
  app.setErrorHandler((error, request, reply) => send(reply, refuse(asRefusal(error), incoming(request, requestMs))));
  app.setNotFoundHandler((request, reply) =>
    send(reply, refuse(new Refusal({ code: "NOT_FOUND" }), incoming(request, requestMs))),
  );

  let running = 0;
  const counted = (work: Work) => async (request: FastifyRequest, reply: FastifyReply) => {
    const asked = incoming(request, requestMs, departureOf(reply));
    if (running >= concurrent) return send(reply, refuse(new Refusal({ code: "OVERLOADED" }), asked));
    running += 1;
    try {
      return send(reply, await work(asked, request));
    } finally {
      running -= 1;
    }
  };
  app.all("/graphql", counted(answer));
  app.get("/graphql/:documentId", counted(answer));
  if (describe) app.get("/schema.graphql", counted(describe));
  if (options.ask) addErrands(app, { ask: options.ask, handled: counted });
  addHealth(app, options);
  addLabels(app);
  const asking = (request: FastifyRequest, reply: FastifyReply) => incoming(request, requestMs, departureOf(reply));
  if (jobs) addJobs(app, { jobs, upload, incoming: asking });
  if (evidence) addEvidence(app, { evidence, upload, incoming: asking });
  return app;
}

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

function addHealth(app: FastifyInstance, { unready, alarms = () => [] }: Pick<ServerOptions, "unready" | "alarms">): void {
  const ready = (reply: FastifyReply) => {
    const missing = unready();
    const state = missing.length === 0 ? { status: "ready" } : { status: "unready", missing };
    const body = { ...state, ...(alarms().length > 0 && { alarms: alarms() }) };
    return reply
      .code(missing.length === 0 ? 200 : 503)
      .header("cache-control", "no-store")
      .send(body);
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

function incoming({ raw, ip, body, headers }: FastifyRequest, requestMs: number, signal = NEVER): Incoming {
  return {
    requestId: requestIdOf(single(headers["x-request-id"])),
    receiptId: randomUUID(),
    method: raw.method ?? "",
    url: raw.url ?? "",
    headers,
    body: typeof body === "string" ? body : null,
    address: ip,
    deadline: performance.now() + requestMs,
    signal,
  };
}

/** The client's own id if it is harmless in a log and a record: short, plain, and nothing that could be a NIK. */
const requestIdOf = (given: string | undefined): string =>
  given !== undefined && (UUID.test(given) || (/^[\w.-]{1,64}$/.test(given) && !holdsNik(given.replaceAll("-", ""))))
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
