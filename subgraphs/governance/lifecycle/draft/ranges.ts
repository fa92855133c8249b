import { scopeOf } from "../../../../schema/policy/rowScope.ts";
import { parseRegionCode } from "../../../../schema/values/regionCode.ts";

/** Codes that are none, or too many ranges of them. */
export function rangeFaults(place: string, regions: readonly string[]): string[] {
  const faults = regions.flatMap((code, i) =>
    code === "0" || parseRegionCode(code) === code ? [] : [`${place}[${i}]: not a region code of 2, 4, 6 or 10 digits`],
  );
  if (faults.length > 0) return faults;
  try {
    scopeOf({ regions, programs: null, decileMax: null });
    return [];
  } catch (error) {
    return [`${place}: ${(error as Error).message}`];
  }
}
