import { type FieldNode, Kind, parseType, parseValue, type SelectionSetNode, type TypeNode, valueFromASTUntyped } from "graphql";
import { hashOf } from "./random.ts";
import { COLOURS, type Field, fieldSet, namedOf, type Piece, ROWS, type World } from "./world.ts";

/** A row of the world: an object of this type and number. */
export interface Row {
  readonly t: string;
  readonly n: number;
}
export type Args = Readonly<Record<string, unknown>>;

interface Known {
  readonly type: TypeNode;
  readonly args: readonly { readonly name: string; readonly standard: unknown }[];
  readonly requires: string | undefined;
  /** Object types it may lead to: those that every subgraph knows which has the field. */
  readonly targets: readonly string[];
}

/** The data of a world. Every value follows from coordinate, row and arguments, so every subgraph that has a field gives the same. */
export interface Data {
  /** Mutations so far. */
  count: number;
  readonly fields: ReadonlyMap<string, Known>;
  /** Interfaces and unions, with every object type of any subgraph below them. */
  readonly below: ReadonlyMap<string, ReadonlySet<string>>;
  readonly value: (row: Row, field: string, args: Args) => unknown;
  readonly computed: (row: Row, field: string, given: { args: Args; inputs: unknown }) => string;
  /** What a field set says of a row: what a representation has to carry. */
  readonly select: (row: Row, set: SelectionSetNode) => Record<string, unknown>;
}

export function dataOf(world: World): Data {
  const below = belowOf(world);
  const fields = fieldsOf(world, below);
  const data: Data = {
    count: 0,
    fields,
    below,
    value(row, name, args) {
      const field = fields.get(`${row.t}.${name}`);
      if (!field) throw new Error(`no field ${row.t}.${name}`);
      if (name === "ver") return data.count;
      if (field.requires !== undefined) {
        return data.computed(row, name, { args, inputs: data.select(row, fieldSet(field.requires)) });
      }
      return made(field.type, {
        world,
        row,
        name,
        field,
        text: `${world.salt} ${row.t}.${name} ${row.n} ${JSON.stringify(args)}`,
      });
    },
    computed: ({ t, n }, name, { args, inputs }) => short(`${t}.${name}#${n}${shown(args)} of ${JSON.stringify(inputs)}`),
    select: (row, set) => selected(data, row, set),
  };
  return data;
}

const shown = (args: Args) => (Object.keys(args).length > 0 ? `(${JSON.stringify(args)})` : "");
const short = (text: string) => (text.length > 300 ? `${text.slice(0, 250)}… ${hashOf(text)}` : text);

function selected(data: Data, row: Row, set: SelectionSetNode): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const node of set.selections) {
    if (node.kind === Kind.INLINE_FRAGMENT) {
      const type = node.typeCondition?.name.value ?? row.t;
      if (type === row.t || data.below.get(type)?.has(row.t)) Object.assign(found, selected(data, row, node.selectionSet));
    }
    if (node.kind === Kind.FIELD) found[node.name.value] = fieldIn(data, row, node);
  }
  return found;
}

function fieldIn(data: Data, row: Row, node: FieldNode): unknown {
  const { name, selectionSet } = node;
  if (name.value === "__typename") return row.t;
  const value = data.value(row, name.value, argsOf(node, data.fields.get(`${row.t}.${name.value}`)?.args ?? []));
  return selectionSet ? eachOf<Row>(value, (below) => selected(data, below, selectionSet)) : value;
}

/** Changes every object in lists of lists, and leaves null alone. */
export function eachOf<T>(value: unknown, change: (one: T) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => eachOf(one, change));
  return value !== null && typeof value === "object" ? change(value as T) : value;
}

/** As a source would coerce them: in the order of the definition, with what stands in for the absent. */
function argsOf({ arguments: given = [] }: FieldNode, defined: Known["args"]): Args {
  const args: Record<string, unknown> = {};
  for (const { name, standard } of defined) {
    const node = given.find((each) => each.name.value === name);
    const value = node ? valueFromASTUntyped(node.value) : standard;
    if (value !== undefined) args[name] = value;
  }
  return args;
}

