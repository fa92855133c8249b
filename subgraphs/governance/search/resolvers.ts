import type { Resolvers } from "../generated.ts";
import { sentenceOf } from "./entries.ts";

export const searchResolvers: Resolvers = {
  Query: {
    accessRecord: (_, { filter, ...paging }, { load }) => load.search.page(filter ?? {}, paging),
    recordLogKey: (_, _args, { load }) => load.search.logKey(),
  },
  RecordedAccess: {
    agency: ({ agency }, _, { load }) => (agency === null ? null : load.agency.load(agency)),
    purpose: ({ purpose }, _, { load }) => (purpose === null ? null : load.purpose.load(purpose)),
    sentence: async (entry, _, { load }) =>
      sentenceOf(entry, {
        agency: entry.agency === null ? null : await load.agency.load(entry.agency),
        purpose: entry.purpose === null ? null : await load.purpose.load(entry.purpose),
      }),
  },
};
