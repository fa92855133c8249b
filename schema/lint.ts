import { type DocumentNode, type EnumTypeDefinitionNode, type FieldDefinitionNode, type InputValueDefinitionNode, Kind, type TypeNode } from "graphql";
import { type CatalogueEntry, catalogueOf } from "./catalogue.ts";

export interface SubgraphSource {
  readonly name: string;
  /** The slice's own SDL with the shared head. */
  readonly document: DocumentNode;
}

/** Prefix of the gateway's own aliases: no field may begin with it. */
const RESERVED = "_h";

/** Faults of the SDLs as sentences, all at once; empty when the schema may be published. `seen` is how many coordinates were judged. */
export function lint(sources: readonly SubgraphSource[]): { readonly faults: readonly string[]; readonly seen: number } {
  const catalogues = sources.map((source) => ({ ...source, catalogue: catalogueOf(source.document) }));
  const fields = new Set(catalogues.flatMap(({ catalogue }) => [...catalogue.entries.values()].filter((e) => e.kind === "output").map((e) => e.coordinate)));
  const faults = catalogues.flatMap(({ name, document, catalogue }) =>
    [
      ...descriptionFaults(document),
      ...[...catalogue.entries.values()].flatMap((entry) => entryFaults(entry, fields)),
      ...shapeFaults(document, catalogue.entries),
      ...orderFaults(document, catalogue.entries),
    ].map((fault) => `${name}: ${fault}`),
  );
  const seen = catalogues.reduce((sum, { catalogue }) => sum + catalogue.entries.size, 0);
  return { faults: [...faults, ...disagreements(catalogues.map(({ catalogue }) => catalogue.entries))], seen };
}

function descriptionFaults(document: DocumentNode): string[] {
  const faults: string[] = [];
  const check = (what: string, node: { description?: { value: string } | undefined }) => {
    if (!node.description?.value.trim()) faults.push(`${what} has no description`);
  };
  for (const type of document.definitions) {
    if (!type.kind.endsWith("TypeDefinition") || !("name" in type) || !type.name) continue;
    const name = type.name.value;
    if (name !== "Query" && name !== "Mutation") check(name, type as never);
    if ("fields" in type)
      for (const field of type.fields ?? []) {
        check(`${name}.${field.name.value}`, field);
        if ("arguments" in field) for (const argument of field.arguments ?? []) check(`${name}.${field.name.value}(${argument.name.value}:)`, argument);
      }
    if ("values" in type) for (const value of type.values ?? []) check(`${name}.${value.name.value}`, value);
  }
  return faults;
}

function entryFaults(entry: CatalogueEntry, fields: ReadonlySet<string>): string[] {
  const { coordinate, kind, classes, guards, isUnguarded } = entry;
  const faults: string[] = [];
  if (kind === "output" && classes.length !== 1) faults.push(`${coordinate} has ${classes.length} @data; exactly one is needed`);
  if ((kind === "argument" || kind === "input") && guards.length === 0 && !isUnguarded)
    faults.push(`${coordinate} has neither @guards nor @unguarded: an input on a governed field without a guard leaks it`);
  if (guards.length > 0 && isUnguarded) faults.push(`${coordinate} has both @guards and @unguarded`);
  for (const target of [...guards.map((guard) => guard.field), entry.bandOf, entry.claimOf])
    if (target !== null && !fields.has(target)) faults.push(`${coordinate} names ${target}, which is no field of any subgraph`);
  return faults;
}

function shapeFaults(document: DocumentNode, entries: ReadonlyMap<string, CatalogueEntry>): string[] {
  const faults: string[] = [];
  for (const type of document.definitions) {
    if (type.kind === Kind.SCALAR_TYPE_DEFINITION) {
      if (/json|any/i.test(type.name.value)) faults.push(`${type.name.value} is a scalar without a shape`);
      if (!type.directives?.some((directive) => directive.name.value === "specifiedBy")) faults.push(`${type.name.value} has no @specifiedBy`);
    }
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    const name = type.name.value;
    if (name === "Subscription") faults.push("Subscription is refused: it needs a record for every event");
    const isSubject = type.directives?.some((directive) => directive.name.value === "subject");
    if (isSubject && !type.fields?.some((field) => field.name.value === "id")) faults.push(`${name} is a @subject without an id`);
    for (const field of type.fields ?? []) faults.push(...fieldFaults(name, field, entries.get(`${name}.${field.name.value}`)));
  }
  return faults;
}

function fieldFaults(type: string, field: FieldDefinitionNode, entry: CatalogueEntry | undefined): string[] {
  const coordinate = `${type}.${field.name.value}`;
  const faults: string[] = [];
  const isGoverned = entry?.classes.some((data) => data.class !== "PUBLIC") ?? false;
  if (field.type.kind === Kind.NON_NULL_TYPE && isGoverned && field.name.value !== "id")
    faults.push(`${coordinate} is governed and non-null: a denial would wipe out its parent`);
  if (field.name.value.startsWith(RESERVED)) faults.push(`${coordinate} begins with the reserved ${RESERVED}`);
  if (field.directives?.some((directive) => ["requires", "provides", "interfaceObject"].includes(directive.name.value)))
    faults.push(`${coordinate} uses a federation directive the planner cannot be trusted with`);
  const names = new Set(field.arguments?.map((argument: InputValueDefinitionNode) => argument.name.value));
  if (named(field.type).endsWith("Connection") && !(names.has("first") && names.has("after"))) faults.push(`${coordinate} pages without first and after`);
  return faults;
}

const named = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : named(type.type));

/** Enums used as an order: every value needs its guard, for `orderBy: X` is a question about X. */
function orderFaults(document: DocumentNode, entries: ReadonlyMap<string, CatalogueEntry>): string[] {
  const isOrder = (node: DocumentNode["definitions"][number]): node is EnumTypeDefinitionNode =>
    node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value.endsWith("Order");
  return document.definitions.filter(isOrder).flatMap((order) =>
    (order.values ?? [])
      .map((value) => `${order.name.value}.${value.name.value}`)
      .filter((coordinate) => {
        const entry = entries.get(coordinate);
        return !entry || (entry.guards.length === 0 && !entry.isUnguarded);
      })
      .map((coordinate) => `${coordinate} has neither @guards nor @unguarded: a sort reveals what it sorts by`),
  );
}

/** Two subgraphs that state another class for one coordinate. The strictest wins at run time; the build asks for one truth. */
function disagreements(all: readonly ReadonlyMap<string, CatalogueEntry>[]): string[] {
  const stated = new Map<string, Set<string>>();
  for (const entries of all)
    for (const { coordinate, classes } of entries.values())
      for (const data of classes) stated.set(coordinate, (stated.get(coordinate) ?? new Set()).add(`${data.class} ${data.topic ?? ""}`.trim()));
  return [...stated].filter(([, classes]) => classes.size > 1).map(([coordinate, classes]) => `subgraphs disagree on the class of ${coordinate}: ${[...classes].join(", ")}`);
}
