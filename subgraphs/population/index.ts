import { createSubgraph } from "../kit/createSubgraph.ts";
import { openDoor } from "./jobs/door/door.ts";
import { streams } from "./jobs/door/streams.ts";
import { loaders } from "./loaders.ts";
import { resolvers } from "./resolvers.ts";

export const population = createSubgraph({
  name: "population",
  typeDefs: new URL("schema.graphql", import.meta.url),
  resolvers,
  loaders,
  hold: openDoor,
  streams,
});
