import { type KeyObject, randomUUID } from "node:crypto";
import type { Caller } from "../../schema/caller.ts";
import { type Code, type Receipt, Refusal } from "../../schema/errors.ts";
import type { Disclosure, Known, Planned } from "../types/chain.ts";
import type { Supergraph } from "../types/supergraph.ts";
import { bodyOf, intentOf, type Line, type LineOutcome, leafOf, type Traced } from "./body.ts";
import { GroupCommit } from "./groupCommit.ts";
import { Newsroom } from "./news.ts";
import { noting, plainIds } from "./pseudonyms.ts";
import { isRefusedByDatabase, openStore } from "./store.ts";
import { BLOCK_BYTES, personsOf, subjectKey, subjectsOf, tagsOf } from "./subjects.ts";
import { markOf, markOfDocument, variablesKey } from "./variables.ts";

/** The record of one request. */
export interface Entry {
  /** Remembers how far the request has come: a refusal is recorded with all that was known by then. Returns what it was given. */
  saw<Stage extends Traced>(stage: Stage): Stage;
  /** Notes from now on which subjects are shown under a pseudonym: the next answer on record issues them. Returns what it was given, noted. */
  notes<Stage extends Known>(known: Stage, supergraph: Pick<Supergraph, "subjectTypes">): Stage;
  /**
   * Puts on record what a mutation is about to do; a query passes. MUST NOT resolve before the entry is durable and the grants are
   * found still in force: only then may anything run. Whom it looks up counts for the quota already. Throws a Refusal when any fails.
   * Returns what it was given.
   */
  intend<Stage extends Planned>(planned: Stage): Promise<Stage>;
  /**
   * Puts the answer on record. MUST NOT resolve before the entry is durable and the grants are found still in force: only then
   * may a byte leave. Its persons count for the quota, and whom it looked up, found or not; of those `found`, who stand in the answer
   * themselves, the identifier they were looked up by does not count again. Throws a Refusal when any fails; the answer is then to be thrown away.
   */
  close(answer: Disclosure, found?: readonly string[]): Promise<Receipt>;
  /**
   * Puts a part of a streamed answer on record, in an entry of its own that names the whole one's. The same promise as `close`, which
   * ends the stream.
   */
  part(answer: Disclosure): Promise<void>;
  /** Throws a Refusal unless what the caller was granted holds this very moment: for each event of what is on record as a whole. */
  stands(): void;
  /** What was announced is known not to have been done: a refusal is plain again. */
  undone(): void;
  /**
   * Puts a refusal on record. Never throws: with the record down, the client has its refusal and no data. Returns what the client is
   * to be told: of a mutation that may have run first of all that, and where it was announced.
   */
  fail(error: unknown): Promise<unknown>;
}

export interface AccessRecord {
  open(): Entry;
  /** Plain ids of the pseudonyms the caller's agency was shown for its purpose; of others nothing. Throws AUDIT_UNAVAILABLE. */
  plainIds(caller: Caller, pseudonyms: readonly string[]): Promise<ReadonlyMap<string, string>>;
  readonly isUp: boolean;
  /** Writes what waits, then closes. */
  close(): Promise<void>;
}

export interface RecordOptions {
  readonly databaseUrl: string;
  /** Key of this year's tags of subjects and marks of variables. */
  readonly recordKey: string;
  /** Throws when what the caller was granted no longer holds; `hasActed`: its mutation has run. */
  readonly confirm: (caller: Caller, progress: { readonly hasActed: boolean }) => void;
  readonly log: {
    warn(fields: object, text: string): void;
    error(fields: object, text: string): void;
    info(fields: object, text: string): void;
  };
}

/** Opens the access record: one entry a request, durable before the answer leaves; of a mutation one more, durable before it runs (policy.md §12). */
export async function openRecord({ databaseUrl, recordKey, confirm, log }: RecordOptions): Promise<AccessRecord> {
  const store = await openStore(databaseUrl);
  const commits = new GroupCommit({ insert: store.insert, isLinesFault: isRefusedByDatabase });
  const keys = { subjects: subjectKey(recordKey), variables: variablesKey(recordKey) };
  const newsroom = new Newsroom();
  const desk: Desk = {
    confirm,
    log,
    async write(traced, told) {
      const line = lineOf(traced, told, { keys, newsroom });
      await commits.add(line);
      if (line.news) newsroom.learn(line.news);
      return { id: line.receiptId, leaf: line.leaf };
    },
  };
  return {
    open: () => new RequestEntry(desk),
    plainIds: (caller, pseudonyms) => plainIds(store, caller, pseudonyms),
    get isUp() {
      return store.isUp;
    },
    async close() {
      await commits.drained();
      await store.close();
    },
  };
}

type Told = Outcome | { readonly planned: Planned };
interface Outcome extends Pick<LineOutcome, "answer" | "refusal" | "intent" | "part"> {
  readonly found?: readonly string[];
  /** Subjects by the pseudonym they are shown under. */
  readonly noted?: ReadonlyMap<string, string>;
}

/** What all entries share. */
interface Desk extends Pick<RecordOptions, "confirm" | "log"> {
  /** MUST NOT resolve before the line is durable. */
  write(traced: Traced, told: Told): Promise<Receipt>;
}

class RequestEntry implements Entry {
  private readonly desk: Desk;
  private traced: Traced | undefined;
  /** The mutation as it was announced. */
  private intent: Receipt | undefined;
  private hasActed = false;
  private parts = 0;
  private noted = new Map<string, string>();

  constructor(desk: Desk) {
    this.desk = desk;
  }

