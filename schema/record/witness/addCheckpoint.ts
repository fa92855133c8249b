import { type Checkpoint, parseCheckpoint } from "../checkpoint.ts";
import type { Note } from "../note.ts";
import { HASH_BYTES } from "../tiles.ts";

// What a log sends a witness (C2SP tlog-witness, `POST /add-checkpoint`): the size it last cosigned, the way from there, the checkpoint.

const MOST_HASHES = 63;
/** Longest request that is read. */
export const MOST_REQUEST_BYTES = 64 * 1024;

export const addCheckpointText = (old: number, proof: readonly Uint8Array[], note: string): string =>
  [`old ${old}`, ...proof.map((hash) => Buffer.from(hash).toString("base64")), "", note].join("\n");

/** The opposite of addCheckpointText. Throws when it is none. */
export function readAddCheckpoint(text: string): {
  readonly old: number;
  readonly proof: readonly Buffer[];
  readonly checkpoint: Checkpoint & { readonly note: Note };
} {
  const end = text.indexOf("\n\n");
  const [first = "", ...lines] = text.slice(0, end).split("\n");
  const [, digits = ""] = /^old (0|[1-9]\d{0,15})$/.exec(first) ?? [];
  const proof = lines.map((line) => Buffer.from(line, "base64"));
  const isProof =
    proof.length <= MOST_HASHES && proof.every((hash, at) => hash.length === HASH_BYTES && hash.toString("base64") === lines[at]);
  if (end < 0 || digits === "" || !isProof)
    throw new Error("not a request to add a checkpoint: old size, proof, empty line, checkpoint");
  return { old: Number(digits), proof, checkpoint: parseCheckpoint(text.slice(end + 2)) };
}
