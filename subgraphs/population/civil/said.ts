import { type Attested, attest } from "../../../schema/attestation.ts";
import type { EventRole, EventSaid } from "../../../schema/civilEvent.ts";
import type { Signer } from "../../../schema/policy/keys.ts";
import type { EventRow } from "./data.ts";

/** The event as population signs it; null while nobody has confirmed it. The same text each time. Pure. */
export function attestationOf(event: EventRow, signer: Signer): string | null {
  const { id, position, confirmedAt } = event;
  if (position === null || confirmedAt === null) return null;
  const fact: Attested<EventSaid> = {
    by: "population",
    kind: "CIVIL_EVENT",
    about: id,
    at: new Date(confirmedAt).toISOString(),
    says: said(event, String(position)),
  };
  return attest(signer, fact);
}

function said(event: EventRow, position: string): EventSaid {
  const { kind, occurredOn: on, cardId, toCardId, region, toRegion, newborn } = event;
  const born = newborn ? [{ id: newborn.id, role: "NEWBORN" as const }] : [];
  const persons = [...born, ...event.persons.map((id, place) => ({ id, role: roleOf(event, place) }))];
  return { kind, on, position, persons, cardId, toCardId, region, toRegion };
}

function roleOf({ kind, cardNumber }: EventRow, place: number): EventRole {
  if (kind === "BIRTH") return "MOTHER";
  if (kind === "DEATH") return "DECEASED";
  if (kind === "CORRECTION") return "REVIVED";
  if (cardNumber === null) return "MEMBER";
  if (place === 0) return "HEAD";
  return kind === "MARRIAGE" ? "SPOUSE" : "MEMBER";
}
