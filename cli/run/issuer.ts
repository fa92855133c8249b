import { createHmac, generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type Adapter,
  type Configuration,
  errors,
  type JWK,
  type JWTStructured,
  type KoaContextWithOIDC,
  Provider,
} from "oidc-provider";
import { CLIENTS, STEWARDS } from "../../drizzle/policy/readyMade.ts";
import { isDev } from "../../gateway/config.ts";
import { isLoopback } from "../../schema/settings.ts";
import { stopSignal } from "../signals.ts";

export const help = `
Usage: npx hub issuer [CLIENT...] [--port 4005] [--data .hub]

Runs the embedded OIDC issuer alone on 127.0.0.1, for the clients named (default: the ready-made ones).
Development only: HUB_ENV=dev. In production any OIDC issuer does its work; HUB_OIDC_ISSUER names it.
`;

export interface IssuerClient {
  readonly id: string;
  readonly secret: string;
}

export interface IssuerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** A loopback address; the default is the one clients are told. */
  readonly host?: string;
  readonly clients: readonly IssuerClient[];
  /** Where the signing key is kept, so that tokens outlive a restart. */
  readonly dataDir: string;
  readonly audience?: string;
}

export interface Issuer {
  readonly url: string;
  readonly port: number;
  /** An access token for one of its clients; of a portal of the hub also for the person who has signed in there. */
  token(clientId: string, person?: string): Promise<string>;
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const AUDIENCE = "urn:dtks-hub";
const MINUTE_S = 60;
const TOKEN_S = 5 * MINUTE_S;

/**
 * An OIDC issuer for one machine in development: client credentials only, access tokens as signed JWT (RFC 9068). It refuses to
 * start elsewhere: the secrets of its clients can be worked out from their names.
 */
export async function startIssuer({ port, host = HOST, clients, dataDir, audience = AUDIENCE }: IssuerOptions): Promise<Issuer> {
  if (!isDev()) throw new Error("the embedded issuer runs only with HUB_ENV=dev; in production set HUB_OIDC_ISSUER to yours");
  if (!isLoopback(host)) throw new Error("the embedded issuer listens on this machine only");
  const key = await signingKey(dataDir);
  const server = createServer();
  await listen(server, { port, host });
  const actual = (server.address() as AddressInfo).port;
  const url = `http://${host}:${actual}`;
  const answer = new Provider(url, configurationOf({ clients, audience, key })).callback();
  server.on("request", (request, response) => {
    // RFC 8414's name of the same document
    if (request.url === "/.well-known/oauth-authorization-server") request.url = "/.well-known/openid-configuration";
    if (request.url !== "/clients") return void answer(request, response);
    response.setHeader("content-type", "application/json").end(JSON.stringify(clients.map(({ id }) => id)));
  });
  return {
    url,
    port: actual,
    async token(clientId, person) {
      const secret = clients.find(({ id }) => id === clientId)?.secret ?? "";
      const answered = await askForToken(url, { id: clientId, secret }, person);
      if ("error" in answered) throw new Error(`no token for ${clientId}: ${answered.error}`);
      return answered.access_token;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type TokenAnswer = { readonly access_token: string; readonly expires_in: number } | { readonly error: string };

/** Client credentials grant (RFC 6749 §4.4). `person`: whom the portal says has signed in. Rejects only when the issuer cannot be reached. */
export async function askForToken(issuerUrl: string, { id, secret }: IssuerClient, person?: string): Promise<TokenAnswer> {
  const response = await fetch(`${issuerUrl}/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials", ...(person !== undefined && { person }) }),
  });
  return (await response.json()) as TokenAnswer;
}

/** The clients and stewards of the ready-made agreements (`drizzle/policy/readyMade.ts`), with their derived secrets. */
export const devClients = (): IssuerClient[] => [...CLIENTS, ...STEWARDS].map(([id]) => ({ id, secret: devClientSecret(id) }));

/** Secret of a ready-made client: derived, so that nothing has to be handed around on one machine. */
export const devClientSecret = (clientId: string): string =>
  createHmac("sha256", "dtks-hub development clients").update(clientId).digest("base64url");

interface Settings {
  readonly clients: readonly IssuerClient[];
  readonly audience: string;
  readonly key: JWK;
}

function configurationOf({ clients, audience, key }: Settings): Configuration {
  return {
    adapter: () => NOTHING_KEPT,
    clients: clients.map(({ id, secret }) => ({
      client_id: id,
      client_secret: secret,
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: "client_secret_basic",
    })),
    clientDefaults: { id_token_signed_response_alg: "ES256" }, // no ID token is issued, but the default must fit the key
    jwks: { keys: [key] },
    cookies: { keys: ["no cookie is ever set"] },
    ttl: { ClientCredentials: TOKEN_S },
    formats: { customizers: { jwt: nameSubject } },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: (_, resource) => {
          if (resource !== audience) throw new errors.InvalidTarget("the only resource here is the hub");
          const jwt = { sign: { alg: "ES256" } } as const;
          return { scope: "", audience, accessTokenTTL: TOKEN_S, accessTokenFormat: "jwt", jwt };
        },
      },
    },
  };
}

/**
 * Stands in for the national identity provider, where a person signs in: here the portal just says who it is. Anybody on this machine can be
 * anybody, as anybody can be any client: their people are made up.
 */
function nameSubject(
  { oidc }: KoaContextWithOIDC,
  { clientId }: { readonly clientId?: string | undefined },
  token: JWTStructured,
): JWTStructured {
  const { person } = (oidc.body ?? {}) as { readonly person?: unknown };
  if (person === undefined) return token;
  if (clientId !== CITIZENS_PORTAL || typeof person !== "string" || !UUID.test(person))
    throw new errors.InvalidRequest(`only ${CITIZENS_PORTAL} asks for a person, by the id of one`);
  token.payload["sub"] = `person:${person}`;
  return token;
}

const CITIZENS_PORTAL = "portal-warga";
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Signed tokens need no store, and nothing else is issued. */
const NOTHING_KEPT: Adapter = {
  upsert: async () => {},
  find: async () => undefined,
  findByUserCode: async () => undefined,
  findByUid: async () => undefined,
  consume: async () => {},
  destroy: async () => {},
  revokeByGrantId: async () => {},
};

/** The key of this folder, made once. Whoever comes second in a race takes the first one's. */
async function signingKey(dataDir: string): Promise<JWK> {
  const path = join(dataDir, "issuer-key.json");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const fresh = JSON.stringify({ ...privateKey.export({ format: "jwk" }), alg: "ES256", use: "sig" });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFile(path, fresh, { flag: "wx", mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  return JSON.parse(await readFile(path, "utf8")) as JWK;
}

function listen(server: Server, { port, host }: { port: number; host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new Error(`port ${port} is taken; move the issuer with HUB_ISSUER_PORT`) : error),
    );
    server.listen(port, host, resolve);
  });
}

/** `npx hub issuer`: until a signal ends it. */
export async function issuer(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { port: { type: "string", default: "4005" }, data: { type: "string", default: ".hub" } },
  });
  const clients = positionals.length > 0 ? positionals.map((id) => ({ id, secret: devClientSecret(id) })) : devClients();
  const running = await startIssuer({ port: Number(values.port), clients, dataDir: values.data });
  process.stdout.write(`${running.url}\n`);
  await stopSignal();
  await running.close();
  return 0;
}
