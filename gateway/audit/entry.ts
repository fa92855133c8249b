import { randomUUID } from "node:crypto";
import type { Caller } from "../../schema/caller.ts";
import { type Code, type Failure, type Receipt, Refusal } from "../../schema/errors.ts";
import type { AnswerReceipt, Disclosure, Known, Planned, Subject } from "../types/chain.ts";
import type { Supergraph } from "../types/supergraph.ts";
import { type Lookups, refusedGuess } from "./alarms.ts";
import type { LineOutcome, Traced } from "./body.ts";
import { noting } from "./pseudonyms.ts";
import { type Classified, isPublic } from "./subjects.ts";

/** The record of one request. */
export interface Entry {
  /** Remembers how far the request has come: a refusal is recorded with all that was known by then. Returns what it was given. */
  saw<Stage extends Traced>(stage: Stage): Stage;
  /** Notes from now on which subjects are shown under a pseudonym: the next answer on record issues them. Returns what it was given, noted. */
  notes<Stage extends Known>(known: Stage, supergraph: Pick<Supergraph, "subjectTypes">): Stage;
  /**
   * Puts on record what is about to be asked or done. Of a query that is only queued, and `close` waits for it. Of a mutation it MUST NOT
   * resolve before the entry is durable and the grants are found still in force: only then may anything run; whom it looks up
   * counts for the quota already. Throws a Refusal when any fails. Returns what it was given.
   */
  intend<Stage extends Planned>(planned: Stage): Promise<Stage>;
  /**
   * Puts the answer on record. MUST NOT resolve before the entry and its announcement are durable, every change of policy committed before
   * that is known here, and what the caller was granted still holds: only then may a byte leave. Its persons count for the quota, and whom
   * it looked up, found or not; of those `found`, who stand in the answer themselves, the identifier they were looked up by does
   * not count again. Throws a Refusal when any fails; the answer is then to be thrown away. Null: the record is away, and what was asked is
   * a public aggregate, about nobody: it may leave without an entry, and is counted.
   */
  close(answer: Disclosure, found?: readonly string[], lookups?: Lookups): Promise<AnswerReceipt | null>;
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

/** What an answer is released by. */
export interface Release {
  /** Its mutation has run. */
  readonly hasActed: boolean;
  /** Whose rows stand in it. */
  readonly subjects: readonly Subject[];
}

export type Told = Outcome | { readonly planned: Planned };
interface Outcome extends Pick<LineOutcome, "answer" | "refusal" | "intent" | "part" | "lookups"> {
  readonly found?: readonly string[];
  /** Subjects by the pseudonym they are shown under. */
  readonly noted?: ReadonlyMap<string, string>;
}

/** A line on its way. */
export interface Queued {
  readonly receipt: Receipt & Pick<AnswerReceipt, "subjects">;
  /** Resolves when it is durable, with the epoch of the policy then. */
  readonly durable: Promise<number>;
}

/** What all entries share. */
export interface Desk {
  /** Throws unless what the caller was granted holds by the policy in memory. */
  readonly confirm: (caller: Caller, release: Release) => void;
  /** Resolves when the policy in memory is as new as that epoch. Rejects with a Refusal when that takes too long. */
  readonly reached: (epoch: number) => Promise<void>;
  readonly log: {
    warn(fields: object, text: string): void;
    error(fields: object, text: string): void;
    info(fields: object, text: string): void;
  };
  /** Nothing personal may be added: no checkpoint has covered the record for too long. */
  readonly isStopped: () => boolean;
  /** Tells what is public. */
  readonly catalogue: Classified;
  /** Throws AUDIT_UNAVAILABLE when no line can be made. */
  queue(traced: Traced, told: Told): Queued;
  /** Counts an answer that leaves without an entry. Throws AUDIT_UNAVAILABLE when there are too many. */
  unrecorded(caller: Caller): void;
}

const NOTHING: Release = { hasActed: false, subjects: [] };

export class RequestEntry implements Entry {
  private readonly desk: Desk;
  private traced: Traced | undefined;
  private planned: Planned | undefined;
  /** The question as it was announced; whether that came to nothing. */
  private intent: Queued | undefined;
  private isUnannounced = false;
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
    const { traced, caller } = this.known();
    if (this.desk.isStopped() && !isPublic(planned, this.desk.catalogue)) throw new Refusal(STOPPED);
    const isMutation = planned.reading.operation.operation === "mutation";
    this.planned = planned;
    this.intent = this.desk.queue(traced, { planned });
    this.intent.durable.catch(() => {
      this.isUnannounced = true; // told by whoever waits for it
    });
    if (!isMutation) return planned;
    await this.desk.reached(await this.intent.durable);
    this.desk.confirm(caller, NOTHING);
    this.hasActed = true;
    return planned;
  }

  async close(answer: Disclosure, found: readonly string[] = [], lookups?: Lookups): Promise<AnswerReceipt | null> {
    const { traced, caller } = this.known();
    const { noted, intent } = this;
    try {
      const outcome = this.desk.queue(traced, { answer, found, lookups, noted, intent: intent?.receipt.id });
      await this.released([outcome.durable, intent?.durable], answer);
      const { agreement, version } = caller;
      const { id, leaf, subjects } = outcome.receipt;
      return { id, leaf, subjects, agreement, version, shown: answer.shown.length, masked: answer.transformed.length };
    } catch (error) {
      if (!this.mayLeaveUnrecorded(answer, error)) throw error;
      this.desk.confirm(caller, NOTHING);
      this.desk.unrecorded(caller);
      return null;
    }
  }

