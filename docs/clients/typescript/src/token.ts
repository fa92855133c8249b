import { safe } from "./address.ts";
import { HubError } from "./errors.ts";

/** Where access tokens come from. */
export interface TokenSource {
  /** One that is good for a while yet. */
  get(): Promise<string>;
  /** The hub no longer takes this one. */
  forget(token: string): void;
}

type SigningKey = Parameters<typeof crypto.subtle.sign>[1];

export interface ClientCredentials {
  /** The issuer's token endpoint. */
  readonly tokenUrl: string;
  readonly clientId: string;
  /** Shared with the issuer; for the sandbox. */
  readonly secret?: string;
  /** Instead of a secret: a private key whose public part the issuer knows (`private_key_jwt`, ES256). */
  readonly key?: { readonly privateKey: SigningKey; readonly id?: string; readonly audience?: string };
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

interface Held {
  readonly token: string;
  readonly until: number;
}

const SECOND = 1000;
/** A token is renewed this long before it ends, so that none ends on its way. */
const EARLY_MS = 30 * SECOND;
const TIMEOUT_MS = 30 * SECOND;
const ASSERTION_S = 60;
const ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** Tokens by the client credentials grant (RFC 6749 §4.4). Asked for when needed, by however many at once: one request. */
export function clientCredentials(options: ClientCredentials): TokenSource {
  const { now = Date.now } = options;
  safe(options.tokenUrl);
  let held: Held | null = null;
  let flight: Promise<Held> | null = null;
  const renew = async (): Promise<Held> => {
    try {
      held = await tokenOf(options, now);
      return held;
    } finally {
      flight = null;
    }
  };
  return {
    async get() {
      if (held !== null && held.until > now()) return held.token;
      flight ??= renew();
      return (await flight).token;
    },
    forget(token) {
      if (held?.token === token) held = null;
    },
  };
}

async function tokenOf(options: ClientCredentials, now: () => number): Promise<Held> {
  const { tokenUrl, timeoutMs = TIMEOUT_MS, fetch: send = fetch } = options;
  const asked = now();
  const { headers, fields } = await proofOf(options, asked);
  const response = await send(tokenUrl, {
    method: "POST",
    headers: { accept: "application/json", ...headers },
    body: new URLSearchParams({ grant_type: "client_credentials", ...fields }),
    redirect: "error", // what proves who we are goes nowhere else
    signal: AbortSignal.timeout(timeoutMs),
  });
  const told = (await response.json().catch(() => ({}))) as { access_token?: unknown; expires_in?: unknown; error?: unknown };
  if (!response.ok || typeof told.access_token !== "string") {
    const message = `the issuer gives no token: ${typeof told.error === "string" ? told.error : response.status}`;
    throw new HubError([{ message, extensions: { code: "UNAUTHENTICATED" } }], { status: response.status });
  }
  const lives = typeof told.expires_in === "number" ? told.expires_in * SECOND : 0;
  return { token: told.access_token, until: asked + lives - Math.min(EARLY_MS, lives / 2) };
}

interface Proof {
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
}

async function proofOf({ clientId, secret, key, tokenUrl }: ClientCredentials, now: number): Promise<Proof> {
  if (key === undefined) {
    if (secret === undefined) throw new TypeError("client credentials need a secret or a key");
    return { headers: { authorization: `Basic ${btoa(`${encoded(clientId)}:${encoded(secret)}`)}` }, fields: {} };
  }
  const seconds = Math.floor(now / SECOND);
  const head = { alg: "ES256", typ: "JWT", ...(key.id !== undefined && { kid: key.id }) };
  const claims = { iss: clientId, sub: clientId, aud: key.audience ?? tokenUrl, jti: crypto.randomUUID() };
  const signed = [head, { ...claims, iat: seconds, exp: seconds + ASSERTION_S }].map((part) =>
    base64url(utf8(JSON.stringify(part))),
  );
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key.privateKey, utf8(signed.join(".")));
  const assertion = [...signed, base64url(new Uint8Array(signature))].join(".");
  return { headers: {}, fields: { client_id: clientId, client_assertion_type: ASSERTION, client_assertion: assertion } };
}

/** As a form writes it (RFC 6749 §2.3.1). */
const encoded = (text: string): string => new URLSearchParams({ _: text }).toString().slice(2);
const utf8 = (text: string) => new TextEncoder().encode(text);
const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
