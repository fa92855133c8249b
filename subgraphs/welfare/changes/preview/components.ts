import { isAtLeast } from "../../../../schema/values/age.ts";
import { portionOf } from "../../../../schema/values/rupiah.ts";
import { isPresent, type Kin, type SchoolLevel } from "./shape.ts";

/** Components of PKH with their yearly amounts in whole rupiah, 2024–2025, in the order of the decree's table. */
export const PKH_TABLE = [
  ["PREGNANCY", 3_000_000],
  ["EARLY_CHILDHOOD", 3_000_000],
  ["PRIMARY", 900_000],
  ["JUNIOR", 1_500_000],
  ["SENIOR", 2_000_000],
  ["ELDERLY", 2_400_000],
  ["SEVERE_DISABILITY", 2_400_000],
] as const;
export type PkhComponent = (typeof PKH_TABLE)[number][0];
/** Components whose name tells somebody's health. */
export const TELLS_HEALTH: ReadonlySet<PkhComponent> = new Set(["PREGNANCY", "SEVERE_DISABILITY"]);

const RANK = PKH_TABLE.map(([component]) => component);
const YEAR = Object.fromEntries(PKH_TABLE) as Readonly<Record<PkhComponent, number>>;

const MEMBERS_A_FAMILY = 4;
const SMALL_CHILDREN = 2;
const PREGNANCIES = 2;
const [SCHOOL_AGE, OLD_AGE] = [7, 60];
/** Age from which a child whom no survey asked is taken to be at the next school. */
const USUAL_AGES = [
  [19, null],
  [16, "SENIOR"],
  [13, "JUNIOR"],
  [SCHOOL_AGE, "PRIMARY"],
] as const;

/** A component somebody would bring to their family. `isAssumed`: told by age alone, for no survey asked. */
export interface Brought {
  readonly memberId: string;
  readonly suffix: string;
  readonly component: PkhComponent;
  readonly isAssumed: boolean;
}

export interface PkhOfFamily {
  /** Counted ones, dearest first. */
  readonly counted: readonly Brought[];
  readonly dropped: readonly (Brought & {
    readonly why: "AT_MOST_FOUR" | "AT_MOST_TWO_SMALL_CHILDREN" | "AT_MOST_TWO_PREGNANCIES";
  })[];
}

/**
 * Components of PKH in a family on a day: one a person, the dearest four, at most two small children and two pregnancies; ties by the decree's
 * order, then suffix. Pure. Only who is alive and not asleep counts.
 */
export function pkhOf(members: readonly Kin[], on: string): PkhOfFamily {
  const brought = members
    .filter((kin) => isPresent(kin) && kin.state === "ACTIVE")
    .flatMap((kin) => broughtBy(kin, on) ?? [])
    .sort(dearestFirst);
  const counted: Brought[] = [];
  const dropped: PkhOfFamily["dropped"][number][] = [];
  for (const one of brought) {
    const why = limitMet(one, counted);
    if (why === null) counted.push(one);
    else dropped.push({ ...one, why });
  }
  return { counted, dropped };
}

/** What counted components are worth for some months, whole rupiah: each rounded down by itself, as in the decree's table. */
export const pkhAmount = (counted: readonly Pick<Brought, "component">[], months: number): number =>
  counted.reduce((sum, { component }) => sum + portionOf(YEAR[component], months), 0);

const dearestFirst = (a: Brought, b: Brought): number =>
  YEAR[b.component] - YEAR[a.component] ||
  RANK.indexOf(a.component) - RANK.indexOf(b.component) ||
  (a.suffix < b.suffix ? -1 : 1);

function limitMet({ component }: Brought, counted: readonly Brought[]): PkhOfFamily["dropped"][number]["why"] | null {
  const same = counted.filter((one) => one.component === component).length;
  if (component === "EARLY_CHILDHOOD" && same >= SMALL_CHILDREN) return "AT_MOST_TWO_SMALL_CHILDREN";
  if (component === "PREGNANCY" && same >= PREGNANCIES) return "AT_MOST_TWO_PREGNANCIES";
  return counted.length >= MEMBERS_A_FAMILY ? "AT_MOST_FOUR" : null;
}

function broughtBy({ id, suffix, facts }: Kin, on: string): Brought | null {
  const { birthDate, school, isPregnant, isSeverelyDisabled } = facts;
  const isOld = (age: number) => birthDate !== null && isAtLeast(birthDate, age, on);
  const assumed = school === null ? usualSchool(isOld) : null;
  const level = school === "NONE" ? null : (school ?? assumed);
  const all = [
    isPregnant && "PREGNANCY",
    birthDate !== null && birthDate <= on && !isOld(SCHOOL_AGE) && "EARLY_CHILDHOOD",
    level,
    isOld(OLD_AGE) && "ELDERLY",
    isSeverelyDisabled && "SEVERE_DISABILITY",
  ].filter((component): component is PkhComponent => Boolean(component));
  const [dearest] = all.sort((a, b) => YEAR[b] - YEAR[a] || RANK.indexOf(a) - RANK.indexOf(b));
  return dearest === undefined ? null : { memberId: id, suffix, component: dearest, isAssumed: dearest === assumed };
}

const usualSchool = (isOld: (age: number) => boolean): SchoolLevel | null => USUAL_AGES.find(([age]) => isOld(age))?.[1] ?? null;
