import { type CipherGCM, createCipheriv, createDecipheriv } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

// Files sealed piece by piece (AES-256-GCM), so that neither side holds more than a piece. The nonce counts the pieces and marks the last one
// (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015): a file that was cut, reordered or spliced does not open. A key
// MUST seal one file of each kind and no other.

const PIECE = 64 * 1024;
const TAG = 16;
/** Files one key seals. */
const KINDS = { rows: 0, persons: 1 } as const;
export type Kind = keyof typeof KINDS;

export interface Seal {
  readonly kind: Kind;
  /** 32 bytes. */
  readonly key: Buffer;
}

function nonceOf({ kind }: Seal, at: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt8(KINDS[kind], 0);
  nonce.writeUIntBE(at, 5, 6);
  nonce.writeUInt8(isLast ? 1 : 0, 11);
  return nonce;
}

type Piece = readonly [bytes: Buffer, at: number, isLast: boolean];

/** Bytes as pieces of one size; the last may be shorter, and is there even when there are none. */
class Pieces {
  private readonly size: number;
  private waiting: Buffer[] = [];
  private bytes = 0;
  private at = 0;

  constructor(size: number) {
    this.size = size;
  }

  /** Pieces that are full, and not the last: something follows. */
  *added(bytes: Uint8Array): Generator<Piece> {
    this.waiting.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.bytes += bytes.length;
    if (this.bytes <= this.size) return;
    let rest = Buffer.concat(this.waiting);
    for (; rest.length > this.size; rest = rest.subarray(this.size)) yield [rest.subarray(0, this.size), this.at++, false];
    this.waiting = [Buffer.from(rest)]; // a copy: a view would keep all of it
    this.bytes = rest.length;
  }

  last(): Piece {
    return [Buffer.concat(this.waiting), this.at, true];
  }
}

/** Writes a sealed file. What does not come to its `end` does not open. */
export class SealedFile {
  private readonly file: FileHandle;
  private readonly seal: Seal;
  private readonly pieces = new Pieces(PIECE);

  constructor(file: FileHandle, seal: Seal) {
    this.file = file;
    this.seal = seal;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (const piece of this.pieces.added(bytes)) await this.append(piece);
  }

  /** Writes the last piece; resolves when all of it is on the disk. */
  async end(): Promise<void> {
    await this.append(this.pieces.last());
    await this.file.sync();
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async append([bytes, at, isLast]: Piece): Promise<void> {
    const cipher: CipherGCM = createCipheriv("aes-256-gcm", this.seal.key, nonceOf(this.seal, at, isLast));
    await this.file.appendFile(Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]));
  }
}

/** What was sealed, piece by piece. Throws when it is not there, and before the first byte of a piece that is not as it was written. */
async function* unsealed(path: string, seal: Seal): AsyncGenerator<Buffer> {
  const pieces = new Pieces(PIECE + TAG);
  for await (const bytes of createReadStream(path, { highWaterMark: PIECE }))
    for (const piece of pieces.added(bytes as Buffer)) yield opened(piece, seal);
  yield opened(pieces.last(), seal);
}

function opened([bytes, at, isLast]: Piece, seal: Seal): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", seal.key, nonceOf(seal, at, isLast), { authTagLength: TAG });
  decipher.setAuthTag(bytes.subarray(-TAG));
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG)), decipher.final()]);
}

/** An attempt at a job: its files are named after it, and sealed with a key that is nobody else's. */
export interface Attempt {
  /** A UUID. */
  readonly attempt: string;
  readonly key: Buffer;
}

const NAME = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(?:rows|persons)$/;
const PRIVATE = { folder: 0o700, file: 0o600 };

/** The folder of sealed files. All gateways MUST have the same one. */
export class Vault {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** A file that is not there yet. */
  async create({ attempt, key }: Attempt, kind: Kind): Promise<SealedFile> {
    await mkdir(this.folder, { recursive: true, mode: PRIVATE.folder });
    return new SealedFile(await open(this.pathOf(attempt, kind), "wx", PRIVATE.file), { kind, key });
  }

  /** The file as it was before it was sealed; opened when it is read. */
  open({ attempt, key }: Attempt, kind: Kind): AsyncGenerator<Buffer> {
    return unsealed(this.pathOf(attempt, kind), { kind, key });
  }

  async remove(attempt: string): Promise<void> {
    for (const kind of ["rows", "persons"] as const) await rm(this.pathOf(attempt, kind), { force: true });
  }

  /** Attempts there are files of. */
  async attempts(): Promise<string[]> {
    const names = await readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    return [...new Set(names.flatMap((name) => NAME.exec(name)?.[1] ?? []))];
  }

  private pathOf(attempt: string, kind: Kind): string {
    return join(this.folder, `${attempt}.${kind}`);
  }
}
