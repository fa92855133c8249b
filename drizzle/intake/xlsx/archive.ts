import type { Entry, ZipFile } from "yauzl";
import { openPromise } from "yauzl";
import { UnreadableFile } from "../text.ts";

/** What a workbook may unpack to. A village's list is a few hundred kilobytes; a bomb is gigabytes out of kilobytes. */
const MOST_ENTRIES = 1000;
const MOST_BYTES = 1024 * 1024 * 1024;
const MOST_TIMES = 200;
const SMALL_BYTES = 1024 * 1024; // so small that its ratio does not matter

/** The parts of a workbook. Nothing is unpacked before it is asked for, and nothing is held. */
export interface Archive {
  /** A part as UTF-8 text in chunks; null: there is none of that name. */
  text(name: string): AsyncIterable<string> | null;
  close(): void;
}

/** Opens a workbook. Throws UnreadableFile when it is no archive, or one that would unpack to too much. */
export async function openArchive(path: string): Promise<Archive> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true }).catch(notReadable);
  try {
    const entries = await entriesOf(zip).catch(notReadable);
    return {
      text(name) {
        const entry = entries.get(name);
        return entry ? textOf(zip, entry) : null;
      },
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

function notReadable(error: unknown): never {
  if (error instanceof UnreadableFile) throw error;
  throw new UnreadableFile("the workbook is damaged: save it anew as .xlsx");
}

async function entriesOf(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    bytes += entry.uncompressedSize;
    if (entries.size >= MOST_ENTRIES || bytes > MOST_BYTES || isBomb(entry))
      throw new UnreadableFile("the workbook unpacks to far more than a list needs: it is refused");
    if (entry.isEncrypted()) throw new UnreadableFile("the workbook is protected by a password: save it without");
    if (entries.has(entry.fileName)) throw new UnreadableFile("the workbook holds a part twice: save it anew as .xlsx");
    entries.set(entry.fileName, entry);
  }
  return entries;
}

const isBomb = ({ uncompressedSize, compressedSize }: Entry) =>
  uncompressedSize > SMALL_BYTES && uncompressedSize > compressedSize * MOST_TIMES;

/** The archive's own sizes hold: yauzl stops a part that unpacks to another size than it says. */
async function* textOf(zip: ZipFile, entry: Entry): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) yield decoder.decode(chunk as Buffer, { stream: true });
    yield decoder.decode();
  } catch (error) {
    notReadable(error);
  }
}
