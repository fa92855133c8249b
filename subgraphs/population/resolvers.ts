import { dayInWib } from "../kit/context.ts";
import { badInput } from "../kit/errors.ts";
import { isAtLeast } from "./age.ts";
import type { RegionRef, RegionRow } from "./data.ts";
import type { Resolvers } from "./generated.ts";
import type { Context } from "./loaders.ts";

const MAX_CARD_MEMBERS = 30;
const MAX_AGE = 150;

export const resolvers: Resolvers = {
  Query: {
    person: (_, { id }, { load }) => load.person.load(id),
    personByNik: (_, { nik }, { load }) => load.personByNik.load(nik),
    persons: (_, asked, { load }) => load.persons(asked),
    region: (_, { code }, { load }) => load.region.load(code),
    regions: (_, asked, { load }) => load.regions(asked),
    verifyIdentity: (_, { input }, context) => context.load.verification.verdictOn(input, context),
  },
  Person: {
    __resolveReference: ({ id }, { load }) => load.person.load(id),
    birthYear: ({ birthDate }) => Number(birthDate.slice(0, 4)),
    isAtLeast({ birthDate }, { age }, { now }) {
      if (age < 0 || age > MAX_AGE) throw badInput(`age must be from 0 to ${MAX_AGE}`);
      return isAtLeast(birthDate, age, dayInWib(now));
    },
    region: ({ region }) => ({ code: region }),
    familyCard: ({ familyCardId }, _, { load }) => (familyCardId === null ? null : load.familyCard.load(familyCardId)),
  },
  FamilyCard: {
    __resolveReference: ({ id }, { load }) => load.familyCard.load(id),
    familyCardNumber: ({ number }) => number,
    region: ({ region }) => ({ code: region }),
    members: async ({ id }, _, { load }) =>
      (await load.personsOnCard.load(id)).slice(0, MAX_CARD_MEMBERS).map(({ person }) => person),
  },
  Region: {
    __resolveReference: ({ code }, { load }) => load.region.load(code),
    name: async (region, _, { load }) => (await whole(region, load))?.name ?? null,
    level: async (region, _, { load }) => (await whole(region, load))?.level ?? null,
    async parent(region, _, { load }) {
      const code = (await whole(region, load))?.parentCode;
      return code ? { code } : null;
    },
  },
};

/** A region is read only when more than its code is asked, and only once. */
const whole = async (region: RegionRef, load: Context["load"]): Promise<RegionRow | null> =>
  "name" in region ? region : load.region.load(region.code);
