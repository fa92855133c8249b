import { randomUUID } from "node:crypto";
import type { Caller } from "../../../schema/caller.ts";
import { holdsNik, Refusal } from "../../../schema/errors.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { ruled } from "../../kit/acts/ruled.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { type Ending, type EventKind, type EventRow, endEvent, eventsBehind, eventsToConfirm, insertEvent } from "./data.ts";
import { faultsOf, type Recorded } from "./event.ts";
import type { Register } from "./held.ts";
import { attestationOf } from "./said.ts";
import { placed } from "./standing.ts";

const [MAX_FIRST, MAX_REASON] = [100, 500];
const CONFLICTS = {
  family_card_number_unique: "the number of the new card is another card's",
  person_nik_unique: "the NIK of the newborn is another person's",
};

/** Civil events: registrars record and confirm them, other controllers follow them. */
export const civil = ({ db, write, caller, now }: Asking, { attestation }: Register) => {
  const end = async (id: string, ending: Ending) => {
    const ended = await ruled(
      write((writing) => endEvent(writing, id, ending)),
      CONFLICTS,
    );
    if (!ended) throw badInput("id: there is no such event");
    return ended;
  };
  return {
    attestationOf: (event: EventRow) => attestationOf(event, attestation.signer),

    feed: (asked: { readonly after: string | null; readonly kinds: readonly EventKind[] | null; readonly first: number }) =>
      eventsBehind(db, { after: placeOf(asked.after), kinds: asked.kinds, limit: sizeOf(asked.first) }),

    toConfirm: (first: number) => eventsToConfirm(db, sizeOf(first)),

    async record(event: Recorded) {
      const recordedBy = registrarActing(caller);
      const faults = faultsOf(event, dayInWib(now));
      if (faults.length > 0) throw badInput(faults.join("; "));
      const { kind, occurredOn, document, persons, newborn, toRegion, address, newCardNumber, corrects } = event;
      const said = { kind, occurredOn, document, persons: [...persons], toRegion, address, cardNumber: newCardNumber, corrects };
      return ruled(
        write(async (writing) => {
          const places = await placed(writing, event);
          const born = newborn ? { ...newborn, id: randomUUID() } : null;
          const recorded = { id: randomUUID(), recordedBy, recordedAt: now.toISOString() };
          return insertEvent(writing, { ...said, ...places, ...recorded, newborn: born });
        }),
      );
    },

    confirm: (id: string) => end(id, { confirmedBy: registrarActing(caller), confirmedAt: now.toISOString() }),

    discard(id: string, reason: string) {
      const discardedBy = registrarActing(caller);
      if (reason.trim() === "" || reason.length > MAX_REASON || holdsNik(reason))
        throw badInput(`reason must have 1 to ${MAX_REASON} characters and no number of 16 digits`);
      return end(id, { discardedBy, discardedAt: now.toISOString(), discardReason: reason });
    },
  };
};

function registrarActing({ officer, agency }: Pick<Caller, "officer" | "agency">): string {
  if (officer !== null && agency === "DUKCAPIL") return officer;
  throw new Refusal({ code: "FORBIDDEN", detail: "only an officer of the civil registry does this" });
}

function placeOf(after: string | null): bigint {
  if (after !== null && !/^[0-9]{1,18}$/.test(after)) throw badInput("after must be the position of an event");
  return BigInt(after ?? 0);
}

function sizeOf(first: number): number {
  if (first < 1 || first > MAX_FIRST) throw badInput(`first must be from 1 to ${MAX_FIRST}`);
  return first;
}
