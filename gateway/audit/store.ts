import { rawClient } from "../../drizzle/client.ts";
import type { Line } from "./body.ts";
import type { Inserted } from "./groupCommit.ts";
import type { News } from "./news.ts";
import { bytesOf } from "./pseudonyms.ts";

const SECOND = 1000;
/** Longest the record may take to take a batch, or to say that it is there. */
const TIMEOUT_MS = 1.5 * SECOND;
const PING_EVERY_MS = 1 * SECOND;
/**
 * How long a new connection is waited for before yet another is tried: twice as long each time. Where all cores are taken to connect takes longer than to
 * write, and a store that was connected to anew for every batch that came too late was never there again.
 */
const [PATIENCE_MS, PATIENCE_MAX_MS] = [1 * SECOND, 4 * SECOND];

export interface Store {
  /**
   * MUST NOT resolve before the lines are durable, each with its news, but for those refused. Rejects within TIMEOUT_MS; then it is unknown
   * whether they are.
   */
  insert(lines: readonly Line[]): Promise<Inserted>;
  /** Rejects within TIMEOUT_MS. */
  ask<T>(question: (client: Client) => Promise<T>): Promise<T>;
  readonly isUp: boolean;
  close(): Promise<void>;
}

type Client = ReturnType<typeof rawClient>;

/** A client with its first connection, which it makes at once. */
interface Connected {
  readonly client: Client;
  readonly at: number;
  readonly patienceMs: number;
  readonly state: "connecting" | "up" | "failed";
  /** Rejects when it failed. */
  readonly ready: Promise<void>;
}

function connected(url: string, patienceMs: number): Connected {
  const options = { connect_timeout: patienceMs / SECOND, backoff: () => 0.1, max_lifetime: null, fetch_types: false };
  const client = rawClient(url, { ...options, max: 2 });
  let state: Connected["state"] = "connecting";
  const ready = client`select 1`.then(
    () => {
      state = "up";
    },
    (error: unknown) => {
      state = "failed";
      throw error;
    },
  );
  ready.catch(() => {}); // told to whoever asks
  return {
    ...{ client, patienceMs, ready, at: performance.now() },
    get state() {
      return state;
    },
  };
}

/** The record's table, as a role that can only insert into it. A connection that hangs is thrown away, so a store that comes back is found at once. */
export async function openStore(url: string): Promise<Store> {
  let store = connected(url, PATIENCE_MS);
  let isUp = false;
  /** One that was there and hangs is thrown away at once; a new one is given its time. */
  const throwAway = (hung: Connected) => {
    const isYoung = hung.state === "connecting" && performance.now() - hung.at < hung.patienceMs;
    if (hung !== store || isYoung) return;
    store = connected(url, hung.state === "connecting" ? Math.min(2 * hung.patienceMs, PATIENCE_MAX_MS) : PATIENCE_MS);
    void hung.client.end({ timeout: 0 }).catch(() => {});
  };
  const within = async <T>(ask: (client: Client) => Promise<T>): Promise<T> => {
    const asked = store;
    let timer: NodeJS.Timeout | undefined;
    let isLate = false;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        isLate = true;
        reject(new Error("the record store did not answer in time"));
      }, TIMEOUT_MS);
    });
    // nothing is sent that was given up before there was a connection
    const answered = asked.ready.then(() => (isLate ? late : ask(asked.client)));
    try {
      const answer = await Promise.race([answered, late]);
      isUp = true;
      return answer;
    } catch (error) {
      if (isRefusedByDatabase(error)) throw error;
      isUp = false;
      throwAway(asked);
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
      await store.client.end({ timeout: 5 });
    },
  };
}

/** The database read the lines and would not have them (SQLSTATE classes data exception, constraint violation): not an outage. */
export const isRefusedByDatabase = (error: unknown): boolean => /^2[23]/.test(String((error as { code?: unknown }).code));

/**
 * One statement and one commit for all lines and their news. Each column goes as one text, a row a line: neither side has to write or read a body as text
 * within JSON. JSON has no line break of its own, nor hex, nor a UUID; a client or agreement that had one would leave others without a leaf, which
 * the table refuses. Its snapshot is older than the commit, so the epoch it reads is one that was in force when nothing of it had left.
 */
async function insertAll(sql: ReturnType<typeof rawClient>, lines: readonly Line[]): Promise<Inserted> {
  const column = (of: (line: Line) => string | null) => lines.map((line) => of(line) ?? "").join("\n");
  const write = sql`
    insert into governance.entry (leaf, body, request_id, client, agreement, subjects)
    select decode(leaf, 'hex'), body, receipt, client, agreement, subjects::bytea
    from unnest(
      string_to_array(${column(({ leaf }) => leaf)}, E'\n'),
      string_to_array(${column(({ body }) => body)}, E'\n'),
      string_to_array(${column(({ receiptId }) => receiptId)}, E'\n'),
      string_to_array(${column(({ client }) => client)}, E'\n', ''),
      string_to_array(${column(({ agreement }) => agreement)}, E'\n', ''),
      string_to_array(${column(({ subjects }) => `\\x${subjects.toString("hex")}`)}, E'\n')
    ) with ordinality as line (leaf, body, receipt, client, agreement, subjects, nth)`;
  const news = lines.flatMap((line, at) => (line.news ? [{ at, ...toldOf(line.news) }] : []));
  if (news.length === 0) {
    const [found] = await sql<{ epoch: string }[]>`with written as (${write}) select n as epoch from governance.epoch`;
    return { refused: [], epoch: epochOf(found) };
  }
  const [found] = await sql<{ epoch: string; refused: number[] }[]>`
    with refused as materialized (select at from governance.disclose(${JSON.stringify(news)}::text::json) as at),
    written as (${write} where nth - 1 not in (select at from refused))
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
