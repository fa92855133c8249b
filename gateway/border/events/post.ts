import { request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { type Pinned, Undeliverable } from "./address.ts";

/** Longest a receiver may take in all, and the most of its answer that is read: nobody looks at what it says. */
const TIMEOUT_MS = 10_000;
const MOST_BYTES = 64 * 1024;

export interface Posting {
  readonly url: URL;
  readonly to: Pinned;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** Sends one message; resolves when it was taken (2xx). Throws Undeliverable with HTTP_<status>, REDIRECT (never followed), TIMEOUT or UNREACHABLE. */
export async function post({ url, to, headers, body, signal }: Posting): Promise<void> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const status = await answered({ url, to, headers, body, signal: AbortSignal.any([signal, timeout]) }).catch(
    (error: unknown) => {
      throw new Undeliverable(timeout.aborted ? "TIMEOUT" : "UNREACHABLE", error);
    },
  );
  if (status >= 300 && status < 400) throw new Undeliverable("REDIRECT");
  if (status < 200 || status >= 300) throw new Undeliverable(`HTTP_${status}`);
}

function answered({ url, to, headers, body, signal }: Posting): Promise<number> {
  const send = url.protocol === "https:" ? overHttps : overHttp;
  // the name stays in Host and in the certificate that is asked for; the address is the one that was looked at
  const pinned = { host: to.address, family: to.family, servername: url.hostname.replace(/^\[.*\]$/, "") };
  const length = { "content-length": String(Buffer.byteLength(body)), host: url.host, "user-agent": "dtks-hub" };
  const options = {
    ...pinned,
    ...(url.port && { port: url.port }),
    path: url.pathname,
    method: "POST",
    agent: false as const,
    signal,
  };
  return new Promise((resolve, reject) => {
    const sending = send({ ...options, headers: { ...headers, ...length } }, (answer) => {
      let bytes = 0;
      answer.on("data", (piece: Buffer) => {
        bytes += piece.length;
        if (bytes > MOST_BYTES) answer.destroy();
      });
      answer.on("close", () => resolve(answer.statusCode ?? 0));
      answer.on("error", reject);
    });
    sending.on("error", reject);
    sending.end(body);
  });
}
