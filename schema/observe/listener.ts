import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { METRICS_TYPE } from "./meter.ts";
import { type Readiness, readinessOf } from "./readiness.ts";

export interface Scraped extends Readiness {
  /** Never rejects. */
  readonly metrics: () => Promise<string>;
}

export interface Listening {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

interface Place {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Setting that moves it. */
  readonly movedBy: string;
}

const TIMEOUT_MS = 10_000;
const JSON_TYPE = "application/json; charset=utf-8";

/** A port for operators alone: `/metrics`, `/health`, `/ready` (also `/readiness`, `/health?ready`). Nothing personal is on it, and no way into the hub. */
export async function listenForScrapes(scraped: Scraped, { host, port, movedBy }: Place): Promise<Listening> {
  const server = createServer((request, response) => void answer(request, response, scraped));
  Object.assign(server, { requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS, maxConnections: 100 });
  await new Promise<void>((ready, failed) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      failed(error.code === "EADDRINUSE" ? new Error(`port ${port} is taken; move the metrics with ${movedBy}`) : error),
    );
    server.listen(port, host, ready);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}`,
    port: taken,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function answer({ method, url = "/" }: IncomingMessage, response: ServerResponse, scraped: Scraped): Promise<void> {
  const say = (status: number, type: string, body: string) =>
    response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(method === "HEAD" ? "" : body);
  const [path = "", search = ""] = url.split("?");
  if (method !== "GET" && method !== "HEAD") return void say(405, JSON_TYPE, '{"status":"GET only"}');
  if (path === "/metrics") return void say(200, METRICS_TYPE, await scraped.metrics());
  const isReady = path === "/ready" || path === "/readiness" || (path === "/health" && new URLSearchParams(search).has("ready"));
  if (isReady) {
    const { status, body } = readinessOf(scraped);
    return void say(status, JSON_TYPE, JSON.stringify(body));
  }
  if (path === "/health") return void say(200, JSON_TYPE, '{"status":"live"}');
  say(404, JSON_TYPE, '{"status":"not found"}');
}
