import { randomUUID } from "node:crypto";
import type { HttpAnswer } from "../../../types/chain.ts";
import { isObject } from "../envelope/envelope.ts";
import { fault } from "../envelope/fault.ts";
import { withheld } from "../envelope/receive.ts";
import type { Asking, Facade, Json, Received, SearchAnswer } from "../types.ts";

/** More would let one message try people by the hundred. */
const MOST_REQUESTS = 50;
/** What is told is signed in one piece, and the gateway does nothing else meanwhile: with so many told, nothing more is asked. */
const MOST_RECORDS = 1000;

/** The requests of a search. Throws a MessageRefusal when they are none, too many, or not as many as the header says. */
export function requestsOf({ header, message, isSigned }: Pick<Received, "header" | "message" | "isSigned">): readonly Json[] {
  const { search_request: requests } = message;
  if (!Array.isArray(requests) || requests.length === 0)
    throw fault("err.request.bad", "message.search_request: a list of requests");
  if (requests.length > MOST_REQUESTS)
    throw fault("rjct.total_count.limit_exceeded", `message.search_request: at most ${MOST_REQUESTS} requests`);
  if (header.total_count !== requests.length)
    throw fault("rjct.total_count.invalid", "header.total_count: as many as message.search_request holds");
  const references = requests.map((one: Json) => (isObject(one) ? one["reference_id"] : undefined));
  if (new Set(references).size !== references.length)
    throw fault("err.request.bad", "message.search_request: each has a reference_id of its own");
  if (isSigned && !requests.every(namesRegistry))
    throw fault("err.request.bad", "search_criteria.reg_type: the address is not signed, so what is signed names its registry");
  return requests;
}

const namesRegistry = (one: Json): boolean =>
  !isObject(one) || !isObject(one["search_criteria"]) || one["search_criteria"]["reg_type"] !== undefined;

/** `POST /registry/sync/search`: every request is a question of whoever asks, one after the other. */
export async function syncSearch(asking: Asking, facade: Facade): Promise<HttpAnswer> {
  const received = await facade.receive(asking, "search", requestsOf);
  if ("refused" in received) return received.refused;
  const answers = await answersTo(requestsOf(received), (item) => facade.answerSearch(item, asking));
  const refusal = answers[0]?.refusal ?? (await withheld(received, asking));
  if (refusal) return refusal;
  const receipts = answers.map(({ receipt }) => receipt);
  const status = answers.some((one) => one.status === "succ") ? "succ" : "rjct";
  const count = { total: answers.length, completed: answers.length };
  const body = facade.signed(
    { action: "on-search", status, ...count, receiver: received.header.sender_id, receipts },
    { transaction_id: received.transactionId, correlation_id: randomUUID(), search_response: answers.map(({ item }) => item) },
  );
  return facade.told(body, asking.request, receipts);
}

/** Where the first is refused altogether, its refusal alone; of a message that was begun the rest is rejected. */
export async function answersTo(
  items: readonly Json[],
  answerOf: (item: Json) => Promise<SearchAnswer>,
): Promise<SearchAnswer[]> {
  const answers: SearchAnswer[] = [];
  let stopped: SearchAnswer | undefined;
  let records = 0;
  for (const item of items) {
    const answer = stopped ? { ...stopped, item: rejectedAs(stopped, item), receipt: undefined } : await answerOf(item);
    answers.push(answer);
    if (answer.refusal && answers.length === 1) return answers;
    records += recordsIn(answer);
    stopped ??= answer.refusal ? answer : records >= MOST_RECORDS ? TOO_MANY : undefined;
  }
  return answers;
}

const recordsIn = ({ item: { data } }: SearchAnswer): number =>
  isObject(data) && Array.isArray(data["reg_records"]) ? data["reg_records"].length : 0;

const TOO_MANY: SearchAnswer = {
  item: {
    status: "rjct",
    status_reason_code: "rjct.search.too_many_records_found",
    status_reason_message: `at most ${MOST_RECORDS} records to a message: ask the rest by another`,
  },
  ...{ status: "rjct", receipt: undefined },
};

/** The hub has refused the one before, and would refuse this one: nothing is asked. */
const rejectedAs = ({ item }: SearchAnswer, next: Json): SearchAnswer["item"] => ({
  ...item,
  timestamp: new Date().toISOString(),
  reference_id: isObject(next) && typeof next["reference_id"] === "string" ? next["reference_id"] : "",
});
