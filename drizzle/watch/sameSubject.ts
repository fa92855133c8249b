import { hash } from "node:crypto";
import { TAG_BYTES } from "../../schema/record/tags.ts";
import { type Alert, hourOf, raise } from "./alerts.ts";
import { type LogTransaction, MASS_SUBJECTS, move, placeOf, slicesOf, type Told } from "./read.ts";

const HOUR_MS = 60 * 60 * 1000;
/** Rows that are one person each, and identifiers somebody was asked for by. */
const OF_PERSONS: ReadonlySet<string> = new Set(["Person", "lookup"]);
const ENOUGH_AGENCIES = 3;
/** Persons and those who act for them look at themselves through the hub. */
const OWN_RIGHTS = "DATA_SUBJECT_RIGHTS";
const TRAIL = "watch-hour";
/** Entries whose tags are looked up in one statement: a hundred each at most. */
const PIECE = 100;
/** Some 8 MB. A tag that was forgotten is read again when somebody asks about it again. */
const KEPT_TAGS = 20_000;
/** Of one tag; who asked longest ago is forgotten first. */
const KEPT_AGENCIES = 16;
/** Of one tag, newest first: it was asked about more often within the hour only where somebody does it on purpose. */
const ENTRIES_A_TAG = 10_000;

/** One question about few. */
interface Touch {
  readonly agency: string;
  readonly at: number;
  readonly index: number;
  readonly tags: readonly string[];
}

/**
 * Says when at least three agencies asked about one person within an hour up to one of the entries told, each in a question about few.
 * It remembers who asked about the tags of late, so that an entry costs its own tags: to read the hour anew for each took minutes where one person stood
 * in every answer, and the watch stood still. What was read by another process, forgotten, or lies before its own beginning it reads from the tree.
 */
export function sameSubject(kept = KEPT_TAGS): (tx: LogTransaction, told: readonly Told[]) => Promise<void> {
  const memory = new Memory(kept);
  return async (tx, told) => {
    const alerts = new Map<string, Alert>();
    for (let at = 0; at < told.length; at += PIECE) {
      const piece = told.slice(at, at + PIECE);
      const touches = piece.flatMap(touchOf);
      memory.goOn(piece);
      await recall(tx, memory, touches);
      for (const alert of touches.flatMap((touch) => memory.add(touch)))
        if (!alerts.has(alert.once)) alerts.set(alert.once, alert);
    }
    await raise(tx, [...alerts.values()]);
  };
}

function touchOf({ agency, at, index, purpose, subjectTypes, tags }: Told): Touch[] {
  if (agency === null || purpose === OWN_RIGHTS || tags === null) return [];
  const slices = slicesOf(tags);
  let from = 0;
  const named = Object.entries(subjectTypes).flatMap(([type, count]) => {
    from += count;
    return OF_PERSONS.has(type) ? slices.slice(from - count, from) : [];
  });
  return [{ agency, at: at.getTime(), index, tags: named }];
}

/** When each agency last asked about a tag, as far as `upTo` in the tree. */
interface Asked {
  upTo: number;
  readonly last: Map<string, number>;
}

/** Who asked about which tags, those asked about last. Only what stands in the tree: a transaction that comes to nothing makes none of it untrue. */
class Memory {
  private readonly kept: number;
  private readonly tags = new Map<string, Asked>();
  /** The stretch of the tree it was told without a gap. */
  private from = 0;
  private upTo = -1;

  constructor(kept: number) {
    this.kept = kept;
  }

  /** These are told next. */
  goOn(piece: readonly Told[]): void {
    const [first = 0, last = 0] = [piece[0]?.index, piece.at(-1)?.index];
    if (first <= this.upTo) this.tags.clear(); // told again: what follows must not be known before its turn
    if (first !== this.upTo + 1) this.from = first;
    this.upTo = last;
    for (const tag of this.tags.keys()) {
      if (this.tags.size <= this.kept) break;
      this.tags.delete(tag);
    }
  }

