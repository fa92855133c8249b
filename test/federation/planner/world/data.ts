import { type FieldNode, Kind, parseType, type SelectionSetNode, type TypeNode, valueFromASTUntyped } from "graphql";
import { type Input, inputsOf, joinedInputs, settled } from "./inputs.ts";
import { hashOf } from "./random.ts";
import { type Field, fieldSet, namedOf, type Part, type Piece, ROWS, type World } from "./world.ts";

/** A row of the world: an object of this type and number. */
export interface Row {
  readonly t: string;
  readonly n: number;
}
export type Args = Readonly<Record<string, unknown>>;

interface Known {
  readonly type: TypeNode;
  readonly args: readonly Input[];
  readonly requires: string | undefined;
  /** Object types it may lead to: those that every subgraph knows which has the field. */
  readonly targets: readonly string[];
  /** Of an enum: the values that every subgraph knows which has the field. */
  readonly values: readonly string[];
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
  /** Whether one of the row's keys is null: then not every subgraph can be asked for it. */
  readonly isNullKeyed: (row: Row) => boolean;
  /** Whether what is read meets such a row. */
  readonly meetsNullKey: (read: () => unknown) => boolean;
  /** What a field set says of a row: what a representation has to carry. */
  readonly select: (row: Row, set: SelectionSetNode) => Record<string, unknown>;
}

