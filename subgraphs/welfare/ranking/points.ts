const PLACES = 6;
const MILLION = 10n ** BigInt(PLACES);

/** Weights beyond a thousand points a unit are refused: sums stay within 64 bits. */
const MOST = 1000n * MILLION;

/** A decimal of at most six places as whole millionths; null when it is none or lies beyond ±1000. Pure, exact. */
export function millionthsOf(text: string): bigint | null {
  const [, sign, whole = "", rest = ""] = /^(-?)([0-9]{1,4})(?:\.([0-9]{1,6}))?$/.exec(text) ?? [];
  if (sign === undefined) return null;
  const size = BigInt(whole) * MILLION + BigInt(rest.padEnd(PLACES, "0"));
  return size > MOST ? null : sign === "-" ? -size : size;
}

/** Millionths as a decimal with six places. Pure, exact. */
export function decimalOf(millionths: bigint): string {
  const digits = String(millionths < 0n ? -millionths : millionths).padStart(PLACES + 1, "0");
  return `${millionths < 0n ? "-" : ""}${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
}
