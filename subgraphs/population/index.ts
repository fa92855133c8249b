import { createSubgraph } from "../kit/serve/createSubgraph.ts";
import { openRegister } from "./civil/held.ts";
import { streams } from "./jobs/door/streams.ts";
import { loaders } from "./loaders.ts";
import { resolvers } from "./resolvers.ts";

export const population = createSubgraph({
  name: "population",
  typeDefs: ["schema", "schema/civil", "schema/recipient", "schema/regions"].map(
    (name) => new URL(`${name}.graphql`, import.meta.url),
  ),
  resolvers,
  loaders,
  hold: openRegister,
  streams,
});
