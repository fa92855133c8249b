import type { Signer } from "../policy/keys.ts";
import { type Note, type NoteKey, parseNote, signLine } from "./note.ts";
import { HASH_BYTES } from "./tiles.ts";

/** A state of the tree as its log signs it (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** Name of the log. */
  readonly origin: string;
  /** Leaves. */
  readonly size: number;
  readonly root: Buffer;
}

/** Its text, as it is signed. */
const checkpointText = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${root.toString("base64")}\n`;

/** As a note with the log's own signature. */
export function signCheckpoint(checkpoint: Checkpoint, by: { readonly signer: Signer; readonly key: NoteKey }): string {
  const text = checkpointText(checkpoint);
  return `${text}\n${signLine(text, { ...by, at: new Date() })}\n`;
}

/** Reads a checkpoint and the note it stands in; no signature is verified. Throws when it is none. */
export function parseCheckpoint(text: string): Checkpoint & { readonly note: Note } {
  const note = parseNote(text);
  const [origin = "", digits = "", base64 = "", ...more] = note.text.split("\n");
  const root = Buffer.from(base64, "base64");
  const size = Number(digits);
  const isSound = /^(?:0|[1-9]\d*)$/.test(digits) && Number.isSafeInteger(size) && root.length === HASH_BYTES && more.length > 0;
  if (origin === "" || !isSound || root.toString("base64") !== base64)
    throw new Error("not a checkpoint: origin, size and root of a log");
  return { origin, size, root, note };
}
