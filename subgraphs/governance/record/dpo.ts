import type { Db } from "../../../drizzle/client.ts";
import type { Caller } from "../../../schema/caller.ts";
import { mustHold, type Steward, stewardAsking } from "../steward.ts";

/** The data protection officer who asks. Refusal FORBIDDEN for everybody else. */
export async function dpoAsking(db: Db, caller: Pick<Caller, "officer" | "agency">): Promise<Steward> {
  const steward = await stewardAsking(db, caller);
  mustHold(steward, "DPO");
  return steward;
}
