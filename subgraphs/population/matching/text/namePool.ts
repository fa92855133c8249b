import { hashText } from "./hash.ts";
import { firstSkeleton, lastSkeleton, type NameForms, phoneticText, sortedSkeletons } from "./nameForms.ts";

/** Forms of distinct names in flat arrays that threads share: entry 0 is the missing name, every array may view a SharedArrayBuffer. */
export interface NamePool {
  /** Phonetic tokens joined by one space, UTF-16. */
  readonly codes: Uint16Array;
  /** Entry → its first code. */
  readonly start: Uint32Array;
  /** Entry → how many codes; 0: no phonetic form. */
  readonly length: Uint16Array;
  /** Entry → how many tokens, 255 for more. */
  readonly tokens: Uint8Array;
  /** Hashes of the sorted, first and last skeleton; 0: none. */
  readonly skeletons: Int32Array;
  readonly firstSkeleton: Int32Array;
  readonly lastSkeleton: Int32Array;
}

const MOST_CODES = 0xffff;
const MOST_TOKENS = 0xff;

/**
 * Writes one entry's forms, its codes from offset `at`; returns the next free offset. Codes beyond 65,535 are cut off. Throws RangeError
 * when entry or codes do not fit: nothing is written then.
 */
export function writeName(pool: NamePool, entry: number, at: number, forms: NameForms): number {
  const text = phoneticText(forms);
  const length = Math.min(text.length, MOST_CODES);
  if (entry >= pool.start.length || at + length > pool.codes.length) {
    throw new RangeError(
      `name pool is full: entry ${entry} of ${pool.start.length}, code ${at + length} of ${pool.codes.length}`,
    );
  }
  for (let k = 0; k < length; k++) pool.codes[at + k] = text.charCodeAt(k);
  pool.start[entry] = at;
  pool.length[entry] = length;
  pool.tokens[entry] = Math.min(forms.tokens.length, MOST_TOKENS);
  pool.skeletons[entry] = hashText(sortedSkeletons(forms));
  pool.firstSkeleton[entry] = hashText(firstSkeleton(forms));
  pool.lastSkeleton[entry] = hashText(lastSkeleton(forms));
  return at + length;
}
