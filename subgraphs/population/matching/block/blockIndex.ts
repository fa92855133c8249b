import { shared } from "../table/shared.ts";
import type { Table } from "../table/table.ts";
import type { CompiledKey } from "./key.ts";
import type { Part } from "./part.ts";

/** Rows of the register by one key: hashed into buckets that lie one after the other, rows of a bucket in order of row. */
export interface BlockIndex {
  /** Bucket → first position; one more than there are buckets, a power of two. */
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
  /** The key's highest byte beside each row: a bucket holds strangers that only share the hash's lower bits. */
  readonly marks: Uint8Array;
}

export const bucketOf = (key: number, { starts }: BlockIndex): number => key & (starts.length - 2);
export const markOf = (key: number): number => key >>> 24;

/**
 * Builds the index of one key: O(rows). In buckets above the key's `maxGroup`, rows are sorted by mark and then by the refiners' values, so that
 * a row that looks for its like can enter a large group by binary search.
 */
export function buildIndex(table: Table, key: CompiledKey, refiners: readonly Part[]): BlockIndex {
  const { cells, rows, layout } = table;
  const keys = new Int32Array(rows);
  let held = 0;
  for (let row = 0; row < rows; row += 1) {
    keys[row] = key.held(cells, row * layout.width);
    if (keys[row] !== 0) held += 1;
  }
  let buckets = 16;
  while (buckets < held) buckets *= 2;
  const index = {
    starts: shared(Uint32Array, buckets + 1),
    rows: shared(Uint32Array, held),
    marks: shared(Uint8Array, held),
  };
  scatter(index, keys);
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const from = index.starts[bucket] as number;
    const to = index.starts[bucket + 1] as number;
    if (to - from <= key.maxGroup) continue;
    const group = index.rows.subarray(from, to);
    const values = refiners.map(({ held }) => Int32Array.from(group, (row) => held(cells, row * layout.width)));
    sortGroup(index, [from, to], values);
  }
  return index;
}

function scatter(index: BlockIndex, keys: Int32Array): void {
  const { starts, rows, marks } = index;
  for (const key of keys) if (key !== 0) (starts[bucketOf(key, index) + 1] as number) += 1;
  for (let i = 1; i < starts.length; i += 1) (starts[i] as number) += starts[i - 1] as number;
  const next = starts.slice();
  for (let row = 0; row < keys.length; row += 1) {
    const key = keys[row] as number;
    if (key === 0) continue;
    const bucket = bucketOf(key, index);
    const position = next[bucket] as number;
    next[bucket] = position + 1;
    rows[position] = row;
    marks[position] = markOf(key);
  }
}

/** `values`: what each refiner says of each row of the group. */
function sortGroup({ rows, marks }: BlockIndex, [from, to]: readonly [number, number], values: readonly Int32Array[]): void {
  const group = { rows: rows.slice(from, to), marks: marks.slice(from, to) };
  const order = Uint32Array.from(group.rows.keys()).sort((x, y) => {
    const byMark = (group.marks[x] as number) - (group.marks[y] as number);
    if (byMark !== 0) return byMark;
    for (let i = 0; i < values.length; i += 1) {
      const difference = (values[i]?.[x] as number) - (values[i]?.[y] as number);
      if (difference !== 0) return difference;
    }
    return x - y; // the lower row
  });
  for (let i = 0; i < order.length; i += 1) {
    rows[from + i] = group.rows[order[i] as number] as number;
    marks[from + i] = group.marks[order[i] as number] as number;
  }
}
