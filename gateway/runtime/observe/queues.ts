import { rawClient } from "../../../drizzle/client.ts";
import type { Readings } from "./metrics.ts";

type Queues = Awaited<ReturnType<Readings["queues"]>>;

/** Every queue a gateway works at, with the states that need somebody's eye. A state without a row has none. */
const STATES: readonly (readonly [queue: string, states: readonly string[]])[] = [
  ["exports", ["queued", "running"]],
  ["dci", ["queued", "running"]],
  ["webhooks", ["failing", "paused", "dead"]],
];
const TIMEOUT_MS = 2_000;
/** More messages given up than anybody will read one by one. */
const MOST_DEAD = 10_000;

/** Work of gateways that waits in governance's database. Opens one connection at its first question. */
export function followQueues(databaseUrl: string): { read(): Promise<Queues>; close(): Promise<void> } {
  const connection = { statement_timeout: TIMEOUT_MS };
  const sql = rawClient(databaseUrl, {
    max: 1,
    connect_timeout: 1,
    max_lifetime: null,
    idle_timeout: 60,
    fetch_types: false,
    connection,
  });
  return {
    async read() {
      const rows = await sql<{ queue: string; state: string; count: number; seconds: number | null }[]>`
        select 'exports' as queue, state, count(*)::int as count, (extract(epoch from clock_timestamp() - min(asked_at)))::float8 as seconds
          from governance.export_job where state in ('queued', 'running') group by state
        union all select 'dci', state, count(*)::int, (extract(epoch from clock_timestamp() - min(asked_at)))::float8
          from governance.dci_transaction where state in ('queued', 'running') group by state
        union all select 'webhooks', case s.state when 'ACTIVE' then 'failing' else 'paused' end, count(*)::int,
            (extract(epoch from clock_timestamp() - min(p.failing_since)))::float8
          from governance.event_subscription s join governance.event_progress p on p.subscription_id = s.id
          where s.state = 'PAUSED' or (s.state = 'ACTIVE' and p.failing_since is not null) group by s.state
        union all select 'webhooks', 'dead', count(*)::int, null
          from (select from governance.dead_event where state = 'DEAD' limit ${MOST_DEAD}) d`;
      return STATES.flatMap(([queue, states]) =>
        states.map((state) => {
          const row = rows.find((one) => one.queue === queue && one.state === state);
          return { queue, state, count: row?.count ?? 0, oldestSeconds: row?.seconds ?? 0 };
        }),
      );
    },
    close: () => sql.end({ timeout: 1 }),
  };
}
