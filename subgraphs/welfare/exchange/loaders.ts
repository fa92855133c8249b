import type { Caller } from "../../../schema/caller.ts";
import { type Delivered, MOST_EVENTS, readEvent, receive } from "../../../schema/civilEvent.ts";
import { Refusal } from "../../../schema/errors.ts";
import { REGISTRY_EXCHANGE } from "../../../schema/policy/words.ts";
import { acting } from "../../kit/acts/acting.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { Desk } from "../held.ts";
import { eventsKnown, insertEvents, lastPosition, oneAtATime } from "./data.ts";

/** What other controllers attest, on its way into the registry. */
export const exchange = (asking: Asking, { attestation: { keys } }: Desk) => ({
  cursor: async () => (await lastPosition(asking.db))?.toString() ?? null,

  async deliver(attestations: readonly string[]) {
    mustBeExchange(asking.caller);
    if (attestations.length > MOST_EVENTS) throw badInput(`attestations must be at most ${MOST_EVENTS}`);
    const given = attestations.map((attestation) => readEvent(attestation, keys));
    const ids = given.flatMap(({ event }) => (event ? [event.about] : []));
    return acting(asking)(async ({ db, now }) => {
      await oneAtATime(db);
      const inbox = { known: await eventsKnown(db, ids), last: (await lastPosition(db)) ?? 0n };
      const { results, fresh } = receive(given, inbox);
      await insertEvents(
        db,
        fresh.map((delivered) => rowOf(delivered, now)),
      );
      return results;
    });
  },
});

function rowOf({ event: { about, says }, attestation }: Delivered, now: Date) {
  const { kind, on: occurredOn, position, region } = says;
  return { id: about, position: BigInt(position), kind, occurredOn, says, attestation, receivedAt: now.toISOString(), region };
}

function mustBeExchange({ purpose, agency }: Pick<Caller, "purpose" | "agency">): void {
  if (purpose !== REGISTRY_EXCHANGE || agency !== "SIKS_NG")
    throw new Refusal({ code: "FORBIDDEN", detail: "only the exchange between controllers delivers events" });
}
