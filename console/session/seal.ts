import { hkdfSync } from "node:crypto";
import { EncryptJWT, type JWTPayload, jwtDecrypt } from "jose";

const SECOND = 1000;

/** Seals values that a browser keeps for us and can neither read nor change. */
export interface Sealer {
  /** Good until `until` (ms of the Unix epoch), and for nothing but this `use`. */
  seal(use: string, value: object, until: number): Promise<string>;
  /** Null for whatever is changed, over, of another use or of another key. */
  open<T extends object>(use: string, text: string): Promise<T | null>;
}

/** JWE, direct encryption by A256GCM, with a key of its own for every use. */
export function createSealer(secret: string): Sealer {
  const keyOf = (use: string) => new Uint8Array(hkdfSync("sha256", secret, "", `hub-cookie/v1|${use}`, 32));
  return {
    seal: (use, value, until) =>
      new EncryptJWT(value as JWTPayload)
        .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
        .setExpirationTime(Math.floor(until / SECOND))
        .encrypt(keyOf(use)),
    async open<T extends object>(use: string, text: string) {
      const only = { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: ["A256GCM"], requiredClaims: ["exp"] };
      const opened = await jwtDecrypt(text, keyOf(use), only).catch(() => null);
      return opened && (opened.payload as T);
    },
  };
}
