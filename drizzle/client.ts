import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres, { type Sql } from "postgres";
import { ownSockets } from "./driver.ts";
import { observed, type SessionObserver } from "./observer.ts";
import { failing, type Opening, openingOf, type Patience, usingUp } from "./opening.ts";
import { followReplica, type Reading, type Replica, readEither } from "./replica.ts";

export const SLICES = ["population", "welfare", "programs", "banyuwangi", "statistics", "governance"] as const;
export type Slice = (typeof SLICES)[number];
export type Db = PostgresJsDatabase<Record<string, never>>;

/** Rows a question may see. The database enforces it (forced row-level security); a question without it raises. */
export interface Scope {
  /** Half-open ranges of region codes in byte order, at most 4; `["0", "A"]` is the whole country, none means no row. */
  readonly regions: readonly (readonly [from: string, before: string])[];
  /** Program codes; null: all. */
  readonly programs: readonly string[] | null;
  /** Households up to this decile; a household never ranked counts as NO_DECILE_LIMIT. */
  readonly decileMax: number;
  readonly agency: string;
  /** The steward who asks; null: no person does. */
  readonly officer: string | null;
  /** Id of the person who asks about themselves or whom they represent; null: none does. */
  readonly citizen: string | null;
  readonly agreement: string;
  /** The agreement's: stewards of governance are bound by no duty in the registry. */
  readonly purpose: string;
}
export const NO_DECILE_LIMIT = 100;

/** One read-only transaction under one scope. Nothing is sent before the first question. */
export interface ScopedSession {
  readonly db: Db;
  /** Questions asked so far, without begin, set and commit. */
  readonly statements: number;
  /** From the next question on everything that was ever committed is seen: a replica may be behind. */
  freshen(): void;
  /** Ends the transaction and gives the connection back. MUST be called once; waits for questions still running. */
  close(): Promise<void>;
}

/** One transaction under one scope that may also write. */
export interface WriteSession extends Omit<ScopedSession, "freshen"> {
  /** Commits. MUST NOT resolve before what was written is durable; rejects when nothing may have been. MUST be called once, or rollback. */
  close(): Promise<void>;
  /** Ends the transaction without a trace. Never rejects. */
  rollback(): Promise<void>;
}

interface SessionOptions extends Patience {
  readonly observer?: SessionObserver | undefined;
}

interface WriteOptions extends SessionOptions {
  /** Id of the envelope this transaction uses up: it opens only where none that was committed has, at whatever replica of the slice. */
  readonly envelope?: string;
}

/** Where questions may be asked beside the primary. */
export interface ReadReplica {
  readonly url: string;
  /** A replica that is further behind is not asked. */
  readonly lagMs: number;
  /** Told when it is asked from now on, and when no more. */
  readonly changed?: (isAsked: boolean) => void;
}

interface PoolOptions {
  readonly max?: number;
  readonly replica?: ReadReplica | undefined;
}

export interface Pool {
  session(scope: Scope, options?: SessionOptions): ScopedSession;
  /** On a connection kept for writers: one who writes while reading never waits for the readers to end. */
  writeSession(scope: Scope, options?: WriteOptions): WriteSession;
  /** Of the primary. */
  readonly use: Readonly<Record<"reading" | "writing", Use>>;
  /** So many wait to read from the primary that no more may. */
  readonly isFull: boolean;
  ping(): Promise<void>;
  end(): Promise<void>;
}

/** Connections that are asked something, those that are not, and sessions that wait for one. */
interface Use {
  readonly busy: number;
  readonly idle: number;
  readonly waiting: number;
}

/** Readers for each writer: a written transaction is short. */
const READERS_A_WRITER = 4;

/**
 * Connections of a slice's runtime role: `max` to read, and a quarter more to write; with a replica as many again to read there, and one on each
 * side to see how far it is. All questions go through a session.
 */
export function openPool(url: string, { max = 10, replica }: PoolOptions = {}): Pool {
  const connections = openConnections(url, max);
  const writers = openConnections(url, Math.ceil(max / READERS_A_WRITER));
  const other = replica && openOther(url, max, replica);
  return {
    session(scope, { observer, ...patience } = {}) {
      const opening = openingOf(scope, "read only", patience);
      const primary = openTransaction(connections, opening);
      return other
        ? sessionOver(readEither(primary, openTransaction(other.connections, opening), other.replica), observer)
        : sessionOver(primary, observer);
    },
    writeSession(scope, { envelope, observer, ...patience } = {}) {
      const opening = openingOf(scope, "read write", patience);
      const using = usingUp(envelope);
      return openWriteSession(writers, () => opening() + using, observer);
    },
    get use() {
      return { reading: connections.use, writing: writers.use };
    },
    get isFull() {
      return connections.isFull;
    },
    async ping() {
      const connection = await connections.take();
      await connection.client`select 1`.finally(() => connections.giveBack(connection));
    },
    end: async () =>
      void (await Promise.all([connections.end(), writers.end(), other?.connections.end(), other?.replica.close()])),
  };
}

