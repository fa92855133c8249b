import { createHmac } from "node:crypto";
import { idOf, subjectKey, TAG_BYTES } from "../../schema/record/tags.ts";
import type { YearKeys } from "../../schema/record/yearKeys.ts";
import { inTransaction } from "../transaction.ts";
import type { LogClient, LogTransaction } from "./read.ts";

const [SECOND, MINUTE] = [1_000, 60_000];
/** What a tick and one piece of a window read at most; a piece of few entries makes the next one longer. */
const [ENTRIES_A_TICK, ENTRIES_A_PIECE, TAGS_A_PIECE, FEW] = [5_000, 5_000, 200_000, 1_000];
const PIECES_A_TICK = 64;
/** Younger entries may not be there yet: the record's writers give up sooner. */
const SETTLED_MS = 10 * SECOND;

/** Stands for whom a case cannot name: of what was looked up, mostly numbers, only a hash is on record, of a year whose key is gone nothing; others it may not. */
const LOOKUP = "lookup";

interface CaseRow {
  readonly id: string;
  readonly from: Date;
  readonly to: Date;
}

interface FoundRow {
  readonly entries: number;
  readonly disclosed: string[];
  readonly year: number | null;
  readonly type: string | null;
  readonly tags: Buffer | null;
  readonly isDrill: boolean;
}

/**
 * Searches the record for whom open breach cases affected, a piece of their windows at a time, and keeps who is found. Each piece is kept with how
 * far the search has come: it goes on where it stopped. `keys` turn tags back into ids. A case that cannot be searched, because an entry of its window is
 * no longer readable, is told and keeps no other from its turn: whom that entry named must not go missing unseen.
 */
export async function searchBreaches(sql: LogClient, keys: YearKeys, now: Date): Promise<void> {
  const settled = new Date(now.getTime() - SETTLED_MS);
  const cases = await sql<CaseRow[]>`
    select id, searched_to as from, window_to as to from governance.breach_case where searched_at is null and searched_to < ${settled} order by number`;
  const faults: unknown[] = [];
  for (const one of cases)
    await searchCase(sql, { ...one, to: one.to < settled ? one.to : settled }, keys).catch((fault: unknown) =>
      faults.push(fault),
    );
  if (faults.length > 0) throw faults[0];
}

async function searchCase(sql: LogClient, { id, from, to }: CaseRow, keys: YearKeys): Promise<void> {
  let [at, length, read] = [from.getTime(), MINUTE, 0];
  for (let piece = 0; piece < PIECES_A_TICK && at < to.getTime() && read < ENTRIES_A_TICK; piece++) {
    const before = Math.min(at + length, to.getTime());
    const { entries, tags } = await extentOf(sql, new Date(at), new Date(before));
    if ((entries > ENTRIES_A_PIECE || tags > TAGS_A_PIECE) && length > SECOND) {
      length = Math.max(SECOND, length / 2);
      continue;
    }
    await inTransaction(sql, (tx) => searchPiece(tx, { id, from: new Date(at), to: new Date(before) }, keys));
    [at, read] = [before, read + entries];
    if (entries < FEW) length *= 2;
  }
}

/** How many there are, as far as it matters. */
async function extentOf(sql: LogClient, from: Date, to: Date): Promise<{ entries: number; tags: number }> {
  const [row] = await sql<{ entries: number; tags: number }[]>`
    select count(*)::integer as entries, coalesce(sum(bytes), 0)::float8 / ${TAG_BYTES}::integer as tags
    from (select length(subjects) as bytes from governance.entry where at >= ${from} and at < ${to} limit ${ENTRIES_A_PIECE + 1}) as e`;
  return row ?? { entries: 0, tags: 0 };
}

async function searchPiece(tx: LogTransaction, { id, from, to }: CaseRow, keys: YearKeys): Promise<void> {
  const [here] =
    await tx`select from governance.breach_case where id = ${id} and searched_to = ${from} and searched_at is null for update`;
  if (!here) return; // another process was here
  const rows = await tx<FoundRow[]>`
    select f.entries, to_json(f.disclosed) as disclosed, f.year, f.type, f.tags, b.is_drill as "isDrill"
    from governance.breach_case b, governance.breach_found(b.id, ${from}, ${to}) f where b.id = ${id}`;
  const subjects = rows.flatMap((row) => subjectsIn(row, id, keys));
  await tx`
    insert into governance.breach_subject (breach_id, type, subject_id)
    select ${id}::uuid, type, id::uuid from json_to_recordset(${JSON.stringify(subjects)}::text::json) as r(type text, id text) on conflict do nothing`;
  const [found] = rows;
  await tx`
    update governance.breach_case b set entries = b.entries + ${found?.entries ?? 0}, searched_to = ${to},
      disclosed = array(select jsonb_array_elements_text(to_jsonb(b.disclosed)) union select json_array_elements_text(${JSON.stringify(found?.disclosed ?? [])}::text::json) order by 1),
      searched_at = case when b.window_to <= ${to} then clock_timestamp() end
    where b.id = ${id}`;
}

/** Ids behind tags; of those a case does not name, and of all in a drill, a code in place of the id that counts them once. */
function subjectsIn({ year, type, tags, isDrill }: FoundRow, breach: string, keys: YearKeys): { type: string; id: string }[] {
  if (year === null || type === null || tags === null) return [];
  const secret = keys.get(year);
  const named = secret === undefined ? LOOKUP : type;
  const key = secret === undefined || type === LOOKUP || isDrill ? null : subjectKey(secret);
  return Array.from({ length: tags.length / TAG_BYTES }, (_, n) => {
    const tag = tags.subarray(n * TAG_BYTES, (n + 1) * TAG_BYTES);
    return { type: named, id: key === null ? codeOf(tag, `${breach}:${named}`, secret ?? "") : idOf(tag, key) };
  });
}

/** Leads back to nobody, and to no other case or type. */
const codeOf = (tag: Buffer, place: string, secret: string): string =>
  createHmac("sha256", secret)
    .update(place)
    .update(tag)
    .digest("hex")
    .slice(0, 2 * TAG_BYTES);
