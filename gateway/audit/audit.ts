import { randomUUID } from "node:crypto";
import type { Caller } from "../../schema/caller.ts";
import { Refusal } from "../../schema/errors.ts";
import { leafOf } from "../../schema/record/leaf.ts";
import { tagsOf } from "../../schema/record/tags.ts";
import type { YearKeys } from "../../schema/record/yearKeys.ts";
import { SILENT, type Telemetry } from "../types/telemetry.ts";
import { bodyOf, intentOf, type Line, type LineIntent, type Traced, unrecordedOf } from "./body.ts";
import { type Desk, type Entry, type Queued, RequestEntry, type Told } from "./entry.ts";
import { GroupCommit } from "./groupCommit.ts";
import { keyring, type Marks, markOf, markOfDocument, type RecordKeys } from "./keys.ts";
import { Newsroom } from "./news.ts";
import { plainIds } from "./pseudonyms.ts";
import { isRefusedByDatabase, openStore, type Store } from "./store.ts";
import { personsOf, taggedOf } from "./subjects.ts";

export interface AccessRecord {
  open(): Entry;
  /** Plain ids of the pseudonyms the caller's agency was shown for its purpose; of others nothing. Throws AUDIT_UNAVAILABLE. */
  plainIds(caller: Caller, pseudonyms: readonly string[]): Promise<ReadonlyMap<string, string>>;
  readonly isUp: boolean;
  /** Writes what waits, then closes. */
  close(): Promise<void>;
}

/** What the record is kept in, whatever the questions are judged by. */
export interface RecordBook extends Pick<AccessRecord, "isUp" | "close"> {
  /** The record of questions that are judged by one policy over one supergraph. */
  under(judging: Judging): AccessRecord;
  /** Persons that an agreement was told about today, as far as this gateway knows. */
  personsToday(agreement: string): number;
}

interface Judging extends Pick<Desk, "confirm" | "reached" | "catalogue"> {
  /** Keys of the tags of subjects and the marks of variables. */
  readonly recordKeys: YearKeys;
}

export interface BookOptions extends Pick<Desk, "isStopped" | "log"> {
  readonly databaseUrl: string;
  /** Told how long each entry took to become durable. */
  readonly telemetry?: Pick<Telemetry, "recorded">;
}

/** Opens the record for questions of one kind. */
export const openRecord = async (options: BookOptions & Judging): Promise<AccessRecord> =>
  (await openBook(options)).under(options);

/**
 * Opens the access record: of each question an entry before it is asked and one before its answer leaves, both durable by then; of a mutation
 * the first is, before it runs (policy.md §12).
 */
export async function openBook({ databaseUrl, isStopped, log, telemetry = SILENT }: BookOptions): Promise<RecordBook> {
  const store = await openStore(databaseUrl);
  const commits = new GroupCommit({ insert: store.insert, isLinesFault: isRefusedByDatabase });
  const shared = { newsroom: new Newsroom(), marks: new WeakMap<object, MarksUnder>() };
  const unrecorded = new Unrecorded(log, (line) => commits.add(line));
  const written = async (line: Line): Queued["durable"] => {
    const from = performance.now();
    const epoch = await commits.add(line);
    telemetry.recorded(performance.now() - from);
    if (line.news) shared.newsroom.learn(line.news);
    unrecorded.tell();
    return epoch;
  };
  const deskOf = ({ recordKeys, ...judging }: Judging): Desk => {
    const clerk = { ...shared, keysAt: keyring(recordKeys) };
    return {
      ...{ ...judging, isStopped, log },
      queue(traced, told) {
        const { line, count } = lineOf(traced, told, clerk);
        return { receipt: { id: line.receiptId, leaf: line.leaf, subjects: count }, durable: written(line) };
      },
      unrecorded: (caller) => unrecorded.count(caller),
    };
  };
  const close = async (): Promise<void> => {
    unrecorded.tell();
    await commits.drained();
    await store.close();
  };
  return {
    personsToday: (agreement) => shared.newsroom.personsToday(agreement, new Date()),
    under: (judging) => recordOf(deskOf(judging), { store, close }),
    get isUp() {
      return store.isUp;
    },
    close,
  };
}

interface Shelf extends Pick<AccessRecord, "close"> {
  readonly store: Store;
}

const recordOf = (desk: Desk, { store, close }: Shelf): AccessRecord => ({
  open: () => new RequestEntry(desk),
  plainIds: (caller, pseudonyms) => plainIds(store, caller, pseudonyms),
  get isUp() {
    return store.isUp;
  },
  close,
});

interface MarksUnder extends Marks {
  readonly keys: RecordKeys;
  readonly text: string;
}

