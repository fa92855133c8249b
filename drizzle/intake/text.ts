import { createReadStream } from "node:fs";
import { TextDecoder } from "node:util";

/** A file that cannot be read as what it claims to be. Nothing of it was loaded; the message says what to do. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";
}

/** The file's text in chunks, without a byte order mark. Refuses what is not UTF-8, with the line it saw first. */
export async function* textOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let line = 1;
  let isFirst = true;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    if (isFirst) refuseOtherFormats(chunk);
    const nul = chunk.indexOf(0);
    if (nul >= 0)
      throw new UnreadableFile(
        `line ${line + newlines(chunk.subarray(0, nul))} holds a NUL byte: the file is damaged or not text`,
      );
    const text = decode(decoder, chunk, line);
    line += newlines(chunk);
    yield isFirst ? text.replace(/^\uFEFF/, "") : text;
    isFirst = false;
  }
  decode(decoder, undefined, line);
}

function refuseOtherFormats(start: Buffer): void {
  const [a, b] = start;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff))
    throw new UnreadableFile("the file is UTF-16: save it as “CSV UTF-8”");
  if (a === 0x50 && b === 0x4b) throw new UnreadableFile("the file is an Excel workbook or archive: save it as “CSV UTF-8”");
  if (a === 0xd0 && b === 0xcf)
    throw new UnreadableFile("the file is an old Excel workbook or one with a password: save it as .xlsx without a password");
}

function decode(decoder: TextDecoder, chunk: Buffer | undefined, line: number): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    const at = chunk ? line + newlines(chunk.subarray(0, firstBadByte(chunk))) : line;
    throw new UnreadableFile(`line ${at} is not UTF-8, probably Windows-1252: save the file as “CSV UTF-8”`);
  }
}

/** Where the line begins that does not decode; the first when no later one is to blame, for it may continue the chunk before. */
function firstBadByte(chunk: Buffer): number {
  let start = chunk.indexOf(10) + 1;
  for (let end = chunk.indexOf(10, start); end >= 0; end = chunk.indexOf(10, start)) {
    if (!isUtf8(chunk.subarray(start, end))) return start;
    start = end + 1;
  }
  return isUtf8(chunk.subarray(start)) ? 0 : start;
}

/** Whether the bytes are UTF-8, a last character cut short allowed. */
function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function newlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
