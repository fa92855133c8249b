import { type Cipher, createCipheriv, createDecipheriv, hash, hkdfSync } from "node:crypto";

/** Length of a tag. */
export const TAG_BYTES = 16;
const UUID_LENGTH = 36;

/** Key of the subject tags out of the year's record key. */
export const subjectKey = (recordKey: string): Buffer =>
  Buffer.from(hkdfSync("sha256", recordKey, "", "hub-record/v1|subjects", 32));

/** Keyed tag of one subject, 16 bytes. */
export const tagOf = (id: string, key: Uint8Array): Buffer => tagsOf([id], key);

/**
 * Keyed tags of the subjects of one answer, 16 bytes each, shuffled, so that their order tells nothing of the answer's. `ids` are
 * distinct. A tag is one AES-256 block of the id: equal ids have equal tags under one key, and without the key a tag is noise.
 * One pass over all ids of an answer costs a fraction of an HMAC an id (docs/adr/0001).
 */
export function tagsOf(ids: readonly string[], key: Uint8Array): Buffer {
  if (ids.length === 0) return Buffer.alloc(0);
  const blocks = Buffer.allocUnsafe(ids.length * TAG_BYTES);
  let at = 0;
  for (const id of shuffled(ids)) {
    if (!putUuid(id, blocks, at)) hash("sha256", id, "buffer").copy(blocks, at, 0, TAG_BYTES);
    at += TAG_BYTES;
  }
  return cipherOf(key).update(blocks);
}

/** One a key: to make one costs as much as some hundred tags. Each block is encrypted on its own, on purpose: a tag must be found again from its id alone. */
const ciphers = new WeakMap<Uint8Array, Cipher>();
function cipherOf(key: Uint8Array): Cipher {
  const known = ciphers.get(key) ?? createCipheriv("aes-256-ecb", key, null).setAutoPadding(false);
  ciphers.set(key, known);
  return known;
}

/**
 * The UUID a tag stands for. Whether it stands for one the tag does not say: of an id that is none, or under another year's key, the
 * answer is a UUID nobody has.
 */
export function idOf(tag: Uint8Array, key: Uint8Array): string {
  const hex = createDecipheriv("aes-256-ecb", key, null).setAutoPadding(false).update(tag).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
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
    const digit = DIGITS[code] ?? NONE;
    if (digit === NONE || digits === 2 * TAG_BYTES) return false;
    byte = (byte << 4) | digit;
    digits += 1;
    if ((digits & 1) === 0) target[at + (digits >> 1) - 1] = byte & 0xff;
  }
  return digits === 2 * TAG_BYTES;
}

const HYPHEN = 45;
const NONE = 255;
/** Value of a hexadecimal digit by its ASCII code. */
const DIGITS = new Uint8Array(128).fill(NONE);
for (const [value, digit] of [..."0123456789abcdef"].entries())
  for (const form of [digit, digit.toUpperCase()]) DIGITS[form.charCodeAt(0)] = value;