/** Who writes lines. */
interface Clerk {
  readonly keysAt: (at: Date) => RecordKeys;
  readonly newsroom: Newsroom;
  /** Of variables, which are the same object for all entries of a question. */
  readonly marks: WeakMap<object, MarksUnder>;
}

function lineOf(traced: Traced, told: Told, clerk: Clerk): { readonly line: Line; readonly count: number } {
  const at = new Date();
  const keys = clerk.keysAt(at);
  const about = "planned" in told ? { subjects: [], persons: [], lookups: told.planned.lookups } : told.answer;
  const whom = taggedOf(about ?? NOBODY, keys.subjects);
  const marks = marksOf(traced, keys, clerk);
  const receiptId = "planned" in told ? randomUUID() : (told.part?.receipt ?? traced.receiptId);
  const body = textOf(traced, told, { at, marks, whom, receipt: receiptId });
  const { found = [], noted = new Map<string, string>() } = "planned" in told ? {} : told;
  const telling = {
    at,
    noted,
    persons: () => (about ? personsOf(about, found) : []),
    tagsOf: (ids: readonly string[]) => tagsOf(ids, keys.subjects),
  };
  const isCounted = about && !("planned" in told && told.planned.reading.operation.operation === "query"); // its answer will be
  return {
    line: {
      leaf: leafOf(body),
      body,
      receiptId,
      client: traced.client ?? null,
      agreement: traced.caller?.agreement ?? null,
      subjects: whom.tags,
      news: traced.caller && isCounted ? clerk.newsroom.newsOf(traced.caller, telling) : null,
    },
    count: whom.count,
  };
}

function textOf(traced: Traced, told: Told, { at, marks, whom, receipt }: Omit<LineIntent, "planned">): string {
  if ("planned" in told) return intentOf(traced, { at, marks, whom, receipt, planned: told.planned });
  const { answer, refusal, lookups, intent, part } = told;
  return bodyOf(traced, { at, marks, whom, answer, refusal, lookups, intent, part });
}

const NOBODY = { subjects: [], lookups: [] };

function marksOf({ document: text, variables }: Traced, keys: RecordKeys, { marks }: Clerk): Marks {
  const known = marks.get(variables);
  if (known?.keys === keys && known.text === text) return known;
  const made = { document: markOfDocument(text, keys.variables), variables: markOf(variables, keys.variables), keys, text };
  marks.set(variables, made);
  return made;
}

/** More in one outage, and public aggregates are refused too: who cuts the record off is not to ask for ever. */
const MOST_UNRECORDED = 10_000;

interface Uncounted {
  readonly caller: Caller;
  readonly count: number;
  readonly since: Date;
}

/** Public aggregates that left without an entry, by client and agreement: told to the record as soon as it takes lines again. */
class Unrecorded {
  private readonly log: Desk["log"];
  private readonly add: (line: Line) => Promise<unknown>;
  private readonly counted = new Map<string, Uncounted>();
  private total = 0;

  constructor(log: Desk["log"], add: (line: Line) => Promise<unknown>) {
    this.log = log;
    this.add = add;
  }

  /** Throws AUDIT_UNAVAILABLE when there are too many. */
  count(caller: Caller): void {
    if (this.total >= MOST_UNRECORDED) throw new Refusal({ code: "AUDIT_UNAVAILABLE" });
    const { client, agreement } = caller;
    this.log.warn(
      { requestId: caller.requestId, client, agreement },
      "a public aggregate left without an entry: the record is away",
    );
    this.keep({ caller, count: 1, since: new Date() });
  }

  /** Puts the counts on record. What cannot be written now is told with the next line that can. */
  tell(): void {
    if (this.total === 0) return;
    const all = [...this.counted.values()];
    this.counted.clear();
    this.total = 0;
    for (const one of all) this.add(lineOfUnrecorded(one)).catch(() => this.keep(one));
  }

  private keep({ caller, count, since }: Uncounted): void {
    const key = JSON.stringify([caller.client, caller.agreement, caller.version]);
    const known = this.counted.get(key);
    this.counted.set(key, {
      caller,
      count: count + (known?.count ?? 0),
      since: known && known.since < since ? known.since : since,
    });
    this.total += count;
  }
}

function lineOfUnrecorded(one: Uncounted): Line {
  const receiptId = randomUUID();
  const body = unrecordedOf({ ...one, at: new Date(), receipt: receiptId });
  const { client, agreement } = one.caller;
  return { leaf: leafOf(body), body, receiptId, client, agreement, subjects: Buffer.alloc(0), news: null };
}
