import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

export type CopyValue = string | number | boolean | null;
type Rows = Iterable<readonly CopyValue[]> | AsyncIterable<readonly CopyValue[]>;

/** One transaction of a role that loads in bulk. */
export interface Loader {
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** COPY into a table or temporary table; policies must not apply to it (0A000 otherwise). */
  copy(table: string, columns: readonly string[], rows: Rows): Promise<void>;
}

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
    await all("begin");
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

const loaderOn = (client: pg.Client): Loader => ({
  query: async (text, values) => (await client.query(text, values)).rows,
  copy: (table, columns, rows) =>
    pipeline(Readable.from(chunksOf(rows)), client.query(copyFrom(`copy ${table} (${columns.join()}) from stdin`))),
});

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
