import { randomUUID } from "node:crypto";
import { renameSync, rmSync, type WriteStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Writes a file that its owner alone reads, whole or not at all: what broke off, on a full disk too, leaves nothing behind. */
export const writeWhole = (path: string, write: (to: WriteStream) => Promise<unknown>): Promise<void> =>
  inPlaceOf(path, (file) => write(file.createWriteStream() as unknown as WriteStream));

/** The same, written as one likes. */
export async function inPlaceOf(path: string, write: (file: FileHandle) => Promise<unknown>): Promise<void> {
  const beside = `${path}.${randomUUID()}`; // nobody foresees it: who may write in the folder could have put a link there
  const file = await open(beside, "wx", 0o600);
  try {
    await write(file);
    await file.close();
    renameSync(beside, path);
  } finally {
    await file.close();
    rmSync(beside, { force: true });
  }
}