function openOther(url: string, max: number, replica: ReadReplica): { connections: Connections; replica: Replica } {
  const watching = (at: string) => rawClient(at, { max: 1, connect_timeout: 2, backoff: () => 0.2, max_lifetime: null });
  return {
    connections: openConnections(replica.url, max),
    replica: followReplica({ primary: watching(url), replica: watching(replica.url), ...replica }),
  };
}

/** A client without scope, for governance's record and grants, LISTEN, migrations and checks. Never hand it to drizzle: that changes its parsers. */
export function rawClient(url: string, options: postgres.Options<Record<string, never>> = {}): Sql {
  const sockets = ownSockets();
  const own = { socket: sockets.make }; // an option that its types do not know
  const client = postgres(url, { onnotice: () => {}, connect_timeout: 10, ...options, ...own });
  const { end } = client;
  client.end = (patience) => end(patience).finally(sockets.end);
  return client;
}

/** One connection, opened at its first question. It may die and come back: `deaths` tells a transaction that it is no longer the same. */
interface Connection {
  readonly client: Sql;
  readonly deaths: number;
}

function connectionTo(url: string): Connection {
  let deaths = 0;
  const onclose = () => {
    deaths += 1;
  };
  const client = rawClient(url, { max: 1, max_lifetime: null, onclose });
  drizzle(client); // teaches its parsers to leave days and instants as text
  return {
    client,
    get deaths() {
      return deaths;
    },
  };
}

interface Connections {
  take(): Promise<Connection>;
  giveBack(connection: Connection): void;
  readonly use: Use;
  /** So many wait that no more may. */
  readonly isFull: boolean;
  /** Whether to prepare this text by name: texts that vary with their keys would fill the server. */
  isPrepared(text: string): boolean;
  end(): Promise<void>;
}

const MAX_PREPARED = 500;
const WAITING_A_CONNECTION = 16;

// Not `reserve()` of postgres.js 3.4.9: a question on a reserved connection that died in between ends the process (a write to null in
// a setImmediate), and releasing one puts it back dead. test/subgraphs/database/database.test.ts kills connections to see this stays cured.
function openConnections(url: string, max: number): Connections {
  const all: Connection[] = [];
  const free: Connection[] = [];
  const waiting: ((connection: Connection) => void)[] = [];
  const texts = new Set<string>();
  let ended = false;

  const create = (): Connection => {
    const connection = connectionTo(url);
    all.push(connection);
    return connection;
  };
  // one that died is not asked again: postgres.js may have kept what it had to say to the old socket, and says it to the new one
  const living = (connection: Connection): Connection => {
    if (connection.deaths === 0 || ended) return connection;
    all.splice(all.indexOf(connection), 1);
    void connection.client.end({ timeout: 0 }).catch(() => {});
    return create();
  };

  return {
    async take() {
      if (ended) throw new Error("the pool has ended");
      const idle = free.pop();
      if (idle) return living(idle);
      if (all.length < max) return create();
      if (waiting.length >= max * WAITING_A_CONNECTION) throw failing("too many wait for a connection", "53300");
      return new Promise((taken) => waiting.push(taken));
    },
    get isFull() {
      return waiting.length >= max * WAITING_A_CONNECTION;
    },
    get use() {
      return { busy: all.length - free.length, idle: free.length, waiting: waiting.length };
    },
    giveBack(connection) {
      const next = waiting.shift();
      if (next) next(living(connection));
      else free.push(connection);
    },
    isPrepared(text) {
      if (texts.size < MAX_PREPARED) texts.add(text);
      return texts.has(text);
    },
    async end() {
      ended = true;
      await Promise.all(all.map(({ client }) => client.end({ timeout: 5 })));
    },
  };
}

/** A taken connection with its transaction. */
interface Transaction {
  readonly connection: Connection;
  readonly opened: Promise<unknown>;
  isAlive(): boolean;
}

async function begin(connections: Connections, opening: Opening): Promise<Transaction> {
  const connection = await connections.take();
  const { deaths } = connection;
  const opened = connection.client
    .unsafe(openedBy(opening, () => connections.giveBack(connection)))
    .simple()
    .then();
  opened.catch(() => {}); // told by the question that waits for it
  return { connection, opened, isAlive: () => connection.deaths === deaths };
}

function openedBy(opening: Opening, orElse: () => void): string {
  try {
    return opening();
  } catch (error) {
    orElse();
    throw error;
  }
}

