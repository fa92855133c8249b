import { createSubgraph } from "../kit/serve/createSubgraph.ts";
import { loaders } from "./loaders.ts";
import { resolvers } from "./resolvers.ts";

export const banyuwangi = createSubgraph({
  name: "banyuwangi",
  typeDefs: new URL("schema.graphql", import.meta.url),
  resolvers,
  loaders,
});
