import { hashCodes } from "./hash.ts";
import { jaroWinkler } from "./jaroWinkler.ts";
import type { NamePool } from "./namePool.ts";
import { isNickname } from "./nicknames.ts";

const SPACE = 32;
/** Tokens after these are not looked at one by one. */
const MOST_TOKENS = 31;
/** Shortest tail of a name that can stand for it. */
const SHORTEST_TAIL = 4;

// token k of a split name lies at [from[k], from[k + 1] - 1)
const aFrom = new Int32Array(MOST_TOKENS + 1);
const bFrom = new Int32Array(MOST_TOKENS + 1);

function split(codes: Uint16Array, start: number, end: number, from: Int32Array): number {
  let count = 0;
  from[0] = start;
  for (let at = start; at < end; at++) {
    if (codes[at] !== SPACE) continue;
    from[++count] = at + 1;
    if (count === MOST_TOKENS) return count;
  }
  from[++count] = end + 1;
  return count;
}

const begin = (from: Int32Array, k: number): number => from[k] as number;
const end = (from: Int32Array, k: number): number => (from[k + 1] as number) - 1;

function isSame(codes: Uint16Array, one: number, other: number, length: number): boolean {
  for (let k = 0; k < length; k++) if (codes[one + k] !== codes[other + k]) return false;
  return true;
}

function afterSpaces(codes: Uint16Array, at: number, end: number): number {
  let next = at;
  while (next < end && codes[next] === SPACE) next++;
  return next;
}

function isSameWithoutSpaces({ codes, start, length }: NamePool, a: number, b: number): boolean {
  const aEnd = (start[a] as number) + (length[a] as number);
  const bEnd = (start[b] as number) + (length[b] as number);
  let i = start[a] as number;
  let j = start[b] as number;
  while (i < aEnd && j < bEnd && codes[i] === codes[j]) {
    i = afterSpaces(codes, i + 1, aEnd);
    j = afterSpaces(codes, j + 1, bEnd);
  }
  return i === aEnd && j === bEnd;
}

/** A single Latin letter; one sign of another script is a whole word. */
function isInitial(codes: Uint16Array, from: Int32Array, k: number): boolean {
  const at = begin(from, k);
  const code = codes[at] as number;
  return end(from, k) - at === 1 && code >= 65 && code <= 90;
}

function isSameToken(codes: Uint16Array, i: number, j: number): boolean {
  const at = begin(aFrom, i);
  const to = begin(bFrom, j);
  const length = end(aFrom, i) - at;
  return codes[at] === codes[to] && length === end(bFrom, j) - to && isSame(codes, at, to, length);
}

const isInitialOf = (codes: Uint16Array, i: number, j: number): boolean =>
  codes[begin(aFrom, i)] === codes[begin(bFrom, j)] && (isInitial(codes, aFrom, i) || isInitial(codes, bFrom, j));

/** First free token of b that pairs with token i of a, −1 for none. */
function partnerOf(codes: Uint16Array, i: number, free: number, isWhole: boolean): number {
  for (let left = free; left !== 0; left &= left - 1) {
    const j = 31 - Math.clz32(left & -left);
    if (isWhole ? isSameToken(codes, i, j) : isInitialOf(codes, i, j)) return j;
  }
  return -1;
}

// what pairTokens found: tokens in pairs, and those pairs that are whole words
let paired = 0;
let words = 0;

/** Pairs the tokens of both split names, each used once: equal ones first, then initials with what they may stand for. */
function pairTokens(codes: Uint16Array, aCount: number, bCount: number): void {
  let freeA = 0x7fffffff >>> (MOST_TOKENS - aCount);
  let freeB = 0x7fffffff >>> (MOST_TOKENS - bCount);
  paired = 0;
  words = 0;
  for (let pass = 0; pass === 0 || (pass === 1 && words > 0); pass++) {
    for (let left = freeA; left !== 0; left &= left - 1) {
      const i = 31 - Math.clz32(left & -left);
      const j = partnerOf(codes, i, freeB, pass === 0);
      if (j < 0) continue;
      freeA ^= 1 << i;
      freeB ^= 1 << j;
      paired++;
      if (pass === 0 && !isInitial(codes, aFrom, i)) words++;
    }
  }
}

/** Whether the shorter of two tokens is the tail of the longer, or one a nickname of the other. */
function isShortFor(codes: Uint16Array, i: number, j: number): boolean {
  const aEnd = end(aFrom, i);
  const bEnd = end(bFrom, j);
  const tail = Math.min(aEnd - begin(aFrom, i), bEnd - begin(bFrom, j));
  if (tail >= SHORTEST_TAIL && isSame(codes, aEnd - tail, bEnd - tail, tail)) return true;
  return isNickname(hashCodes(codes, begin(aFrom, i), aEnd), hashCodes(codes, begin(bFrom, j), bEnd));
}

/** A single name may be short for any token of the other; of two longer names only the first nicknames count. */
function isCalled(codes: Uint16Array, aCount: number, bCount: number): boolean {
  if (aCount > 1 && bCount > 1) {
    return isNickname(hashCodes(codes, begin(aFrom, 0), end(aFrom, 0)), hashCodes(codes, begin(bFrom, 0), end(bFrom, 0)));
  }
  for (let i = 0; i < aCount; i++) for (let j = 0; j < bCount; j++) if (isShortFor(codes, i, j)) return true;
  return false;
}

/** Levels 5 to 1: those that look at the tokens one by one. */
function tokenLevel({ codes, start, length }: NamePool, a: number, b: number, similarity: number): number {
  const aStart = start[a] as number;
  const bStart = start[b] as number;
  const aCount = split(codes, aStart, aStart + (length[a] as number), aFrom);
  const bCount = split(codes, bStart, bStart + (length[b] as number), bFrom);
  pairTokens(codes, aCount, bCount);
  if (words > 0 && paired === Math.min(aCount, bCount)) return 5;
  if (similarity >= 0.9) return 4;
  if (words > 0 || similarity >= 0.82) return 3;
  return isCalled(codes, aCount, bCount) ? 2 : 1;
}

/**
 * How well two names of a pool agree (matching.md §6): 8 the same entry · 7 sound the same · 6 same consonants, nearly the same letters,
 * or parted otherwise · 5 every token of the shorter in the longer, initials allowed · 4 similar · 3 a word in common, or somewhat
 * similar · 2 nickname or tail · 1 different · 0 a name is missing or has no letters. Symmetric; allocates nothing.
 */
export function nameLevel(pool: NamePool, a: number, b: number): number {
  const { codes, start, length } = pool;
  const aLength = length[a] as number;
  const bLength = length[b] as number;
  if (aLength === 0 || bLength === 0) return 0;
  if (a === b) return 8;
  const aStart = start[a] as number;
  const bStart = start[b] as number;
  if (aLength === bLength && isSame(codes, aStart, bStart, aLength)) return 7;
  if (pool.skeletons[a] === pool.skeletons[b] && pool.tokens[a] === pool.tokens[b]) return 6;
  const similarity = jaroWinkler(codes, aStart, aLength, codes, bStart, bLength);
  if (similarity >= 0.95 || isSameWithoutSpaces(pool, a, b)) return 6;
  return tokenLevel(pool, a, b, similarity);
}
