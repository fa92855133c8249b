import type { Db, ScopedSession } from "../../../drizzle/client.ts";
import type { Caller, OpenedEnvelope } from "../../../schema/caller.ts";
import type { Cursors } from "../page.ts";

/**
 * Runs `work` in one transaction that may write, under the same role, rows and time limit as the request's reading. Resolves once it is
 * durable; rejects, with nothing written, when `work` or the commit fails. A transaction of its own each time: keep them short, and let
 * what `work` answers be of use only after it.
 */
export type Write = <T>(work: (db: Db) => Promise<T>) => Promise<T>;

/** What a slice's loaders are built from, once a request. */
export interface Asking {
  /** The request's read-only transaction, already under the slice's role and the agreement's rows. */
  readonly db: Db;
  readonly write: Write;
  readonly caller: Caller;
  /** The instant the request came in: the only clock of the domain, so SQL takes it as a parameter. */
  readonly now: Date;
  /** Makes and reads the cursors of this slice and this agreement. */
  readonly cursors: Cursors;
  /** A key of this slice for one use, the same after every restart. */
  keyFor(use: string): Buffer;
}

/** What a slice keeps for as long as it runs, beside the kit's pool. */
export interface Held {
  close(): Promise<void>;
}

/** What a slice's resolvers see. `Load` is what its `loaders` return. */
export interface SliceContext<Load> {
  readonly load: Load;
  readonly session: ScopedSession;
  readonly write: Write;
  /** What the request asks for is an act: said once, before anything is resolved. */
  readonly acts: () => void;
  readonly caller: Caller;
  readonly envelope: OpenedEnvelope;
  readonly now: Date;
}
