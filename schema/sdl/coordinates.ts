import { createHash } from "node:crypto";
import { type DirectiveNode, type DocumentNode, Kind } from "graphql";
import { isMachinery } from "./catalogue.ts";

/** The coordinates of one subgraph, sorted: the positions of the envelope's bitsets. */
export interface CoordinateList {
  readonly coordinates: readonly string[];
  readonly index: ReadonlyMap<string, number>;
  /** base64url(SHA-256) of the list: gateway and subgraph must hold the same. */
  readonly hash: string;
}

/** Enums that exist only as arguments of the policy directives; composition may keep or drop them. */
const POLICY_ENUMS = new Set(["DataClass", "DataTopic", "DataUse"]);

/** Coordinates of a subgraph from its own SDL (extensions included). */
export const coordinatesOf = (sdl: DocumentNode): CoordinateList => listOf(sdl, () => true);

/** The same list from the supergraph's join directives. `graph` is the enum value of the subgraph, such as WELFARE. */
export function coordinatesInSupergraph(supergraph: DocumentNode, graph: string): CoordinateList {
  return listOf(supergraph, (type, member) => {
    const inType = joins(type, "join__type").includes(graph);
    const own = [...joins(member, "join__field"), ...joins(member, "join__enumValue")];
    return inType && (own.length === 0 || own.includes(graph) || own.includes(""));
  });
}

type Directives = readonly DirectiveNode[] | undefined;

function listOf(document: DocumentNode, belongs: (type: Directives, member: Directives) => boolean): CoordinateList {
  const found = new Set<string>();
  for (const type of document.definitions) {
    if (!("name" in type) || !type.name || isMachinery(type.name.value) || POLICY_ENUMS.has(type.name.value)) continue;
    for (const [member, directives] of membersOf(type))
      if (belongs(type.directives, directives)) found.add(`${type.name.value}.${member}`);
  }
  const coordinates = [...found].sort();
  return {
    coordinates,
    index: new Map(coordinates.map((coordinate, position) => [coordinate, position])),
    hash: createHash("sha256").update(coordinates.join("\n")).digest("base64url"),
  };
}

function membersOf(type: DocumentNode["definitions"][number]): [name: string, Directives][] {
  switch (type.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.OBJECT_TYPE_EXTENSION:
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_EXTENSION:
      return (type.fields ?? []).flatMap(({ name, directives, arguments: inputs }) => [
        [name.value, directives] as [string, Directives],
        ...(inputs ?? []).map((input): [string, Directives] => [`${name.value}(${input.name.value}:)`, directives]),
      ]);
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
    case Kind.INPUT_OBJECT_TYPE_EXTENSION:
      return (type.fields ?? []).map(({ name, directives }) => [name.value, directives]);
    case Kind.ENUM_TYPE_DEFINITION:
    case Kind.ENUM_TYPE_EXTENSION:
      return (type.values ?? []).map(({ name, directives }) => [name.value, directives]);
    default:
      return [];
  }
}

/** Graphs named by the join directive; "" for one without a graph (the field belongs to all). */
const joins = (directives: Directives, name: string): string[] =>
  (directives ?? [])
    .filter((directive) => directive.name.value === name)
    .map((directive) => {
      const graph = directive.arguments?.find((argument) => argument.name.value === "graph")?.value;
      return graph?.kind === Kind.ENUM ? graph.value : "";
    });
