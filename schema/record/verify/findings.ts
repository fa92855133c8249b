/**
 * What is wrong with a record. ALTERED: a body is not what was hashed. DELETED: it is gone. REWRITTEN: records do not give the root that was signed over
 * them. FORKED: two trees of one size were signed. TRUNCATED: the end is gone. FORGED: a state that the log did not sign. UNSIGNED: records no state
 * covers. LEFT_OUT: written and never taken into the tree. MISFILED: the table has it under another receipt, client, agreement or instant than its text
 * says. PRUNED: its tags are gone before their time. INDEX: a search for a subject misses it, or finds it wrongly. TAGS, TILE, COSIGNATURE: altered, and nothing else.
 */
export type FaultKind =
  | "ALTERED"
  | "DELETED"
  | "REWRITTEN"
  | "FORKED"
  | "TRUNCATED"
  | "FORGED"
  | "UNSIGNED"
  | "LEFT_OUT"
  | "MISFILED"
  | "PRUNED"
  | "INDEX"
  | "TAGS"
  | "TILE"
  | "COSIGNATURE";

/** What names an entry to those who have to ask about it. */
export interface Head {
  readonly index: number;
  readonly receipt: string | null;
  readonly at: string | null;
}

export interface Fault {
  readonly kind: FaultKind;
  /** The record, or the first it may be. Null: it is about none in particular. */
  readonly first: Head | null;
  /** One after the last record it may be, where it cannot be told which; null: it is `first`. */
  readonly before: number | null;
  readonly text: string;
}

/** What came out of checking a whole log. */
export interface Findings {
  /** Records seen. */
  readonly size: number;
  /** In the order of the records, then those of tiles, of the index of subjects, then what was left out. Empty: the log is what was signed. */
  readonly faults: readonly Fault[];
  /** Newest state signed by the log that the records give. */
  readonly signed: number;
  /** Newest of those that a witness who is trusted cosigned; 0: none stands behind it. */
  readonly cosigned: number;
  /** Entries that announce what no other entry says the end of: the request died, or still runs. The first of them. */
  readonly unfinished: { readonly count: number; readonly first: readonly Head[] };
  /** Records whose tags were pruned at the end of their retention. */
  readonly pruned: number;
}

/** One line on a fault: kind, record, receipt, instant. */
export function faultLine({ kind, first, before, text }: Fault): string {
  if (!first) return `${kind}: ${text}`;
  const range =
    before === null || before === first.index + 1
      ? `record ${first.index}`
      : `one of records ${first.index} to ${before - 1}, first`;
  return `${kind}: ${range} (receipt ${first.receipt ?? "unknown"}, ${first.at ?? "time unknown"}): ${text}`;
}
