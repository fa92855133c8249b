import { randomUUID } from "node:crypto";
import type { Code } from "../../../../schema/errors.ts";
import { ask } from "../../../answer.ts";
import { type ErrorEntry, type Told, told } from "../../../receive/routes/told.ts";
import type { Errand, HttpAnswer, Known } from "../../../types/chain.ts";
import { answerOf, knownOf, STUB } from "../envelope/receive.ts";
import { refusedBy } from "../envelope/told.ts";
import type { Asking, Json, JsonObject, SearchAnswer } from "../types.ts";
import type { Row } from "./question.ts";
import { badCriteria, type Reason, Rejection } from "./refusal.ts";

/** One request of a message, and what was asked for it. */
export interface Run {
  readonly asking: Asking;
  /** Of each question that was asked, the last one that of the records. */
  readonly receipts: string[];
}

/** What `work` finds of one request as an element of the answer; what goes wrong is its status. Never rejects. */
export async function answerOfItem(
  item: JsonObject,
  asking: Asking,
  work: (run: Run) => Promise<Readonly<Record<string, unknown>>>,
): Promise<SearchAnswer> {
  const receipts: string[] = [];
  try {
    const found = await work({ asking, receipts });
    return { item: itemOf(item, { status: "succ", ...found }), status: "succ", receipt: receipts.at(-1) };
  } catch (error) {
    if (!(error instanceof Rejection || error instanceof Unanswered)) await asking.hub.record.open().fail(error); // for the log
    const { reason, text, code, refusal } = whyOf(error, asking);
    const told = { status: "rjct", status_reason_code: reason, status_reason_message: text.slice(0, 999) };
    return {
      item: itemOf(item, told),
      status: "rjct",
      receipt: receipts.at(-1),
      ...(code && { code }),
      ...(refusal && { refusal }),
    };
  }
}

/** Who asks, for the purposes they say: that must be the agreement's. */
export async function knownFor(purposes: readonly string[], run: Run): Promise<Known> {
  const known = await knownOf(run.asking).catch(async (error: unknown) => {
    await answered(STUB, run); // refused the same, and on record
    throw error;
  });
  for (const purpose of purposes)
    if (purpose !== known.caller.purpose)
      throw badCriteria(`consent, authorize: the agreement's purpose is ${known.caller.purpose}`);
  return known;
}

const LOCALE = /^[a-z]{3}$/;

function itemOf({ reference_id: reference, locale }: JsonObject, rest: Readonly<Record<string, unknown>>): JsonObject {
  const isLocale = typeof locale === "string" && LOCALE.test(locale);
  return {
    reference_id: isReference(reference) ? reference : "",
    timestamp: new Date().toISOString(),
    ...(rest as JsonObject),
    ...(isLocale && { locale }),
  };
}

export const isReference = (value: Json | undefined): value is string =>
  typeof value === "string" && value !== "" && value.length <= 99;

/** What a question of whoever asks is told, or the Rejection that its refusal, denial or outage comes to. */
export async function answered(errand: Errand, { asking, receipts }: Run): Promise<Row> {
  const { hub } = asking;
  const request = { ...asking.request, receiptId: randomUUID() };
  const answer = told(await ask(request, errand, hub), request);
  if (answer.receipt !== undefined) receipts.push(answer.receipt);
  const faults = answer.errors.filter((error) => !isOfRow(error));
  const fault = faults.find(({ extensions: { code } }) => OUTAGES.has(code)) ?? faults[0];
  if (fault === undefined && answer.data !== null) return answer.data;
  throw new Unanswered(answer, fault?.extensions.code ?? "INTERNAL_SERVER_ERROR");
}

/** A field of a row that is not told: it is absent. The search itself denied, or a source that failed, is no such thing. */
const isOfRow = ({ extensions: { code }, path }: ErrorEntry): boolean => DENIED.has(code) && (path?.length ?? 0) > 1;
const DENIED: ReadonlySet<Code> = new Set(["FIELD_NOT_GRANTED", "FIELD_PROHIBITED", "USE_NOT_GRANTED"]);

/** A source did not answer: asked again, it may. */
export const OUTAGES: ReadonlySet<Code> = new Set([
  ...(["SUBGRAPH_TIMEOUT", "SUBGRAPH_UNAVAILABLE", "SUBGRAPH_INVALID_RESPONSE", "SUBGRAPH_ERROR", "GATEWAY_TIMEOUT"] as const),
]);

/** The hub did not answer, or not all of it: of a part nobody can say what is missing. */
class Unanswered extends Error {
  readonly answer: Told;
  readonly code: Code;

  constructor(answer: Told, code: Code) {
    super(code);
    this.name = "Unanswered";
    this.answer = answer;
    this.code = code;
  }
}

/** What the next request of the same message would meet, too. */
const WHOLE: ReadonlySet<Code> = new Set([
  ...(["UNAUTHENTICATED", "AGREEMENT_REQUIRED", "AGREEMENT_SUSPENDED", "AGREEMENT_EXPIRED", "CASE_REQUIRED"] as const),
  ...(["QUOTA_EXCEEDED", "REQUEST_RATE_LIMITED", "REQUEST_TIMEOUT", "GATEWAY_TIMEOUT", "OVERLOADED"] as const),
  ...(["AUDIT_UNAVAILABLE", "POLICY_UNAVAILABLE", "INTERNAL_SERVER_ERROR"] as const),
]);

interface Why {
  readonly reason: Reason;
  readonly text: string;
  readonly code?: Code;
  readonly refusal?: HttpAnswer;
}

function whyOf(error: unknown, { request }: Asking): Why {
  if (error instanceof Rejection) return { reason: error.reason, text: error.message };
  if (!(error instanceof Unanswered)) {
    const refusal = answerOf(error, request);
    return { reason: "rjct.search_criteria.invalid", text: codeIn(refusal), refusal };
  }
  const { answer, code } = error;
  const reason = code === "TOO_COSTLY" ? "rjct.search.too_many_records_found" : "rjct.search_criteria.invalid";
  const named = answer.errors.map(({ extensions }) =>
    [extensions.code, (extensions as { coordinate?: string }).coordinate].filter(Boolean).join(" "),
  );
  const text = [...new Set(named)].join(", ");
  return { reason, text, code, ...(WHOLE.has(code) && answer.http.status !== 200 && { refusal: refusedBy(answer.http) }) };
}

const codeIn = ({ body }: HttpAnswer): string =>
  (JSON.parse(body) as { errors: readonly { message: string }[] }).errors[0]?.message ?? "";
