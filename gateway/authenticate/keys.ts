import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from "jose";
import { Refusal } from "../../schema/errors.ts";

const SECOND = 1000;
const TIMEOUT_MS = 2 * SECOND;
/** An unknown key id is looked for at most this often: otherwise strangers could make us call the issuer at will. */
const REFRESH_MS = 5 * SECOND;
/** An issuer that failed is left alone this long. */
const RETRY_MS = 1 * SECOND;

/**
 * Public keys of an issuer, found through its discovery document when first needed, so that gateway and issuer may start in any
 * order. Keys once read stay good while the issuer is down. Not to reach it is an outage (503), never a bad credential.
 */
export function issuerKeys(issuer: string): JWTVerifyGetKey {
  const get = sparingFetch();
  let keys: Promise<JWTVerifyGetKey> | undefined;
  return async (header, token) => {
    try {
      keys ??= discover(issuer, get);
      keys.catch(() => {
        keys = undefined;
      });
      return await (await keys)(header, token);
    } catch (error) {
      // the key set was read and does not hold this key, or not once: the token's fault, not the issuer's
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new Refusal({ code: "POLICY_UNAVAILABLE" }, { cause: error });
    }
  };
}

type Fetch = (url: string, options?: RequestInit) => Promise<Response>;

async function discover(issuer: string, get: Fetch): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const response = await get(address, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
  const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (document.issuer !== issuer) throw new Error(`${address} speaks for another issuer; set HUB_OIDC_ISSUER to its exact name`);
  const options = { timeoutDuration: TIMEOUT_MS, cooldownDuration: REFRESH_MS, [customFetch]: get };
  return createRemoteJWKSet(new URL(String(document.jwks_uri)), options);
}

/** Fetch that does not ask again while the last failure is fresh. */
function sparingFetch(): Fetch {
  let failedAt = Number.NEGATIVE_INFINITY;
  return async (url, options) => {
    if (performance.now() - failedAt < RETRY_MS) throw new Error("the issuer has just failed to answer");
    try {
      const response = await fetch(url, options);
      if (!response.ok) throw new Error(`the issuer answered ${response.status}`);
      return response;
    } catch (error) {
      failedAt = performance.now();
      throw error;
    }
  };
}
