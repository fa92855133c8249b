import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  getArgumentValues,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
  isCompositeType,
  isUnionType,
  Kind,
  parse,
  type SelectionNode,
} from "graphql";
import { hasVariable, inputUses } from "../../schema/sdl/inputUses.ts";
import type { Fetch } from "../types/plan.ts";
import type { FetchCoordinates, Source } from "../types/sources.ts";
import type { Supergraph } from "../types/supergraph.ts";
import type { RequiresSelection } from "./planner.ts";

interface Scan {
  readonly supergraph: Supergraph;
  readonly asked: ReadonlySet<string>;
  readonly source: Source;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** A field with arguments, as a fetch sends it. */
interface Used {
  readonly coordinate: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
}

interface Found {
  readonly output: ReadonlySet<string>;
  readonly internal: ReadonlySet<string>;
  readonly fixed: ReadonlySet<string>;
  /** Fields whose arguments hang on variables. */
  readonly variable: readonly Used[];
}

/** What one fetch touches, read from the very text that is sent: nothing can be fetched that its envelope does not name. */
export function createCoordinateReader(supergraph: Supergraph, asked: ReadonlySet<string>) {
  return (
    operation: string,
    source: Source,
    requires: readonly RequiresSelection[] = [],
  ): { coordinates: Fetch["coordinates"]; keys: string[]; all: string[] } => {
    const { definitions } = parse(operation, { noLocation: true });
    const definition = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
    const root = definition && supergraph.full.getRootType(definition.operation);
    if (!root) throw new Error("a fetch without an operation");
    const fragments = new Map(
      definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION).map((node) => [node.name.value, node]),
    );
    const reader = new Reader({ supergraph, asked, source, fragments });
    reader.walk(definition.selectionSet.selections, { parent: root, scope: [root] });
    reader.requires(requires, []);
    const keys = definition.selectionSet.selections.flatMap((node) =>
      node.kind === Kind.FIELD ? [(node.alias ?? node.name).value] : [],
    );
    return { coordinates: coordinatesOf(reader), keys, all: [...reader.output, ...reader.internal] };
  };
}

/** `scope` null: the entities of any type. */
interface Place {
  readonly parent: GraphQLCompositeType;
  readonly scope: readonly GraphQLObjectType[] | null;
}

class Reader implements Found {
  readonly output = new Set<string>();
  readonly internal = new Set<string>();
  readonly fixed = new Set<string>();
  readonly variable: Used[] = [];
  private readonly walked = new Set<string>();
  private readonly reading: Scan;

  constructor(reading: Scan) {
    this.reading = reading;
  }

  walk(nodes: readonly SelectionNode[], place: Place): void {
    for (const node of nodes) {
      if (node.kind === Kind.FIELD) this.field(node, place);
      else if (node.kind === Kind.INLINE_FRAGMENT) this.fragment(node, place);
      else {
        const fragment = this.reading.fragments.get(node.name.value);
        const key = `${node.name.value} ${place.scope?.map(({ name }) => name).join() ?? ""}`;
        if (!fragment || this.walked.has(key)) continue;
        this.walked.add(key);
        this.fragment(fragment, place);
      }
    }
  }

  /** What the representations carry: keys and requires inputs, sent to the subgraph, never shown for that. */
  requires(selections: readonly RequiresSelection[], scope: readonly GraphQLObjectType[]): void {
    for (const selection of selections) {
      if (selection.kind === "InlineFragment") {
        const type = this.reading.supergraph.full.getType(selection.typeCondition);
        this.requires(selection.selections, isCompositeType(type) ? this.objectsOf(type) : []);
      } else if (selection.kind === "Field") this.requiredField(selection, scope);
    }
  }

  private requiredField(
    { name, selections = [] }: RequiresSelection & { kind: "Field" },
    scope: readonly GraphQLObjectType[],
  ): void {
    for (const object of scope) {
      const coordinate = `${object.name}.${name}`;
      const field = object.getFields()[name];
      if (!field || !this.reading.source.coordinates.index.has(coordinate)) continue;
      this.internal.add(coordinate);
      const type = getNamedType(field.type);
      if (isCompositeType(type)) this.requires(selections, this.objectsOf(type));
    }
  }

  private fragment({ typeCondition, selectionSet }: InlineFragmentNode | FragmentDefinitionNode, { parent, scope }: Place): void {
    const type = typeCondition ? this.reading.supergraph.full.getType(typeCondition.name.value) : parent;
    if (!isCompositeType(type)) return;
    const objects = typeCondition ? this.objectsOf(type) : (scope ?? []);
    this.walk(selectionSet.selections, { parent: type, scope: scope?.filter((object) => objects.includes(object)) ?? objects });
  }

  private objectsOf(type: GraphQLCompositeType): readonly GraphQLObjectType[] {
    return isAbstractType(type) ? this.reading.supergraph.full.getPossibleTypes(type) : [type];
  }

  private field(node: FieldNode, { parent, scope }: Place): void {
    const below = node.selectionSet?.selections ?? [];
    const field = isUnionType(parent) ? undefined : parent.getFields()[node.name.value];
    if (node.name.value === "_entities") this.walk(below, { parent, scope: null });
    if (!field) return;
    for (const object of scope ?? []) this.note(`${object.name}.${field.name}`, field, node);
    const type = getNamedType(field.type);
    if (isCompositeType(type)) this.walk(below, { parent: type, scope: this.objectsOf(type) });
  }

  private note(coordinate: string, field: GraphQLField<unknown, unknown>, node: FieldNode): void {
    const { source, asked } = this.reading;
    if (!source.coordinates.index.has(coordinate)) return;
    (asked.has(coordinate) ? this.output : this.internal).add(coordinate);
    if (field.args.length === 0) return;
    if (hasVariable(node)) this.variable.push({ coordinate, field, node });
    else for (const used of usesOf({ coordinate, field, node }, {})) this.fixed.add(used);
  }
}

function usesOf({ coordinate, field, node }: Used, coerced: Readonly<Record<string, unknown>>): string[] {
  try {
    return inputUses(field, coordinate, getArgumentValues(field, node, coerced)).map(([used]) => used);
  } catch {
    return field.args.map((argument) => `${coordinate}(${argument.name}:)`);
  }
}

const MAX_VARIANTS = 64;

function coordinatesOf(found: Found): Fetch["coordinates"] {
  const output = [...found.output].sort();
  const internal = [...found.internal].sort();
  const withUses = (used: ReadonlySet<string>): FetchCoordinates => ({ output, internal, arguments: [...used].sort() });
  const fixed = withUses(found.fixed);
  if (found.variable.length === 0) return () => fixed;
  // One object for each set of uses: who signs envelopes encodes it once.
  const variants = new Map<string, FetchCoordinates>();
  return (coerced) => {
    const used = found.variable.flatMap((field) => usesOf(field, coerced));
    const key = used.join();
    const known = variants.get(key);
    if (known) return known;
    const made = withUses(new Set([...found.fixed, ...used]));
    if (variants.size >= MAX_VARIANTS) variants.clear();
    variants.set(key, made);
    return made;
  };
}
