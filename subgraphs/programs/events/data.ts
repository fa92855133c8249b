import { and, asc, gt, lte, sql } from "drizzle-orm";
import { type Db, openPool, rawClient, type Scope } from "../../../drizzle/client.ts";
import { aidEvent, aidEventHead } from "../../../drizzle/tables/programs/events.ts";
import { isOneOf } from "../../kit/data.ts";

export type AidEventRow = typeof aidEvent.$inferSelect;
export interface EventHead {
  /** The last place given; 0: none. */
  readonly position: bigint;
  /** The last place forgotten; 0: none. */
  readonly forgotten: bigint;
}

/** Places given in one go: about 0.1 s. */
const MOST = 10_000;

/** Gives places to what has committed; to be read in a later statement. */
export const numberEvents = (db: Db) => db.execute(sql`select programs.number_events(${MOST})`);

export async function eventHead(db: Db): Promise<EventHead> {
  const [row] = await db.select({ position: aidEventHead.position, forgotten: aidEventHead.forgotten }).from(aidEventHead);
  return row ?? { position: 0n, forgotten: 0n };
}

/** Places and what is asked of them: behind `after`, up to `until`. */
export interface Stretch {
  readonly after: bigint;
  readonly until: bigint;
  readonly limit: number;
  readonly programs: readonly string[] | null;
  readonly kinds: readonly string[] | null;
}

/** Events of a stretch in the rows of the agreement, in order of place. */
export const eventsIn = (db: Db, { after, until, limit, programs, kinds }: Stretch): Promise<AidEventRow[]> =>
  db
    .select()
    .from(aidEvent)
    .where(
      and(
        gt(aidEvent.position, after),
        lte(aidEvent.position, until),
        programs === null ? undefined : isOneOf(aidEvent.program, programs, "text"),
        kinds === null ? undefined : isOneOf(aidEvent.kind, kinds, "text"),
      ),
    )
    .orderBy(asc(aidEvent.position))
    .limit(limit);

/** How often is looked for news while somebody waits for them. */
const LOOK_MS = 250;

/** Connections that look whom news concern. */
const LOOKERS = 2;

/** Tells the last place given, which discloses nothing: one look serves everybody who waits, and none is taken for nobody. */
export interface News {
  /** The last place, looked up after this call. Rejects when the database is away. */
  look(): Promise<bigint>;
  /** Whether any event of a stretch is in the rows of a scope. */
  concern(scope: Scope, stretch: Omit<Stretch, "limit">): Promise<boolean>;
  close(): Promise<void>;
}

export function openNews(databaseUrl: string): News {
  const client = rawClient(databaseUrl, { max: 1, idle_timeout: 10, max_lifetime: null });
  const pool = openPool(databaseUrl, { max: LOOKERS });
  let looking: Promise<bigint> | undefined;
  const ask = async (): Promise<bigint> => {
    const [row] = await client<{ position: string }[]>`select programs.number_events(${MOST}) as position`;
    return BigInt(row?.position ?? 0);
  };
  return {
    look() {
      looking ??= new Promise((resolve, reject) => {
        setTimeout(() => {
          looking = undefined; // who comes from now on wants a look of their own
          ask().then(resolve, reject);
        }, LOOK_MS);
      });
      return looking;
    },
    async concern(scope, stretch) {
      const session = pool.session(scope);
      try {
        return (await eventsIn(session.db, { ...stretch, limit: 1 })).length > 0;
      } finally {
        await session.close();
      }
    },
    close: async () => void (await Promise.all([client.end({ timeout: 1 }), pool.end()])),
  };
}
