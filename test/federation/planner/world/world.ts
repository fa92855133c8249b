import { Kind, parse, parseType, parseValue, type SelectionSetNode, type TypeNode, valueFromASTUntyped } from "graphql";

/**
 * A made-up supergraph as plain data: what each subgraph publishes. Everything else (SDL, data, the one schema it is compared with) follows from
 * it, so that a failing world is made smaller by taking things away.
 *
 * A field's name says how its values are made: `id`, `k…` unique; `lo` and `hi` unique together; `own…` the row with the same number; `bad…` now
 * and then null where null may not be; `ver` the count of mutations so far; any other from its coordinate, row and arguments.
 */
export interface World {
  salt: number;
  parts: Part[];
  /** Keys that are now and then null, such as `Ant.k1`. */
  nullKeys?: string[];
}

/** One subgraph. */
export interface Part {
  name: string;
  pieces: Piece[];
  helpers: Helper[];
  /** Its own names of root types, by ours. */
  roots?: Record<string, string>;
  /** Says `extend schema` of them. */
  isExtending?: boolean;
}

/** An enum, an input object or a scalar as one subgraph writes it; printed where something names it. */
export interface Helper {
  kind: "enum" | "input" | "scalar";
  name: string;
  /** Enum values or input fields, as in SDL. */
  values: string[];
}

/** What one subgraph says of one type. */
export interface Piece {
  kind: "type" | "interface" | "interfaceObject" | "union";
  name: string;
  implements: string[];
  keys: Key[];
  fields: Field[];
  members: string[];
  inaccessible?: boolean;
  /** Written as `extend type`. */
  extended?: boolean;
}

export interface Key {
  fields: string;
  resolvable: boolean;
}

export interface Field {
  name: string;
  type: string;
  /** As in SDL: `x: Int = 1 @inaccessible`. */
  args: string[];
  external?: boolean;
  shareable?: boolean;
  inaccessible?: boolean;
  requires?: string;
  provides?: string | undefined;
  override?: string;
  /** Of the override: nobody tells the hub of labels, so the field stays where it was. */
  label?: string;
}

/** Entities and value types by name; what they may be keyed by. */
export interface Plot {
  readonly random: (below: number) => number;
  readonly parts: Part[];
  /** With `bad…` fields: then @requires takes leaves only, as their nulls would spread to what it needs from below a field. */
  readonly isBad: boolean;
  readonly keys: ReadonlyMap<string, readonly string[]>;
  readonly values: ReadonlyMap<string, readonly Field[]>;
  /** The interface's object types. */
  readonly pets: readonly string[];
  /** Keys of the interface where it is an entity of its own. */
  readonly petKeys: readonly string[];
  /** The interface implements another. */
  readonly hasBeing: boolean;
  /** Where the interface is an entity of its own, and where it stands as one type; null and nowhere where it is plain. */
  readonly home: Part | null;
  readonly stands: readonly Part[];
}

/** What the marks are added with. */
export interface Drawer {
  add(part: Part, name: string, field: Field): void;
  ensure(part: Part, name: string): Piece;
  isAllowed(part: Part, name: string): boolean;
}

export const pieceOf = (part: Part, name: string): Piece | undefined => part.pieces.find((piece) => piece.name === name);

export const ROWS = 4;
export const LEAVES: ReadonlySet<string> = new Set(["String", "Int", "Boolean", "ID", "Colour", "Hue", "Stamp"]);

const sets = new Map<string, SelectionSetNode>();

/** The selections of a field set, `a b { c }`. */
export function fieldSet(text: string): SelectionSetNode {
  const known = sets.get(text);
  if (known) return known;
  const [operation] = parse(`{${text}}`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a field set: ${text}`);
  sets.set(text, operation.selectionSet);
  return operation.selectionSet;
}

/** The name within `[T!]!`. */
export const named = (type: string): string => type.replace(/[[\]!]/g, "");

/** Name, type and default of an argument or an input field as in SDL. */
export function inputIn(text: string): { readonly name: string; readonly type: TypeNode; readonly standard: unknown } {
  const [, name = "", type = "", standard] = /^(\w+): ([^=@]*[^=@ ]) *(?:= (.*))?$/.exec(text.replace(/ @\w+$/, "")) ?? [];
  return {
    name,
    type: parseType(type, { noLocation: true }),
    standard: standard === undefined ? undefined : valueFromASTUntyped(parseValue(standard)),
  };
}

export const namedOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : namedOf(type.type));
