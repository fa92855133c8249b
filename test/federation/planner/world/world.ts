import { Kind, parse, type SelectionSetNode, type TypeNode } from "graphql";

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
}

/** One subgraph. */
export interface Part {
  name: string;
  pieces: Piece[];
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
}

export interface Key {
  fields: string;
  resolvable: boolean;
}

export interface Field {
  name: string;
  type: string;
  /** As in SDL: `x: Int = 1`. */
  args: string[];
  external?: boolean;
  shareable?: boolean;
  inaccessible?: boolean;
  requires?: string;
  provides?: string | undefined;
  override?: string;
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
  /** Where the interface is an entity of its own, and where it stands as one type; null where it is plain. */
  readonly home: Part | null;
  readonly stand: Part | null;
}

/** What the marks are added with. */
export interface Drawer {
  add(part: Part, name: string, field: Field): void;
  ensure(part: Part, name: string): Piece;
  isAllowed(part: Part, name: string): boolean;
}

export const pieceOf = (part: Part, name: string): Piece | undefined => part.pieces.find((piece) => piece.name === name);

export const ROWS = 4;
export const COLOURS = ["RED", "GREEN", "BLUE"];
const HELPERS = `enum Colour { ${COLOURS.join(" ")} } input Where { not: Int colour: Colour }`;

/** A subgraph's SDL without its head. */
export const sdlOf = ({ pieces }: Part): string => {
  const text = pieces.map(textOf).join("\n");
  return /Colour|Where/.test(text) ? `${text}\n${HELPERS}` : text;
};

function textOf({ kind, name, implements: above, keys, fields, members, inaccessible }: Piece): string {
  const hidden = inaccessible ? " @inaccessible" : "";
  if (kind === "union") return `union ${name}${hidden} = ${members.join(" | ")}`;
  const keyed = keys.map((key) => ` @key(fields: "${key.fields}"${key.resolvable ? "" : ", resolvable: false"})`).join("");
  const head = `${kind === "interface" ? "interface" : "type"} ${name}${above.length > 0 ? ` implements ${above.join(" & ")}` : ""}`;
  return `${head}${keyed}${kind === "interfaceObject" ? " @interfaceObject" : ""}${hidden} {\n${fields.map(fieldOf).join("\n")}\n}`;
}

function fieldOf({ name, type, args, ...marks }: Field): string {
  const directives = [
    marks.external && "@external",
    marks.shareable && "@shareable",
    marks.inaccessible && "@inaccessible",
    marks.requires && `@requires(fields: ${JSON.stringify(marks.requires)})`,
    marks.provides && `@provides(fields: ${JSON.stringify(marks.provides)})`,
    marks.override && `@override(from: "${marks.override}")`,
  ].filter(Boolean);
  return `  ${name}${args.length > 0 ? `(${args.join(", ")})` : ""}: ${type}${directives.length > 0 ? ` ${directives.join(" ")}` : ""}`;
}

export const printWorld = ({ parts }: World): string =>
  parts.map((part) => `# subgraph ${part.name}\n${sdlOf(part)}`).join("\n\n");

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

export const namedOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : namedOf(type.type));
