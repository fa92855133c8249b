import {
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
} from "graphql";
import { hasVariable, inputUses } from "../../../schema/sdl/inputUses.ts";
import type { Fetch } from "../../types/plan.ts";
import type { FetchCoordinates, Source } from "../../types/sources.ts";
import type { Supergraph } from "../../types/supergraph.ts";
import type { Entry, Selected } from "../route/draft.ts";

/** A field with arguments, as a fetch sends it. */
interface Used {
  readonly coordinate: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
}

/** What one fetch touches, by verb, taken down from the very selections that its text is written of: nothing is fetched that its envelope does not name. */
export class Touched {
  private readonly output = new Set<string>();
  private readonly internal = new Set<string>();
  private readonly fixed = new Set<string>();
  /** Fields whose arguments hang on variables. */
  private readonly variable: Used[] = [];
  private readonly full: Supergraph["full"];
  private readonly source: Source;
  private readonly asked: ReadonlySet<string>;

  constructor({ full }: Pick<Supergraph, "full">, source: Source, asked: ReadonlySet<string>) {
    this.full = full;
    this.source = source;
    this.asked = asked;
  }

  entry({ as, selected, jump }: Entry): void {
    this.selected(selected);
    for (const set of [jump?.key, jump?.requires]) if (set) this.sent(set.selections, this.full.getType(as.name));
  }

  get all(): readonly string[] {
    return [...this.output, ...this.internal];
  }

  private selected({ place, as, fields, on }: Selected): void {
    const named = fieldsOf(this.full.getType(as.name));
    const objects = as.isInterfaceObject ? [as.name] : as.objects;
    for (const [key, { node, below }] of fields) {
      const field = named[node.name.value];
      const isAsked = place.bound.keys.get(key)?.isAsked ?? false;
      if (field) for (const object of objects) this.note({ coordinate: `${object}.${field.name}`, field, node }, isAsked);
      if (below) this.selected(below);
    }
    for (const inner of on.values()) this.selected(inner);
  }

  private note(used: Used, isAsked: boolean): void {
    const { coordinate, field, node } = used;
    if (!this.source.coordinates.index.has(coordinate)) return;
    (isAsked && this.isOpen(coordinate) ? this.output : this.internal).add(coordinate);
    if (field.args.length === 0) return;
    if (hasVariable(node)) this.variable.push(used);
    else for (const one of usesOf(used, {})) this.fixed.add(one);
  }

  /** Asked of the type itself, or of one that it stands for: a subgraph may know an interface as an object. */
  private isOpen(coordinate: string): boolean {
    if (this.asked.has(coordinate)) return true;
    const [typeName = "", name = ""] = coordinate.split(".");
    const type = this.full.getType(typeName);
    return isInterfaceType(type) && this.full.getPossibleTypes(type).some((object) => this.asked.has(`${object.name}.${name}`));
  }

  /** What the representations carry: sent to the subgraph, never shown for that. */
  private sent(selections: readonly SelectionNode[], type: GraphQLNamedType | undefined): void {
    for (const node of selections)
      if (node.kind === Kind.INLINE_FRAGMENT)
        this.sent(node.selectionSet.selections, node.typeCondition ? this.full.getType(node.typeCondition.name.value) : type);
      else if (node.kind === Kind.FIELD) this.sentField(node, type);
  }

  private sentField({ name: { value: name }, selectionSet }: FieldNode, type: GraphQLNamedType | undefined): void {
    const objects = isAbstractType(type) ? [type, ...this.full.getPossibleTypes(type)] : type ? [type] : [];
    for (const object of objects) {
      const field = fieldsOf(object)[name];
      const coordinate = `${object.name}.${name}`;
      if (!field || !this.source.coordinates.index.has(coordinate)) continue;
      this.internal.add(coordinate);
      if (selectionSet) this.sent(selectionSet.selections, getNamedType(field.type));
    }
  }

  /** The coordinates by the coerced variables of a request. */
  coordinates(): Fetch["coordinates"] {
    const output = [...this.output].sort();
    const internal = [...this.internal].sort();
    const withUses = (used: ReadonlySet<string>): FetchCoordinates => ({ output, internal, arguments: [...used].sort() });
    const fixed = withUses(this.fixed);
    if (this.variable.length === 0) return () => fixed;
    // One object for each set of uses: who signs envelopes encodes it once.
    const variants = new Map<string, FetchCoordinates>();
    return (coerced) => {
      const used = this.variable.flatMap((field) => usesOf(field, coerced));
      const key = used.join();
      const known = variants.get(key);
      if (known) return known;
      const made = withUses(new Set([...this.fixed, ...used]));
      if (variants.size >= MAX_VARIANTS) variants.clear();
      variants.set(key, made);
      return made;
    };
  }
}

const fieldsOf = (type: GraphQLNamedType | undefined) => (isObjectType(type) || isInterfaceType(type) ? type.getFields() : {});

const MAX_VARIANTS = 64;

function usesOf({ coordinate, field, node }: Used, coerced: Readonly<Record<string, unknown>>): string[] {
  try {
    return inputUses(field, coordinate, getArgumentValues(field, node, coerced)).map(([used]) => used);
  } catch {
    return field.args.map((argument) => `${coordinate}(${argument.name}:)`);
  }
}
