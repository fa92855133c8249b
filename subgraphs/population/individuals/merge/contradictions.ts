import { parseNik } from "../../../../schema/nik.ts";
import type { CannotLink } from "../../matching/cluster/edges.ts";
import type { Opened } from "../../matching/linkage/linkage.ts";
import { digitsText, isFiller } from "../../matching/table/digits.ts";
import type { IslandRows } from "./islands.ts";

/** What tells a number that can be somebody's from one that cannot. */
export interface NikRules {
  /** ISO day: nobody is born after it. */
  readonly referenceDate: string;
  readonly allowSynthetic: boolean;
}

/** Levels of the comparisons (matching.md §6): names below this are two names, dates below that two dates. */
const SAME_NAME = 4;
/** How a level of names fits: 0 missing, 1 another name, 2 the same one. */
export const fitOf = (level: number): number => (level === 0 ? 0 : level < SAME_NAME ? 1 : 2);
const SAME_DATE = 5;
/** Fourteen digits in place, or two edits: a slip of the hand. */
const SLIP = 5;

/** Two rows' agreement in one column. */
type Agreement = (a: number, b: number) => number;

export function agreementIn(name: string, { functions }: Opened, { table }: IslandRows): Agreement {
  const comparison = functions.comparisons.find((one) => one.name === name);
  if (!comparison) throw new Error(`there is no comparison of "${name}"`);
  const { width } = table.layout;
  return (a, b) => comparison.level(table.cells, a * width, table.cells, b * width);
}

/**
 * Rows that are of different people whatever else they have in common: two rows of one source whose name and date both differ, and
 * rows with two different valid NIKs. A NIK is valid when it is well formed and repeats the row's own birth date; one slip apart, two
 * numbers count as different only when two sources bear out each of them: else one is a typing error of the other.
 */
export function contradictions(
  opened: Opened,
  rows: IslandRows,
  { among, niks }: { among: readonly number[]; niks: NikRules },
): CannotLink {
  const [name, birth, nik] = ["name", "birth", "nik"].map((column) => agreementIn(column, opened, rows)) as [
    Agreement,
    Agreement,
    Agreement,
  ];
  const valid = validNiks(rows, among, niks);
  const sourcesOf = new Map<string, Set<number>>();
  for (const [row, number] of valid) {
    const sources = sourcesOf.get(number) ?? new Set();
    sourcesOf.set(number, sources.add(rows.source[row] as number));
  }
  const isBorneOut = (number: string) => (sourcesOf.get(number)?.size ?? 0) > 1;
  return (a, b) => {
    const [x, y] = [valid.get(a), valid.get(b)];
    if (x && y && x !== y && ((isBorneOut(x) && isBorneOut(y)) || nik(a, b) < SLIP)) return true;
    return rows.source[a] === rows.source[b] && differs(name(a, b), SAME_NAME) && differs(birth(a, b), SAME_DATE);
  };
}

const differs = (level: number, least: number): boolean => level > 0 && level < least;

function validNiks(
  { table }: IslandRows,
  among: readonly number[],
  { referenceDate, allowSynthetic }: NikRules,
): Map<number, string> {
  const { width, places } = table.layout;
  const [nik, birth] = [places.get("nik")?.word ?? 0, places.get("birth")?.word ?? 0];
  const valid = new Map<number, string>();
  for (const row of among) {
    const at = row * width;
    if (isFiller(table.cells, at + nik)) continue;
    const number = digitsText(table.cells, at + nik);
    const day = String(table.cells[at + birth]);
    const stated = day.length === 8 ? { birthDate: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}` } : {};
    const parsed = parseNik(number, { referenceDate, allowSynthetic, stated });
    if ("nik" in parsed && !parsed.nik.warnings.includes("BIRTH_DATE_DIFFERS")) valid.set(row, number);
  }
  return valid;
}
