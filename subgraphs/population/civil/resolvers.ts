import type { Resolvers } from "../generated.ts";
import type { Claimant } from "./validation.ts";

const [DEFAULT_FEED, DEFAULT_WAITING] = [100, 20];
const asUtc = (at: string): string => new Date(at).toISOString();

export const civilResolvers: Resolvers = {
  Query: {
    civilEvents: (_, { after, kinds, first }, { load }) =>
      load.civil.feed({ after: after ?? null, kinds: kinds ?? null, first: first ?? DEFAULT_FEED }),
    civilEventsToConfirm: (_, { first }, { load }) => load.civil.toConfirm(first ?? DEFAULT_WAITING),
  },
  Mutation: {
    recordCivilEvent: (_, { input }, { load }) => load.civil.record(input),
    confirmCivilEvent: (_, { id }, { load }) => load.civil.confirm(id),
    discardCivilEvent: (_, { id, reason }, { load }) => load.civil.discard(id, reason),
  },
  CivilEvent: {
    person: ({ persons: [first] }, _, { load }) => (first === undefined ? null : load.person.load(first)),
    persons: async ({ persons }, _, { load }) =>
      (await Promise.all(persons.map((id) => load.person.load(id)))).filter((person) => person !== null),
    region: ({ region }) => ({ code: region }),
    toRegion: ({ toRegion }) => (toRegion === null ? null : { code: toRegion }),
    recordedAt: ({ recordedAt }) => asUtc(recordedAt),
    confirmedAt: ({ confirmedAt }) => (confirmedAt === null ? null : asUtc(confirmedAt)),
    discardedAt: ({ discardedAt }) => (discardedAt === null ? null : asUtc(discardedAt)),
    position: ({ position }) => position?.toString() ?? null,
    attestation: (event, _, { load }) => load.civil.attestationOf(event),
  },
  ProposalCandidate: {
    __resolveReference: (claimant) => claimant as Claimant,
    validation: (claimant, _, { load }) => load.validation(claimant),
  },
  Member: {
    __resolveReference: (claimant) => claimant as Claimant,
    validation: (claimant, _, { load }) => load.validation(claimant),
  },
};
