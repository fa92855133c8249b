import type { Rows } from "../linkage/learn.ts";
import type { Opened } from "../linkage/linkage.ts";
import { NOBODY } from "../linkage/rowLinker.ts";
import { digitAt, isFiller } from "../table/digits.ts";
import { isDigits } from "../table/table.ts";

/** The column of the exact value, and how often fuzzy rows lack it. */
export interface Blank {
  readonly word: number | null;
  readonly share: number;
  readonly clear: (cells: Int32Array) => void;
}

export function blankOf({ frame }: Opened, { table, verified }: Rows): Blank {
  const place = frame.layout.places.get(frame.spec.exact?.on ?? "");
  if (!place) return { word: null, share: 0, clear: () => {} };
  const isWide = isDigits(place.column);
  let fuzzy = 0;
  let missing = 0;
  for (let row = 0; row < table.rows; row += 1) {
    if (verified[row] !== NOBODY) continue;
    const at = row * frame.layout.width + place.word;
    fuzzy += 1;
    if (isWide ? isFiller(table.cells, at) : table.cells[at] === 0) missing += 1;
  }
  const clear = (cells: Int32Array) => cells.fill(isWide ? -1 : 0, place.word, place.word + (isWide ? 2 : 1));
  // words cannot be spoilt digit by digit: their rehearsal is without them
  return { word: isWide ? place.word : null, share: isWide ? missing / Math.max(fuzzy, 1) : 1, clear };
}

/** Spoils sixteen digits as clerks and spreadsheets do: one digit, two exchanged, two digits, an invented serial, the last digit 0. */
export function corrupt(cells: Int32Array, word: number | null, chance: (stream: number) => number): void {
  if (word === null) return;
  const position = Math.floor(chance(10) * 16);
  const digit = Math.floor(chance(11) * 10);
  const first = Math.min(position, 14);
  const slips: readonly (readonly (readonly [position: number, digit: number])[])[] = [
    [[position, digit]],
    [
      [first, digitAt(cells, word, first + 1)],
      [first + 1, digitAt(cells, word, first)],
    ],
    [
      [position, digit],
      [Math.floor(chance(13) * 16), Math.floor(chance(14) * 10)],
    ],
    [
      [12, 0],
      [13, 0],
      [14, 0],
      [15, 1],
    ],
    [[15, 0]],
  ];
  for (const [at, value] of slips[Math.floor(chance(12) * slips.length)] ?? []) write(cells, word, at, value);
}

function write(cells: Int32Array, word: number, position: number, digit: number): void {
  const shift = (7 - (position & 7)) << 2;
  const at = word + (position >> 3);
  cells[at] = ((cells[at] as number) & ~(15 << shift)) | (digit << shift);
}