/** A transaction without its last word. */
interface OpenEnded extends Reading {
  /** Says the last word and gives the connection back. Null: no question was asked, or this is not the first last word. */
  end(word: "commit" | "rollback"): Promise<Ended | null>;
}
/** What the database made of the last word, or that it never heard it. */
type Ended = { readonly command: string } | { readonly lost: unknown };

function sessionOver(reading: Reading & { freshen?(): void }, observer: SessionObserver | undefined): ScopedSession {
  return {
    db: drizzleOver(observed(reading.ask, observer)),
    get statements() {
      return reading.statements;
    },
    freshen: () => reading.freshen?.(),
    // commit of a failed transaction is a rollback; nothing was written, so nothing can be lost, nor where none was begun
    close: async () => void (await reading.end("commit").catch(() => {})),
  };
}

function openWriteSession(connections: Connections, opening: Opening, observer: SessionObserver | undefined): WriteSession {
  const transaction = openTransaction(connections, opening);
  return {
    db: drizzleOver(observed(transaction.ask, observer)),
    get statements() {
      return transaction.statements;
    },
    async close() {
      const ended = await transaction.end("commit");
      if (ended && "lost" in ended) throw new Error("the commit was not confirmed", { cause: ended.lost });
      if (ended && ended.command !== "COMMIT") throw new Error("a question of the transaction failed: nothing is written");
    },
    async rollback() {
      await transaction.end("rollback").catch(() => {}); // without a connection there is nothing to undo
    },
  };
}

function openTransaction(connections: Connections, opening: Opening): OpenEnded {
  let statements = 0;
  let closed = false;
  let transaction: Promise<Transaction> | undefined;
  const running = new Set<Promise<unknown>>();

  const ask = async ({ text, parameters, values }: Question): Promise<unknown> => {
    if (closed) throw new Error("the session is closed: ask before close()");
    statements += 1;
    transaction ??= begin(connections, opening);
    const { connection, opened, isAlive } = await transaction;
    if (!isAlive()) throw lost();
    // not awaited: begin, set and the first question leave in one flight
    const question = connection.client.unsafe(text, parameters as never[], { prepare: connections.isPrepared(text) });
    const [answer] = await Promise.allSettled([values ? question.values() : question, opened]);
    await opened; // a session that could not open explains more than the question that failed because of it
    if (answer.status === "rejected") throw answer.reason;
    return answer.value;
  };
  const tracked = (question: Question) => {
    const answer = ask(question);
    running.add(answer);
    const done = () => running.delete(answer);
    answer.then(done, done);
    return answer;
  };

  return {
    ask: tracked,
    get statements() {
      return statements;
    },
    async end(word) {
      if (closed) return null;
      closed = true;
      await Promise.allSettled(running); // drizzle sends a tick late: a commit sent now would overtake it
      const open = await transaction;
      if (!open) return null;
      const ended = open.isAlive() ? await said(word, open.connection) : null;
      connections.giveBack(open.connection);
      // a connection that died meanwhile comes back as another: there a commit confirms nothing
      return ended && open.isAlive() ? ended : { lost: lost() };
    },
  };
}

const lost = () => new Error("the connection was lost during the session");

const said = (word: string, { client }: Connection): Promise<Ended> =>
  client
    .unsafe(word)
    .simple()
    .then(
      ({ command }) => ({ command }),
      (error: unknown) => ({ lost: error }),
    );

/** One question as drizzle puts it. */
export interface Question {
  readonly text: string;
  readonly parameters: readonly unknown[];
  readonly values: boolean;
}

/** drizzle with our own way of asking under it: it knows of a driver only `unsafe` and `options`. */
function drizzleOver(ask: (question: Question) => Promise<unknown>): Db {
  const driver = {
    options: { parsers: {}, serializers: {} },
    unsafe: (text: string, parameters: readonly unknown[] = []) => ({
      // biome-ignore lint/suspicious/noThenProperty: drizzle awaits the driver's query, or asks for its values
      then: (ok: (rows: unknown) => unknown, failed: (error: unknown) => unknown) =>
        ask({ text, parameters, values: false }).then(ok, failed),
      values: () => ask({ text, parameters, values: true }),
    }),
  };
  return drizzle(driver as unknown as Sql);
}

/** drizzle over a whole client of its own, for migrations. */
export const drizzleOn = (client: Sql): Db => drizzle(client);

/** Whether a session did not open because its envelope has acted already. */
export function isUsedUp(error: unknown): boolean {
  const { code, constraint_name, cause } = (error ?? {}) as { code?: unknown; constraint_name?: unknown; cause?: unknown };
  if (code === "23505" && constraint_name === "used_envelope_pkey") return true;
  return cause !== undefined && isUsedUp(cause);
}
