import { placeOf, siblingsOf, subtreesOf, walkOf } from "../../../../schema/record/geometry.ts";
import { HASH_BYTES, tilePath, tilesAt } from "../../../../schema/record/tiles.ts";

// Hashes of RFC 9162 §2.1 by WebCrypto; where things lie in the tree is schema/record/geometry.ts, as for the log itself.

type Bytes = Uint8Array<ArrayBuffer>;

export const sha256 = async (...parts: readonly Uint8Array[]): Promise<Bytes> => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
};

export const leafHash = (text: string): Promise<Bytes> => sha256(Uint8Array.of(0), new TextEncoder().encode(text));
const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Bytes> => sha256(Uint8Array.of(1), left, right);

/** Root to which a proof leads from a leaf (RFC 9162 §2.1.3.2); null: it is of another length than the way to the root. */
export async function rootBy(
  leaf: Uint8Array,
  { index, size, proof }: { readonly index: number; readonly size: number; readonly proof: readonly Uint8Array[] },
): Promise<Uint8Array | null> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return null;
  const walk = walkOf(index, size - 1);
  let found = leaf;
  for (const sibling of proof) {
    if (walk.isAtRoot()) return null;
    found = walk.step() === "left" ? await nodeHash(sibling, found) : await nodeHash(found, sibling);
  }
  return walk.isAtRoot() ? found : null;
}

/** Reads a tile of the public log by its path; null: it cannot be had. */
export type TileSource = (path: string) => Promise<Uint8Array | null>;

/** Proof made here from tiles of the public log: one hash for each sibling on the way up. Null: a tile is missing or too short. */
export async function proofFrom(read: TileSource, { index, size }: { readonly index: number; readonly size: number }) {
  const tiles = new Map<string, Promise<Uint8Array | null>>();
  const tile = (level: number, n: number) => {
    const { full, width } = tilesAt(level, size);
    const path = tilePath(level, n, n < full ? undefined : width);
    const known = tiles.get(path) ?? read(path);
    tiles.set(path, known);
    return known;
  };
  const rootOf = async (subtree: ReturnType<typeof subtreesOf>[number]): Promise<Uint8Array | null> => {
    const { level, n, start, count } = placeOf(subtree);
    const hashes = (await tile(level, n))?.subarray(start * HASH_BYTES, (start + count) * HASH_BYTES);
    return hashes?.length === count * HASH_BYTES ? rootOfRow(hashes) : null;
  };
  const roots = await Promise.all(
    siblingsOf(index, size).map(async ([from, before]) => joined(await Promise.all(subtreesOf(from, before).map(rootOf)))),
  );
  return roots.some((root) => root === null) ? null : (roots as Uint8Array[]);
}

/** Root over hashes that lie one after the other; their number is a power of two. */
async function rootOfRow(hashes: Uint8Array): Promise<Uint8Array> {
  if (hashes.length === HASH_BYTES) return hashes;
  const middle = hashes.length / 2;
  return nodeHash(await rootOfRow(hashes.subarray(0, middle)), await rootOfRow(hashes.subarray(middle)));
}

async function joined(roots: readonly (Uint8Array | null)[]): Promise<Uint8Array | null> {
  let right: Uint8Array | null = roots.at(-1) ?? null;
  for (const left of roots.slice(0, -1).reverse()) right = left && right && (await nodeHash(left, right));
  return right;
}
