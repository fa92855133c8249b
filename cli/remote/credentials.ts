import { readFileSync } from "node:fs";
import { decodeJwt } from "jose";
import { issuerUrl } from "../../gateway/runtime/config.ts";
import { devClientSecret } from "../../schema/devClients.ts";
import { holdsNik } from "../../schema/errors.ts";
import { type Env, isLoopback, secretFrom } from "../../schema/settings.ts";
import { Misuse, Refused } from "./faults.ts";
import type { Asked } from "./hub.ts";

const TIMEOUT_MS = 10_000;

/** A secret or token goes to no other machine in the clear. Throws Misuse. */
export function safe(address: string, whose: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new Misuse(`${address} is no address of ${whose}: https://…`);
  if (url.protocol === "http:" && !isLoopback(url.hostname.replace(/^\[|\]$/g, "")))
    throw new Misuse(`${whose} at ${url.host} is asked by HTTPS only: what is sent in the clear is anybody's`);
  return address.replace(/\/+$/, "");
}

/** An access token of who asks. Throws Misuse and Refused. */
export async function tokenOf(asked: Asked): Promise<string> {
  const path = asked["token-file"];
  if (asked.client !== undefined && path !== undefined) throw new Misuse(WHO);
  const given = path === undefined ? setting("HUB_TOKEN") : textOf(path).trim();
  const client = asked.client ?? (path === undefined ? process.env["HUB_CLIENT"] : undefined);
  if (client !== undefined) return clientToken(asked, client);
  if (!given) throw new Misuse(WHO);
  return given;
}

/** A token that ends sooner is not begun with. */
const LEAST_LEFT_MS = 60_000;

/**
 * Tokens of who asks, for as long as it takes: before one ends the issuer is asked for the next, and a file of a token is read again, for whoever
 * renews it. Throws Misuse and Refused.
 */
export function bearerOf(asked: Asked): () => Promise<string> {
  let held: { readonly token: string; readonly until: number } | undefined;
  return async () => {
    if (held === undefined || held.until - Date.now() < LEAST_LEFT_MS) {
      const token = await tokenOf(asked);
      held = { token, until: endOf(token) };
    }
    return held.token;
  };
}

/** Of a token that does not say it: never. */
function endOf(token: string): number {
  try {
    return (decodeJwt(token).exp ?? Number.POSITIVE_INFINITY) * 1000;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

const WHO = "name one who asks: --client CLIENT or --token-file FILE";

/** Who gives tokens. Throws Misuse. */
export const issuerOf = ({ issuer }: Pick<Asked, "issuer">): string => safe(issuer ?? issuerUrl(), "the issuer");

interface Discovered {
  readonly issuer?: unknown;
  readonly token_endpoint?: unknown;
}

/** Where an issuer says that it gives tokens (OpenID Connect Discovery §4.3); null: none answers. Throws Misuse, and Refused where another answers in its place. */
export async function tokenEndpointOf(issuer: string): Promise<string | null> {
  const url = `${issuer}/.well-known/openid-configuration`;
  const found = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) })
    .then((response) => response.json() as Promise<Discovered | null>)
    .catch(() => null);
  if (typeof found?.token_endpoint !== "string") return null;
  if (String(found.issuer).replace(/\/+$/, "") !== issuer)
    throw new Refused(
      `what answers at ${issuer} is another issuer (${found.issuer}): name the one that it says with --issuer URL`,
    );
  return safe(found.token_endpoint, "the issuer");
}

/** Client credentials grant (RFC 6749 §4.4) where the issuer says that it gives tokens. */
async function clientToken(asked: Asked, client: string): Promise<string> {
  const issuer = issuerOf(asked);
  const secret = secretOf(asked, client);
  const endpoint = await tokenEndpointOf(issuer);
  if (endpoint === null) throw new Refused(`no issuer answers at ${issuer}: name yours with --issuer URL or HUB_OIDC_ISSUER`);
  const named = [client, secret].map(encodeURIComponent).join(":");
  const response = await fetch(endpoint, {
    method: "POST",
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { authorization: `Basic ${Buffer.from(named).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  }).catch(() => null);
  const answer = ((await response?.json().catch(() => null)) ?? {}) as { access_token?: string; error?: string };
  if (answer.access_token) return answer.access_token;
  throw new Refused(
    `${issuer} gives no token for ${client} (${answer.error ?? "no answer"}): see the client's name and its secret`,
  );
}

/** Ready-made clients of the embedded issuer have secrets that follow from their names; any other client's is given. */
function secretOf(asked: Asked, client: string): string {
  const path = asked["secret-file"];
  const secret = path === undefined ? setting("HUB_CLIENT_SECRET") : textOf(path).trim();
  if (secret) return secret;
  if (isLoopback(new URL(issuerOf(asked)).hostname.replace(/^\[|\]$/g, ""))) return devClientSecret(client);
  throw new Misuse(`the secret of ${client} is missing: HUB_CLIENT_SECRET_FILE, or --secret-file FILE`);
}

/** A secret of who asks, out of the environment or the file it names. Throws Misuse. */
export function setting(name: "HUB_TOKEN" | "HUB_CLIENT_SECRET", env: Env = process.env): string | undefined {
  const faults: string[] = [];
  const value = secretFrom(env, { name, faults });
  if (faults.length > 0) throw new Misuse(faults.join("; "));
  return value;
}

/** What stands on a command line every process of the machine can read, and the shell keeps. Throws Misuse, which repeats nothing. */
export function mustHoldNoNik(given: readonly unknown[]): void {
  if (given.flat().some((text) => typeof text === "string" && holdsNik(text)))
    throw new Misuse("a NIK stands on the command line, where others can read it: it belongs into a file, or on stdin (-).");
}

/** Throws Misuse. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Misuse(`${path} cannot be read`);
  }
}
