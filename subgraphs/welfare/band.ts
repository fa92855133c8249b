export type IncomeBand = "UNDER_1M" | "FROM_1M_TO_2_5M" | "FROM_2_5M_TO_5M" | "FROM_5M";

/** Band of a monthly income, whole rupiah as digits. Bounds belong to the band above. Pure. */
export function incomeBandOf(rupiah: string): IncomeBand {
  const amount = BigInt(rupiah);
  if (amount < 1_000_000n) return "UNDER_1M";
  if (amount < 2_500_000n) return "FROM_1M_TO_2_5M";
  return amount < 5_000_000n ? "FROM_2_5M_TO_5M" : "FROM_5M";
}