  saw<Stage extends Traced>(stage: Stage): Stage {
    this.traced = stage;
    return stage;
  }

  notes<Stage extends Known>(known: Stage, supergraph: Pick<Supergraph, "subjectTypes">): Stage {
    if (known.stamps.triedAs !== undefined) return known; // those are another agency's
    const note = (pseudonym: string, subject: string) => void this.noted.set(pseudonym, subject);
    return { ...known, decisions: noting(known.decisions, supergraph, note) };
  }

  async intend<Stage extends Planned>(planned: Stage): Promise<Stage> {
    if (planned.reading.operation.operation !== "mutation") return planned;
    const { traced, caller } = this.known();
    this.intent = await this.desk.write(traced, { planned });
    this.desk.confirm(caller, { hasActed: false });
    this.hasActed = true;
    return planned;
  }

  async close(answer: Disclosure, found: readonly string[] = []): Promise<Receipt> {
    const { traced, caller } = this.known();
    const receipt = await this.desk.write(traced, { answer, found, noted: this.noted, intent: this.intent?.id });
    this.desk.confirm(caller, { hasActed: this.hasActed });
    return receipt;
  }

  async part(answer: Disclosure): Promise<void> {
    const { traced, caller } = this.known();
    const { noted } = this;
    this.noted = new Map();
    this.parts += 1;
    await this.desk.write(traced, { answer, noted, part: { receipt: randomUUID(), ordinal: this.parts } });
    this.desk.confirm(caller, { hasActed: this.hasActed });
  }

  stands(): void {
    this.desk.confirm(this.known().caller, { hasActed: this.hasActed });
  }

  undone(): void {
    this.hasActed = false;
  }

  async fail(error: unknown): Promise<unknown> {
    const { desk, traced, intent } = this;
    const refusal = error instanceof Refusal ? error : new Refusal({ code: "INTERNAL_SERVER_ERROR" }, { cause: error });
    report(desk.log, { refusal, error, traced });
    if (traced?.client && !isOfTheRecord(refusal))
      await desk
        .write(traced, { refusal, intent: intent?.id })
        .catch((lost) => desk.log.error({ requestId: traced.requestId, err: lost }, "a refusal is not on record"));
    if (!intent || !this.hasActed) return error;
    desk.log.error(
      { requestId: traced?.requestId, intent: intent.id, err: error },
      "a mutation may have run; its client was told so",
    );
    return unconfirmed(intent, refusal);
  }

  private known(): { readonly traced: Traced; readonly caller: Caller } {
    if (!this.traced?.caller) throw new Error("an answer without a caller cannot be put on record");
    return { traced: this.traced, caller: this.traced.caller };
  }
}

/**
 * Never a silent success, and never a plain refusal, after which a client would ask again: what was announced may be done. The cause stands
 * in the text only: as an error of its own an outage would say "try again".
 */
const unconfirmed = (intent: Receipt, cause: Refusal): Refusal =>
  new Refusal({ code: "OUTCOME_UNCONFIRMED", receipt: intent, detail: codeOf(cause) }, { cause });

interface Keys {
  readonly subjects: Uint8Array;
  readonly variables: KeyObject;
}

function lineOf(traced: Traced, told: Told, { keys, newsroom }: { keys: Keys; newsroom: Newsroom }): Line {
  const whom = "planned" in told ? { subjects: [], persons: [], lookups: told.planned.lookups } : told.answer;
  const subjects = tagsOf(whom ? subjectsOf(whom) : [], keys.subjects);
  const marks = {
    subjects: subjects.length / BLOCK_BYTES,
    document: markOfDocument(traced.document, keys.variables),
    variables: markOf(traced.variables, keys.variables),
  };
  const receiptId = "planned" in told ? randomUUID() : (told.part?.receipt ?? traced.receiptId);
  const body =
    "planned" in told ? intentOf(traced, { ...told, ...marks, receipt: receiptId }) : bodyOf(traced, { ...told, ...marks });
  const { found = [], noted = new Map<string, string>() } = "planned" in told ? {} : told;
  return {
    leaf: leafOf(body),
    body,
    receiptId,
    client: traced.client ?? null,
    agreement: traced.caller?.agreement ?? null,
    subjects,
    news:
      traced.caller && whom ? newsroom.newsOf(traced.caller, () => tagsOf(personsOf(whom, found), keys.subjects), noted) : null,
  };
}

const OUTAGES: ReadonlySet<Code> = new Set(["AUDIT_UNAVAILABLE", "POLICY_UNAVAILABLE", "OVERLOADED"]);
const codeOf = ({ failures }: Refusal): Code => failures[0]?.code ?? "INTERNAL_SERVER_ERROR";
/** Raised by the record itself: to try again would fail again. */
const isOfTheRecord = (refusal: Refusal): boolean => ["AUDIT_UNAVAILABLE", "OVERLOADED"].includes(codeOf(refusal));

/** Our own faults as errors, outages as warnings, the rest as one line each: strangers are counted here and nowhere else. */
function report(
  log: RecordOptions["log"],
  { refusal, error, traced }: { refusal: Refusal; error: unknown; traced: Traced | undefined },
): void {
  const code = codeOf(refusal);
  const fields = { requestId: traced?.requestId, client: traced?.client, agreement: traced?.caller?.agreement, code };
  if (code === "INTERNAL_SERVER_ERROR") log.error({ ...fields, err: error }, "a request failed by our fault");
  else if (OUTAGES.has(code)) log.warn({ ...fields, err: refusal.cause }, "a request was refused for an outage");
  else log.info(fields, "refused");
}
