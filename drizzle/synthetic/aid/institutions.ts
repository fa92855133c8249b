import type { Loader } from "../../copy.ts";
import type { PsksKind } from "../model.ts";
import { villageOf } from "../people/places.ts";
import { randomFrom, uuidFrom } from "../random.ts";
import type { Regions } from "../regions.ts";

const KINDS: readonly (readonly [PsksKind, string])[] = [
  ["LKS", "LKS HARAPAN"],
  ["KARANG_TARUNA", "KARANG TARUNA"],
  ["LK3", "LK3"],
  ["WKSBM", "WKSBM"],
  ["BUSINESS", "FORUM CSR"],
];
const ONE_IN = 50;

/** How many there are among so many households: one for every 50, at least three. */
const countAmong = (households: number) => (households === 0 ? 0 : Math.max(3, Math.floor(households / ONE_IN)));

/** PSKS institutions a batch brings along, in villages of its households. */
export async function institutions(
  loader: Loader,
  regions: Regions,
  batch: { readonly seed: string; readonly households: number; readonly first: number },
): Promise<void> {
  const { seed, households, first } = batch;
  const rows = Array.from({ length: countAmong(first + households) - countAmong(first) }, (_, number) => {
    const village = villageOf(regions, batch, number * 7);
    const [kind, name] = randomFrom(seed, "institution", number).pick(KINDS);
    const place = (regions.nameOf(village) ?? "").toUpperCase();
    return [uuidFrom(seed, "institution", number), `${name} ${place}`, kind, village];
  });
  await loader.copy("welfare.psks_institution", ["id", "name", "kind", "region"], rows);
}
