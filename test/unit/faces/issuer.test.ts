import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createIssuerClient } from "../../../console/session/issuer.ts";
import { createSealer } from "../../../console/session/seal.ts";
import { createSessions, type FaceName } from "../../../console/session/session.ts";
import { SignIn } from "../../../console/session/signIn.ts";
import type { Incoming } from "../../../gateway/types/chain.ts";

// Another issuer than the hub's own: tokens of any length, and no more said than the standards demand.

const MINUTE = 60_000;
const given = { until: 0, length: 1 };
let server: Server;
let issuer: string;
const begun = { nonce: "" };

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const keys = { keys: [{ ...(await exportJWK(publicKey)), alg: "ES256" }] };
  const signed = (claims: object) => new SignJWT({ ...claims }).setProtectedHeader({ alg: "ES256" }).sign(privateKey);
  const tokens = async () => {
    const exp = Math.floor(given.until / 1000);
    const iat = Math.floor(Date.now() / 1000);
    const id = { iss: issuer, aud: "konsol", sub: "steward.bps", nonce: begun.nonce, iat, exp: iat + 60 };
    return { access_token: await signed({ exp, padding: "x".repeat(given.length) }), id_token: await signed(id) };
  };
  server = createServer(async (request, response) => {
    const discovered = { issuer, authorization_endpoint: `${issuer}/a`, token_endpoint: `${issuer}/t`, jwks_uri: `${issuer}/k` };
    const told = request.url === "/t" ? await tokens() : request.url === "/k" ? keys : discovered;
    response.setHeader("content-type", "application/json").end(JSON.stringify(told));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const clientOf = () => createIssuerClient({ issuer, client: { id: "konsol", secret: "s" } });
const answering = (url: string, headers: Record<string, string> = {}) => ({ url, method: "GET", headers }) as unknown as Incoming;

/** A whole sign-in at the console; what the browser is told at its end. */
async function signedIn(faults: unknown[] = []) {
  const [sealer, publicUrl] = [createSealer("s".repeat(40)), "https://hub.example"];
  const faceOf = (face: FaceName) => {
    const client = clientOf();
    return { issuer: client, sessions: createSessions({ face, issuer: client, sealer, publicUrl }) };
  };
  const faces = { console: faceOf("console"), warga: faceOf("warga") };
  const signIn = new SignIn({ faces, sealer, publicUrl, onFault: (error) => faults.push(error) });
  const first = await signIn.answer(answering("/sign-in?face=console"));
  const { searchParams } = new URL(first.headers["location"] ?? "");
  begun.nonce = searchParams.get("nonce") ?? "";
  const cookie = (first.cookies ?? []).map((line) => line.split(";")[0]).join("; ");
  const back = `/sign-in/callback?code=c&state=${searchParams.get("state")}`;
  return { asked: searchParams, signIn, end: await signIn.answer(answering(back, { cookie })) };
}

test("the end of a token stands in it where the issuer does not say when it is", async () => {
  given.until = Math.floor(Date.now() / 1000) * 1000 + 7 * MINUTE;
  expect((await clientOf().refresh("r"))?.accessUntil).toBe(given.until);
});

test("whoever signs in is asked who they are, whoever is still signed in at the issuer", async () => {
  given.until = Date.now() + 7 * MINUTE;
  const { asked, end, signIn } = await signedIn();
  expect(asked.get("prompt")).toBe("login");
  expect([end.status, end.headers["location"]]).toEqual([303, "/console/"]);
  const cookie = (end.cookies ?? []).map((line) => line.split(";")[0]).join("; ");
  const sessionAt = async (referer: string) => (await signIn.answer(answering("/session", { cookie, referer }))).status;
  expect(await sessionAt("https://hub.example/console/access")).toBe(200);
  for (const referer of ["https://hub.example/warga", "https://hub.example/", "https://hub.example/consoles", "x", ""])
    expect(await sessionAt(referer), referer).toBe(401);
});

test("tokens longer than browsers and servers take end a sign-in with a page that says so, and operators hear of it", async () => {
  given.length = 8000;
  const faults: unknown[] = [];
  const { end } = await signedIn(faults);
  expect(end.status).toBe(502);
  expect(String(end.body)).toContain("terlalu panjang");
  expect((end.cookies ?? []).filter((line) => line.includes("hub_console="))).toEqual([]);
  expect(faults.map(String)).toEqual([expect.stringContaining("let the issuer make shorter tokens")]);
});
