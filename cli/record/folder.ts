import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { type NoteKey, vkeyOf } from "../../schema/record/note.ts";
import { HASH_BYTES, hashesAt, TILE_WIDTH, type TileReader, tilePath, tilesAt } from "../../schema/record/tiles.ts";
import type { LeftOut, LogCopy, StoredRecord } from "../../schema/record/verify/copy.ts";

// A copy of the log as a folder: C2SP tlog-tiles (checkpoint, tile/<level>/…, tile/entries/…), and beside it `checkpoints/<size>`, `tags/…` (the tags of a
// bundle's records, each with its length in 32 bits), `keys` (verifier keys, the log's first) and `left-out.jsonl`.

const LENGTH_OF_BODY = 2;
const LENGTH_OF_TAGS = 4;
const MOST_BODY_BYTES = 0xffff;
/** Length that says: there are none any more. */
const PRUNED = 0xffff_ffff;

const tagsPath = (n: number, width: number): string => tilePath("entries", n, width).replace(/^tile\/entries/, "tags");

/** Writes a whole copy into a new folder. Answers how many records. Throws when the folder is there, or a body is longer than the layout can hold. */
export async function writeFolder(folder: string, copy: LogCopy, keys: readonly NoteKey[]): Promise<number> {
  if (existsSync(folder)) throw new Error(`${folder} is there already: name a new folder`);
  const put = async (path: string, content: string | Uint8Array) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  let size = 0;
  for await (const bundle of copy.bundles()) {
    const n = Math.floor(size / TILE_WIDTH);
    await put(tilePath("entries", n, bundle.length), Buffer.concat(bundle.flatMap((record, at) => bodyBytes(record, size + at))));
    await put(tagsPath(n, bundle.length), Buffer.concat(bundle.flatMap(tagBytes)));
    size += bundle.length;
  }
  await writeTiles(put, copy.tile, size);
  let newest = "";
  for await (const note of copy.checkpoints()) {
    newest = note;
    await put(`checkpoints/${note.split("\n")[1]?.replace(/\D/g, "")}`, note);
  }
  await put("checkpoint", newest);
  await put("keys", keys.map((key) => `${vkeyOf(key)}\n`).join(""));
  const left: string[] = [];
  for await (const entry of copy.leftOut()) left.push(`${JSON.stringify(entry)}\n`);
  await put("left-out.jsonl", left.join(""));
  return size;
}

/** A body that is missing has no byte: no body is empty. */
function bodyBytes(record: StoredRecord | null, index: number): Buffer[] {
  const body = Buffer.from(record?.body ?? "");
  if (body.length > MOST_BODY_BYTES)
    throw new Error(`record ${index} has ${body.length} bytes: more than a bundle of entries can hold`);
  const length = Buffer.alloc(LENGTH_OF_BODY);
  length.writeUInt16BE(body.length);
  return [length, body];
}

function tagBytes(record: StoredRecord | null): Uint8Array[] {
  const tags = record?.tags ?? null;
  const length = Buffer.alloc(LENGTH_OF_TAGS);
  length.writeUInt32BE(tags?.length ?? PRUNED);
  return tags ? [length, tags] : [length];
}

async function writeTiles(
  put: (path: string, content: Uint8Array) => Promise<void>,
  read: TileReader,
  size: number,
): Promise<void> {
  for (let level = 0; hashesAt(level, size) > 0; level++) {
    const { full, width } = tilesAt(level, size);
    for (let n = 0; n < full + Math.min(width, 1); n++) {
      const tile = await read(level, n);
      const held = Math.floor((tile?.length ?? 0) / HASH_BYTES);
      if (tile && held > 0) await put(tilePath(level, n, held), tile);
    }
  }
}

/** A folder as somebody was given it. Nothing is written, and no network is asked. */
export function folderCopy(folder: string): LogCopy {
  return {
    bundles: () => bundlesOf(folder),
    async tile(level, n) {
      const path = widest(folder, tilePath(level, n));
      return path === null ? null : readFile(path);
    },
    async *checkpoints() {
      const names = readdirSync(join(folder, "checkpoints")).sort((a, b) => Number(a) - Number(b));
      for (const name of names) yield await readFile(join(folder, "checkpoints", name), "utf8");
    },
    async *leftOut() {
      const path = join(folder, "left-out.jsonl");
      if (!existsSync(path)) return;
      for await (const line of createInterface({ input: createReadStream(path) })) yield JSON.parse(line) as LeftOut;
    },
    misindexed: async () => null,
  };
}

/** Verifier keys the folder itself names: as good as the hand it came from. */
export function keysIn(folder: string): string[] {
  const path = join(folder, "keys");
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
}

async function* bundlesOf(folder: string): AsyncGenerator<(StoredRecord | null)[]> {
  for (let n = 0; ; n++) {
    const entries = widest(folder, tilePath("entries", n));
    if (entries === null) return;
    const tags = widest(folder, tagsPath(n, TILE_WIDTH));
    const bodies = pieces(await readFile(entries), LENGTH_OF_BODY);
    const tagged = tags === null ? [] : pieces(await readFile(tags), LENGTH_OF_TAGS);
    yield bodies.map((body, at) => (body === null || body.length === 0 ? null : { body, tags: tagged[at] ?? null }));
    if (bodies.length < TILE_WIDTH) return;
  }
}

/** The full resource, or the widest partial one; null: neither. */
function widest(folder: string, path: string): string | null {
  const whole = join(folder, path);
  if (existsSync(whole)) return whole;
  if (!existsSync(`${whole}.p`)) return null;
  const widths = readdirSync(`${whole}.p`).map(Number);
  return join(`${whole}.p`, String(Math.max(...widths)));
}

/** Parts of a file that each begin with their length. Throws when the file ends within one. */
function pieces(file: Buffer, lengthBytes: typeof LENGTH_OF_BODY | typeof LENGTH_OF_TAGS): (Buffer | null)[] {
  const found: (Buffer | null)[] = [];
  for (let at = 0; at < file.length; ) {
    if (at + lengthBytes > file.length) throw new Error("a bundle ends within the length of a record");
    const length = file.readUIntBE(at, lengthBytes);
    at += lengthBytes;
    if (length === PRUNED) {
      found.push(null);
      continue;
    }
    if (at + length > file.length) throw new Error("a bundle ends within a record");
    found.push(file.subarray(at, at + length));
    at += length;
  }
  return found;
}
