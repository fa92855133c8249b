import { randomUUID } from "node:crypto";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { agenciesByCode } from "../data.ts";
import { atMost, conflict } from "../duties/words.ts";
import { ruled } from "../faults.ts";
import type { ImposeSanctionInput } from "../generated.ts";
import { stewardFor } from "../lifecycle/needs.ts";
import { refuseFaults, textFaults } from "../lifecycle/says.ts";
import { insertSanction, liftSanction, type SanctionRow, sanctionsOf } from "./data.ts";

/** The register of sanctions: read by everybody, written by the hub's operators. */
export const sanctions = ({ db, write, caller, now }: Asking) => ({
  list: (agency: string | null, first: number): Promise<SanctionRow[]> => sanctionsOf(db, { agency, first: atMost(first) }),
  impose: (input: ImposeSanctionInput): Promise<SanctionRow | null> =>
    ruled(
      write(async (to) => {
        const operator = await stewardFor(to, caller, "imposeSanction");
        const { agency, kind, reason, decision } = input;
        const [clientId, until] = [input.client ?? null, input.until ?? null];
        const isKnown = (await agenciesByCode(to, [agency])).length > 0;
        refuseFaults([...faultsOf(input, now), ...(isKnown ? [] : ["agency: there is no such agency"])]);
        const told = { agencyCode: agency, clientId, kind, reason: reason.trim(), decision: decision.trim(), until };
        const [row] = await insertSanction(to, {
          id: randomUUID(),
          ...told,
          imposedBy: operator.id,
          imposedAt: now.toISOString(),
        });
        return row ?? null;
      }),
    ),
  lift: (id: string, reason: string): Promise<SanctionRow | null> =>
    ruled(
      write(async (to) => {
        const operator = await stewardFor(to, caller, "liftSanction");
        refuseFaults(textFaults("reason", reason, [10, 2000]));
        if (uuids([id]).length === 0) throw badInput("id: there is no such sanction");
        const [row] = await liftSanction(to, id, {
          liftedBy: operator.id,
          liftedAt: now.toISOString(),
          liftReason: reason.trim(),
        });
        if (!row) throw conflict("there is no sanction of that id that is not lifted");
        return row;
      }),
    ),
});

function faultsOf({ kind, reason, decision, until }: ImposeSanctionInput, now: Date): string[] {
  return [
    ...textFaults("reason", reason, [10, 2000]),
    ...textFaults("decision", decision, [3, 200]),
    ...(until == null || kind === "SUSPENSION" ? [] : ["until: only a suspension ends by itself"]),
    ...(until == null || new Date(until) > now ? [] : ["until: must lie in the future"]),
  ];
}

/** Whether a sanction holds at an instant. */
export const isInForce = ({ imposedAt, until, liftedAt }: SanctionRow, now: Date): boolean =>
  liftedAt === null && new Date(imposedAt) <= now && (until === null || now < new Date(until));
