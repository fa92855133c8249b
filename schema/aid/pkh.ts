import type { Rate } from "./components.ts";

const FOUR_A_FAMILY = 4;
const TWO_OF_A_KIND = 2;

const rate = <Component extends string>(component: Component, yearly: bigint, atMost: number | null = null) => ({
  component,
  yearly,
  atMost,
});

/**
 * Components of PKH as published for 2024–2025, in the order of the decree's table: what the catalogue begins with, and what the registry reckons with
 * where it foresees the effect of a change. A victim of a grave violation of rights is not among what the registry knows.
 */
const TABLE = [
  rate("PREGNANCY", 3_000_000n, TWO_OF_A_KIND),
  rate("EARLY_CHILDHOOD", 3_000_000n, TWO_OF_A_KIND),
  rate("PRIMARY", 900_000n),
  rate("JUNIOR", 1_500_000n),
  rate("SENIOR", 2_000_000n),
  rate("ELDERLY", 2_400_000n),
  rate("SEVERE_DISABILITY", 2_400_000n),
  rate("RIGHTS_VIOLATION_VICTIM", 10_800_000n),
];

export type PkhComponent = Exclude<(typeof TABLE)[number]["component"], "RIGHTS_VIOLATION_VICTIM">;

/** PKH by that table: at most four of a family count. */
export const PKH = {
  most: FOUR_A_FAMILY,
  rates: TABLE.map((row, at): Rate => ({ ...row, rank: at + 1 })),
};
