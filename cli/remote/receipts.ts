import { setTimeout as wait } from "node:timers/promises";
import { isSignedNote, type NoteKey, parseNote, readVkey } from "../../schema/record/note.ts";
import { readState } from "../../schema/record/noteText.ts";
import { verifyInclusion } from "../../schema/record/proofs.ts";
import { Misuse } from "./faults.ts";
import type { Hub } from "./hub.ts";

const KEY = "query LogKey { recordLogKey }";

/** What a hub says is on record under a receipt, with its way to a signed state of the log. */
interface Claim {
  readonly leaf: string;
  readonly status: string;
  readonly index: number | null;
  readonly checkpoint: string | null;
  readonly inclusionProof: readonly string[] | null;
}

/** A receipt as it was given: with the hash of its entry, or, in a header, by its id alone. */
export interface Given {
  readonly id: string;
  readonly leaf?: string;
}

/** PROVEN: `isOfAnswer`: the entry is that of the answer; else it is an entry, and which answer it is of is the hub's word. PENDING: no signed state covers it yet. UNKNOWN: nobody named a key of the log. BAD: keep what you have, and ask why. */
export type Proven =
  | {
      readonly verdict: "PROVEN";
      readonly index: number;
      readonly isByOwnKey: boolean;
      readonly isOfAnswer: boolean;
      readonly status: string;
    }
  | { readonly verdict: "PENDING" }
  | { readonly verdict: "UNKNOWN" }
  | { readonly verdict: "BAD"; readonly fault: string };

/** The verifier key somebody holds. Throws Misuse. */
export function logKeyOf(vkey: string): NoteKey {
  const key = keyIn(vkey);
  if (key === null) throw new Misuse("--log-key takes a verifier key of the log: <name>+<id>+<key>.");
  return key;
}

function keyIn(vkey: string): NoteKey | null {
  try {
    return readVkey(vkey);
  } catch {
    return null;
  }
}

/** Whether a receipt stands in the log, by a proof that is checked here; `logKey`: the verifier key you hold, else the hub's own word is taken. Throws Misuse and Refused. */
export async function provenBy(hub: Hub, given: Given, logKey: string | undefined): Promise<Proven> {
  const held = logKey === undefined ? null : logKeyOf(logKey);
  const claim = await claimOf(hub, given.id);
  if (claim === null) return { verdict: "PENDING" };
  const key = held ?? (await keyNamedBy(hub));
  if (key === null) return { verdict: "UNKNOWN" };
  const fault = faultOf(given.leaf ?? claim.leaf, claim, key);
  if (fault !== null) return { verdict: "BAD", fault };
  const [isByOwnKey, isOfAnswer] = [held !== null, given.leaf !== undefined];
  return { verdict: "PROVEN", index: claim.index ?? -1, isByOwnKey, isOfAnswer, status: claim.status };
}

async function keyNamedBy(hub: Hub): Promise<NoteKey | null> {
  const told = await hub.ask<{ recordLogKey: string | null }>(KEY).catch(() => null);
  return told?.recordLogKey == null ? null : keyIn(told.recordLogKey);
}

/** The tree grows about once a second. */
const TRIES = 24;
const PAUSE_MS = 500;

async function claimOf(hub: Hub, id: string): Promise<Claim | null> {
  for (let turn = 0; turn < TRIES; turn++) {
    if (turn > 0) await wait(PAUSE_MS);
    const response = await hub.get(`/receipts/${encodeURIComponent(id)}`);
    const claim = response.ok ? ((await response.json()) as Claim) : null;
    if (claim?.index != null && claim.checkpoint !== null) return claim;
  }
  return null;
}

/** What does not hold; null: all does. */
function faultOf(leaf: string, claim: Claim, key: NoteKey): string | null {
  try {
    return faultIn(leaf, claim, key);
  } catch {
    return "its checkpoint or its proof cannot be read";
  }
}

function faultIn(leaf: string, { leaf: told, index, checkpoint, inclusionProof }: Claim, key: NoteKey): string | null {
  if (told !== leaf) return "the receipt has another hash than the answer had";
  const note = parseNote(checkpoint ?? "");
  if (isSignedNote(note, key) !== true) return "the checkpoint is not signed by the log's key";
  const { size, root } = readState(note.text);
  const proof = (inclusionProof ?? []).map((one) => Buffer.from(one, "base64"));
  const isIn = verifyInclusion({ leaf: Buffer.from(leaf, "hex"), index: index ?? -1, size, proof, root });
  return isIn ? null : "the proof does not lead from the entry to the signed tree";
}
