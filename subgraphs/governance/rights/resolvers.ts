import type { Resolvers } from "../generated.ts";
import { clockOf } from "./clock.ts";
import { reasonsFor } from "./reasons.ts";

const person = (id: string) => ({ id });

export const rightsResolvers: Resolvers = {
  Query: {
    represented: async (_, _args, { load }) => (await load.rights.reads.represented()).map(person),
    subjectRequests: (_, { state, first }, { load }) => load.rights.reads.desk(state ?? null, first),
    subjectRequest: (_, { number }, { load }) => load.rights.reads.byNumber(number),
    requestClock: (_, _args, { load }) => load.rights.reads.clock(),
  },
  Mutation: {
    fileSubjectRequest: (_, { input }, { load }) => load.rights.file(input),
    cancelSubjectRequest: (_, { number }, { load }) => load.rights.cancel(number),
    liftRestriction: (_, { number }, { load }) => load.rights.lift(number),
    takeSubjectRequest: (_, { number }, { load }) => load.rights.take(number),
    fulfilSubjectRequest: (_, fulfilment, { load }) => load.rights.fulfil(fulfilment),
    refuseSubjectRequest: (_, rejection, { load }) => load.rights.refuse(rejection),
    registerRepresentation: (_, { input }, { load }) => load.rights.register(input),
    confirmRepresentation: (_, { id }, { load }) => load.rights.confirm(id),
    endRepresentation: (_, { id }, { load }) => load.rights.end(id),
  },
  Person: {
    subjectRequests: ({ id }, { first }, { load }) => load.rights.reads.about(id, first),
    representatives: ({ id }, _, { load }) => load.rights.reads.representatives(id),
  },
  SubjectRequest: {
    person: ({ personId }) => person(personId),
    subject: ({ personId }) => personId,
    isByRepresentative: ({ filedBy, personId }) => filedBy !== personId,
    purpose: ({ purposeCode }, _, { load }) => (purposeCode === null ? null : load.purpose.load(purposeCode)),
    controller: ({ controller }, _, { load }) => load.agency.load(controller),
    clock: (row, _, { now }) => clockOf(row, now),
    refusableBy: ({ kind }) => reasonsFor(kind),
    review: ({ rankingReview }) => rankingReview,
    restriction: ({ id }, _, { load }) => load.rights.reads.restriction.load(id),
    events: ({ id }, _, { load }) => load.rights.reads.events.load(id),
  },
  SubjectRequestEvent: { step: ({ state }) => state },
  Restriction: {
    purpose: ({ purposeCode }, _, { load }) => (purposeCode === null ? null : load.purpose.load(purposeCode)),
  },
  Representation: {
    person: ({ personId }) => person(personId),
    representative: ({ representativeId }) => person(representativeId),
  },
};
