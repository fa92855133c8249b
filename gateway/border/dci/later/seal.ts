import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { JsonObject } from "../types.ts";

/** Seals what waits in the database: neither the database nor a copy of it opens it, only gateways do. */
export interface Seal {
  close(id: string, what: JsonObject): Buffer;
  /** Null: it is not what was sealed under this id, or the key was another. */
  open(id: string, sealed: Uint8Array): JsonObject | null;
}

const [NONCE, TAG] = [12, 16];

/** AES-256-GCM with a key for each id, so that nothing sealed for one opens as another's. */
export function sealBy(secret: string): Seal {
  const keyOf = (id: string) => Buffer.from(hkdfSync("sha256", secret, id, "hub-dci-later/v1", 32));
  return {
    close(id, what) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv("aes-256-gcm", keyOf(id), nonce);
      return Buffer.concat([nonce, cipher.update(JSON.stringify(what)), cipher.final(), cipher.getAuthTag()]);
    },
    open(id, sealed) {
      const bytes = Buffer.from(sealed);
      try {
        const decipher = createDecipheriv("aes-256-gcm", keyOf(id), bytes.subarray(0, NONCE), { authTagLength: TAG });
        decipher.setAuthTag(bytes.subarray(-TAG));
        return JSON.parse(`${decipher.update(bytes.subarray(NONCE, -TAG), undefined, "utf8")}${decipher.final("utf8")}`);
      } catch {
        return null;
      }
    },
  };
}
