import { createSubgraph } from "../kit/serve/createSubgraph.ts";
import { streams } from "./evidence/streams.ts";
import { openDesk } from "./held.ts";
import { loaders } from "./loaders.ts";
import { resolvers } from "./resolvers.ts";

const file = (name: string): URL => new URL(name, import.meta.url);

export const welfare = createSubgraph({
  name: "welfare",
  typeDefs: [
    "schema.graphql",
    "schema/changes.graphql",
    "schema/determination.graphql",
    "schema/evidence.graphql",
    "schema/exchange.graphql",
    "schema/needs.graphql",
    "schema/objections.graphql",
    "schema/office.graphql",
    "schema/packet.graphql",
    "schema/fieldVerification.graphql",
    "schema/proposalInputs.graphql",
    "schema/proposals.graphql",
    "schema/quality.graphql",
    "schema/ranking.graphql",
    "schema/registry.graphql",
    "schema/standing.graphql",
  ].map(file),
  resolvers,
  loaders,
  hold: openDesk,
  streams,
});
