import { hash, randomUUID } from "node:crypto";
import type { Asking } from "../../kit/context.ts";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import { atMost, conflict, told } from "../duties/words.ts";
import { ruled } from "../faults.ts";
import type { SealCaseInput } from "../generated.ts";
import { insertSeal, liftSeal, type SealRow, sealsOf } from "./data.ts";
import { dpoAsking } from "./dpo.ts";

/** Seals on cases of the asking data protection officer's agency. */
export const seals = ({ db, write, caller, now }: Asking) => ({
  list: async (first: number): Promise<SealRow[]> => sealsOf(db, (await dpoAsking(db, caller)).agencyCode, atMost(first)),
  seal: (input: SealCaseInput): Promise<SealRow | null> =>
    ruled(
      write(async (to) => {
        const { id: sealedBy, agencyCode } = await dpoAsking(to, caller);
        const [row] = await insertSeal(to, { ...sealOf(input, now), id: randomUUID(), agencyCode, sealedBy });
        return row ?? null;
      }),
    ),
  unseal: (id: string, reason: string): Promise<SealRow | null> =>
    ruled(
      write(async (to) => {
        const { id: liftedBy, agencyCode: agency } = await dpoAsking(to, caller);
        if (uuids([id]).length === 0) throw badInput("id: there is no such seal");
        const lifted = { liftedBy, liftedAt: now.toISOString(), liftReason: told("reason", reason) };
        const [row] = await liftSeal(to, { id, agency, ...lifted });
        if (!row) throw conflict("there is no such seal in force of your agency");
        return row;
      }),
    ),
});

/** What is kept of a seal: of the case only the hash, for this is to be no list of investigations. */
function sealOf({ case: number, disclosure, decision, until }: SealCaseInput, now: Date) {
  if (disclosure === "IMMEDIATE") throw badInput("disclosure: DELAYED or SEALED");
  if (disclosure === "DELAYED" && until == null) throw badInput("until: DELAYED needs one");
  if (until != null && Date.parse(until) <= now.getTime()) throw badInput("until: must lie in the future");
  return {
    caseHash: hash("sha256", told("case", number), "buffer"),
    ...{ disclosure, decision: told("decision", decision), until: until ?? null, sealedAt: now.toISOString() },
  };
}
