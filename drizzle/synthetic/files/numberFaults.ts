import type { Random } from "../random.ts";
import { CARDS_SINCE, ISO, MALE_DIGITS } from "../register/calendar.ts";
import type { RegisterPerson } from "../register/register.ts";
import type { FaultOf } from "./rates.ts";

const FILLERS = ["0", "-", "0000000000000000", "9999999999999999", "00", "TIDAK ADA", "1"] as const;
const filler = (random: Random, number: string) =>
  random.chance(0.3) ? number.slice(0, random.pick([4, 6, 6, 12])) : random.pick(FILLERS);

type NikFault = FaultOf<"nik">;
type Spoil = (random: Random, nik: string, among: Among) => string;

export interface Among {
  readonly person: RegisterPerson;
  readonly household: readonly RegisterPerson[];
}

const NIK: Readonly<Record<NikFault, Spoil>> = {
  NIK_MISSING: () => "",
  NIK_FILLER: filler,
  NIK_ONE_DIGIT: otherDigit,
  NIK_TWO_DIGITS: (random, nik) => otherDigit(random, otherDigit(random, nik)),
  NIK_TRANSPOSED: transposed,
  NIK_SHORT: without,
  NIK_LAST_ZERO: (_, nik) => `${nik.slice(0, 15)}0`, // a spreadsheet keeps fifteen digits
  NIK_SERIAL_INVENTED: invented,
  NIK_OF_RELATIVE: ofRelative,
  NIK_WITHOUT_40: (_, nik, { person }) => (person.sex === "P" ? `${nik.slice(0, 6)}${Number(nik[6]) - 4}${nik.slice(7)}` : nik),
  NIK_OF_RESIDENCE: (_, nik, { person }) => person.village.slice(0, 6) + nik.slice(6),
};

/**
 * The NIK as the list has it; never the right one: where the kind of fault cannot befall it, a digit is wrong. A serial is spoiled within 9001–9999 or to 0000 only, so that no number can be a real
 * person's; numbers that are too short, and the spreadsheet's last digit, are none.
 */
export function spoiledNik(random: Random, kind: NikFault, among: Among): { kind: NikFault; nik: string } {
  const right = among.person.nik;
  const nik = NIK[kind](random, right, among);
  return nik === right ? { kind: "NIK_ONE_DIGIT", nik: otherDigit(random, right) } : { kind, nik };
}

/** Digit 13 stays 9: the others of the serial may not all become 0. */
function otherDigit(random: Random, nik: string): string {
  const at = random.pick(PLACES);
  const digit = (Number(nik[at]) + random.between(1, 9)) % 10;
  const spoiled = nik.slice(0, at) + digit + nik.slice(at + 1);
  return spoiled.endsWith("9000") ? `${nik.slice(0, 12)}9999` : spoiled;
}

const PLACES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15] as const;

function transposed(random: Random, nik: string): string {
  const places = PLACES.filter((at) => at !== 11 && at !== 15 && nik[at] !== nik[at + 1]);
  if (places.length === 0) return nik;
  const at = random.pick(places);
  return `${nik.slice(0, at)}${nik[at + 1]}${nik[at]}${nik.slice(at + 2)}`;
}

function without(random: Random, nik: string): string {
  const at = random.between(0, 15);
  return nik.slice(0, at) + nik.slice(at + 1);
}

function ofRelative(random: Random, nik: string, { person, household }: Among): string {
  const others = household.filter((other) => other.person !== person.person);
  return others.length === 0 ? nik : random.pick(others).nik;
}

/** Made up from what is on the form: residence, date, sex, and the first serial there is. */
function invented(random: Random, nik: string, { person }: Among): string {
  const region = random.chance(0.5) ? person.village.slice(0, 6) : nik.slice(0, 6);
  const serial = random.pick(["9001", "9001", "9002", "0000"]);
  return region + nik.slice(6, 12) + serial;
}

/** The family card as the list has it; `others`: the card of some other family near by. */
export function spoiledCard(random: Random, kind: FaultOf<"card">, { card, others }: { card: string; others: string }): string {
  switch (kind) {
    case "CARD_MISSING":
      return "";
    case "CARD_FILLER":
      return filler(random, card);
    case "CARD_OLD":
      return card.slice(0, 6) + MALE_DIGITS[random.between(CARDS_SINCE, ISO.length - 1)] + random.between(9500, 9999);
    case "CARD_TYPO":
      return random.chance(0.3) ? transposed(random, card) : otherDigit(random, card);
    case "CARD_OF_OTHERS":
      return others;
  }
}
