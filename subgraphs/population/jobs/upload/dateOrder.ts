/** Orders files write dates in; the likelier first where values allow several. */
const FORMATS = ["YYYY-MM-DD", "DD-MM-YYYY", "MM-DD-YYYY"] as const;
type Format = (typeof FORMATS)[number];

/** The order of a date's parts by the values of a file: the one that makes most of them days; of several the first of FORMATS. */
export function guessDateFormat(values: readonly string[]): Format {
  const parts = values.map((value) => partsOf(value.trim())).filter((found) => found !== null);
  const counts = FORMATS.map((format) => parts.filter((found) => isDay(found, format)).length);
  return FORMATS[counts.indexOf(Math.max(...counts))] ?? "YYYY-MM-DD";
}

type Parts = readonly [string, string, string] | string;

/** Three runs of digits, or eight digits in one. */
function partsOf(value: string): Parts | null {
  const [first, second, third] = value.match(/\d+/g) ?? [];
  if (first?.length === 8) return first;
  return first && second && third ? [first, second, third] : null;
}

function isDay(parts: Parts, format: Format): boolean {
  const [year, month, day] = typeof parts === "string" ? cut(parts, format) : ordered(parts, format);
  return year.length === 4 && Number(year) >= 1880 && Number(year) <= 2100 && within(month, 12) && within(day, 31);
}

const within = (text: string, most: number): boolean => Number(text) >= 1 && Number(text) <= most;

function ordered([a, b, c]: readonly [string, string, string], format: Format): [string, string, string] {
  if (format === "YYYY-MM-DD") return [a, b, c];
  return format === "DD-MM-YYYY" ? [c, b, a] : [c, a, b];
}

function cut(eight: string, format: Format): [string, string, string] {
  const at = (from: number, to: number) => eight.slice(from, to);
  return format === "YYYY-MM-DD" ? [at(0, 4), at(4, 6), at(6, 8)] : ordered([at(0, 2), at(2, 4), at(4, 8)], format);
}
