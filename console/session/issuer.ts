import { createRemoteJWKSet, decodeJwt, type JWTVerifyGetKey, jwtVerify } from "jose";

const SECOND = 1000;
const TIMEOUT_MS = 3 * SECOND;
/** An issuer that failed is left alone this long. */
const RETRY_MS = 1 * SECOND;
const SKEW_S = 5;
const ALGORITHMS = ["EdDSA", "Ed25519", "ES256", "RS256", "PS256"];

export interface ClientOptions {
  readonly issuer: string;
  readonly client: { readonly id: string; readonly secret: string };
}

export interface Tokens {
  readonly accessToken: string;
  /** When it ends, in ms of the Unix epoch. */
  readonly accessUntil: number;
  /** Null: the issuer gives none; the sign-in ends with the access token. */
  readonly refreshToken: string | null;
}

export interface SignedIn extends Tokens {
  readonly subject: string;
  readonly name: string;
}

interface Discovered {
  readonly authorization: string;
  readonly token: string;
  readonly revocation: string | null;
  readonly endSession: string | null;
  /** It names itself in every answer to a browser (RFC 9207). */
  readonly namesItself: boolean;
  readonly keys: JWTVerifyGetKey;
}

/** One client of an OpenID provider, any that publishes a discovery document. Everything rejects while the provider is out of reach. */
export interface IssuerClient {
  /** Address of its login page for this sign-in; there the person is asked who they are, whoever is still signed in. */
  authorizationUrl(asked: { redirectUri: string; state: string; nonce: string; challenge: string }): Promise<string>;
  /** Trades a code in; rejects also when the code, `iss` or the ID token is not what was asked for. */
  exchange(got: { code: string; iss: string | null; verifier: string; redirectUri: string; nonce: string }): Promise<SignedIn>;
  /** Newer tokens; null: the issuer gives none any more. */
  refresh(refreshToken: string): Promise<Tokens | null>;
  revoke(refreshToken: string): Promise<void>;
  /** Address where a person ends the issuer's own session, to come back to `to` then (OpenID Connect RP-Initiated Logout); null: the issuer announces none. */
  endSessionUrl(to: string): Promise<string | null>;
  /** An access token of the client for itself. */
  ownToken(): Promise<string>;
}

export function createIssuerClient({ issuer, client }: ClientOptions): IssuerClient {
  const discovered = discovering(issuer);
  const post = async (url: string, form: Readonly<Record<string, string>>) => {
    const basic = [client.id, client.secret].map((part) => encodeURIComponent(part)).join(":");
    const headers = { authorization: `Basic ${Buffer.from(basic).toString("base64")}`, accept: "application/json" };
    const options = { method: "POST", headers, body: new URLSearchParams(form), redirect: "error" } as const;
    return await fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) });
  };
  const tokens = async (form: Readonly<Record<string, string>>) => {
    const response = await post((await discovered()).token, form);
    if (response.status >= 500) throw new Error(`the issuer answered ${response.status}`);
    return response.ok ? read(await response.json()) : null;
  };
  let own: Promise<Tokens> | undefined;
  return {
    async authorizationUrl({ redirectUri, state, nonce, challenge }) {
      const url = new URL((await discovered()).authorization);
      const asked = { ...SIGN_IN, client_id: client.id, redirect_uri: redirectUri, state, nonce, code_challenge: challenge };
      for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
      return url.href;
    },
    async exchange({ code, iss, verifier, redirectUri, nonce }) {
      const { namesItself, keys } = await discovered();
      if (iss === null ? namesItself : iss !== issuer) throw new Error("another issuer answered");
      const got = await tokens({ grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirectUri });
      if (got?.idToken === undefined) throw new Error("the issuer gave no ID token for the code");
      return { ...got, ...(await readIdToken(got.idToken, { keys, issuer, audience: client.id, nonce })) };
    },
    refresh: async (refreshToken) => {
      const got = await tokens({ grant_type: "refresh_token", refresh_token: refreshToken });
      return got && { ...got, refreshToken: got.refreshToken ?? refreshToken };
    },
    async revoke(refreshToken) {
      const { revocation } = await discovered();
      if (revocation !== null) await post(revocation, { token: refreshToken, token_type_hint: "refresh_token" });
    },
    endSessionUrl: async (to) => leaving((await discovered()).endSession, client.id, to),
    async ownToken() {
      const known = await own?.catch(() => undefined);
      if (known === undefined || known.accessUntil - Date.now() < OWN_SPARE_MS)
        own = tokens({ grant_type: "client_credentials" }).then(
          (got) => got ?? Promise.reject(new Error(`no token for ${client.id}`)),
        );
      return ((await own) as Tokens).accessToken;
    },
  };
}
/** A sign-out at the hub may leave the session at the issuer: without a password asked anew, whoever comes to the machine next would be signed in as who left. */
const SIGN_IN = { response_type: "code", scope: "openid profile", code_challenge_method: "S256", prompt: "login" };
/** A token of the client's own is not used in its last minute. */
const OWN_SPARE_MS = 60 * SECOND;

