import type { Resolvers } from "../generated.ts";
import { basesOf } from "./bases.ts";
import { inForce, told } from "./survey.ts";

export const registryResolvers: Resolvers = {
  Query: { surveyVariables: (_, _args, { load }) => load.registry.variables() },
  Mutation: {
    recordSurvey: (_, { input }, { load }) => load.registry.recordSurvey(input),
    correctMember: (_, { input }, { load }) => load.registry.correctMember(input),
    correctHousehold: (_, { input }, { load }) => load.registry.correctHousehold(input),
    recordExternalId: (_, { input }, { load }) => load.registry.recordExternalId(input),
    putToSleep: (_, { input }, { load }) => load.registry.step("putToSleep", input),
    revive: (_, { input }, { load }) => load.registry.step("revive", input),
    markDeceased: (_, { input }, { load }) => load.registry.step("markDeceased", input),
    correctDeath: (_, { input }, { load }) => load.registry.step("correctDeath", input),
  },
  Household: {
    versions: ({ id }, _, { load }) => load.registry.changes.load(id),
    survey: ({ id, at }, _, { load }) => load.registry.at(at).survey.load(id),
  },
  Member: {
    versions: ({ id }, _, { load }) => load.registry.changes.load(id),
    history: ({ id }, _, { load }) => load.registry.history.load(id),
    lineage: ({ id }, _, { load }) => load.registry.lineage.load(id),
    externalIds: ({ id }, _, { load }) => load.registry.externalIds.load(id),
    survey: ({ id, at }, _, { load }) => load.registry.at(at).memberSurvey.load(id),
    bases: async ({ householdId, at }, _, { load }) =>
      basesOf(await load.registry.at(at).deciles.load(householdId), await load.registryVersions()),
    async subject({ id, personId, at }, _, { load }) {
      const subject = (at && (await load.member.load(id))?.personId) ?? personId;
      return subject === null ? null : { id: subject };
    },
  },
  EntryChange: { fields: ({ fields }) => fields.map(camelCased) },
  MemberLineage: { from: ({ fromMemberId }) => fromMemberId },
  SurveyVariable: { labels: ({ labels }) => Object.entries(labels).map(([code, text]) => ({ code, text })) },
  Survey: { answers: async ({ answers }, _, { load }) => told(answers, await load.registry.variables(), "ANSWERS") },
  MemberSurvey: {
    answers: async ({ answers }, _, { load }) => told(answers, await load.registry.variables(), "ANSWERS"),
    healthAnswers: async ({ answers }, _, { load }) => told(answers, await load.registry.variables(), "HEALTH"),
    protectedAnswers: async ({ answers }, _, { load }) => told(answers, await load.registry.variables(), "PROTECTED"),
  },
  SurveyAnswer: {
    value: ({ answer }) => inForce(answer),
    original: ({ answer: [original] }) => original,
    confirmation: ({ answer: [, confirmation] }) => confirmation ?? null,
    correction: ({ answer: [, , correction] }) => correction ?? null,
  },
};

/** A column of the registry as clients know the field; references by the name of what they lead to. */
const camelCased = (column: string): string =>
  column.replace(/_id$/, "").replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
