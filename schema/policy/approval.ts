import { createHash, verify } from "node:crypto";
import { isSignedBy, publicKeyOf } from "./keys.ts";

/** One decision of one data owner about one content. */
export interface Decided {
  readonly agreement: string;
  readonly version: number;
  readonly owner: string;
  /** OWNER: for the data the agency controls. DPO: the consumer's data protection officer accepts the duties. */
  readonly capacity: "OWNER" | "DPO";
  readonly decision: "APPROVED" | "REJECTED";
  /** Hex. */
  readonly contentSha256: string;
}

/** The text a steward signs. */
export const approvalText = ({ agreement, version, owner, capacity, decision, contentSha256 }: Decided): string =>
  ["hub-approval/v1", agreement, version, owner, capacity, decision, contentSha256].join("\n");

/** What a steward's authenticator signs instead of the text: its SHA-256, as the challenge (WebAuthn level 2 §5.8.1). Base64url. */
export const challengeOf = (decided: Decided): string => createHash("sha256").update(approvalText(decided)).digest("base64url");

interface Key {
  readonly kind: "ED25519" | "WEBAUTHN";
  readonly publicKey: string;
}

/**
 * Whether `signature` is the key's over this decision: base64url of an Ed25519 signature, or JSON `{ authenticatorData, clientDataJSON, signature }`
 * (base64url each) of a WebAuthn assertion for one of `origins`. False for whatever is malformed.
 */
export function isApprovalSigned(decided: Decided, { key, signature, origins }: Signed): boolean {
  if (key.kind === "ED25519") return isSignedBy(key.publicKey, approvalText(decided), signature);
  try {
    return isAssertion(JSON.parse(signature) as Assertion, { key, challenge: challengeOf(decided), origins });
  } catch {
    return false;
  }
}

interface Signed {
  readonly key: Key;
  readonly signature: string;
  /** Origins of the console; empty: no assertion is believed. */
  readonly origins: readonly string[];
}

interface Assertion {
  readonly authenticatorData: string;
  readonly clientDataJSON: string;
  readonly signature: string;
}

/** Bits of the authenticator's flags: the user was there, and was verified (PIN, finger). */
const [USER_PRESENT, USER_VERIFIED] = [0x01, 0x04];
const FLAGS_AT = 32;

/** WebAuthn level 2 §7.2, steps 11 to 20: type, challenge, origin, relying party, presence and verification, signature. */
function isAssertion(
  assertion: Assertion,
  { key, challenge, origins }: { readonly key: Key; readonly challenge: string; readonly origins: readonly string[] },
): boolean {
  const clientData = Buffer.from(assertion.clientDataJSON, "base64url");
  const { type, challenge: given, origin, crossOrigin } = JSON.parse(clientData.toString()) as Record<string, unknown>;
  if (type !== "webauthn.get" || given !== challenge || crossOrigin === true) return false;
  if (typeof origin !== "string" || !origins.includes(origin)) return false;
  const data = Buffer.from(assertion.authenticatorData, "base64url");
  const party = createHash("sha256").update(new URL(origin).hostname).digest();
  if (data.length <= FLAGS_AT || !data.subarray(0, FLAGS_AT).equals(party)) return false;
  const needed = USER_PRESENT | USER_VERIFIED;
  if (((data[FLAGS_AT] ?? 0) & needed) !== needed) return false;
  const signed = Buffer.concat([data, createHash("sha256").update(clientData).digest()]);
  const publicKey = publicKeyOf(key.publicKey);
  const digest = publicKey.asymmetricKeyType === "ed25519" ? null : "sha256";
  return verify(digest, signed, publicKey, Buffer.from(assertion.signature, "base64url"));
}
