import { hash, randomUUID } from "node:crypto";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { atMost, conflict, told } from "../duties/words.ts";
import { ruled } from "../faults.ts";
import type { SealCaseInput } from "../generated.ts";
import { stewardFor } from "../lifecycle/needs.ts";
import { dpoAsking, HUB } from "../steward.ts";
import { confirmSeal, insertSeal, liftSeal, type SealRow, sealsOf } from "./data.ts";

/** Seals on cases: a data protection officer seals and unseals those of their agency, one of the hub sees and confirms all. */
export const seals = ({ db, write, caller, now }: Asking) => ({
  async list(first: number): Promise<SealRow[]> {
    const { agencyCode } = await dpoAsking(db, caller);
    return sealsOf(db, agencyCode === HUB ? null : agencyCode, atMost(first));
  },
  seal: (input: SealCaseInput): Promise<SealRow | null> =>
    ruled(
      write(async (to) => {
        const { id: sealedBy, agencyCode } = await stewardFor(to, caller, "sealCase");
        const [row] = await insertSeal(to, { ...sealOf(input, now), id: randomUUID(), agencyCode, sealedBy });
        return row ?? null;
      }),
    ),
  confirm: (id: string): Promise<SealRow | null> =>
    ruled(
      write(async (to) => {
        const { id: confirmedBy } = await stewardFor(to, caller, "confirmCaseSeal");
        mustBeId(id);
        const [row] = await confirmSeal(to, { id, confirmedBy, confirmedAt: now.toISOString() });
        if (!row) throw conflict("there is no such seal that waits for another officer than the one who sealed");
        return row;
      }),
    ),
  unseal: (id: string, reason: string): Promise<SealRow | null> =>
    ruled(
      write(async (to) => {
        const { id: liftedBy, agencyCode: agency } = await stewardFor(to, caller, "unsealCase");
        mustBeId(id);
        const lifted = { liftedBy, liftedAt: now.toISOString(), liftReason: told("reason", reason) };
        const [row] = await liftSeal(to, { id, agency, ...lifted });
        if (!row) throw conflict("there is no such seal in force of your agency");
        return row;
      }),
    ),
});

function mustBeId(id: string): void {
  if (uuids([id]).length === 0) throw badInput("id: there is no such seal");
}

/** What is kept of a seal: of the case only the hash, for this is to be no list of investigations. */
function sealOf({ case: number, disclosure, decision, until }: SealCaseInput, now: Date) {
  if (disclosure === "IMMEDIATE") throw badInput("disclosure: DELAYED or SEALED");
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + MOST_YEARS);
  const ends = Date.parse(until);
  if (ends <= now.getTime() || ends > latest.getTime()) throw badInput(`until: in the future, within ${MOST_YEARS} years`);
  return {
    caseHash: hash("sha256", told("case", number), "buffer"),
    ...{ disclosure, decision: told("decision", decision), until, sealedAt: now.toISOString() },
  };
}

const MOST_YEARS = 2;
