import { type BlockIndex, bucketOf, markOf } from "./blockIndex.ts";
import type { CompiledKey } from "./key.ts";
import type { Part } from "./part.ts";
import { RowSet } from "./rowSet.ts";

interface Register {
  readonly cells: Int32Array;
  readonly layout: { readonly width: number };
}

/** The candidates of one row at a time: the union of what its keys find, each once. Not for two rows at once: it has one memory. */
export class Candidates {
  /** Keys whose group stayed too large even refined, for the row asked last: a bit a key. */
  capped = 0;
  readonly found = new RowSet();
  readonly #register: Register;
  readonly #keys: readonly { readonly key: CompiledKey; readonly index: BlockIndex }[];
  readonly #refiners: readonly Part[];

  constructor(
    register: Register,
    keys: readonly CompiledKey[],
    blocks: { indexes: readonly BlockIndex[]; refiners: readonly Part[] },
  ) {
    this.#register = register;
    this.#keys = keys.map((key, i) => ({ key, index: blocks.indexes[i] as BlockIndex }));
    this.#refiners = blocks.refiners;
  }

  /** Fills `found` with the rows of the register that share a key with this one. */
  of(cells: Int32Array, at: number): RowSet {
    this.found.clear();
    this.capped = 0;
    for (let k = 0; k < this.#keys.length; k += 1) {
      const { key, index } = this.#keys[k] as { key: CompiledKey; index: BlockIndex };
      for (let variant = 0; variant < key.variants; variant += 1) {
        const value = key.asked(cells, at, variant);
        if (value !== 0 && !this.#take(index, value, { maxGroup: key.maxGroup, cells, at })) this.capped |= 1 << (k & 31);
      }
    }
    return this.found;
  }

  /** False: too many to look at. */
  #take(index: BlockIndex, value: number, { maxGroup, cells, at }: { maxGroup: number; cells: Int32Array; at: number }): boolean {
    const bucket = bucketOf(value, index);
    const mark = markOf(value);
    let from = index.starts[bucket] as number;
    let to = index.starts[bucket + 1] as number;
    if (to - from > maxGroup) {
      const { marks } = index;
      [from, to] = narrowed((position) => marks[position] as number, mark, [from, to]);
      for (let i = 0; i < this.#refiners.length && to - from > maxGroup; i += 1) {
        const { held } = this.#refiners[i] as Part;
        const own = held(cells, at);
        if (own === 0) return false;
        [from, to] = narrowed((position) => this.#valueAt(index, position, held), own, [from, to]);
      }
      if (to - from > maxGroup) return false;
    }
    for (let position = from; position < to; position += 1)
      if (index.marks[position] === mark) this.found.add(index.rows[position] as number);
    return true;
  }

  #valueAt({ rows }: BlockIndex, position: number, held: Part["held"]): number {
    return held(this.#register.cells, (rows[position] as number) * this.#register.layout.width);
  }
}

/** The part of a sorted range where `valueAt` equals `value`. */
function narrowed(valueAt: (position: number) => number, value: number, [from, to]: readonly [number, number]): [number, number] {
  const firstWhere = (isIn: (found: number) => boolean) => {
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isIn(valueAt(middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return [firstWhere((found) => found >= value), firstWhere((found) => found > value)];
}
