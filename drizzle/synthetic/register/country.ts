import { codeBeforeSplit, PROVINCES } from "../people/places.ts";
import { randomFrom } from "../random.ts";
import type { Regions } from "../regions.ts";

/** A district with its households: `from` (inclusive) to `to` (exclusive), numbered through the country. */
export interface District {
  /** Position in Country.districts: neighbours in the list are neighbours on the map, roughly. */
  readonly index: number;
  /** Today's code, and the one of NIKs given before the splits of 2022. */
  readonly code: string;
  readonly codeBefore: string;
  /** Name of its regency, as a birth place is written. */
  readonly birthPlace: string;
  readonly villages: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** Where the households live: in order of region codes, so that a village is one run of numbers. */
export interface Country {
  readonly households: number;
  readonly districts: readonly District[];
}

const HOUSEHOLDS_A_DISTRICT = 1200; // as many districts as that takes: a small register is a sample of whole districts, not thin air
const HOUSEHOLDS_A_VILLAGE = 150;

/** Shares the households out: provinces by population, their districts and villages of very different size. */
export function createCountry(seed: string, households: number, regions: Regions): Country {
  const villages = villagesByDistrict(regions);
  const codes = [...villages.keys()];
  const shares = cut(
    households,
    PROVINCES.map(([, weight]) => weight),
  );
  const districts: District[] = [];
  for (const [at, [province]] of PROVINCES.entries()) {
    const [from = 0, to = 0] = [shares[at], shares[at + 1]];
    const used = sample(
      `${seed}/${province}`,
      codes.filter((code) => code.startsWith(province)),
      (to - from) / HOUSEHOLDS_A_DISTRICT,
    );
    const bounds = cut(to - from, unevenly(`${seed}/${province}`, used.length));
    for (const [position, code] of used.entries()) {
      const [start = 0, end = 0] = [bounds[position], bounds[position + 1]].map((bound = 0) => from + bound);
      districts.push({
        index: districts.length,
        code,
        codeBefore: codeBeforeSplit(code),
        birthPlace: (regions.nameOf(code.slice(0, 4)) ?? "").toUpperCase().replace(/^(KABUPATEN|KOTA) (ADMINISTRASI )?/, ""),
        villages: sample(`${seed}/${code}`, villages.get(code) ?? [], (end - start) / HOUSEHOLDS_A_VILLAGE),
        from: start,
        to: end,
      });
    }
  }
  return { households, districts };
}

/** The district of household `index`, by binary search. */
export function districtAt({ districts }: Country, index: number): number {
  let low = 0;
  let high = districts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((districts[middle]?.from ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Village of household `index` of the district: the first villages of the list are the larger ones. */
export function villageAt({ villages, from, to }: District, index: number): string {
  const along = (index - from) / Math.max(1, to - from);
  return villages[Math.floor(along ** 1.4 * villages.length)] ?? "";
}

function villagesByDistrict(regions: Regions): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { code, level } of regions.rows) {
    if (level === "DISTRICT") found.set(code, []);
    if (level === "VILLAGE") found.get(code.slice(0, 6))?.push(code);
  }
  return new Map([...found].filter(([, villages]) => villages.length > 0));
}

/** About `wanted` of the codes, at least one, spread over the list, in its order. */
function sample(key: string, codes: readonly string[], wanted: number): string[] {
  const count = Math.min(codes.length, Math.max(1, Math.round(wanted)));
  const random = randomFrom(key, "sample");
  const bound = (at: number) => Math.floor((at * codes.length) / count);
  return Array.from({ length: count }, (_, at) => codes[random.between(bound(at), bound(at + 1) - 1)] ?? "");
}

function unevenly(key: string, length: number): number[] {
  const random = randomFrom(key, "sizes");
  return Array.from({ length }, () => 0.3 + 2 * random.next() * random.next());
}

/** Bounds of whole parts that add up to `total`, in proportion to the weights. */
function cut(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  let below = 0;
  const bounds = [0];
  for (const weight of weights) {
    below += weight;
    bounds.push(Math.round((total * below) / sum));
  }
  return bounds;
}
