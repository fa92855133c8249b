import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type JWK, Provider } from "oidc-provider";
import { CLIENTS, STEWARDS } from "../../drizzle/policy/readyMade.ts";
import { isDev } from "../../gateway/runtime/config.ts";
import { devClientSecret } from "../../schema/devClients.ts";
import { isLoopback } from "../../schema/settings.ts";
import { stopSignal } from "./ending.ts";
import { configurationOf, type IssuerClient } from "./issuer/configuration.ts";
import { answerLogin } from "./issuer/login.ts";
import { type Citizens, nameOf } from "./issuer/people.ts";

export const help = `
Usage: npx hub issuer [CLIENT...] [--port 4005] [--data .hub]

Runs the embedded OIDC issuer alone on 127.0.0.1, for the clients named (default: the ready-made ones).
Development only: HUB_ENV=dev. In production any OIDC issuer does its work; HUB_OIDC_ISSUER names it.
`;

export interface IssuerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** A loopback address; the default is the one clients are told. */
  readonly host?: string;
  readonly clients: readonly IssuerClient[];
  /** Where the signing key is kept, so that tokens outlive a restart. */
  readonly dataDir: string;
  readonly audience?: string;
  readonly citizens?: Citizens;
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

/**
 * An OIDC issuer for one machine in development: access tokens as signed JWT (RFC 9068), by client credentials or, for people, by code and PKCE.
 * It refuses to start elsewhere: the secrets of its clients can be worked out from their names, and whoever signs in says who they are.
 */
export async function startIssuer({ port, host = HOST, clients, dataDir, ...options }: IssuerOptions): Promise<Issuer> {
  const { audience = AUDIENCE, citizens } = options;
  if (!isDev()) throw new Error("the embedded issuer runs only with HUB_ENV=dev; in production set HUB_OIDC_ISSUER to yours");
  if (!isLoopback(host)) throw new Error("the embedded issuer listens on this machine only");
  const key = await signingKey(dataDir);
  const server = createServer();
  await listen(server, { port, host });
  const actual = (server.address() as AddressInfo).port;
  const url = `http://${host}:${actual}`;
  const named = (subject: string) => nameOf(subject, citizens);
  const provider = new Provider(url, configurationOf({ clients, audience, key, nameOf: named }));
  const answer = provider.callback();
  const listed = async () => (await citizens?.list()) ?? [];
  server.on("request", async (request, response) => {
    // RFC 8414's name of the same document
    if (request.url === "/.well-known/oauth-authorization-server") request.url = "/.well-known/openid-configuration";
    if (request.url === "/clients")
      return void response.setHeader("content-type", "application/json").end(JSON.stringify(clients.map(({ id }) => id)));
    if (!(await answerLogin(provider, { request, response, citizens: listed }))) await answer(request, response);
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
