import { hash } from "node:crypto";
import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import { rawClient } from "../../../drizzle/client.ts";
import { Refusal } from "../../../schema/errors.ts";
import { isInForce } from "../../../schema/policy/inForce.ts";
import type { Policy, Terms } from "../../types/policy.ts";
import { TrustedDocuments } from "./documents.ts";
import {
  idOf,
  type Outline,
  type OutlinedVersion,
  type ReadOutline,
  readDocument,
  readDocumentIds,
  readOutline,
  readTables,
} from "./outline.ts";
import { type Restrictions, readRestrictions } from "./restricted.ts";
import { type Opening, policyOf, termsOf } from "./terms.ts";

const SECOND = 1000;
const POLL_MS = 250;
const POLL_TIMEOUT_MS = 1 * SECOND;
/**
 * Where it is not heard in time it is asked anew on a new connection, which may take twice as long, up to this: where all cores are taken to connect takes
 * longer than to ask, and who gave up each time after a second was never heard again. The lease does not wait for it.
 */
const PATIENCE_MAX_MS = 4 * SECOND;
/** Policy not seen to be current for this long counts as unknown: everything is refused. */
const LEASE_MS = 1 * SECOND;
/** Terms are read this long before their version comes into force, so that even a slow reading is done by then. */
const HORIZON_MS = 60 * SECOND;
/** A change waits this long for the terms it needs: as a rule they are there by then, and nobody is refused in between. */
const GRACE_MS = 100;
/** Longest one reading of terms may take. The lease does not wait for it. */
const TERMS_TIMEOUT_MS = 30 * SECOND;
const TERMS_BATCH = 50;
/** Longest one reading of all restrictions may take. The lease is not good before, or lost. */
const RESTRICTIONS_TIMEOUT_MS = 30 * SECOND;
/** Longest a request waits for policy it knows to be there. */
const REACH_MS = 1 * SECOND;
const RETRY_MS = 20;

export interface Grants {
  /** Policy in force. Throws POLICY_UNAVAILABLE while the lease is lost: an outage, never a denial. */
  current(): Policy;
  /** Is the lease good? */
  readonly isCurrent: boolean;
  /** Since the policy was last known to be the newest; undefined: nobody measures. */
  readonly ageMs?: number;
  /** Agreements in force without a decision table for this supergraph: while there is one, the supergraph is not to be adopted. */
  readonly uncompiled: readonly string[];
  /** Text of a document an agreement trusts, by its id; null: it trusts none of this id. Rejects when the database is away. */
  document(agreement: string, id: string): Promise<string | null>;
  /** Ids of all documents it trusts, sorted; read anew each time. Rejects when the database is away. */
  documentIds(agreement: string): Promise<readonly string[]>;
  /**
   * Resolves when the policy in memory is at least of this epoch and the lease is good; what there is to hear is read for it: a process that stood still has
   * only to look. Rejects with POLICY_UNAVAILABLE after a second, and at once where the database was asked last and did not answer.
   */
  reached(epoch: number): Promise<void>;
  close(): Promise<void>;
}

/** Grants by the database. */
export interface Followed extends Grants {
  /** The terms of all versions in force have been read, or found to be no good. */
  readonly isComplete: boolean;
  /** Agreements in force whose table is there and not believed: closed, whatever governance says. */
  readonly refused: readonly string[];
}

export interface GrantsOptions extends Opening {
  readonly databaseUrl: string;
  readonly log: { warn(fields: object, text: string): void; error(fields: object, text: string): void };
}

interface StoredTable {
  readonly body: string;
  readonly signature: string;
}

/**
 * Follows governance's policy, on NOTIFY and by a poll of the epoch. MUST have a direct connection: a transaction pooler swallows
 * notices. Resolves after the first try, whether or not it found the database.
 *
 * A change is followed in two steps. Outlines (who, which versions, a digest of what each opens) are small and read at once: they keep
 * the lease, and a revocation bites with them. Terms are read only of versions in force or about to be, and only where the digest is
 * new; if they are not there soon, that agreement is closed until they are, and no other: nobody goes on under rules of before.
 */
export async function followGrants(options: GrantsOptions): Promise<Followed> {
  const follower = new Follower(options);
  await follower.poll();
  await follower.completed;
  return follower;
}

