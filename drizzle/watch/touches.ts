import { hash } from "node:crypto";
import { subjectKey, TAG_BYTES, tagsOf } from "../../schema/record/tags.ts";
import { keysOf, type YearKeys, yearInWib } from "../../schema/record/yearKeys.ts";
import { hourOf, raise } from "./alerts.ts";
import { askerOf, type LogTransaction, MASS_SUBJECTS, move, placeOf, type Told } from "./read.ts";

/** Says when somebody is shown a canary, or asks for one by its id. `told` are neighbours in the tree. */
export async function watchCanaries(tx: LogTransaction, told: readonly Told[], keys: YearKeys): Promise<void> {
  const planted = await tx<{ id: string }[]>`select person_id as id from governance.canary where retired_at is null`;
  const ids = planted.map(({ id }) => id);
  const years = told.map(({ at }) => yearInWib(at));
  const tags = keysOf(keys, years).flatMap((key) => slicesOf(tagsOf(ids, subjectKey(key))));
  if (tags.length === 0) return;
  const touched = await tx<{ index: string }[]>`
    select distinct s.index from governance.entry_subject s
    where s.tag in (select decode(t, 'hex') from json_array_elements_text(${JSON.stringify(tags)}::text::json) t) and s.index between ${told[0]?.index ?? 0} and ${told.at(-1)?.index ?? 0}
    order by s.index`;
  const byIndex = new Map(told.map((entry) => [entry.index, entry]));
  const entries = touched.flatMap(({ index }) => byIndex.get(Number(index)) ?? []);
  await raise(
    tx,
    entries.map(({ client, agency, officer, agreement, at, receipt }) => ({
      kind: "CANARY_TOUCHED",
      ...{ client, agency, agreement },
      detail: { hour: hourOf(at), receipt },
      once: `${askerOf({ client, agency, officer })}:${hourOf(at)}`,
    })),
  );
}

/** Rows that are one person each, and identifiers somebody was asked for by. */
const OF_PERSONS: ReadonlySet<string> = new Set(["Person", "lookup"]);
const ENOUGH_AGENCIES = 3;
const TRAIL = "watch-hour";
/** Persons and those who act for them look at themselves through the hub. */
const OWN_RIGHTS = "DATA_SUBJECT_RIGHTS";

/** Says when at least three agencies asked about one person within an hour up to one of these entries, each in a question about few. */
export async function watchSameSubject(tx: LogTransaction, told: readonly Told[]): Promise<void> {
  const meant = told.filter(({ purpose, tags }) => purpose !== OWN_RIGHTS && tags !== null);
  const named = meant.flatMap((entry) => personTagsOf(entry).map((tag) => ({ tag, index: entry.index, at: entry.at })));
  const [first] = meant;
  if (!first || named.length === 0) return;
  const rows = await tx<{ tag: string; agencies: string[]; at: Date }[]>`
    select n.tag, n.at, json_agg(distinct b.agency) as agencies
    from json_to_recordset(${JSON.stringify(named)}::text::json) as n(tag text, index bigint, at timestamptz)
      join governance.entry_subject s on s.tag = decode(n.tag, 'hex') and s.index >= ${await trailingHour(tx, first)} and s.index <= n.index
      join governance.tree_entry t on t.index = s.index join governance.entry e on e.id = t.entry_id,
      json_to_record(governance.body_of(e.body)) as b(agency text, purpose text)
    where e.at > n.at - interval '1 hour' and length(e.subjects) <= ${MASS_SUBJECTS * TAG_BYTES}
      and b.agency is not null and b.purpose is distinct from ${OWN_RIGHTS}
    group by n.tag, n.index, n.at having count(distinct b.agency) >= ${ENOUGH_AGENCIES} order by n.index`;
  await raise(
    tx,
    rows.map(({ tag, agencies, at }) => ({
      kind: "SAME_SUBJECT",
      detail: { hour: hourOf(at), agencies },
      once: `${hash("sha256", tag, "hex").slice(0, 32)}:${hourOf(at)}`,
    })),
  );
}

/** First index of the hour before an entry; a cursor that trails behind, so that each entry is passed once. */
async function trailingHour(tx: LogTransaction, { at, index }: Told): Promise<number> {
  const from = await placeOf(tx, TRAIL);
  const [row] = await tx<{ index: string }[]>`
    select t.index from governance.tree_entry t join governance.entry e on e.id = t.entry_id
    where t.index >= ${from} and t.index <= ${index} and e.at >= ${at}::timestamptz - interval '1 hour' order by t.index limit 1`;
  const found = row ? Number(row.index) : index;
  await move(tx, TRAIL, found);
  return found;
}

function personTagsOf({ subjectTypes, tags }: Told): string[] {
  const slices = slicesOf(tags ?? Buffer.alloc(0));
  let at = 0;
  return Object.entries(subjectTypes).flatMap(([type, count]) => {
    at += count;
    return OF_PERSONS.has(type) ? slices.slice(at - count, at) : [];
  });
}

/** The tags of a column, hex. */
const slicesOf = (tags: Buffer): string[] =>
  Array.from({ length: tags.length / TAG_BYTES }, (_, n) => tags.toString("hex", n * TAG_BYTES, (n + 1) * TAG_BYTES));
