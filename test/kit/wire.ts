import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A wire to a server that can be cut or go dead, as networks do. */
export interface Wire {
  /** The server's URL, by way of the wire. */
  url(serverUrl: string): string;
  /** Breaks every connection and takes no new one. */
  cut(): void;
  /** Keeps connections open and lets nothing through. */
  hang(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Lays a wire to host and port of `serverUrl`. */
export async function layWire(serverUrl: string): Promise<Wire> {
  const { hostname, port } = new URL(serverUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: "whole" | "cut" | "dead" = "whole";
  const server = createServer((near) => {
    if (state === "cut") return void near.destroy();
    const far = connect(Number(port), hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on("data", (chunk) => void (state === "dead" ? undefined : to.write(chunk)));
      from.on("error", () => {});
      from.on("close", () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const breakAll = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  return {
    url(original) {
      const url = new URL(original);
      url.hostname = "127.0.0.1";
      url.port = String((server.address() as AddressInfo).port);
      return url.href;
    },
    cut() {
      state = "cut";
      breakAll();
    },
    hang() {
      state = "dead";
    },
    mend() {
      if (state === "dead") breakAll(); // what was swallowed is lost: those connections are no good any more
      state = "whole";
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        breakAll();
      }),
  };
}
