import { createSubgraph } from "../kit/createSubgraph.ts";
import { openInbox } from "./held.ts";
import { loaders } from "./loaders.ts";
import { resolvers } from "./resolvers.ts";

export const programs = createSubgraph({
  name: "programs",
  typeDefs: new URL("schema.graphql", import.meta.url),
  resolvers,
  loaders,
  hold: openInbox,
});
