import type { Random } from "../random.ts";
import { partsOf } from "../register/calendar.ts";
import type { Household, Register, RegisterPerson } from "../register/register.ts";
import { spoiledName } from "./nameFaults.ts";
import { spoiledCard, spoiledNik } from "./numberFaults.ts";
import { dateText, spoiledDate, spoiledPlace, swapped } from "./otherFaults.ts";
import { befalls, type Carelessness } from "./quality.ts";
import type { Fault, Rates } from "./rates.ts";
import type { Traits } from "./sources.ts";

/** What the rows of a household share. */
export interface Batch {
  readonly household: Household;
  /** Card of the family that was listed before. */
  readonly others: string;
  readonly factor: number;
  readonly isMisread: boolean;
  readonly isShifted: boolean;
  readonly hasLastZero: boolean;
}

/** A row in the making. */
export interface Entry {
  readonly batch: Batch;
  readonly person: RegisterPerson;
  readonly faults: Fault[];
}

export interface Entering extends Entry {
  readonly register: Register;
  readonly rates: Rates;
  readonly traits: Traits;
  readonly random: Random;
  readonly carelessness: Carelessness;
}

export function nikOf({ person, batch, random, carelessness, rates, faults }: Entering): string {
  const { household } = batch;
  const hasLastZero = batch.hasLastZero && !person.nik.endsWith("0");
  const isSpoiled = befalls(random, rates.shares.nik, carelessness.ofNumbers);
  if (!isSpoiled && !hasLastZero) return person.nik;
  const wanted = hasLastZero ? "NIK_LAST_ZERO" : random.weighted(rates.kinds.nik);
  const { kind, nik } = spoiledNik(random, wanted, { person, household: household.people });
  faults.push(kind);
  return nik;
}

export function cardOf({ person, batch, random, carelessness, rates, faults }: Entering): string {
  const { familyCard: card } = person;
  if (!befalls(random, rates.shares.card, carelessness.ofText)) return card;
  const kind = random.weighted(rates.kinds.card);
  const others = batch.household.people.find(({ familyCard }) => familyCard !== card)?.familyCard ?? batch.others;
  const spoiled = spoiledCard(random, kind, { card, others });
  if (spoiled !== card) faults.push(kind);
  return spoiled;
}

export function nameOf(entering: Entering): string {
  const { person, random, carelessness, rates, faults, traits } = entering;
  const name = namesake(entering) ?? person.name;
  const spoiled = befalls(random, rates.shares.name, carelessness.ofText) ? spoilName(entering, name) : name;
  if (spoiled.length > rates.nameWidth) faults.push("NAME_CUT");
  const cut = spoiled.slice(0, rates.nameWidth).trimEnd();
  return traits.isUpperCase ? cut : capitalised(cut);
}

/** The name of the spouse or of a sibling, on a row that is this person's in all else. */
function namesake({ person, batch, random, rates, faults }: Entering): string | undefined {
  const { household } = batch;
  const { nameOfSpouse, nameOfSibling } = rates.shares;
  const chance = random.next();
  if (chance >= nameOfSpouse + nameOfSibling) return undefined;
  const isSpouse = chance < nameOfSpouse;
  const wanted = isSpouse ? ["HEAD", "SPOUSE"] : ["CHILD"];
  if (!wanted.includes(person.relation)) return undefined;
  const other = household.people.find(({ relation, person: id }) => id !== person.person && wanted.includes(relation));
  if (other) faults.push(isSpouse ? "NAME_OF_SPOUSE" : "NAME_OF_SIBLING");
  return other?.name;
}

function spoilName({ person, random, carelessness, rates, faults }: Entering, name: string): string {
  const { sex } = person;
  const once = spoiledName(random, random.weighted(rates.kinds.name), { name, sex });
  faults.push(once.kind);
  if (!random.chance(0.12 * carelessness.ofText)) return once.name;
  const more = spoiledName(random, random.weighted(rates.kinds.name), { name: once.name, sex });
  faults.push(more.kind);
  return more.name;
}

const capitalised = (name: string) => name.toLowerCase().replace(/(^|[ .(])[a-z]/g, (start) => start.toUpperCase());

export function sexOf({ person, random, carelessness, rates, faults }: Entering): string {
  const { sex } = person;
  if (befalls(random, rates.shares.sexMissing, carelessness.ofText)) {
    faults.push("SEX_MISSING");
    return "";
  }
  if (!befalls(random, rates.shares.sexWrong, carelessness.ofText)) return sex;
  faults.push("SEX_WRONG");
  return sex === "L" ? "P" : "L";
}

export function birthDateOf({ person, batch, random, carelessness, rates, faults, traits }: Entering): string {
  const { birthDate } = person;
  const right = partsOf(birthDate);
  const misread = batch.isMisread ? swapped(right) : undefined;
  if (misread) {
    faults.push("DATE_MISREAD");
    return dateText(misread, traits.dateFormat);
  }
  if (!befalls(random, rates.shares.birthDate, carelessness.ofText)) return dateText(right, traits.dateFormat);
  const kind = random.weighted(rates.kinds.birthDate);
  faults.push(kind);
  return dateText(spoiledDate(random, kind, birthDate), traits.dateFormat);
}

export function birthPlaceOf({ person, batch, random, carelessness, rates, faults }: Entering): string {
  const { birthPlace: place } = person;
  if (!befalls(random, rates.shares.birthPlace, carelessness.ofText)) return place;
  const kind = random.weighted(rates.kinds.birthPlace);
  faults.push(kind);
  return spoiledPlace(random, kind, { place, residence: batch.household.district.birthPlace });
}

export function motherOf({ person, batch, random, carelessness, rates, faults }: Entering): string {
  const { motherName } = person;
  const { motherMissing, motherOther, motherSpelled } = rates.shares;
  if (motherName === "") return "";
  if (befalls(random, motherMissing, carelessness.ofText)) {
    faults.push("MOTHER_MISSING");
    return random.chance(0.8) ? "" : random.pick(["-", "TIDAK TAHU", "ALM", "IBU"]);
  }
  if (befalls(random, motherOther, carelessness.ofText)) {
    faults.push("MOTHER_OTHER");
    return random.pick(batch.household.people).name;
  }
  if (!befalls(random, motherSpelled, carelessness.ofText)) return motherName;
  faults.push("MOTHER_SPELLED");
  return spoiledName(random, random.weighted(rates.kinds.name), { name: motherName, sex: "P" }).name;
}

/** Moved within the district, or near by; the list has where they were. */
export function villageOf({ person, batch, register, random, carelessness, rates, faults }: Entering): string {
  const { village } = person;
  const { district } = batch.household;
  if (befalls(random, rates.shares.villageMissing, carelessness.ofText)) {
    faults.push("VILLAGE_MISSING");
    return "";
  }
  if (!befalls(random, rates.shares.villageMoved, carelessness.ofText)) return village;
  const { districts } = register.country;
  const step = random.chance(0.6) ? 0 : random.between(1, 4);
  const former = random.pick((districts[(district.index + step) % districts.length] ?? district).villages);
  if (former !== village) faults.push("VILLAGE_MOVED");
  return former;
}
