import { dayInWib } from "../../schema/values/wib.ts";
import { type Alert, hourOf, raise } from "./alerts.ts";
import type { LogClient } from "./read.ts";

const HOUR_MS = 60 * 60 * 1000;
/** Told this long before a breach case is due, and when it is. */
const BREACH_WARNING_MS = 12 * HOUR_MS;

/** Agreements that have used four fifths of their quota of today (WIB). */
export async function watchQuotas(sql: LogClient, now: Date): Promise<void> {
  const day = dayInWib(now);
  const rows = await sql<{ agreement: string; agency: string; used: number; quota: number }[]>`
    select agreement, agency, used, quota from governance.quotas_nearing(${day}::date)`;
  await raise(
    sql,
    rows.map(({ agreement, agency, used, quota }) => ({
      ...{ kind: "QUOTA_NEARING" as const, agency, agreement },
      detail: { day, used, quota },
      once: `${agreement}:${day}`,
    })),
  );
}

/** Breach cases of which somebody is still to be told. */
export async function watchBreaches(sql: LogClient, now: Date): Promise<void> {
  const soon = new Date(now.getTime() + BREACH_WARNING_MS);
  const rows = await sql<{ number: string; due: Date; isDrill: boolean }[]>`
    select number, due_at as due, is_drill as "isDrill" from governance.breach_case where state = 'OPEN' and due_at <= ${soon}`;
  const alerts = rows.flatMap(({ number, due, isDrill }): Alert[] => {
    const about = (stage: string): Alert => ({
      kind: "BREACH_DUE",
      detail: { number, due: due.toISOString(), stage, isDrill },
      once: `${number}:${stage}`,
    });
    return due > now ? [about("SOON")] : [about("DUE")];
  });
  await raise(sql, alerts);
}

/** How long an entry may stand without a signed checkpoint over it. */
const STALE_MS = HOUR_MS / 4;

/** Entries that no checkpoint covers; `witnessed`: none that a witness cosigned. */
export async function watchCheckpoints(sql: LogClient, now: Date, witnessed: boolean): Promise<void> {
  const [row] = await sql<{ lag: { oldestUncovered: string | null } }[]>`select governance.record_lag(${witnessed}) as lag`;
  const oldest = row?.lag.oldestUncovered;
  if (!oldest || now.getTime() - Date.parse(oldest) < STALE_MS) return;
  await raise(sql, [{ kind: "CHECKPOINT_STALE", detail: { oldestUncovered: oldest, witnessed }, once: hourOf(now) }]);
}

/** Requests of data subjects that are nearly due, or late: their own rule writes the events and the alerts. */
export const markRequestClocks = async (sql: LogClient): Promise<void> =>
  void (await sql`select governance.mark_request_clocks()`);
