import {
  type DirectiveNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ScalarTypeDefinitionNode,
  type TypeDefinitionNode,
  type TypeNode,
} from "graphql";
import { type CatalogueEntry, catalogueOf, type RowFact, type RowPlaces, typesIn } from "./catalogue.ts";

export interface SubgraphSource {
  readonly name: string;
  /** The slice's own SDL with the shared head. */
  readonly document: DocumentNode;
}

/** Prefix of the gateway's own aliases: no field may begin with it. */
const RESERVED = "_h";
const ROOTS = new Set(["Query", "Mutation"]);

/** Faults of the SDLs as sentences, all at once; empty when the schema may be published. `seen` is how many coordinates were judged. */
export function lint(sources: readonly SubgraphSource[]): { readonly faults: readonly string[]; readonly seen: number } {
  const catalogues = sources.map((source) => ({
    ...source,
    types: typesIn(source.document),
    catalogue: catalogueOf(source.document),
  }));
  const fields = new Set(
    catalogues.flatMap(({ catalogue }) =>
      [...catalogue.entries.values()].filter((e) => e.kind === "output").map((e) => e.coordinate),
    ),
  );
  const objects = catalogues.flatMap(({ types }) => types.filter(isObject));
  const faults = catalogues.flatMap(({ name, document, types, catalogue }) =>
    [
      ...[...catalogue.rowPlaces].flatMap(([type, places]) => rowFaults(type, places, objects)),
      ...undescribed(document),
      ...types.flatMap(typeFaults),
      ...[...catalogue.entries.values()].flatMap((entry) => entryFaults(entry, fields)),
      ...verdictFaults([...catalogue.entries.values()]),
      ...orderFaults(types, catalogue.entries),
    ].map((fault) => `${name}: ${fault}`),
  );
  const seen = catalogues.reduce((sum, { catalogue }) => sum + catalogue.entries.size, 0);
  return { faults: [...faults, ...disagreements(catalogues.map(({ catalogue }) => catalogue.entries))], seen };
}

/** An extension takes no description: the type has it where it is defined. */
const undescribed = ({ definitions }: DocumentNode): string[] =>
  definitions
    .filter(isTypeDefinitionNode)
    .filter(({ name, description }) => !description?.value.trim() && !ROOTS.has(name.value))
    .map(({ name }) => `${name.value} has no description`);

function typeFaults(type: TypeDefinitionNode): string[] {
  if (type.kind === Kind.SCALAR_TYPE_DEFINITION) return scalarFaults(type);
  return isObject(type) ? objectFaults(type) : [];
}

const carries = (node: { readonly directives?: readonly DirectiveNode[] | undefined }, ...names: string[]): boolean =>
  node.directives?.some((directive) => names.includes(directive.name.value)) ?? false;

function scalarFaults(scalar: ScalarTypeDefinitionNode): string[] {
  const name = scalar.name.value;
  const faults = /json|any/i.test(name) ? [`${name} is a scalar without a shape`] : [];
  return carries(scalar, "specifiedBy") ? faults : [...faults, `${name} has no @specifiedBy`];
}

function objectFaults(type: ObjectTypeDefinitionNode): string[] {
  const name = type.name.value;
  const faults = (type.fields ?? []).flatMap((field) => fieldFaults(name, field));
  if (name === "Subscription") faults.push("Subscription is refused: it needs a record for every event");
  const hasId = type.fields?.some((field) => field.name.value === "id");
  if (carries(type, "subject") && !hasId) faults.push(`${name} is a @subject without an id`);
  return [...faults, ...whoseFaults(type)];
}

/** Whoever asks what is on record about them must find it, so a row says whose it is in one way. */
function whoseFaults(type: ObjectTypeDefinitionNode): string[] {
  if (!carries(type, "subject")) return [];
  const said = (directive: string, argument: string) =>
    type.directives?.some(
      (node) =>
        node.name.value === directive &&
        node.arguments?.some(({ name, value }) => name.value === argument && "value" in value && Boolean(value.value)),
    );
  const ways = [said("subject", "person"), said("row", "person"), said("subject", "unnamed")].filter(Boolean).length;
  if (ways === 1) return [];
  const how = ways === 0 ? "does not say" : "says in several ways";
  return [
    `${type.name.value} is a @subject and ${how} whose row each is: @row(person: "person.id") with the path to the person's id, or @subject(unnamed: "why none")`,
  ];
}

const isObject = (type: TypeDefinitionNode): type is ObjectTypeDefinitionNode => type.kind === Kind.OBJECT_TYPE_DEFINITION;

