import { awardFor, countComponents, type NotCounted } from "../../../../schema/aid/components.ts";
import { PKH, type PkhComponent } from "../../../../schema/aid/pkh.ts";
import { isAtLeast } from "../../../../schema/values/age.ts";
import { isPresent, type Kin, type SchoolLevel } from "./shape.ts";

/** Components whose name tells somebody's health. */
export const TELLS_HEALTH: ReadonlySet<PkhComponent> = new Set(["PREGNANCY", "SEVERE_DISABILITY"]);

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
  readonly counted: readonly (Brought & { readonly yearly: bigint })[];
  readonly dropped: readonly (Brought & { readonly why: string })[];
}

/**
 * Components of PKH in a family on a day: one a person, the dearest four, at most two small children and two pregnancies; ties by the decree's
 * order, then suffix. Pure. Only who is alive and not asleep counts.
 */
export function pkhOf(members: readonly Kin[], on: string): PkhOfFamily {
  const brought = members
    .filter((kin) => isPresent(kin) && kin.state === "ACTIVE")
    .flatMap((kin) => broughtBy(kin, on) ?? [])
    .sort((a, b) => (a.suffix < b.suffix ? -1 : 1));
  const { counted, dropped } = countComponents(brought, PKH);
  return { counted, dropped: dropped.map((one) => ({ ...one, why: limitOf(one) })) };
}

/** What counted components are worth for some months, whole rupiah: each rounded down by itself, as in the decree's table. */
export const pkhAmount = (counted: PkhOfFamily["counted"], months: number): number => Number(awardFor(counted, months));

function limitOf({ why, component }: Brought & { readonly why: NotCounted }): string {
  if (why !== "LIMIT_OF_COMPONENT") return "AT_MOST_FOUR";
  return component === "PREGNANCY" ? "AT_MOST_TWO_PREGNANCIES" : "AT_MOST_TWO_SMALL_CHILDREN";
}

/** The dearest component a member brings to their family; null: none. */
const broughtBy = (kin: Kin, on: string): Brought | null => allBroughtBy(kin, on)[0] ?? null;

/** All components of a member, the dearest first: what one program does not count another may. */
export function allBroughtBy({ id, suffix, facts }: Kin, on: string): Brought[] {
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
  const own = all.map((component) => ({ memberId: id, suffix, component, isAssumed: component === assumed }));
  return [...countComponents(own, { ...PKH, most: null }).counted];
}

const usualSchool = (isOld: (age: number) => boolean): SchoolLevel | null => USUAL_AGES.find(([age]) => isOld(age))?.[1] ?? null;
