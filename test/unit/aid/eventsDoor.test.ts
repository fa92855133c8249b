import { Agent, get, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EventDoor } from "../../../gateway/receive/routes/events.ts";
import { createServer } from "../../../gateway/receive/server.ts";

const SLOWEST_MS = 30_000;
const refused = { status: 429, headers: {}, body: "{}" };
const taken: Socket[] = [];
let asked = 0;
let answer: () => Awaited<ReturnType<EventDoor["follow"]>> = () => refused;
const events: EventDoor = {
  follow: async () => {
    asked += 1;
    return answer();
  },
  keys: [],
};
const app = createServer({ answer: async () => refused, unready: () => [], events });
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

beforeAll(async () => {
  app.server.on("connection", (socket: Socket) => void taken.push(socket));
  await app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(async () => {
  agent.destroy();
  await app.close();
});

const asking = (path: string, method = "GET") =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const { port } = app.server.address() as AddressInfo;
    get({ port, path, method, agent }, resolve).on("error", reject);
  });
const read = async (path: string, method?: string): Promise<number | undefined> => {
  const response = await asking(path, method);
  for await (const _ of response);
  return response.statusCode;
};
async function* said(...pieces: string[]): AsyncGenerator<string> {
  yield* pieces;
}

test("threat: a connection that is used again carries neither the listeners nor the time limit of the streams before", async () => {
  answer = () => refused;
  await read("/events/keys");
  const [socket] = taken;
  const listeners = socket?.listenerCount("timeout");
  for (let times = 0; times < 20; times += 1) expect(await read("/events")).toBe(429);
  answer = () => ({ status: 200, headers: {}, pieces: said("id: 1\n\n") });
  for (let times = 0; times < 20; times += 1) expect(await read("/events")).toBe(200);
  expect(taken).toHaveLength(1);
  expect(socket?.listenerCount("timeout")).toBe(listeners);
  answer = () => {
    expect(socket?.timeout ?? 0).toBe(0);
    return refused;
  };
  expect(await read("/events")).toBe(429);
});

test("whoever takes nothing is cut", async () => {
  async function* silent(): AsyncGenerator<string> {
    yield "retry: 3000\n\n";
    await new Promise(() => {});
  }
  answer = () => ({ status: 200, headers: {}, pieces: silent() });
  const response = await asking("/events");
  const socket = taken.at(-1);
  expect(socket?.timeout).toBe(SLOWEST_MS);
  const cut = new Promise((resolve) => response.on("close", resolve).on("error", () => {}));
  response.resume();
  socket?.emit("timeout"); // as its timer does
  await cut;
  expect(socket?.destroyed).toBe(true);
});

test("threat: a HEAD, which would follow for ever with nobody there, begins no stream", async () => {
  const before = asked;
  expect(await read("/events", "HEAD")).toBe(404);
  expect(asked).toBe(before);
});
