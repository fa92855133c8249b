import type { ProgramCode, Resolvers } from "../generated.ts";

export const eventsResolvers: Resolvers = {
  Query: { aidEvents: (_, asked, { load }) => load.events.feed(asked) },
  AidEvent: {
    place: ({ position }) => String(position),
    program: ({ program }) => program as ProgramCode,
    enrolment: ({ enrolmentId }, _, { load }) => load.enrolment.load(enrolmentId),
    payment: ({ paymentId }, _, { load }) => (paymentId === null ? null : load.payment.load(paymentId)),
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
  },
};
