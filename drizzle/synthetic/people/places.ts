import { oldCodeOf } from "../../../schema/values/regionCode.ts";
import { type Random, randomFrom } from "../random.ts";
import type { Regions } from "../regions.ts";

/** Registered population by province, thousands (Dukcapil, second semester of 2024). */
export const PROVINCES: readonly (readonly [string, number])[] = [
  ["11", 5623],
  ["12", 15641],
  ["13", 5820],
  ["14", 7099],
  ["15", 3834],
  ["16", 9065],
  ["17", 2128],
  ["18", 9144],
  ["19", 1550],
  ["21", 2272],
  ["31", 11038],
  ["32", 51316],
  ["33", 38431],
  ["34", 3743],
  ["35", 41920],
  ["36", 12881],
  ["51", 4375],
  ["52", 5751],
  ["53", 5701],
  ["61", 5646],
  ["62", 2825],
  ["63", 4305],
  ["64", 4123],
  ["65", 771],
  ["71", 2645],
  ["72", 3219],
  ["73", 9528],
  ["74", 2825],
  ["75", 1251],
  ["76", 1467],
  ["81", 1936],
  ["82", 1394],
  ["91", 1102],
  ["92", 576],
  ["93", 562],
  ["94", 1369],
  ["95", 1471],
  ["96", 623],
];

const BANYUWANGI = "3510";
const ONE_IN_BANYUWANGI = 33; // the pilot regency is over-sampled: 303 of 10,000 households, so that its office has something to see
const HOUSEHOLDS_A_VILLAGE = 10;

/** Village of household `index`: provinces by population, households in clusters, as a survey draws them. */
export function villageOf(regions: Regions, config: { seed: string; households: number }, index: number): string {
  const random = randomFrom(config.seed, "village", index);
  const area = index % ONE_IN_BANYUWANGI === 0 ? BANYUWANGI : random.weighted(PROVINCES);
  const villages = regions.villagesOf(area);
  const clusters = Math.max(1, Math.round((config.households * shareOf(area)) / HOUSEHOLDS_A_VILLAGE));
  return randomFrom(config.seed, "cluster", area, random.between(1, clusters)).pick(villages);
}

const TOTAL = PROVINCES.reduce((sum, [, weight]) => sum + weight, 0);
const shareOf = (area: string) =>
  area === BANYUWANGI ? 1 / ONE_IN_BANYUWANGI : (PROVINCES.find(([code]) => code === area)?.[1] ?? 0) / TOTAL;

export const SPLIT_OF_2022 = "2022-07-25";

/** District a person was first registered in, with its code of that time: where they live, or for movers elsewhere in the province. */
export function registeredIn(
  regions: Regions,
  random: Random,
  person: { village: string; birthDate: string; isMover: boolean },
): string {
  const district = person.isMover ? random.pick(regions.districtsOf(person.village.slice(0, 2))) : person.village.slice(0, 6);
  return person.birthDate < SPLIT_OF_2022 ? codeBeforeSplit(district) : district;
}

/** Code of one of today's districts in a NIK given before the splits of 2022. */
export function codeBeforeSplit(district: string): string {
  const old = oldCodeOf(district.slice(0, 4));
  return old === null ? district : old + district.slice(4);
}

/** How poor a province is against the country, in standard deviations of the score that ranks households; poorer is higher. */
export function povertyOf(province: string): number {
  if (["91", "92", "93", "94", "95", "96", "53", "81"].includes(province)) return 0.7;
  if (["11", "17", "52", "72", "74", "75"].includes(province)) return 0.3;
  return ["31", "51", "63", "62", "19", "21"].includes(province) ? -0.4 : 0;
}
