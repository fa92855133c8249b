import { createServer as createHttpServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket, type Server as TcpServer } from "node:net";

/** A plain balancer: to whoever is in turn, with no idea of what passes through. */
export interface Balancer {
  readonly url: string;
  /** How often each backend was chosen, by its address. */
  readonly chosen: ReadonlyMap<string, number>;
  /** Takes a backend out: nothing new goes there. Resolves once nothing passes any more that this balancer could wait for. */
  takeOut(url: string): Promise<void>;
  takeBack(url: string): void;
  close(): Promise<void>;
}

class Turn {
  readonly chosen = new Map<string, number>();
  private readonly backends: readonly URL[];
  private readonly out = new Set<string>();
  private at = 0;

  constructor(urls: readonly string[]) {
    this.backends = urls.map((url) => new URL(url));
  }

  /** All that may be tried, whoever is in turn first. */
  next(): URL[] {
    const open = this.backends.filter(({ host }) => !this.out.has(host));
    this.at += 1;
    return open.map((_, n) => open[(this.at + n) % open.length] as URL);
  }
  took({ host }: URL): void {
    this.chosen.set(host, (this.chosen.get(host) ?? 0) + 1);
  }
  takeOut(url: string): void {
    this.out.add(new URL(url).host);
  }
  takeBack(url: string): void {
    this.out.delete(new URL(url).host);
  }
}

const listening = (server: Server | TcpServer): Promise<string> =>
  new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  );

/** Balances connections, as a layer 4 balancer does. Who has a connection keeps it until one of both ends closes it. */
export async function balanceConnections(urls: readonly string[]): Promise<Balancer> {
  const turn = new Turn(urls);
  const sockets = new Set<Socket>();
  const server = createTcpServer((near) => {
    const tries = turn.next();
    const tryNext = () => {
      const backend = tries.shift();
      if (!backend) return void near.destroy();
      const far = connect(Number(backend.port), backend.hostname);
      far.once("error", tryNext); // until it is connected nothing was sent
      far.once("connect", () => {
        far.off("error", tryNext);
        turn.took(backend);
        join(near, far);
      });
    };
    const join = (one: Socket, other: Socket) => {
      for (const [from, to] of [
        [one, other],
        [other, one],
      ] as const) {
        sockets.add(from);
        from.on("error", () => to.destroy());
        from.on("close", () => {
          sockets.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    };
    near.on("error", () => {});
    tryNext();
  });
  const url = await listening(server);
  return {
    url,
    chosen: turn.chosen,
    takeOut: async (backend) => turn.takeOut(backend),
    takeBack: (backend) => turn.takeBack(backend),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Balances requests, as a layer 7 balancer does: a backend that takes no connection is passed over, one that breaks off is a 502. */
export async function balanceRequests(urls: readonly string[]): Promise<Balancer> {
  const turn = new Turn(urls);
  const passing = new Map<string, Set<IncomingMessage>>();
  const pass = (from: IncomingMessage, to: ServerResponse): void => {
    const tries = turn.next();
    const tryNext = (): void => {
      const backend = tries.shift();
      if (!backend) return void to.writeHead(502).end();
      const under = passing.get(backend.host) ?? new Set();
      passing.set(backend.host, under.add(from));
      // a connection of its own each: one that is kept may be closed just as it is used again
      const out = request(
        { host: backend.hostname, port: backend.port, path: from.url, method: from.method, headers: from.headers, agent: false },
        (answer) => {
          turn.took(backend);
          to.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(to);
          answer.on("error", () => to.destroy());
        },
      );
      out.on("error", (error: NodeJS.ErrnoException) => {
        under.delete(from);
        if (error.code === "ECONNREFUSED") return tryNext();
        if (to.headersSent) to.destroy();
        else to.writeHead(502).end();
      });
      to.on("close", () => {
        under.delete(from);
        out.destroy();
      });
      out.once("socket", (socket) => socket.once("connect", () => from.pipe(out)));
    };
    tryNext();
  };
  const server = createHttpServer(pass);
  const url = await listening(server);
  return {
    url,
    chosen: turn.chosen,
    async takeOut(backend) {
      turn.takeOut(backend);
      while ((passing.get(new URL(backend).host)?.size ?? 0) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    takeBack: (backend) => turn.takeBack(backend),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
