import { PolicyFault } from "../../drizzle/policy/compile.ts";
import { Refusal } from "../../schema/errors.ts";
import { ruled as ruledBy } from "../kit/acts/ruled.ts";

const CONFLICTS = {
  agreement_pkey: "an agreement of that number exists",
  agreement_version_one_in_force:
    "another version of the agreement is in force at that time: supersede it, or change the validity",
  grant_row_target: "two grants speak of the same selector, topic and use",
  steward_pkey: "a steward of that id exists",
  steward_key_pkey: "that key is enrolled already",
};

/** What the rules of the database (migration 0006 of governance) and of policy refuse, as the asker may read it; anything else stays as it was thrown. */
export const ruled = <T>(work: Promise<T>): Promise<T> =>
  ruledBy(
    work.catch((error: unknown) => {
      throw error instanceof PolicyFault ? new Refusal({ code: "CONFLICT", detail: error.message }, { cause: error }) : error;
    }),
    CONFLICTS,
  );
