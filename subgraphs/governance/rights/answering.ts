import type { Db } from "../../../drizzle/client.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { told as words } from "../duties/words.ts";
import type { RankingReview, RefusalReason } from "../generated.ts";
import { type Mutation, stewardFor } from "../lifecycle/needs.ts";
import { refused, type Steward } from "../steward.ts";
import { moveRequest, requestToMove, type SubjectRequestRow } from "./data.ts";
import { mayRefuse } from "./reasons.ts";

export type Answering = Pick<Asking, "caller" | "now">;
type Done = Promise<SubjectRequestRow | undefined>;

/** Takes a request into review; twice by the same is once. */
export async function take(db: Db, { caller }: Answering, number: string): Done {
  const { steward, row } = await toAnswer(db, { caller, number, mutation: "takeSubjectRequest" });
  const isTaken = row.state === "IN_REVIEW" && row.handler === steward.id;
  return isTaken ? row : moveRequest(db, row.id, { state: "IN_REVIEW", handler: steward.id });
}

export interface Fulfilment {
  readonly number: string;
  readonly outcome: string;
  readonly review?: RankingReview | null | undefined;
}

export async function fulfil(db: Db, { caller, now }: Answering, { number, outcome, review }: Fulfilment): Done {
  const { steward, row } = await toAnswer(db, { caller, number, mutation: "fulfilSubjectRequest" });
  const rankingReview = review ?? null;
  if ((row.kind === "OBJECTION") !== (rankingReview !== null))
    throw badInput(rankingReview === null ? "review: an objection needs its outcome" : "review: belongs to an objection only");
  const answer = { state: "FULFILLED", closedBy: steward.id, outcome: words("outcome", outcome), rankingReview } as const;
  return isSame(row, answer) ? row : moveRequest(db, row.id, { ...answer, closedAt: now.toISOString() });
}

export interface Rejection {
  readonly number: string;
  readonly reason: RefusalReason;
  readonly citation: string;
  readonly outcome: string;
}

export async function refuse(db: Db, { caller, now }: Answering, { number, reason, citation, outcome }: Rejection): Done {
  const { steward, row } = await toAnswer(db, { caller, number, mutation: "refuseSubjectRequest" });
  if (!mayRefuse(reason, row.kind)) throw badInput(`reason: the law does not admit ${reason} against ${row.kind}`);
  const told = { closedBy: steward.id, outcome: words("outcome", outcome), citation: words("citation", citation) };
  const answer = { state: "REFUSED", refusalReason: reason, ...told } as const;
  return isSame(row, answer) ? row : moveRequest(db, row.id, { ...answer, closedAt: now.toISOString() });
}

const isSame = (row: SubjectRequestRow, answer: Partial<SubjectRequestRow>): boolean =>
  Object.entries(answer).every(([field, value]) => row[field as keyof SubjectRequestRow] === value);

async function toAnswer(
  db: Db,
  { caller, number, mutation }: { readonly caller: Asking["caller"]; readonly number: string; readonly mutation: Mutation },
): Promise<{ readonly steward: Steward; readonly row: SubjectRequestRow }> {
  const steward = await stewardFor(db, caller, mutation);
  const row = await requestToMove(db, number);
  if (!row) throw badInput("number: there is no such request");
  if (row.controller !== steward.agencyCode) throw refused(`${row.number} is answered by ${row.controller}`);
  return { steward, row };
}
