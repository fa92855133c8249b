import { type AddressInfo, createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGateway } from "../../../gateway/main.ts";
import { readConfig } from "../../../gateway/runtime/config.ts";
import { startSubgraph, subgraphs } from "../../../subgraphs/main.ts";

// A port somebody else has is the commonest fault of a first start: the sentence must say which, and what moves it.

const NOWHERE = "postgres://nobody:x@127.0.0.1:1/none";
let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

test.each(subgraphs.map(({ name }) => name))("the subgraph %s says which port is taken and how to move it", async (name) => {
  const variable = `HUB_PORT_${name.toUpperCase()}`;
  const env = {
    HUB_ENV: "dev",
    HUB_LOG_LEVEL: "silent",
    [variable]: String(port),
    [`HUB_DATABASE_URL_${name.toUpperCase()}`]: NOWHERE,
  };
  await expect(startSubgraph(name, env)).rejects.toThrow(`port ${port} is taken; move ${name} with ${variable}`);
});

test("the gateway says which port is taken and how to move it", async () => {
  const env = {
    HUB_ENV: "dev",
    HUB_LOG_LEVEL: "silent",
    HUB_PORT: String(port),
    HUB_DATABASE_URL_GATEWAY: NOWHERE,
    HUB_DATABASE_URL_RECORD: NOWHERE,
  };
  await expect(startGateway(readConfig(env))).rejects.toThrow(`port ${port} is taken; move the gateway with HUB_PORT`);
});
