import type { Db } from "../../../drizzle/client.ts";
import type { Caller } from "../../../schema/caller.ts";
import { Refusal } from "../../../schema/errors.ts";
import { tellMoment } from "../data.ts";
import type { Asking } from "../serve/context.ts";
import { ruled } from "./ruled.ts";

/** One act of an officer or a person. */
export interface Act {
  /** The act's own transaction: what the rules refuse undoes all of it. */
  readonly db: Db;
  readonly caller: Caller;
  readonly now: Date;
}

/**
 * Runs one act: a transaction in which the rules know the instant, whose refusals (HB001 conflict, HB002 forbidden, HB003 bad input, HB004 too often, a taken key) the
 * asker reads. `effectiveOn`: day (WIB) from which registry fields written in it hold; today unless said.
 */
export const acting =
  ({ write, caller, now }: Pick<Asking, "write" | "caller" | "now">) =>
  <T>(work: (act: Act) => Promise<T>, effectiveOn: string | null = null): Promise<T> =>
    ruled(
      write(async (db) => {
        await tellMoment(db, now, effectiveOn);
        return work({ db, caller, now });
      }),
    );

/** Acts of one asking as functions of what is sent: each call is one act. */
export const doing =
  (asking: Pick<Asking, "write" | "caller" | "now">) =>
  <Sent extends unknown[], Done>(work: (act: Act, ...sent: Sent) => Promise<Done>) =>
  (...sent: Sent): Promise<Done> =>
    acting(asking)((act) => work(act, ...sent));

/** Whose act it is: an officer's id. Refusal FORBIDDEN where none acts. */
export function officerActing({ officer }: Pick<Caller, "officer">): string {
  if (officer === null) throw new Refusal({ code: "FORBIDDEN", detail: "only an officer does this" });
  return officer;
}

/** Whose act it is: a data subject's id. Refusal FORBIDDEN where none acts. */
export function citizenActing({ citizen }: Pick<Caller, "citizen">): string {
  if (citizen === null) throw new Refusal({ code: "FORBIDDEN", detail: "only a person does this, about themself" });
  return citizen;
}

/** What was seen is no longer so. */
export const changedMeanwhile = (what: string): Refusal =>
  new Refusal({ code: "CONFLICT", detail: `${what} was changed meanwhile by another: read it again` });