  /** Index from which a tag must be read before it is known; null: it is. */
  missingFrom(tag: string, hour: number): number | null {
    const upTo = this.tags.get(tag)?.upTo ?? -1;
    return upTo >= this.from - 1 && this.tags.has(tag) ? null : Math.max(hour, upTo + 1);
  }

  learn(tag: string, agency: string, { at, index }: Pick<Touch, "at" | "index">): Asked {
    const asked = this.tags.get(tag) ?? { upTo: index, last: new Map<string, number>() };
    this.tags.delete(tag);
    this.tags.set(tag, asked); // newest at the end
    asked.upTo = Math.max(asked.upTo, index);
    asked.last.set(agency, Math.max(at, asked.last.get(agency) ?? 0));
    if (asked.last.size > KEPT_AGENCIES) {
      const [oldest] = [...asked.last].sort(([, a], [, b]) => a - b);
      asked.last.delete(oldest?.[0] ?? "");
    }
    return asked;
  }

  /** What there is to say once this was asked. */
  add({ agency, tags, ...place }: Touch): Alert[] {
    return tags.flatMap((tag) => {
      const { last } = this.learn(tag, agency, place);
      const agencies = [...last].flatMap(([name, at]) => (at > place.at - HOUR_MS ? [name] : [])).sort();
      if (agencies.length < ENOUGH_AGENCIES) return [];
      const hour = hourOf(new Date(place.at));
      return [{ kind: "SAME_SUBJECT", detail: { hour, agencies }, once: `${hash("sha256", tag, "hex").slice(0, 32)}:${hour}` }];
    });
  }
}

/** Reads of the tags of these what the memory does not know: of the hour before the first, or since it last was told of them. */
async function recall(tx: LogTransaction, memory: Memory, touches: readonly Touch[]): Promise<void> {
  const [first] = touches;
  if (!first) return;
  const hour = await trailingHour(tx, first);
  const missing = [...new Set(touches.flatMap(({ tags }) => tags))].flatMap((tag) => {
    const from = memory.missingFrom(tag, hour);
    return from === null ? [] : [{ tag, from }];
  });
  if (missing.length === 0) return;
  const rows = await tx<{ tag: string; agency: string; at: Date; index: string }[]>`
    select n.tag, b.agency, max(e.at) as at, max(s.index) as index
    from json_to_recordset(${JSON.stringify(missing)}::text::json) as n(tag text, "from" bigint)
      cross join lateral (select s.index from governance.entry_subject s
        where s.tag = decode(n.tag, 'hex') and s.index >= n."from" and s.index < ${first.index} order by s.index desc limit ${ENTRIES_A_TAG}) as s
      join governance.tree_entry t on t.index = s.index join governance.entry e on e.id = t.entry_id,
      json_to_record(governance.body_of(e.body)) as b(agency text, purpose text)
    where length(e.subjects) <= ${MASS_SUBJECTS * TAG_BYTES} and b.agency is not null and b.purpose is distinct from ${OWN_RIGHTS}
    group by n.tag, b.agency`;
  for (const { tag, agency, at, index } of rows) memory.learn(tag, agency, { at: at.getTime(), index: Number(index) });
}

/** First index of the hour before a question; a cursor that trails behind, so that each entry is passed once. */
async function trailingHour(tx: LogTransaction, { at, index }: Touch): Promise<number> {
  const from = await placeOf(tx, TRAIL);
  const [row] = await tx<{ index: string }[]>`
    select t.index from governance.tree_entry t join governance.entry e on e.id = t.entry_id
    where t.index >= ${from} and t.index <= ${index} and e.at >= ${new Date(at)}::timestamptz - interval '1 hour' order by t.index limit 1`;
  const found = row ? Number(row.index) : index;
  await move(tx, TRAIL, found);
  return found;
}
