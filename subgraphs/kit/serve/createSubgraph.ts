import { readFileSync } from "node:fs";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { type GraphQLSchema, parse } from "graphql";
import { type CoordinateList, coordinatesOf } from "../../../schema/sdl/coordinates.ts";
import { scalars } from "../../../schema/values/scalars.ts";
import type { Asking, Held } from "./context.ts";
import { guard } from "./guard.ts";
import { type HoldOptions, type Running, type StartOptions, serve } from "./serve.ts";
import { shielded } from "./shield.ts";
import type { Stream } from "./streams.ts";

/** All a data domain says about itself; server, envelope, guards, errors and drain are the kit's. */
export interface Slice<Load, Keeps extends Held = Held> {
  readonly name: string;
  /** The slice's own SDL, as files or as text; the shared head is put before it. */
  readonly typeDefs: URL | readonly URL[] | string;
  readonly resolvers: object;
  /** Called once a request: loaders MUST NOT outlive it, their answers belong to one agreement. */
  readonly loaders: (asking: Asking, held: Keeps) => Load;
  /** Opens what it keeps while it runs; called once a start. */
  readonly hold?: (options: HoldOptions) => Keeps;
  /** Streams it takes or gives beside GraphQL, by name. */
  readonly streams?: Readonly<Record<string, Stream<Keeps>>>;
}

export interface Subgraph {
  readonly name: string;
  readonly schema: GraphQLSchema;
  /** Positions of the envelope's bitsets; the gateway reads the same list out of the supergraph. */
  readonly coordinates: CoordinateList;
  start(options: StartOptions): Promise<Running>;
}

const HEAD = new URL("../../../schema/hub.graphql", import.meta.url);

export function createSubgraph<Load, Keeps extends Held = Held>(slice: Slice<Load, Keeps>): Subgraph {
  const { name, typeDefs, resolvers, loaders, hold, streams = {} } = slice;
  const sdl =
    typeof typeDefs === "string"
      ? typeDefs
      : [typeDefs]
          .flat()
          .map((file) => readFileSync(file, "utf8"))
          .join("\n");
  const document = parse(`${readFileSync(HEAD, "utf8")}\n${sdl}`);
  const schema = shielded(buildSubgraphSchema([{ typeDefs: document, resolvers: { ...scalars, ...rejecting(resolvers) } }]));
  guard(schema);
  const coordinates = coordinatesOf(document);
  return { name, schema, coordinates, start: (options) => serve({ name, schema, coordinates, loaders, hold, streams }, options) };
}

/**
 * The resolvers, whose references reject where they would throw. One that throws leaves the others' promises to nobody: @apollo/subgraph calls
 * them in one `map`, and a rejection that nobody hears ends the process.
 */
function rejecting(resolvers: object): object {
  const safe = (type: object): object => {
    const { __resolveReference: resolve } = type as { __resolveReference?: (...given: unknown[]) => unknown };
    return resolve ? { ...type, __resolveReference: async (...given: unknown[]) => resolve(...given) } : type;
  };
  return Object.fromEntries(Object.entries(resolvers).map(([name, type]) => [name, safe(type)]));
}
