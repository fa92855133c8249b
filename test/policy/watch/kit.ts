import { randomUUID } from "node:crypto";
import { rawClient } from "../../../drizzle/client.ts";
import type { DatabaseUrls } from "../../../drizzle/cluster.ts";
import type { LogClient } from "../../../drizzle/watch/read.ts";
import { leafOf } from "../../../schema/record/leaf.ts";
import { subjectKey, TAG_BYTES, tagsOf } from "../../../schema/record/tags.ts";
import { devYearKeys, yearInWib } from "../../../schema/record/yearKeys.ts";
import { asServer } from "../../kit/database.ts";

type Json = Readonly<Record<string, unknown>>;

/** An outcome on record; what is not told is a harmless question of Kemensos. */
export interface Entry {
  readonly at: string;
  readonly client?: string;
  readonly agency?: string;
  /** Ids by type of row, the looked-up ones last under `lookup`. */
  readonly about?: Readonly<Record<string, readonly string[]>>;
  /** Anything else of the body. */
  readonly more?: Json;
}

/** A connection of role hub_log, as the log process opens it, for as long as `work` takes. */
export async function asLog<T>(urls: DatabaseUrls, work: (sql: LogClient) => Promise<T>): Promise<T> {
  const sql = rawClient(urls.log as string, { max: 1, fetch_types: false });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

/** Puts entries on record as a gateway does (body version 2), and into the tree as the integrator does, without its hashes. */
export async function recorded(urls: DatabaseUrls, entries: readonly Entry[]): Promise<void> {
  const lines = entries.map(lineOf);
  await asServer(urls.record, async (sql) => {
    const rows = lines.map(({ tags, ...line }) => ({ ...line, tags: tags.toString("hex") }));
    await sql`insert into governance.entry (at, leaf, body, request_id, client, agreement, subjects)
      select at, decode(leaf, 'hex'), body, receipt, client, agreement, decode(tags, 'hex')
      from json_to_recordset(${JSON.stringify(rows)}::text::json)
        as r(at timestamptz, leaf text, body text, receipt text, client text, agreement text, tags text)`;
  });
  await integrated(urls);
}

/** Takes what is on record into the tree as the integrator does, without its hashes. */
export const integrated = (urls: DatabaseUrls) =>
  asLog(urls, async (sql) => {
    await sql`insert into governance.tree_entry (index, entry_id)
      select (select count(*) from governance.tree_entry) - 1 + row_number() over (order by e.id), e.id
      from governance.entry e where not exists (select from governance.tree_entry t where t.entry_id = e.id)`;
    await sql`insert into governance.entry_subject (tag, index)
      select distinct substring(e.subjects from n for 16), t.index from governance.tree_entry t join governance.entry e on e.id = t.entry_id,
        generate_series(1, length(e.subjects), ${TAG_BYTES}) as n on conflict do nothing`;
  });

function lineOf({ at, client = "kemensos", agency = "KEMENSOS", about = {}, more = {} }: Entry) {
  const key = subjectKey(devYearKeys().get(yearInWib(new Date(at))) ?? "");
  const groups = Object.entries(about).filter(([, ids]) => ids.length > 0);
  const tags = Buffer.concat(groups.map(([, ids]) => tagsOf(ids, key)));
  const receipt = randomUUID();
  const told = { client, agency, agreement: "PKS-2025-001", version: 1, purpose: "PROGRAM_ADMINISTRATION", case: null };
  const fields = { shown: [], masked: [], denied: [], subjects: tags.length / TAG_BYTES, status: "ANSWERED" };
  const subjectTypes = Object.fromEntries(groups.map(([type, ids]) => [type, ids.length]));
  const parts: Json = { v: 2, at, receipt, ...told, ...fields, subjectTypes, ...more };
  const body = JSON.stringify(parts);
  return { at, body, tags, receipt, client: parts["client"], agreement: parts["agreement"], leaf: leafOf(body) };
}

/** Alerts on file, oldest first. */
export const alertsOf = (urls: DatabaseUrls, kind: string): Promise<Json[]> =>
  asLog(urls, async (sql) => [
    ...(await sql`select kind, agency_code as agency, client, agreement, detail, attempts, delivered_at is not null as "isDelivered"
      from governance.watch_alert where kind = ${kind} order by id`),
  ]);
