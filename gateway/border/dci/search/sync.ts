import { randomUUID } from "node:crypto";
import type { HttpAnswer } from "../../../types/chain.ts";
import { isObject } from "../envelope/envelope.ts";
import { fault } from "../envelope/fault.ts";
import type { Asking, Facade, Json, Received, SearchAnswer } from "../types.ts";

/** More would let one message try people by the hundred. */
const MOST_REQUESTS = 50;

/** The requests of a search. Throws a MessageRefusal when they are none, too many, or not as many as the header says. */
export function requestsOf({ header, message }: Pick<Received, "header" | "message">): readonly Json[] {
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
  return requests;
}

/** `POST /registry/sync/search`: every request is a question of whoever asks, one after the other. */
export async function syncSearch(asking: Asking, facade: Facade): Promise<HttpAnswer> {
  const received = await facade.receive(asking, "search", requestsOf);
  if ("refused" in received) return received.refused;
  const answers: SearchAnswer[] = [];
  let stopped: SearchAnswer | undefined;
  for (const item of requestsOf(received)) {
    const answer = stopped
      ? { ...stopped, item: rejectedAs(stopped, item), receipt: undefined }
      : await facade.answerSearch(item, asking);
    if (answer.refusal && answers.length === 0) return answer.refusal;
    if (answer.refusal) stopped ??= answer;
    answers.push(answer);
  }
  const receipts = answers.map(({ receipt }) => receipt);
  const status = answers.some((one) => one.status === "succ") ? "succ" : "rjct";
  const count = { total: answers.length, completed: answers.length };
  const body = facade.signed(
    { action: "on-search", status, ...count, receiver: received.header.sender_id, receipts },
    { transaction_id: received.transactionId, correlation_id: randomUUID(), search_response: answers.map(({ item }) => item) },
  );
  return facade.told(body, asking.request, receipts);
}

/** The hub has refused the one before, and would refuse this one: nothing is asked. */
const rejectedAs = ({ item }: SearchAnswer, next: Json): SearchAnswer["item"] => ({
  ...item,
  reference_id: isObject(next) && typeof next["reference_id"] === "string" ? next["reference_id"] : "",
});
