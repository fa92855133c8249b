import { walkOf } from "./geometry.ts";
import { nodeHash } from "./tree.ts";

// Verifiers as RFC 9162 §2.1.3.2 and §2.1.4.2 write them, apart from what makes the proofs. Numbers up to 2^53: no 32-bit operators.

/** Whether the proof shows that `leaf` (its hash) is number `index` of the tree of `size` leaves with this root. */
export function verifyInclusion(claim: {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}): boolean {
  const { leaf, index, size, proof, root } = claim;
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  const walk = walkOf(index, size - 1);
  let found = leaf;
  for (const sibling of proof) {
    if (walk.isAtRoot()) return false;
    found = walk.step() === "left" ? nodeHash(sibling, found) : nodeHash(found, sibling);
  }
  return walk.isAtRoot() && isSame(found, root);
}

/** A state of the tree. */
interface State {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Whether the proof shows that the tree `to` continues the tree `from`. */
export function verifyConsistency(from: State, to: State, proof: readonly Uint8Array[]): boolean {
  if (from.size > 0 && from.size < to.size) return verifyGrowth(from, to, proof);
  const isEvident = from.size === 0 || (from.size === to.size && isSame(from.root, to.root));
  return isEvident && proof.length === 0;
}

function verifyGrowth(from: State, to: State, proof: readonly Uint8Array[]): boolean {
  const [first, ...path] = isPowerOfTwo(from.size) ? [from.root, ...proof] : proof;
  if (first === undefined) return false;
  const walk = walkOf(from.size - 1, to.size - 1);
  walk.skipRightTurns();
  let [old, whole] = [first, first];
  for (const sibling of path) {
    if (walk.isAtRoot()) return false;
    if (walk.step() === "left") [old, whole] = [nodeHash(sibling, old), nodeHash(sibling, whole)];
    else whole = nodeHash(whole, sibling);
  }
  return walk.isAtRoot() && isSame(old, from.root) && isSame(whole, to.root);
}

function isPowerOfTwo(size: number): boolean {
  while (size % 2 === 0) size /= 2;
  return size === 1;
}

const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
