import type { Receipt } from "../errors.ts";
import { continuation, isContinued, isIncluded, type TileReader } from "./merkle.ts";
import { isSigned, type State, stateOf } from "./note.ts";
import { fromHex, octetsOf } from "./octets.ts";

/** What the hub says is on record under a receipt (`GET /receipts/<id>`, or the question `receipt`). */
export interface Claim {
  readonly id?: string | null;
  readonly leaf?: string | null;
  /** Place in the log; null: no checkpoint covers it yet. */
  readonly index?: number | null;
  readonly checkpoint?: string | null;
  readonly inclusionProof?: readonly string[] | null;
}

export interface Trust {
  /** Verifier key of the log, got from the operator by another way than the hub. */
  readonly logKey: string;
  /** Verifier keys of witnesses: at least one of them must have cosigned. */
  readonly witnesses?: readonly string[];
  /** The newest checkpoint you have kept: what is shown now must continue it, or it must continue what is shown. */
  readonly kept?: string;
  /** Tiles of the public log, for that. */
  readonly tiles?: TileReader;
}

/** PENDING: no signed state covers it yet, ask again in a second. OPEN: not wrong, and not proven. */
export type Verdict = "VERIFIED" | "PENDING" | "OPEN" | "ALTERED";
export interface Verified {
  readonly verdict: Verdict;
  /** Why it is not VERIFIED; empty when it is. */
  readonly because: string;
  /** The newer of both checkpoints, where all is well: keep this one from now on. */
  readonly keep: string | null;
}

const not = (verdict: Exclude<Verdict, "VERIFIED">, because: string): Verified => ({ verdict, because, keep: null });

/** Whether the answer of this receipt stands in the log as it was given. Nothing is taken from the hub but what is to be proven. Never rejects. */
export async function verifyReceipt(given: Receipt, claim: Claim, trust: Trust): Promise<Verified> {
  try {
    return await verified(given, claim, trust);
  } catch (error) {
    return not("ALTERED", String(error instanceof Error ? error.message : error));
  }
}

async function verified(given: Receipt, claim: Claim, trust: Trust): Promise<Verified> {
  const { index, checkpoint, inclusionProof } = claim;
  const leaf = fromHex(given.leaf);
  if (claim.leaf?.toLowerCase() !== given.leaf.toLowerCase() || leaf === null || leaf.length !== 32)
    return not("ALTERED", "another hash is on record than the receipt gives");
  if (typeof index !== "number" || !checkpoint || !inclusionProof)
    return not("PENDING", "no signed state of the log covers it yet");
  if (!(await isSigned(checkpoint, trust.logKey))) return not("ALTERED", "the checkpoint is not signed by the log");
  if (!(await isWitnessed(checkpoint, trust))) return not("OPEN", "no witness you trust has cosigned the checkpoint");
  const tree = stateOf(checkpoint);
  const proof = inclusionProof.map((hash) => octetsOf(hash) ?? new Uint8Array());
  if (!(await isIncluded(leaf, { index, tree, proof }))) return not("ALTERED", "the proof does not lead to the signed root");
  return besideKept({ note: checkpoint, tree }, trust);
}

async function isWitnessed(note: string, { witnesses = [] }: Trust): Promise<boolean> {
  if (witnesses.length === 0) return true;
  return (await Promise.all(witnesses.map((key) => isSigned(note, key)))).includes(true);
}

async function besideKept(shown: { readonly note: string; readonly tree: State }, trust: Trust): Promise<Verified> {
  const { kept, logKey, tiles } = trust;
  if (kept === undefined) return { verdict: "VERIFIED", because: "", keep: shown.note };
  if (!(await isSigned(kept, logKey))) return not("OPEN", "the kept checkpoint is not signed by this log");
  const mine = { note: kept, tree: stateOf(kept) };
  if (mine.tree.origin !== shown.tree.origin) return not("ALTERED", "the checkpoint is of another log than the kept one");
  const [older, newer] = mine.tree.size <= shown.tree.size ? [mine, shown] : [shown, mine];
  const isGrown = older.tree.size > 0 && older.tree.size < newer.tree.size;
  const proof = isGrown ? await (tiles && continuation(tiles, older.tree.size, newer.tree.size)) : [];
  if (!proof) return not("OPEN", "tiles of the log are needed to show that one checkpoint continues the other");
  const isOne = await isContinued(older.tree, newer.tree, proof);
  return isOne
    ? { verdict: "VERIFIED", because: "", keep: newer.note }
    : not("ALTERED", "the log does not continue the checkpoint you kept");
}

/** Tiles of a log by HTTP. `url`: where its `/checkpoint` is. */
export const tilesAt =
  (url: string, request: typeof fetch = fetch): TileReader =>
  async (path) => {
    const response = await request(`${url.replace(/\/$/, "")}/${path}`).catch(() => null);
    return response?.ok ? new Uint8Array(await response.arrayBuffer()) : null;
  };
