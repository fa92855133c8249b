import type { rawClient } from "../../../drizzle/client.ts";

// What the database did for the subgraphs, by its own count: it does not depend on what else the machine does.

/** Of one request, on the average. */
export interface Work {
  readonly statements: number;
  readonly rows: number;
  /** Pages of 8 KiB looked at, in memory or not. */
  readonly pages: number;
}

const SLICE_ROLES = ["hub_population", "hub_welfare", "hub_programs", "hub_governance", "hub_statistics", "hub_banyuwangi"];
const FRAME = "^\\s*(begin|start|commit|rollback|set|savepoint|release)\\M";

export type Admin = ReturnType<typeof rawClient>;

export async function beginCounting(admin: Admin): Promise<void> {
  await admin`create extension if not exists pg_stat_statements`;
  await admin`select pg_stat_statements_reset()`;
}

export async function workOf(admin: Admin, requests: number): Promise<Work> {
  const [row] = await admin`select coalesce(sum(calls), 0)::float8 as statements, coalesce(sum(rows), 0)::float8 as rows,
      coalesce(sum(shared_blks_hit + shared_blks_read), 0)::float8 as pages
    from pg_stat_statements s join pg_roles r on r.oid = s.userid where r.rolname = any(${SLICE_ROLES}) and s.query !~* ${FRAME}`;
  const each = (name: string) => Number(row?.[name]) / requests;
  return { statements: each("statements"), rows: each("rows"), pages: each("pages") };
}

/** The statements that looked at most pages since counting began, as text without values. */
export async function heaviest(admin: Admin, count: number): Promise<string[]> {
  const rows = await admin`select round((shared_blks_hit + shared_blks_read)::numeric / calls) as pages, calls, rolname,
      left(regexp_replace(query, '\\s+', ' ', 'g'), 700) as query
    from pg_stat_statements s join pg_roles r on r.oid = s.userid where r.rolname = any(${SLICE_ROLES})
    order by (shared_blks_hit + shared_blks_read) desc limit ${count}`;
  return rows.map(({ pages, calls, rolname, query }) => `${pages} pages a call, ${calls} calls, ${rolname}: ${query}`);
}

export async function megabytesOf(admin: Admin): Promise<number> {
  const [row] = await admin`select (sum(pg_database_size(oid)) / 1048576)::float8 as mb from pg_database where not datistemplate`;
  return Number(row?.["mb"]);
}
