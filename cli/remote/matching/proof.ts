import { type Given, type Proven, provenBy } from "../receipts.ts";
import type { Run } from "./match.ts";
import { sentenceOf } from "./told.ts";

/** What receipts say together. */
export interface Proof {
  /** Every answer had a receipt, and the log proves each. */
  readonly isProven: boolean;
  /** Receipts that no signed state of the log covers yet. */
  readonly pending: readonly string[];
  /** Receipts that nothing could be held against: nobody named a key of the log. */
  readonly unknown: readonly string[];
  /** Nothing is at odds with the log; by a key that is held: everything is proved. */
  readonly isGood: boolean;
}

type Looked = { readonly id: string; readonly proven: Proven } | null;

/** Looks every receipt up, and tells what is known of it; null: an answer that came without. Throws Refused. */
export async function proved({ hub, logKey, note }: Run, receipts: readonly (Given | null)[]): Promise<Proof> {
  const looked: Looked[] = [];
  for (const receipt of receipts) {
    const proven = receipt && (await provenBy(hub, receipt, logKey));
    looked.push(receipt && proven && { id: receipt.id, proven });
    note(receipt && proven ? sentenceOf(receipt.id, proven) : "an answer came without a receipt: nothing proves it");
    if (receipt && proven && isCut(proven)) note(`receipt ${receipt.id} is of an answer that was cut: ${proven.status}`);
  }
  return proofOf(looked, logKey !== undefined);
}

export function proofOf(looked: readonly Looked[], isKeyHeld: boolean): Proof {
  const idsOf = (verdict: Proven["verdict"]) => looked.flatMap((one) => (one?.proven.verdict === verdict ? [one.id] : []));
  const isProven = looked.length > 0 && looked.every((one) => one?.proven.verdict === "PROVEN" && !isCut(one.proven));
  const isAtOdds = looked.some((one) => one !== null && (one.proven.verdict === "BAD" || isCut(one.proven)));
  return { isProven, pending: idsOf("PENDING"), unknown: idsOf("UNKNOWN"), isGood: isKeyHeld ? isProven : !isAtOdds };
}

const isCut = (proven: Proven): proven is Extract<Proven, { verdict: "PROVEN" }> =>
  proven.verdict === "PROVEN" && proven.status !== "ANSWERED";
