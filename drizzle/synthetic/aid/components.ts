import { countComponents } from "../../../schema/aid/components.ts";
import { PKH } from "../../../schema/aid/pkh.ts";
import type { Component, MadeMember } from "../model.ts";
import { ageOf } from "../people/compose.ts";
import { randomFrom } from "../random.ts";

type SchoolLevel = "PRIMARY" | "JUNIOR" | "SENIOR";

/** The school somebody of an age goes to; null: none. */
export function schoolOf(age: number): SchoolLevel | null {
  if (age < 7 || age > 18) return null;
  if (age <= 12) return "PRIMARY";
  return age <= 15 ? "JUNIOR" : "SENIOR";
}

/** What a member would bring to their family, the dearest first. */
export function componentsOf({ person, relation }: MadeMember): Component[] {
  const age = ageOf(person.birthDate);
  const isPregnant = relation === "SPOUSE" && age >= 20 && age < 42 && randomFrom("pregnancy", person.id).chance(0.05);
  const applies: (Component | false | null)[] = [
    isPregnant && "PREGNANCY",
    person.disability === "MULTIPLE" && "SEVERE_DISABILITY",
    age <= 6 && "EARLY_CHILDHOOD",
    age >= 60 && "ELDERLY",
    schoolOf(age),
  ];
  const brought = applies.flatMap((component) => (component ? [{ component }] : []));
  return countComponents(brought, PKH).counted.map(({ component }) => component);
}

/** Whom programs serve: matched, alive and not asleep. */
export const isServed = ({ matchStatus, state, person }: MadeMember): boolean =>
  matchStatus === "MATCHED" && state === "ACTIVE" && person.isAlive;

/** Who of a family draws its aid: the spouse, else the head. */
export const drawerOf = (served: readonly MadeMember[]): MadeMember | undefined =>
  served.find(({ relation }) => relation === "SPOUSE") ?? served.find(({ relation }) => relation === "HEAD");
