import { placeOf, subtreesOf } from "./geometry.ts";
import { HASH_BYTES, hashesAt, TILE_WIDTH, type TileReader, tilesAt } from "./tiles.ts";
import { EMPTY_ROOT, joined, rootOfHashes } from "./tree.ts";

/** A tile with the hashes it holds, one after the other. */
export interface Tile {
  readonly level: number;
  readonly n: number;
  readonly hashes: Buffer;
}

/** The right edge of a growing tree: of each level only the tile that is not full. Memory: 8 KiB a level, whatever the size. */
export class RightEdge {
  /** Leaves so far. */
  size: number;
  private readonly rows: Buffer[];
  private filled: Tile[] = [];

  private constructor(size: number, rows: Buffer[]) {
    this.size = size;
    this.rows = rows;
  }

  static empty(): RightEdge {
    return new RightEdge(0, []);
  }

  /** The edge of a tree that is there. Throws when a tile of it is missing, or wider than the tree is. */
  static async of(size: number, read: TileReader): Promise<RightEdge> {
    const rows: Buffer[] = [];
    for (let level = 0; hashesAt(level, size) > 0; level++) {
      const { full, width } = tilesAt(level, size);
      const tile = width === 0 ? new Uint8Array() : await read(level, full);
      if (tile?.length !== width * HASH_BYTES)
        throw new Error(
          `tile ${level}/${full} holds ${(tile?.length ?? 0) / HASH_BYTES} hashes where a tree of ${size} has ${width}`,
        );
      rows.push(rowOf(tile));
    }
    return new RightEdge(size, rows);
  }

  /** Appends a leaf by its hash. */
  append(leaf: Uint8Array): void {
    let hash = leaf;
    for (let level = 0; ; level++) {
      const row = this.rows[level] ?? rowOf(new Uint8Array());
      this.rows[level] = row;
      const { full, width } = tilesAt(level, this.size);
      row.set(hash, width * HASH_BYTES);
      if (width + 1 < TILE_WIDTH) break;
      this.filled.push({ level, n: full, hashes: Buffer.from(row) });
      hash = rootOfHashes(row);
    }
    this.size += 1;
  }

  /** The tiles that have become full since this was last asked, lower levels first in each place. */
  takeFilled(): readonly Tile[] {
    const { filled } = this;
    this.filled = [];
    return filled;
  }

  /** The tiles that are not full, none of them empty. */
  partial(): readonly Tile[] {
    return this.rows.flatMap((row, level) => {
      const { full, width } = tilesAt(level, this.size);
      return width === 0 ? [] : [{ level, n: full, hashes: Buffer.from(row.subarray(0, width * HASH_BYTES)) }];
    });
  }

  root(): Buffer {
    if (this.size === 0) return EMPTY_ROOT;
    return joined(
      subtreesOf(0, this.size).map((subtree) => {
        const { level, start, count } = placeOf(subtree); // the subtrees from the left end at the edge, so each lies in a tile of it
        return rootOfHashes(this.rows[level]?.subarray(start * HASH_BYTES, (start + count) * HASH_BYTES) ?? Buffer.alloc(0));
      }),
    );
  }
}

function rowOf(hashes: Uint8Array): Buffer {
  const row = Buffer.alloc(TILE_WIDTH * HASH_BYTES);
  row.set(hashes);
  return row;
}
