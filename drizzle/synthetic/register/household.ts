import { variantOf } from "../people/names.ts";
import { povertyOf, SPLIT_OF_2022 } from "../people/places.ts";
import { traditionsOf } from "../people/traditions.ts";
import { type Random, scrambled } from "../random.ts";
import { ageOn, CARDS_SINCE, dayOf, FEMALE_DIGITS, ISO, MALE_DIGITS, partsOf, REFERENCE_DAY, SIX_DIGITS } from "./calendar.ts";
import { type District, villageAt } from "./country.ts";
import { ABSENT_MOTHER, composeHousehold, type Draft, sizeOf } from "./family.ts";
import { familyName, fullName, type TraditionName } from "./naming.ts";
import { alongRoute, type Office } from "./numbers.ts";
import type { Household, Register, RegisterPerson } from "./register.ts";

interface Place {
  readonly district: District;
  readonly office: Office;
}

/** A household in the making. */
interface Making extends Place {
  readonly register: Register;
  readonly index: number;
  readonly village: string;
  readonly tradition: TraditionName;
  readonly drafts: readonly Draft[];
  readonly names: readonly string[];
  readonly cards: readonly string[];
}

const SLOTS = 16; // positions a household has at most, second records included
const REGISTERED_TWICE = 0.0025;

/** Household `index` of the district: depends on the seed, and for its serials on the households made before it with this office. */
export function makeHousehold(register: Register, { district, office }: Place, index: number): Household {
  const { size, family, tradition: traditions } = register.streams;
  const province = district.code.slice(0, 2);
  const heaping = 1 + Math.max(0, povertyOf(province)); // days are least known where people are poorest
  const drafts = composeHousehold(family.at(index), { size: sizeOf(size, index), heaping });
  const tradition = traditions.at(index).weighted(traditionsOf(province));
  const cards = [newCard(register, { district, office }, index)];
  if (drafts.some(({ card }) => card === 1)) cards.push(newCard(register, { district, office }, index));
  const village = villageAt(district, index);
  const names = namesOf(register, { index, tradition, drafts });
  const making: Making = { register, district, office, index, village, tradition, drafts, names, cards };
  const people = drafts.map((draft, position) => recordOf(making, draft, position));
  return { index, district, people: [...people, ...secondRecords(making, people)] };
}

function namesOf({ streams }: Register, of: { index: number; tradition: TraditionName; drafts: readonly Draft[] }): string[] {
  const { index, tradition, drafts } = of;
  const families: string[] = [];
  const names: string[] = [];
  for (const [position, { isFemale, day, birthOrder, father }] of drafts.entries()) {
    const random = streams.name.at(index, position);
    const son = isFemale ? -1 : drafts.findIndex((draft) => draft.father === position);
    const family = families[father] ?? families[son] ?? familyName(random, tradition);
    families.push(family);
    names.push(fullName(random, tradition, { isFemale, day, birthOrder, family, father: names[father] ?? "" }));
  }
  return names;
}

function recordOf(making: Making, draft: Draft, position: number): RegisterPerson {
  const { register, index } = making;
  const id = idOf(index * SLOTS + position);
  const fate = register.streams.fate.at(index, position).next();
  return {
    id,
    ...registration(making, draft, position),
    familyCard: making.cards[draft.card] ?? "",
    name: making.names[position] ?? "",
    sex: draft.isFemale ? "P" : "L",
    birthDate: ISO[draft.day] ?? "",
    motherName: motherName(making, draft, position),
    village: making.village,
    state: draft.isDead ? "DECEASED" : fate < 0.006 ? "INACTIVE" : "ALIVE",
    tradition: making.tradition,
    relation: draft.relation,
    person: id,
    isAbsent: isAbsent(register, index, position),
  };
}

/** A second registration of some people elsewhere or later: another number and card, often another spelling or day. */
function secondRecords(making: Making, people: readonly RegisterPerson[]): RegisterPerson[] {
  const { register, index, drafts } = making;
  const seconds: RegisterPerson[] = [];
  for (const [position, draft] of drafts.entries()) {
    const first = people[position];
    const fate = register.streams.fate.at(index, SLOTS + position);
    if (!first || !fate.chance(REGISTERED_TWICE)) continue;
    const slot = people.length + seconds.length;
    const day = fate.chance(0.25) ? misrecorded(fate, draft.day) : draft.day;
    seconds.push({
      ...first,
      id: idOf(index * SLOTS + slot),
      ...registration(making, { ...draft, day }, slot),
      familyCard: newCard(register, making, index),
      name: fate.chance(0.35) ? variantOf(fate, first.name) : first.name,
      birthDate: ISO[day] ?? "",
      state: first.state === "ALIVE" && fate.chance(0.5) ? "INACTIVE" : first.state,
    });
  }
  return seconds;
}

