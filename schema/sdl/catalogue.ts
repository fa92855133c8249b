import { createHash } from "node:crypto";
import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  type TypeDefinitionNode,
  type TypeNode,
  valueFromASTUntyped,
} from "graphql";
import type { DataClass, Use } from "../policy/words.ts";

/** One schema coordinate with everything policy needs to know of it. */
export interface CatalogueEntry {
  readonly coordinate: string;
  readonly kind: "output" | "argument" | "input" | "value";
  /** Name of its type, without list and non-null; of an enum value the enum. */
  readonly type: string;
  /** Text shown by introspection; empty when there is none. */
  readonly description: string;
  /** Every class and topic stated for it, by any subgraph; the strictest wins. Empty on inputs and in foreign schemas. */
  readonly classes: readonly { readonly class: DataClass; readonly topic: string | null }[];
  /** Uses of governed fields this input stands for. */
  readonly guards: readonly { readonly field: string; readonly use: Use }[];
  readonly isUnguarded: boolean;
  readonly bandOf: string | null;
  readonly claimOf: string | null;
  /** Asking it leaves a trace in its source. */
  readonly isCounted: boolean;
  /** How often each of its values was given is put on record. */
  readonly isVerdict: boolean;
  /** Coordinate of the field an argument belongs to. */
  readonly carrier: string | null;
  /** Stands on a type of released aggregates. */
  readonly isStatistics: boolean;
  /** Subgraphs that resolve it; empty when the supergraph does not say. */
  readonly owners: readonly string[];
}

export interface Catalogue {
  readonly entries: ReadonlyMap<string, CatalogueEntry>;
  /** Types whose rows are data subjects. */
  readonly subjectTypes: ReadonlySet<string>;
  /** SHA-256 of everything above: equal hash, equal catalogue. */
  readonly hash: string;
}

/** Reads the policy directives of a supergraph (or of a single SDL). Machinery types (`join__`, `link__`, `_Entity`) are left out. */
export function catalogueOf(document: DocumentNode): Catalogue {
  const entries = new Map<string, CatalogueEntry>();
  const subjectTypes = new Set<string>();
  for (const type of document.definitions) {
    if (!isTypeDefinition(type) || isMachinery(type.name.value)) continue;
    if (has(type.directives, "subject")) subjectTypes.add(type.name.value);
    for (const entry of entriesOf(type)) entries.set(entry.coordinate, entry);
  }
  const text = JSON.stringify([[...entries.values()], [...subjectTypes]]);
  return { entries, subjectTypes, hash: createHash("sha256").update(text).digest("base64url") };
}

/** Types and fields of federation and introspection: nobody's data. */
export const isMachinery = (name: string): boolean =>
  /^(?:__|(?:join|link|core|federation)__|_(?:Any|Entity|Service|entities|service)$)/.test(name);
const isTypeDefinition = (node: { kind: string }): node is TypeDefinitionNode => node.kind.endsWith("TypeDefinition");

function entriesOf(type: TypeDefinitionNode): CatalogueEntry[] {
  const name = type.name.value;
  const shared = { isStatistics: has(type.directives, "statistics"), typeOwners: graphs(type.directives, "join__type") };
  switch (type.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
      return (type.fields ?? []).flatMap((field) => {
        const coordinate = `${name}.${field.name.value}`;
        const own = entry("output", coordinate, { node: field, ...shared });
        const inputs = (field.arguments ?? []).map((argument) => ({
          ...entry("argument", `${coordinate}(${argument.name.value}:)`, { node: argument, ...shared }),
          carrier: coordinate,
          owners: own.owners,
        }));
        return [own, ...inputs];
      });
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return (type.fields ?? []).map((field) => entry("input", `${name}.${field.name.value}`, { node: field, ...shared }));
    case Kind.ENUM_TYPE_DEFINITION:
      return (type.values ?? []).map((value) =>
        entry("value", `${name}.${value.name.value}`, { node: value, enumName: name, ...shared }),
      );
    default:
      return [];
  }
}

type Directives = readonly ConstDirectiveNode[] | undefined;

interface Source {
  readonly node: {
    readonly directives?: Directives;
    readonly description?: { readonly value: string } | undefined;
    readonly type?: TypeNode;
  };
  readonly enumName?: string;
  readonly isStatistics: boolean;
  readonly typeOwners: readonly string[];
}

function entry(kind: CatalogueEntry["kind"], coordinate: string, { node, enumName = "", ...of }: Source): CatalogueEntry {
  const { directives } = node;
  const own = graphs(directives, "join__field");
  return {
    coordinate,
    kind,
    type: node.type ? namedTypeOf(node.type) : enumName,
    description: node.description?.value.trim() ?? "",
    classes: all(directives, "data").map((data) => ({
      class: data["class"] as DataClass,
      topic: (data["topic"] as string | undefined) ?? null,
    })),
    guards: all(directives, "guards").map((guard) => ({
      field: String(guard["field"]),
      use: (guard["use"] as Use | undefined) ?? (kind === "value" ? "SORT" : "FILTER"),
    })),
    isUnguarded: has(directives, "unguarded"),
    bandOf: (all(directives, "bandOf")[0]?.["field"] as string | undefined) ?? null,
    claimOf: (all(directives, "claimOf")[0]?.["field"] as string | undefined) ?? null,
    isCounted: has(directives, "counted"),
    isVerdict: has(directives, "verdict"),
    carrier: null,
    isStatistics: of.isStatistics,
    owners: own.length > 0 ? own : of.typeOwners,
  };
}

const namedTypeOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type));

const has = (directives: Directives, name: string) => all(directives, name).length > 0;
const all = (directives: Directives, name: string): Record<string, unknown>[] =>
  (directives ?? [])
    .filter((directive) => directive.name.value === name)
    .map((directive) =>
      Object.fromEntries(
        (directive.arguments ?? []).map((argument) => [argument.name.value, valueFromASTUntyped(argument.value)]),
      ),
    );
const graphs = (directives: Directives, name: string): string[] => [
  ...new Set(
    all(directives, name)
      .filter((join) => join["external"] !== true && typeof join["graph"] === "string")
      .map((join) => String(join["graph"]).toLowerCase()),
  ),
];
