import { ageOf } from "../../../../drizzle/synthetic/people/compose.ts";
import { TRADITIONS } from "../../../../drizzle/synthetic/people/traditions.ts";
import type { RegisterPerson } from "../../../../drizzle/synthetic/register/register.ts";

/** By what people are told apart, to see whom matching serves worse. Of the person as registered, not of what the file says. */
interface Groups {
  readonly groups: readonly string[];
  readonly of: (person: RegisterPerson) => string;
}

const AGES = [
  [17, "under 17"],
  [40, "17 to 39"],
  [60, "40 to 59"],
  [200, "60 and older"],
] as const;

const isPapuan = ({ nik }: RegisterPerson): boolean => nik >= "91" && nik < "97";

export const GROUPINGS = {
  sex: { groups: ["male", "female"], of: ({ sex }) => (sex === "L" ? "male" : "female") },
  age: {
    groups: AGES.map(([, name]) => name),
    of: (person) => AGES.find(([below]) => ageOf(person.birthDate) < below)?.[1] ?? "",
  },
  "name tradition": { groups: Object.keys(TRADITIONS), of: ({ tradition }) => tradition },
  "words of the name": {
    groups: ["one", "several"],
    of: ({ name }) => (name.trim().includes(" ") ? "several" : "one"),
  },
  NIK: { groups: ["of Papua (91–96)", "of elsewhere"], of: (person) => (isPapuan(person) ? "of Papua (91–96)" : "of elsewhere") },
} as const satisfies Record<string, Groups>;
export type Grouping = keyof typeof GROUPINGS;

/** Position of somebody's group; throws where the grouping has none for them. */
export function groupOf(grouping: Grouping, person: RegisterPerson): number {
  const { groups, of }: Groups = GROUPINGS[grouping];
  const found = groups.indexOf(of(person));
  if (found < 0) throw new Error(`${grouping}: there is no group "${of(person)}"`);
  return found;
}
