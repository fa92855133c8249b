import { createHash } from "node:crypto";
import {
  type ConstDirectiveNode,
  type DocumentNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type TypeDefinitionNode,
  type TypeExtensionNode,
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
  /** No null may stand there. */
  readonly isRequired: boolean;
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
  /** Holds unseen what rows of the same answer say. */
  readonly isSealed: boolean;
  /** Coordinate of the field an argument belongs to. */
  readonly carrier: string | null;
  /** Stands on a type of released aggregates. */
  readonly isStatistics: boolean;
  /** Subgraphs that resolve it; empty when the supergraph does not say. */
  readonly owners: readonly string[];
}

/** Paths of fields from a row: to the code of its region, to the flags of its subject, to the id of the person it is about. Null: it says none. */
export type RowPlaces = Readonly<Record<RowFact, readonly string[] | null>>;
export type RowFact = "region" | "flags" | "person";

export interface Catalogue {
  readonly entries: ReadonlyMap<string, CatalogueEntry>;
  /** Types whose rows are data subjects. */
  readonly subjectTypes: ReadonlySet<string>;
  /** Those whose rows are one person each. */
  readonly personTypes: ReadonlySet<string>;
  /** Where rows say what their treatment hangs on, by type. */
  readonly rowPlaces: ReadonlyMap<string, RowPlaces>;
  /** SHA-256 of everything above: equal hash, equal catalogue. */
  readonly hash: string;
}

/** Reads the policy directives of a supergraph (or of a single SDL). Machinery types (`join__`, `link__`, `_Entity`) are left out. */
export function catalogueOf(document: DocumentNode): Catalogue {
  const entries = new Map<string, CatalogueEntry>();
  const subjectTypes = new Set<string>();
  const personTypes = new Set<string>();
  const rowPlaces = new Map<string, RowPlaces>();
  for (const type of typesIn(document)) {
    const name = type.name.value;
    if (isMachinery(name)) continue;
    const [subject] = all(type.directives, "subject");
    if (subject) subjectTypes.add(name);
    if (subject?.["person"] === true) personTypes.add(name);
    const [row] = all(type.directives, "row");
    if (row) rowPlaces.set(name, { region: pathOf(row["region"]), flags: pathOf(row["flags"]), person: pathOf(row["person"]) });
    for (const entry of entriesOf(type)) entries.set(entry.coordinate, entry);
  }
  const text = JSON.stringify([[...entries.values()], [...subjectTypes], [...personTypes], [...rowPlaces]]);
  return { entries, subjectTypes, personTypes, rowPlaces, hash: createHash("sha256").update(text).digest("base64url") };
}

type TypePart = TypeDefinitionNode | TypeExtensionNode;

/** The types of an SDL, each with all that its extensions add; one that is only extended here stands as if it were defined, undescribed. */
export function typesIn(document: DocumentNode): TypeDefinitionNode[] {
  const parts = new Map<string, TypePart[]>();
  for (const node of document.definitions) {
    if (!isTypeDefinitionNode(node) && !isTypeExtensionNode(node)) continue;
    const known = parts.get(node.name.value);
    if (known) known.push(node);
    else parts.set(node.name.value, [node]);
  }
  return [...parts.values()].map(joined);
}

const LISTS = ["directives", "interfaces", "fields", "values", "types"] as const;

function joined(parts: readonly TypePart[]): TypeDefinitionNode {
  const [own] = parts.filter(isTypeDefinitionNode);
  if (own && parts.length === 1) return own;
  const main = own ?? parts[0];
  const of = (list: string) =>
    parts.flatMap((part) => (part as unknown as Record<string, readonly unknown[] | undefined>)[list] ?? []);
  const lists = Object.fromEntries(LISTS.map((list) => [list, of(list)]));
  return { ...main, kind: main?.kind.replace("Extension", "Definition"), ...lists } as unknown as TypeDefinitionNode;
}

const pathOf = (path: unknown): readonly string[] | null => (typeof path === "string" ? path.split(".") : null);

/** Types and fields of federation and introspection: nobody's data. */
export const isMachinery = (name: string): boolean =>
  /^(?:__|(?:join|link|core|federation)__|_(?:Any|Entity|Service|entities|service)$)/.test(name);

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
    isRequired: node.type?.kind === Kind.NON_NULL_TYPE,
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
    isSealed: has(directives, "sealed"),
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
      .filter((join) => join["external"] !== true && join["resolvable"] !== false && typeof join["graph"] === "string")
      .map((join) => String(join["graph"]).toLowerCase()),
  ),
];
