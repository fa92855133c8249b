import { hash } from "node:crypto";

/** Hash of a leaf of the record's tree (RFC 9162 §2.1.1): of the bytes of the entry's body. */
export const leafHash = (body: string | Uint8Array): Buffer =>
  hash("sha256", typeof body === "string" ? `\0${body}` : Buffer.concat([LEAF, body]), "buffer");

/** The same in hex, as a receipt shows it. */
export const leafOf = (body: string): string => leafHash(body).toString("hex");

const LEAF = Buffer.of(0);
