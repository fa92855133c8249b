import { vkeyOf } from "../../../schema/record/note.ts";
import { subjectKey, tagOf } from "../../../schema/record/tags.ts";
import { keysOf, type YearKeys, yearInWib } from "../../../schema/record/yearKeys.ts";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import type { Paging } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { atMost } from "../duties/words.ts";
import type { RecordFilter } from "../generated.ts";
import type { Office } from "../held.ts";
import { mustHold, refused, stewardAsking } from "../steward.ts";
import { type EntryRow, type SearchEnd, searchRecord } from "./data.ts";
import { type Entry, entryOf } from "./entries.ts";

export interface EntryPage {
  readonly nodes: readonly Entry[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly searchedTo: string | null;
}

const OF = "accessRecord";

/** Searches of the record. What a steward may see, the database says (governance.record_search). */
export const search = ({ db, caller, now, cursors }: Asking, { recordKeys, logKey }: Pick<Office, "recordKeys" | "logKey">) => ({
  /** Null: not known here. */
  logKey: (): string | null => logKey && vkeyOf(logKey),
  async page(filter: Partial<RecordFilter>, { first, after }: Paging): Promise<EntryPage> {
    await mustBeAllowed({ db, caller }, filter);
    const rows = await searchRecord(db, {
      ...wantedBy(filter, (person) => tagsOf(person, keysOf(recordKeys, yearsUntil(now, recordKeys)))),
      ...{ now, before: after == null ? null : Number(cursors.open(OF, after)[0]), lines: atMost(first ?? 20) },
    });
    const end = rows.find((row): row is SearchEnd => row.body === null);
    const { id = null, at = null, more = false } = end ?? {};
    return {
      nodes: rows.filter((row): row is EntryRow => row.body !== null).map(entryOf),
      pageInfo: { hasNextPage: more, endCursor: id === null ? null : cursors.seal(OF, [id]) },
      searchedTo: at,
    };
  },
});

async function mustBeAllowed({ db, caller }: Pick<Asking, "db" | "caller">, { person }: Partial<RecordFilter>): Promise<void> {
  const steward = await stewardAsking(db, caller);
  mustHold(steward, "AUDITOR", "DPO", "STEWARD");
  if (person == null) return;
  mustHold(steward, "AUDITOR", "DPO");
  if (caller.case === null) throw refused("a person is searched for in a case: send its number as Hub-Case");
}

function wantedBy(
  { person, receipt, agreement, from, to, ...told }: Partial<RecordFilter>,
  tagsBy: (person: string) => Buffer[],
) {
  const [since, until] = [from ?? null, to ?? null];
  if (since !== null && until !== null && Date.parse(since) >= Date.parse(until)) throw badInput("from must be before to");
  const tags = person == null ? null : tagsBy(person);
  return { tags, receipt: receipt ?? null, agreement: agreement ?? null, told: given(told), since, until };
}

/** Under every key by which they may stand on record by now; none for what can be nobody's id. */
const tagsOf = (person: string, keys: readonly string[]): Buffer[] =>
  uuids([person.toLowerCase()]).flatMap((id) => keys.map((key) => tagOf(id, subjectKey(key))));

const yearsUntil = (now: Date, keys: YearKeys): number[] => [...keys.keys()].filter((year) => year <= yearInWib(now));

const given = (parts: Readonly<Record<string, string | null | undefined>>) =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value != null)) as Record<string, string>;
