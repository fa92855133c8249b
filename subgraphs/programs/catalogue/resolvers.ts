import type { AidComponent, Resolvers } from "../generated.ts";

export const catalogueResolvers: Resolvers = {
  Query: {
    awardOf: (_, asked, { load }) => load.catalogue.award(asked),
    combinationRules: (_, { on }, { load }) => load.catalogue.rulesOn(on),
    catalogueChanges: (_, asked, { load }) => load.catalogue.changes(asked),
    overlaps: (_, asked, { load }) => load.catalogue.overlaps(asked),
  },
  Mutation: {
    draftProgramTerm: (_, { input }, { load }) => load.catalogue.draftTerm(input),
    draftComponentRate: (_, { input }, { load }) => load.catalogue.draftRate(input),
    draftCatalogueEnd: (_, { input }, { load }) => load.catalogue.draftEnd(input),
    draftCombinationRule: (_, { input }, { load }) => load.catalogue.draftRule(input),
    decideCatalogueChange: (_, { input }, { load }) => load.catalogue.decide(input),
  },
  Program: {
    decileLimit: async ({ code }, _, { load }) => (await load.catalogue.term(code))?.decileLimit ?? null,
    legalBasis: async ({ code, legalBasis }, _, { load }) => (await load.catalogue.term(code))?.legalBasis ?? legalBasis,
    terms: ({ code }, { on }, { load }) => load.catalogue.terms(code, on),
    components: ({ code }, { on }, { load }) => load.catalogue.rates(code, on),
  },
  ComponentRate: { component: ({ component }) => component as AidComponent },
  AidAward: {
    program: ({ program }, _, { load }) => load.program.load(program),
    amount: ({ amount }) => String(amount),
    yearly: ({ yearly }) => String(yearly),
    paidAYear: ({ paidAYear }) => (paidAYear === null ? null : String(paidAYear)),
    counted: ({ counted }) =>
      counted.map(({ component, yearly, portion }) => {
        return { component: component as AidComponent, yearly: String(yearly), portion: String(portion) };
      }),
    notCounted: ({ dropped }) =>
      dropped.map(({ component, why, limit }) => ({ component: component as AidComponent, reason: why, limit })),
  },
  CatalogueChange: {
    component: ({ component }) => component as AidComponent | null,
    history: ({ id }, _, { load }) => load.catalogue.history.load(id),
  },
  Overlap: {
    id: ({ enrolmentId, otherEnrolmentId }) => `${enrolmentId}:${otherEnrolmentId}`,
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
    enrolment: ({ enrolmentId }, _, { load }) => load.enrolment.load(enrolmentId),
    otherEnrolment: ({ otherEnrolmentId }, _, { load }) => load.enrolment.load(otherEnrolmentId),
  },
};
