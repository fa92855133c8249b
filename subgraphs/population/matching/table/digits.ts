/**
 * Sixteen digits (NIK, KK number) as binary coded decimals in two 32-bit words, eight digits each, first digit highest. A digit that is not
 * there is F, a number that is missing altogether is two words of F. So the Papuan numbers above 2^53 are as exact as any.
 */

const DIGITS = 16;
const ZERO = 48;

/** Digits from bytes; spaces, dots, hyphens and a spreadsheet's leading apostrophe are passed over. False, and nothing but F, when other characters or more than 16 digits stand there. */
export function packDigits(bytes: Uint8Array, from: number, to: number, into: Int32Array, at: number): boolean {
  let high = -1;
  let low = -1;
  let count = 0;
  for (let i = from; i < to; i += 1) {
    const code = bytes[i] as number;
    const digit = code - ZERO;
    if (digit >= 0 && digit <= 9 && count < DIGITS) {
      const shift = (7 - (count & 7)) << 2;
      const cleared = ~(15 << shift);
      if (count < 8) high = (high & cleared) | (digit << shift);
      else low = (low & cleared) | (digit << shift);
      count += 1;
    } else if (code !== 32 && code !== 46 && code !== 45 && code !== 39) {
      high = low = -1;
      count = 0;
      break;
    }
  }
  into[at] = high;
  into[at + 1] = low;
  return count > 0;
}

/** The digits as text; absent ones at the end are left out. */
export function digitsText(cells: Int32Array, at: number): string {
  let text = "";
  for (let i = 0; i < DIGITS; i += 1) {
    const digit = digitAt(cells, at, i);
    if (digit > 9) break;
    text += digit;
  }
  return text;
}

export const digitAt = (cells: Int32Array, at: number, i: number): number =>
  ((cells[at + (i >> 3)] as number) >>> ((7 - (i & 7)) << 2)) & 15;

/** How many digits there are. */
export function digitCount(cells: Int32Array, at: number): number {
  let count = 0;
  while (count < DIGITS && digitAt(cells, at, count) <= 9) count += 1;
  return count;
}

/** Under 12 digits, or nothing but 0 and 9: what is written to fill a form. */
export function isFiller(cells: Int32Array, at: number): boolean {
  const high = cells[at] as number;
  const low = cells[at + 1] as number;
  if (((low >>> 16) & 15) > 9) return true; // the twelfth digit is absent
  return onlyZeroAndNine(high) && onlyZeroAndNine(low);
}

const onlyZeroAndNine = (word: number): boolean => {
  for (let shift = 0; shift < 32; shift += 4) {
    const digit = (word >>> shift) & 15;
    if (digit !== 0 && digit !== 9 && digit !== 15) return false;
  }
  return true;
};

/** Equal digits in place among the eight of a word. */
export function equalDigits(a: number, b: number): number {
  let different = a ^ b;
  different |= different >>> 1;
  different = (different | (different >>> 2)) & 0x11111111;
  return 8 - (Math.imul(different, 0x11111111) >>> 28);
}

/** Hash of the digits `from` to before `to`; 0 when one of them is absent. */
export function hashDigits(cells: Int32Array, at: number, from: number, to: number): number {
  let high = cells[at] as number;
  let low = cells[at + 1] as number;
  if (from < 8) high &= from === 0 ? -1 : -1 >>> (from << 2);
  else high = 0;
  if (to < 8) high &= ~(-1 >>> (to << 2));
  if (to <= 8) low = 0;
  else if (to < DIGITS) low &= ~(-1 >>> ((to - 8) << 2));
  if (from > 8) low &= -1 >>> ((from - 8) << 2);
  for (let i = from; i < to; i += 1) if (digitAt(cells, at, i) > 9) return 0;
  let h = Math.imul(high ^ 0x9e3779b9, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15) ^ low, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13), 0x27d4eb2f);
  return h ^ (h >>> 16) || 1;
}
