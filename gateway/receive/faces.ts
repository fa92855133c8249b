import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "../../schema/errors.ts";
import { places } from "../../schema/values/places.ts";
import type { Incoming } from "../types/chain.ts";
import type { FaceAnswer, Faces, OwnHub } from "../types/faces.ts";
import type { Tally } from "../types/rates.ts";
import { single } from "./negotiate.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Made where somebody may count the request. */
    tally: Tally | undefined;
  }
}

interface FaceOptions {
  readonly faces: Faces;
  readonly incoming: (request: FastifyRequest, reply?: FastifyReply) => Incoming;
  /** So many pages at one time. */
  readonly handled: (page: Faces["answer"]) => (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
  /** Bytes of a body at most, where no file comes with it. */
  readonly bodyBytes: number;
}

/** A photo that a page sends on as evidence. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Forms with a file of whoever is signed in that are read at one time; they lie in memory. Others take no place, so that they can keep none from anybody. */
const MOST_FILES = 16;
/** Asked by machines, or the same for everybody: no session is looked for. By the route's own pattern, which no spelling of an address gets round. */
const OPEN = /^\/(?:health|ready|readiness|labels\/.*|limits\.json|data\.json|data\/.*|events\/keys)$/;

/**
 * Pages at their paths; and everywhere else the session of a browser stands for the token its person signed in for. Cookies end here: no
 * other part of the gateway sees one, and so none can be logged or recorded.
 */
export function addFaces(app: FastifyInstance, options: FaceOptions): void {
  const { faces, incoming, handled } = options;
  const { path: withFile } = faces.withFile;
  const pages = new Set([...faces.paths, withFile]);
  const stand = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { headers } = request.raw;
    const route = request.routeOptions.url ?? "";
    const mayHold = isOfOwnPage(headers) && headers.authorization === undefined && !OPEN.test(route);
    const held = mayHold ? await faces.sessionOf(incoming(request, reply)) : null;
    delete headers.cookie;
    if (held === null) return;
    headers.authorization = held.authorization;
    if (held.cookies.length > 0) reply.header("set-cookie", [...held.cookies]);
  };
  app.addHook("onRequest", (request, reply, done) => {
    if (request.raw.headers.cookie === undefined || pages.has(request.routeOptions.url ?? "")) done();
    else stand(request, reply).then(() => done(), done);
  });
  const handler = handled((request) => faces.answer(request));
  for (const url of pages) if (url !== withFile) app.route({ method: ["GET", "POST"], url, handler });
  app.register((door, _, done) => {
    door.addContentTypeParser("multipart/form-data", formReader(options));
    door.route({ method: ["GET", "POST"], url: withFile, handler });
    done();
  });
}

/** A form with a file, one character a byte: what is no text in it must not be read as one. Of a form of whoever is not signed in only the beginning is kept. */
function formReader({ faces, incoming, bodyBytes }: FaceOptions) {
  const room = places(MOST_FILES);
  return async (request: FastifyRequest, body: IncomingMessage): Promise<string> => {
    if (Number(request.headers["content-length"] ?? 0) > MOST_BYTES) throw new Refusal({ code: "PAYLOAD_TOO_LARGE" });
    if (!(await faces.withFile.isOpen(incoming(request)))) return beginningOf(body, bodyBytes);
    const form = await room(() => beginningOf(body, MOST_BYTES));
    if (form === null) throw new Refusal({ code: "OVERLOADED" });
    return form;
  };
}

async function beginningOf(body: AsyncIterable<Buffer>, keptBytes: number): Promise<string> {
  const kept: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    if (bytes < keptBytes) kept.push(piece.subarray(0, keptBytes - bytes));
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw new Refusal({ code: "PAYLOAD_TOO_LARGE" });
  }
  return Buffer.concat(kept).toString("latin1");
}

/** What a browser says itself and no page can make it say; an address on another site, or of another application of this one, does not pass. */
const isOfOwnPage = (headers: FastifyRequest["headers"]): boolean => single(headers["sec-fetch-site"]) === "same-origin";

/** Seconds after which it may be tried again, where nobody said so: too much of the asker's own is under way, or of everybody's. */
const LATER: Readonly<Record<number, string>> = { 429: "10", 503: "1" };

/**
 * Whatever way an answer came: nobody takes it for anything but what it says it is; who was counted is told what is left of their rates, who is sent away for
 * now when to come back. What everybody may keep is nobody's: it sets no cookie and tells no rates.
 */
export function addNets(app: FastifyInstance): void {
  app.decorateRequest("tally", undefined);
  app.addHook("onSend", async ({ tally }, reply) => {
    reply.header("x-content-type-options", "nosniff");
    const later = LATER[reply.statusCode];
    if (later !== undefined && !reply.hasHeader("retry-after")) reply.header("retry-after", later);
    if (/\bpublic\b/i.test(String(reply.getHeader("cache-control") ?? ""))) reply.removeHeader("set-cookie");
    else if (tally?.headers) reply.headers(tally.headers());
  });
}

/** A long text goes as bytes: else it would be gone through once for its length and once more for its sending. */
const LONG = 4096;

export const sendFace = (reply: FastifyReply, { status, headers, body: told, cookies = [] }: FaceAnswer): FastifyReply => {
  const body = typeof told === "string" && told.length > LONG ? Buffer.from(told) : told;
  if (cookies.length > 0) reply.header("set-cookie", [...cookies]);
  return reply.code(status).headers(headers).send(body);
};

/** The hub as its own pages ask it. */
export const ownHub =
  (app: FastifyInstance): OwnHub =>
  async ({ body, address, ...request }) => {
    const payload = typeof body === "object" ? Buffer.from(body) : body;
    const answer = await app.inject({ ...request, remoteAddress: address, ...(payload !== undefined && { payload }) });
    const headers = Object.fromEntries(
      Object.entries(answer.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    );
    return { status: answer.statusCode, headers, body: answer.rawPayload };
  };