  async part(answer: Disclosure): Promise<void> {
    if (this.desk.isStopped()) throw new Refusal(STOPPED);
    const { noted } = this;
    this.noted = new Map();
    this.parts += 1;
    const part = { receipt: randomUUID(), ordinal: this.parts };
    const { durable } = this.desk.queue(this.known().traced, { answer, noted, part });
    await this.released([durable, this.intent?.durable], answer);
  }

  stands(): void {
    this.desk.confirm(this.known().caller, { hasActed: this.hasActed, subjects: [] });
  }

  undone(): void {
    this.hasActed = false;
  }

  async fail(error: unknown): Promise<unknown> {
    const { desk, traced } = this;
    const refusal = error instanceof Refusal ? error : new Refusal({ code: "INTERNAL_SERVER_ERROR" }, { cause: error });
    report(desk.log, { refusal, error, traced });
    if (traced?.client && !isOfTheRecord(refusal) && !refusal.isRepeated)
      await this.refused(traced, refusal).catch((lost: unknown) =>
        desk.log.error({ requestId: traced.requestId, err: lost }, "a refusal is not on record"),
      );
    if (!this.intent || !this.hasActed) return error;
    const { id, leaf } = this.intent.receipt;
    desk.log.error({ requestId: traced?.requestId, intent: id, err: error }, "a mutation may have run; its client was told so");
    return unconfirmed({ id, leaf }, refusal);
  }

  private async refused(traced: Traced, refusal: Refusal): Promise<void> {
    const lookups = refusedGuess(refusal, traced.document, this.desk.catalogue);
    await this.desk.queue(traced, { refusal, lookups, intent: this.isUnannounced ? undefined : this.intent?.receipt.id }).durable;
  }

  /** The release gate: all of it is durable, no change of policy from before that is unknown, and the caller's grants hold. */
  private async released(durable: readonly (Promise<number> | undefined)[], { subjects }: Disclosure): Promise<void> {
    const epochs = await Promise.all(durable);
    await this.desk.reached(Math.max(...epochs.map((epoch) => epoch ?? 0)));
    this.desk.confirm(this.known().caller, { hasActed: this.hasActed, subjects });
  }

  /** Only about nobody, and only because the record is away: what a quota or a revocation refuses stays refused. */
  private mayLeaveUnrecorded(answer: Disclosure, error: unknown): boolean {
    const isAway = error instanceof Refusal && codeOf(error) === "AUDIT_UNAVAILABLE";
    const isAboutNobody = this.planned !== undefined && isPublic(this.planned, this.desk.catalogue);
    const isOrdinary = Object.keys(this.traced?.stamps ?? {}).length === 0;
    return isAway && isAboutNobody && isOrdinary && answer.subjects.length === 0;
  }

  private known(): { readonly traced: Traced; readonly caller: Caller } {
    if (!this.traced?.caller) throw new Error("an answer without a caller cannot be put on record");
    return { traced: this.traced, caller: this.traced.caller };
  }
}

const STOPPED: Failure = {
  code: "AUDIT_UNAVAILABLE",
  reason: {
    id: "Catatan akses terlalu lama tanpa pengesahan, maka data pribadi tidak dikirim; pengelola hub sudah diberi tahu.",
    en: "The access record has gone without a checkpoint for too long, so no personal data is sent; the hub's operators have been told.",
  },
};

/**
 * Never a silent success, and never a plain refusal, after which a client would ask again: what was announced may be done. The cause stands
 * in the text only: as an error of its own an outage would say "try again".
 */
const unconfirmed = (intent: Receipt, cause: Refusal): Refusal =>
  new Refusal({ code: "OUTCOME_UNCONFIRMED", receipt: intent, detail: codeOf(cause) }, { cause });

const OUTAGES: ReadonlySet<Code> = new Set(["AUDIT_UNAVAILABLE", "POLICY_UNAVAILABLE", "OVERLOADED"]);
const codeOf = ({ failures }: Refusal): Code => failures[0]?.code ?? "INTERNAL_SERVER_ERROR";
/** Raised by the record itself: to try again would fail again. */
const isOfTheRecord = (refusal: Refusal): boolean => ["AUDIT_UNAVAILABLE", "OVERLOADED"].includes(codeOf(refusal));

/** Our own faults as errors, outages as warnings, the rest as one line each: strangers are counted here and nowhere else. */
function report(
  log: Desk["log"],
  { refusal, error, traced }: { refusal: Refusal; error: unknown; traced: Traced | undefined },
): void {
  const code = codeOf(refusal);
  const fields = { requestId: traced?.requestId, client: traced?.client, agreement: traced?.caller?.agreement, code };
  if (code === "INTERNAL_SERVER_ERROR") log.error({ ...fields, err: error }, "a request failed by our fault");
  else if (OUTAGES.has(code)) log.warn({ ...fields, err: refusal.cause }, "a request was refused for an outage");
  else log.info(fields, "refused");
}
