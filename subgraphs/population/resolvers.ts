import { isAtLeast } from "../../schema/values/age.ts";
import { bpsCodeOf } from "../../schema/values/crosswalk/crosswalk.ts";
import { dayInWib } from "../../schema/values/wib.ts";
import { badInput } from "../kit/errors.ts";
import { civilResolvers } from "./civil/resolvers.ts";
import type { RegionRef, RegionRow } from "./data.ts";
import type { Resolvers } from "./generated.ts";
import { comparisonsOf, weightPartsOf } from "./individuals/comparisons.ts";
import { countsOf } from "./jobs/door/jobs.ts";
import type { Context } from "./loaders.ts";
import { crosswalkResolvers } from "./regions/crosswalk.ts";

const DEFAULT_JOBS = 20;
const MAX_CARD_MEMBERS = 30;
const MAX_AGE = 150;
const ADULT = 18;

const head: Resolvers = {
  Query: {
    person: (_, { id }, { load }) => load.person.load(id),
    personByNik: (_, { nik }, { load }) => load.personByNik.load(nik),
    persons: (_, asked, { load }) => load.persons(asked),
    region: (_, { code }, { load }) => load.region.load(code),
    regions: (_, asked, { load }) => load.regions(asked),
    matchJob: (_, { id }, { load }) => load.matching.job(id),
    matchJobs: (_, { first }, { load }) => load.matching.jobs(first ?? DEFAULT_JOBS),
    reviewCases: (_, paging, { load }) => load.individuals.cases(paging),
    individual: (_, { id }, { load }) => load.individuals.individual(id),
    verifyIdentity: (_, { input }, context) => context.load.verification.verdictOn(input, context),
    recipientByFacts: (_, { input }, { load }) => load.recipient.byFacts(input),
  },
  Mutation: {
    startMatching: (_, { input }, { load }) => load.matching.start(input),
    cancelMatching: (_, { id }, { load }) => load.matching.cancel(id),
    decideReviewCase: (_, { input }, { load }) => load.individuals.decide(input),
    mergeIndividuals: (_, { input }, { load }) => load.individuals.merge(input),
    unmergeIndividuals: (_, { input }, { load }) => load.individuals.unmerge(input),
  },
  ReviewCase: {
    person: ({ personId }, _, { load }) => load.person.load(personId),
    comparisons: comparisonsOf,
    weightParts: weightPartsOf,
  },
  Individual: {
    id: ({ survivor }) => survivor,
    person: ({ personId }, _, { load }) => (personId === null ? null : load.person.load(personId)),
    rows: ({ survivor }, _, { load }) => load.individuals.rows(survivor),
    history: ({ survivor }, _, { load }) => load.individuals.history(survivor),
  },
  MatchJob: {
    rows: async ({ id }, _, { load }) => (await load.matching.progress.load(id))?.rows ?? null,
    rowsDone: async ({ id }, _, { load }) => (await load.matching.progress.load(id))?.rowsDone ?? null,
    counts: countsOf,
    predictedPrecision: ({ report }) => report?.rehearsal.predicted?.precision ?? null,
    results: (job, paging, { load }) => load.matching.results(job, paging),
    rejects: (job, paging, { load }) => load.matching.rejects(job, paging),
  },
  MatchResult: { person: ({ person }, _, { load }) => (person === null ? null : load.person.load(person)) },
  Person: {
    __resolveReference: ({ id }, { load }) => load.person.load(id),
    birthYear: ({ birthDate }) => Number(birthDate.slice(0, 4)),
    isAtLeast({ birthDate }, { age }, { now }) {
      if (age < 0 || age > MAX_AGE) throw badInput(`age must be from 0 to ${MAX_AGE}`);
      return isAtLeast(birthDate, age, dayInWib(now));
    },
    region: ({ region }) => ({ code: region }),
    familyCard: ({ familyCardId }, _, { load }) => (familyCardId === null ? null : load.familyCard.load(familyCardId)),
    subjectFlags({ birthDate, disability }, _, { now }) {
      const isChild = !isAtLeast(birthDate, ADULT, dayInWib(now));
      return [...(isChild ? (["CHILD"] as const) : []), ...(disability === "NONE" ? [] : (["DISABILITY"] as const))];
    },
  },
  ScopeReach: {
    __resolveReference: ({ scope }) => ({ scope }),
    persons: async ({ scope }, _, { load }) => (scope === null ? null : ((await load.reach.load(scope))?.rows ?? null)),
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
    bpsCode: ({ code }) => bpsCodeOf(code),
    name: async (region, _, { load }) => (await whole(region, load))?.name ?? null,
    level: async (region, _, { load }) => (await whole(region, load))?.level ?? null,
    async parent(region, _, { load }) {
      const code = (await whole(region, load))?.parentCode;
      return code ? { code } : null;
    },
  },
};

/** The parts share root types, never fields. */
export const resolvers: Resolvers = {
  ...head,
  ...civilResolvers,
  ...crosswalkResolvers,
  Query: { ...head.Query, ...civilResolvers.Query, ...crosswalkResolvers.Query },
  Mutation: { ...head.Mutation, ...civilResolvers.Mutation },
};

/** A region is read only when more than its code is asked, and only once. */
const whole = async (region: RegionRef, load: Context["load"]): Promise<RegionRow | null> =>
  "name" in region ? region : load.region.load(region.code);
