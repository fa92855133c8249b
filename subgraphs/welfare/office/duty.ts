import { Refusal } from "../../../schema/errors.ts";
import { type Act, officerActing } from "../../kit/acts/acting.ts";
import { type DutyRow, dutiesAt } from "./data.ts";

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
