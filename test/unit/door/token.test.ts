import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { issuerKeys } from "../../../gateway/authenticate/keys.ts";
import { createVerifier } from "../../../gateway/authenticate/token.ts";
import { Refusal } from "../../../schema/errors.ts";

const issuer = "https://issuer.example";
const audience = "urn:dtks-hub";
const KEMENSOS = { clientId: "kemensos", subject: "kemensos" };
type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
let keys: Keys;
let others: Keys;
beforeAll(async () => {
  keys = await generateKeyPair("ES256", { extractable: true });
  others = await generateKeyPair("ES256");
});
afterEach(() => void vi.useRealTimers());

interface Forging {
  readonly claims?: JWTPayload;
  readonly header?: object;
  readonly key?: Parameters<SignJWT["sign"]>[0];
}
const now = () => Math.floor(Date.now() / 1000);
const tokenOf = ({ claims = {}, header = {}, key = keys.privateKey }: Forging = {}) =>
  new SignJWT({ iss: issuer, aud: audience, sub: "kemensos", client_id: "kemensos", iat: now(), exp: now() + 300, ...claims })
    .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: "k1", ...header })
    .sign(key);
const verifier = (remembered?: number) => {
  const lookups = vi.fn(() => keys.publicKey);
  return { lookups, verify: createVerifier({ issuer, audience, keys: lookups, ...(remembered && { remembered }) }) };
};
const refusalOf = async (work: Promise<unknown>): Promise<Refusal> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Refusal)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
};

test("a good token names its client", async () => {
  expect(await verifier().verify(`Bearer ${await tokenOf()}`)).toEqual(KEMENSOS);
  expect(await verifier().verify(`bearer ${await tokenOf()}`)).toEqual(KEMENSOS);
});

test("a good token names the person who acts through a client, and a token without subject is the client's own", async () => {
  const person = { clientId: "kemensos", subject: "steward.kemensos" };
  expect(await verifier().verify(`Bearer ${await tokenOf({ claims: { sub: person.subject } })}`)).toEqual(person);
  expect(await verifier().verify(`Bearer ${await tokenOf({ claims: { sub: undefined } as never })}`)).toEqual(KEMENSOS);
});

test("a token that is over does not live again in a gateway whose clock has jumped back, remembered or not", async () => {
  const { verify } = verifier();
  const token = `Bearer ${await tokenOf()}`;
  expect(await verify(token)).toEqual(KEMENSOS);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 2 * 60 * 60 * 1000 });
  for (const one of [verify, verifier().verify])
    expect(await refusalOf(one(token))).toMatchObject({ failures: [{ code: "UNAUTHENTICATED" }] });
});

describe("a stranger gets one and the same refusal", () => {
  const unsigned = (claims: object) =>
    [
      { alg: "none", typ: "at+jwt" },
      { iss: issuer, aud: audience, client_id: "kemensos", iat: now(), exp: now() + 300, ...claims },
      "",
    ]
      .map((part) => (part === "" ? "" : Buffer.from(JSON.stringify(part)).toString("base64url")))
      .join(".");
  const publicKeyAsSecret = async () => new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey)));
  test.each<[string, () => Promise<string> | string]>([
    ["signed by another key", () => tokenOf({ key: others.privateKey })],
    ["for another audience", () => tokenOf({ claims: { aud: "urn:other" } })],
    ["of another issuer", () => tokenOf({ claims: { iss: "https://evil.example" } })],
    ["expired", () => tokenOf({ claims: { exp: now() - 10 } })],
    ["from the future", () => tokenOf({ claims: { nbf: now() + 60 } })],
    ["made in the future", () => tokenOf({ claims: { iat: now() + 120 } })],
    ["without expiry", () => tokenOf({ claims: { exp: undefined } as never })],
    ["without client", () => tokenOf({ claims: { client_id: undefined } as never })],
    ["with a client that is no name", () => tokenOf({ claims: { client_id: ["kemensos"] } })],
    ["an ID token", () => tokenOf({ header: { typ: "JWT" } })],
    ["unsigned", () => unsigned({})],
    ["signed with the public key as a secret", async () => tokenOf({ header: { alg: "HS256" }, key: await publicKeyAsSecret() })],
    ["garbage", () => "a.b.c"],
    [
      "changed after signing",
      async () => (await tokenOf()).replace(/\.[^.]+\./, `.${Buffer.from('{"client_id":"kemensos"}').toString("base64url")}.`),
    ],
  ])("%s", async (_, make) => {
    const refusal = await refusalOf(verifier().verify(`Bearer ${await make()}`));
    expect([refusal.status, refusal.failures]).toEqual([401, [{ code: "UNAUTHENTICATED" }]]);
    expect(refusal.headers["www-authenticate"]).toMatch(/^Bearer realm="dtks-hub", error="invalid_token"/);
  });

  test.each(["Basic a2VtZW5zb3M6eA==", "Bearer", "Bearer a b", `Bearer ${"x".repeat(9000)}`, "Bearer \u0000"])(
    "%s",
    async (header) => {
      expect((await refusalOf(verifier().verify(header))).failures).toEqual([{ code: "UNAUTHENTICATED" }]);
    },
  );

  test("no credential is told apart from a bad one in the header only", async () => {
    const missing = await refusalOf(verifier().verify(null));
    expect(missing.failures).toEqual([{ code: "UNAUTHENTICATED" }]);
    expect(missing.headers["www-authenticate"]).toBe('Bearer realm="dtks-hub"');
  });
});

