import { type Delivered, deathIn, MOST_EVENTS, readEvent, receive } from "../../schema/civilEvent.ts";
import { Refusal } from "../../schema/errors.ts";
import { REGISTRY_EXCHANGE } from "../../schema/policy/words.ts";
import { acting } from "../kit/acts/acting.ts";
import { badInput } from "../kit/errors.ts";
import type { Asking } from "../kit/serve/context.ts";
import { eventsKnown, insertEvents, lastPosition, oneAtATime } from "./data.ts";
import type { Inbox } from "./held.ts";

/** Takes events in, and acts on deaths and deaths taken back. Refuses whoever is not the exchange between controllers. */
export const deliveries =
  ({ caller, write, now }: Asking, { keys }: Inbox) =>
  async (attestations: readonly string[]) => {
    if (caller.purpose !== REGISTRY_EXCHANGE || caller.agency !== "SIKS_NG")
      throw new Refusal({ code: "FORBIDDEN", detail: "only the exchange between controllers delivers events" });
    if (attestations.length > MOST_EVENTS) throw badInput(`attestations must be at most ${MOST_EVENTS}`);
    const given = attestations.map((attestation) => readEvent(attestation, keys));
    const ids = given.flatMap(({ event }) => (event ? [event.about] : []));
    return acting({ caller, write, now })(async ({ db }) => {
      await oneAtATime(db);
      const inbox = { known: await eventsKnown(db, ids), last: await lastPosition(db) };
      const { results, fresh } = receive(given, inbox);
      await insertEvents(
        db,
        fresh.map((delivered) => rowOf(delivered, now)),
      );
      return results;
    });
  };

/** Of what is no death its place alone, so that none can be missing. */
function rowOf({ event, attestation }: Delivered, now: Date) {
  const place = { id: event.about, position: BigInt(event.says.position), receivedAt: now.toISOString() };
  const personId = deathIn(event);
  if (personId === undefined) return place;
  return { ...place, personId, diedOn: event.says.on, isAlive: event.says.kind === "CORRECTION", attestation };
}
