import type { KeyObject } from "node:crypto";
import type { Caller } from "../../schema/caller.ts";
import { type Code, Refusal } from "../../schema/errors.ts";
import type { Answer, Receipt } from "../types.ts";
import { bodyOf, type Line, type LineOutcome, leafOf, type Traced } from "./body.ts";
import { GroupCommit } from "./groupCommit.ts";
import { isRefusedByDatabase, openStore } from "./store.ts";
import { BLOCK_BYTES, subjectKey, subjectsOf, tagsOf } from "./subjects.ts";
import { markOf, markOfDocument, variablesKey } from "./variables.ts";

/** The record of one request. */
interface Entry {
  /** Remembers how far the request has come: a refusal is recorded with all that was known by then. Returns what it was given. */
  saw<Stage extends Traced>(stage: Stage): Stage;
  /**
   * Puts the answer on record. MUST NOT resolve before the entry is durable and the grants are found still in force: only then
   * may a byte leave. Throws a Refusal when either fails; the answer is then to be thrown away.
   */
  close(answer: Answer): Promise<Receipt>;
  /** Puts a refusal on record. Never throws: with the record down, the client has its refusal and no data. */
  fail(error: unknown): Promise<void>;
}

export interface AccessRecord {
  open(): Entry;
  readonly isUp: boolean;
  /** Writes what waits, then closes. */
  close(): Promise<void>;
}

export interface RecordOptions {
  readonly databaseUrl: string;
  /** Key of this year's tags of subjects and marks of variables. */
  readonly recordKey: string;
  /** Throws when what the caller was granted no longer holds. */
  readonly confirm: (caller: Caller) => void;
  readonly log: {
    warn(fields: object, text: string): void;
    error(fields: object, text: string): void;
    info(fields: object, text: string): void;
  };
}

/** Opens the access record: one entry a request, durable before the answer leaves (policy.md §12). */
export async function openRecord({ databaseUrl, recordKey, confirm, log }: RecordOptions): Promise<AccessRecord> {
  const store = await openStore(databaseUrl);
  const commits = new GroupCommit({ insert: store.insert, isLinesFault: isRefusedByDatabase });
  const keys = { subjects: subjectKey(recordKey), variables: variablesKey(recordKey) };
  const write = async (traced: Traced, outcome: Told): Promise<Line> => {
    const line = lineOf(traced, outcome, keys);
    await commits.add(line);
    return line;
  };
  const open = (): Entry => {
    let traced: Traced | undefined;
    return {
      saw: (stage) => {
        traced = stage;
        return stage;
      },
      async close(answer) {
        if (!traced?.caller) throw new Error("an answer without a caller cannot be put on record");
        const { leaf, receiptId } = await write(traced, { answer });
        confirm(traced.caller);
        return { id: receiptId, leaf };
      },
      async fail(error) {
        const refusal = error instanceof Refusal ? error : new Refusal({ code: "INTERNAL_SERVER_ERROR" }, { cause: error });
        report(log, { refusal, error, traced });
        if (!traced?.client || isOfTheRecord(refusal)) return;
        await write(traced, { refusal }).catch((lost) =>
          log.error({ requestId: traced?.requestId, err: lost }, "a refusal is not on record"),
        );
      },
    };
  };
  return {
    open,
    get isUp() {
      return store.isUp;
    },
    async close() {
      await commits.drained();
      await store.close();
    },
  };
}

type Told = Pick<LineOutcome, "answer" | "refusal">;

function lineOf(traced: Traced, outcome: Told, keys: { readonly subjects: Uint8Array; readonly variables: KeyObject }): Line {
  const subjects = tagsOf(subjectsOf(outcome.answer), keys.subjects);
  const variables = markOf(traced.variables, keys.variables);
  const document = markOfDocument(traced.document, keys.variables);
  const body = bodyOf(traced, { ...outcome, subjects: subjects.length / BLOCK_BYTES, document, variables });
  return {
    leaf: leafOf(body),
    body,
    receiptId: traced.receiptId,
    client: traced.client ?? null,
    agreement: traced.caller?.agreement ?? null,
    subjects,
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
