import { parseNik } from "../../../schema/nik.ts";
import type { CivilEventKind, RecordCivilEventInput } from "../generated.ts";

/** An event as it is recorded. */
export type Recorded = RecordCivilEventInput;
type Extra = "newborn" | "toRegion" | "address" | "newCardNumber" | "toCard" | "corrects";

interface Shape {
  readonly persons: readonly [least: number, most: number];
  readonly needs: readonly Extra[];
  readonly may: readonly Extra[];
  /** Whether they stand on a card afterwards that the event must name: a new one or an existing one. */
  readonly namesCard: boolean;
}

const ON_A_CARD = 30;
const some = (most: number): Shape["persons"] => [1, most];

/** What an event of each kind says. */
const SHAPES: Readonly<Record<CivilEventKind, Shape>> = {
  BIRTH: { persons: [1, 1], needs: ["newborn"], may: [], namesCard: false },
  DEATH: { persons: [1, 1], needs: [], may: [], namesCard: false },
  MOVE: { persons: some(ON_A_CARD), needs: ["toRegion"], may: ["address", "newCardNumber"], namesCard: false },
  MARRIAGE: { persons: [2, 2], needs: [], may: ["newCardNumber", "toCard"], namesCard: true },
  DIVORCE: { persons: some(ON_A_CARD), needs: [], may: ["newCardNumber", "toCard"], namesCard: true },
  SPLIT: { persons: some(ON_A_CARD), needs: [], may: ["newCardNumber", "toCard"], namesCard: true },
  MERGE: { persons: some(ON_A_CARD), needs: ["toCard"], may: [], namesCard: false },
  CORRECTION: { persons: [1, 1], needs: ["corrects"], may: [], namesCard: false },
};
const EXTRAS: readonly Extra[] = ["newborn", "toRegion", "address", "newCardNumber", "toCard", "corrects"];
const [MAX_DOCUMENT, MAX_NAME, MAX_ADDRESS] = [80, 100, 200];
const isText = (text: string, most: number) => text.trim() !== "" && text.length <= most;

/** Everything that is wrong with an event by itself; each fault names its field and repeats no value. `today`: ISO day in WIB. Pure. */
export function faultsOf(event: Recorded, today: string): string[] {
  const { persons, needs, may, namesCard } = SHAPES[event.kind];
  const [least, most] = persons;
  const given = EXTRAS.filter((extra) => event[extra] != null);
  return [
    event.occurredOn > today && "occurredOn must not be in the future",
    !isText(event.document, MAX_DOCUMENT) && `document must have 1 to ${MAX_DOCUMENT} characters`,
    (event.persons.length < least || event.persons.length > most) &&
      `persons must be ${least === most ? least : `${least} to ${most}`} of ${event.kind}`,
    new Set(event.persons).size < event.persons.length && "persons must be different persons",
    ...needs.filter((extra) => !given.includes(extra)).map((extra) => `${extra} is needed of ${event.kind}`),
    ...given.filter((extra) => ![...needs, ...may].includes(extra)).map((extra) => `${extra} is not said of ${event.kind}`),
    namesCard && (event.toCard == null) === (event.newCardNumber == null) && "newCardNumber or toCard is needed, and not both",
    event.toRegion != null && event.toRegion.length !== VILLAGE && "toRegion must be a village",
    event.address != null && !isText(event.address, MAX_ADDRESS) && `address must have 1 to ${MAX_ADDRESS} characters`,
    event.newCardNumber != null && !/^[1-9][0-9]{15}$/.test(event.newCardNumber) && "newCardNumber must be 16 digits",
    ...newbornFaults(event),
  ].filter((fault) => fault !== false);
}

const VILLAGE = 10;

/** A NIK that was just issued holds the newborn's own birth date and sex. */
function newbornFaults({ newborn, occurredOn }: Recorded): string[] {
  if (newborn == null) return [];
  const read = parseNik(newborn.nik, { referenceDate: occurredOn, allowSynthetic: true });
  const isTheirs = "nik" in read && read.nik.birthDate === occurredOn && read.nik.sex === newborn.sex;
  return [
    !isTheirs && "newborn.nik must be a NIK of that day and sex",
    !isText(newborn.fullName, MAX_NAME) && `newborn.fullName must have 1 to ${MAX_NAME} characters`,
    !isText(newborn.birthPlace, MAX_NAME) && `newborn.birthPlace must have 1 to ${MAX_NAME} characters`,
  ].filter((fault) => fault !== false);
}