function read(answer: unknown): Tokens & { readonly idToken?: string } {
  const { access_token, refresh_token, id_token, expires_in } = answer as Readonly<Record<string, unknown>>;
  if (typeof access_token !== "string") throw new Error("the issuer's answer has no access token");
  return {
    accessToken: access_token,
    accessUntil: typeof expires_in === "number" ? Date.now() + expires_in * SECOND : endOf(access_token),
    refreshToken: typeof refresh_token === "string" ? refresh_token : null,
    ...(typeof id_token === "string" && { idToken: id_token }),
  };
}

/** As the token itself says, where the issuer does not (RFC 6749 §5.1 only recommends it); of one that does not say either, now. */
function endOf(accessToken: string): number {
  try {
    return (decodeJwt(accessToken).exp ?? 0) * SECOND;
  } catch {
    return 0;
  }
}

interface Expected {
  readonly keys: JWTVerifyGetKey;
  readonly issuer: string;
  readonly audience: string;
  readonly nonce: string;
}

async function readIdToken(token: string, { keys, nonce, ...whose }: Expected): Promise<Pick<SignedIn, "subject" | "name">> {
  const options = { ...whose, algorithms: ALGORITHMS, clockTolerance: SKEW_S, requiredClaims: ["sub", "exp", "iat", "nonce"] };
  const { payload } = await jwtVerify(token, keys, options);
  if (payload["nonce"] !== nonce) throw new Error("the ID token is of another sign-in");
  if (Array.isArray(payload.aud) && payload.aud.length > 1 && payload["azp"] !== whose.audience)
    throw new Error("the ID token was issued to another client");
  const { sub = "", name } = payload;
  return { subject: sub, name: typeof name === "string" && name !== "" ? name : sub };
}

/** What the issuer says of itself, asked for when first needed and kept. */
function discovering(issuer: string): () => Promise<Discovered> {
  let found: Promise<Discovered> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - failedAt < RETRY_MS) return Promise.reject(new Error("the issuer has just failed to answer"));
    if (found) return found;
    const asked = discover(issuer);
    asked.catch(() => {
      failedAt = performance.now();
      found = undefined;
    });
    found = asked;
    return asked;
  };
}

async function discover(issuer: string): Promise<Discovered> {
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const response = await fetch(address, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  const said = (await response.json()) as Readonly<Record<string, unknown>>;
  if (said["issuer"] !== issuer) throw new Error(`${address} speaks for another issuer; set HUB_OIDC_ISSUER to its exact name`);
  const { authorization_endpoint, token_endpoint, revocation_endpoint, end_session_endpoint, jwks_uri } = said;
  return {
    authorization: String(authorization_endpoint),
    token: String(token_endpoint),
    revocation: typeof revocation_endpoint === "string" ? revocation_endpoint : null,
    endSession: isPage(end_session_endpoint) ? end_session_endpoint : null,
    namesItself: said["authorization_response_iss_parameter_supported"] === true,
    keys: createRemoteJWKSet(new URL(String(jwks_uri)), { timeoutDuration: TIMEOUT_MS }),
  };
}

/** No id_token_hint: a token in an address stays in histories and logs; the issuer asks the person instead. */
function leaving(endSession: string | null, clientId: string, to: string): string | null {
  if (endSession === null) return null;
  const url = new URL(endSession);
  url.searchParams.set("client_id", clientId);
  url.searchParams.set("post_logout_redirect_uri", to);
  return url.href;
}

/** A browser is sent there. */
const isPage = (said: unknown): said is string =>
  typeof said === "string" && URL.canParse(said) && /^https?:$/.test(new URL(said).protocol);
