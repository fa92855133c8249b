import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import { type AddressInfo, connect as connectPlain } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createPools, type Identity } from "../../../gateway/execute/transport/pools.ts";
import { createTransport } from "../../../gateway/execute/transport/transport.ts";
import { readCredentials } from "../../../schema/tls/credentials.ts";
import { namesIn } from "../../../schema/tls/names.ts";
import { createDoor, type Door } from "../../../subgraphs/kit/serve/door.ts";
import { createLog } from "../../../subgraphs/kit/serve/log.ts";
import { anAuthority, CertificateFolder, LATELY, LONG_AGO } from "../../kit/machines/certificates.ts";

// Who gets through the door of a subgraph, and which subgraph the gateway believes, on real sockets.

const folder = new CertificateFolder();
const other = anAuthority("another authority");
const heard: IncomingMessage[] = [];
const told: string[] = [];
const answer = (request: IncomingMessage, response: ServerResponse) => {
  heard.push(request);
  request.resume().on("end", () => response.end('{"data":{"a":1}}'));
};
const log = createLog({ name: "population", level: "debug", stream: { write: (line) => void told.push(line) } });
let door: Door;
let port: number;

beforeAll(async () => {
  folder.renew("hub-gateway");
  const tls = { files: folder.renew("population"), client: "hub-gateway" };
  door = createDoor({ name: "population", host: "127.0.0.1", port: 0, tls, healthPort: 0, log }, answer);
  port = await door.listen();
});
afterEach(() => {
  heard.length = 0;
  told.length = 0;
  faults.length = 0;
});
afterAll(async () => {
  await door.close();
  folder.remove();
});

const faults: string[] = [];
const identityOf = (part: string, names: Readonly<Record<string, string>> = {}): Identity => ({
  onFault: (service, code) => void faults.push(`${service} ${code}`),
  certificates: { current: readCredentials(folder.of(part)) },
  nameOf: (service) => names[service] ?? service,
});

/** Asks as the gateway does. */
async function ask(origin: string, { identity, service = "population" }: { identity?: Identity; service?: string } = {}) {
  const transport = createTransport({ timeoutMs: 5000, maxResponseBytes: 10_000, headers: () => ({}), identity });
  const call = { url: `${origin}/graphql`, service, body: "{}", idempotent: false, context: null };
  const rest = { coordinates: { output: [], internal: [], arguments: [] }, deadline: performance.now() + 9000 };
  const answered = await transport.send({ ...call, ...rest, signal: new AbortController().signal });
  await transport.close();
  return answered;
}

