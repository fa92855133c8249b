import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Client } from "../../drizzle/record/reads.ts";
import { newestCheckpoint, tileReader } from "../../drizzle/record/reads.ts";
import { HASH_BYTES, readTilePath } from "../../schema/record/tiles.ts";
import { type Collector, metricsText } from "./metrics.ts";

/** An answer whole. */
export interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly cache?: string;
}

export const TEXT = "text/plain; charset=utf-8";
const NOT_FOUND: Answer = { status: 404, type: TEXT, body: "not found\n" };
const IMMUTABLE = "public, max-age=31536000, immutable";

/**
 * Read side of the log (C2SP tlog-tiles): `/checkpoint` with all its cosignatures, `/tile/<level>/<n>[.p/<width>]`, `/health`, `/metrics`. Tiles hold
 * hashes only; the entries themselves are not public, so their bundles are not found.
 */
export function logAnswers(sql: Client, collectors: readonly Collector[]): (path: string) => Promise<Answer> {
  const pages: Readonly<Record<string, () => Promise<Answer>>> = {
    async "/checkpoint"() {
      const newest = await newestCheckpoint(sql);
      return newest ? { status: 200, type: TEXT, body: newest.note, cache: "no-cache" } : NOT_FOUND;
    },
    async "/health"() {
      await sql`select 1`;
      return { status: 200, type: TEXT, body: "ok\n" };
    },
    "/metrics": async () => ({
      status: 200,
      type: "text/plain; version=0.0.4; charset=utf-8",
      body: await metricsText(collectors),
    }),
  };
  return (path) => (Object.hasOwn(pages, path) ? pages[path] : undefined)?.() ?? tileAt(sql, path);
}

async function tileAt(sql: Client, path: string): Promise<Answer> {
  const tile = readTilePath(path.slice(1));
  const hashes = tile && (await tileReader(sql)(tile.level, tile.n));
  if (!tile || !hashes || hashes.length < tile.width * HASH_BYTES) return NOT_FOUND;
  const body = hashes.subarray(0, tile.width * HASH_BYTES);
  return { status: 200, type: "application/octet-stream", body, cache: IMMUTABLE };
}

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

interface Serving {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What moves it to another port. */
  readonly movedBy: string;
  readonly onError: (error: unknown) => void;
}

/** Serves what `answer` says. What it rejects with is an outage (503) without a word on the cause. */
export async function serve(
  answer: (request: IncomingMessage) => Promise<Answer>,
  { host, port, movedBy, onError }: Serving,
): Promise<Listening> {
  const server = createServer((request, response) => {
    answer(request)
      .catch((error: unknown): Answer => {
        onError(error);
        return { status: 503, type: TEXT, body: "unavailable\n" };
      })
      .then((told) => send(response, told), onError);
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  await listening(server, host, port).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EADDRINUSE" ? new Error(`port ${port} is taken; move it with ${movedBy}`) : error;
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

const REQUEST_TIMEOUT_MS = 10_000;

const listening = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((ready, failed) => {
    server.once("error", failed).listen(port, host, () => {
      server.off("error", failed);
      ready();
    });
  });

function send(response: ServerResponse, { status, type, body = "", cache }: Answer): void {
  response.writeHead(status, { ...(type && { "content-type": type }), ...(cache && { "cache-control": cache }) });
  response.end(body);
}
