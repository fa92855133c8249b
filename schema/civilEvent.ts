import { type AttestationKeys, type Attested, readAttestation } from "./attestation.ts";

/** Civil events and what happens to family cards with them (UU 24/2013; Perpres 96/2018). */
export const EVENT_KINDS = ["BIRTH", "DEATH", "MOVE", "MARRIAGE", "DIVORCE", "SPLIT", "MERGE", "CORRECTION"] as const;

/** As what an event touches a person. REVIVED: their death was recorded by mistake. HEAD and SPOUSE: of a card that is new. */
export type EventRole = "NEWBORN" | "MOTHER" | "DECEASED" | "REVIVED" | "HEAD" | "SPOUSE" | "MEMBER";

/** What population says of a confirmed event to other controllers: ids only, no name and no number. */
export interface EventSaid {
  readonly kind: (typeof EVENT_KINDS)[number];
  /** Day it happened, `YYYY-MM-DD`; of a correction the day of the death. */
  readonly on: string;
  /** Place in population's row of events: 1, 2, 3 …, without a gap. */
  readonly position: string;
  readonly persons: readonly { readonly id: string; readonly role: EventRole }[];
  /** Family card of the first of them, and the card they stand on after it. */
  readonly cardId: string | null;
  readonly toCardId: string | null;
  /** Village they lived in, and the one they live in after it. */
  readonly region: string;
  readonly toRegion: string | null;
}
export type AttestedEvent = Attested<EventSaid>;

/** An attestation and the civil event it proves; null: it proves none. */
export interface Given {
  readonly event: AttestedEvent | null;
  readonly attestation: string;
}
export interface Delivered extends Given {
  readonly event: AttestedEvent;
}

/** Reads what is to be delivered. */
export const readEvent = (attestation: string, keys: AttestationKeys): Given => ({
  attestation,
  event: readAttestation<EventSaid>(attestation, { by: "population", kind: "CIVIL_EVENT", keys }),
});

/** Whose death an event tells, or takes back; undefined: it is about neither. */
export const deathIn = ({ says: { kind, persons } }: AttestedEvent): string | undefined =>
  persons.find(({ role }) => (kind === "DEATH" && role === "DECEASED") || (kind === "CORRECTION" && role === "REVIVED"))?.id;

/** At most so many events travel together. */
export const MOST_EVENTS = 100;

interface Inbox {
  /** Ids of events that came in before. */
  readonly known: ReadonlySet<string>;
  /** Place of the last that came in; 0: none has. */
  readonly last: bigint;
}

/**
 * What becomes of each, and the events that come in: each once, and each right behind the one before it. So no old death can be played after it was
 * taken back, and whoever carries them can keep none back but by bringing nothing more. Pure.
 */
export function receive(given: readonly Given[], { known, last }: Inbox) {
  const seen = new Set(known);
  let behind = last;
  const fresh: Delivered[] = [];
  const results = given.map(({ event, attestation }) => {
    if (event === null) return "REFUSED";
    if (seen.has(event.about)) return "KNOWN";
    const position = BigInt(event.says.position);
    if (position !== behind + 1n) return "REFUSED";
    seen.add(event.about);
    behind = position;
    fresh.push({ event, attestation });
    return "DELIVERED";
  });
  return { results, fresh };
}
