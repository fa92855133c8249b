import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openBrowser } from "../../../cli/operations/faces/visit.ts";
import { createIssuerClient } from "../../../console/session/issuer.ts";
import { createSealer } from "../../../console/session/seal.ts";
import { createSessions, type FaceName } from "../../../console/session/session.ts";
import { SignIn } from "../../../console/session/signIn.ts";
import type { Incoming } from "../../../gateway/types/chain.ts";
import { hasBrowser } from "../kit/browser.ts";

// Another issuer than the hub's own, which keeps a session of its own that a person can end there.

const HOUR = 60 * 60 * 1000;
const announced: Record<string, unknown> = {};
const begun = { nonce: "" };
const heard: string[] = [];
let [issuer, hub] = ["", ""];
let isDown = false;
const servers: Server[] = [];

async function listening(answer: (request: IncomingMessage, response: ServerResponse) => Promise<unknown>): Promise<string> {
  const server = createServer((request, response) => void answer(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const keys = { keys: [{ ...(await exportJWK(publicKey)), alg: "ES256" }] };
  const signed = (claims: object) => new SignJWT({ ...claims }).setProtectedHeader({ alg: "ES256" }).sign(privateKey);
  const tokens = async () => {
    const iat = Math.floor(Date.now() / 1000);
    const id = { iss: issuer, aud: "konsol", sub: "steward.bps", nonce: begun.nonce, iat, exp: iat + 60 };
    return { access_token: await signed({ exp: iat + HOUR / 1000 }), refresh_token: "r", id_token: await signed(id) };
  };
  issuer = await listening(async ({ url = "" }, response) => {
    heard.push(url);
    if (isDown) return response.destroy();
    const endpoints = { authorization_endpoint: `${issuer}/a`, token_endpoint: `${issuer}/t`, jwks_uri: `${issuer}/k` };
    const discovered = { issuer, ...endpoints, revocation_endpoint: `${issuer}/r`, ...announced };
    const told = url === "/t" ? await tokens() : url === "/k" ? keys : discovered;
    return response.setHeader("content-type", "application/json").end(JSON.stringify(told));
  });
});
afterAll(() => {
  for (const server of servers) server.closeAllConnections();
  return Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
});
beforeEach(() => {
  isDown = false;
  heard.length = 0;
  for (const name of Object.keys(announced)) delete announced[name];
  announced["end_session_endpoint"] = `${issuer}/end?realm=a`;
});

const asking = (url: string, headers: Record<string, string>, method = "GET") =>
  ({ url, method, headers }) as unknown as Incoming;
const cookieOf = (lines: readonly string[] = []) => lines.map((line) => line.split(";")[0]).join("; ");

/** Somebody who has signed in at the console, and the hub's part in it. */
async function signedIn(publicUrl = "https://hub.example") {
  const sealer = createSealer("s".repeat(40));
  const faceOf = (face: FaceName) => {
    const client = createIssuerClient({ issuer, client: { id: "konsol", secret: "s" } });
    return { issuer: client, sessions: createSessions({ face, issuer: client, sealer, publicUrl }) };
  };
  const faces = { console: faceOf("console"), warga: faceOf("warga") };
  const signIn = new SignIn({ faces, sealer, publicUrl, onFault: () => {} });
  const first = await signIn.answer(asking("/sign-in?face=console", {}));
  const { searchParams } = new URL(first.headers["location"] ?? "");
  begun.nonce = searchParams.get("nonce") ?? "";
  const back = `/sign-in/callback?code=c&state=${searchParams.get("state")}`;
  const { cookies } = await signIn.answer(asking(back, { cookie: cookieOf(first.cookies) }));
  const signOut = (path = "/sign-out?face=console", headers: Record<string, string> = {}) =>
    signIn.answer(asking(path, { cookie: cookieOf(cookies), "sec-fetch-site": "same-origin", ...headers }, "POST"));
  return { signIn, signOut, cookie: cookieOf(cookies) };
}
const isDropped = (lines: readonly string[] = []) => lines.some((line) => /hub_console=;.*Max-Age=0/.test(line));

describe("whoever signs out", () => {
  test("is sent on to end the issuer's session, and back from there to the hub's own page; no token is in the address", async () => {
    const { signOut } = await signedIn();
    const left = await signOut();
    expect([left.status, isDropped(left.cookies)]).toEqual([200, true]);
    const to = new URL(/^0; url=(.*)$/.exec(left.headers["refresh"] ?? "")?.[1] ?? "");
    expect(`${to.origin}${to.pathname}`).toBe(`${issuer}/end`);
    expect(Object.fromEntries(to.searchParams)).toEqual({
      realm: "a",
      client_id: "konsol",
      post_logout_redirect_uri: "https://hub.example/console/",
    });
    expect(String(left.body)).toContain(`href="${to.href.replaceAll("&", "&amp;")}"`);
    expect(heard).toContain("/r"); // the refresh token is worth nothing any more
  });

  test("comes back to this hub alone, whatever the request says", async () => {
    const { signOut } = await signedIn();
    const evil = "https://evil.example/";
    const left = await signOut(`/sign-out?face=console&to=${evil}&post_logout_redirect_uri=${evil}`, { host: "evil.example" });
    expect(JSON.stringify([left.headers, left.body])).not.toContain("evil.example");
  });

  test.each([
    ["announces no end of sessions", undefined],
    ["announces what is no page", "javascript:alert(1)"],
  ])("is at the hub's own page where the issuer %s", async (_, address) => {
    announced["end_session_endpoint"] = address;
    const { signOut } = await signedIn();
    const left = await signOut();
    expect([left.status, left.headers["location"], isDropped(left.cookies)]).toEqual([303, "/console/", true]);
  });

  test("is signed out, and left standing nowhere, while the issuer is down", async () => {
    const { signOut } = await signedIn();
    isDown = true;
    const left = await signOut();
    expect([left.status, left.headers["location"], isDropped(left.cookies)]).toEqual([303, "/console/", true]);
  });

  test("is sent nowhere when nobody was signed in", async () => {
    const { signOut } = await signedIn();
    const left = await signOut("/sign-out?face=console", { cookie: "" });
    expect([left.status, left.headers["location"]]).toEqual([303, "/console/"]);
  });

  test.runIf(hasBrowser)(
    "gets there by itself in a browser, without a script, from a page whose forms lead to its own host alone",
    async () => {
      const { signOut, signIn } = await signedIn(issuer); // on one machine the hub's own address is the one asked
      expect(signIn.paths).toContain("/sign-out");
      hub = await listening(async (request, response) => {
        if (request.method === "POST") {
          const left = await signOut("/sign-out?face=console", { host: String(request.headers.host) });
          return response.writeHead(left.status, left.headers).end(left.body);
        }
        response
          .setHeader("content-security-policy", "default-src 'none'; form-action 'self'")
          .setHeader("content-type", "text/html");
        return response.end('<h1>Hub</h1><form method="post" action="/sign-out"><button>Keluar</button></form>');
      });
      const chromium = await openBrowser();
      try {
        const page = await (await chromium.newContext({ javaScriptEnabled: false })).newPage();
        await page.goto(hub);
        await page.getByRole("button").click();
        await page.waitForURL(`${issuer}/end?**`);
        expect(new URL(page.url()).searchParams.get("post_logout_redirect_uri")).toBe(`${hub}/console/`);
      } finally {
        await chromium.close();
      }
    },
  );
});
