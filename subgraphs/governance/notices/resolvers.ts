import type { Resolvers } from "../generated.ts";

export const noticesResolvers: Resolvers = {
  Query: { schemaNotices: (_, { first, unread }, { load }) => load.notices.list(first, unread) },
  Mutation: {
    sendSchemaNotices: (_, { input }, { load }) => load.notices.send(input),
    acknowledgeSchemaNotice: (_, { id }, { load }) => load.notices.acknowledge(id),
  },
  SchemaNotice: { agreement: ({ agreementNumber }, _, { load }) => load.agreement.load(agreementNumber) },
};
