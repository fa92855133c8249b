import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { rawClient } from "../../../../drizzle/client.ts";

// What the driver keeps of a database that goes away. A server here speaks as little of PostgreSQL as it takes.

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function served(port = 0, heard: (socket: Socket) => void = () => {}) {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    heard(socket);
  });
  servers.push(server.listen(port, "127.0.0.1"));
  await once(server, "listening");
  return { sockets, server, port: (server.address() as { port: number }).port };
}
const clientAt = (port: number) =>
  rawClient(`postgres://nobody:x@127.0.0.1:${port}/none`, {
    max: 1,
    connect_timeout: 30,
    fetch_types: false,
    backoff: () => 0.2,
  });
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => "answered",
    (error) => error.code ?? error,
  );

describe("a client that has ended", () => {
  test("leaves no connection to a server that lets in and then says nothing", async () => {
    const { port, sockets } = await served(0, (socket) => void socket.resume());
    const client = clientAt(port);
    const asked = codeOf(client`select 1`);
    await vi.waitFor(() => expect(sockets.size).toBe(1), 5_000);
    await client.end({ timeout: 0 });
    expect(await asked).toBe("CONNECTION_DESTROYED");
    const isHeard = () => {
      for (const socket of sockets) socket.write("?"); // by whoever has only half closed it
      return sockets.size > 0;
    };
    await vi.waitFor(() => expect(isHeard()).toBe(false), 5_000);
  });

  test("connects no more, though it was about to try again", async () => {
    const first = await served();
    first.server.close();
    await once(first.server, "close");
    const client = clientAt(first.port);
    expect(await codeOf(client`select 1`)).toBe("ECONNREFUSED");
    const again = codeOf(client`select 1`); // in a fifth of a second
    await new Promise((resolve) => setImmediate(resolve));
    await client.end({ timeout: 0 });
    expect(await again).toMatch(/^CONNECTION_(?:ENDED|DESTROYED)$/);
    const came: Socket[] = [];
    await served(first.port, (socket) => void came.push(socket));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(came).toHaveLength(0);
  });

  test("reads and ends a connection as any: what was under way is answered first", async () => {
    const { port, sockets } = await served(0, (socket) => {
      const answers = [READY_AT_FIRST, ANSWERED];
      socket.on("data", () => socket.write(answers.shift() ?? "")).on("end", () => socket.end());
    });
    const client = clientAt(port);
    const asked = codeOf(client`select 1`.simple());
    await vi.waitFor(() => expect(sockets.size).toBe(1), 5_000);
    await client.end({ timeout: 5 });
    expect(await asked).toBe("answered");
    await vi.waitFor(() => expect(sockets.size).toBe(0), 5_000);
  });
});

const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const READY_AT_FIRST = Buffer.concat([Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]), READY]);
const ANSWERED = Buffer.concat([Buffer.from([0x43, 0, 0, 0, 13]), Buffer.from("SELECT 0\0"), READY]);

test.each([
  [
    "whose connection is lost while the driver asks for types goes on, and who asked is told",
    "client`select 1`.then(() => 'answered', ({ code }) => code)",
    0,
  ],
  [
    "ends by any other rejection that nobody hears, and tells no value of it",
    "Promise.reject(new Error('Failed query: select 1\\nparams: 3510161708459001', { cause: new Error('ours, of 3510161708459001') }))",
    1,
  ],
])(
  "a process %s",
  async (_, asked, code) => {
    const { port } = await served(0, (socket) => {
      socket.once("data", () => {
        socket.write(READY_AT_FIRST);
        socket.once("data", () => socket.resetAndDestroy());
      });
    });
    const { status, said } = await ran(`
    import { rawClient } from "./drizzle/client.ts";
    import { endByFaults } from "./cli/run/ending.ts";
    endByFaults();
    const client = rawClient("postgres://nobody:x@127.0.0.1:${port}/none", { max: 1 });
    const told = ${asked};
    setTimeout(async () => { console.log("told", await told); await client.end({ timeout: 0 }); }, 300);`);
    expect([status, /told ECONNRESET/.test(said), /Error: ours, of \[NIK/.test(said)]).toEqual([code, code === 0, code === 1]);
    expect(said).not.toMatch(/params|3510161708459001/);
  },
  30_000,
);

const ran = (source: string) =>
  new Promise<{ status: number; said: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ["--import", "./schema/typescript/register.js", "--input-type=module", "-e", source],
      { cwd: ROOT },
      (_, out, err) => resolve({ status: child.exitCode ?? -1, said: out + err }),
    );
  });