class Follower implements Followed {
  /** Settles when no terms are being read. */
  completed: Promise<void> = Promise.resolve();
  private readonly options: GrantsOptions;
  private readonly supergraph: string;
  private readonly documents = new TrustedDocuments((agreement, id) =>
    withDeadline(readDocument(this.connection.documents, agreement, id), POLL_TIMEOUT_MS),
  );
  private connection: ReturnType<typeof connect>;
  private outline: ReadOutline | undefined;
  private restrictions: Restrictions | undefined;
  private policy: Policy | undefined;
  /** By the key of what they were made of; null: not understood, closed. */
  private terms = new Map<string, Terms | null>();
  private confirmedAt = Number.NEGATIVE_INFINITY;
  private reading = Promise.resolve();
  private queued: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Outline or terms are newer than the policy. */
  private isStale = false;
  private isCompleting = false;
  private isClosed = false;
  /** The last reading failed. */
  private isAway = false;
  private patienceMs = POLL_TIMEOUT_MS;

  constructor(options: GrantsOptions) {
    this.options = options;
    this.supergraph = options.supergraph.hash;
    this.connection = this.connect();
  }

  get isCurrent(): boolean {
    return this.policy !== undefined && performance.now() - this.confirmedAt <= LEASE_MS;
  }

  get uncompiled(): readonly string[] {
    return this.inForce(({ digest }) => digest === null);
  }

  get ageMs(): number {
    return performance.now() - this.confirmedAt;
  }

  get isComplete(): boolean {
    return this.missing().length === 0;
  }

  get refused(): readonly string[] {
    return this.inForce(({ key }) => this.terms.get(key) === null);
  }

  document(agreement: string, id: string): Promise<string | null> {
    return this.documents.text(agreement, id);
  }

  documentIds(agreement: string): Promise<readonly string[]> {
    return withDeadline(readDocumentIds(this.connection.documents, agreement), POLL_TIMEOUT_MS);
  }

  current(): Policy {
    if (!this.policy || !this.isCurrent) throw new Refusal({ code: "POLICY_UNAVAILABLE" });
    return this.policy;
  }

  async reached(epoch: number): Promise<void> {
    if (this.isCurrent && this.has(epoch)) return;
    const patience = patienceOf(REACH_MS);
    try {
      while (!this.isCurrent || !this.has(epoch)) {
        if (patience.isOver || (this.isAway && (!this.policy || this.has(epoch))))
          throw new Refusal({ code: "POLICY_UNAVAILABLE" });
        await Promise.race([this.refresh(), patience.over]);
        if (!this.has(epoch)) await pause(RETRY_MS);
      }
    } finally {
      patience.end();
    }
  }

  private has(epoch: number): boolean {
    return this.policy !== undefined && this.policy.epoch >= epoch;
  }

  async poll(): Promise<void> {
    await this.refresh();
    if (!this.isClosed) this.timer = setTimeout(() => void this.poll(), POLL_MS);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.reading;
    await this.connection.end();
    await this.completed;
  }

  /** A notice that comes while a reading runs asks for one more after it; further ones ask for the same. */
  private refresh(): Promise<void> {
    this.queued ??= this.reading.then(() => {
      this.queued = undefined;
      this.reading = this.read();
      return this.reading;
    });
    return this.queued;
  }

  private async read(): Promise<void> {
    const startedAt = performance.now(); // what the answer says was true when we asked, not when it came
    try {
      const fresh = await this.readFresh();
      if (fresh) this.adopt(fresh);
      if (!this.isCompleting && this.missing().length > 0) {
        this.completed = this.complete();
        if (fresh) await Promise.race([this.completed, pause(GRACE_MS, undefined, { ref: false })]);
      }
      this.publish();
      this.confirmedAt = startedAt;
      this.isAway = false;
      this.patienceMs = POLL_TIMEOUT_MS;
    } catch (error) {
      if (this.isClosed) return;
      this.isAway = true;
      this.options.log.warn({ err: error }, "policy cannot be read");
      this.connection.drop(); // it may hang for minutes; a new one finds the database as soon as it is back
      this.patienceMs = Math.min(2 * this.patienceMs, PATIENCE_MAX_MS);
      this.connection = this.connect();
    }
  }

  /** What changed; null: nothing. All restrictions are read at the start, and when what is known of them turns out to be wrong. */
  private async readFresh(): Promise<ReadOutline | null> {
    const known = { known: this.outline?.epoch, supergraph: this.supergraph };
    this.restrictions ??= await withDeadline(readRestrictions(this.connection.sql), RESTRICTIONS_TIMEOUT_MS);
    const restrictions = this.restrictions;
    const fresh = await withDeadline(readOutline(this.connection.sql, { ...known, restrictions }), this.patienceMs);
    if (fresh === null) return null;
    this.restrictions = fresh.restrictions ?? undefined;
    return isWhole(fresh) ? fresh : this.readFresh();
  }

  /** Terms of versions that have not changed are kept, the very objects: a revocation must not wait for all other tables. */
  private adopt(outline: ReadOutline): void {
    const keys = new Set(outline.versions.map((version) => version.key));
    this.terms = new Map([...this.terms].filter(([key]) => keys.has(key)));
    this.outline = outline;
    this.documents.forget();
    this.isStale = true;
  }

