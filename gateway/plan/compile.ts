import { isAbstractType, isInterfaceType } from "graphql";
import type { EntityGroup, Fetch, Need, Patch, PathPart, Step } from "../types/plan.ts";
import type { Supergraph } from "../types/supergraph.ts";
import { createCoordinateReader } from "./coordinates.ts";
import type {
  BatchFetchNode,
  FetchNode,
  FetchRewrite,
  PathSegment,
  PlanNode,
  RequiresSelection,
  RewriteSegment,
} from "./planner.ts";

/** Turns plan nodes into steps. Everything unknown throws here, while compiling, and not in the middle of a request. */
export function createCompiler(supergraph: Supergraph, asked: ReadonlySet<string>) {
  const fetches = createFetches(supergraph, asked);
  const parts = createParts(supergraph);

  const step = (node: PlanNode, path: readonly PathSegment[] = []): Step => {
    switch (node.kind) {
      case "Sequence":
      case "Parallel":
        return { kind: node.kind === "Sequence" ? "sequence" : "parallel", steps: node.nodes.map((inner) => step(inner, path)) };
      case "Flatten":
        return step(node.node, node.path);
      case "Fetch":
        return node.requires
          ? entities(node, path)
          : { kind: "root", ...fetches.of(node), after: parts.patches(node.outputRewrites) };
      case "BatchFetch":
        return { kind: "entities", fetch: fetches.of(node).fetch, groups: node.entityBatch.aliases.map(parts.group) };
      default:
        throw new Error(`plan node ${node.kind} is not served`);
    }
  };
  const entities = (node: FetchNode, path: readonly PathSegment[]): Step => {
    const { requires = [], inputRewrites = [], outputRewrites = [] } = node;
    const alone = { alias: "_entities", representationsVariableName: "representations", paths: [[...path]] };
    const group = parts.group({ ...alone, requires, inputRewrites, outputRewrites });
    return { kind: "entities", fetch: fetches.of(node).fetch, groups: [group] };
  };
  return { step, services: fetches.services };
}

function createFetches(supergraph: Supergraph, asked: ReadonlySet<string>) {
  const services = new Map<string, string>();
  const read = createCoordinateReader(supergraph, asked);
  const of = (node: FetchNode | BatchFetchNode): { fetch: Fetch; keys: readonly string[] } => {
    const source = supergraph.sources.get(node.serviceName);
    if (!source) throw new Error(`the plan names an unknown subgraph ${node.serviceName}`);
    const { coordinates, keys, all } = read(node.operation, source, requiresOf(node));
    for (const coordinate of all) if (!services.has(coordinate)) services.set(coordinate, source.service);
    const prefix = `{"query":${JSON.stringify(node.operation)}`;
    // What was counted once may have been counted although no answer came: sent again it would be counted twice.
    const idempotent = node.operationKind !== "mutation" && !all.some((one) => supergraph.entries.get(one)?.isCounted);
    return { fetch: { source, prefix, variables: node.variableUsages ?? [], idempotent, coordinates }, keys };
  };
  return { of, services };
}

const requiresOf = (node: FetchNode | BatchFetchNode): readonly RequiresSelection[] =>
  node.kind === "Fetch" ? (node.requires ?? []) : node.entityBatch.aliases.flatMap((alias) => alias.requires);

function createParts(supergraph: Supergraph) {
  const path = (raw: readonly PathSegment[]): PathPart[] =>
    raw.map((part) => {
      if (part === "@") return { items: true };
      return "Field" in part ? { field: part.Field } : { types: kindsOf(part.TypeCondition, supergraph) };
    });

  const patch = (raw: FetchRewrite): Patch => {
    const { path: at = [], setValueTo, renameKeyTo } = flat(raw);
    const change = setValueTo !== undefined ? { set: setValueTo } : renameKeyTo !== undefined ? { rename: renameKeyTo } : null;
    if (!change || at.length === 0) throw new Error(`unknown rewrite ${JSON.stringify(raw)}`);
    const types = (names: string | readonly string[]) => kindsOf([names].flat(), supergraph);
    return { change, path: at.map((part) => ("Key" in part ? { key: part.Key } : { types: types(part.TypenameEquals) })) };
  };
  const patches = (raw: readonly FetchRewrite[] | undefined): Patch[] => (raw ?? []).map(patch);

  const need = (raw: RequiresSelection): Need => {
    if (raw.kind === "InlineFragment") {
      if (raw.skipIf || raw.includeIf) throw new Error("a condition inside requires");
      return { types: kindsOf([raw.typeCondition], supergraph), needs: raw.selections.map(need) };
    }
    if (raw.kind !== "Field") throw new Error(`unknown selection ${raw.kind} in requires`);
    return { name: raw.name, key: raw.alias ?? raw.name, below: raw.selections?.length ? raw.selections.map(need) : null };
  };

  const group = (raw: BatchFetchNode["entityBatch"]["aliases"][number]): EntityGroup => ({
    alias: raw.alias,
    variable: raw.representationsVariableName,
    paths: raw.paths.map(path),
    needs: raw.requires.map(need),
    before: patches(raw.inputRewrites),
    after: patches(raw.outputRewrites),
  });
  return { patches, group };
}

/** The package writes a rewrite either wrapped in its kind or flat beside it. */
function flat(raw: FetchRewrite): { path?: readonly RewriteSegment[]; setValueTo?: string; renameKeyTo?: string } {
  if ("ValueSetter" in raw) return raw.ValueSetter;
  return "KeyRenamer" in raw ? raw.KeyRenamer : raw;
}

/** The types and all their subtypes, @inaccessible ones included. */
function kindsOf(names: readonly string[], { full }: Supergraph): Set<string> {
  const kinds = new Set(names);
  for (const name of names) {
    const type = full.getType(name);
    if (!isAbstractType(type)) continue;
    for (const object of full.getPossibleTypes(type)) kinds.add(object.name);
    if (isInterfaceType(type)) for (const inner of full.getImplementations(type).interfaces) kinds.add(inner.name);
  }
  return kinds;
}
