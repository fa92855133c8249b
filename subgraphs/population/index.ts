import { createSubgraph } from "../kit/createSubgraph.ts";
import { openRegister } from "./civil/held.ts";
import { streams } from "./jobs/door/streams.ts";
import { loaders } from "./loaders.ts";
import { resolvers } from "./resolvers.ts";

export const population = createSubgraph({
  name: "population",
  typeDefs: ["schema.graphql", "schema/civil.graphql", "schema/recipient.graphql"].map((name) => new URL(name, import.meta.url)),
  resolvers,
  loaders,
  hold: openRegister,
  streams,
});
