/** Code units up to which a column of the table fits into one integer. */
const WORD_BITS = 31;

// per letter of the shorter text its positions, a bit each; all zero between calls
const positions = new Int32Array(65_536);
let rows: [Int32Array, Int32Array, Int32Array] = [new Int32Array(256), new Int32Array(256), new Int32Array(256)];

/** A whole column at a time: differences between neighbours are bits (H. Hyyrö, 2003, with his adjacent transpositions). */
function shortDistance(a: Uint16Array, aFrom: number, aLength: number, b: Uint16Array, bFrom: number, bLength: number): number {
  for (let i = 0; i < aLength; i++) {
    const code = a[aFrom + i] as number;
    positions[code] = (positions[code] as number) | (1 << i);
  }
  const last = 1 << (aLength - 1);
  let distance = aLength;
  let rises = -1;
  let falls = 0;
  let diagonal = 0;
  let previous = 0;
  for (let j = 0; j < bLength; j++) {
    const equal = positions[b[bFrom + j] as number] as number;
    const exchanged = ((~diagonal & equal) << 1) & previous;
    diagonal = (((equal & rises) + rises) ^ rises) | equal | falls | exchanged;
    const up = falls | ~(diagonal | rises);
    const down = diagonal & rises;
    if ((up & last) !== 0) distance++;
    else if ((down & last) !== 0) distance--;
    const shifted = (up << 1) | 1;
    rises = (down << 1) | ~(diagonal | shifted);
    falls = shifted & diagonal;
    previous = equal;
  }
  for (let i = 0; i < aLength; i++) positions[a[aFrom + i] as number] = 0;
  return distance;
}

/** Only cells at most `limit` from the main diagonal; `limit` + 1 stands for all others. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one recurrence, read as a whole
function longDistance(
  a: Uint16Array,
  aFrom: number,
  aLength: number,
  b: Uint16Array,
  bFrom: number,
  bLength: number,
  limit: number,
): number {
  if (rows[0].length < aLength + 2)
    rows = [new Int32Array(aLength + 2), new Int32Array(aLength + 2), new Int32Array(aLength + 2)];
  let [before, above, row] = rows;
  for (let j = 0; j <= aLength && j <= limit + 1; j++) above[j] = j;
  for (let i = 1; i <= bLength; i++) {
    const low = Math.max(1, i - limit);
    const high = Math.min(aLength, i + limit);
    const code = b[bFrom + i - 1];
    let least = low === 1 ? i : limit + 1;
    row[low - 1] = least;
    for (let j = low; j <= high; j++) {
      const isSame = a[aFrom + j - 1] === code;
      let cell = Math.min((above[j - 1] as number) + (isSame ? 0 : 1), (row[j - 1] as number) + 1, (above[j] as number) + 1);
      if (!isSame && i > 1 && j > 1 && a[aFrom + j - 2] === code && a[aFrom + j - 1] === b[bFrom + i - 2]) {
        cell = Math.min(cell, (before[j - 2] as number) + 1);
      }
      row[j] = cell;
      least = Math.min(least, cell);
    }
    if (least > limit) return limit + 1;
    row[high + 1] = limit + 1;
    [before, above, row] = [above, row, before];
  }
  return above[aLength] as number;
}

/**
 * Optimal string alignment of two texts of UTF-16 codes: insertions, deletions, replacements and swaps of neighbours, no place edited
 * twice. Symmetric. Returns `max` + 1 for any distance over `max` (a whole number, at least 0). Nothing is allocated, any length.
 */
export function osaDistance(
  a: Uint16Array,
  aFrom: number,
  aLength: number,
  b: Uint16Array,
  bFrom: number,
  bLength: number,
  max: number,
): number {
  if (aLength > bLength) return osaDistance(b, bFrom, bLength, a, aFrom, aLength, max);
  if (bLength - aLength > max) return max + 1;
  let head = 0;
  while (head < aLength && a[aFrom + head] === b[bFrom + head]) head++;
  let tail = 0;
  while (tail < aLength - head && a[aFrom + aLength - 1 - tail] === b[bFrom + bLength - 1 - tail]) tail++;
  const shorter = aLength - head - tail;
  const longer = bLength - head - tail;
  if (shorter === 0) return longer;
  const distance =
    shorter <= WORD_BITS
      ? shortDistance(a, aFrom + head, shorter, b, bFrom + head, longer)
      : longDistance(a, aFrom + head, shorter, b, bFrom + head, longer, Math.min(max, longer));
  return distance > max ? max + 1 : distance;
}
