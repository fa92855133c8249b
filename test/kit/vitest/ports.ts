import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";

/** Below the ports that systems give to whoever asks for any, so that no connection made meanwhile takes one. */
const RANGE = { from: 10_000, to: 32_000 };

/** Ports that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listening));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

const listening = (): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    const draw = () => server.listen(randomInt(RANGE.from, RANGE.to), "127.0.0.1");
    server.once("listening", () => resolve(server));
    server.on("error", (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? draw() : reject(error)));
    draw();
  });
