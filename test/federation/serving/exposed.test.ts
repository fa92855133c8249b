import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askForToken } from "../../../cli/run/issuer.ts";
import { createMinter, devEnvelopeSecret, ENVELOPE_HEADER } from "../../../schema/caller.ts";
import { devClientSecret } from "../../../schema/devClients.ts";
import { subgraphs } from "../../../subgraphs/main.ts";
import { allBut, callerWith } from "../../kit/slice.ts";
import { freePorts } from "../../kit/vitest/ports.ts";

// `npm start` with the gateway open to the network: nobody else may come near the subgraphs, also not from this machine.

/** Another address of this machine on Linux: what listens on every address answers there, what listens on 127.0.0.1 does not. */
const ELSEWHERE = "127.0.0.2";
const folder = mkdtempSync(join(tmpdir(), "hub-exposed-"));
let hub: ChildProcess;
let ports: Readonly<Record<string, number>>;

beforeAll(async () => {
  const names = ["HUB_PORT", "HUB_ISSUER_PORT", "HUB_LOG_PORT", ...subgraphs.map(({ name }) => `HUB_PORT_${name.toUpperCase()}`)];
  const free = await freePorts(names.length);
  ports = Object.fromEntries(names.map((name, at) => [name, free[at] ?? 0]));
  const { HUB_DATABASE_URL: _, ...env } = process.env;
  const written = Object.fromEntries(names.map((name) => [name, String(ports[name])]));
  hub = spawn(process.execPath, ["cli/hub.js", "start", "--json", "--households", "1"], {
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
    env: {
      ...env,
      HUB_ENV: "dev",
      HUB_HOST: "0.0.0.0",
      HUB_DATA_DIR: folder,
      HUB_PG_DIR: join(folder, "pg"),
      HUB_PG_PORT: "0",
      ...written,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(hub, "exit").then(() => Promise.reject(new Error("the hub ended before it was up")));
  ended.catch(() => {});
  await Promise.race([once(hub.stdout as NodeJS.ReadableStream, "data"), ended]);
}, 60_000);
afterAll(async () => {
  const gone = once(hub, "exit");
  hub.kill("SIGTERM");
  await gone;
  rmSync(folder, { recursive: true, force: true });
});

const answers = (host: string, port = 0): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port }, () => resolve(true)).on("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
const portOf = (name: string) => ports[`HUB_PORT_${name.toUpperCase()}`];

test.runIf(process.platform === "linux")("HUB_HOST opens the gateway and nothing behind it", async () => {
  expect(await answers(ELSEWHERE, ports["HUB_PORT"])).toBe(true);
  for (const { name } of subgraphs) {
    expect(await answers("127.0.0.1", portOf(name)), name).toBe(true);
    expect(await answers(ELSEWHERE, portOf(name)), name).toBe(false);
  }
});

test("an envelope sealed with the published development secret opens no subgraph", async () => {
  for (const subgraph of subgraphs) {
    const { name, coordinates: list } = subgraph;
    const mint = createMinter({ audience: name, secret: devEnvelopeSecret(name), list });
    const body = JSON.stringify({ query: "{ __typename }" });
    const envelope = mint({ caller: callerWith(), verbs: allBut(subgraph), body });
    const headers = { "content-type": "application/json", [ENVELOPE_HEADER]: envelope };
    const response = await fetch(`http://127.0.0.1:${portOf(name)}/graphql`, { method: "POST", headers, body });
    expect([response.status, name]).toEqual([401, name]);
  }
});

test("the gateway and its own subgraphs share a secret all the same", async () => {
  const token = await askForToken(`http://127.0.0.1:${ports["HUB_ISSUER_PORT"]}`, {
    id: "kemensos",
    secret: devClientSecret("kemensos"),
  });
  if ("error" in token) throw new Error(token.error);
  const headers = { "content-type": "application/json", authorization: `Bearer ${token.access_token}` };
  const body = JSON.stringify({
    query: '{ households { totalCount } programs { code } regions: region(code: "35") { name } me { client } }',
  });
  const response = await fetch(`http://127.0.0.1:${ports["HUB_PORT"]}/graphql`, { method: "POST", headers, body });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ households: { totalCount: 1 }, me: { client: "kemensos" } });
});