/** What is answered to bytes that are no HTTP. Who reads them as HTTP says 400. */
const speak = (options: ConnectionOptions): Promise<string> =>
  new Promise((resolve) => {
    let text = "";
    const socket: TLSSocket = connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
    socket.on("secureConnect", () => socket.write("this is no HTTP\r\n\r\n"));
    socket.on("data", (piece) => {
      text += piece.toString();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
  });

describe("a subgraph", () => {
  test("answers who shows the gateway's certificate, by TLS 1.3", async () => {
    expect(await ask(`https://127.0.0.1:${port}`, { identity: identityOf("hub-gateway") })).toEqual({ data: { a: 1 } });
    expect((heard[0]?.socket as TLSSocket | undefined)?.getProtocol()).toBe("TLSv1.3");
    expect(await speak(folder.authority.issue({ names: ["hub-gateway"], ...LATELY }))).toContain("400 Bad Request");
  });

  test.each([
    ["without a certificate", () => ({})],
    ["with a certificate of another authority", () => other.issue({ names: ["hub-gateway"], ...LATELY })],
    ["with one that signed itself", () => anAuthority("hub-gateway")],
    ["with another subgraph's", () => folder.authority.issue({ names: ["welfare"], ...LATELY })],
    ["with its own", () => folder.authority.issue({ names: ["population"], ...LATELY })],
    ["with the gateway's that ended", () => folder.authority.issue({ names: ["hub-gateway"], ...LONG_AGO })],
    ["with a wildcard", () => folder.authority.issue({ names: ["*", "*.hub-gateway"], ...LATELY })],
    ["with the name inside another", () => folder.authority.issue({ names: ["urn:x, DNS:hub-gateway"], ...LATELY })],
    ["with a certificate that names nobody", () => folder.authority.issue({ names: [], ...LATELY })],
    ["by TLS 1.2", () => ({ ...folder.authority.issue({ names: ["hub-gateway"], ...LATELY }), maxVersion: "TLSv1.2" }) as const],
  ])("lets nobody in %s: not a byte of HTTP is read", async (_, who) => {
    expect(await speak(who())).toBe("");
    expect(heard).toEqual([]);
    expect(await ask(`https://127.0.0.1:${port}`, { identity: identityOf("hub-gateway") })).toEqual({ data: { a: 1 } });
  });

  test("tells its log who was turned away, and not more than once a second", async () => {
    await new Promise((resolve) => setTimeout(resolve, 1100));
    for (let n = 0; n < 5; n += 1) await speak({});
    const lines = told.filter((line) => line.includes("turned away"));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(5);
  });

  test("closes on whoever speaks plain HTTP", async () => {
    const text = await new Promise<string>((resolve) => {
      let all = "";
      const socket = connectPlain(port, "127.0.0.1", () => socket.write("GET /health HTTP/1.1\r\nhost: x\r\n\r\n"));
      socket.on("data", (piece) => {
        all += piece.toString("latin1");
      });
      socket.on("error", () => {}).on("close", () => resolve(all));
    });
    expect(text).not.toContain("HTTP/1.1");
    expect(heard).toEqual([]);
  });
});

describe("the port for probes", () => {
  test("says that the subgraph is up, by plain HTTP, and serves nothing else", async () => {
    const url = `http://127.0.0.1:${door.healthPort}`;
    const health = await fetch(`${url}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: "ok", service: "population" }]);
    for (const [method, path] of [
      ["POST", "/health"],
      ["POST", "/graphql"],
      ["GET", "/graphql"],
      ["POST", "/streams/matchUpload"],
      ["GET", "/healthy"],
    ])
      expect((await fetch(`${url}${path}`, { method: method ?? "" })).status, `${method} ${path}`).toBe(404);
    expect(heard).toEqual([]);
  });
});

describe("the gateway", () => {
  test.each([
    ["another subgraph", { names: ["welfare"], ...LATELY }],
    ["itself", { names: ["hub-gateway"], ...LATELY }],
    ["the host of the address only", { names: ["localhost", "127.0.0.1"], ...LATELY }],
  ])("gives nothing to a subgraph whose certificate names %s", async (_, wanted) => {
    const pair = folder.authority.issue(wanted);
    await withServer({ ...pair, ca: folder.authority.cert }, async (origin) => {
      const identity = identityOf("hub-gateway");
      expect(await ask(origin, { identity })).toMatchObject({
        failed: "SUBGRAPH_UNAVAILABLE",
        detail: "HUB_TLS_NOT_THAT_SUBGRAPH",
      });
      expect(heard).toEqual([]);
      const [service = ""] = wanted.names;
      expect(await ask(origin, { identity, service })).toEqual({ data: { a: 1 } }); // of its own name it is believed
      const named = identityOf("hub-gateway", { population: service });
      expect(await ask(origin, { identity: named })).toEqual({ data: { a: 1 } }); // and of one that the settings give it
    });
  });

  test.each([
    ["is of another authority", () => other.issue({ names: ["population"], ...LATELY }), "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ["has ended", () => folder.authority.issue({ names: ["population"], ...LONG_AGO }), "CERT_HAS_EXPIRED"],
  ])("gives nothing to a subgraph whose certificate %s", async (_, pair, detail) => {
    await withServer({ ...pair(), ca: folder.authority.cert }, async (origin) => {
      const answered = await ask(origin, { identity: identityOf("hub-gateway") });
      expect(answered).toMatchObject({ failed: "SUBGRAPH_UNAVAILABLE", detail });
      expect(heard).toEqual([]);
    });
  });

  test("takes a plain server at an https address for one that is away", async () => {
    const server = createServer(answer).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await ask(origin, { identity: identityOf("hub-gateway") })).toMatchObject({ failed: "SUBGRAPH_UNAVAILABLE" });
    expect(heard).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  });

  test("tells which subgraph it has no TLS with, and why", async () => {
    await withServer({ ...folder.authority.issue({ names: ["welfare"], ...LATELY }), ca: other.cert }, async (origin) => {
      await ask(origin, { identity: identityOf("hub-gateway") });
      expect(faults).toEqual(["population HUB_TLS_NOT_THAT_SUBGRAPH"]);
    });
  });

  test("asks nobody by https unless it can say who it is", async () => {
    expect(await ask(`https://127.0.0.1:${port}`)).toMatchObject({ failed: "SUBGRAPH_UNAVAILABLE" });
    expect(() => createPools({}).to(`https://127.0.0.1:${port}`, "population")).toThrow("HUB_TLS_CERT_FILE");
  });
});

/** A server of TLS 1.3 that believes the gateway, under any certificate. */
async function withServer(
  own: { ca: string; cert: string; key: string },
  work: (origin: string) => Promise<void>,
): Promise<void> {
  const server = createHttps({ ...own, requestCert: true }, answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    await work(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test("names are read out of a certificate as it carries them, and out of anything else not at all", () => {
  expect(namesIn('DNS:a, URI:"urn:x\\u002c DNS:b", IP Address:127.0.0.1, URI:spiffe://hub/c')).toEqual([
    "a",
    "urn:x, DNS:b",
    "spiffe://hub/c",
  ]);
  for (const text of [undefined, "", "DNS", 'DNS:"broken', 'DNS:"\\x"', ", DNS:a", 'DNS:a"b"', "DNS:a,DNS:b"])
    expect(namesIn(text), String(text)).toEqual([]);
});
