import { createSubgraph } from "../kit/serve/createSubgraph.ts";
import { openOffice } from "./held.ts";
import { loaders } from "./loaders.ts";
import { resolvers } from "./resolvers.ts";

const file = (name: string): URL => new URL(name, import.meta.url);

export const governance = createSubgraph({
  name: "governance",
  typeDefs: [
    "schema.graphql",
    "schema/duties.graphql",
    "schema/events.graphql",
    "schema/feeds.graphql",
    "schema/insight.graphql",
    "schema/lifecycle.graphql",
    "schema/metadata.graphql",
    "schema/notices.graphql",
    "schema/oversight.graphql",
    "schema/record.graphql",
    "schema/rights.graphql",
    "schema/search.graphql",
  ].map(file),
  resolvers,
  loaders,
  hold: openOffice,
});
