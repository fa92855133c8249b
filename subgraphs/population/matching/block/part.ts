import type { Expression } from "../spec.ts";
import { swapDayMonth } from "../table/dates.ts";
import { digitsText, hashDigits } from "../table/digits.ts";
import type { LexiconKind } from "../table/forms.ts";
import { hashText, mix } from "../table/hash.ts";
import { isDigits, type Layout, type Lexica, lexiconKind, type Place } from "../table/table.ts";
import { chainOf, evaluate, spelled } from "./derive.ts";

type Value = (cells: Int32Array, at: number) => number;

/**
 * One part of a key: a number for a row, 0 when the row does not have it. `asked` is what a row that looks for others says, in `variants`
 * ways; most parts say the same on both sides. `swapDayMonth`, `eitherDayMonth` and `nearYear` differ: the register keeps what it has, the asking
 * row tries other values.
 */
export interface Part {
  readonly held: Value;
  readonly asked: (cells: Int32Array, at: number, variant: number) => number;
  readonly variants: number;
}

const both = (value: Value): Part => ({ held: value, asked: value, variants: 1 });

/** Expressions over one column of texts, worked out once a distinct text; lexica are made with them. */
export function isPerWord(expression: Expression, { places }: Layout): boolean {
  const chain = "column" in expression ? null : chainOf(expression);
  const place = chain && places.get(chain.column);
  return place != null && lexiconKind(place.column) !== null;
}

interface Compiling {
  readonly layout: Layout;
  readonly lexica: Lexica;
  /** What each lexicon's `derived` columns are, by spelling. */
  readonly derived: ReadonlyMap<LexiconKind, readonly { readonly spelling: string }[]>;
}

/** `expression` is resolved: it names columns only. */
export function partOf(expression: Expression, compiling: Compiling): Part {
  if ("column" in expression) return both(columnValue(placeOf(expression.column, compiling)));
  return (
    perWord(expression, compiling) ??
    ofDate(expression, compiling) ??
    ofDigits(expression, compiling) ??
    ofSeveral(expression, compiling) ??
    both(bySpelling(expression, compiling))
  );
}

function placeOf(column: string, { layout }: Compiling): Place {
  const place = layout.places.get(column);
  if (!place) throw new Error(`there is no column "${column}"`);
  return place;
}

function columnValue({ column, word }: Place): Value {
  if (isDigits(column)) return (cells, at) => hashDigits(cells, at + word, 0, 16);
  return (cells, at) => cells[at + word] as number;
}

function perWord(expression: Expression, compiling: Compiling): Part | null {
  const chain = chainOf(expression);
  const place = chain && placeOf(chain.column, compiling);
  const kind = place && lexiconKind(place.column);
  if (!kind) return null;
  const { word } = place;
  const slot = (compiling.derived.get(kind) ?? []).findIndex(({ spelling }) => spelling === spelled(expression));
  const hashes = compiling.lexica.get(kind)?.data.derived[slot];
  if (!hashes) return null;
  return both((cells, at) => hashes[cells[at + word] as number] as number);
}

/** Year, month, day of a date column, and the two that ask for other days than the row's own. */
function ofDate(expression: Expression, compiling: Compiling): Part | null {
  if ("column" in expression) return null;
  const [inner] = expression.of;
  if (!inner || !("column" in inner) || expression.of.length > 1) return null;
  const { column, word } = placeOf(inner.column, compiling);
  if (column.as !== "date") return null;
  const date: Value = (cells, at) => cells[at + word] as number;
  const exchangedAt: Value = (cells, at) => exchanged(date(cells, at));
  const year: Value = (cells, at) => Math.floor(date(cells, at) / 10_000);
  switch (expression.call) {
    case "year":
      return both(year);
    case "month":
      return both((cells, at) => Math.floor(date(cells, at) / 100) % 100);
    case "day":
      return both((cells, at) => date(cells, at) % 100);
    case "nearYear":
      return { held: year, variants: 3, asked: (cells, at, variant) => nearby(year(cells, at), variant) };
    case "eitherDayMonth":
      return { held: date, variants: 2, asked: (cells, at, variant) => (variant === 0 ? date : exchangedAt)(cells, at) };
    case "swapDayMonth":
      return { held: date, variants: 1, asked: exchangedAt };
    default:
      return null;
  }
}

const STEPS = [0, 1, -1];
const nearby = (year: number, variant: number) => (year === 0 ? 0 : year + (STEPS[variant] ?? 0));

/** 0 when the exchange changes nothing: the plain key finds those. */
function exchanged(date: number): number {
  const other = swapDayMonth(date);
  return other === date ? 0 : other;
}

/** Prefixes and suffixes of a number: a range of its digits. */
function ofDigits(expression: Expression, compiling: Compiling): Part | null {
  const range = digitRange(expression);
  if (!range) return null;
  const { column, word } = placeOf(range.column, compiling);
  return isDigits(column) ? both((cells, at) => hashDigits(cells, at + word, range.from, range.to)) : null;
}

function digitRange(expression: Expression): { column: string; from: number; to: number } | null {
  if ("column" in expression) return { column: expression.column, from: 0, to: 16 };
  const [inner] = expression.of;
  const range = inner && expression.of.length === 1 ? digitRange(inner) : null;
  if (!range) return null;
  if (expression.call === "prefix") return { ...range, to: Math.min(range.to, range.from + expression.length) };
  return expression.call === "suffix" ? { ...range, from: Math.max(range.from, range.to - expression.length) } : null;
}

/** `concat` and `sorted` of several parts; the parts are mixed, in order or by size. */
function ofSeveral(expression: Expression, compiling: Compiling): Part | null {
  if ("column" in expression || expression.of.length < 2) return null;
  const parts = expression.of.map((inner) => partOf(inner, compiling).held);
  const isSorted = expression.call === "sorted";
  return both((cells, at) => {
    const values = parts.map((part) => part(cells, at));
    if (values.includes(0)) return 0;
    return (isSorted ? values.sort((a, b) => a - b) : values).reduce(mix);
  });
}

/** Any other expression, by its text: slow, and right. */
function bySpelling(expression: Expression, compiling: Compiling): Value {
  return (cells, at) => {
    const text = evaluate(expression, (column) => cellText(placeOf(column, compiling), compiling.lexica, cells, at));
    return text ? hashText(text) : 0;
  };
}

/** What a cell says; null when missing. Dates as YYYYMMDD. */
export function cellText({ column, word }: Place, lexica: Lexica, cells: Int32Array, at: number): string | null {
  if (isDigits(column)) return digitsText(cells, at + word) || null;
  const value = cells[at + word] as number;
  if (value === 0) return null;
  const kind = lexiconKind(column);
  return kind === null ? String(value) : (lexica.get(kind)?.textOf(value) ?? null);
}
