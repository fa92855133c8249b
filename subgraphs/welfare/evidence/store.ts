import { createHash } from "node:crypto";
import { Refusal } from "../../../schema/errors.ts";
import { openFolder } from "./folder.ts";
import { isAsAnnounced, SNIFFED } from "./media.ts";
import { openBucket } from "./s3.ts";

export type Bytes = AsyncIterable<Uint8Array>;

/** Where bytes lie, by their SHA-256 in lower-case hexadecimal: the same bytes lie there once. */
export interface Store {
  /** Keeps bytes. MUST NOT resolve before they are durable; keeps nothing when reading them throws. Bytes that are there already are read all the same. */
  put(sha256: string, bytes: Bytes): Promise<void>;
  /** Bytes, piece by piece. Throws when there are none. */
  get(sha256: string): Bytes;
}

/** The store at an address that kit/serve/config.ts has checked: a folder (`file:`) or a bucket (`s3:`). Opens nothing yet. */
export function openStore(url: string): Store {
  const address = new URL(url);
  return address.protocol === "file:" ? openFolder(address) : openBucket(address);
}

/** Bytes that are not what was announced; the message is for who brought them. */
export class NotAsAnnounced extends Error {}

export interface Announced {
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The same bytes, as long as they are what was announced: no more, no fewer, beginning as their media type does, and of that SHA-256. Throws NotAsAnnounced. */
export async function* asAnnounced(bytes: Bytes, announced: Announced): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let head: Buffer | null = Buffer.alloc(0);
  let length = 0;
  for await (const piece of bytes) {
    length += piece.length;
    if (length > announced.bytes) throw new NotAsAnnounced("there are more bytes than announced");
    hash.update(piece);
    if (head === null) yield piece;
    else {
      head = Buffer.concat([head, piece]);
      if (head.length < SNIFFED) continue;
      yield sniffed(head, announced);
      head = null;
    }
  }
  if (length < announced.bytes) throw new NotAsAnnounced("there are fewer bytes than announced");
  if (head !== null) yield sniffed(head, announced);
  if (hash.digest("hex") !== announced.sha256) throw new NotAsAnnounced("the bytes have another SHA-256 than announced");
}

function sniffed(head: Buffer, { mediaType }: Announced): Buffer {
  if (!isAsAnnounced(mediaType, head)) throw new NotAsAnnounced(`the bytes are no ${mediaType}`);
  return head;
}

/** Kept bytes on their way out. What was changed where it lies is found at the end: the answer is then cut. */
export async function* asKept(store: Store, sha256: string): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const piece of store.get(sha256)) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest("hex") !== sha256) throw new Refusal({ code: "INTERNAL_SERVER_ERROR" });
}
