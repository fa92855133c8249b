import { createCipheriv, hash, hkdfSync } from "node:crypto";

export const BLOCK_BYTES = 16;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Key of the subject tags out of the year's record key. */
export const subjectKey = (recordKey: string): Buffer =>
  Buffer.from(hkdfSync("sha256", recordKey, "", "hub-record/v1|subjects", 32));

/**
 * Keyed tags of the subjects of one answer, 16 bytes each, sorted and without duplicates, so that their order tells nothing of
 * the answer's. A tag is one AES-256 block of the id: equal ids have equal tags under one key, and without the key a tag is
 * noise. One pass over all ids of an answer is 4–5 times cheaper than an HMAC an id (policy.md §13).
 */
export function tagsOf(ids: readonly string[], key: Uint8Array): Buffer {
  if (ids.length === 0) return Buffer.alloc(0);
  const blocks = Buffer.from(ids.map(blockOf).join(""), "hex");
  // each block is encrypted on its own, on purpose: a tag must be found again from its id alone
  const tags = createCipheriv("aes-256-ecb", key, null).setAutoPadding(false).update(blocks).toString("latin1");
  const unique = new Set<string>();
  for (let at = 0; at < tags.length; at += BLOCK_BYTES) unique.add(tags.slice(at, at + BLOCK_BYTES));
  return Buffer.from([...unique].sort().join(""), "latin1");
}

/** Sixteen bytes of an id in hex: a UUID's own, else the head of its SHA-256. */
const blockOf = (id: string): string =>
  UUID.test(id) ? id.replaceAll("-", "") : hash("sha256", id, "hex").slice(0, 2 * BLOCK_BYTES);
