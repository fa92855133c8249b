import { setTimeout as sleep } from "node:timers/promises";
import { rawClient } from "../../drizzle/client.ts";
import { BATCH_ROWS, createIntegrator, type Integrator } from "../../drizzle/record/integrate.ts";
import type { Client } from "../../drizzle/record/reads.ts";
import { watchTasks } from "../../drizzle/watch/watch.ts";
import { messageOf } from "../../schema/errors.ts";
import { alerts, lag, readers, totals } from "./collectors.ts";
import { createPush } from "./push.ts";
import { type Listening, logAnswers, serve, TEXT } from "./server.ts";
import type { LogConfig } from "./settings.ts";

const SECOND = 1000;
/** A step of the tree. */
const EVERY_MS = 1 * SECOND;
/** A cosignature a second would be one row a second and witness, and nobody asks for that. */
const WITNESS_EVERY_MS = 10 * SECOND;
const STATEMENT_TIMEOUT_MS = 60 * SECOND;
const IDLE_TIMEOUT_MS = 10 * SECOND;
const REPEAT_MS = 60 * SECOND;

/** What is done again and again beside the tree, as role hub_log. One that rejects is told and keeps nothing else from its turn. */
export type Task = (sql: Client) => Promise<void>;

interface Running extends LogConfig {
  /** PostgreSQL of governance as hub_log. */
  readonly databaseUrl: string;
  readonly note: (text: string) => void;
}

/** The log process: integrates the record once a second, watches it beside that, has it cosigned, and serves checkpoints and tiles. Any number may run. */
export async function startLog(running: Running): Promise<Listening> {
  const { databaseUrl, by, witnesses, recordKeys, webhook, note } = running;
  const sql = rawClient(databaseUrl, {
    max: 4,
    fetch_types: false,
    connection: {
      application_name: "hub log",
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_TIMEOUT_MS,
    },
  });
  const isWitnessed = witnesses.length > 0;
  const tasks = watchTasks({ keys: recordKeys, webhook, witnessed: isWitnessed });
  const told = teller(note);
  const counts = { integrated: 0, failures: 0 };
  const onError = (what: string, error: unknown) => {
    counts.failures += 1;
    told(what, error);
  };
  const collectors = [lag(sql, isWitnessed), readers(sql), alerts(sql), totals(counts)];
  const answers = logAnswers(sql, collectors);
  const server = await serve(
    async ({ method, url = "/" }) =>
      method === "GET" || method === "HEAD" ? answers(url) : { status: 405, type: TEXT, body: "GET only\n" },
    { ...running, movedBy: "HUB_LOG_PORT", onError: (error) => onError("an answer", error) },
  );
  const integrator = createIntegrator(sql, by);
  const loops = [
    every(EVERY_MS, () => grow(integrator, { onError, counts })),
    every(EVERY_MS, () => watch(sql, { tasks, onError })), // apart: the tree never waits for who reads it
    ...witnesses.map((witness) => {
      const push = createPush(sql, witness);
      return every(WITNESS_EVERY_MS, () => push.push().catch((error: unknown) => onError("a cosignature", error)));
    }),
  ];
  return {
    url: server.url,
    async close() {
      await Promise.all(loops.map((loop) => loop.stop()));
      await server.close();
      await sql.end({ timeout: 5 });
    },
  };
}

interface Step {
  readonly onError: (what: string, error: unknown) => void;
}

/** Takes in what is there, a batch at a time. Never rejects. */
async function grow(
  integrator: Integrator,
  { counts, onError }: Step & { readonly counts: { integrated: number } },
): Promise<void> {
  try {
    for (let isMore = true; isMore; ) {
      const taken = (await integrator.integrate()) ?? 0;
      counts.integrated += taken;
      isMore = taken === BATCH_ROWS;
    }
  } catch (error) {
    onError("a step of the tree", error);
  }
}

/** Gives every task its turn. Never rejects. */
async function watch(sql: Client, { tasks, onError }: Step & { readonly tasks: readonly Task[] }): Promise<void> {
  for (const task of tasks) await task(sql).catch((error: unknown) => onError("a task of the watch", error));
}

/** Calls again and again, `everyMs` between the end of one and the start of the next. */
function every(everyMs: number, work: () => Promise<void>): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const looping = (async () => {
    while (!stopping.signal.aborted) {
      await work();
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();
  return {
    stop() {
      stopping.abort();
      return looping;
    },
  };
}

/** Says a fault when its words change, and once a minute while they do not. */
function teller(note: (text: string) => void): (what: string, error: unknown) => void {
  const last = new Map<string, { readonly text: string; readonly at: number }>();
  return (what, error) => {
    const text = error instanceof Error ? messageOf(error) : String(error);
    const said = last.get(what);
    if (said?.text === text && Date.now() - said.at < REPEAT_MS) return;
    last.set(what, { text, at: Date.now() });
    note(`${what} failed: ${text}`);
  };
}
