import type { Resolvers } from "../generated.ts";
import { principleOf, sentenceOf } from "./lines.ts";
import { base64 } from "./receipts.ts";

export const recordResolvers: Resolvers = {
  Query: {
    receipt: (_, { id }, { load }) => load.record.receipts.of(id),
    verifyReceipt: (_, { id, leaf }, { load }) => load.record.receipts.verify(id, leaf),
    recordedSince: (_, _args, { load }) => load.record.tracker.since(),
    dataSubject: (_, { representing }, { load }) => load.record.tracker.subject(representing ?? null),
    caseSeals: (_, { first }, { load }) => load.record.seals.list(first),
  },
  Mutation: {
    sealCase: (_, { input }, { load }) => load.record.seals.seal(input),
    confirmCaseSeal: (_, { id }, { load }) => load.record.seals.confirm(id),
    unsealCase: (_, { id, reason }, { load }) => load.record.seals.unseal(id, reason),
  },
  Person: {
    __resolveReference: (person) => person,
    accesses: (person, asked, { load }) => load.record.tracker.accesses(person, asked),
  },
  AccessRecord: {
    agency: ({ agency }, _, { load }) => (agency === null ? null : load.agency.load(agency)),
    purpose: ({ purpose }, _, { load }) => (purpose === null ? null : load.purpose.load(purpose)),
    receipt: ({ receipt, mass }) => (mass ? null : receipt),
    leaf: ({ leaf, mass }) => (mass ? null : leaf),
    principle: (line) => principleOf(line),
    sentence: async (line, _, { load }) =>
      sentenceOf(line, {
        agency: line.agency === null ? null : await load.agency.load(line.agency),
        purpose: line.purpose === null ? null : await load.purpose.load(line.purpose),
      }),
  },
  DisclosureReceipt: {
    isIntegrated: ({ place }) => place !== null,
    index: ({ place }) => place?.index ?? null,
    checkpoint: ({ place }) => place?.checkpoint ?? null,
    inclusionProof: ({ place }) => place && base64(place),
  },
  CaseSeal: { agency: ({ agencyCode }, _, { load }) => load.agency.load(agencyCode) },
};
