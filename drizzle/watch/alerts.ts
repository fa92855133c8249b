import type { WATCH_KINDS } from "../tables/governance/oversight.ts";
import type { LogClient, LogTransaction } from "./read.ts";

/** What the watch has to say: counts, coordinates, agreements, never a value nor anybody's id. */
export interface Alert {
  readonly kind: (typeof WATCH_KINDS)[number];
  readonly agency?: string | null | undefined;
  readonly client?: string | null | undefined;
  readonly agreement?: string | null | undefined;
  readonly detail: Readonly<Record<string, unknown>>;
  /** Names what it is about beside its kind, such as client and hour: told once. */
  readonly once: string;
}

/** Puts alerts on file, but for those that were told before. */
export async function raise(sql: LogTransaction | LogClient, alerts: readonly Alert[]): Promise<void> {
  if (alerts.length === 0) return;
  const rows = alerts.map((alert) => ({ ...alert, once: `${alert.kind}:${alert.once}` }));
  await sql`
    insert into governance.watch_alert (kind, agency_code, client, agreement, detail, once)
    select kind, agency, client, agreement, detail, once
    from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as r(kind text, agency text, client text, agreement text, detail jsonb, once text)
    on conflict (once) do nothing`;
}

/** Alerts raised so far, by kind: the counters of hub_alerts_total. */
export async function alertCounts(sql: LogClient): Promise<Map<string, number>> {
  const rows = await sql<
    { kind: string; n: string }[]
  >`select kind, count(*) as n from governance.watch_alert group by kind order by kind`;
  return new Map(rows.map(({ kind, n }) => [kind, Number(n)]));
}

const HOUR_MS = 60 * 60 * 1000;
/** Beginning of the clock hour an instant lies in. Hours begin at one time in UTC and in Indonesia. */
export const hourOf = (at: Date): string => new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS).toISOString();
