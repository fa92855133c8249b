import { setMaxListeners } from "node:events";
import { createServer as createPlain, type RequestListener, type Server } from "node:http";
import { createServer as createTls } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { TLSSocket } from "node:tls";
import { readCredentials, tlsOptions } from "../../../schema/tls/credentials.ts";
import { followCertificates } from "../../../schema/tls/follow.ts";
import { hasEnded, isFor } from "../../../schema/tls/names.ts";
import { atMostEachSecond } from "../../../schema/tls/seldom.ts";
import type { SliceTls } from "./config.ts";
import type { Logger } from "./log.ts";

export interface DoorOptions {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Undefined: plain http. */
  readonly tls?: SliceTls | undefined;
  /** Undefined: no port for probes. */
  readonly healthPort?: number | undefined;
  /** How long it still takes requests once it is to end. */
  readonly drainGraceMs?: number | undefined;
  readonly log: Logger;
}

/** Where a subgraph is asked. */
export interface Door {
  /** Resolves with the port. Rejects in words for whoever starts the hub. */
  listen(): Promise<number>;
  readonly scheme: "http" | "https";
  /** When the certificate in force ends, in milliseconds; undefined: plain http. */
  readonly endsAt: number | undefined;
  /** Of the port for probes, once it listens. */
  readonly healthPort: number | undefined;
  /** Aborted as soon as the door is to close. */
  readonly parting: AbortSignal;
  /** The connection is to end with this answer: the door closes, or certificates were renewed since it was made. */
  isLeaving(socket: Socket): boolean;
  /** Looks for renewed certificates now. */
  renew(): Promise<void>;
  /** Unhealthy at once, that balancers notice; then takes no new connection and waits for answers under way; what still hangs after ten seconds is cut. */
  close(): Promise<void>;
}

const SECOND = 1000;
const HEADERS_TIMEOUT_MS = 10 * SECOND;
const HANDSHAKE_TIMEOUT_MS = 5 * SECOND;
const DRAIN_MS = 10 * SECOND;

/** A server for `answer`: plain, or one that lets nobody in but the gateway. */
export function createDoor(options: DoorOptions, answer: RequestListener): Door {
  const { tls, healthPort, host, port, name, drainGraceMs = 0 } = options;
  const parting = new AbortController();
  setMaxListeners(0, parting.signal); // as many as follow something
  const { server, ...guarded } = tls ? guardedServer(tls, options, answer) : plainServer(answer);
  const probes =
    healthPort === undefined ? undefined : createPlain(healthAnswer(name, () => server.listening && !parting.signal.aborted));
  const shut = async (): Promise<void> => {
    guarded.stop();
    probes?.closeAllConnections();
    await Promise.all([drain(server), probes && drain(probes)]);
  };
  return {
    scheme: tls ? "https" : "http",
    get endsAt() {
      return guarded.endsAt();
    },
    get healthPort() {
      return (probes?.address() as AddressInfo | null | undefined)?.port;
    },
    renew: guarded.renew,
    parting: parting.signal,
    isLeaving: (socket) => parting.signal.aborted || guarded.isOld(socket),
    async listen() {
      try {
        if (probes) await listening(probes, healthPort ?? 0, host).catch(withAdvice("HUB_HEALTH_PORT", healthPort ?? 0));
        return await listening(server, port, host).catch(withAdvice(`${name} with HUB_PORT_${name.toUpperCase()}`, port));
      } catch (error) {
        await shut();
        throw error;
      }
    },
    async close() {
      parting.abort();
      if (server.listening && drainGraceMs > 0) await pause(drainGraceMs); // without one, from here on nobody new
      await shut();
    },
  };
}

interface Guarded {
  readonly server: Server;
  endsAt(): number | undefined;
  isOld(socket: Socket): boolean;
  renew(): Promise<void>;
  stop(): void;
}

// a stream takes as long as it takes: of all other requests the body has its own time limit
const LIMITS = { requestTimeout: 0, headersTimeout: HEADERS_TIMEOUT_MS };

const plainServer = (answer: RequestListener): Guarded => ({
  server: createPlain(LIMITS, answer),
  endsAt: () => undefined,
  isOld: () => false,
  renew: async () => {},
  stop: () => {},
});

/**
 * TLS refuses who shows no certificate of a believed authority, the name whoever shows another's; both before HTTP is read. After a renewal new
 * connections are under the new certificates, and each old one ends with its next answer.
 */
function guardedServer({ files, client }: SliceTls, { log }: DoorOptions, answer: RequestListener): Guarded {
  const first = readCredentials(files);
  const asked = { requestCert: true, rejectUnauthorized: true, handshakeTimeout: HANDSHAKE_TIMEOUT_MS };
  const server = createTls({ ...LIMITS, ...asked, ...tlsOptions(first) }, answer);
  const made = new WeakMap<Socket, object>();
  const turnedAway = atMostEachSecond((reason: string) =>
    log.warn({ reason }, "somebody who is not the gateway was turned away"),
  );
  server.prependListener("secureConnection", (socket: TLSSocket) => {
    const shown = socket.getPeerCertificate();
    if (socket.authorized && isFor(client, shown) && !hasEnded(shown, Date.now()))
      return void made.set(socket, certificates.current);
    socket.destroy(); // http is attached to it next, and finds nothing to read
    turnedAway("the certificate is another's");
  });
  server.on("tlsClientError", (error: NodeJS.ErrnoException) => turnedAway(error.code ?? "the handshake failed"));
  const certificates = followCertificates({
    ...{ files, first, log },
    onRenewed: (credentials) => server.setSecureContext(tlsOptions(credentials)),
  });
  return {
    server: server as unknown as Server,
    endsAt: () => certificates.current.endsAt,
    isOld: (socket) => made.get(socket) !== certificates.current,
    renew: () => certificates.look(),
    stop: () => certificates.close(),
  };
}

/** For probes, which have no certificate: whether the server takes requests, and nothing else. */
const healthAnswer =
  (name: string, isOpen: () => boolean): RequestListener =>
  (request, response) => {
    const isAsked = /^\/health(?:\?|$)/.test(request.url ?? "") && /^(?:GET|HEAD)$/.test(request.method ?? "");
    const status = !isAsked ? 404 : isOpen() ? 200 : 503;
    response.writeHead(status, { "content-type": "application/json; charset=utf-8", connection: "close" });
    response.end(status === 200 ? JSON.stringify({ status: "ok", service: name }) : undefined);
  };

const listening = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });

/** A fault of listen(), in words for whoever starts the hub. */
const withAdvice = (moved: string, port: number) => (error: NodeJS.ErrnoException) => {
  if (error.code !== "EADDRINUSE") throw error;
  throw Object.assign(error, { message: `port ${port} is taken; move ${moved}` });
};

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(cut);
}
