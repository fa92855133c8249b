import { newestSupergraph } from "../../../drizzle/policy/ground.ts";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { atMost, conflict } from "../duties/words.ts";
import { ruled } from "../faults.ts";
import { stewardFor } from "../lifecycle/needs.ts";
import { HUB, mustHold, type Steward, stewardAsking } from "../steward.ts";
import { type AlertRow, alertsFor, type CanaryRow, canaryOf, insertCanary, listCanaries, retireCanary } from "./data.ts";

/** What the watch saw, and the planted persons it looks out for. */
export const watching = ({ db, write, caller, now }: Asking) => ({
  async alerts(kind: AlertRow["kind"] | null, first: number): Promise<AlertRow[]> {
    const steward = await stewardAsking(db, caller);
    const { hash } = await newestSupergraph(db);
    return alertsFor(db, hash, { agency: seesAll(steward) ? null : steward.agencyCode, kind, first: atMost(first) });
  },
  async canaries(): Promise<CanaryRow[]> {
    const steward = await stewardAsking(db, caller);
    mustHold(steward, "OPERATOR");
    return listCanaries(db);
  },
  plant: (person: string): Promise<CanaryRow | null> =>
    ruled(
      write(async (to) => {
        const steward = await stewardFor(to, caller, "plantCanary");
        if (uuids([person]).length === 0) throw badInput("person: not the id of a person");
        await insertCanary(to, { personId: person, plantedBy: steward.id, plantedAt: now.toISOString() });
        const [row] = await canaryOf(to, person);
        if (row?.retiredAt !== null) throw conflict("it was retired: plant another");
        return row;
      }),
    ),
  retire: (person: string): Promise<CanaryRow | null> =>
    ruled(
      write(async (to) => {
        await stewardFor(to, caller, "retireCanary");
        const [row] = uuids([person]).length === 0 ? [] : await retireCanary(to, person, now.toISOString());
        if (!row) throw badInput("person: there is no canary of that id in use");
        return row;
      }),
    ),
});

/** The hub's operators and auditors. */
const seesAll = ({ agencyCode, roles }: Steward): boolean =>
  agencyCode === HUB && (roles.includes("OPERATOR") || roles.includes("AUDITOR"));
