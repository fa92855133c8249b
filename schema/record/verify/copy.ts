import type { TileReader } from "../tiles.ts";

/** One entry of the record as a copy of the log holds it. */
export interface StoredRecord {
  readonly body: string | Uint8Array;
  /** Its hash as it is kept beside it, where it is. */
  readonly leaf?: Uint8Array;
  /** The tags of its subjects, one after the other; null: pruned at the end of their retention. */
  readonly tags: Uint8Array | null;
  /** Under what it is found, where it is kept in a table. Its text says the same. */
  readonly filed?: Filed;
}

/** Columns beside an entry's text. */
export interface Filed {
  readonly receipt: string | null;
  readonly client: string | null;
  readonly agreement: string | null;
  /** When it was written, by the clock of the table. ISO. */
  readonly at: string;
}

/** An entry that stands in no tree though it should for long. */
export interface LeftOut {
  readonly receipt: string | null;
  readonly at: string;
}

/** A copy of the log, read once from its beginning: a database, or a folder somebody was given. Nothing in it is to be believed. */
export interface LogCopy {
  /** Entries in the order of the tree, 256 a bundle, the last one shorter. Null where one is missing. */
  bundles(): AsyncIterable<readonly (StoredRecord | null)[]>;
  readonly tile: TileReader;
  /** Signed notes, smallest tree first. */
  checkpoints(): AsyncIterable<string>;
  leftOut(): AsyncIterable<LeftOut>;
  /** Entries whose tags are not those the index of subjects has of them; null: it has them all, or the copy carries none. */
  misindexed(): Promise<Misindexed | null>;
}

/** Numbers of entries: the first one, the last one, and how many. */
export interface Misindexed {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}
