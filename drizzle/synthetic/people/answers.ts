import type { MadeHousehold } from "../model.ts";
import { type Random, randomFrom } from "../random.ts";

type Values = Readonly<Record<string, string>>;
/** One household's luck and its wealth, 0 (poorest) to 1. */
interface Lot {
  readonly random: Random;
  readonly wealth: number;
}

/**
 * What a made-up household answered at its last visit, by variable of the instrument: the poorer, the barer the floor and the fewer the assets. A
 * stream of its own, so that it moves nobody else's luck. Whoever is homeless has no shelter.
 */
export function answersOf(household: MadeHousehold): Record<string, readonly [string]> {
  const { id, families, floorArea, address, decile } = household;
  const lot = { random: randomFrom("answers", id), wealth: decile === null ? 0.5 : (decile - 0.5) / 10 };
  const values: Values = {
    Jumlah_ART: String(families.reduce((sum, { members }) => sum + members.length, 0)),
    Jumlah_Keluarga: String(families.length),
    ...(floorArea !== null && { Luas_lantai: String(floorArea) }),
    ...dwelling(lot),
    ...living(lot),
    ...(address.startsWith("TANPA TEMPAT TINGGAL") && { Sta_bangunan: "6" }),
  };
  return Object.fromEntries(Object.entries(values).map(([code, value]) => [code, [value]]));
}

const yes = (random: Random, probability: number) => (random.chance(probability) ? "1" : "2");

function dwelling({ random, wealth }: Lot): Values {
  /** The first of the codes for the wealthiest, the last for the poorest, with some luck. */
  const grade = (codes: number) => {
    const at = wealth + 0.5 * (random.next() - 0.5);
    return String(Math.min(codes, Math.max(1, Math.ceil((1 - at) * codes))));
  };
  const isLit = random.chance(0.9 + 0.1 * wealth);
  return {
    Sta_bangunan: random.weighted(BUILDINGS),
    Lantai: grade(8),
    Dinding: grade(7),
    Atap: grade(7),
    Sumber_airminum: grade(8),
    Sumber_penerangan: isLit ? "1" : "3",
    Daya: isLit ? String(6 - Number(grade(5))) : "6",
    bb_masak: grade(8),
    Fasbab: grade(4),
    Kloset: grade(4),
  };
}
const BUILDINGS: readonly (readonly [code: string, weight: number])[] = [
  ["1", 78],
  ["2", 10],
  ["3", 9],
  ["5", 3],
];

const living = ({ random, wealth }: Lot): Values => ({
  Ada_lemari_es: yes(random, 1.4 * wealth),
  Ada_ac: yes(random, 0.3 * wealth),
  Ada_laptop: yes(random, 0.5 * wealth),
  Ada_emas: yes(random, 0.6 * wealth),
  Ada_sepeda: yes(random, 0.5),
  Ada_motor: yes(random, 1.5 * wealth),
  Ada_mobil: yes(random, 0.35 * wealth),
  Rumah_lain: yes(random, 0.15 * wealth),
  Kepala_bekerja: yes(random, 0.75 + 0.2 * wealth),
  Khawatir_pangan: yes(random, 0.6 * (1 - wealth)),
  Belanja_pangan_dominan: yes(random, 0.9 * (1 - wealth)),
  Beli_pakaian: yes(random, 0.5 + 0.5 * wealth),
});
