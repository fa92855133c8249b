export interface KeyPair {
  /** RFC 7638 thumbprint of the public key. */
  readonly id: string;
  readonly publicJwk: JsonWebKey & { readonly kid: string; readonly use: "sig"; readonly alg: "ES256" };
  /** PKCS #8. */
  readonly privatePem: string;
}

const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;

/** A fresh ES256 pair, made by the browser. */
export async function newKeyPair(): Promise<KeyPair> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(P256, true, ["sign", "verify"]);
  const { crv = "", kty = "", x = "", y = "" } = await crypto.subtle.exportKey("jwk", publicKey);
  const thumbprint = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify({ crv, kty, x, y })));
  const id = base64(thumbprint).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const pkcs8 = base64(await crypto.subtle.exportKey("pkcs8", privateKey));
  const lines = pkcs8.match(/.{1,64}/g)?.join("\n") ?? "";
  const privatePem = `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`;
  return { id, publicJwk: { kty, crv, x, y, kid: id, use: "sig", alg: "ES256" }, privatePem };
}

const base64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));
