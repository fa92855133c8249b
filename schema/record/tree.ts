import { hash } from "node:crypto";
import { placeOf, type Range, type Subtree, siblingsOf, splitOf, subtreesOf } from "./geometry.ts";
import { HASH_BYTES, type TileReader } from "./tiles.ts";

// Merkle tree of RFC 9162 §2.1 over tiles. Sizes are whole numbers up to 2^53, so no operator here may cut to 32 bits.

/** Root of the tree without leaves. */
export const EMPTY_ROOT: Buffer = hash("sha256", "", "buffer");
/** What a node is hashed from: 0x01 and both hashes. One for all: hashing never waits. */
const node = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return hash("sha256", node, "buffer");
}

/** Root over hashes that lie one after the other; their number is a power of two. */
export function rootOfHashes(hashes: Uint8Array): Buffer {
  let row = Buffer.from(hashes);
  while (row.length > HASH_BYTES) {
    const above = Buffer.allocUnsafe(row.length / 2);
    for (let at = 0; at < above.length; at += HASH_BYTES) {
      node.set(row.subarray(2 * at, 2 * (at + HASH_BYTES)), 1);
      hash("sha256", node, "buffer").copy(above, at);
    }
    row = above;
  }
  return row;
}

/** Root over perfect subtrees, largest first. */
export const joined = (roots: readonly Buffer[]): Buffer => roots.reduceRight((right, left) => nodeHash(left, right));

/** Root of the tree at `size`. Throws when a tile is missing or too short. Reads one tile a level. */
export const rootOf = (size: number, read: TileReader): Promise<Buffer> =>
  size === 0 ? Promise.resolve(EMPTY_ROOT) : rangeRoot(0, size, remembering(read));

/** Proof that leaf `index` is in the tree of `size` leaves (RFC 9162 §2.1.3.1): at most 63 hashes. Throws as rootOf does. */
export const inclusionProof = (index: number, size: number, read: TileReader): Promise<Buffer[]> =>
  rootsOf(siblingsOf(index, size), read);

/** Proof that the tree of `size` leaves continues the one of `old` leaves (RFC 9162 §2.1.4.1). Throws as rootOf does. */
export function consistencyProof(old: number, size: number, read: TileReader): Promise<Buffer[]> {
  if (!Number.isSafeInteger(old) || old < 0 || old > size)
    throw new RangeError(`a tree of ${size} leaves does not continue one of ${old}`);
  if (old === 0 || old === size) return Promise.resolve([]);
  const siblings: Range[] = [];
  let [from, before] = [0, size];
  while (before !== old) {
    const middle = from + splitOf(before - from);
    siblings.push(old <= middle ? [middle, before] : [from, middle]);
    [from, before] = old <= middle ? [from, middle] : [middle, before];
  }
  if (from > 0) siblings.push([from, before]); // else it is the old root, which the verifier has
  return rootsOf(siblings.reverse(), read);
}

function rootsOf(ranges: readonly Range[], read: TileReader): Promise<Buffer[]> {
  const once = remembering(read);
  return Promise.all(ranges.map(([from, before]) => rangeRoot(from, before, once)));
}

async function rangeRoot(from: number, before: number, read: TileReader): Promise<Buffer> {
  return joined(await Promise.all(subtreesOf(from, before).map((subtree) => rootOfSubtree(subtree, read))));
}

async function rootOfSubtree(subtree: Subtree, read: TileReader): Promise<Buffer> {
  const { level, n, start, count } = placeOf(subtree);
  const tile = await read(level, n);
  const end = (start + count) * HASH_BYTES;
  if (tile === null || tile.length < end)
    throw new Error(`tile ${level}/${n} holds ${(tile?.length ?? 0) / HASH_BYTES} hashes, ${start + count} are needed`);
  return rootOfHashes(tile.subarray(start * HASH_BYTES, end));
}

/** Reads each tile once. */
function remembering(read: TileReader): TileReader {
  const tiles = new Map<string, Promise<Uint8Array | null>>();
  return (level, n) => {
    const key = `${level}/${n}`;
    const tile = tiles.get(key) ?? read(level, n);
    tiles.set(key, tile);
    return tile;
  };
}
