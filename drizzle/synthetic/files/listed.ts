import { randomFrom } from "../random.ts";
import type { Household, RegisterPerson } from "../register/register.ts";
import type { FileOptions } from "./fileRows.ts";
import { TRAITS } from "./sources.ts";

export interface Listed {
  readonly person: RegisterPerson;
  /** Position in the household. */
  readonly slot: number;
}

const BLUR = 0.25; // how far programs disagree about who is poor

/**
 * Members of a household who are on a program's list. One scale of means for all programs of a country (`countrySeed`): that is why
 * their lists overlap. Who is registered twice is listed by one of the records.
 */
export function listOf({ seed, source, share }: FileOptions, countrySeed: string): (household: Household) => Listed[] {
  const traits = TRAITS[source];
  const means = randomFrom(countrySeed, "means");
  const random = randomFrom(seed, "list", source);
  const from = rankAt(traits.from);
  const to = rankAt(traits.from + (share ?? traits.share) / traits.density);
  const year = Number(traits.listedOn.slice(0, 4));
  return ({ index, people }) => {
    const rank = (1 - BLUR) * means.at(index).next() + BLUR * random.at(index).next();
    if (rank < from || rank >= to) return [];
    return people.flatMap((person, slot): Listed[] => {
      if (person.person !== person.id || person.birthDate > traits.listedOn) return [];
      const age = year - Number(person.birthDate.slice(0, 4));
      if (!random.at(index, slot + 1).chance(traits.chanceOf(person.relation, age))) return [];
      const second = people.find((other) => other !== person && other.person === person.id);
      return [{ person: second && random.chance(0.3) ? second : person, slot }];
    });
  };
}

/** The blurred means below which a share of the households lies: those of two uniform numbers, mixed. */
function rankAt(share: number): number {
  const kink = BLUR / (2 * (1 - BLUR));
  if (share >= 1) return 1;
  return share < kink ? Math.sqrt(2 * share * BLUR * (1 - BLUR)) : share * (1 - BLUR) + BLUR / 2;
}
