import { createSubgraph } from "../kit/createSubgraph.ts";
import { loaders } from "./loaders.ts";
import { openDoor } from "./matchJobs/door.ts";
import { streams } from "./matchJobs/streams.ts";
import { resolvers } from "./resolvers.ts";

export const population = createSubgraph({
  name: "population",
  typeDefs: new URL("schema.graphql", import.meta.url),
  resolvers,
  loaders,
  hold: openDoor,
  streams,
});
