import { TAG_BYTES } from "../../schema/record/tags.ts";
import type { rawClient } from "../client.ts";
import { inTransaction } from "../transaction.ts";

/** A connection of role hub_log. */
export type LogClient = ReturnType<typeof rawClient>;
export type LogTransaction = Parameters<Parameters<LogClient["begin"]>[1]>[0];

/** An entry of the record as its readers here need it. */
export interface Told {
  readonly index: number;
  readonly at: Date;
  readonly client: string | null;
  readonly agency: string | null;
  /** The person who asked, where one did: a steward, an officer or an analyst. */
  readonly officer: string | null;
  readonly agreement: string | null;
  readonly purpose: string | null;
  readonly case: string | null;
  readonly brokenGlass: boolean;
  readonly receipt: string;
  /** ANSWERED, INTENDED, or the code of a refusal. */
  readonly status: string;
  readonly shown: readonly string[];
  readonly masked: readonly string[];
  readonly denied: readonly string[];
  readonly subjects: number;
  /** How many of which type, in the order of the tags. */
  readonly subjectTypes: Readonly<Record<string, number>>;
  readonly lookups: { readonly tried: number; readonly missed: number; readonly sequential: number } | null;
  /** Of an entry that says how many public answers went unrecorded while the store was down: how many. */
  readonly unrecorded: number | null;
  /** Of a part of a streamed answer which it is. */
  readonly part: number | null;
  /** Its tags, where it names so few subjects that they were meant; null: a mass question. */
  readonly tags: Buffer | null;
}

/** Who asks about more at once asks about nobody in particular. */
export const MASS_SUBJECTS = 100;
const BATCH = 5_000;
/** What a tick of one reader reads at most, so that the others wait no longer for their turn. */
const BATCHES_A_TICK = 4;

/**
 * Gives `work` the entries a reader of the tree has not read, in order, at most 20,000 a call. Its place moves in the transaction of the work: of a process that dies in
 * between nothing is told twice or lost. Of two at once one waits. Cost: one walk along the tree's index.
 */
export async function readOn(
  sql: LogClient,
  reader: string,
  work: (tx: LogTransaction, told: readonly Told[]) => Promise<void>,
): Promise<void> {
  for (let batch = 0; batch < BATCHES_A_TICK; batch++) {
    const read = await inTransaction(sql, async (tx) => {
      const from = await placeOf(tx, reader);
      const told = await entriesFrom(tx, from);
      if (told.length === 0) return 0;
      await work(tx, told);
      await move(tx, reader, from + told.length);
      return told.length;
    });
    if (read < BATCH) return;
  }
}

/** First index the reader has not read; nobody else moves it until the end of the transaction. */
export async function placeOf(tx: LogTransaction, reader: string): Promise<number> {
  await tx`insert into governance.record_cursor (reader) values (${reader}) on conflict do nothing`;
  const [row] = await tx`select next from governance.record_cursor where reader = ${reader} for update`;
  return Number(row?.["next"] ?? 0);
}

export const move = (tx: LogTransaction, reader: string, next: number) =>
  tx`update governance.record_cursor set next = ${next} where reader = ${reader}`;

/** Entries in the tree that its readers have not read, by reader. */
export async function unreadBy(sql: LogClient): Promise<Map<string, number>> {
  const rows = await sql<{ reader: string; unread: number }[]>`
    select reader, (coalesce((select max(index) from governance.tree_entry) + 1 - coalesce(c.next, 0), 0))::float8 as unread
    from unnest(array['accounting', 'watch']) as reader left join governance.record_cursor c using (reader)`;
  return new Map(rows.map(({ reader, unread }) => [reader, unread]));
}

async function entriesFrom(tx: LogTransaction, from: number): Promise<Told[]> {
  const rows = await tx<{ index: string; at: Date; body: string; tags: Buffer | null }[]>`
    select t.index, e.at, e.body, case when length(e.subjects) <= ${MASS_SUBJECTS * TAG_BYTES} then e.subjects end as tags
    from governance.tree_entry t join governance.entry e on e.id = t.entry_id
    where t.index >= ${from} order by t.index limit ${BATCH}`;
  return rows.map(({ index, at, body, tags }) => ({ ...read(body), index: Number(index), at, tags }));
}

type Body = Omit<Told, "index" | "at" | "tags">;

/** A body somebody tampered with is counted as such, and blinds nobody to those behind it. */
function read(body: string): Body {
  try {
    return { ...NOTHING, ...JSON.parse(body) };
  } catch {
    return NOTHING;
  }
}

/** What a body leaves out where there is none of it; of one that nobody can read all. */
const NOTHING: Body = {
  ...{ client: null, agency: null, officer: null, agreement: null, purpose: null, case: null, receipt: "", status: "UNREADABLE" },
  ...{ brokenGlass: false, shown: [], masked: [], denied: [], subjects: 0, subjectTypes: {}, lookups: null },
  ...{ unrecorded: null, part: null },
};

/** Who asked: a client, or a person, who is followed apart from the others that come through the same client. */
export const askerOf = ({ client, agency, officer }: Pick<Told, "client" | "agency" | "officer">): string =>
  officer === null ? (client ?? "") : `${client ?? ""} ${agency ?? ""} ${officer}`;

/** Items by a text made of each, in the order they were met. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** The tags of a column, hex. */
export const slicesOf = (tags: Buffer): string[] =>
  Array.from({ length: tags.length / TAG_BYTES }, (_, n) => tags.toString("hex", n * TAG_BYTES, (n + 1) * TAG_BYTES));
