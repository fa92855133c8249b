/** Code units up to which the positions of a letter fit into one integer, the sign bit free. */
const WORD_BITS = 31;
const LONGEST_PREFIX = 4;
const PREFIX_WEIGHT = 0.1;

// per letter of the longer text: its positions (a bit each), or its first unused position + 1; all zero between calls
const positions = new Int32Array(65_536);
let following = new Int32Array(256);
let isMatched = new Uint8Array(256);
let matchedCodes = new Uint16Array(256);

function growTo(length: number): void {
  if (length <= following.length) return;
  following = new Int32Array(length);
  isMatched = new Uint8Array(length);
  matchedCodes = new Uint16Array(length);
}

// of the matched letters, those not in the same order on both sides; set with every count of matches
let exchanged = 0;

/** Matches of two texts of at most 31 codes: a letter's positions are bits. */
function shortMatches(a: Uint16Array, aFrom: number, aLength: number, b: Uint16Array, bFrom: number, bLength: number): number {
  const window = Math.max((bLength >> 1) - 1, 0);
  for (let j = 0; j < bLength; j++) {
    const code = b[bFrom + j] as number;
    positions[code] = (positions[code] as number) | (1 << j);
  }
  let free = -1;
  let inA = 0;
  let inB = 0;
  let matches = 0;
  for (let i = 0; i < aLength; i++) {
    const near = (i + window >= WORD_BITS ? -1 : (1 << (i + window + 1)) - 1) & (i > window ? -1 << (i - window) : -1);
    const found = (positions[a[aFrom + i] as number] as number) & near & free;
    if (found === 0) continue;
    const bit = found & -found;
    free ^= bit;
    inA |= 1 << i;
    inB |= bit;
    matches++;
  }
  for (let j = 0; j < bLength; j++) positions[b[bFrom + j] as number] = 0;
  exchanged = 0;
  for (; inA !== 0; inA &= inA - 1, inB &= inB - 1) {
    const i = 31 - Math.clz32(inA & -inA);
    const j = 31 - Math.clz32(inB & -inB);
    if (a[aFrom + i] !== b[bFrom + j]) exchanged++;
  }
  return matches;
}

/** The same for any length, linear: every letter of `b` keeps its positions in a chain, which only moves on, since both sides are walked upwards. */
function longMatches(a: Uint16Array, aFrom: number, aLength: number, b: Uint16Array, bFrom: number, bLength: number): number {
  const window = Math.max((bLength >> 1) - 1, 0);
  growTo(bLength);
  for (let j = bLength - 1; j >= 0; j--) {
    const code = b[bFrom + j] as number;
    following[j] = positions[code] as number;
    positions[code] = j + 1;
    isMatched[j] = 0;
  }
  let matches = 0;
  for (let i = 0; i < aLength; i++) {
    const code = a[aFrom + i] as number;
    let next = positions[code] as number;
    while (next !== 0 && next - 1 < i - window) next = following[next - 1] as number;
    if (next !== 0 && next - 1 <= i + window) {
      isMatched[next - 1] = 1;
      matchedCodes[matches++] = code;
      next = following[next - 1] as number;
    }
    positions[code] = next;
  }
  exchanged = 0;
  for (let j = 0, k = 0; j < bLength; j++) {
    const code = b[bFrom + j] as number;
    positions[code] = 0;
    if (isMatched[j] === 1 && code !== matchedCodes[k++]) exchanged++;
  }
  return matches;
}

/**
 * Similarity of two texts of UTF-16 codes, 0 to 1. Window ⌊longer/2⌋ − 1 (at least 0), half the transpositions rounded down, a common
 * prefix of up to 4 weighs 0.1 each, without threshold. Symmetric; two empty texts are 0. Nothing is allocated, any length.
 */
export function jaroWinkler(
  a: Uint16Array,
  aFrom: number,
  aLength: number,
  b: Uint16Array,
  bFrom: number,
  bLength: number,
): number {
  if (aLength > bLength) return jaroWinkler(b, bFrom, bLength, a, aFrom, aLength);
  if (aLength === 0) return 0;
  const matches = (bLength <= WORD_BITS ? shortMatches : longMatches)(a, aFrom, aLength, b, bFrom, bLength);
  if (matches === 0) return 0;
  const similarity = (matches / aLength + matches / bLength + (matches - (exchanged >> 1)) / matches) / 3;
  const most = Math.min(aLength, LONGEST_PREFIX);
  let prefix = 0;
  while (prefix < most && a[aFrom + prefix] === b[bFrom + prefix]) prefix++;
  return similarity + prefix * PREFIX_WEIGHT * (1 - similarity);
}
