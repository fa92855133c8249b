import {
  buildASTSchema,
  type DocumentNode,
  execute,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  type GraphQLTypeResolver,
  type InlineFragmentNode,
  Kind,
  parse,
  type SelectionSetNode,
  validate,
} from "graphql";
import type { SourceAnswer, SourceCall } from "../../../../gateway/types/sources.ts";
import { type Args, type Data, eachOf, hasNull, type Row } from "./data.ts";
import { sdlOf } from "./sdl.ts";
import { type Field, fieldSet, type Part, type Piece } from "./world.ts";

/** A row as one subgraph holds it: what it was told of it by a representation, and what of others' fields it may hand out here (@provides). */
interface Held extends Row {
  readonly told?: Args;
  readonly provided?: SelectionSetNode;
}

/**
 * A subgraph in process, and an honest one: it finds a row by its own keys alone, computes @requires from what the representation brought, hands out
 * others' fields only where it @provides them, and refuses a question that its schema does not allow.
 */
export function serve(part: Part, data: Data): (body: string) => SourceAnswer {
  const source = new Source(part, data);
  const read = new Map<string, DocumentNode | string>();
  return (body) => {
    const { query, variables } = JSON.parse(body) as { query: string; variables?: Args };
    const document = read.get(query) ?? readable(query, source.schema);
    read.set(query, document);
    if (typeof document === "string") return { errors: [{ message: document }] };
    const { fieldResolver, typeResolver } = source;
    const result = execute({ schema: source.schema, document, variableValues: variables, fieldResolver, typeResolver });
    return JSON.parse(JSON.stringify(result)) as SourceAnswer;
  };
}

function readable(query: string, schema: GraphQLSchema): DocumentNode | string {
  const document = parse(query, { noLocation: true });
  const faults = validate(schema, document);
  return faults.length === 0 ? document : `not a legal question: ${faults.map(({ message }) => message).join("; ")}`;
}

const OF_FEDERATION = `directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
directive @external on FIELD_DEFINITION directive @shareable repeatable on FIELD_DEFINITION | OBJECT directive @interfaceObject on OBJECT
directive @requires(fields: String!) on FIELD_DEFINITION directive @provides(fields: String!) on FIELD_DEFINITION
directive @override(from: String!, label: String) on FIELD_DEFINITION
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | ENUM_VALUE | INPUT_FIELD_DEFINITION
scalar _Any`;

function schemaOf(part: Part): GraphQLSchema {
  const entities = part.pieces.filter(({ kind, keys }) => kind !== "interface" && keys.length > 0).map(({ name }) => name);
  const entry = entities.length > 0 ? "_entities(representations: [_Any!]!): [_Entity]!" : "_none: String";
  const union = entities.length > 0 ? `union _Entity = ${entities.join(" | ")}` : "";
  const hasQuery = part.pieces.some(({ name }) => name === "Query");
  const query = part.roots?.["Query"] ?? "Query";
  const sdl = `${sdlOf(part, true)} ${OF_FEDERATION} ${union} ${hasQuery ? `extend type ${query}` : "type Query"} { ${entry} }`;
  const document = parse(sdl, { noLocation: true });
  return buildASTSchema(hasQuery ? joined(document, query) : document, { assumeValid: true, assumeValidSDL: true });
}

