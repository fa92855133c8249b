import { readFileSync } from "node:fs";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { type GraphQLSchema, parse } from "graphql";
import { type CoordinateList, coordinatesOf } from "../../schema/sdl/coordinates.ts";
import { scalars } from "../../schema/values/scalars.ts";
import type { Asking } from "./context.ts";
import { guard } from "./guard.ts";
import { type Running, type StartOptions, serve } from "./serve.ts";
import { shielded } from "./shield.ts";

/** All a data domain says about itself; server, envelope, guards, errors and drain are the kit's. */
export interface Slice<Load> {
  readonly name: string;
  /** The slice's own SDL, as a file or as text; the shared head is put before it. */
  readonly typeDefs: URL | string;
  readonly resolvers: object;
  /** Called once a request: loaders MUST NOT outlive it, their answers belong to one agreement. */
  readonly loaders: (asking: Asking) => Load;
}

export interface Subgraph {
  readonly name: string;
  readonly schema: GraphQLSchema;
  /** Positions of the envelope's bitsets; the gateway reads the same list out of the supergraph. */
  readonly coordinates: CoordinateList;
  start(options: StartOptions): Promise<Running>;
}

const HEAD = new URL("../../schema/hub.graphql", import.meta.url);

export function createSubgraph<Load>({ name, typeDefs, resolvers, loaders }: Slice<Load>): Subgraph {
  const sdl = typeof typeDefs === "string" ? typeDefs : readFileSync(typeDefs, "utf8");
  const document = parse(`${readFileSync(HEAD, "utf8")}\n${sdl}`);
  const schema = shielded(buildSubgraphSchema([{ typeDefs: document, resolvers: { ...scalars, ...resolvers } }]));
  guard(schema);
  const coordinates = coordinatesOf(document);
  return { name, schema, coordinates, start: (options) => serve({ name, schema, coordinates, loaders }, options) };
}
