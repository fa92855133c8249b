import { setImmediate as breath } from "node:timers/promises";
import { type GraphQLObjectType, isEnumType, isObjectType } from "graphql";
import { type CatalogueEntry, isMachinery } from "../sdl/catalogue.ts";
import { codeListOf, REGION_LIST } from "./codeLists.ts";
import { definitionOf, saidIn } from "./concept.ts";
import { fieldOf } from "./fields.ts";
import { indicatorsIn } from "./indicators.ts";
import { describedBy, type Schema, type Telling } from "./sources.ts";
import type { CodeList, FieldMetadata, Metadata, TypeMetadata } from "./words.ts";
import { ownWritten, type Written } from "./written.ts";

/**
 * Metadata of everything that is data: every object type and field clients see, their code lists, and the registered indicators. Not in it: what is
 * inaccessible; what does not exist for whom it is not granted (class ADMINISTRATION); roots and pages, which hold no data of their own. For everybody,
 * whatever they may ask: metadata are public, data are not. Pure; sorted by name.
 */
export function metadataOf(schema: Schema, written: Written = ownWritten()): Metadata {
  const making = made(schema, written);
  for (;;) {
    const { done, value } = making.next();
    if (done) return value;
  }
}

/** Type by type. */
function* made(schema: Schema, written: Written): Generator<void, Metadata> {
  const types = Object.values(schema.api.getTypeMap()).filter(isObjectType).filter(holdsData);
  const shown = new Map(
    types.map((type) => [type.name, shownOf(type, schema)] as const).filter(([, fields]) => fields.length > 0),
  );
  const told: TypeMetadata[] = [];
  for (const type of types) {
    told.push(...[typeOf(type, { ...schema, written, shown }) ?? []].flat());
    yield;
  }
  return {
    types: told.sort(byName),
    codeLists: codeListsOf(told, { ...schema, written }),
    indicators: indicatorsIn(schema.api),
  };
}

interface TellingTypes extends Telling {
  readonly shown: ReadonlyMap<string, readonly CatalogueEntry[]>;
}

const ROOTS = new Set(["Query", "Mutation", "PageInfo"]);
const holdsData = ({ name }: GraphQLObjectType): boolean =>
  !ROOTS.has(name) && !name.endsWith("Connection") && !isMachinery(name);

/** Coordinates of a type that may be told of. */
const shownOf = (type: GraphQLObjectType, { catalogue }: Schema): readonly CatalogueEntry[] =>
  Object.keys(type.getFields()).flatMap((field) => {
    const entry = catalogue.entries.get(`${type.name}.${field}`);
    return entry && !entry.classes.some((data) => data.class === "ADMINISTRATION") ? [entry] : [];
  });

function typeOf(type: GraphQLObjectType, telling: TellingTypes): TypeMetadata | null {
  const entries = (telling.shown.get(type.name) ?? []).filter((entry) => isTold(entry, telling));
  if (entries.length === 0) return null;
  const said = saidIn(type.description ?? type.name);
  const source = describedBy(type.name, entries, telling.written);
  const fields = entries.map((entry) => fieldOf(entry, { type, said, source, telling }));
  return {
    name: type.name,
    concept: said.concept,
    definition: { ...definitionOf(said, said), id: source.definition },
    ...source.described,
    classes: [...new Set(fields.map((field) => field.class))].sort(),
    fields: fields.sort(byName),
  };
}

/** A field whose type is hidden with all it holds is hidden with it. */
const isTold = ({ type }: CatalogueEntry, { api, shown }: TellingTypes): boolean => {
  const found = api.getType(type);
  return !(isObjectType(found) && holdsData(found)) || shown.has(type);
};

function codeListsOf(types: readonly TypeMetadata[], { api, written }: Telling): CodeList[] {
  const used = new Map<string, FieldMetadata>();
  for (const field of types.flatMap(({ fields }) => fields))
    if (field.codeList !== null && !used.has(field.codeList)) used.set(field.codeList, field);
  const enums = [...used].flatMap(([name, field]) => {
    const type = api.getType(name);
    return isEnumType(type) ? [codeListOf(type, { field, written })] : [];
  });
  return [...enums, REGION_LIST].sort(byName);
}

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name < other.name ? -1 : one.name > other.name ? 1 : 0;

/** Of schemas read before. */
const known = new WeakMap<object, Promise<Metadata>>();

/** The same, made once for each schema, in turns with whatever else the process does: it takes some tenths of a second. */
export function knownMetadata(schema: Schema): Promise<Metadata> {
  const { entries } = schema.catalogue;
  const found = known.get(entries) ?? inTurns(made(schema, ownWritten()));
  known.set(entries, found);
  return found;
}

async function inTurns(making: Generator<void, Metadata>): Promise<Metadata> {
  for (;;) {
    const { done, value } = making.next();
    if (done) return value;
    await breath();
  }
}
