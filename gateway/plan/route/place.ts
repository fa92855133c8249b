import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  isUnionType,
  type SelectionNode,
} from "graphql";
import type { FieldSet } from "../federation/fieldSet.ts";
import { type Bound, bind, keyOf } from "./bound.ts";
import type { Reach } from "./reach.ts";

/**
 * Where an object stands in the answer: below a field of the place above, or the same object known to be of one type. A tree that grows with what is
 * asked and with what the plan needs itself.
 */
export class Place {
  readonly type: GraphQLCompositeType;
  readonly parent: Place | null;
  /** The field it hangs below; null for the root and for a narrowed place. */
  readonly field: FieldNode | null;
  readonly bound: Bound;
  /** Field sets as they are fetched here. */
  readonly needs = new Map<FieldSet, readonly SelectionNode[]>();
  /** By round: the reaches found up to it. */
  readonly reaches: (readonly Reach[])[] = [];
  readonly jumps = new Map<string, Reach>();
  /** By field and round: the reaches that answer it; and those of them that bring its @requires. */
  readonly answering = new Map<string, (readonly Reach[])[]>();
  readonly requiring = new Map<string, (readonly Reach[])[]>();
  /** Of selections met here: the first round in which all is reached, the last in which it is not. */
  readonly verdicts = new Map<readonly SelectionNode[], { yes: number; no: number }>();
  private readonly children = new Map<string, Place>();
  private readonly narrowed = new Map<string, Place>();

  constructor(
    type: GraphQLCompositeType,
    bound: Bound,
    from: { readonly parent: Place; readonly field: FieldNode | null } | null = null,
  ) {
    this.type = type;
    this.bound = bound;
    this.parent = from?.parent ?? null;
    this.field = from?.field ?? null;
  }

  /** What hangs below a field; null below a leaf. */
  below(node: FieldNode): Place | null {
    const key = keyOf(node);
    const known = this.children.get(key);
    if (known) return known;
    const type = isUnionType(this.type) ? undefined : this.type.getFields()[node.name.value]?.type;
    const named = type && getNamedType(type);
    if (!isCompositeType(named)) return null;
    const made = new Place(named, bind(this.bound, node), { parent: this, field: node });
    this.children.set(key, made);
    return made;
  }

  /** The same object, known to be of this type. */
  on(name: string, full: GraphQLSchema): Place {
    if (name === this.type.name) return this;
    const type = full.getType(name);
    if (!isObjectType(type)) throw new Error(`${name} is no object type`);
    const made = this.narrowed.get(name) ?? new Place(type, this.bound, { parent: this, field: null });
    this.narrowed.set(name, made);
    return made;
  }

  /** Fields and types from the root, such as `["households", "nodes", "... on Person"]`. */
  get path(): readonly string[] {
    if (!this.parent) return [];
    return [...this.parent.path, this.field ? keyOf(this.field) : `... on ${this.type.name}`];
  }
}
