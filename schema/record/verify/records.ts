import { hash } from "node:crypto";
import { leafHash } from "../leaf.ts";
import { HASH_BYTES } from "../tiles.ts";
import type { Filed, StoredRecord } from "./copy.ts";
import type { Fault, FaultKind, Head } from "./findings.ts";

/** Most unfinished intents that are named. */
const MOST_NAMED = 100;
const DAY_MS = 86_400_000;
/** What is younger has its tags: no retention is shorter than a year. */
const TAGS_KEPT_MS = 365 * DAY_MS;
/** Clocks of gateway and database differ, and a line waits for its commit. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

interface Told {
  readonly receipt?: unknown;
  readonly at?: unknown;
  readonly client?: unknown;
  readonly agreement?: unknown;
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
  private readonly now: Date;

  constructor(now: Date) {
    this.now = now;
  }

  /** Checks one record against its leaf in the tiles (null: there is none). Answers the leaf the tree goes on with, and what names the record. */
  check(index: number, record: StoredRecord | null, stored: Uint8Array | null): { leaf: Uint8Array; head: Head } {
    if (record === null) {
      const head = { index, receipt: null, at: null };
      this.fault("DELETED", head, "its place is in the tree, the record is gone");
      return { leaf: stored ?? Buffer.alloc(HASH_BYTES), head };
    }
    const leaf = leafHash(record.body);
    const told = toldBy(record.body);
    const head = { index, receipt: textOf(told.receipt), at: textOf(told.at) };
    this.tags(record, told, head);
    this.filed(record.filed, told, head);
    this.follow(told, head);
    const isAsTaken = (taken: Uint8Array | null | undefined) => !taken || leaf.equals(taken);
    if (isAsTaken(stored) && isAsTaken(record.leaf)) return { leaf, head };
    this.fault("ALTERED", head, "its text does not give the hash that was taken of it");
    return { leaf: stored ?? leaf, head }; // the tree is what was signed: the next records are judged on their own
  }

  get unfinished() {
    return { count: this.open.size, first: [...this.open.values()].slice(0, MOST_NAMED) };
  }

  private tags({ tags }: StoredRecord, { tagsHash }: Told, head: Head): void {
    if (typeof tagsHash !== "string") return;
    if (tags === null && this.isPastRetention(head)) this.pruned += 1;
    else if (tags === null) this.fault("PRUNED", head, "the tags of its subjects are gone, and it is younger than a year");
    else if (hash("sha256", tags) !== tagsHash) this.fault("TAGS", head, "the tags of its subjects are not those it names");
  }

  private isPastRetention({ at }: Head): boolean {
    return at !== null && this.now.getTime() - Date.parse(at) > TAGS_KEPT_MS;
  }

  /** Searches go by the columns: a row under another name or day is as good as hidden. */
  private filed(filed: Filed | undefined, told: Told, head: Head): void {
    if (!filed) return;
    const names = (["receipt", "client", "agreement"] as const).filter((name) => filed[name] !== textOf(told[name]));
    const isLate = head.at !== null && !(Math.abs(Date.parse(filed.at) - Date.parse(head.at)) <= CLOCKS_DIFFER_MS);
    const wrong = [...names, ...(isLate ? ["at"] : [])];
    if (wrong.length > 0) this.fault("MISFILED", head, `the table has it under another ${wrong.join(", ")} than its text`);
  }

  private fault(kind: FaultKind, first: Head, text: string): void {
    this.faults.push({ kind, first, before: null, text });
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
