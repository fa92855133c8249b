/** Hashes a full tile holds (C2SP tlog-tiles: height 8). */
export const TILE_WIDTH = 256;
export const HASH_BYTES = 32;

/**
 * Reads the tile `n` of a level: its hashes one after the other, at least as many as the tree had that is asked about; a tile that has grown
 * since is fine. Null: there is none. Level 0 holds leaf hashes; a tile above one hash for each full tile below.
 */
export type TileReader = (level: number, n: number) => Promise<Uint8Array | null>;

/** Path of a tile in a copy of the log, or of a bundle of `entries`; `width` where it is not full. */
export function tilePath(level: number | "entries" | "tags", n: number, width = TILE_WIDTH): string {
  const digits = String(n).padStart(3, "0");
  const parts = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/.{3}/g) ?? [];
  const path = parts.map((part, at) => (at === parts.length - 1 ? part : `x${part}`)).join("/");
  return `tile/${level}/${path}${width === TILE_WIDTH ? "" : `.p/${width}`}`;
}

/** The tile a path names; null when it names none. The opposite of tilePath, letter by letter. */
export function readTilePath(path: string): { readonly level: number; readonly n: number; readonly width: number } | null {
  const [, level = "", number = "", width = String(TILE_WIDTH)] =
    /^tile\/(\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? [];
  const tile = { level: Number(level), n: Number(number.replace(/[x/]/g, "")), width: Number(width) };
  const isOne = level !== "" && tile.level <= 63 && tile.width > 0 && Number.isSafeInteger(tile.n);
  return isOne && tilePath(tile.level, tile.n, tile.width) === path ? tile : null;
}

/** Hashes a level holds in a tree of `size` leaves. */
export const hashesAt = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

/** The tiles of a level in a tree of `size` leaves: how many are full, and how wide the last one is that is not (0: there is none). */
export function tilesAt(level: number, size: number): { readonly full: number; readonly width: number } {
  const hashes = hashesAt(level, size);
  return { full: Math.floor(hashes / TILE_WIDTH), width: hashes % TILE_WIDTH };
}
