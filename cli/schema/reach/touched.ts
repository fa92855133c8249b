import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { namesIn } from "../../../schema/policy/insight/document/namesIn.ts";
import { type Change, fieldOf, isNews, typeOf } from "../changes/change.ts";

/** A document somebody asks. */
export interface KnownDocument {
  readonly id: string;
  readonly name: string | null;
  readonly document: string;
}

/** An agreement (or a folder of documents), with what it asks and may see. */
export interface Party {
  readonly name: string;
  readonly documents: readonly KnownDocument[];
  /** Output coordinates its agreement opens; empty: not known. */
  readonly opened: ReadonlySet<string>;
  /** Output coordinates it was shown of late, as the record has it; null: not known, or it asked nothing. */
  readonly asked: ReadonlySet<string> | null;
}

export interface Touched {
  readonly change: Change;
  /** Names of the documents that use it; without a name, their ids. */
  readonly documents: readonly string[];
  /** Its agreement opens the coordinate. */
  readonly isOpened: boolean;
  /** Its record shows that it was asked of late; null: the record tells nothing of it. */
  readonly isAsked: boolean | null;
}

/** What of the changes each party has to hear of. Who is not touched is left out. */
export function touchedBy(
  changes: readonly Change[],
  parties: readonly Party[],
  old: GraphQLSchema,
): ReadonlyMap<string, Touched[]> {
  const news = changes.filter(isNews);
  const found = parties.map(({ name, documents, opened, asked }) => {
    const read = documents.map((document) => ({ ...document, uses: usesOf(document.document, old) }));
    const touched = news.map((change) => ({
      change,
      documents: read.filter(({ uses }) => isUsed(change, uses)).map((document) => document.name ?? document.id),
      isOpened: isAmong(change, opened),
      isAsked: asked && isAmong(change, asked),
    }));
    return [name, touched.filter(isToHear)] as const;
  });
  return new Map(found.filter(([, touched]) => touched.length > 0));
}

/** By its documents, by what it asked of late where that is known, else by what it may ask; of what breaks by either: some questions are asked once a semester. */
function isToHear({ change, documents, isAsked, isOpened }: Touched): boolean {
  if (documents.length > 0 || isAsked) return true;
  return isOpened && (isAsked === null || change.severity === "BREAKING");
}

interface Uses {
  readonly names: ReadonlySet<string>;
  /** Types of what it reads and gives. */
  readonly types: ReadonlySet<string>;
}

const NOTHING: Uses = { names: new Set(), types: new Set() };

/** What a document uses of a schema; one that does not fit it uses nothing that could be told. */
function usesOf(text: string, schema: GraphQLSchema): Uses {
  try {
    const document = parse(text);
    if (validate(schema, document).length > 0) return NOTHING;
    return { names: namesIn(document, schema), types: typesIn(document, schema) };
  } catch {
    return NOTHING;
  }
}

function typesIn(document: DocumentNode, schema: GraphQLSchema): ReadonlySet<string> {
  const info = new TypeInfo(schema);
  const types = new Set<string>();
  const note = visitWithTypeInfo(info, {
    Field: () => void noteIn(types, info.getType()),
    NamedType: ({ name }) => void given(name.value, { schema, types }),
  });
  visit(document, note);
  return types;
}

function noteIn(types: Set<string>, type: ReturnType<TypeInfo["getType"]>): void {
  if (type) types.add(getNamedType(type).name);
}

/** A type of a variable or condition, with all that a variable of it may hold. */
function given(name: string, { schema, types }: { readonly schema: GraphQLSchema; readonly types: Set<string> }): void {
  if (types.has(name)) return;
  types.add(name);
  const type = schema.getType(name);
  if (!isInputObjectType(type)) return;
  for (const field of Object.values(type.getFields())) given(getNamedType(field.type).name, { schema, types });
}

/** By its name; by its field, where the question must now say more; by its type, where any value of it may be there. */
function isUsed({ kind, coordinate }: Change, { names, types }: Uses): boolean {
  if (names.has(coordinate)) return true;
  if (/^ARGUMENT_(?:NEEDED|ADDED)$/.test(kind)) return names.has(fieldOf(coordinate));
  if (/^(?:INPUT_FIELD|VALUE)_|^(?:TYPE|MEMBER|INTERFACE)_|^(?:SUBJECT|CONTROLLER)_/.test(kind))
    return types.has(typeOf(coordinate));
  return coordinate.includes("(") && kind === "DEFAULT_CHANGED" && names.has(fieldOf(coordinate));
}

function isAmong({ coordinate, kind }: Change, coordinates: ReadonlySet<string>): boolean {
  if (coordinates.has(fieldOf(coordinate))) return true;
  const isWhole = /^(?:TYPE|SUBJECT|CONTROLLER|MEMBER|INTERFACE)_/.test(kind);
  return isWhole && [...coordinates].some((one) => typeOf(one) === coordinate);
}
