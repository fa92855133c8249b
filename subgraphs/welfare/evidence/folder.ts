import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bytes, Store } from "./store.ts";

/** A folder of files named by the SHA-256 of their bytes, 256 folders below. Any number of processes may share it. */
export function openFolder(url: URL): Store {
  const folder = fileURLToPath(url);
  return {
    async put(sha256, bytes) {
      const path = pathOf(folder, sha256);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const draft = join(folder, `.${randomUUID()}`);
      try {
        await synced(draft, "wx", (file) => writeAll(file, bytes));
        await rename(draft, path);
        await synced(dirname(path), "r", async () => {}); // the name must be as durable as the bytes
      } finally {
        await rm(draft, { force: true });
      }
    },
    get: (sha256) => createReadStream(pathOf(folder, sha256)),
  };
}

function pathOf(folder: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error("not a SHA-256");
  return join(folder, sha256.slice(0, 2), sha256);
}

async function synced(path: string, flags: "wx" | "r", work: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await work(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Bytes): Promise<void> {
  for await (const piece of bytes) await file.writeFile(piece); // appends: a handle keeps its place
}
