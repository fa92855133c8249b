import { type FieldNode, type GraphQLSchema, isAbstractType, Kind, type SelectionNode } from "graphql";
import type { PathPart } from "../../types/plan.ts";
import type { FetchCoordinates } from "../../types/sources.ts";
import { nameAt, type Sent, typeBelow } from "./sent.ts";
import type { Sight } from "./sight.ts";

/** A field as it is asked for, arguments by name alone; or what is asked of objects of one type only. */
export type FieldTold =
  | {
      readonly field: string;
      readonly as?: string;
      readonly arguments?: readonly string[];
      readonly below?: readonly FieldTold[];
    }
  | { readonly on: string; readonly below: readonly FieldTold[] };

export interface Naming {
  readonly full: GraphQLSchema;
  readonly sight: Sight;
  /** The client's alias by the key that stands for it in the fetched tree. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** Tells the fields of one fetch, and takes down their coordinates. */
export class FieldTeller {
  /** Whether they stand in the answer, by coordinate, in the order they are asked. */
  readonly coordinates = new Map<string, boolean>();
  /** Fields the reader may not hear of. */
  unseen = 0;
  private readonly naming: Naming;
  private readonly output: ReadonlySet<string>;

  constructor(naming: Naming, { output }: Pick<FetchCoordinates, "output">) {
    this.naming = naming;
    this.output = new Set(output);
  }

  fields(selections: readonly SelectionNode[], type: string): readonly FieldTold[] {
    return selections.flatMap((node): readonly FieldTold[] => {
      if (node.kind === Kind.FIELD) return node.name.value === "__typename" ? [] : this.field(node, type);
      if (node.kind !== Kind.INLINE_FRAGMENT) return [];
      const on = node.typeCondition?.name.value ?? type;
      const below = this.fields(node.selectionSet.selections, on);
      return below.length > 0 && this.naming.sight.isType(on) ? [{ on, below }] : [];
    });
  }

  private field(node: FieldNode, type: string): readonly FieldTold[] {
    const { full, sight, aliases } = this.naming;
    const { alias, name, arguments: given = [], selectionSet } = node;
    const coordinate = `${type}.${name.value}`;
    if (!sight.isCoordinate(coordinate)) {
      this.unseen += 1;
      return [];
    }
    this.coordinates.set(coordinate, this.coordinates.get(coordinate) || this.isOutput(type, name.value));
    const as = alias && aliases.get(alias.value);
    const args = given.map((one) => one.name.value).filter((one) => sight.isCoordinate(`${coordinate}(${one}:)`));
    const below = selectionSet && this.fields(selectionSet.selections, typeBelow(full, type, name.value) ?? "");
    return [{ field: name.value, ...(as && { as }), ...(args.length > 0 && { arguments: args }), ...(below && { below }) }];
  }

  private isOutput(typeName: string, field: string): boolean {
    const type = this.naming.full.getType(typeName);
    const objects = isAbstractType(type) ? this.naming.full.getPossibleTypes(type).map(({ name }) => name) : [];
    return [typeName, ...objects].some((name) => this.output.has(`${name}.${field}`));
  }
}

/** Writes paths of the fetched tree with the words of the question: `households.nodes[Household].members`. */
export function pathTeller(sent: readonly Sent[], naming: Naming, root: string): (path: readonly PathPart[]) => string {
  const { full, sight, aliases } = naming;
  const told = (path: readonly PathPart[], at: number, type: string): string => {
    const step = path[at];
    if (step === undefined) return "";
    if ("type" in step) return `${sight.isType(step.type) ? `[${step.type}]` : ""}${told(path, at + 1, step.type)}`;
    const name = nameAt(sent, path.slice(0, at), step.field) ?? "";
    const word = sight.isCoordinate(`${type}.${name}`) ? (aliases.get(step.field) ?? name) : "…";
    return `.${word}${told(path, at + 1, typeBelow(full, type, name) ?? "")}`;
  };
  return (path) => told(path, 0, root).replace(/^\./, "");
}
