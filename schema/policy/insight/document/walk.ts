import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  Kind,
  type SelectionNode,
} from "graphql";
import { type InputUse, inputUses } from "../../../sdl/inputUses.ts";
import type { DocumentRead } from "./readDocument.ts";
import { argumentsOf, isAsked } from "./values.ts";

/** A field in one place of a document: what it touches on each type that can stand there, and what is asked below it. */
export interface FieldUse {
  readonly on: readonly { readonly coordinate: string; readonly inputs: readonly InputUse[] }[];
  readonly below: readonly FieldUse[];
}

const MAX_FIELDS = 5000;
export class TooLarge extends Error {}

type Type = GraphQLObjectType | GraphQLInterfaceType;
/** Where the walk stands; `scope` holds the types that can still be met there. */
interface Place {
  readonly parent: GraphQLCompositeType;
  readonly scope: readonly Type[];
}

/** Walks a document that fits its schema; throws TooLarge, or a GraphQLError for an argument without a valid value. */
export class Walker {
  private seen = 0;
  private readonly read: DocumentRead;
  constructor(read: DocumentRead) {
    this.read = read;
  }

  selections(nodes: readonly SelectionNode[], place: Place, spread: Set<string>): FieldUse[] {
    return nodes
      .filter((node) => isAsked(node, this.read.values))
      .flatMap((node) => (node.kind === Kind.FIELD ? this.field(node, place) : this.fragment(node, place, spread)));
  }

  private fragment(node: Exclude<SelectionNode, FieldNode>, { parent, scope }: Place, spread: Set<string>): FieldUse[] {
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.read.fragments.get(node.name.value);
    const name = fragment?.typeCondition?.name.value;
    const type = name === undefined ? parent : this.read.schema.getType(name);
    if (!fragment || !isCompositeType(type)) return [];
    const left = scope.filter((one) => one.name === type.name || (isAbstractType(type) && this.read.schema.isSubType(type, one)));
    const key = node.kind === Kind.FRAGMENT_SPREAD ? `${node.name.value} ${left.map((one) => one.name).join()}` : "";
    if (left.length === 0 || spread.has(key)) return [];
    if (key !== "") spread.add(key);
    return this.selections(
      fragment.selectionSet.selections,
      { parent: isObjectType(parent) ? parent : type, scope: left },
      spread,
    );
  }

  private field(node: FieldNode, { parent, scope }: Place): FieldUse[] {
    if (node.name.value.startsWith("__") || isUnionType(parent)) return [];
    const field = parent.getFields()[node.name.value];
    if (!field) return [];
    this.seen += scope.length;
    if (this.seen > MAX_FIELDS) throw new TooLarge();
    const type = getNamedType(field.type);
    const below =
      node.selectionSet && isCompositeType(type)
        ? this.selections(node.selectionSet.selections, { parent: type, scope: this.scopeOf(type) }, new Set())
        : [];
    return [{ on: scope.map((object) => this.useOn(object, node)), below }];
  }

  private useOn(object: Type, node: FieldNode): FieldUse["on"][number] {
    const coordinate = `${object.name}.${node.name.value}`;
    const field = object.getFields()[node.name.value];
    return { coordinate, inputs: field ? inputUses(field, coordinate, argumentsOf(field, node, this.read.values)) : [] };
  }

  private scopeOf(type: GraphQLCompositeType): readonly Type[] {
    if (!isAbstractType(type)) return [type];
    const objects = this.read.schema.getPossibleTypes(type);
    return objects.length === 0 && isInterfaceType(type) ? [type] : objects;
  }
}