const definedArg = (text: string) => {
  const [, name = "", standard] = /^(\w+): [^=]*(?:= (.*))?$/.exec(text) ?? [];
  return { name, standard: standard === undefined ? undefined : valueFromASTUntyped(parseValue(standard)) };
};

function belowOf({ parts }: World): Map<string, Set<string>> {
  const below = new Map<string, Set<string>>();
  const put = (above: string, name: string) => below.set(above, (below.get(above) ?? new Set()).add(name));
  for (const { kind, name, implements: above, members } of parts.flatMap(({ pieces }) => pieces)) {
    if (kind === "type") for (const each of above) put(each, name);
    for (const each of members) put(name, each);
  }
  return below;
}

function fieldsOf({ parts }: World, below: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Known> {
  const fields = new Map<string, Known>();
  const all = parts.flatMap(({ pieces }) => pieces.flatMap((piece) => piece.fields.map((field) => ({ pieces, piece, field }))));
  for (const { pieces, piece, field } of all.filter((each) => !each.field.external && each.piece.kind !== "interface")) {
    const targets = targetsOf(field, pieces, below);
    const owners = piece.kind === "interfaceObject" ? [...(below.get(piece.name) ?? [])] : [piece.name];
    for (const at of owners.map((owner) => `${owner}.${field.name}`)) fields.set(at, knownOf(field, targets, fields.get(at)));
  }
  return fields;
}

const knownOf = (field: Field, targets: readonly string[], known: Known | undefined): Known => ({
  type: known?.type ?? parseType(field.type),
  args: known?.args ?? field.args.map(definedArg),
  requires: known?.requires ?? field.requires,
  targets: known ? known.targets.filter((target) => targets.includes(target)) : targets,
});

/** Object types that a subgraph can answer with. */
function targetsOf(field: Field, pieces: readonly Piece[], below: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const type = namedOf(parseType(field.type));
  const piece = pieces.find(({ name }) => name === type);
  if (!piece) return [];
  if (piece.kind === "union") return piece.members;
  if (piece.kind === "interfaceObject") return [...(below.get(type) ?? [])];
  if (piece.kind === "interface") return pieces.filter((each) => each.implements.includes(type)).map(({ name }) => name);
  return [type];
}

interface Making {
  readonly world: World;
  readonly row: Row;
  readonly name: string;
  readonly field: Known;
  readonly text: string;
}

function made(type: TypeNode, making: Making): unknown {
  const { name, row, text } = making;
  const isKey = /^(id|k\d|lo|hi|own.*)$/.test(name);
  const hash = hashOf(text);
  if (type.kind === Kind.NON_NULL_TYPE) return name.startsWith("bad") && hash % 3 === 0 ? null : present(type.type, making);
  if (!isKey && row.t !== "Mutation" && hash % 7 === 0) return null;
  return present(type, making);
}

function present(type: TypeNode, making: Making): unknown {
  const { text } = making;
  if (type.kind === Kind.NON_NULL_TYPE) return made(type, making);
  if (type.kind === Kind.LIST_TYPE) {
    return Array.from({ length: hashOf(`${text} length`) % 4 }, (_, at) =>
      made(type.type, { ...making, text: `${text}[${at}]` }),
    );
  }
  return leafOrRow(type.name.value, making);
}

function leafOrRow(type: string, making: Making): unknown {
  const { row, name, field, text } = making;
  const hash = hashOf(`${text} value`);
  if (type === "Query") return { t: "Query", n: 0 };
  if (["Int", "Colour", "String", "ID"].includes(type)) return leaf(type, making, hash);
  const target = field.targets[hash % field.targets.length];
  if (target === undefined) return null;
  return { t: target, n: name.startsWith("own") ? row.n : hashOf(`${text} row`) % ROWS };
}

function leaf(type: string, { row: { t, n }, name }: Making, hash: number): unknown {
  if (name === "lo") return `${t}-lo${n >> 1}`;
  if (name === "hi") return `${t}-hi${n & 1}`;
  const isUnique = /^(id|k\d|code)$/.test(name);
  if (type === "Int") return isUnique ? 100 + n : hash % 100;
  if (type === "Colour") return COLOURS[hash % COLOURS.length];
  return isUnique ? `${t}-${name}${n}` : `${t}.${name}#${n}~${hash % 1000}`;
}
