import { EventEmitter } from "node:events";
import type { RequestListener, Server } from "node:http";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { afterArrivals } from "../../../../gateway/receive/room/arrivals.ts";

type Asked = Parameters<RequestListener>[0];

function door() {
  const taken: string[] = [];
  const server = new EventEmitter();
  const { handler, watch } = afterArrivals((request) => void taken.push(String(request)));
  watch(server as unknown as Server);
  const ask = (name: string, destroyed = false) => void handler(name as unknown as Asked, { destroyed } as never);
  return { taken, ask, comes: () => void server.emit("connection") };
}

test("where nobody new comes, a request is taken up at once", () => {
  const { taken, ask } = door();
  ask("a");
  expect(taken).toEqual(["a"]);
});

test("while connections come requests wait, and are taken up in their order when a turn brings none", async () => {
  const { taken, ask, comes } = door();
  for (const name of ["a", "b", "c"]) {
    comes();
    ask(name);
    await turn();
    expect(taken).toEqual([]);
  }
  await turn();
  await turn();
  expect(taken).toEqual(["a", "b", "c"]);
  ask("d");
  expect(taken.at(-1)).toBe("d");
});

test("who has left before their turn is not heard: nothing is begun that nobody waits for", async () => {
  const { taken, ask, comes } = door();
  comes();
  ask("a", true);
  ask("b");
  while (taken.length === 0) await turn();
  expect(taken).toEqual(["b"]);
});

test("connections that never cease hold up nobody for longer than a quarter of a second", async () => {
  const { taken, ask, comes } = door();
  const from = performance.now();
  comes();
  ask("a");
  while (taken.length === 0 && performance.now() - from < 20_000) {
    comes();
    await turn();
  }
  expect(taken).toEqual(["a"]);
  expect(performance.now() - from).toBeGreaterThan(200); // they did come all the while
});
