import { randomUUID } from "node:crypto";
import type { Db } from "../../../drizzle/client.ts";
import { newestSupergraph } from "../../../drizzle/policy/ground.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { purposesByCode } from "../data.ts";
import type { FileSubjectRequestInput } from "../generated.ts";
import { dueAfter } from "./clock.ts";
import {
  insertRequest,
  lift,
  moveRequest,
  oneAtATime,
  requestToMove,
  restrictionsOf,
  type SubjectRequestRow,
  sameRequest,
} from "./data.ts";
import { citizenAsking, personFor } from "./standing.ts";
import { controllerOf, faultsOf, type Wish, wishOf } from "./wish.ts";

type Filing = Pick<Asking, "caller" | "now">;
type Done = Promise<SubjectRequestRow | undefined>;

/** Files what a person wishes; the same wish of the same day is the request that stands. */
export async function file(db: Db, { caller, now }: Filing, input: FileSubjectRequestInput): Done {
  const personId = await personFor(db, { caller, now }, input.representing ?? null);
  const published = await newestSupergraph(db);
  const wish = wishOf(input);
  const faults = [...faultsOf(wish, published), ...(await purposeFaults(db, wish))];
  if (faults.length > 0) throw badInput(faults.join("; "));
  await oneAtATime(db, personId);
  return (
    (await sameRequest(db, { ...wish, personId }, dayInWib(now))) ??
    (await insertRequest(db, {
      ...{ ...wish, id: randomUUID(), personId, filedBy: citizenAsking(caller), controller: controllerOf(wish, published) },
      ...{ receivedAt: now.toISOString(), dueAt: dueAfter(now).toISOString() },
    }))
  );
}

async function purposeFaults(db: Db, { purposeCode }: Wish): Promise<string[]> {
  if (purposeCode === null || (await purposesByCode(db, [purposeCode])).length > 0) return [];
  return ["purpose: there is no such purpose"];
}

/** Takes back a request; its restriction is lifted with it. */
export async function cancel(db: Db, filing: Filing, number: string): Done {
  const row = await ownRequest(db, filing, number);
  return row.state === "CANCELLED" ? row : moveRequest(db, row.id, { state: "CANCELLED", closedAt: filing.now.toISOString() });
}

/** Lifts what a request restricts. One that is open has nothing left to ask for: it is cancelled. */
export async function liftRestriction(db: Db, filing: Filing, number: string): Done {
  const row = await ownRequest(db, filing, number);
  const [restriction] = await restrictionsOf(db, [row.id]);
  if (!restriction) throw badInput("number: that request restricts nothing");
  if (row.closedAt === null) return cancel(db, filing, number);
  const liftedBy = filing.caller.citizen === row.personId ? "SUBJECT" : "REPRESENTATIVE";
  await lift(db, row.id, { liftedAt: filing.now.toISOString(), liftedBy });
  return row;
}

/** Row-level security hides what is neither the asker's nor of whom they represent. */
async function ownRequest(db: Db, { caller }: Filing, number: string): Promise<SubjectRequestRow> {
  citizenAsking(caller);
  const row = await requestToMove(db, number);
  if (!row) throw badInput("number: there is no such request");
  return row;
}
