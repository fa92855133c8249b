import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A wire to a server that can be cut or go dead, as networks do. */
export interface Wire {
  /** The server's URL, by way of the wire. */
  url(serverUrl: string): string;
  /** Breaks every connection and takes no new one. */
  cut(): void;
  /** Keeps connections open and lets nothing through. */
  hang(): void;
  /** Lets a little through at a time. */
  slow(): void;
  mend(): void;
  close(): Promise<void>;
}

const [DRIP_BYTES, DRIP_MS] = [256, 25];

/** Lays a wire to host and port of `serverUrl`. */
export async function layWire(serverUrl: string): Promise<Wire> {
  const { hostname, port } = new URL(serverUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: "whole" | "cut" | "dead" | "slow" = "whole";
  const drip = async (chunk: Buffer, to: Socket) => {
    for (let at = 0; at < chunk.length && !to.destroyed; at += DRIP_BYTES) {
      to.write(chunk.subarray(at, at + DRIP_BYTES));
      if (state === "slow") await sleep(DRIP_MS);
    }
  };
  const server = createServer((near) => {
    if (state === "cut") return void near.destroy();
    const far = connect(Number(port), hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      let dripping: Promise<void> | undefined; // what follows waits for it
      const pass = (chunk: Buffer) => {
        if (state === "dead") return;
        if (state !== "slow" && !dripping) return void to.write(chunk);
        const mine = Promise.resolve(dripping)
          .then(() => drip(chunk, to))
          .finally(() => {
            if (dripping === mine) dripping = undefined;
          });
        dripping = mine;
      };
      from.on("data", pass);
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
    slow() {
      state = "slow";
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
