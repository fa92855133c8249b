import { ANSWERED_COMPONENTS } from "../data.ts";
import type { AidComponent, IneligibilityReason, ProgramCode, Resolvers } from "../generated.ts";
import { countedOf } from "./counted.ts";

const answered: ReadonlySet<string> = new Set(ANSWERED_COMPONENTS);

export const candidatesResolvers: Resolvers = {
  Query: {
    eligibility: (_, { person, ...asked }, { load }) => load.candidates.ofPerson(person, asked),
    eligibilityList: (_, asked, { load }) => load.candidates.list(asked),
    targetDelivery: async (_, _args, { load }) => (await load.candidates.delivery()) ?? null,
    exclusionClaims: (_, asked, { load }) => load.candidates.claims(asked),
    registryEventCursor: (_, _args, { load }) => load.candidates.registryEventCursor(),
  },
  Mutation: {
    proposeExclusion: async (_, { input }, { load }) => (await load.candidates.propose(input)) ?? null,
    proposeExclusionEnd: async (_, { input }, { load }) => (await load.candidates.proposeEnd(input)) ?? null,
    decideExclusion: (_, { input }, { load }) => load.candidates.decide(input),
    deliverRegistryEvents: (_, { attestations }, { load }) => load.candidates.deliver(attestations),
  },
  Person: { eligibility: ({ id }, asked, { load }) => load.candidates.ofPerson(id, asked) },
  Family: { eligibility: ({ id }, asked, { load }) => load.candidates.ofFamily(id, asked) },
  Eligibility: {
    id: ({ row }) => row.unitId ?? row.asked,
    program: ({ judging }, _, { load }) => load.program.load(judging.program),
    person: ({ row }) => (row.personId === null ? null : { id: row.personId }),
    family: ({ row }) => (row.familyId === null ? null : { id: row.familyId }),
    region: ({ row }) => (row.region === null ? null : { code: row.region }),
    on: ({ judging }) => judging.on,
    isEligible: ({ row }) => row.isEligible,
    reasons: (asked, _, { load }) => load.candidates.reasons(asked),
    decile: ({ row }) => row.decile,
    components: ({ row }) => countedOf(row),
    yearlyAmount: ({ row }) => row.yearly,
    delivery: async (_, _args, { load }) => (await load.candidates.delivery()) ?? null,
    staleSince: ({ row }) => row.staleSince,
  },
  IneligibilityGround: { code: ({ code }) => code as IneligibilityReason },
  EligibilityComponent: { component: ({ component }) => (answered.has(component) ? (component as AidComponent) : null) },
  ExclusionClaim: {
    program: ({ program }) => program as ProgramCode | null,
    person: ({ personId }) => (personId === null ? null : { id: personId }),
    family: ({ familyId }) => (familyId === null ? null : { id: familyId }),
    region: ({ region }) => ({ code: region }),
    reason: ({ reason }) => reason as IneligibilityReason,
    history: ({ id }, _, { load }) => load.candidates.history.load(id),
  },
};
