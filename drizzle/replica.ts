import { setTimeout as pause } from "node:timers/promises";
import type { Question, rawClient } from "./client.ts";

// Questions on a hot standby. How far it is behind is measured by places in the primary's log, never by clocks: what the primary had written when
// it was asked has reached the replica once the replica has replayed up to there.

type Sql = ReturnType<typeof rawClient>;

/** A replica, and whether it may be asked now. */
export interface Replica {
  /** It has replayed all that the primary had committed `lagMs` ago. */
  readonly isFresh: boolean;
  /** It gave no answer: it is not asked again before it was seen well. */
  lost(): void;
  close(): Promise<void>;
}

interface Followed {
  readonly primary: Sql;
  readonly replica: Sql;
  readonly lagMs: number;
  readonly changed?: (isAsked: boolean) => void;
}

/** What the primary had written at an instant of this process's own steady clock. */
interface Sample {
  readonly at: number;
  readonly place: bigint;
}

const [SHORTEST_BEAT_MS, LONGEST_BEAT_MS] = [10, 250];

/** Looks at both sides a few times within `lagMs`. A side that hangs or is away tells nothing new, and what is known grows old by itself. */
export function followReplica({ primary, replica, lagMs, changed }: Followed): Replica {
  const beatMs = Math.min(LONGEST_BEAT_MS, Math.max(SHORTEST_BEAT_MS, lagMs / 5));
  const closing = new AbortController();
  let samples: Sample[] = [];
  let cluster = "";
  let heldAt = Number.NEGATIVE_INFINITY;
  let losses = 0;
  let wasFresh = false;
  const isFresh = () => performance.now() - heldAt <= lagMs;

  const lookAtPrimary = async () => {
    const at = performance.now();
    const seen = await placeOf(primary);
    if (seen.isStandby) return; // a primary that follows another says nothing of what is committed
    cluster = seen.cluster;
    samples = [...samples.filter((sample) => sample.at > at - lagMs), { at, place: seen.place }];
  };
  const lookAtReplica = async () => {
    const before = losses;
    const seen = await placeOf(replica);
    if (!seen.isStandby || seen.cluster !== cluster || losses !== before) return;
    const held = samples.findLast(({ place }) => place <= seen.place);
    if (held) heldAt = Math.max(heldAt, held.at);
  };
  const told = () => {
    if (isFresh() === wasFresh) return;
    wasFresh = !wasFresh;
    changed?.(wasFresh);
  };
  const every = async (look: () => Promise<void>) => {
    while (!closing.signal.aborted) {
      await look().catch(() => {}); // told by what is not known any more
      told();
      await pause(beatMs, undefined, { signal: closing.signal, ref: false }).catch(() => {});
    }
  };
  const looking = [every(lookAtPrimary), every(lookAtReplica)];
  return {
    get isFresh() {
      return isFresh();
    },
    lost() {
      losses += 1;
      heldAt = Number.NEGATIVE_INFINITY;
    },
    async close() {
      closing.abort();
      await Promise.all([primary.end({ timeout: 1 }), replica.end({ timeout: 1 })]);
      await Promise.all(looking);
    },
  };
}

interface Place {
  readonly place: bigint;
  readonly isStandby: boolean;
  readonly cluster: string;
}

/** Bytes of a page's head, short and long: where the next record is to begin when nothing stands on the page yet. */
const PAGE_HEADS = [24n, 40n];
const PAGE = 8192n;

/**
 * Up to where a server has written or replayed. A standby counts only while it receives: one that has lost its primary may stand on a branch of
 * the log that was given up.
 */
async function placeOf(sql: Sql): Promise<Place> {
  const [row] = await sql<{ place: string | null; standby: boolean; receives: boolean; cluster: string }[]>`
    select s.standby, c.system_identifier::text as cluster, exists (select from pg_stat_wal_receiver) as receives,
      (case when s.standby then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end - '0/0'::pg_lsn)::text as place
    from pg_control_system() c, (select pg_is_in_recovery() as standby) s`;
  if (!row?.place || (row.standby && !row.receives)) throw new Error("the server tells no place");
  const place = BigInt(row.place);
  const isUntouched = !row.standby && PAGE_HEADS.includes(place % PAGE);
  return { place: isUntouched ? place - (place % PAGE) : place, isStandby: row.standby, cluster: row.cluster };
}

/** One transaction that questions are asked in. */
export interface Reading {
  readonly statements: number;
  readonly ask: (question: Question) => Promise<unknown>;
  end(word: "commit"): Promise<unknown>;
}

/**
 * Asks the replica where it is fresh at the first question, else the primary. What the replica cannot answer (it is away, or had to give up the
 * question to go on replaying) is asked of the primary, and so is everything after it: time never goes back within a session.
 */
export function readEither(primary: Reading, other: Reading, replica: Replica): Reading & { freshen(): void } {
  let asked: Reading | undefined;
  const running = new Set<Promise<unknown>>();
  const ask = (question: Question): Promise<unknown> => {
    asked ??= replica.isFresh ? other : primary;
    if (asked === primary) return primary.ask(question);
    return other.ask(question).catch((error: unknown) => {
      if (isLoss(error)) replica.lost();
      else if (!isOfStandby(error) && asked === other) throw error;
      asked = primary;
      return primary.ask(question);
    });
  };
  return {
    get statements() {
      return primary.statements + other.statements;
    },
    freshen() {
      asked = primary;
    },
    ask(question) {
      const answer = ask(question);
      running.add(answer);
      const done = () => running.delete(answer);
      answer.then(done, done);
      return answer;
    },
    async end(word) {
      await Promise.allSettled(running); // what the replica fails now still goes to the primary
      await Promise.all([other.end(word).catch(() => {}), primary.end(word)]);
    },
  };
}

/** Classes of SQLSTATE: no connection, no more of them, no entry, the server stops or starts, its disk or itself is broken. */
const LOSSES = /^(?:08|28|53|57P|58|XX)/;
/** Cancelled to go on replaying (40001, 40P01), or more than a standby may (25006, 0A000): the primary answers. */
const OF_STANDBY = /^(?:40|25006|0A000)/;

/** Whether the server gave no answer. An error without a SQLSTATE is the connection's. */
function isLoss(error: unknown): boolean {
  const code = stateOf(error);
  return code === null || LOSSES.test(code);
}
const isOfStandby = (error: unknown): boolean => OF_STANDBY.test(stateOf(error) ?? "");

function stateOf(error: unknown): string | null {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  return name === "PostgresError" && typeof code === "string" ? code : null;
}
