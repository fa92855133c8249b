import { setTimeout as pause } from "node:timers/promises";
import { rawClient } from "../../drizzle/client.ts";

const SECOND = 1000;
const POLL_MS = 5 * SECOND;
const TIMEOUT_MS = 2 * SECOND;
/** Further away nobody's tokens are judged well, and what is under way goes on record under an instant the verifier does not believe. */
const SKEW_MS = 60 * SECOND;

/** How far the tree and its witnesses are behind the record. */
export interface Lag {
  /** Some entry has waited too long for a checkpoint that covers it: somebody is to look. */
  readonly isLate: boolean;
  /** So long that nothing personal may be added: what no checkpoint covers could still be rewritten unseen. */
  readonly isTooLate: boolean;
  /** Age of the oldest entry that no checkpoint covers, as far as is known. */
  readonly ageMs: number;
  readonly clock: {
    /** By how much this host's is ahead of the database's, now; a jump shows at once, not at the next look. 0 while the database has not said. */
    readonly skewMs: number;
    /** Too far, either way: somebody is to look. */
    readonly isSkewed: boolean;
  };
  close(): Promise<void>;
}

export interface LagOptions {
  readonly databaseUrl: string;
  /** Only checkpoints count that a witness signed. */
  readonly isWitnessed: boolean;
  /** How old the oldest entry without one may become, in milliseconds. */
  readonly alarmMs: number;
  readonly stopMs: number;
  readonly log: { warn(fields: object, text: string): void; info(fields: object, text: string): void };
}

/**
 * Looks every five seconds how old the oldest entry is that no checkpoint covers, and raises an alarm when that is too old. While the
 * database does not say, nothing counts as covered since the last time it did. Resolves after the first look, whether or not it found the
 * database.
 */
export async function followLag(options: LagOptions): Promise<Lag> {
  const { databaseUrl, isWitnessed, alarmMs, stopMs, log } = options;
  const sql = clientOf(databaseUrl);
  let coveredUntil = Date.now();
  let asking: Promise<void> | undefined;
  let isTold = false;
  const clock = new Clock(log);
  const age = () => Date.now() - coveredUntil;
  const tell = (cause?: unknown): void => {
    const isLate = age() > alarmMs;
    const fields = { alarm: "CHECKPOINT_STALE", ageMs: age(), stopMs, err: cause };
    if (isLate && !isTold) log.warn(fields, "the record waits for a checkpoint; see to the log and its witnesses");
    if (!isLate && isTold) log.info(fields, "checkpoints cover the record again");
    isTold = isLate;
    clock.tell();
  };
  const look = async (): Promise<void> => {
    const [askedAt, asked] = [Date.now(), performance.now()];
    const row = await lagOf(sql, isWitnessed);
    coveredUntil = askedAt - (row?.ms ?? 0);
    if (row) clock.isAt(row.now, (asked + performance.now()) / 2);
  };
  /** A look that hangs is waited for by nobody: the age grows meanwhile. */
  const poll = (): Promise<void> => {
    asking ??= look()
      .then(() => tell(), tell)
      .finally(() => {
        asking = undefined;
      });
    return asking;
  };
  const polling = setInterval(() => {
    tell();
    void poll();
  }, POLL_MS).unref();
  await Promise.race([poll(), pause(TIMEOUT_MS, undefined, { ref: false })]);
  return {
    get isLate() {
      return age() > alarmMs;
    },
    get isTooLate() {
      return age() > stopMs;
    },
    get ageMs() {
      return age();
    },
    clock,
    async close() {
      clearInterval(polling);
      await sql.end({ timeout: 1 });
    },
  };
}

function clientOf(databaseUrl: string): ReturnType<typeof rawClient> {
  const connection = { statement_timeout: TIMEOUT_MS };
  return rawClient(databaseUrl, { max: 1, connect_timeout: 1, max_lifetime: null, fetch_types: false, connection });
}

/** What the database says of the record and of the time, in milliseconds. */
async function lagOf(sql: ReturnType<typeof rawClient>, isWitnessed: boolean) {
  const [row] = await sql<{ ms: number | null; now: number }[]>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as now,
      (extract(epoch from clock_timestamp() - (governance.record_lag(${isWitnessed}) ->> 'oldestUncovered')::timestamptz) * 1000)::float8 as ms`;
  return row;
}

/** This host's clock beside the database's. */
class Clock {
  private readonly log: LagOptions["log"];
  /** From the clock that does not jump to the database's; undefined: it has not said. */
  private offset: number | undefined;
  private isTold = false;

  constructor(log: LagOptions["log"]) {
    this.log = log;
  }

  isAt(database: number, here: number): void {
    this.offset = database - here;
  }

  get skewMs(): number {
    return this.offset === undefined ? 0 : Date.now() - (performance.now() + this.offset);
  }

  get isSkewed(): boolean {
    return Math.abs(this.skewMs) > SKEW_MS;
  }

  tell(): void {
    if (this.isSkewed === this.isTold) return;
    this.isTold = this.isSkewed;
    const fields = { alarm: "CLOCK_SKEWED", skewMs: Math.round(this.skewMs) };
    if (this.isTold) this.log.warn(fields, "this host's clock is not the database's; see to its NTP");
    else this.log.info(fields, "this host's clock is the database's again");
  }
}