  /** Judges by the newest outline from now on, with the terms there are. */
  private publish(): void {
    if (!this.outline || !this.isStale) return;
    this.policy = policyOf(this.outline, ({ key }) => this.terms.get(key) ?? null);
    this.isStale = false;
  }

  /** Versions that open something now or soon, and whose terms are not known. */
  private missing(): OutlinedVersion[] {
    const now = Date.now();
    return (this.outline?.versions ?? []).filter(
      (version) => version.digest !== null && isDue(version, now) && !this.terms.has(version.key),
    );
  }

  /** Reads what is missing. Never rejects: what could not be read is asked for again by the next poll. */
  private async complete(): Promise<void> {
    this.isCompleting = true;
    try {
      for (let left = this.missing(); left.length > 0 && !this.isClosed; left = left.slice(TERMS_BATCH)) {
        const batch = left.slice(0, TERMS_BATCH);
        await this.learn(batch, await withDeadline(readTables(this.connection.sql, batch, this.supergraph), TERMS_TIMEOUT_MS));
      }
    } catch (error) {
      if (!this.isClosed) this.options.log.warn({ err: error }, "terms of agreements cannot be read");
    } finally {
      this.isCompleting = false;
    }
  }

  private async learn(batch: readonly OutlinedVersion[], tables: ReadonlyMap<string, StoredTable>): Promise<void> {
    for (const version of batch) {
      await turn(); // requests go on in between
      const table = tables.get(idOf(version));
      // both may have moved on while this was read: then a newer outline asks for it
      if (!table || !this.outline?.versions.some(({ key }) => key === version.key)) continue;
      this.terms.set(version.key, closedOnFault(version, table, this.options));
      this.isStale = true;
    }
    if (this.policy?.epoch === this.outline?.epoch) this.publish(); // else whoever adopted the outline will, when it is time
  }

  /** Agreements of versions in force that are so. */
  private inForce(isSo: (version: OutlinedVersion) => boolean): string[] {
    const now = Date.now();
    const found = (this.outline?.versions ?? []).filter((one) => one.state === "active" && isInForce(one, now) && isSo(one));
    return found.map(({ agreement }) => agreement.number);
  }

  private connect() {
    return connect(this.options.databaseUrl, this.patienceMs, () => void this.refresh());
  }
}

const isWhole = (outline: Outline): outline is ReadOutline => outline.restrictions !== null;

/**
 * Two connections to read, so that the lease does not wait behind a long reading, one to listen, and one for documents: requests ask for those, and
 * many at once must not keep the lease waiting. Without notices the poll still finds every change.
 */
function connect(databaseUrl: string, patienceMs: number, onNotice: () => void) {
  const options = { connect_timeout: patienceMs / SECOND, backoff: () => 0.1, max_lifetime: null, fetch_types: false };
  const sql = rawClient(databaseUrl, { ...options, max: 2 });
  const documents = rawClient(databaseUrl, { ...options, max: 1 });
  sql.listen("policy", onNotice).catch(() => {});
  const end = (timeout: number) => Promise.all([sql.end({ timeout }), documents.end({ timeout })]);
  return { sql, documents, drop: () => void end(0).catch(() => {}), end: () => end(1) };
}

async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  const patience = patienceOf(ms);
  const late = patience.over.then(() => Promise.reject(new Error("the policy database did not answer in time")));
  try {
    return await Promise.race([work, late]);
  } finally {
    patience.end();
  }
}

/** So long; a stretch in which this process stood still counts for a quarter of it at most, for it could hear nothing meanwhile. */
function patienceOf(ms: number) {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const over = new Promise<void>((resolve) => {
    const wait = (quarters: number) => {
      isOver = quarters === 0;
      if (isOver) resolve();
      else timer = setTimeout(wait, ms / 4, quarters - 1).unref();
    };
    wait(4);
  });
  return {
    over,
    get isOver() {
      return isOver;
    },
    end: () => clearTimeout(timer),
  };
}

const isDue = (version: OutlinedVersion, now: number): boolean =>
  version.state === "active" && version.validFrom <= now + HORIZON_MS && isInForce(version, Math.max(now, version.validFrom));

/** A version whose table is not good is closed, and only it: policy that is not signed opens nothing. */
function closedOnFault(version: OutlinedVersion, table: StoredTable, options: GrantsOptions): Terms | null {
  try {
    if (hash("sha256", table.body) !== version.digest) throw new Error("a decision table that is not what its digest says");
    return termsOf(version, table, options);
  } catch (error) {
    const fields = { agreement: version.agreement.number, version: version.version, err: error };
    options.log.error(fields, "agreement closed: its decision table is refused");
    return null;
  }
}
