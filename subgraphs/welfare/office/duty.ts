import type { Caller } from "../../../schema/caller.ts";
import { Refusal } from "../../../schema/errors.ts";
import type { Asking } from "../../kit/context.ts";
import { ruled } from "../../kit/ruled.ts";
import { type DutyRow, dutiesAt, tellMoment } from "./data.ts";

type Db = Asking["db"];

/** One act in the registry. */
export interface Act {
  /** The act's own transaction: what the rules refuse undoes all of it. */
  readonly db: Db;
  readonly caller: Caller;
  readonly now: Date;
}

/**
 * Runs one act: a transaction in which the rules know the instant, whose refusals (HB001 conflict, HB002 forbidden, HB003 bad input, a taken key) the
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

/** Whose act it is: an officer's id. Refusal FORBIDDEN where none acts. */
export function officerActing({ officer }: Pick<Caller, "officer">): string {
  if (officer === null) throw new Refusal({ code: "FORBIDDEN", detail: "only an officer of the registry does this" });
  return officer;
}

/** Whose act it is: a data subject's id. Refusal FORBIDDEN where none acts. */
export function citizenActing({ citizen }: Pick<Caller, "citizen">): string {
  if (citizen === null) throw new Refusal({ code: "FORBIDDEN", detail: "only a person does this, about themself" });
  return citizen;
}

/**
 * The officer who acts, with a duty of one of `roles` over `region`. Refusal FORBIDDEN, which names the roles. Told to the asker before anything is
 * done; the rules of the database hold it, too.
 */
export async function onDuty({ db, caller, now }: Act, roles: readonly DutyRow["role"][], region: string): Promise<string> {
  const officer = officerActing(caller);
  const duties = await dutiesAt(db, officer, now);
  if (duties.some((duty) => roles.includes(duty.role) && region.startsWith(duty.region))) return officer;
  throw new Refusal({ code: "FORBIDDEN", detail: `this takes a ${roles.join(" or ")} on duty over region ${region}` });
}

/** What was seen is no longer so. */
export const changedMeanwhile = (what: string): Refusal =>
  new Refusal({ code: "CONFLICT", detail: `${what} was changed meanwhile by another: read it again` });
