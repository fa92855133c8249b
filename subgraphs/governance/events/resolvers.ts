import type { Resolvers } from "../generated.ts";

export const eventsResolvers: Resolvers = {
  Query: { eventSubscriptions: (_, { first }, { load }) => load.events.list(first) },
  Mutation: {
    subscribeToEvents: (_, { input }, { load }) => load.events.subscribe(input),
    approveEventSubscription: (_, read, { load }) => load.events.approve(read),
    pauseEventSubscription: (_, { reason, ...read }, { load }) => load.events.pause(read, reason),
    resumeEventSubscription: (_, read, { load }) => load.events.resume(read),
    revokeEventSubscription: (_, { reason, ...read }, { load }) => load.events.revoke(read, reason),
    redeliverEvents: (_, { id }, { load }) => load.events.redeliver(id),
  },
  EventSubscription: {
    agreement: ({ agreementNumber }, _, { load }) => load.agreement.load(agreementNumber),
    client: ({ clientId }) => clientId,
    deadEvents: ({ id }, { first }, { load }) => load.events.dead(id, first),
  },
  DeadEvents: { after: ({ after }) => String(after), until: ({ until }) => String(until) },
};
