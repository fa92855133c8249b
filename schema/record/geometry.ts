import { TILE_WIDTH } from "./tiles.ts";

// Where things lie in a Merkle tree (RFC 9162 §2.1) and in its tiles: no hash is taken here, so that whoever verifies, a browser too, goes the same way.
// Numbers up to 2^53: no operator here may cut to 32 bits.

/** A perfect subtree: the `index`-th of those with 2^height leaves. */
export interface Subtree {
  readonly height: number;
  readonly index: number;
}

/** The perfect subtrees that make up the leaves `from` … `before`, largest first. `from` is a multiple of the largest power of two in it. */
export function subtreesOf(from: number, before: number): Subtree[] {
  const found: Subtree[] = [];
  let height = Math.floor(Math.log2(before - from)) + 1;
  for (let at = from; at < before; height--) {
    const leaves = 2 ** height;
    if (at + leaves > before) continue;
    found.push({ height, index: at / leaves });
    at += leaves;
  }
  return found;
}

/** Where a perfect subtree lies in the tiles: `count` hashes of one tile, from `start`. */
export function placeOf({ height, index }: Subtree): {
  readonly level: number;
  readonly n: number;
  readonly start: number;
  readonly count: number;
} {
  const count = 2 ** (height % 8);
  const first = index * count;
  return { level: Math.floor(height / 8), n: Math.floor(first / TILE_WIDTH), start: first % TILE_WIDTH, count };
}

/** Leaves `from` … `before`. */
export type Range = readonly [from: number, before: number];

/** The ranges whose roots prove that leaf `index` is in the tree of `size` leaves (RFC 9162 §2.1.3.1), from the leaf up. Throws when it is not in it. */
export function siblingsOf(index: number, size: number): Range[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new RangeError(`leaf ${index} is not in a tree of ${size} leaves`);
  const siblings: Range[] = [];
  let [from, before] = [0, size];
  while (before - from > 1) {
    const middle = from + splitOf(before - from);
    siblings.push(index < middle ? [middle, before] : [from, middle]);
    [from, before] = index < middle ? [from, middle] : [middle, before];
  }
  return siblings.reverse();
}

/** Leaves of the left half: the largest power of two below `leaves`, which are at least 2. */
export function splitOf(leaves: number): number {
  let half = 1;
  while (half * 2 < leaves) half *= 2;
  return half;
}

/** The way from a node up to the root: `node` and `last` number the nodes of a row. */
export function walkOf(node: number, last: number) {
  const up = () => {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  };
  return {
    isAtRoot: () => last === 0,
    skipRightTurns() {
      while (node % 2 === 1) up();
    },
    /** One row up. Says on which side the sibling stands. */
    step(): "left" | "right" {
      const isLeft = node % 2 === 1 || node === last;
      if (isLeft) while (node !== 0 && node % 2 === 0) up();
      up();
      return isLeft ? "left" : "right";
    },
  };
}
