import { bucketOf, markOf } from "../../matching/block/blockIndex.ts";
import { cellText } from "../../matching/block/part.ts";
import type { Opened, Register } from "../../matching/linkage/linkage.ts";
import { NOBODY } from "../../matching/linkage/rowLinker.ts";
import { digitAt, digitCount, isFiller } from "../../matching/table/digits.ts";
import type { Place } from "../../matching/table/table.ts";
import { type NameDifference, nameDifferences } from "../../matching/text/nameDifferences.ts";

/** Why a row is not, or not plainly, its person: matching.md §7. Bit i of `match.result.reasons`; MUST only ever grow at the end. */
export const REASONS = [
  "DUPLICATE_IN_SOURCE",
  "NIK_OF_OTHER_PERSON",
  "NIK_MISSING",
  "NIK_INVALID",
  "NIK_TRUNCATED",
  "NIK_SERIAL_INVENTED",
  "NIK_TYPO",
  "DOB_SWAPPED",
  "DOB_DEFAULT",
  "NAME_TITLE",
  "NAME_SPELLING",
  "NAME_ABBREVIATED",
  "NAME_ORDER",
  "SEVERAL_CANDIDATES",
  "BLOCK_CAPPED",
] as const;
export type Reason = (typeof REASONS)[number];

const BITS = Object.fromEntries(REASONS.map((reason, i) => [reason, 1 << i])) as Readonly<Record<Reason, number>>;
export const bitOf = (reason: Reason): number => BITS[reason];

/** Names of the bits, in the order of REASONS: the first is the main one. */
export const reasonsOf = (bits: number): Reason[] => REASONS.filter((_, i) => (bits & (1 << i)) !== 0);

const OF_NAME: Readonly<Record<NameDifference, Reason>> = {
  TITLE: "NAME_TITLE",
  SPELLING: "NAME_SPELLING",
  ABBREVIATION: "NAME_ABBREVIATED",
  ORDER: "NAME_ORDER",
  SINGLE_NAME: "NAME_ABBREVIATED",
  SPACING: "NAME_SPELLING",
  NICKNAME: "NAME_ABBREVIATED",
  TYPO: "NAME_SPELLING",
};
/** Days that registers and clerks write for "not known": MMDD. */
const DEFAULT_DAYS = [101, 701, 630, 817, 1231];
const SAME_SOUND = 7;
const IDENTICAL = 8;
const SWAPPED = 6;
const SAME_DAY = 7;

/** Explains one row. One object a thread; cells as the engine has them. */
export class Reasons {
  readonly #opened: Opened;
  readonly #register: Register;
  readonly #nik: Place;
  readonly #name: Place;
  readonly #birth: Place;
  readonly #nameLevel: number;
  readonly #birthLevel: number;

  constructor(register: Register, opened: Opened) {
    const place = (column: string) => {
      const found = opened.frame.layout.places.get(column);
      if (!found) throw new Error(`the engine has no column ${column}`);
      return found;
    };
    const comparison = (on: string) => opened.functions.comparisons.findIndex(({ name }) => name === on);
    this.#opened = opened;
    this.#register = register;
    [this.#nik, this.#name, this.#birth] = [place("nik"), place("name"), place("birth")];
    [this.#nameLevel, this.#birthLevel] = [comparison("name"), comparison("birth")];
  }

  /** First row of the register that has this row's NIK, to the digit; NOBODY. */
  holder(cells: Int32Array, at: number): number {
    const { exact } = this.#register;
    const { functions, table } = this.#opened;
    const value = functions.exact?.asked(cells, at, 0) ?? 0;
    if (!exact || value === 0) return NOBODY;
    const word = this.#nik.word;
    const bucket = bucketOf(value, exact);
    let first = NOBODY;
    for (let i = exact.starts[bucket] as number; i < (exact.starts[bucket + 1] as number); i += 1) {
      const row = exact.rows[i] as number;
      if (exact.marks[i] !== markOf(value) || (first !== NOBODY && row > first)) continue;
      const own = row * table.layout.width + word;
      if (table.cells[own] === cells[at + word] && table.cells[own + 1] === cells[at + word + 1]) first = row;
    }
    return first;
  }

  /** Of the row alone: what its NIK is. `isGiven`: something stood in its field. */
  ofNik(cells: Int32Array, at: number, isGiven: boolean): number {
    const nik = at + this.#nik.word;
    const digits = digitCount(cells, nik);
    if (digits === 0) return bitOf(isGiven ? "NIK_INVALID" : "NIK_MISSING");
    if (digits === 15) return bitOf("NIK_TRUNCATED");
    if (digits < 16) return bitOf("NIK_INVALID");
    if (isFiller(cells, nik)) return bitOf("NIK_MISSING");
    const day = twoDigits(cells, nik, 6) % 40; // 40 is added for women
    const month = twoDigits(cells, nik, 8);
    return day < 1 || day > 31 || twoDigits(cells, nik, 6) > 71 || month < 1 || month > 12 ? bitOf("NIK_INVALID") : 0;
  }

  /** Against the person the row is taken for. */
  ofPerson(person: number, cells: Int32Array, levels: { at: number; of: Uint8Array; isExact: boolean }): number {
    const { at, of, isExact } = levels;
    const birth = of[this.#birthLevel] as number;
    const day = (cells[at + this.#birth.word] as number) % 10_000;
    const isDefault = birth > 0 && birth < SAME_DAY && DEFAULT_DAYS.includes(day);
    return (
      (isExact ? 0 : this.#nikSlip(person, cells, at)) |
      (birth === SWAPPED ? bitOf("DOB_SWAPPED") : 0) |
      (isDefault ? bitOf("DOB_DEFAULT") : 0) |
      this.#ofName(person, cells, { at, level: of[this.#nameLevel] as number })
    );
  }

  #nikSlip(person: number, cells: Int32Array, at: number): number {
    const { table } = this.#opened;
    const [own, theirs] = [at + this.#nik.word, person * table.layout.width + this.#nik.word];
    if (isFiller(cells, own) || digitCount(cells, own) < 16) return 0;
    return slipIn(
      Array.from({ length: 16 }, (_, i) => i).filter((i) => digitAt(cells, own, i) !== digitAt(table.cells, theirs, i)),
      digitAt(cells, own, 15),
    );
  }

  #ofName(person: number, cells: Int32Array, { at, level }: { at: number; level: number }): number {
    if (level === 0 || level === IDENTICAL) return 0;
    if (level === SAME_SOUND) return bitOf("NAME_SPELLING");
    const { table, lexica } = this.#opened;
    const ours = cellText(this.#name, lexica, table.cells, person * table.layout.width);
    const theirs = cellText(this.#name, lexica, cells, at);
    if (ours === null || theirs === null) return 0;
    return nameDifferences(ours, theirs).reduce((bits, difference) => bits | bitOf(OF_NAME[difference]), 0);
  }
}

const twoDigits = (cells: Int32Array, nik: number, at: number): number =>
  digitAt(cells, nik, at) * 10 + digitAt(cells, nik, at + 1);

/** What places that differ from the person's NIK, and the last digit, say of how they came to. */
function slipIn(different: readonly number[], lastDigit: number): number {
  const [first] = different;
  if (first === undefined) return 0;
  if (first === 15 && lastDigit === 0) return bitOf("NIK_TRUNCATED"); // 2^53: a spreadsheet's
  if (first >= 12 && different.length > 1) return bitOf("NIK_SERIAL_INVENTED");
  return different.length <= 3 ? bitOf("NIK_TYPO") : 0;
}
