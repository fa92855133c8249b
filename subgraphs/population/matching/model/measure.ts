import type { BlockIndex } from "../block/blockIndex.ts";
import { bucketOf, markOf } from "../block/blockIndex.ts";
import type { CompiledKey } from "../block/key.ts";
import type { Compared } from "../compare/compile.ts";
import { chanceOf, mix } from "../table/hash.ts";
import { isDigits, type Table } from "../table/table.ts";
import { LEAST, type Stratum, shapeOf, sharesOf, unflat } from "./model.ts";

const RANDOM_PAIRS = 400_000;
const SAMPLED = 150_000;
const MATES = 3;

/** Adds the levels of one pair to the counts. */
export function countLevels(
  counts: Float64Array,
  comparisons: readonly Compared[],
  A: Int32Array,
  a: number,
  B: Int32Array,
  b: number,
): void {
  let offset = 0;
  for (let c = 0; c < comparisons.length; c += 1) {
    const { level, levels } = comparisons[c] as Compared;
    const at = offset + level(A, a, B, b);
    counts[at] = (counts[at] as number) + 1;
    offset += levels;
  }
}

interface Measuring {
  readonly register: Table;
  readonly comparisons: readonly Compared[];
  readonly seed: number;
}

/** Levels among any two rows: `other`'s against the register's. Equality is not sampled but counted: it is too rare for a sample. */
export function measureRandom({ register, comparisons, seed }: Measuring, other: Table): Stratum {
  const counts = new Float64Array(shapeOf(comparisons).total);
  const { width } = register.layout;
  for (let pair = 0; pair < RANDOM_PAIRS; pair += 1) {
    const a = Math.floor(chanceOf(seed, 1, pair) * register.rows);
    const b = Math.floor(chanceOf(seed, 2, pair) * other.rows);
    if (register === other && a === b) continue;
    countLevels(counts, comparisons, register.cells, a * width, other.cells, b * width);
  }
  const u = unflat(counts, comparisons).map((levels, c) =>
    withEquality(sharesOf(levels, 0.5), equality(register, comparisons[c] as Compared)),
  );
  return { name: "random", others: register.rows, shape: null, u, fixes: [] };
}

/** The share of pairs of rows that have the same value in a comparison's column. */
function equality({ cells, rows, layout: { width } }: Table, { place }: Compared): number {
  const isWide = isDigits(place.column);
  const counts = new Map<number, number>();
  let known = 0;
  for (let at = place.word; at < rows * width; at += width) {
    const value = isWide ? mix(cells[at] as number, cells[at + 1] as number) : (cells[at] as number);
    if (isWide ? cells[at] === -1 : value === 0) continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
    known += 1;
  }
  let pairs = 0;
  for (const count of counts.values()) pairs += count * (count - 1);
  return known < 2 ? 0 : pairs / (known * (known - 1));
}

function withEquality(u: number[], equal: number): number[] {
  const top = u.length - 1;
  const least = Math.min(0.5, Math.max(equal, LEAST));
  const rest = u.reduce((sum, share, level) => (level === top ? sum : sum + share), 0);
  return u.map((share, level) => (level === top ? least : (share / rest) * (1 - least)));
}

/** Levels among people who share a key, and how many share it. O(sample). */
export function measureStratum(
  { register, comparisons, seed }: Measuring,
  { name, key, index, fixes }: { name: string; key: CompiledKey; index: BlockIndex; fixes: readonly number[] },
): Stratum {
  const counts = new Float64Array(shapeOf(comparisons).total);
  const { cells, rows, layout } = register;
  const keyOf = (row: number) => key.held(cells, row * layout.width);
  const sizes = { sum: 0, squares: 0, count: 0 };
  const stream = mix(seed, name.length);
  for (let draw = 0; draw < Math.min(SAMPLED, rows * 2); draw += 1) {
    const row = Math.floor(chanceOf(stream, 3, draw) * rows);
    const own = keyOf(row);
    if (own === 0) continue;
    const others = groupSize(index, own) - 1;
    sizes.sum += others;
    sizes.squares += others * others;
    sizes.count += 1;
    if (others < 1) continue;
    for (let mate = 0; mate < Math.min(MATES, others); mate += 1) {
      const other = mateOf(index, own, chanceOf(stream, 4 + mate, draw));
      if (other === row || keyOf(other) !== own) continue;
      countLevels(counts, comparisons, cells, row * layout.width, cells, other * layout.width);
    }
  }
  const mean = Math.max(sizes.sum / Math.max(sizes.count, 1), 1e-6);
  const variance = sizes.squares / Math.max(sizes.count, 1) - mean * mean;
  const shape = variance > mean * 1.01 ? (mean * mean) / (variance - mean) : null;
  const u = unflat(counts, comparisons).map((levels) => sharesOf(levels, 0.5));
  return { name, others: mean, shape, u, fixes };
}

/** Rows under a key, by bucket and mark. */
export function groupSize(index: BlockIndex, key: number): number {
  const bucket = bucketOf(key, index);
  const mark = markOf(key);
  let size = 0;
  const to = index.starts[bucket + 1] as number;
  for (let position = index.starts[bucket] as number; position < to; position += 1) if (index.marks[position] === mark) size += 1;
  return size;
}

function mateOf(index: BlockIndex, key: number, chance: number): number {
  const bucket = bucketOf(key, index);
  const from = index.starts[bucket] as number;
  const to = index.starts[bucket + 1] as number;
  return index.rows[from + Math.floor(chance * (to - from))] as number;
}