const MOVERS = { child: 0.05, adult: 0.2 };
const NUMBER_HAS_OTHER_DATE = 0.008;

/** NIK and birth place: the district of first registration, with its code of that time. */
function registration({ register, district, office, index }: Making, draft: Draft, position: number) {
  const random = register.streams.number.at(index, position);
  const isMover = random.chance(draft.relation === "CHILD" ? MOVERS.child : MOVERS.adult);
  const day = random.chance(NUMBER_HAS_OTHER_DATE) ? misrecorded(random, draft.day) : draft.day;
  const cell = 2 * (SIX_DIGITS[day] ?? 0) + (draft.isFemale ? 1 : 0);
  // squared, most movers come from near by: the first routes lead to neighbours
  const route = Math.floor(random.next() ** 2.5 * register.routes.length);
  const serialOfMover = isMover && register.routes.length > 0 ? office.serialOfMover(cell, route) : undefined;
  const origin = serialOfMover === undefined ? district : alongRoute(register.country, district, register.routes[route] ?? 0);
  const code = draft.day < SPLIT_DAY ? origin.codeBefore : origin.code;
  const digits = (draft.isFemale ? FEMALE_DIGITS : MALE_DIGITS)[day] ?? "";
  return { nik: code + digits + (serialOfMover ?? office.serialOfNative(cell)), birthPlace: origin.birthPlace };
}

const SPLIT_DAY = dayOf(SPLIT_OF_2022) ?? 0;

/** The day as a clerk got it wrong: day and month exchanged, another day, month or year. */
function misrecorded(random: Random, day: number): number {
  const [year, month, dayOfMonth] = partsOf(ISO[day] ?? "");
  const wrong = random.pick([
    isoOf(year, dayOfMonth, month),
    isoOf(year, dayOfMonth, month),
    isoOf(year, month, random.between(1, 28)),
    isoOf(year, random.between(1, 12), dayOfMonth),
    isoOf(year + random.pick([-1, 1]), month, dayOfMonth),
  ]);
  return dayOf(wrong) ?? day;
}

const isoOf = (year: number, month: number, day: number) =>
  `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;

function newCard({ streams }: Register, { district, office }: Place, index: number): string {
  const day = streams.number.at(index, SLOTS).between(CARDS_SINCE, REFERENCE_DAY);
  return `${district.code}${MALE_DIGITS[day]}${office.serialOfCard(day)}`;
}

const MOTHER = { unknown: 0.012, unknownOfOld: 0.05, spelledForAll: 0.05, spelledForOne: 0.04 };

/** Her registered name for most; siblings may share a spelling of it. */
function motherName({ register, index, tradition, drafts, names }: Making, draft: Draft, position: number): string {
  const { streams } = register;
  const random = streams.mother.at(index, position);
  if (random.chance(ageOn(draft.day) > 60 ? MOTHER.unknownOfOld : MOTHER.unknown)) return "";
  const slot = draft.mother === ABSENT_MOTHER ? 2 * SLOTS : draft.mother < 0 ? SLOTS + position : draft.mother;
  const isSpelled = random.chance(MOTHER.spelledForOne);
  const mother = names[slot] ?? nameOfUnseen(streams.mother.at(index, slot), tradition, drafts[position]?.day ?? 0);
  const shared = streams.mother.at(index, 3 * SLOTS + slot);
  const recorded = shared.chance(MOTHER.spelledForAll) ? variantOf(shared, mother) : mother;
  return isSpelled ? variantOf(streams.mother.at(index, 6 * SLOTS + position), recorded) : recorded;
}

/** A mother who is not in the household. */
function nameOfUnseen(random: Random, tradition: TraditionName, dayOfChild: number): string {
  const day = Math.max(0, dayOfChild - Math.round((17 + 20 * random.next()) * 365));
  const family = familyName(random, tradition);
  return fullName(random, tradition, { isFemale: true, day, birthOrder: random.between(1, 4), family, father: "" });
}

const WHOLE_HOUSEHOLDS = 0.3; // of the absent: the rest are missing one by one, with relatives in the register who look like them

function isAbsent({ streams, absent }: Register, index: number, position: number): boolean {
  if (absent === 0) return false;
  if (streams.absence.at(index).chance(absent * WHOLE_HOUSEHOLDS)) return true;
  const alone = (absent * (1 - WHOLE_HOUSEHOLDS)) / (1 - absent * WHOLE_HOUSEHOLDS);
  return streams.absence.at(index, position + 1).chance(alone);
}

/** A number below 2^32 as an id that tells nothing of it: multiplied and shifted so that no two fall together. */
function idOf(number: number): string {
  return `P${(scrambled(number ^ 0x2b7e1516) >>> 0).toString(16).toUpperCase().padStart(8, "0")}`;
}
