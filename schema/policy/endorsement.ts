import { isSignedBy, keyIdOf, type Signer } from "./keys.ts";
import type { StewardRole } from "./words.ts";

/** A steward's key with what it stands for. */
export interface StewardKey {
  readonly keyId: string;
  readonly stewardId: string;
  readonly agencyCode: string;
  readonly roles: readonly StewardRole[];
  readonly kind: "ED25519" | "WEBAUTHN";
  /** SubjectPublicKeyInfo, DER as base64url. */
  readonly publicKey: string;
  /** Signature of governance's key over all of the above. */
  readonly endorsement: string;
}

const textOf = ({ stewardId, agencyCode, roles, kind, publicKey }: Omit<StewardKey, "keyId" | "endorsement">): string =>
  ["hub-steward-key/v1", stewardId, agencyCode, [...roles].sort().join(","), kind, publicKey].join("\n");

/** Makes a key one that approvals may be signed with: only the holder of governance's key can. */
export function endorse(key: Omit<StewardKey, "keyId" | "endorsement">, governance: Signer): StewardKey {
  return { ...key, keyId: keyIdOf(key.publicKey), endorsement: governance.sign(textOf(key)) };
}

/** Whether governance has made this key a steward's. `governanceKey`: SPKI, base64url. */
export const isEndorsed = (key: StewardKey, governanceKey: string): boolean =>
  key.keyId === keyIdOf(key.publicKey) && isSignedBy(governanceKey, textOf(key), key.endorsement);
