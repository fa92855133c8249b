import type { LoadPool } from "../../drizzle/copy.ts";

/** What an agreement in force opens to logins of its consumer. */
export interface ReaderTerms {
  /** Cubes for partners; open ones are open to every login. */
  readonly cubes: readonly string[];
  /** Half-open ranges of region codes in byte order. */
  readonly regions: readonly (readonly [from: string, before: string])[];
}

export interface Reader {
  readonly login: string;
  readonly agency: string;
  readonly agreement: string;
}

/** A login that nobody renews closes after this. */
const OPEN_FOR = "60 seconds";
/** A transaction of a login that lasts longer is ended with its session: it holds locks and old rows, whatever time-outs it lifted. */
const LONGEST = "5 minutes";

const OPENED = `update statistics.reader set cubes = $2, regions = $3, open_until = clock_timestamp() + interval '${OPEN_FOR}' where login = $1`;
const CLOSED = `update statistics.reader set cubes = '{}', regions = '{}', open_until = least(open_until, clock_timestamp())
  where login = $1 and (cubes <> '{}' or regions <> '{}' or open_until > clock_timestamp())`;
// only what this role may end: a login that somebody made by hand goes on, and reads nothing
const SESSIONS_ENDED = `select pg_terminate_backend(pid) from pg_stat_activity
  where usename = $1 and pg_has_role(usename, 'USAGE') and ($2 or xact_start < clock_timestamp() - $3::interval)`;

/**
 * Keeps the logins of BI tools open whose agreement is in force, with what it opens now, and closes the others at once, with their sessions. To be called
 * every ten seconds; where nobody does all are closed within a minute, and their sessions go on without figures. `termsOf` throws where policy is not
 * known: then nothing is renewed, and nothing closed before its time. `longest`: an interval of PostgreSQL that a transaction of a login may last.
 */
export const renewReaders = (
  statistics: LoadPool,
  termsOf: (reader: Reader) => ReaderTerms | null,
  longest: string = LONGEST,
): Promise<void> =>
  statistics.load(async (loader) => {
    const readers = await loader.query<Reader>(
      "select login, agency, agreement from statistics.reader order by login for update",
    );
    for (const reader of readers) {
      const terms = termsOf(reader);
      if (terms) await loader.query(OPENED, [reader.login, terms.cubes, terms.regions.flat()]);
      else await loader.query(CLOSED, [reader.login]);
      await loader.query(SESSIONS_ENDED, [reader.login, terms === null, longest]);
    }
  });
