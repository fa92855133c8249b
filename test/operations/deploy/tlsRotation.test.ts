import { createHash, X509Certificate } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createStreams } from "../../../gateway/execute/stream.ts";
import { type FollowedIdentity, followIdentity } from "../../../gateway/execute/transport/certificates.ts";
import { createTransport } from "../../../gateway/execute/transport/transport.ts";
import type { StreamCall } from "../../../gateway/types/sources.ts";
import { SILENT, type Telemetry } from "../../../gateway/types/telemetry.ts";
import { createDoor, type Door } from "../../../subgraphs/kit/serve/door.ts";
import { createLog } from "../../../subgraphs/kit/serve/log.ts";
import { anAuthority, CertificateFolder, LATELY, LONG_AGO } from "../../kit/machines/certificates.ts";
import { isNightly } from "../../kit/vitest/nightly.ts";

// Certificates are renewed in their files while a gateway asks a subgraph. No call may be lost, none is repeated: they are acts.

const ROTATIONS = isNightly ? 50 : 5;
const ASKERS = 16;
const HOUR = 60 * 60 * 1000;
const NEVER = new AbortController().signal;

let folder: CertificateFolder;
let door: Door;
let origin: string;
let identity: FollowedIdentity;
let transport: ReturnType<typeof createTransport>;
let streams: ReturnType<typeof createStreams>;
/** Certificates of gateways that asked, by fingerprint. */
const shown = new Set<string>();
const told: string[] = [];
const reloads: boolean[] = [];
const ends: number[] = [];
const telemetry: Telemetry = {
  ...SILENT,
  reloaded: ({ what, isGood }) => void (what === "certificates" && reloads.push(isGood)),
  certificate: (endsAt) => void ends.push(endsAt),
};
const log = createLog({ name: "population", stream: { write: (line) => void told.push(line) } });
let held: Promise<void> | undefined;
const follow = (everyMs: number) =>
  followIdentity({ files: folder.of("hub-gateway"), names: new Map(), log, telemetry, everyMs }) as FollowedIdentity;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const hash = createHash("sha256");
  shown.add((request.socket as TLSSocket).getPeerCertificate().fingerprint256);
  for await (const piece of request) hash.update(piece);
  await held;
  if (door.isLeaving(request.socket)) response.setHeader("connection", "close");
  if (request.url?.startsWith("/streams/")) response.end(`${JSON.stringify({ sha256: hash.digest("hex") })}\n`);
  else response.end('{"data":{"a":1}}');
}

beforeEach(async () => {
  folder = new CertificateFolder();
  folder.renew("hub-gateway");
  const tls = { files: folder.renew("population"), client: "hub-gateway" };
  door = createDoor({ name: "population", host: "127.0.0.1", port: 0, tls, log }, (...both) => void answer(...both));
  origin = `https://127.0.0.1:${await door.listen()}`;
  identity = follow(HOUR);
  transport = createTransport({ timeoutMs: 20_000, maxResponseBytes: 10_000, headers: () => ({}), identity });
  streams = createStreams({ headers: () => ({}), identity });
  held = undefined;
});
afterEach(async () => {
  identity.certificates.close();
  await Promise.all([transport.close(), streams.close()]);
  await door.close();
  folder.remove();
  for (const list of [told, reloads, ends]) list.length = 0;
  shown.clear();
});

const COORDINATES = { output: [], internal: [], arguments: [] };
const ask = () => {
  const call = { url: `${origin}/graphql`, service: "population", body: "{}", idempotent: false, context: null, signal: NEVER };
  return transport.send({ ...call, coordinates: COORDINATES, deadline: performance.now() + 30_000 });
};
/** At once, and not at the next second. */
const renewBoth = () => Promise.all([identity.certificates.look(), door.renew()]);
const print = (files: { cert: string }) => new X509Certificate(files.cert).fingerprint256;

/** Asks by many at a time until `work` is done; what did not come as it should. */
async function underLoad(work: () => Promise<void>): Promise<{ asked: number; lost: unknown[] }> {
  let isOver = false;
  let asked = 0;
  const lost: unknown[] = [];
  const asking = Array.from({ length: ASKERS }, async () => {
    while (!isOver) {
      const answered = await ask();
      asked += 1;
      if (!("data" in answered)) lost.push(answered);
    }
  });
  await work().finally(() => {
    isOver = true;
  });
  await Promise.all(asking);
  return { asked, lost };
}

/** Until everybody has been asked a while under what is in force. */
const someCalls = async () => {
  for (let n = 0; n < 20; n += 1) await ask();
};

test(`certificates of both sides are renewed ${ROTATIONS} times under load, and no call is lost`, async () => {
  const { asked, lost } = await underLoad(async () => {
    for (let n = 0; n < ROTATIONS; n += 1) {
      folder.renew("hub-gateway");
      folder.renew("population");
      await renewBoth();
      await someCalls();
    }
  });
  expect(lost).toEqual([]);
  expect(asked).toBeGreaterThan(ROTATIONS * ASKERS);
  expect(shown.size).toBe(ROTATIONS + 1); // those before it, too
  expect(reloads).toEqual(Array.from({ length: ROTATIONS }, () => true));
  expect(ends).toHaveLength(ROTATIONS + 1);
});

