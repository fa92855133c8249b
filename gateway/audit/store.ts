import { rawClient } from "../../drizzle/client.ts";
import type { Line } from "./body.ts";

const SECOND = 1000;
/** Longest the record may take to take a batch, or to say that it is there. */
const TIMEOUT_MS = 1.5 * SECOND;
const PING_EVERY_MS = 1 * SECOND;

export interface Store {
  /** MUST NOT resolve before the lines are durable. Rejects within TIMEOUT_MS; then it is unknown whether they are. */
  insert(lines: readonly Line[]): Promise<void>;
  readonly isUp: boolean;
  close(): Promise<void>;
}

/** The record's table, as a role that can only insert. A connection that hangs is thrown away, so a store that comes back is found at once. */
export async function openStore(url: string): Promise<Store> {
  const connect = () =>
    rawClient(url, { max: 2, connect_timeout: 1, backoff: () => 0.1, max_lifetime: null, fetch_types: false });
  let sql = connect();
  let isUp = false;
  const within = async <T>(ask: (client: typeof sql) => Promise<T>): Promise<T> => {
    const client = sql;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("the record store did not answer in time")), TIMEOUT_MS);
    });
    try {
      const answer = await Promise.race([ask(client), late]);
      isUp = true;
      return answer;
    } catch (error) {
      if (isRefusedByDatabase(error)) throw error;
      isUp = false;
      if (client === sql) sql = connect();
      void client.end({ timeout: 0 }).catch(() => {});
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
  const ping = () => within(async (client) => void (await client`select 1`)).catch(() => {});
  await ping();
  const pinging = setInterval(() => void ping(), PING_EVERY_MS).unref();
  return {
    insert: (lines) => within((client) => insertAll(client, lines)),
    get isUp() {
      return isUp;
    },
    async close() {
      clearInterval(pinging);
      await sql.end({ timeout: 5 });
    },
  };
}

/** The database read the lines and would not have them (SQLSTATE classes data exception, constraint violation): not an outage. */
export const isRefusedByDatabase = (error: unknown): boolean => /^2[23]/.test(String((error as { code?: unknown }).code));

/** One statement and one commit for all lines, in one parameter: JSON is the cheapest way there for many rows. */
async function insertAll(sql: ReturnType<typeof rawClient>, lines: readonly Line[]): Promise<void> {
  const rows = JSON.stringify(lines.map((line) => ({ ...line, subjects: line.subjects.toString("hex") })));
  await sql`
    insert into governance.entry (leaf, body, request_id, client, agreement, subjects)
    select decode(leaf, 'hex'), body, "receiptId", client, agreement, decode(subjects, 'hex')
    from json_to_recordset(${rows}::text::json)
      as line (leaf text, body text, "receiptId" text, client text, agreement text, subjects text)`;
}
