import { createHmac } from "node:crypto";

const BASE = 5;

/** Where in [0, 1) the key rounds what the cell of these persons holds: the same persons, the same place, whatever cell they are asked for by. */
type Draw = (cellKey: number) => number;

export const drawOf =
  (key: Uint8Array, what: "count" | "sum"): Draw =>
  (cellKey) =>
    createHmac("sha256", key).update(`${what}|${cellKey}`).digest().readUInt32BE(0) / 2 ** 32;

/** `n` to a neighbouring multiple of 5, up with probability (n mod 5) / 5 over all keys. */
export function rounded(n: number, draw: number): number {
  const rest = n % BASE;
  return draw < rest / BASE ? n - rest + BASE : n - rest;
}

/**
 * What `shown` units would come to at the mean of `units`, to the power of ten at or below the mean: a sum tells no more of how many they are than their
 * rounded count does. Rupiah below 2^53.
 */
export function roundedSum(total: number, { units, shown, draw }: { units: number; shown: number; draw: number }): bigint {
  const mean = total / units;
  const step = mean < 1 ? 1 : 10 ** Math.floor(Math.log10(mean));
  const steps = (mean * shown) / step;
  const whole = Math.floor(steps);
  return BigInt(whole + (draw < steps - whole ? 1 : 0)) * BigInt(step);
}