test("one authority takes over from another under load, and no call is lost; the one before is not believed any more", async () => {
  const next = anAuthority(); // of the same name
  const both = `${folder.authority.cert}${next.cert}`;
  const before = folder.authority.issue({ names: ["hub-gateway"], ...LATELY });
  const { lost } = await underLoad(async () => {
    for (const part of ["population", "hub-gateway"]) folder.write(part, { ca: both });
    await renewBoth();
    await someCalls();
    for (const part of ["population", "hub-gateway"]) folder.renew(part, { authority: next, ca: both });
    await renewBoth();
    await someCalls();
    for (const part of ["population", "hub-gateway"]) folder.write(part, { ca: next.cert });
    await renewBoth();
    await someCalls();
  });
  expect(lost).toEqual([]);
  folder.write("hub-gateway", before);
  await identity.certificates.look();
  expect(await ask()).toMatchObject({ failed: "SUBGRAPH_UNAVAILABLE" });
});

test("a call under way ends under the certificates it began with, and its connection with it", async () => {
  let go = () => {};
  held = new Promise((resolve) => {
    go = resolve;
  });
  const slow = ask();
  await expect.poll(() => shown.size).toBe(1);
  folder.renew("hub-gateway");
  folder.renew("population");
  await renewBoth();
  go();
  held = undefined;
  expect(await slow).toEqual({ data: { a: 1 } });
  expect(await ask()).toEqual({ data: { a: 1 } });
  expect(shown.size).toBe(2);
});

test("a file on its way in arrives whole over a renewal", async () => {
  const pieces = Array.from({ length: 40 }, (_, n) => Buffer.alloc(50_000, n));
  async function* body() {
    for (const [n, piece] of pieces.entries()) {
      if (n === 20) {
        folder.renew("hub-gateway");
        folder.renew("population");
        await renewBoth();
      }
      yield piece;
    }
  }
  const call: Omit<StreamCall, "body"> = {
    ...{ service: "population", url: `${origin}/graphql`, coordinates: COORDINATES, context: null },
    ...{ signal: NEVER, name: "matchUpload", head: {}, idleMs: 0 },
  };
  const lines = await streams.open({ ...call, body: body() });
  const sha256 = createHash("sha256").update(Buffer.concat(pieces)).digest("hex");
  for await (const line of lines) expect(line).toEqual({ sha256 });
  for await (const line of await streams.open({ ...call, body: null })) expect(line).not.toEqual({ sha256 });
  expect(shown.size).toBe(2);
});

test("files that change are noticed without being told", async () => {
  const noticing = follow(100);
  const before = noticing.certificates.current;
  folder.renew("hub-gateway");
  folder.renew("population");
  await expect.poll(() => noticing.certificates.current !== before, { timeout: 30_000 }).toBe(true);
  await expect.poll(() => told.filter((line) => line.includes("certificates were renewed")).length, { timeout: 30_000 }).toBe(2);
  noticing.certificates.close();
});

describe("files that cannot be used", () => {
  const stranger = anAuthority("another authority");
  const half = (text: string) => text.slice(0, text.length / 2);
  const issued = (when = LATELY) => folder.authority.issue({ names: ["hub-gateway"], ...when });
  test.each([
    ["half a certificate", () => folder.write("hub-gateway", { cert: half(issued().cert) })],
    ["half a chain", () => folder.write("hub-gateway", { cert: `${issued().cert}${half(issued().cert)}` })],
    ["half a key", () => folder.write("hub-gateway", { key: half(issued().key) })],
    ["the key of another certificate", () => folder.write("hub-gateway", { key: issued().key })],
    ["a certificate that ended", () => folder.write("hub-gateway", issued(LONG_AGO))],
    ["a certificate of next month", () => folder.write("hub-gateway", issued({ from: LATELY.until, until: LATELY.until }))],
    ["half an authority", () => folder.write("hub-gateway", { ca: half(stranger.cert) })],
    ["no authority at all", () => folder.write("hub-gateway", { ca: "" })],
    ["authorities that sign nothing", () => folder.write("hub-gateway", { ca: issued().cert })],
    ["something else", () => writeFileSync(folder.of("hub-gateway").cert, Buffer.alloc(100_000, 255))],
    ["nothing: it is gone", () => rmSync(folder.of("hub-gateway").key)],
  ])("hold %s: those before stay in force, with an alarm, until they are in order", async (_, spoil) => {
    const before = identity.certificates.current;
    spoil();
    await identity.certificates.look();
    expect(identity.certificates.isBad).toBe(false); // somebody may be in the middle of writing
    await identity.certificates.look();
    await identity.certificates.look();
    expect([identity.certificates.isBad, reloads]).toEqual([true, [false]]);
    expect(identity.certificates.current).toBe(before);
    expect(await ask()).toEqual({ data: { a: 1 } });
    const lines = told.filter((line) => line.includes("CERTIFICATES_UNFIT"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/HUB_TLS_(?:CA|CERT|KEY)_FILE/);
    expect(lines[0]).not.toContain("PRIVATE");
    folder.renew("hub-gateway");
    await identity.certificates.look();
    expect([identity.certificates.isBad, reloads]).toEqual([false, [false, true]]);
    expect(await ask()).toEqual({ data: { a: 1 } });
    expect(shown).toContain(print(identity.certificates.current));
  });

  test("at a subgraph keep its door as it was", async () => {
    folder.write("population", { key: issued().key });
    await door.renew();
    await door.renew();
    expect(told.filter((line) => line.includes("CERTIFICATES_UNFIT"))).toHaveLength(1);
    expect(await ask()).toEqual({ data: { a: 1 } });
  });
});

test("a certificate that ends in force is an alarm, however good its files are", async () => {
  const until = new Date(Date.now() + 3000);
  folder.write("hub-gateway", folder.authority.issue({ names: ["hub-gateway"], from: LATELY.from, until }));
  await identity.certificates.look();
  await expect.poll(() => identity.certificates.isBad, { timeout: 30_000 }).toBe(true);
});
