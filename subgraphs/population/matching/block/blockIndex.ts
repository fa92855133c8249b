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
    if (to - from > key.maxGroup) sortGroup(index, [from, to], (row) => refine(refiners, cells, row * layout.width));
  }
  return index;
}

const refine = (refiners: readonly Part[], cells: Int32Array, at: number) => refiners.map(({ held }) => held(cells, at));

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

function sortGroup({ rows, marks }: BlockIndex, [from, to]: readonly [number, number], refine: (row: number) => number[]): void {
  const group = Array.from({ length: to - from }, (_, i) => {
    const row = rows[from + i] as number;
    return [marks[from + i] as number, ...refine(row), row];
  });
  group.sort(inOrder);
  for (const [i, sorted] of group.entries()) {
    rows[from + i] = sorted.at(-1) as number;
    marks[from + i] = sorted[0] as number;
  }
}

function inOrder(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i += 1) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
