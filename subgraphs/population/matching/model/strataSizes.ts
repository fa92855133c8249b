import type { BlockIndex } from "../block/blockIndex.ts";
import type { CompiledKey } from "../block/key.ts";
import { shared } from "../table/shared.ts";
import type { Table } from "../table/table.ts";
import { groupSize } from "./measure.ts";
import type { Stratum } from "./model.ts";

/** Steps an octave: sizes are kept as one byte of their logarithm, from 2^-8 to 2^24. */
const STEPS = 8;
const LOWEST = -8;

/**
 * For every row of the register and every stratum but `random`: how many *other* people are expected under the row's key. Its own group tells
 * (everybody on 1 January lies in a crowd, a rare name alone), drawn towards the mean because a group is one draw of its size
 * (gamma–Poisson): `(shape + others) / (shape / mean + 1)`.
 */
export function strataSizes(
  register: Table,
  strata: readonly { readonly stratum: Stratum; readonly key: CompiledKey; readonly index: BlockIndex }[],
): Uint8Array {
  const { cells, rows, layout } = register;
  const sizes = shared(Uint8Array, rows * strata.length);
  for (const [s, { stratum, key, index }] of strata.entries()) {
    for (let row = 0; row < rows; row += 1) {
      const value = key.held(cells, row * layout.width);
      const others = value === 0 ? 0 : groupSize(index, value) - 1;
      sizes[row * strata.length + s] = coded(expected(stratum, others));
    }
  }
  return sizes;
}

const expected = ({ others: mean, shape }: Stratum, others: number): number =>
  shape === null ? mean : (shape + others) / (shape / mean + 1);

const coded = (size: number): number => Math.max(0, Math.min(255, Math.round((Math.log2(size) - LOWEST) * STEPS)));

/** Natural logarithm of a coded size. */
export const SIZE_LOGS: Float64Array = Float64Array.from({ length: 256 }, (_, code) => (code / STEPS + LOWEST) * Math.LN2);