/** `extend type Query` into `type Query`. */
function joined(document: DocumentNode, query: string): DocumentNode {
  const extra = document.definitions.find(({ kind }) => kind === Kind.OBJECT_TYPE_EXTENSION);
  const definitions = document.definitions.filter((node) => node !== extra);
  return {
    ...document,
    definitions: definitions.map((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === query && extra?.kind === Kind.OBJECT_TYPE_EXTENSION
        ? { ...node, fields: [...(node.fields ?? []), ...(extra.fields ?? [])] }
        : node,
    ),
  };
}

class Source {
  readonly schema: GraphQLSchema;
  private readonly data: Data;
  private readonly pieces: ReadonlyMap<string, Piece>;
  private readonly fields = new Map<string, Field>();
  private readonly rows = new Map<string, ReadonlyMap<string, Row>>();
  /** Our names of root types, by this subgraph's. */
  private readonly roots: ReadonlyMap<string, string>;

  constructor(part: Part, data: Data) {
    this.schema = schemaOf(part);
    this.roots = new Map(Object.entries(part.roots ?? {}).map(([ours, theirs]) => [theirs, ours]));
    this.data = data;
    this.pieces = new Map(part.pieces.map((piece) => [piece.name, piece]));
    for (const piece of part.pieces) for (const field of piece.fields) this.fields.set(`${piece.name}.${field.name}`, field);
  }

  readonly typeResolver: GraphQLTypeResolver<Row, unknown> = ({ t }) => {
    if (this.pieces.get(t)?.kind === "type") return t;
    const stand = [...this.pieces.values()].find(
      (each) => each.kind === "interfaceObject" && this.data.below.get(each.name)?.has(t),
    );
    if (!stand) throw new Error(`a row of ${t}, which is unknown here`);
    return stand.name;
  };

  readonly fieldResolver: GraphQLFieldResolver<Held | undefined, unknown> = (held, args, _, { parentType, fieldName }) => {
    if (fieldName === "_entities") return (args["representations"] as Args[]).map((each) => this.found(each));
    const type = this.roots.get(parentType.name) ?? parentType.name;
    const field = this.fields.get(`${type}.${fieldName}`) as Field;
    if (field.label !== undefined) throw new Error(`${type}.${fieldName} is not taken over yet`);
    if (type === "Mutation") this.data.count += 1;
    const row: Held = held ?? { t: type, n: 0 };
    if (field.requires !== undefined) return this.computed(row, field, args);
    const provided = row.provided && under(row.provided, fieldName, row.t);
    if (field.external && provided === undefined) throw new Error(`${type}.${fieldName} is not of this subgraph`);
    const value = this.data.value(row, fieldName, args);
    const below = field.provides ? fieldSet(field.provides) : (provided ?? undefined);
    return below ? eachOf<Row>(value, (each) => ({ ...each, provided: below })) : value;
  };

  private computed(row: Held, { name, requires = "" }: Field, args: Args): string {
    if (!row.told) throw new Error(`${row.t}.${name} was asked without a representation`);
    return this.data.computed(row, name, { args, inputs: picked(row.told, fieldSet(requires)) });
  }

  /** The row that a representation names by a key of this subgraph. */
  private found(told: Args): Held | null {
    const type = String(told["__typename"]);
    const keys = (this.pieces.get(type)?.keys ?? []).filter(({ resolvable }) => resolvable);
    const complete = keys.filter(({ fields }) => !JSON.stringify(picked(told, fieldSet(fields))).includes(ABSENT));
    if (complete.length === 0) throw new Error(`no key of ${type} in ${JSON.stringify(told)}`);
    const named = complete.filter(({ fields }) => !hasNull(picked(told, fieldSet(fields))));
    if (named.length === 0) throw new Error(`a null key in ${JSON.stringify(told)}`);
    const rows = named.map(({ fields }) => this.byKey(type, fields).get(JSON.stringify(picked(told, fieldSet(fields)))));
    if (rows.some((row) => row?.n !== rows[0]?.n || row?.t !== rows[0]?.t))
      throw new Error(`keys disagree: ${JSON.stringify(told)}`);
    return rows[0] ? { ...rows[0], told } : null;
  }

  private byKey(type: string, key: string): ReadonlyMap<string, Row> {
    const at = `${type} ${key}`;
    const known =
      this.rows.get(at) ?? new Map(this.rowsOf(type).map((row) => [JSON.stringify(this.data.select(row, fieldSet(key))), row]));
    this.rows.set(at, known);
    return known;
  }

  private rowsOf(type: string): Row[] {
    const types = this.pieces.get(type)?.kind === "type" ? [type] : [...(this.data.below.get(type) ?? [])];
    return types.flatMap((t) => [0, 1, 2, 3].map((n) => ({ t, n })));
  }
}

const ABSENT = "?absent?";

/** What a field set takes from a representation. What is missing there is named, and so shows in the answer. */
function picked(told: Args, set: SelectionSetNode): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const node of set.selections) {
    if (node.kind === Kind.FIELD) {
      const { name, selectionSet } = node;
      const value = told[name.value] === undefined ? ABSENT : told[name.value];
      found[name.value] = selectionSet ? eachOf<Args>(value, (below) => picked(below, selectionSet)) : value;
    }
    if (node.kind === Kind.INLINE_FRAGMENT) Object.assign(found, pickedAs(node, told));
  }
  return found;
}

function pickedAs({ typeCondition, selectionSet }: InlineFragmentNode, told: Args): Record<string, unknown> {
  const type = told["__typename"];
  if (type === undefined) return { [ABSENT]: "__typename" };
  return type === typeCondition?.name.value ? picked(told, selectionSet) : {};
}

/** What of a field set lies below this field; undefined where the field is not in it. Null: it is, and nothing lies below. */
function under(set: SelectionSetNode, name: string, type: string): SelectionSetNode | null | undefined {
  for (const node of set.selections) {
    if (node.kind === Kind.FIELD && node.name.value === name) return node.selectionSet ?? null;
    if (node.kind !== Kind.INLINE_FRAGMENT || node.typeCondition?.name.value !== type) continue;
    const found = under(node.selectionSet, name, type);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Sources that all take the same time: calls that are under way together are answered together. So the waves are the round trips of a question,
 * whatever its plan looks like.
 */
export class Waves {
  waves = 0;
  readonly calls: SourceCall[] = [];
  private waiting: (() => void)[] = [];
  private readonly sources: ReadonlyMap<string, (body: string) => SourceAnswer>;

  constructor(sources: ReadonlyMap<string, (body: string) => SourceAnswer>) {
    this.sources = sources;
  }

  begin(): void {
    this.waves = 0;
    this.calls.length = 0;
  }

  readonly send = (call: SourceCall): Promise<SourceAnswer> => {
    this.calls.push(call);
    const source = this.sources.get(call.service);
    if (!source) throw new Error(`no subgraph ${call.service}`);
    return new Promise((resolve) => {
      this.waiting.push(() => resolve(source(call.body)));
      if (this.waiting.length === 1) setImmediate(() => this.answer());
    });
  };

  private answer(): void {
    const waiting = this.waiting;
    this.waiting = [];
    this.waves += 1;
    for (const each of waiting) each();
  }

  close = async (): Promise<void> => undefined;
}
