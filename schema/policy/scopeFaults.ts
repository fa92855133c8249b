import { parseRegionCode } from "../values/regionCode.ts";
import { scopeOf, type WrittenScope } from "./rowScope.ts";

const MAX_PROGRAMS = 100;
const MAX_DECILE = 10;
const PROGRAM = /^[A-Z][A-Z0-9_]{0,31}$/;

/** What keeps a scope from being submitted, each as `place: what it must be`. Pure. */
export function scopeFaults({ regions, programs, decileMax }: WrittenScope): string[] {
  const codes = programs ?? [];
  const isDecile = decileMax === null || (Number.isInteger(decileMax) && decileMax >= 1 && decileMax <= MAX_DECILE);
  return [
    ...rangeFaults("regions", regions),
    ...codes.flatMap((code, i) => (PROGRAM.test(code) ? [] : [`programs[${i}]: not a program code such as PKH`])),
    ...(codes.length > MAX_PROGRAMS ? [`programs: at most ${MAX_PROGRAMS}`] : []),
    ...(isDecile ? [] : [`decileMax: from 1 to ${MAX_DECILE}, or null`]),
  ];
}

/** Codes that are none, or more ranges of them than the database takes. */
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
