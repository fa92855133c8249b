import { createCipheriv, hash, hkdfSync } from "node:crypto";
import type { Disclosure } from "../types/chain.ts";

export const BLOCK_BYTES = 16;
const UUID_LENGTH = 36;

/** Key of the subject tags out of the year's record key. */
export const subjectKey = (recordKey: string): Buffer =>
  Buffer.from(hkdfSync("sha256", recordKey, "", "hub-record/v1|subjects", 32));

/** Whom an answer is about, for the record: the subjects in it and those looked up, found or not. */
export const subjectsOf = ({ subjects, lookups }: Pick<Disclosure, "subjects" | "lookups">): string[] =>
  distinct(subjects, lookups);

/** Whom of them a quota counts: the persons in it, and whom it looked up but for those `found`, who stand in the answer themselves. */
export const personsOf = ({ persons, lookups }: Pick<Disclosure, "persons" | "lookups">, found: readonly string[]): string[] =>
  distinct(
    persons,
    lookups.filter((id) => !found.includes(id)),
  );

/** Each once, a UUID in whatever case it was asked. */
function distinct(ids: readonly string[], lookups: readonly string[]): string[] {
  const found = new Set(ids);
  for (const id of lookups) found.add(/^[\dA-F-]{36}$/i.test(id) ? id.toLowerCase() : id);
  return [...found];
}

/**
 * Keyed tags of the subjects of one answer, 16 bytes each, shuffled, so that their order tells nothing of the answer's. `ids` are
 * distinct. A tag is one AES-256 block of the id: equal ids have equal tags under one key, and without the key a tag is noise.
 * One pass over all ids of an answer costs a fraction of an HMAC an id (docs/adr/0001).
 */
export function tagsOf(ids: readonly string[], key: Uint8Array): Buffer {
  if (ids.length === 0) return Buffer.alloc(0);
  const blocks = Buffer.allocUnsafe(ids.length * BLOCK_BYTES);
  let at = 0;
  for (const id of shuffled(ids)) {
    if (!putUuid(id, blocks, at)) hash("sha256", id, "buffer").copy(blocks, at, 0, BLOCK_BYTES);
    at += BLOCK_BYTES;
  }
  // each block is encrypted on its own, on purpose: a tag must be found again from its id alone
  return createCipheriv("aes-256-ecb", key, null).setAutoPadding(false).update(blocks);
}

/** Fisher–Yates. The order hides nothing secret, so a plain random number will do. */
function shuffled(ids: readonly string[]): string[] {
  const order = [...ids];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [order[last], order[other]] = [order[other] as string, order[last] as string];
  }
  return order;
}

/** Writes the 16 bytes of a UUID. False, and anything written, when the id is none: then its hash stands for it. */
function putUuid(id: string, target: Buffer, at: number): boolean {
  if (id.length !== UUID_LENGTH) return false;
  let digits = 0;
  let byte = 0;
  for (let index = 0; index < UUID_LENGTH; index++) {
    const code = id.charCodeAt(index);
    if (code === HYPHEN) continue;
    const digit = digitOf(code);
    if (digit < 0 || digits === 2 * BLOCK_BYTES) return false;
    byte = (byte << 4) | digit;
    digits += 1;
    if (digits % 2 === 0) target[at + digits / 2 - 1] = byte & 0xff;
  }
  return digits === 2 * BLOCK_BYTES;
}

const HYPHEN = 45;
const [ZERO, NINE, LOWER_A, LOWER_F, UPPER_A, UPPER_F] = [48, 57, 97, 102, 65, 70];
function digitOf(code: number): number {
  if (code >= ZERO && code <= NINE) return code - ZERO;
  if (code >= LOWER_A && code <= LOWER_F) return code - LOWER_A + 10;
  return code >= UPPER_A && code <= UPPER_F ? code - UPPER_A + 10 : -1;
}
