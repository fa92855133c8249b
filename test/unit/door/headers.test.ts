import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { receive } from "../../../gateway/receive/receive.ts";
import { refuse } from "../../../gateway/receive/respond.ts";
import { createServer } from "../../../gateway/receive/server.ts";

const app = createServer({
  unready: () => [],
  answer: (request) =>
    receive(request).then(
      () => ({ status: 200, headers: {}, body: "{}" }),
      (error: unknown) => refuse(error, request),
    ),
});
let url: URL;
beforeAll(async () => {
  url = new URL(await app.listen({ host: "127.0.0.1", port: 0 }));
});
afterAll(() => app.close());

test.each([
  ['application/json; charset="UTF-8"', 200],
  ["Application/JSON;profile=x", 200],
  ["application/json; charset=utf-16", 415],
  ["application/jsonp", 415],
])("a body of content type %s is answered with %i", async (type, status) => {
  const asked = { method: "POST", headers: { "content-type": type }, body: '{"query":"{ a }"}' };
  expect((await fetch(new URL("/graphql", url), asked)).status).toBe(status);
});

test.each(["host: x", "authorization: Bearer a"])(
  "two headers %s are refused: each on the way would take the one it likes",
  async (line) => {
    const socket = connect(Number(url.port), "127.0.0.1");
    socket.end(`GET /health HTTP/1.1\r\nhost: x\r\nauthorization: Bearer a\r\n${line}\r\nconnection: close\r\n\r\n`);
    expect(Buffer.concat(await socket.toArray()).toString()).toMatch(/^HTTP\/1.1 400 /);
  },
);
