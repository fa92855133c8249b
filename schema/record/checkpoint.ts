import type { Signer } from "../policy/keys.ts";
import { type Note, type NoteKey, parseNote, signLine } from "./note.ts";
import { readState } from "./noteText.ts";

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
  const { origin, size, root } = readState(note.text);
  return { origin, size, root: Buffer.from(root), note };
}
