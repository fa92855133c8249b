import { Refusal } from "../../../schema/errors.ts";
import { PROGRAM_MANAGEMENT } from "../../../schema/policy/words.ts";
import { type Act, officerActing } from "../../kit/acts/acting.ts";
import { type DutyRow, dutiesAt } from "./data.ts";

/** A program, and the region it is done over; of the whole country "". */
interface Place {
  readonly program: string;
  readonly region: string;
}

/**
 * The officer who acts, with a duty of one of `roles` for the program over the region. Refusal FORBIDDEN, which names the roles, and no region: it may be where
 * somebody lives. Told to the asker
 * before anything is done; the rules of the database hold it, too.
 */
export async function onDuty(
  { db, caller, now }: Act,
  roles: readonly DutyRow["role"][],
  { program, region }: Place,
): Promise<string> {
  const officer = officerActing(caller);
  const duties = caller.purpose === PROGRAM_MANAGEMENT ? await dutiesAt(db, officer, now) : [];
  const isIn = (duty: DutyRow) => region.startsWith(duty.region) && (duty.program === "*" || duty.program === program);
  if (duties.some((duty) => roles.includes(duty.role) && isIn(duty))) return officer;
  throw new Refusal({ code: "FORBIDDEN", detail: `this takes a ${roles.join(" or ")} on duty for ${program} there` });
}