export function dataOf(world: World): Data {
  const below = belowOf(world);
  const fields = fieldsOf(world, below);
  const inputs = inputsOf(world);
  const keys = nullableKeys(world);
  const watch = { isOn: false, isMet: false };
  const data: Data = {
    count: 0,
    fields,
    below,
    isNullKeyed: (row) => (keys.get(row.t) ?? []).some((key) => hasNull(data.select(row, fieldSet(key)))),
    value(row, name, given) {
      const field = fields.get(`${row.t}.${name}`);
      if (!field) throw new Error(`no field ${row.t}.${name}`);
      if (watch.isOn && !watch.isMet) {
        watch.isOn = false;
        watch.isMet = data.isNullKeyed(row);
        watch.isOn = true;
      }
      if (name === "ver") return data.count;
      const args = settled(field.args, given, inputs);
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
    computed({ t, n }, name, given) {
      const args = settled(fields.get(`${t}.${name}`)?.args ?? [], given.args, inputs);
      return short(`${t}.${name}#${n}${shown(args)} of ${JSON.stringify(given.inputs)}`);
    },
    meetsNullKey(read) {
      if (keys.size === 0) return false;
      Object.assign(watch, { isOn: true, isMet: false });
      read();
      watch.isOn = false;
      return watch.isMet;
    },
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
function argsOf({ arguments: given = [] }: FieldNode, defined: readonly Input[]): Args {
  const args: Record<string, unknown> = {};
  for (const { name, standard } of defined) {
    const node = given.find((each) => each.name.value === name);
    const value = node ? valueFromASTUntyped(node.value) : standard;
    if (value !== undefined) args[name] = value;
  }
  return args;
}

/** Keys of each type, where any of them may be null. */
function nullableKeys({ parts, nullKeys = [] }: World): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  if (nullKeys.length === 0) return keys;
  for (const piece of parts.flatMap(({ pieces }) => pieces))
    keys.set(piece.name, [...(keys.get(piece.name) ?? []), ...piece.keys.map(({ fields }) => fields)]);
  return keys;
}

/** Whether a null stands somewhere in a key; within a value of a scalar it may. */
export const hasNull = (key: unknown): boolean => JSON.stringify(key).replaceAll('"no":null', "").includes("null");

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
  const args = argsIn(parts);
  const all = parts.flatMap((part) => part.pieces.flatMap((piece) => piece.fields.map((field) => ({ part, piece, field }))));
  for (const { part, piece, field } of all.filter((each) => !each.field.external && each.piece.kind !== "interface")) {
    const owners = piece.kind === "interfaceObject" ? [...(below.get(piece.name) ?? [])] : [piece.name];
    const own: Known = {
      type: parseType(field.type),
      args: args.get(`${piece.name}.${field.name}`) ?? [],
      requires: field.requires,
      targets: targetsOf(field, part.pieces, below),
      values: valuesOf(field, part),
    };
    for (const at of owners.map((owner) => `${owner}.${field.name}`)) fields.set(at, bothOf(fields.get(at), own));
  }
  return fields;
}

const bothOf = (known: Known | undefined, own: Known): Known =>
  known
    ? {
        ...known,
        type: stricter(known.type, own.type),
        requires: known.requires ?? own.requires,
        targets: known.targets.filter((target) => own.targets.includes(target)),
        values: known.values.filter((value) => own.values.includes(value)),
      }
    : own;

/** What both types allow: a subgraph may say of a field that it is never null, and others not. */
function stricter(one: TypeNode, other: TypeNode): TypeNode {
  const bare = (type: TypeNode) => (type.kind === Kind.NON_NULL_TYPE ? type.type : type);
  const [mine, theirs] = [bare(one), bare(other)];
  const type =
    mine.kind === Kind.LIST_TYPE && theirs.kind === Kind.LIST_TYPE ? { ...mine, type: stricter(mine.type, theirs.type) } : mine;
  return one === mine && other === theirs ? type : { kind: Kind.NON_NULL_TYPE, type };
}

/** Of each field all arguments that any subgraph knows, with the default that any gives. */
function argsIn(parts: readonly Part[]): Map<string, Input[]> {
  const args = new Map<string, Input[]>();
  for (const piece of parts.flatMap(({ pieces }) => pieces))
    for (const { name, args: own } of piece.fields) {
      const at = `${piece.name}.${name}`;
      args.set(at, joinedInputs(args.get(at) ?? [], own));
    }
  return args;
}

const valuesOf = ({ type }: Field, { helpers }: Part): string[] => {
  const named = namedOf(parseType(type));
  return (helpers.find(({ kind, name }) => kind === "enum" && name === named)?.values ?? []).map(
    (value) => value.split(" ")[0] as string,
  );
};

/** Object types that a subgraph can answer with. */
function targetsOf(field: Field, pieces: readonly Piece[], below: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const type = namedOf(parseType(field.type));
  const piece = pieces.find(({ name }) => name === type);
  if (!piece) return [];
  if (piece.kind === "union") return piece.members;
  if (piece.kind === "interfaceObject") return [...(below.get(type) ?? [])];
  if (piece.kind === "interface")
    return pieces.filter((each) => each.kind === "type" && each.implements.includes(type)).map(({ name }) => name);
  return [type];
}

const KEY = /^(id|k\d|lo|hi|own.*)$/;

interface Making {
  readonly world: World;
  readonly row: Row;
  readonly name: string;
  readonly field: Known;
  readonly text: string;
}

function made(type: TypeNode, making: Making): unknown {
  const { name, row, text } = making;
  const isKey = KEY.test(name);
  const hash = hashOf(text);
  const isNullable = making.world.nullKeys?.includes(`${row.t}.${name}`) ?? false;
  if (isNullable && (row.n + making.world.salt) % 2 === 0) return null;
  if (type.kind === Kind.NON_NULL_TYPE) return name.startsWith("bad") && hash % 3 === 0 ? null : present(type.type, making);
  if (!isKey && row.t !== "Mutation" && hash % 7 === 0) return null;
  return present(type, making);
}

function present(type: TypeNode, making: Making): unknown {
  const { text } = making;
  if (type.kind === Kind.NON_NULL_TYPE) return made(type, making);
  if (type.kind === Kind.LIST_TYPE) {
    const least = KEY.test(making.name) ? 1 : 0;
    return Array.from({ length: least + (hashOf(`${text} length`) % (4 - least)) }, (_, at) =>
      made(type.type, { ...making, text: `${text}[${at}]` }),
    );
  }
  return leafOrRow(type.name.value, making);
}

function leafOrRow(type: string, making: Making): unknown {
  const { row, name, field, text } = making;
  const hash = hashOf(`${text} value`);
  if (type === "Query") return { t: "Query", n: 0 };
  if (["Int", "String", "ID", "Stamp"].includes(type)) return leaf(type, making, hash);
  if (field.values.length > 0) return field.values[hash % field.values.length];
  const target = field.targets[hash % field.targets.length];
  if (target === undefined) return null;
  return { t: target, n: name.startsWith("own") ? row.n : hashOf(`${text} row`) % ROWS };
}

function leaf(type: string, { row: { t, n }, name }: Making, hash: number): unknown {
  if (name === "lo") return `${t}-lo${n >> 1}`;
  if (name === "hi") return `${t}-hi${n & 1}`;
  const isUnique = /^(id|k\d|code)$/.test(name);
  if (type === "Stamp")
    return isUnique ? { at: n, no: null } : [`${t}${n}`, hash % 9, { at: [hash % 5, null] }, ["x", [n]]][hash % 4];
  if (type === "Int") return isUnique ? 100 + n : hash % 100;
  return isUnique ? `${t}-${name}${n}` : `${t}.${name}#${n}~${hash % 1000}`;
}
