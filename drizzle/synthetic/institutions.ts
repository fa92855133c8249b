import type { Loader } from "../copy.ts";
import type { PsksKind } from "./model.ts";
import { villageOf } from "./places.ts";
import { randomFrom, uuidFrom } from "./random.ts";
import type { Regions } from "./regions.ts";

const KINDS: readonly (readonly [PsksKind, string])[] = [
  ["LKS", "LKS HARAPAN"],
  ["KARANG_TARUNA", "KARANG TARUNA"],
  ["LK3", "LK3"],
  ["WKSBM", "WKSBM"],
  ["BUSINESS", "FORUM CSR"],
];
const ONE_IN = 50;

/** PSKS institutions: one for every 50 households, at least three, in villages of the population. */
export async function institutions(
  loader: Loader,
  regions: Regions,
  config: { seed: string; households: number },
): Promise<void> {
  const rows = Array.from({ length: Math.max(3, Math.floor(config.households / ONE_IN)) }, (_, number) => {
    const village = villageOf(regions, config, number * 7);
    const [kind, name] = randomFrom(config.seed, "institution", number).pick(KINDS);
    const place = (regions.nameOf(village) ?? "").toUpperCase();
    return [uuidFrom(config.seed, "institution", number), `${name} ${place}`, kind, village];
  });
  await loader.copy("welfare.psks_institution", ["id", "name", "kind", "region"], rows);
}
