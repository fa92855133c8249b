import { createSubgraph } from "../kit/serve/createSubgraph.ts";
import { streams } from "./events/streams.ts";
import { openInbox } from "./held.ts";
import { loaders } from "./loaders.ts";
import { resolvers } from "./resolvers.ts";

const file = (name: string): URL => new URL(name, import.meta.url);

export const programs = createSubgraph({
  name: "programs",
  typeDefs: [
    "schema.graphql",
    "schema/candidates.graphql",
    "schema/catalogue.graphql",
    "schema/contribution.graphql",
    "schema/history.graphql",
    "schema/events.graphql",
    "schema/families.graphql",
    "schema/office.graphql",
    "schema/payments.graphql",
    "schema/school.graphql",
    "schema/selection.graphql",
    "schema/trace.graphql",
  ].map(file),
  resolvers,
  loaders,
  hold: openInbox,
  streams,
});
