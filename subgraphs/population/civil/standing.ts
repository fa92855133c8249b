import { randomUUID } from "node:crypto";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { cardExists, eventsById, onCard, type Standing, standingOf } from "./data.ts";
import type { Recorded } from "./event.ts";

type Db = Asking["db"];

/** Where they stand before an event and on which card afterwards. */
interface Places {
  readonly region: string;
  readonly cardId: string | null;
  readonly toCardId: string | null;
}

/** Where the persons of an event stand before and after it, as the register has it now. Refuses, all at once, what does not fit it. */
export async function placed(db: Db, event: Recorded): Promise<Places> {
  const known = await standingOf(db, event.persons);
  const byId = new Map(known.map((one) => [one.id, one]));
  const standing = event.persons.map((id) => byId.get(id));
  const [first] = standing;
  const faults = faultsOfStanding(event, standing);
  if (first === undefined || faults.length > 0) throw badInput(faults.join("; "));
  const { region, cardId } = first;
  return { region, cardId, toCardId: await cardAfter(db, event, first) };
}

const CHANGE_CARD: ReadonlySet<string> = new Set(["MOVE", "DIVORCE", "SPLIT", "MERGE"]);

function faultsOfStanding({ kind, persons }: Recorded, standing: readonly (Standing | undefined)[]): string[] {
  const found = standing.filter((one) => one !== undefined);
  const cards = new Set(found.map(({ cardId }) => cardId));
  return [
    found.length < persons.length && "persons: somebody is not in the register",
    kind !== "CORRECTION" && found.some(({ isAlive }) => !isAlive) && "persons: somebody is recorded as deceased",
    kind === "CORRECTION" && found.some(({ isAlive }) => isAlive) && "persons: they are not recorded as deceased",
    kind === "BIRTH" && cards.has(null) && "persons: the mother stands on no card",
    CHANGE_CARD.has(kind) && (cards.size > 1 || cards.has(null)) && "persons must stand on one card",
  ].filter((fault) => fault !== false);
}

/** The card they stand on afterwards; null: none. */
function cardAfter(db: Db, event: Recorded, first: Standing): Promise<string | null> | string | null {
  const { kind, toCard } = event;
  if (kind === "DEATH") return null;
  if (kind === "BIRTH") return first.cardId;
  if (kind === "CORRECTION") return cardOfDeath(db, event, first.id);
  if (toCard != null) return cardJoined(db, toCard, first);
  return kind === "MOVE" && first.cardId !== null ? cardOfMove(db, event, first.cardId) : randomUUID();
}

async function cardJoined(db: Db, card: string, { cardId }: Standing): Promise<string> {
  if (card === cardId) throw badInput("toCard: they stand on this card already");
  if (!(await cardExists(db, card))) throw badInput("toCard: there is no such card");
  return card;
}

/** A whole family takes its card along; some of it leave for a new one. */
async function cardOfMove(db: Db, { persons, newCardNumber }: Recorded, card: string): Promise<string> {
  const isWhole = (await onCard(db, card)).every((one) => persons.includes(one));
  if (!isWhole && newCardNumber == null) throw badInput("newCardNumber is needed: not all of the card move");
  return isWhole ? card : randomUUID();
}

/** The card the deceased stood on when the death was recorded. */
async function cardOfDeath(db: Db, { corrects, occurredOn }: Recorded, deceased: string): Promise<string | null> {
  const [death] = await eventsById(db, [corrects ?? ""]);
  const isIt =
    death?.kind === "DEATH" && death.position !== null && death.persons[0] === deceased && death.occurredOn === occurredOn;
  if (!isIt) throw badInput("corrects must be a confirmed death of that person on that day");
  return death.cardId;
}
