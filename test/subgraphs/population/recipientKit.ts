import type { MadePerson } from "../../../drizzle/synthetic/model.ts";
import type { VerificationTerms } from "../../../schema/caller.ts";
import { population } from "../../../subgraphs/population/index.ts";
import { asRole } from "../../kit/database.ts";
import { allBut, callerWith, FEW, type SliceUnderTest } from "../../kit/slice.ts";

export const PAKIS = "3510161001";
export const SOBO = "3510161002";

export interface Facts {
  readonly village: string;
  readonly fullName: string;
  readonly birthDate: string;
  readonly visitor: string;
}
/** What somebody who knows a person well says, from a network of its own unless one is named. */
export const factsOf = (
  person: Pick<MadePerson, "fullName" | "birthDate">,
  village: string,
  differences: Partial<Facts> = {},
): Facts => ({
  village,
  fullName: person.fullName,
  birthDate: person.birthDate,
  visitor: crypto.randomUUID(),
  ...differences,
});

interface Under {
  readonly agreement: string;
  readonly terms?: Partial<VerificationTerms>;
}

/** Asks each question under an alias of its own, in one request; answers an id, null or the reason of the refusal for each. */
export async function check(
  slice: SliceUnderTest,
  questions: readonly Facts[],
  { agreement, terms = {} }: Under,
): Promise<(string | null)[]> {
  const declared = questions.map((_, at) => `$c${at}: RecipientFactsInput!`).join(", ");
  const asked = questions.map((_, at) => `c${at}: recipientByFacts(input: $c${at}) { id }`).join(" ");
  const answer = await slice.ask(`query (${declared}) { ${asked} }`, {
    variables: Object.fromEntries(questions.map((facts, at) => [`c${at}`, facts])),
    verbs: allBut(population),
    caller: callerWith({
      client: "portal-warga",
      agency: "HUB",
      purpose: "RECIPIENT_CHECK",
      agreement,
      verification: { ...FEW, ...terms },
    }),
  });
  return questions.map((_, at) => {
    const error = answer.errors.find(({ path }) => path?.[0] === `c${at}`);
    return error
      ? `${error.extensions.code} ${error.extensions.limit ?? error.extensions.detail}`
      : (answer.data[`c${at}`]?.id ?? null);
  });
}

/** Days of a year. */
export const daysOf = (year: number): string[] => {
  const days: string[] = [];
  for (const day = new Date(Date.UTC(year, 0, 1)); day.getUTCFullYear() === year; day.setUTCDate(day.getUTCDate() + 1))
    days.push(day.toISOString().slice(0, 10));
  return days;
};

/** Registers another person of the same name, village and birthday, under a NIK of its own; answers the id. */
export async function registerNamesake(ownerUrl: string, of: MadePerson, nik: string): Promise<string> {
  const id = crypto.randomUUID();
  await asRole(
    ownerUrl,
    (
      owner,
    ) => owner`insert into population.person (id, nik, full_name, sex, birth_date, birth_place, mother_name, address, region)
      select ${id}, ${nik}, full_name, sex, birth_date, birth_place, mother_name, address, region from population.person where id = ${of.id}`,
  );
  return id;
}
