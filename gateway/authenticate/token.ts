import { hash } from "node:crypto";
import { errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import { Refusal } from "../../schema/errors.ts";

/** Whose token it is. */
export interface Credential {
  readonly clientId: string;
  /** Who acts (RFC 9068 `sub`): a person, or the client itself. */
  readonly subject: string;
}

/** Reads a good access token. Throws Refusal UNAUTHENTICATED for every other. */
export type TokenVerifier = (authorization: string | null) => Promise<Credential>;

interface VerifierOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: JWTVerifyGetKey;
  /** Tokens remembered as verified. */
  readonly remembered?: number;
}

const SKEW_S = 5;
/** An issuer's clock may be ahead by so much. */
const AHEAD_S = 60;
/** Asymmetric only: with `none` or HMAC a public key would be the secret. */
const ALGORITHMS = ["EdDSA", "Ed25519", "ES256", "RS256", "PS256"];

interface Verified {
  readonly credential: Credential;
  /** First second it is good in: a clock that jumped back must not bring old tokens to life. */
  readonly fromS: number;
  /** Last second it is good in, skew included. */
  readonly untilS: number;
}

/**
 * Verifies access tokens (RFC 9068). A signature costs hundreds of microseconds, so what was verified is remembered by the
 * token's hash until it expires; whether its client may ask is looked up anew on every request.
 */
export function createVerifier({ issuer, audience, keys, remembered = 10_000 }: VerifierOptions): TokenVerifier {
  const verified = new Map<string, Promise<Verified>>();
  const verify = async (token: string): Promise<Verified> => {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      typ: "at+jwt",
      clockTolerance: SKEW_S,
      requiredClaims: ["exp", "iat", "client_id"],
    });
    const { client_id: clientId, exp, iat, sub } = payload;
    if (typeof clientId !== "string" || exp === undefined || iat === undefined) throw new errors.JWTInvalid("client_id");
    return { credential: { clientId, subject: sub ?? clientId }, fromS: iat - AHEAD_S, untilS: exp + SKEW_S };
  };
  const recall = (token: string): Promise<Verified> => {
    const key = hash("sha256", token, "base64");
    const known = verified.get(key) ?? verify(token);
    verified.delete(key); // the newest go last, so the first is the one to forget
    verified.set(key, known);
    known.catch(() => verified.delete(key));
    if (verified.size > remembered) verified.delete(verified.keys().next().value ?? "");
    return known;
  };
  return async (authorization) => {
    if (authorization === null) throw unauthenticated(null);
    const token = /^Bearer +([\w.~+/-]{1,8192}=*)$/i.exec(authorization)?.[1];
    if (token === undefined) throw unauthenticated("not a bearer token");
    const { credential, fromS, untilS } = await recall(token).catch(refuse);
    const nowS = Date.now() / 1000;
    if (nowS < fromS) throw unauthenticated("not valid");
    if (nowS >= untilS) throw unauthenticated("expired");
    return credential;
  };
}

/** An outage of the issuer is passed on; everything else is the token's fault. */
function refuse(error: unknown): never {
  if (error instanceof Refusal) throw error;
  throw unauthenticated(error instanceof errors.JWTExpired ? "expired" : "not valid", error);
}

/** One and the same refusal for every stranger; only the header tells a missing credential from a bad one (RFC 6750 §3). */
export function unauthenticated(fault: string | null, cause?: unknown): Refusal {
  const challenge = fault === null ? "" : `, error="invalid_token", error_description="${fault}"`;
  return new Refusal(
    { code: "UNAUTHENTICATED" },
    { headers: { "www-authenticate": `Bearer realm="dtks-hub"${challenge}` }, cause },
  );
}
