import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createServer } from "../../../gateway/receive/server.ts";
import type { Incoming } from "../../../gateway/types/chain.ts";
import type { Faces } from "../../../gateway/types/faces.ts";

// The gateway before the pages: what it takes in for them, and what it lets out. Pages, hub and sessions are stand-ins.

const got: Incoming[] = [];
const asked: string[] = [];
let isSignedIn = false;
let looked = 0;
let waiting: Promise<void> | undefined;
const faces: Faces = {
  paths: ["/warga", "/warga/*", "/console", "/console/*"],
  withFile: { path: "/warga/photo", isOpen: async () => ++looked > 0 && isSignedIn },
  answer: async (request) => {
    got.push(request);
    await waiting;
    return { status: 200, headers: { "cache-control": "no-store" }, body: "page", cookies: ["hub_warga=2"] };
  },
  sessionOf: async ({ url }) => {
    asked.push(url);
    return { authorization: "Bearer t", cookies: ["hub_console=2"] };
  },
};
const answered: Incoming[] = [];
const app = createServer({
  answer: async (request) => {
    answered.push(request);
    const isPublic = request.url.includes("public");
    return { status: 200, headers: isPublic ? { "cache-control": "public, max-age=60" } : {}, body: "{}" };
  },
  unready: () => [],
  events: { follow: async () => ({ status: 200, headers: {}, body: "" }), keys: ["k"] },
  openData: {
    catalogue: async () => ({ status: 200, headers: {}, body: "{}" }),
    table: async () => ({ status: 200, headers: {}, body: "{}" }),
  },
  exports: {
    cube: async () => ({ status: 200, headers: {}, body: "" }),
    open: async () => ({ status: 200, headers: {}, body: "" }),
  },
  faces: () => faces,
  limits: { concurrent: 4 },
});
beforeAll(async () => void (await app.listen({ host: "127.0.0.1", port: 0 })));
afterAll(() => app.close());
beforeEach(() => {
  for (const list of [got, asked, answered]) list.length = 0;
  isSignedIn = false;
  looked = 0;
  waiting = undefined;
});

const at = (path: string) => `http://127.0.0.1:${(app.server.address() as AddressInfo).port}${path}`;
const OWN = { cookie: "hub_console=1", "sec-fetch-site": "same-origin" };
const post = (path: string, body: string, type = "multipart/form-data; boundary=b") =>
  fetch(at(path), { method: "POST", headers: { ...OWN, "content-type": type }, body });
const MEGABYTE = "x".repeat(1_000_000);

test("a long body is taken from whoever is signed in, by the page with a photo, and by no other page", async () => {
  isSignedIn = true;
  expect((await post("/warga/photo", MEGABYTE)).status).toBe(200);
  expect(got[0]?.body?.length).toBe(1_000_000);
  for (const [path, type] of [
    ["/warga", "multipart/form-data; boundary=b"],
    ["/warga/other", "multipart/form-data; boundary=b"],
    ["/console/x", "multipart/form-data; boundary=b"],
    ["/warga/photo", "application/x-www-form-urlencoded"],
  ] as const)
    expect((await post(path, MEGABYTE, type)).status, path).toBe(413);
  expect((await post("/warga/photo", "x".repeat(9_000_000))).status).toBe(413);
  expect(got).toHaveLength(1);
});

test("of a form with a photo of whoever is not signed in only the beginning reaches the page, where its texts stand", async () => {
  expect((await post("/warga/photo", `--b\r\n${MEGABYTE}`)).status).toBe(200);
  expect(got[0]?.body?.startsWith("--b\r\nxxx")).toBe(true);
  expect(got[0]?.body?.length).toBe(100_000);
});

test("strangers who send a form with a photo slowly take no place from whoever is signed in", async () => {
  const { port } = app.server.address() as AddressInfo;
  const slow = Array.from({ length: 20 }, () => {
    const socket = connect(port, "127.0.0.1");
    const head = [
      "POST /warga/photo HTTP/1.1",
      "host: hub",
      "content-type: multipart/form-data; boundary=b",
      "content-length: 9000",
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n--b`);
    return socket;
  });
  await expect.poll(() => looked).toBe(20);
  isSignedIn = true;
  expect((await post("/warga/photo", MEGABYTE)).status).toBe(200);
  for (const socket of slow) socket.destroy();
});

test("pages are counted: more than so many at one time are refused, and questions are not", async () => {
  let go = () => {};
  waiting = new Promise((resolve) => {
    go = resolve;
  });
  const four = [1, 2, 3, 4].map(() => fetch(at("/console/x")));
  await expect.poll(() => got.length).toBe(4);
  expect((await fetch(at("/console/x"))).status).toBe(503);
  expect((await fetch(at("/graphql"))).status).toBe(200);
  go();
  expect((await Promise.all(four)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
});

test("no session is looked for where everybody gets the same, however the address is spelled", async () => {
  for (const path of [
    "/events/keys",
    "/data.json",
    "/%64ata.json",
    "/data/tables/X.json",
    "/data/REGISTRY.csv",
    "/labels/id.json",
    "/health",
    "/ready",
  ]) {
    const answer = await fetch(at(path), { headers: OWN });
    expect([answer.status, answer.headers.get("set-cookie")], path).toEqual([200, null]);
  }
  expect(asked).toEqual([]);
  expect((await fetch(at("/graphql"), { headers: OWN })).headers.get("set-cookie")).toBe("hub_console=2");
  expect(answered[0]?.headers).toMatchObject({ authorization: "Bearer t" });
  expect(answered[0]?.headers["cookie"]).toBeUndefined();
});

test("an answer that everybody may keep sets no cookie, whoever made it", async () => {
  const answer = await fetch(at("/graphql?public"), { headers: OWN });
  expect([answer.headers.get("cache-control"), answer.headers.get("set-cookie")]).toEqual(["public, max-age=60", null]);
  expect(asked).toHaveLength(1);
});

test("no answer is taken for anything but what it says it is", async () => {
  for (const path of ["/graphql", "/health", "/labels/id.json", "/console/x", "/nowhere", "/data/REGISTRY.csv"])
    expect((await fetch(at(path))).headers.get("x-content-type-options"), path).toBe("nosniff");
});

test("both faces' cookies at their longest are heard, and do not cut a browser off", async () => {
  const cookie = ["hub_console", "hub_console.1", "hub_warga", "hub_warga.1"]
    .map((name) => `${name}=${"x".repeat(4000)}`)
    .join("; ");
  expect((await fetch(at("/graphql"), { headers: { ...OWN, cookie } })).status).toBe(200);
});
