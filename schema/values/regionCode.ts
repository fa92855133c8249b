/** Kemendagri region code, digits only: 2 province, 4 regency, 6 district, 10 village. BPS codes look alike and mean other places. */
export type RegionLevel = "PROVINCE" | "REGENCY" | "DISTRICT" | "VILLAGE";

const LEVELS: Readonly<Record<number, RegionLevel>> = { 2: "PROVINCE", 4: "REGENCY", 6: "DISTRICT", 10: "VILLAGE" };
const LENGTHS = [2, 4, 6, 10] as const;

/** The code with digits only; null when it is none. Dots as published (`35.10.16.1001`) are taken out, at their places only. */
export function parseRegionCode(text: string): string | null {
  const match = /^([0-9]{2})(?:(\.?)([0-9]{2})(?:\2([0-9]{2})(?:\2([0-9]{4}))?)?)?$/.exec(text);
  return match ? [match[1], match[3], match[4], match[5]].join("") : null;
}

/** Level of a code as parseRegionCode returns it; null when its length is none of a region. */
export const levelOf = (code: string): RegionLevel | null => LEVELS[code.length] ?? null;

/** Code of the region above; null for a province. */
export function parentOf(code: string): string | null {
  const above = LENGTHS.filter((length) => length < code.length).at(-1);
  return above === undefined ? null : code.slice(0, above);
}

/** Range of codes, half open in byte order: `from` ≤ code < `before`. */
export type RegionRange = readonly [from: string, before: string];

const WHOLE_COUNTRY: RegionRange = ["0", "A"];

/** Range of a region and everything below it; `0` stands for the whole country. `:` is the byte after `9`. */
export function regionRange(code: string): RegionRange {
  if (code === "0") return WHOLE_COUNTRY;
  const next = code.slice(0, -1) + String.fromCharCode(code.charCodeAt(code.length - 1) + 1);
  return [code, next];
}

/** The same codes in as few ranges as possible, in order: overlapping and touching ones are joined. */
export function mergeRanges(ranges: readonly RegionRange[]): RegionRange[] {
  const merged: [string, string][] = [];
  for (const [from, before] of [...ranges].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = later(before, last[1]);
    else merged.push([from, before]);
  }
  return merged;
}

const later = (a: string, b: string) => (a >= b ? a : b); // Math.max would make numbers of them
const earlier = (a: string, b: string) => (later(a, b) === a ? b : a);

/** Codes both ranges hold. */
export function intersectRanges(some: readonly RegionRange[], others: readonly RegionRange[]): RegionRange[] {
  const both = some.flatMap(([a, b]) => others.map(([c, d]): RegionRange => [later(a, c), earlier(b, d)]));
  return mergeRanges(both.filter(([from, before]) => from < before));
}

// Regencies of old Papua (91) and Papua Barat (92) that got new codes in the splits of 2022: today's code, then the old one. NIKs
// are frozen at first registration, so the old ones live on in them; with the 514 of today they make the 540 known prefixes.
const OLD_CODES: Readonly<Record<string, string>> = {
  ...{ "9301": "9101", "9302": "9116", "9303": "9117", "9304": "9118" },
  ...{
    "9401": "9104",
    "9402": "9107",
    "9403": "9108",
    "9404": "9109",
    "9405": "9125",
    "9406": "9126",
    "9407": "9127",
    "9408": "9128",
  },
  ...{
    "9501": "9102",
    "9502": "9112",
    "9503": "9113",
    "9504": "9114",
    "9505": "9121",
    "9506": "9122",
    "9507": "9123",
    "9508": "9124",
  },
  ...{ "9601": "9201", "9602": "9204", "9603": "9205", "9604": "9209", "9605": "9210", "9671": "9271" },
};
const RETIRED = new Set(Object.values(OLD_CODES));

/** Whether a code lies in a regency whose code is no longer in use but was once. */
export const isRetiredRegion = (code: string): boolean => RETIRED.has(code.slice(0, 4));

/** Code a regency had before the splits of 2022; null when it kept its code. */
export const oldCodeOf = (regency: string): string | null => OLD_CODES[regency] ?? null;
