import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { token as tokenCommand } from "../../../cli/remote/token.ts";
import { askForToken, devClients, type Issuer, startIssuer } from "../../../cli/run/issuer.ts";
import { issuerKeys } from "../../../gateway/authenticate/keys.ts";
import { createVerifier } from "../../../gateway/authenticate/token.ts";
import { devClientSecret } from "../../../schema/devClients.ts";

const folder = mkdtempSync(join(tmpdir(), "hub-issuer-"));
let issuer: Issuer;
beforeAll(async () => {
  vi.stubEnv("HUB_ENV", "dev");
  issuer = await startIssuer({ port: 0, clients: devClients(), dataDir: folder });
});
afterAll(async () => {
  await issuer.close();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const clientOf = async (url: string, token: string) => {
  const { clientId, subject } = await createVerifier({ issuer: url, audience: "urn:dtks-hub", keys: issuerKeys(url) })(
    `Bearer ${token}`,
  );
  expect(subject, "a client acts for itself").toBe(clientId);
  return clientId;
};

test("its tokens are what the gateway takes, for five minutes", async () => {
  const token = await issuer.token("bpjs-kesehatan");
  expect(await clientOf(issuer.url, token)).toBe("bpjs-kesehatan");
  expect(decodeProtectedHeader(token)).toMatchObject({ typ: "at+jwt", alg: "ES256" });
  const { iat = 0, exp = 0, aud, iss, client_id } = decodeJwt(token);
  expect([exp - iat, aud, iss, client_id]).toEqual([300, "urn:dtks-hub", issuer.url, "bpjs-kesehatan"]);
});

test("a portal of the hub gets tokens of the persons who sign in there, and no other client does", async () => {
  const person = "5b0e6a4e-1f0a-4d52-9d6f-0123456789ab";
  const { sub, client_id } = decodeJwt(await issuer.token("portal-warga", person));
  expect([sub, client_id]).toEqual([`person:${person}`, "portal-warga"]);
  expect(decodeJwt(await issuer.token("portal-warga"))["sub"]).toBe("portal-warga");
  for (const [client, whom] of [
    ["kemensos", person],
    ["portal-warga", "siti"],
    ["portal-warga", "steward.kemensos"],
  ] as const)
    await expect(issuer.token(client, whom)).rejects.toThrow("invalid_request");
});

test("a token outlives a restart, because the key is kept, readable by its owner only", async () => {
  const first = await startIssuer({ port: 0, clients: devClients(), dataDir: folder });
  const { url, port } = first;
  const token = await first.token("kemensos");
  await first.close();
  const second = await startIssuer({ port, clients: devClients(), dataDir: folder });
  expect(await clientOf(url, token)).toBe("kemensos");
  await second.close();
  expect(statSync(join(folder, "issuer-key.json")).mode & 0o777).toBe(0o600);
});

test("both discovery documents are there", async () => {
  for (const name of ["openid-configuration", "oauth-authorization-server"]) {
    const document = (await (await fetch(`${issuer.url}/.well-known/${name}`)).json()) as Record<string, unknown>;
    expect(document).toMatchObject({ issuer: issuer.url, jwks_uri: `${issuer.url}/jwks`, token_endpoint: `${issuer.url}/token` });
  }
});

test("the key set holds public keys only", async () => {
  const { keys } = (await (await fetch(`${issuer.url}/jwks`)).json()) as { keys: Record<string, unknown>[] };
  expect(keys).toHaveLength(1);
  expect(keys[0]).not.toHaveProperty("d");
});

test.each([
  ["a wrong secret", { id: "kemensos", secret: "guess" }],
  ["another client's secret", { id: "kemensos", secret: devClientSecret("bappenas") }],
  ["an unknown client", { id: "nobody", secret: devClientSecret("nobody") }],
])("%s gets no token", async (_, client) => {
  expect(await askForToken(issuer.url, client)).toMatchObject({ error: "invalid_client" });
});

test("no token is given for another resource than the hub", async () => {
  const response = await fetch(`${issuer.url}/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`kemensos:${devClientSecret("kemensos")}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials", resource: "urn:other" }),
  });
  expect(await response.json()).toMatchObject({ error: "invalid_target" });
});

test.each(["production", "", "Dev"])("it does not start with HUB_ENV=%s", async (env) => {
  vi.stubEnv("HUB_ENV", env);
  await expect(startIssuer({ port: 0, clients: [], dataDir: folder })).rejects.toThrow("HUB_ENV=dev");
  vi.stubEnv("HUB_ENV", "dev");
});

test("it listens on this machine only, and says so when its port is taken", async () => {
  await expect(startIssuer({ port: 0, host: "0.0.0.0", clients: [], dataDir: folder })).rejects.toThrow("this machine only");
  await expect(startIssuer({ port: issuer.port, clients: [], dataDir: folder })).rejects.toThrow("HUB_ISSUER_PORT");
});

describe("hub token", () => {
  const written = { out: "", err: "" };
  beforeEach(() => {
    written.out = "";
    written.err = "";
    vi.stubEnv("HUB_OIDC_ISSUER", issuer.url);
    const keep = (stream: "out" | "err") => (text: string | Uint8Array) => {
      written[stream] += String(text);
      return true;
    };
    vi.spyOn(process.stdout, "write").mockImplementation(keep("out"));
    vi.spyOn(process.stderr, "write").mockImplementation(keep("err"));
  });
  afterEach(() => void vi.restoreAllMocks());

  test("prints a token and nothing else", async () => {
    expect(await tokenCommand(["kemensos"])).toBe(0);
    expect(await clientOf(issuer.url, written.out.trim())).toBe("kemensos");
    expect(await tokenCommand(["kemensos", "--json"])).toBe(0);
    expect(JSON.parse(written.out.trim().split("\n")[1] ?? "")).toMatchObject({ token_type: "Bearer", expires_in: 300 });
  });

  test("says which clients there are when it does not know the one asked for", async () => {
    expect(await tokenCommand(["nobody"])).toBe(1);
    expect(written).toEqual({ out: "", err: expect.stringMatching(/no client "nobody".*bpjs-kesehatan/) });
    expect(await tokenCommand([])).toBe(2);
  });

  test("says what to do when no issuer runs", async () => {
    vi.stubEnv("HUB_OIDC_ISSUER", "http://127.0.0.1:1");
    expect(await tokenCommand(["kemensos"])).toBe(1);
    expect(written.err).toContain("npm start");
  });
});
