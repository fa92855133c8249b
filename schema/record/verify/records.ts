import { hash } from "node:crypto";
import { leafHash } from "../leaf.ts";
import { HASH_BYTES } from "../tiles.ts";
import type { StoredRecord } from "./copy.ts";
import type { Fault, Head } from "./findings.ts";

/** Most unfinished intents that are named. */
const MOST_NAMED = 100;

interface Told {
  readonly receipt?: unknown;
  readonly at?: unknown;
  readonly status?: unknown;
  readonly intent?: unknown;
  readonly tagsHash?: unknown;
}

/** What has been learned from bodies so far. */
export class Bodies {
  readonly faults: Fault[] = [];
  pruned = 0;
  /** Announced, and not yet followed by an outcome. */
  private readonly open = new Map<string, Head>();
  /** Outcomes that came before what they are the outcome of: batches overlap. */
  private readonly early = new Set<string>();

  /** Checks one record against its leaf in the tiles (null: there is none). Answers the leaf the tree goes on with, and what names the record. */
  check(index: number, record: StoredRecord | null, stored: Uint8Array | null): { leaf: Uint8Array; head: Head } {
    if (record === null) {
      const head = { index, receipt: null, at: null };
      this.faults.push({ kind: "DELETED", first: head, before: null, text: "its place is in the tree, the record is gone" });
      return { leaf: stored ?? Buffer.alloc(HASH_BYTES), head };
    }
    const leaf = leafHash(record.body);
    const told = toldBy(record.body);
    const head = { index, receipt: textOf(told.receipt), at: textOf(told.at) };
    this.tags(record, told, head);
    this.follow(told, head);
    const isAsTaken = (taken: Uint8Array | null | undefined) => !taken || leaf.equals(taken);
    if (isAsTaken(stored) && isAsTaken(record.leaf)) return { leaf, head };
    this.faults.push({
      kind: "ALTERED",
      first: head,
      before: null,
      text: "its text does not give the hash that was taken of it",
    });
    return { leaf: stored ?? leaf, head }; // the tree is what was signed: the next records are judged on their own
  }

  get unfinished() {
    return { count: this.open.size, first: [...this.open.values()].slice(0, MOST_NAMED) };
  }

  private tags({ tags }: StoredRecord, { tagsHash }: Told, head: Head): void {
    if (typeof tagsHash !== "string") return;
    if (tags === null) this.pruned += 1;
    else if (hash("sha256", tags) !== tagsHash)
      this.faults.push({ kind: "TAGS", first: head, before: null, text: "the tags of its subjects are not those it names" });
  }

  private follow({ status, intent }: Told, head: Head): void {
    if (status === "INTENDED" && head.receipt !== null && !this.early.delete(head.receipt)) this.open.set(head.receipt, head);
    if (typeof intent === "string" && !this.open.delete(intent)) this.early.add(intent);
  }
}

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** A body that is no JSON object tells nothing; its leaf says whether it was so when it was written. */
function toldBy(body: string | Uint8Array): Told {
  try {
    const told: unknown = JSON.parse(typeof body === "string" ? body : Buffer.from(body).toString("utf8"));
    return typeof told === "object" && told !== null ? told : {};
  } catch {
    return {};
  }
}
