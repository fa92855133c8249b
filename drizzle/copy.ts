import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";

export type CopyValue = string | number | boolean | null;
type Rows = Iterable<readonly CopyValue[]> | AsyncIterable<readonly CopyValue[]>;

/** One transaction of a role that loads in bulk. */
export interface Loader {
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** COPY into a table or temporary table; policies must not apply to it (0A000 otherwise). */
  copy(table: string, columns: readonly string[], rows: Rows): Promise<void>;
  /** COPY of lines that are made already: fields in PostgreSQL's text format, tab between them. */
  copyLines(table: string, columns: readonly string[], lines: Uint8Array): Promise<void>;
  /** What a query finds, as a CSV file with a header, piece by piece. Policies apply. Not read to its end it costs the connection. */
  csv(query: string): AsyncIterable<Uint8Array>;
}

/** Whose rows a transaction of a role under row scope may see. */
export interface Agreed {
  readonly agency: string;
  readonly agreement: string;
}

/** Connections of one role, for transactions in bulk. */
export interface LoadPool {
  /** One transaction. `agreed` for roles that policies bind. */
  load<T>(work: (loader: Loader) => Promise<T>, agreed?: Agreed): Promise<T>;
  end(): Promise<void>;
}

export function openLoadPool(url: string, { max }: { max: number }): LoadPool {
  const pool = new pg.Pool({ connectionString: url, max, application_name: "hub load" });
  pool.on("error", () => {}); // an idle connection that died is replaced
  return {
    async load(work, agreed) {
      const client = await pool.connect();
      const onError = () => {}; // the query that suffers from it says so
      client.on("error", onError);
      const loader = loaderOn(client);
      let isBroken = true;
      try {
        await client.query("begin");
        if (agreed) await client.query(`select ${SET_AGREED}`, [listOf(agreed.agency), listOf(agreed.agreement)]);
        const result = await work(loader);
        if (loader.isCopying()) throw new Error("a COPY was not read to its end");
        await client.query("commit");
        isBroken = false;
        return result;
      } catch (error) {
        // behind a COPY that nobody reads to its end a rollback would wait for ever
        if (loader.isCopying()) throw error;
        isBroken = await client.query("rollback").then(
          () => false,
          () => true,
        );
        throw error;
      } finally {
        client.off("error", onError);
        client.release(isBroken);
      }
    },
    end: () => pool.end(),
  };
}

const SET_AGREED = "set_config('hub.agency', $1, true), set_config('hub.agreement', $2, true)";
const listOf = (word: string): string => `{"${word.replace(/["\\]/g, "\\$&")}"}`;

/**
 * Runs `work` with one transaction on each URL: what a database got is there as a whole or not at all. Commits follow each other, so
 * a crash between them leaves the first databases loaded and the others untouched.
 */
export async function inLoads<T>(urls: readonly string[], work: (loaders: readonly Loader[]) => Promise<T>): Promise<T> {
  const clients = urls.map((url) => new pg.Client({ connectionString: url, application_name: "hub load" }));
  for (const client of clients) client.on("error", () => {}); // the query that suffers from it says so
  const all = (text: string) => Promise.all(clients.map((client) => client.query(text)));
  try {
    await Promise.all(clients.map((client) => client.connect()));
    await all("begin; set local idle_in_transaction_session_timeout = 0"); // who gets little waits, as long as it takes, for who gets much
    const result = await work(clients.map(loaderOn));
    for (const client of clients) await client.query("commit");
    return result;
  } catch (error) {
    await all("rollback").catch(() => {});
    throw error;
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

export const inOneLoad = <T>(url: string, work: (loader: Loader) => Promise<T>): Promise<T> =>
  inLoads([url], ([loader]) => work(loader as Loader));

function loaderOn(client: pg.ClientBase): Loader & { isCopying(): boolean } {
  let copying = 0;
  return {
    isCopying: () => copying > 0,
    query: async (text, values) => (await client.query(text, values)).rows,
    copy: (table, columns, rows) =>
      pipeline(Readable.from(chunksOf(rows)), client.query(copyFrom(`copy ${table} (${columns.join()}) from stdin`))),
    copyLines: (table, columns, lines) =>
      pipeline(Readable.from([lines]), client.query(copyFrom(`copy ${table} (${columns.join()}) from stdin`))),
    async *csv(query) {
      copying += 1;
      yield* client.query(copyTo(`copy (${query}) to stdout (format csv, header)`));
      copying -= 1;
    },
  };
}

const CHUNK_BYTES = 64 * 1024;

async function* chunksOf(rows: Rows): AsyncGenerator<string> {
  let chunk = "";
  for await (const row of rows) {
    chunk += `${row.map(fieldOf).join("\t")}\n`;
    if (chunk.length > CHUNK_BYTES) {
      yield chunk;
      chunk = "";
    }
  }
  yield chunk;
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };
const fieldOf = (value: CopyValue): string =>
  value === null
    ? "\\N"
    : typeof value === "string"
      ? value.replace(/[\\\t\n\r]/g, (found) => ESCAPES[found] ?? found)
      : String(value);