test("a verified token is remembered, and forgotten the moment it expires", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-21T00:00:00Z") });
  const { verify, lookups } = verifier();
  const header = `Bearer ${await tokenOf()}`;
  await Promise.all([verify(header), verify(header)]);
  await verify(header);
  expect(lookups).toHaveBeenCalledTimes(1);
  vi.setSystemTime(Date.now() + 304_000);
  expect(await verify(header)).toEqual(KEMENSOS); // within the five seconds clocks may differ
  vi.setSystemTime(Date.now() + 2_000);
  expect((await refusalOf(verify(header))).headers["www-authenticate"]).toContain("expired");
});

test("a refused token is not remembered, and a flood of tokens does not fill the memory", async () => {
  const { verify, lookups } = verifier(2);
  const bad = `Bearer ${await tokenOf({ key: others.privateKey })}`;
  await refusalOf(verify(bad));
  await refusalOf(verify(bad));
  expect(lookups).toHaveBeenCalledTimes(2);
  const headers = await Promise.all([1, 2, 3].map(async (n) => `Bearer ${await tokenOf({ claims: { jti: String(n) } })}`));
  for (const header of headers) await verify(header);
  await verify(headers[0] ?? null);
  expect(lookups).toHaveBeenCalledTimes(6); // the first was forgotten for the third
});

describe("the issuer", () => {
  let server: Server;
  let calls: string[] = [];
  let answers: (path: string) => [status: number, body: unknown] = () => [500, {}];
  const start = async () => {
    calls = [];
    server = createServer((request, response) => {
      calls.push(request.url ?? "");
      const [status, body] = answers(request.url ?? "");
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: "k1", alg: "ES256" };
    answers = (path) => (path === "/jwks" ? [200, { keys: [jwk] }] : [200, { issuer: url, jwks_uri: `${url}/jwks` }]);
    return { url, verify: createVerifier({ issuer: url, audience, keys: issuerKeys(url) }) };
  };
  afterEach(() => void server.close());

  test("is asked for its keys once, however many tokens come", async () => {
    const { url, verify } = await start();
    for (const jti of ["1", "2", "3"])
      expect(await verify(`Bearer ${await tokenOf({ claims: { iss: url, jti } })}`)).toEqual(KEMENSOS);
    expect(calls).toEqual(["/.well-known/openid-configuration", "/jwks"]);
  });

  test("an unknown key is the token's fault, and a flood of them does not reach the issuer", async () => {
    const { url, verify } = await start();
    for (const kid of ["a", "b", "c", "d"])
      expect((await refusalOf(verify(`Bearer ${await tokenOf({ claims: { iss: url }, header: { kid } })}`))).status).toBe(401);
    expect(calls.filter((path) => path === "/jwks")).toHaveLength(1);
  });

  test("one that fails is an outage, is left alone for a moment, and is found again", async () => {
    const { url, verify } = await start();
    const good = answers;
    answers = () => [500, {}];
    const header = `Bearer ${await tokenOf({ claims: { iss: url } })}`;
    for (let time = 0; time < 5; time++) {
      const refusal = await refusalOf(verify(header));
      expect([refusal.status, refusal.failures]).toEqual([503, [{ code: "POLICY_UNAVAILABLE" }]]);
    }
    expect(calls).toHaveLength(1);
    answers = good;
    await expect.poll(() => verify(header).catch(() => "down"), { timeout: 3000 }).toEqual(KEMENSOS);
  });

  test("a discovery document that speaks for somebody else is not believed", async () => {
    const { url, verify } = await start();
    const good = answers;
    answers = (path) => (path === "/jwks" ? good(path) : [200, { issuer: "https://evil.example", jwks_uri: `${url}/jwks` }]);
    expect((await refusalOf(verify(`Bearer ${await tokenOf({ claims: { iss: url } })}`))).status).toBe(503);
    expect(calls).not.toContain("/jwks");
  });
});
