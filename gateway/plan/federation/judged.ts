import { type GraphQLSchema, isInterfaceType } from "graphql";
import type { CatalogueEntry } from "../../../schema/sdl/catalogue.ts";
import type { KnownType, Subgraph } from "./subgraphs.ts";

/**
 * Coordinates by which a field or an argument of an object type is judged beside its own. A subgraph that knows an interface as an object answers the
 * fields of all its types, and knows them by the interface's coordinates alone: these, too, must be open.
 */
export function judgedBeside(subgraphs: readonly Subgraph[], full: GraphQLSchema): Map<string, readonly string[]> {
  const beside = new Map<string, Set<string>>();
  for (const { types } of subgraphs)
    for (const as of types.values())
      for (const [own, other] of as.isInterfaceObject ? pairsOf(as, types, full) : [])
        beside.set(own, (beside.get(own) ?? new Set()).add(other));
  return new Map([...beside].map(([own, others]) => [own, [...others]]));
}

function pairsOf(as: KnownType, types: Subgraph["types"], full: GraphQLSchema): [own: string, other: string][] {
  const type = full.getType(as.name);
  if (!isInterfaceType(type)) return [];
  // A field that is not its own it may answer where it provides one.
  const isProviding = [...types.values()].some(({ fields }) => [...fields.values()].some(({ provides }) => provides));
  const answered = [...as.fields].filter(([, { isResolvable }]) => isResolvable || isProviding).map(([name]) => name);
  const members = answered.flatMap((name) => [
    name,
    ...(type.getFields()[name]?.args ?? []).map((argument) => `${name}(${argument.name}:)`),
  ]);
  return full
    .getPossibleTypes(type)
    .flatMap((object) => members.map((one): [string, string] => [`${object.name}.${one}`, `${as.name}.${one}`]));
}

/** The same entries, each with what is said of those beside it: what they guard, and what of them the record counts or closes. */
export function withBeside(
  entries: ReadonlyMap<string, CatalogueEntry>,
  beside: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, CatalogueEntry> {
  if (beside.size === 0) return entries;
  return new Map(
    [...entries].map(([coordinate, entry]) => {
      const all = [entry, ...(beside.get(coordinate) ?? []).flatMap((other) => entries.get(other) ?? [])];
      const is = (mark: "isCounted" | "isVerdict" | "isSealed") => all.some((one) => one[mark]);
      const marks = { isCounted: is("isCounted"), isVerdict: is("isVerdict"), isSealed: is("isSealed") };
      return [coordinate, { ...entry, ...marks, guards: all.flatMap(({ guards }) => guards) }];
    }),
  );
}

/** What is said of an interface is said of its types: only who knows it as an object can say that its rows are subjects. */
export const withTheirTypes = (names: ReadonlySet<string>, full: GraphQLSchema): Set<string> =>
  new Set(
    [...names].flatMap((name) => {
      const type = full.getType(name);
      return isInterfaceType(type) ? [name, ...full.getPossibleTypes(type).map((object) => object.name)] : [name];
    }),
  );
