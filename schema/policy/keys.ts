import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from "node:crypto";

/** Signs in the name of one part of the hub, or of one steward. */
export interface Signer {
  readonly keyId: string;
  /** SubjectPublicKeyInfo, DER as base64url. */
  readonly publicKey: string;
  /** Ed25519 over the text, base64url. */
  sign(text: string): string;
}

/** PKCS #8 head of an Ed25519 private key: its 32 bytes of seed follow (RFC 8410 §7). */
const ED25519_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

/** The Ed25519 private key of a secret of any length: the same secret, the same key. */
export function privateKeyOf(secret: string, use: string): KeyObject {
  const seed = Buffer.from(hkdfSync("sha256", secret, "", `hub-key/v1|${use}`, 32));
  return createPrivateKey({ key: Buffer.concat([ED25519_HEAD, seed]), format: "der", type: "pkcs8" });
}

/** A signer with the private key of a secret. */
export function signerOf(secret: string, use: string): Signer {
  const key = privateKeyOf(secret, use);
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).toString("base64url");
  return { keyId: keyIdOf(publicKey), publicKey, sign: (text) => sign(null, Buffer.from(text), key).toString("base64url") };
}

/** First 16 characters of the base64url SHA-256 of a public key. */
export const keyIdOf = (publicKey: string): string =>
  createHash("sha256").update(Buffer.from(publicKey, "base64url")).digest("base64url").slice(0, 16);

/** Throws when it is no public key. */
export const publicKeyOf = (spki: string): KeyObject =>
  createPublicKey({ key: Buffer.from(spki, "base64url"), format: "der", type: "spki" });

/** Whether `signature` (base64url) is the Ed25519 key's over `text`. False for whatever is malformed. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = publicKeyOf(publicKey);
    return key.asymmetricKeyType === "ed25519" && verify(null, Buffer.from(text), key, Buffer.from(signature, "base64url"));
  } catch {
    return false;
  }
}

/** Use of the key that signs decision tables and endorses stewards. */
export const POLICY_KEY = "policy";
/** What everybody knows: each side refuses it outside HUB_ENV=dev. */
export const DEV_POLICY_SECRET = "dtks-hub development key of the policy";
export const devStewardSecret = (steward: string): string => `dtks-hub development key of steward ${steward}`;
