import { ALL_DECILES, type RowScope } from "../caller.ts";
import { mergeRanges, parseRegionCode, regionRange } from "../values/regionCode.ts";

/** What rows an agreement opens, as stewards write it: regions as codes, `["0"]` the whole country, `[]` none; programs null: all; decileMax null: no limit. */
export interface WrittenScope {
  readonly regions: readonly string[];
  readonly programs: readonly string[] | null;
  readonly decileMax: number | null;
}

const WHOLE_COUNTRY = "0";
/** As many as the database's predicates have slots for. */
const MAX_RANGES = 4;

/** A written scope in the form that envelope and database take. Throws on anything it does not understand. */
export function scopeOf(written: unknown): RowScope {
  const { regions, programs, decileMax } = (written ?? {}) as { regions?: unknown; programs?: unknown; decileMax?: unknown };
  if (!isWords(regions) || !(programs === null || isWords(programs))) throw new Error("row scope is malformed");
  if (!(decileMax === null || (Number.isInteger(decileMax) && Number(decileMax) >= 0)))
    throw new Error("row scope has a malformed decile");
  return { regions: rangesOf(regions), programs, decileMax: decileMax === null ? ALL_DECILES : Number(decileMax) };
}

const isWords = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((word) => typeof word === "string");

function rangesOf(codes: readonly string[]): RowScope["regions"] {
  const ranges = mergeRanges(
    codes.map((code) => {
      const known = code === WHOLE_COUNTRY ? code : parseRegionCode(code);
      if (known === null) throw new Error("row scope has a malformed region code");
      return regionRange(known);
    }),
  );
  if (ranges.length > MAX_RANGES) throw new Error(`row scope has ${ranges.length} separate region ranges, at most ${MAX_RANGES}`);
  return ranges;
}
