import type { Signer } from "../../policy/keys.ts";
import type { Checkpoint } from "../checkpoint.ts";
import { isSignedNote, type Note, type NoteKey, signLine } from "../note.ts";
import { verifyConsistency } from "../proofs.ts";
import { readAddCheckpoint } from "./addCheckpoint.ts";

/** What a witness remembers of a log: the newest state it cosigned. Null: none yet. */
export type Witnessed = Pick<Checkpoint, "size" | "root"> | null;

/** What it answers (C2SP tlog-witness), and what it MUST have made durable before the answer leaves; undefined: nothing new. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly body: string;
  readonly type?: string;
  readonly seen?: NonNullable<Witnessed>;
}

export interface WitnessOf {
  /** The log it watches. */
  readonly log: NoteKey;
  readonly signer: Signer;
  readonly key: NoteKey;
}

/** Judges one `add-checkpoint`. Never cosigns two trees of one size, a smaller tree than before, or one that does not continue what it saw. Pure but for the clock. */
export function judge(request: string, seen: Witnessed, { log, signer, key }: WitnessOf): WitnessAnswer {
  const asked = read(request);
  if (!asked) return { status: 400, body: "not a request to add a checkpoint\n" };
  const { old, proof, checkpoint } = asked;
  const fault = faultOf(checkpoint, log);
  if (fault) return fault;
  if (old > checkpoint.size) return { status: 400, body: "the old size is above the checkpoint's\n" };
  if (old !== (seen?.size ?? 0)) return { status: 409, body: `${seen?.size ?? 0}\n`, type: "text/x.tlog.size" };
  const known = seen ?? { size: 0, root: Buffer.alloc(0) };
  if (seen?.size === checkpoint.size && !seen.root.equals(checkpoint.root))
    return { status: 409, body: "another tree of this size was cosigned\n" };
  if (!verifyConsistency(known, checkpoint, proof))
    return { status: 422, body: "the proof does not show that the log only grew\n" };
  const line = signLine(checkpoint.note.text, { signer, key, at: new Date() });
  return { status: 200, body: `${line}\n`, seen: { size: checkpoint.size, root: checkpoint.root } };
}

function read(request: string) {
  try {
    return readAddCheckpoint(request);
  } catch {
    return undefined;
  }
}

function faultOf({ origin, note }: { origin: string; note: Note }, log: NoteKey): WitnessAnswer | undefined {
  if (origin !== log.name) return { status: 404, body: "this log is not watched here\n" };
  return isSignedNote(note, log) === true ? undefined : { status: 403, body: "not signed by the log\n" };
}
