import { isSame, type Octets, sha256 } from "./octets.ts";

// Merkle tree of RFC 9162 §2.1: proofs verified, and made from tiles of the public log (C2SP tlog-tiles). Numbers up to 2^53: no operator cuts to 32 bits.

/** A tree by its size and root. */
export interface Tree {
  readonly size: number;
  readonly root: Uint8Array;
}
/** Reads a tile of the log by its path; null: it cannot be had. */
export type TileReader = (path: string) => Promise<Uint8Array | null>;

const [WIDTH, HASH] = [256, 32];
const node = (left: Uint8Array, right: Uint8Array): Promise<Octets> => sha256(Uint8Array.of(1), left, right);

/** Hash of an entry by its text. */
export const leafHash = (text: string): Promise<Octets> => sha256(Uint8Array.of(0), new TextEncoder().encode(text));

/** Whether `leaf` (its hash) is number `index` of the tree (§2.1.3.2). */
export async function isIncluded(
  leaf: Uint8Array,
  { index, tree: { size, root }, proof }: { readonly index: number; readonly tree: Tree; readonly proof: readonly Uint8Array[] },
): Promise<boolean> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  const walk = walkOf(index, size - 1);
  let found = leaf;
  for (const sibling of proof) {
    if (walk.isAtRoot()) return false;
    found = walk.step() === "left" ? await node(sibling, found) : await node(found, sibling);
  }
  return walk.isAtRoot() && isSame(found, root);
}

/** Whether the tree `to` continues `from`: nothing was changed or taken out between them (§2.1.4.2). */
export async function isContinued(from: Tree, to: Tree, proof: readonly Uint8Array[]): Promise<boolean> {
  if (from.size > 0 && from.size < to.size) return isGrown(from, to, proof);
  const isEvident = from.size === 0 || (from.size === to.size && isSame(from.root, to.root));
  return isEvident && proof.length === 0;
}

async function isGrown(from: Tree, to: Tree, proof: readonly Uint8Array[]): Promise<boolean> {
  const [first, ...path] = Number.isInteger(Math.log2(from.size)) ? [from.root, ...proof] : proof;
  if (first === undefined) return false;
  const walk = walkOf(from.size - 1, to.size - 1);
  walk.skipRightTurns();
  let [old, whole] = [first, first];
  for (const sibling of path) {
    if (walk.isAtRoot()) return false;
    if (walk.step() === "left") [old, whole] = [await node(sibling, old), await node(sibling, whole)];
    else whole = await node(whole, sibling);
  }
  return walk.isAtRoot() && isSame(old, from.root) && isSame(whole, to.root);
}

/** The way from a node up to the root: `at` and `last` number the nodes of a row. */
function walkOf(at: number, last: number) {
  const up = () => {
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  };
  return {
    isAtRoot: () => last === 0,
    skipRightTurns() {
      while (at % 2 === 1) up();
    },
    /** One row up: on which side the sibling stands. */
    step(): "left" | "right" {
      const isLeft = at % 2 === 1 || at === last;
      if (isLeft) while (at !== 0 && at % 2 === 0) up();
      up();
      return isLeft ? "left" : "right";
    },
  };
}

/** Proof that the tree of `size` leaves continues the one of `old`, made from tiles (§2.1.4.1). Null: a tile cannot be had. */
export async function continuation(read: TileReader, old: number, size: number): Promise<Octets[] | null> {
  const ranges: (readonly [from: number, before: number])[] = [];
  let [from, before] = [0, size];
  while (before !== old) {
    const middle = from + halfOf(before - from);
    ranges.push(old <= middle ? [middle, before] : [from, middle]);
    [from, before] = old <= middle ? [from, middle] : [middle, before];
  }
  if (from > 0) ranges.push([from, before]); // else it is the old root, which the verifier has
  const hashes = await Promise.all(ranges.reverse().map(([start, end]) => rootOf(read, { from: start, before: end, size })));
  return hashes.includes(null) ? null : (hashes as Octets[]);
}

/** Leaves of the left half: the largest power of two below `leaves`. */
function halfOf(leaves: number): number {
  let half = 1;
  while (half * 2 < leaves) half *= 2;
  return half;
}

interface Range {
  readonly from: number;
  readonly before: number;
  readonly size: number;
}

/** Root over leaves `from` … `before` of the tree of `size`. */
async function rootOf(read: TileReader, { from, before, size }: Range): Promise<Octets | null> {
  const leaves = before - from;
  const half = halfOf(leaves);
  const isPerfect = leaves === 1 || half * 2 === leaves;
  if (isPerfect) return perfectRoot(read, { from, before, size });
  const [left, right] = await Promise.all([
    rootOf(read, { from, before: from + half, size }),
    rootOf(read, { from: from + half, before, size }),
  ]);
  return left && right && node(left, right);
}

/** Of a power of two of leaves: they lie in one tile, of a level where each of its hashes stands for 256 of the level below. */
async function perfectRoot(read: TileReader, { from, before, size }: Range): Promise<Octets | null> {
  const level = Math.floor(Math.log2(before - from) / Math.log2(WIDTH));
  const perHash = WIDTH ** level;
  const [first, count] = [from / perHash, (before - from) / perHash];
  const n = Math.floor(first / WIDTH);
  const width = Math.min(WIDTH, Math.floor(size / perHash) - n * WIDTH);
  const tile = await read(tilePath(level, n, width));
  const start = (first % WIDTH) * HASH;
  const hashes = tile?.subarray(start, start + count * HASH);
  return hashes?.length === count * HASH ? rowRoot(hashes) : null;
}

async function rowRoot(hashes: Uint8Array): Promise<Octets> {
  if (hashes.length === HASH) return Uint8Array.from(hashes);
  const middle = hashes.length / 2;
  return node(await rowRoot(hashes.subarray(0, middle)), await rowRoot(hashes.subarray(middle)));
}

function tilePath(level: number, n: number, width: number): string {
  const digits = String(n);
  const parts = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/.{3}/g) ?? [];
  const path = parts.map((part, at) => (at === parts.length - 1 ? part : `x${part}`)).join("/");
  return `tile/${level}/${path}${width === WIDTH ? "" : `.p/${width}`}`;
}
