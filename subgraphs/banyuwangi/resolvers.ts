import { badInput } from "../kit/errors.ts";
import type { FamilyRef, PersonSum } from "./data.ts";
import type { Resolvers } from "./generated.ts";

const NAME = "Rantang Kasih";
const [DEFAULT_MONTHS, MAX_MONTHS] = [6, 24];
const [DEFAULT_STEPS, MAX_STEPS] = [20, 100];

export const resolvers: Resolvers = {
  Query: { mealAids: (_, asked, { load }) => load.aids(asked) },
  Mutation: {
    startMeals: (_, { input }, { load }) => load.start(input),
    endMeals: (_, { input }, { load }) => load.end(input),
    recordMeals: (_, { input }, { load }) => load.record(input),
    confirmMeals: (_, { input }, { load }) => load.confirm(input),
  },
  MealAid: {
    __resolveReference: ({ id }, { load }) => load.aid.load(id),
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
    months: ({ id }, { latest }, { load }) => load.months.load(id, upTo(MAX_MONTHS, latest ?? DEFAULT_MONTHS)),
    history: ({ id }, { latest }, { load }) => load.steps.load(id, upTo(MAX_STEPS, latest ?? DEFAULT_STEPS)),
  },
  MealMonth: { isConfirmed: ({ confirmedBy }) => confirmedBy !== null },
  Person: {
    __resolveReference: ({ id }) => ({ id }),
    rantangKasih: ({ id }, _, { load }) => load.aidOfPerson.load(id),
  },
  Family: {
    __resolveReference: (family) => family,
    async rantangKasih(family, period, { load }) {
      if (period.from > period.to) throw badInput("from must not be after to");
      const sums = await Promise.all(personsOf(family).map((person) => load.sumsIn(period).load(person)));
      const found = sums.filter((sum): sum is PersonSum => sum !== null);
      if (found.length === 0) return null;
      const value = found.reduce((sum, one) => sum + BigInt(one.value), 0n);
      return { program: NAME, recipients: found.length, value: String(value) };
    },
  },
};

/** Members who are matched, each once: a person may stand twice in a family. */
const personsOf = ({ members }: FamilyRef): string[] => [
  ...new Set((members ?? []).flatMap(({ person }) => (person === null ? [] : [person.id]))),
];

function upTo(most: number, latest: number): number {
  if (latest < 1 || latest > most) throw badInput(`latest must be from 1 to ${most}`);
  return latest;
}
