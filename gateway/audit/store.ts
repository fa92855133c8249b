import { rawClient } from "../../drizzle/client.ts";
import type { Line } from "./body.ts";
import type { Inserted } from "./groupCommit.ts";
import type { News } from "./news.ts";
import { bytesOf } from "./pseudonyms.ts";

const SECOND = 1000;
/** Longest the record may take to take a batch, or to say that it is there. */
const TIMEOUT_MS = 1.5 * SECOND;
const PING_EVERY_MS = 1 * SECOND;

export interface Store {
  /**
   * MUST NOT resolve before the lines are durable, each with its news, but for those refused. Rejects within TIMEOUT_MS; then it is unknown
   * whether they are.
   */
  insert(lines: readonly Line[]): Promise<Inserted>;
  /** Rejects within TIMEOUT_MS. */
  ask<T>(question: (client: ReturnType<typeof rawClient>) => Promise<T>): Promise<T>;
  readonly isUp: boolean;
  close(): Promise<void>;
}

/** The record's table, as a role that can only insert into it. A connection that hangs is thrown away, so a store that comes back is found at once. */
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
    ask: within,
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

/**
 * One statement and one commit for all lines and their news: JSON is the cheapest way there for many rows. Its snapshot is older than the
 * commit, so the epoch it reads is one that was in force when nothing of it had left.
 */
async function insertAll(sql: ReturnType<typeof rawClient>, lines: readonly Line[]): Promise<Inserted> {
  const rows = JSON.stringify(
    lines.map(({ news: _, ...line }, at) => ({ ...line, at, subjects: line.subjects.toString("hex") })),
  );
  const write = sql`
    insert into governance.entry (leaf, body, request_id, client, agreement, subjects)
    select decode(leaf, 'hex'), body, "receiptId", client, agreement, decode(subjects, 'hex')
    from json_to_recordset(${rows}::text::json)
      as line (at integer, leaf text, body text, "receiptId" text, client text, agreement text, subjects text)`;
  const news = lines.flatMap((line, at) => (line.news ? [{ at, ...toldOf(line.news) }] : []));
  if (news.length === 0) {
    const [found] = await sql<{ epoch: string }[]>`with written as (${write}) select n as epoch from governance.epoch`;
    return { refused: [], epoch: epochOf(found) };
  }
  const [found] = await sql<{ epoch: string; refused: number[] }[]>`
    with refused as materialized (select at from governance.disclose(${JSON.stringify(news)}::text::json) as at),
    written as (${write} where at not in (select at from refused))
    select n as epoch, (select coalesce(json_agg(at), '[]') from refused) as refused from governance.epoch`;
  return { refused: (found?.refused ?? []).flatMap((at) => lines[at] ?? []), epoch: epochOf(found) };
}

function epochOf(found: { readonly epoch: string } | undefined): number {
  if (!found) throw new Error("governance.epoch is empty: run `npx hub migrate`");
  return Number(found.epoch);
}

const toldOf = ({ tags, pseudonyms, persons: _, ...of }: News) => ({
  ...of,
  ...(tags.length > 0 && { tags: tags.toString("hex") }),
  ...(pseudonyms.length > 0 && {
    pseudonyms: pseudonyms.map(([pseudonym, subject]) => [bytesOf(pseudonym).toString("hex"), subject]),
  }),
});
