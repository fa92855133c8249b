import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { readHead } from "../../../subgraphs/population/jobs/upload/head.ts";
import { describeMapping, proposeMapping, readMapping } from "../../../subgraphs/population/jobs/upload/mapping.ts";
import { CHUNK_BYTES } from "../../../subgraphs/population/jobs/upload/upload.ts";
import { rowChunks } from "../../../subgraphs/population/matching/csv/chunks.ts";

/** How the hub will read the columns of a file, a line each, as this release of the hub does. Throws UnreadableCsv, UnreadableJson and ConfigFaults: before a byte of it leaves. */
export async function readingOf(path: string, map: string | undefined): Promise<string[]> {
  for await (const { bytes } of rowChunks(createReadStream(path), CHUNK_BYTES)) {
    const head = await readHead(bytes);
    return describeMapping(map === undefined ? proposeMapping(head) : readMapping(map, head));
  }
  return [];
}

/** A file as it is sent, telling how far it is; it ends in an error when somebody stops it, so that half of it is never taken for all. */
export function pieces(
  file: NodeJS.ReadableStream,
  { signal, onBytes }: { readonly signal: AbortSignal; readonly onBytes: (bytes: number) => void },
): ReadableStream<Uint8Array> {
  async function* told() {
    let bytes = 0;
    for await (const piece of file as AsyncIterable<Uint8Array>) {
      signal.throwIfAborted();
      bytes += piece.length;
      onBytes(bytes);
      yield piece;
    }
  }
  return Readable.toWeb(Readable.from(told())) as ReadableStream<Uint8Array>;
}
