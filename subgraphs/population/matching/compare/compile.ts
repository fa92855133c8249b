import type { ComparisonKind, LinkSpec } from "../spec.ts";
import type { Layout, Lexica, Place } from "../table/table.ts";
import { dateLevel } from "./date.ts";
import { digitsLevel, familyCardLevel, nikLevel } from "./digits.ts";
import { type Comparing, isDear, type Level, levelCount } from "./kinds.ts";
import { editLevel, jaroWinklerLevel, nameComparison, numericLevel, prefixLevel, tokensLevel } from "./texts.ts";

/** A comparison made ready for rows. */
export interface Compared {
  /** Its column, with a number where a column is compared more than once. */
  readonly name: string;
  readonly kind: ComparisonKind;
  /** Number of levels, 0 included; the highest is "equal". */
  readonly levels: number;
  readonly level: Level;
  /** Reads strings: worth putting off until cheaper fields have spoken. */
  readonly isDear: boolean;
  readonly place: Place;
  readonly isTermWeighted: boolean;
}

const MAKE: Readonly<Record<Comparing["comparison"]["kind"], (comparing: Comparing) => Level>> = {
  exact: exactLevel,
  edit: editLevel,
  jaroWinkler: jaroWinklerLevel,
  tokens: tokensLevel,
  date: dateLevel,
  prefix: prefixLevel,
  digits: digitsLevel,
  numeric: numericLevel,
  indonesianName: nameComparison,
  nik: nikLevel,
  familyCard: familyCardLevel,
};

export function compileComparisons(spec: LinkSpec, layout: Layout, lexica: Lexica): Compared[] {
  const names = comparisonNames(spec);
  return spec.comparisons.map((comparison, i) => {
    const place = placeOf(layout, comparison.on);
    const swap = comparison.swapWith === null ? null : placeOf(layout, comparison.swapWith);
    const date = comparison.repeats === null ? null : placeOf(layout, comparison.repeats);
    const level = MAKE[comparison.kind]({ comparison, place, date, lexica });
    return {
      name: names[i] as string,
      kind: comparison.kind,
      levels: levelCount(comparison),
      level: swap ? withSwap(level, levelCount(comparison) - 1, [place.word, swap.word]) : level,
      isDear: isDear(comparison),
      place,
      isTermWeighted: comparison.termFrequency,
    };
  });
}

/** The column a comparison is on; `name_2` for the second on the same. */
export function comparisonNames({ comparisons }: Pick<LinkSpec, "comparisons">): string[] {
  const seen = new Map<string, number>();
  return comparisons.map(({ on }) => {
    const count = (seen.get(on) ?? 0) + 1;
    seen.set(on, count);
    return count === 1 ? on : `${on}_${count}`;
  });
}

function placeOf({ places }: Layout, name: string): Place {
  const place = places.get(name);
  if (!place) throw new Error(`there is no column "${name}"`);
  return place;
}

function exactLevel({ place: { column, word } }: Comparing): Level {
  if (column.as === "nik" || column.as === "familyCard") {
    return (A, a, B, b) => {
      if (A[a + word] === -1 || B[b + word] === -1) return 0;
      return A[a + word] === B[b + word] && A[a + word + 1] === B[b + word + 1] ? 2 : 1;
    };
  }
  return (A, a, B, b) => {
    const [x, y] = [A[a + word] as number, B[b + word] as number];
    if (x === 0 || y === 0) return 0;
    return x === y ? 2 : 1;
  };
}

/** Adds a level below "equal" for a pair of columns whose values stand exchanged, as given name and surname do. */
function withSwap(level: Level, top: number, [own, other]: readonly [number, number]): Level {
  return (A, a, B, b) => {
    const found = level(A, a, B, b);
    if (found === top - 1) return top;
    const there = crossed(A[a + own] as number, B[b + other] as number);
    const back = crossed(A[a + other] as number, B[b + own] as number);
    return Math.min(there, back) >= 0 && there + back > 0 ? top - 1 : found;
  };
}

/** 1 the same, -1 different, 0 one of them missing. */
const crossed = (x: number, y: number): number => (x === 0 || y === 0 ? 0 : x === y ? 1 : -1);
