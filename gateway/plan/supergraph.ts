import { createHash } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import {
  buildASTSchema,
  type DocumentNode,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
} from "graphql";
import { apiSchemaOf } from "../../schema/sdl/apiSchema.ts";
import { catalogueOf, type RowPlaces } from "../../schema/sdl/catalogue.ts";
import type { Limits, Supergraph } from "../types/supergraph.ts";
import { createCache } from "./cache.ts";
import { judgedBeside, withBeside, withTheirTypes } from "./federation/judged.ts";
import { subgraphsOf } from "./federation/subgraphs.ts";
import { contextual, graphsIn, isJoined, requirementsOf, sourcesOf } from "./joins.ts";
import { createPlanner } from "./planner.ts";
import { createViews } from "./view.ts";

/** Published in the README; `first: 100` at every level of a deep question is meant to be refused. */
export const STANDARD_LIMITS: Limits = {
  tokens: 2000,
  depth: 14,
  aliases: 30,
  directives: 20,
  rootFields: 10,
  responseKeys: 5000,
  repeats: 10_000,
  cost: 40_000,
  subjects: 5_000,
};

export const NO_LIMITS: Limits = {
  tokens: Infinity,
  depth: Infinity,
  aliases: Infinity,
  directives: Infinity,
  rootFields: Infinity,
  responseKeys: Infinity,
  repeats: Infinity,
  cost: Infinity,
  subjects: Infinity,
};

const MB = 1024 * 1024;

export interface SupergraphOptions {
  readonly limits?: Limits;
  /** Addresses of subgraphs by name, in place of those in the SDL. */
  readonly urls?: Readonly<Record<string, string>>;
}

/**
 * Reads a supergraph of any composer (join spec). Throws one error that names every fault. Takes a quarter of a second of the processor for our own
 * (2,300 fields, measured 2026-11-23); nobody else has a turn meanwhile.
 */
export function loadSupergraph(sdl: string, options: SupergraphOptions = {}): Supergraph {
  const steps = loading(sdl, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same for a process that serves: in steps of some 50 ms, between which others have their turn. */
export async function loadSupergraphInTurns(sdl: string, options: SupergraphOptions = {}): Promise<Supergraph> {
  const steps = loading(sdl, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await turn();
  }
}

function* loading(
  sdl: string,
  { limits = STANDARD_LIMITS, urls = {} }: SupergraphOptions,
): Generator<undefined, Supergraph, undefined> {
  const document = parsed(sdl);
  yield;
  const full = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
  yield;
  const api = apiSchemaOf(document);
  yield;
  const sources = sourcesOf(document, urls);
  const faults = faultsOf(document, { api, sources });
  if (faults.length > 0) throw new Error(`The supergraph cannot be served: ${faults.join("; ")}`);
  yield;
  const catalogue = catalogueOf(document);
  yield;
  const aliasPrefix = freePrefix(full);
  const subgraphs = subgraphsOf(document, full, graphsIn(document));
  yield;
  const planner = createPlanner({ subgraphs, full, aliasPrefix });
  const viewOf = createViews(api);
  yield;
  return {
    ...catalogue,
    ...judgedBy(catalogue.entries, judgedBeside(subgraphs, full)),
    subjectTypes: withTheirTypes(catalogue.subjectTypes, full),
    personTypes: withTheirTypes(catalogue.personTypes, full),
    hash: createHash("sha256").update(sdl).digest("hex"),
    full,
    api,
    limits,
    planner,
    sources,
    statisticsTypes: statisticsTypesOf(document),
    requires: requirementsOf(document, full),
    aliasPrefix,
    fetchedPlaces: fetchedPlaces(catalogue.rowPlaces, aliasPrefix),
    viewOf,
    readings: createCache({ entries: 1000, bytes: 8 * MB }),
    judgements: createCache({ entries: 1000, bytes: 8 * MB }),
    plans: createCache({ entries: 2000, bytes: 8 * MB }),
    introspections: createCache({ entries: 100, bytes: 8 * MB }),
  };
}

/** What coordinates are judged by, and what the entries say of them together. */
function judgedBy(all: Supergraph["entries"], beside: Supergraph["beside"]) {
  const entries = withBeside(all, beside);
  const known = [...entries.values()];
  return {
    beside,
    entries,
    verdicts: new Set(known.filter(({ isVerdict }) => isVerdict).map(({ coordinate }) => coordinate)),
    sealed: new Set(known.filter(({ isSealed }) => isSealed).map(({ coordinate }) => coordinate)),
    hasLookups: known.some(({ guards }) => guards.some(({ use }) => use === "LOOKUP")),
  };
}

function parsed(sdl: string): DocumentNode {
  try {
    return parse(sdl, { noLocation: true });
  } catch (error) {
    throw new Error(`The supergraph is not readable GraphQL: ${(error as Error).message}`, { cause: error });
  }
}

function faultsOf(document: DocumentNode, { api, sources }: Pick<Supergraph, "api" | "sources">): string[] {
  const faults = [...sources.values()]
    .filter(({ url }) => !URL.canParse(url))
    .map(({ service, url }) => `subgraph ${service} has no valid url ("${url}")`);
  if (!api.getQueryType()) faults.push("it has no type Query");
  if (sources.size === 0) faults.push("it names no subgraph (enum join__Graph)");
  else if (!isJoined(document)) faults.push("its types do not say which subgraphs know them (join spec 0.1?)");
  return [
    ...faults,
    ...contextual(document).map(
      (coordinate) => `${coordinate} takes an argument from a context (@fromContext), which nothing here would fill`,
    ),
  ];
}

const statisticsTypesOf = (document: DocumentNode): Set<string> =>
  new Set(
    document.definitions.flatMap((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION && node.directives?.some((directive) => directive.name.value === "statistics")
        ? [node.name.value]
        : [],
    ),
  );

/** `_h`, or the first longer form no field name starts with. */
function freePrefix(full: GraphQLSchema): string {
  const names = Object.values(full.getTypeMap()).flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? Object.keys(type.getFields()) : [],
  );
  let prefix = "_h";
  while (names.some((name) => name.startsWith(prefix))) prefix += "_";
  return prefix;
}

/** Other aliases of ours go on with a digit. */
const fetchedPlaces = (places: ReadonlyMap<string, RowPlaces>, prefix: string): Map<string, RowPlaces> =>
  new Map(
    [...places].map(([type, { region, flags, person }]) => [
      type,
      {
        region: region && [`${prefix}region`, ...region.slice(1)],
        flags: flags && [`${prefix}flags`, ...flags.slice(1)],
        person: person && [`${prefix}person`, ...person.slice(1)],
      },
    ]),
  );
