import { setTimeout as wait } from "node:timers/promises";
import { isSignedNote, type NoteKey, parseNote, readVkey } from "../../schema/record/note.ts";
import { readState } from "../../schema/record/noteText.ts";
import { verifyInclusion } from "../../schema/record/proofs.ts";
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

/** PENDING: no signed state covers it yet. UNKNOWN: nobody named a key of the log. BAD: keep what you have, and ask why. */
export type Proven =
  | { readonly verdict: "PROVEN"; readonly index: number; readonly isByOwnKey: boolean; readonly status: string }
  | { readonly verdict: "PENDING" }
  | { readonly verdict: "UNKNOWN" }
  | { readonly verdict: "BAD"; readonly fault: string };

/** Whether a receipt stands in the log, by a proof that is checked here; `logKey`: the verifier key you hold, else the hub's own word is taken. Throws Refused. */
export async function provenBy(hub: Hub, given: Given, logKey: string | undefined): Promise<Proven> {
  const claim = await claimOf(hub, given.id);
  if (claim === null) return { verdict: "PENDING" };
  const vkey = logKey ?? (await hub.ask<{ recordLogKey: string | null }>(KEY).catch(() => null))?.recordLogKey;
  if (vkey == null) return { verdict: "UNKNOWN" };
  const fault = faultOf(given.leaf ?? claim.leaf, claim, readVkey(vkey));
  if (fault !== null) return { verdict: "BAD", fault };
  return { verdict: "PROVEN", index: claim.index ?? -1, isByOwnKey: logKey !== undefined, status: claim.status };
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
function faultOf(leaf: string, { leaf: told, index, checkpoint, inclusionProof }: Claim, key: NoteKey): string | null {
  if (told !== leaf) return "the receipt has another hash than the answer had";
  const note = parseNote(checkpoint ?? "");
  if (isSignedNote(note, key) !== true) return "the checkpoint is not signed by the log's key";
  const { size, root } = readState(note.text);
  const proof = (inclusionProof ?? []).map((one) => Buffer.from(one, "base64"));
  const isIn = verifyInclusion({ leaf: Buffer.from(leaf, "hex"), index: index ?? -1, size, proof, root });
  return isIn ? null : "the proof does not lead from the answer to the signed tree";
}
