import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  type Caller,
  ENVELOPE_HEADER,
  EnvelopeRefused,
  type OpenedEnvelope,
  STREAM_HEADER,
  streamText,
} from "../../../schema/caller.ts";
import { errorEntry, type Failure, Refusal } from "../../../schema/errors.ts";
import type { Logger } from "./log.ts";

/** A question whose body or answer is too long to be held. Its envelope signs name and head: what comes as body is only as good as they say. */
export interface StreamAsked<Keeps> {
  readonly held: Keeps;
  readonly caller: Caller;
  readonly envelope: OpenedEnvelope;
  /** As the gateway wrote it. */
  readonly head: Readonly<Record<string, unknown>>;
  readonly body: AsyncIterable<Uint8Array>;
  /** Aborted when the gateway goes away. */
  readonly signal: AbortSignal;
  /** Aborted when the slice is to end: what has no end of its own ends, and whoever follows it comes back to another. */
  readonly parting: AbortSignal;
}

/** Answers with lines of JSON, one piece of text each; what is thrown before the first is a refusal, after it the answer is cut. */
export type Stream<Keeps> = (asked: StreamAsked<Keeps>) => AsyncIterable<unknown>;

const PATH = /^\/streams\/(\w+)$/;
const pathOf = (request: IncomingMessage): string => request.url?.split("?", 1)[0] ?? "";
export const isStream = (request: IncomingMessage): boolean => PATH.test(pathOf(request));

interface Serving<Keeps> {
  readonly streams: Readonly<Record<string, Stream<Keeps>>>;
  readonly open: (header: string | undefined, body: string) => OpenedEnvelope;
  readonly held: Keeps;
  readonly parting: AbortSignal;
  readonly log: Logger;
}

/** Serves `POST /streams/<name>`. Never rejects. */
export function createStreams<Keeps>(serving: Serving<Keeps>) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const leaving = new AbortController();
    response.once("close", () => leaving.abort());
    try {
      const answer = asked(request, leaving.signal, serving);
      const lines = answer[Symbol.asyncIterator]();
      const first = await lines.next(); // a refusal still has a status of its own
      response.writeHead(200, { "content-type": "application/x-ndjson; charset=utf-8", "cache-control": "no-store" });
      if (!first.done) await pipeline(Readable.from(texts(first.value, lines)), response);
      else response.end();
    } catch (error) {
      refuse(response, error, serving.log);
      request.resume(); // a refusal is only heard by who may finish speaking; the gateway hangs up itself
    }
  };
}

async function* texts(first: unknown, rest: AsyncIterator<unknown>): AsyncGenerator<string> {
  try {
    yield `${JSON.stringify(first)}\n`;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield `${JSON.stringify(next.value)}\n`;
  } finally {
    await rest.return?.();
  }
}

function asked<Keeps>(
  request: IncomingMessage,
  signal: AbortSignal,
  { streams, open, held, parting }: Serving<Keeps>,
): AsyncIterable<unknown> {
  const name = PATH.exec(pathOf(request))?.[1] ?? "";
  const given = request.headers[STREAM_HEADER];
  const head = Buffer.from(typeof given === "string" ? given : "", "base64url").toString();
  const header = request.headers[ENVELOPE_HEADER];
  const envelope = open(typeof header === "string" ? header : undefined, streamText(name, head));
  const stream = Object.hasOwn(streams, name) ? streams[name] : undefined;
  if (!stream || request.method !== "POST") throw new Refusal({ code: "NOT_FOUND" });
  const { caller } = envelope;
  return stream({ held, caller, envelope, head: JSON.parse(head) as Record<string, unknown>, body: request, signal, parting });
}

/** Whoever reads a stream may stop at any time. */
const hasLeft = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === "ERR_STREAM_PREMATURE_CLOSE";

function refuse(response: ServerResponse, error: unknown, log: Logger): void {
  if (error instanceof EnvelopeRefused) log.warn({ check: error.message }, "an envelope was refused");
  else if (!(error instanceof Refusal) && !hasLeft(error)) log.error({ err: error }, "a stream failed");
  if (response.headersSent) return void response.destroy();
  const failures: readonly Failure[] = error instanceof Refusal ? error.failures : [{ code: codeOf(error) }];
  const errors = failures.map((failure) => {
    const { message, extensions } = errorEntry(failure, "en");
    const { code, coordinate, limit } = extensions;
    return { message, extensions: { code, coordinate, detail: failure.detail, limit } };
  });
  response.writeHead(new Refusal(failures).status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify({ errors }));
}

const codeOf = (error: unknown) => (error instanceof EnvelopeRefused ? "UNAUTHENTICATED" : "INTERNAL_SERVER_ERROR");
