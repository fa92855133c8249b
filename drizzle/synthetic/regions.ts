import { getDistricts, getProvinces, getRegencies, getVillages } from "idn-area-data";
import { isRetiredRegion, levelOf, parentOf, type RegionLevel } from "../../schema/values/regionCode.ts";

export interface RegionRow {
  readonly code: string;
  readonly name: string;
  readonly level: RegionLevel;
  readonly parentCode: string | null;
}

/** The region tree of the package idn-area-data (ODbL 1.0, see docs/NOTICE.md), codes without dots. */
export interface Regions {
  /** Provinces first, villages last: each row after its parent. */
  readonly rows: readonly RegionRow[];
  nameOf(code: string): string | undefined;
  /** Village codes below a region, in order. */
  villagesOf(code: string): readonly string[];
  /** District codes below a region, in order. */
  districtsOf(code: string): readonly string[];
  /** Today's districts and those of the regencies that got new codes in 2022. */
  isDistrict(code: string): boolean;
}

let loading: Promise<Regions> | undefined;

/** Reads the package's files once a process (0.3 s, 91,592 rows). */
export function loadRegions(): Promise<Regions> {
  loading ??= read();
  return loading;
}

async function read(): Promise<Regions> {
  const levels = await Promise.all([getProvinces(), getRegencies(), getDistricts(), getVillages()]);
  const rows = levels.flat().map(toRow);
  const names = new Map(rows.map(({ code, name }) => [code, name]));
  const below = (level: RegionLevel) => {
    const codes = rows.filter((row) => row.level === level).map(({ code }) => code);
    return remembered((prefix) => codes.filter((code) => code.startsWith(prefix)));
  };
  return {
    rows,
    nameOf: (code) => names.get(code),
    villagesOf: below("VILLAGE"),
    districtsOf: below("DISTRICT"),
    isDistrict: (code) => code.length === 6 && (names.has(code) || isRetiredRegion(code)),
  };
}

function toRow(published: { code: string; name: string }): RegionRow {
  const code = published.code.replaceAll(".", "");
  const level = levelOf(code);
  if (level === null) throw new Error(`idn-area-data: ${published.code} is no region code`);
  return { code, name: published.name, level, parentCode: parentOf(code) };
}

function remembered(find: (prefix: string) => readonly string[]): (prefix: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (prefix) => {
    const found = known.get(prefix) ?? find(prefix);
    known.set(prefix, found);
    return found;
  };
}