/** Where the paths of @row lead, and what they must lead to. */
function rowFaults(type: string, places: RowPlaces, types: readonly ObjectTypeDefinitionNode[]): string[] {
  const facts = (Object.keys(LEADS_TO) as RowFact[]).filter((fact) => places[fact]);
  if (facts.length === 0) return [`${type} has a @row that says nothing`];
  return facts.flatMap((fact) => {
    const path = places[fact] ?? [];
    const { leads, isMany } = LEADS_TO[fact];
    const says = `${type} names ${path.join(".")} as its ${fact}`;
    const end = endOf(type, path, types);
    if (!end || named(end.type) !== leads || isList(end.type) !== isMany)
      return [`${says}, which leads to no ${isMany ? "list of " : ""}${leads}`];
    return fact === "flags" && !carries(end, "inaccessible") ? [`${says}, which clients can see`] : [];
  });
}

const LEADS_TO: Readonly<Record<RowFact, { readonly leads: string; readonly isMany: boolean }>> = {
  region: { leads: "RegionCode", isMany: false },
  flags: { leads: "SubjectFlag", isMany: true },
  person: { leads: "ID", isMany: false },
};

/** The last field of a path from a type, through objects that are no lists. */
function endOf(
  type: string,
  [name, ...rest]: readonly string[],
  types: readonly ObjectTypeDefinitionNode[],
): FieldDefinitionNode | undefined {
  const found = types.filter((one) => one.name.value === type).flatMap(({ fields = [] }) => fields);
  const field = found.find((one) => one.name.value === name);
  if (!field || rest.length === 0) return field;
  return isList(field.type) ? undefined : endOf(named(field.type), rest, types);
}

const isList = (type: TypeNode): boolean =>
  type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type));

function entryFaults(entry: CatalogueEntry, fields: ReadonlySet<string>): string[] {
  const { coordinate, kind, classes, guards, isUnguarded } = entry;
  const faults = entry.description ? [] : [`${coordinate} has no description`];
  if (kind === "output" && classes.length !== 1) faults.push(`${coordinate} has ${classes.length} @data; exactly one is needed`);
  if ((kind === "argument" || kind === "input") && guards.length === 0 && !isUnguarded)
    faults.push(`${coordinate} has neither @guards nor @unguarded: an input on a governed field without a guard leaks it`);
  if (guards.length > 0 && isUnguarded) faults.push(`${coordinate} has both @guards and @unguarded`);
  for (const target of [...guards.map((guard) => guard.field), entry.bandOf, entry.claimOf])
    if (target !== null && !fields.has(target)) faults.push(`${coordinate} names ${target}, which is no field of any subgraph`);
  return faults;
}

/** The record counts each value a verdict may have: of a text or a number it would keep the value itself. */
function verdictFaults(entries: readonly CatalogueEntry[]): string[] {
  const words = new Set(["Boolean", ...entries.filter(({ kind }) => kind === "value").map(({ type }) => type)]);
  return entries
    .filter(({ isVerdict, type }) => isVerdict && !words.has(type))
    .map(({ coordinate }) => `${coordinate} is a @verdict and neither an enum nor a Boolean`);
}

function fieldFaults(type: string, field: FieldDefinitionNode): string[] {
  const coordinate = `${type}.${field.name.value}`;
  const faults: string[] = [];
  if (field.name.value.startsWith(RESERVED)) faults.push(`${coordinate} begins with the reserved ${RESERVED}`);
  if (carries(field, "provides"))
    faults.push(`${coordinate} uses @provides: another slice's copy of a field is not the answer of its controller`);
  const names = new Set(field.arguments?.map((argument) => argument.name.value));
  if (named(field.type).endsWith("Connection") && !(names.has("first") && names.has("after")))
    faults.push(`${coordinate} pages without first and after`);
  if (field.type.kind === Kind.NON_NULL_TYPE && field.name.value !== "id" && isGoverned(field))
    faults.push(`${coordinate} is governed and non-null: a denial would wipe out its parent`);
  return faults;
}

/** True unless the field says `@data(class: PUBLIC)`. */
const isGoverned = (field: FieldDefinitionNode): boolean => {
  const data = field.directives?.find((directive) => directive.name.value === "data");
  const value = data?.arguments?.find((argument) => argument.name.value === "class")?.value;
  return value?.kind !== Kind.ENUM || value.value !== "PUBLIC";
};

const named = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : named(type.type));

/** Enums used as an order: every value needs its guard, for `orderBy: X` is a question about X. */
function orderFaults(types: readonly TypeDefinitionNode[], entries: ReadonlyMap<string, CatalogueEntry>): string[] {
  const isOrder = (type: TypeDefinitionNode): type is EnumTypeDefinitionNode =>
    type.kind === Kind.ENUM_TYPE_DEFINITION && type.name.value.endsWith("Order");
  return types.filter(isOrder).flatMap((order) =>
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
      for (const data of classes)
        stated.set(coordinate, (stated.get(coordinate) ?? new Set()).add(`${data.class} ${data.topic ?? ""}`.trim()));
  return [...stated]
    .filter(([, classes]) => classes.size > 1)
    .map(([coordinate, classes]) => `subgraphs disagree on the class of ${coordinate}: ${[...classes].join(", ")}`);
}
