import { setTimeout as pause } from "node:timers/promises";
import { rawClient } from "../../drizzle/client.ts";

const SECOND = 1000;
const POLL_MS = 5 * SECOND;
const TIMEOUT_MS = 2 * SECOND;

/** How far the tree and its witnesses are behind the record. */
export interface Lag {
  /** Some entry has waited too long for a checkpoint that covers it: somebody is to look. */
  readonly isLate: boolean;
  /** So long that nothing personal may be added: what no checkpoint covers could still be rewritten unseen. */
  readonly isTooLate: boolean;
  /** Age of the oldest entry that no checkpoint covers, as far as is known. */
  readonly ageMs: number;
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
  const connection = { statement_timeout: TIMEOUT_MS };
  const sql = rawClient(databaseUrl, { max: 1, connect_timeout: 1, max_lifetime: null, fetch_types: false, connection });
  let coveredUntil = Date.now();
  let asking: Promise<void> | undefined;
  let isTold = false;
  const age = () => Date.now() - coveredUntil;
  const tell = (cause?: unknown): void => {
    const isLate = age() > alarmMs;
    const fields = { alarm: "CHECKPOINT_STALE", ageMs: age(), stopMs, err: cause };
    if (isLate && !isTold) log.warn(fields, "the record waits for a checkpoint; see to the log and its witnesses");
    if (!isLate && isTold) log.info(fields, "checkpoints cover the record again");
    isTold = isLate;
  };
  const look = async (): Promise<void> => {
    const askedAt = Date.now();
    const [row] = await sql<{ ms: number | null }[]>`
      select (extract(epoch from clock_timestamp() - (governance.record_lag(${isWitnessed}) ->> 'oldestUncovered')::timestamptz) * 1000)::float8 as ms`;
    coveredUntil = askedAt - (row?.ms ?? 0);
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
    async close() {
      clearInterval(polling);
      await sql.end({ timeout: 1 });
    },
  };
}
