import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
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
import { Refusal } from "../../schema/errors.ts";
import type { RowRule } from "../../schema/policy/masks.ts";
import { hasVariable } from "../../schema/sdl/inputUses.ts";
import type { Occurrence, Reading, Rewrite } from "../types/document.ts";
import type { Decisions } from "../types/policy.ts";
import type { Supergraph } from "../types/supergraph.ts";
import { excludedBy } from "./conditions.ts";
import { documentsOf, fieldNamed, only, rowSelections, setOf, TYPENAME } from "./documents.ts";
import { judgeOutput } from "./output.ts";
import { type Closed, type Denied, deniedUses } from "./usage.ts";

export interface Judge {
  readonly decisions: Decisions;
  readonly supergraph: Supergraph;
  /** Only what @skip and @include read is used of it. */
  readonly coerced: Readonly<Record<string, unknown>>;
}

/**
 * The operation without what is denied or left out, ready to be planned: fragments inlined, client aliases replaced by our own (an
 * alias that shadows a key would choose the entity), `id` added where a row is a subject's, and what decides over single rows where
 * something there hangs on it. `closed` are the fields that variables close.
 */
export function rewrite(reading: Reading, policy: Judge, closed: Closed): Rewrite {
  const root = rootOf(reading);
  const excluded = excludedBy(reading.conditions, policy.coerced);
  const rewriter = new Rewriter({ reading, policy, excluded, given: closed });
  const place = { parent: root, scope: [root], isStatistics: false, copies: 1, ruled: new Map() };
  const selections = rewriter.selections(reading.operation.selectionSet.selections, place, new Set());
  const { aliases, asked, denials, transformed, inSomeRows, closed: shut, masked, rowRules, variable, looking } = rewriter;
  return {
    documents: documentsOf(reading, selections, policy.supergraph.aliasPrefix),
    aliases,
    excluded,
    asked,
    denials: [...denials.values()],
    denied: [...denials.keys()].sort(),
    transformed: [...new Set([...transformed, ...inSomeRows])].sort(),
    inSomeRows: [...inSomeRows].filter((coordinate) => !transformed.has(coordinate)).sort(),
    closed: shut,
    masked,
    rowRules,
    variable,
    looking,
  };
}

function rootOf({ view, operation }: Reading): GraphQLObjectType {
  const root = view.getRootType(operation.operation);
  if (!root) throw new Refusal({ code: "OPERATION_RESOLUTION_FAILURE", detail: `There is no ${operation.operation} here.` });
  return root;
}

/** Where the walk stands: `scope` holds the object types that can still be met there. */
interface Place {
  readonly parent: GraphQLCompositeType;
  readonly scope: readonly (GraphQLObjectType | GraphQLInterfaceType)[];
  /** Inside released aggregates: no row is a subject's. */
  readonly isStatistics: boolean;
  /** How often what is selected here stands in the rewritten document. */
  readonly copies: number;
  /** Rules met by the rows that stand here, by their type. Grows while the selection is walked. */
  readonly ruled: Map<string, RowRule[]>;
}

interface Rewriting {
  readonly reading: Reading;
  readonly policy: Judge;
  readonly excluded: ReadonlySet<SelectionNode>;
  readonly given: Closed;
}

class Rewriter {
  readonly aliases = new Map<string, string>();
  readonly asked = new Set<string>();
  readonly denials = new Map<string, Denied>();
  readonly transformed = new Set<string>();
  readonly inSomeRows = new Set<string>();
  readonly closed = new Map<FieldNode, Set<string>>();
  readonly masked = new Map<FieldNode, Map<string, string>>();
  readonly rowRules = new Map<FieldNode, Map<string, readonly RowRule[]>>();
  readonly variable: Occurrence[] = [];
  readonly looking: Occurrence[] = [];
  private written = 0;
  private readonly reading: Reading;
  private readonly policy: Judge;
  private readonly excluded: ReadonlySet<SelectionNode>;
  private readonly given: Closed;

  constructor({ reading, policy, excluded, given }: Rewriting) {
    this.reading = reading;
    this.policy = policy;
    this.excluded = excluded;
    this.given = given;
  }

  /** `spread` holds the names of the fragments that already stand here. */
  selections(nodes: readonly SelectionNode[], place: Place, spread: Set<string>): SelectionNode[] {
    return nodes.flatMap((node) => {
      if (this.excluded.has(node)) return [];
      return node.kind === Kind.FIELD ? this.field(node, place) : this.fragment(node, place, spread);
    });
  }

  private fragment(node: Exclude<SelectionNode, FieldNode>, place: Place, spread: Set<string>): SelectionNode[] {
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.reading.fragments.get(node.name.value);
    const name = fragment?.typeCondition?.name.value;
    const type = name === undefined ? place.parent : this.reading.view.getType(name);
    if (!fragment || !isCompositeType(type)) return [];
    const scope = place.scope.filter((object) => this.isA(object, type));
    const parent = isObjectType(place.parent) ? place.parent : type;
    if (scope.length === 0) return [];
    const { selections } = fragment.selectionSet;
    if (parent === place.parent) return isRepeated(node, spread) ? [] : this.selections(selections, { ...place, scope }, spread);
    const kept = this.selections(selections, { ...place, parent, scope }, new Set());
    // Even an emptied fragment asks for the type: what it held, if only a denial, shows on that type alone.
    return [only(parent.name, kept.length > 0 ? kept : [TYPENAME])];
  }

  private isA(object: Place["scope"][number], type: GraphQLCompositeType): boolean {
    return type.name === object.name || (isAbstractType(type) && this.reading.view.isSubType(type, object));
  }

  private field(node: FieldNode, place: Place): SelectionNode[] {
    const { parent, scope } = place;
    if (node.name.value === "__typename" && isAbstractType(parent)) return [TYPENAME];
    if (node.name.value.startsWith("__") || isUnionType(parent)) return [];
    const field = parent.getFields()[node.name.value];
    if (!field) return [];
    const open = scope.filter(({ name }) => this.isOpen({ type: name, node }, place));
    if (open.length === 0) return [];
    const isWhole = open.length === scope.length && !this.hasUnseen(parent);
    const copies = isWhole ? place.copies : place.copies * open.length;
    this.count(copies);
    const kept = this.kept(node, getNamedType(field.type), { ...place, copies });
    return isWhole ? [kept] : open.map(({ name }) => only(name, [kept]));
  }

  /** Types of the supergraph that may stand there and that the caller's view does not hold: of them nothing was judged, so nothing may be fetched. */
  private hasUnseen(parent: GraphQLCompositeType): boolean {
    const type = isAbstractType(parent) ? this.policy.supergraph.full.getType(parent.name) : undefined;
    if (!isAbstractType(parent) || !isAbstractType(type)) return false;
    const seen = this.reading.view.getPossibleTypes(parent).length;
    return seen > 0 && seen < this.policy.supergraph.full.getPossibleTypes(type).length;
  }

  private count(copies: number): void {
    this.written += copies;
    const max = this.policy.supergraph.limits.responseKeys;
    if (this.written > max) throw new Refusal({ code: "TOO_COSTLY", limit: { name: "responseKeys", actual: this.written, max } });
  }

  /** Judges a field of one object type by its output and its input, and takes down what was found. */
  private isOpen(occurrence: Occurrence, { ruled }: Place): boolean {
    const { type, node } = occurrence;
    const object = this.reading.view.getType(type) as Place["scope"][number];
    const field = object.getFields()[node.name.value];
    if (!field) return false;
    const output = judgeOutput(field, type, this.policy);
    const denied = output.effect === "deny" ? [output.failure] : this.deniedInput(field, occurrence);
    for (const failure of denied) this.denials.set(failure.coordinate, failure);
    if (denied.length > 0) {
      this.closed.set(node, (this.closed.get(node) ?? new Set()).add(type));
      return false;
    }
    const coordinate = `${type}.${field.name}`;
    this.asked.add(coordinate);
    if (field.args.length > 0 && this.policy.supergraph.hasLookups) this.looking.push(occurrence);
    if (output.effect === "transform") {
      this.transformed.add(coordinate);
      this.masked.set(node, (this.masked.get(node) ?? new Map<string, string>()).set(type, output.kind));
    }
    if (output.effect !== "deny" && output.rows) this.noteRules(occurrence, output.rows, ruled);
    return true;
  }

  private noteRules({ type, node }: Occurrence, rules: readonly RowRule[], ruled: Place["ruled"]): void {
    this.inSomeRows.add(`${type}.${node.name.value}`);
    this.rowRules.set(node, (this.rowRules.get(node) ?? new Map<string, readonly RowRule[]>()).set(type, rules));
    ruled.set(type, [...(ruled.get(type) ?? []), ...rules]);
  }

  private deniedInput(field: Parameters<typeof deniedUses>[0], occurrence: Occurrence) {
    if (field.args.length === 0) return [];
    if (!hasVariable(occurrence.node)) return deniedUses(field, occurrence, { decisions: this.policy.decisions, coerced: {} });
    this.variable.push(occurrence);
    return this.given.get(occurrence.node)?.get(occurrence.type) ?? [];
  }

  private kept(node: FieldNode, type: GraphQLNamedType, place: Place): FieldNode {
    const { name, arguments: args = [] } = node;
    const alias = this.aliasOf(node);
    const own = { kind: Kind.FIELD, name, arguments: args, ...(alias && { alias }) } as const;
    if (!node.selectionSet || !isCompositeType(type)) return own;
    const isStatistics = place.isStatistics || this.policy.supergraph.statisticsTypes.has(type.name);
    const scope = this.scopeOf(type);
    const before = this.masked.size;
    const ruled: Place["ruled"] = new Map();
    const inner = { ...place, parent: type, scope, isStatistics, ruled };
    const selections = this.selections(node.selectionSet.selections, inner, new Set());
    // Which type an object has must be known where types differ in what is masked or hidden. Elsewhere it may cost a better plan.
    const isTelling = this.masked.size > before || ruled.size > 0 || this.reading.view !== this.policy.supergraph.api;
    selections.push(...this.ofRows(inner));
    if ((isAbstractType(type) && isTelling) || selections.length === 0) selections.push(TYPENAME);
    return { ...own, selectionSet: setOf(selections) };
  }

  /** What is fetched with the rows that stand here beside what was asked: whose they are, and what decides over each. */
  private ofRows({ parent, scope, isStatistics, ruled }: Place): SelectionNode[] {
    const { supergraph } = this.policy;
    return scope.flatMap(({ name }) => {
      const isSubject = !isStatistics && supergraph.subjectTypes.has(name);
      const facts = rowSelections(name, { rules: ruled.get(name) ?? [], isSubject }, supergraph);
      const added = [...(isSubject ? [ID] : []), ...facts];
      return isAbstractType(parent) && added.length > 0 ? [only(name, added)] : added;
    });
  }

  /** An interface that no object implements (all is behind @interfaceObject) stands for itself; one of which the caller sees no type does not. */
  private scopeOf(type: GraphQLCompositeType): Place["scope"] {
    if (!isAbstractType(type)) return [type];
    const objects = this.reading.view.getPossibleTypes(type);
    const { full } = this.policy.supergraph;
    const all = objects.length === 0 && isInterfaceType(type) ? full.getType(type.name) : undefined;
    return isInterfaceType(type) && isInterfaceType(all) && full.getPossibleTypes(all).length === 0 ? [type] : objects;
  }

  private aliasOf({ alias, name }: FieldNode): FieldNode["alias"] {
    if (!alias || alias.value === name.value) return undefined;
    const known = this.aliases.get(alias.value) ?? `${this.policy.supergraph.aliasPrefix}${this.aliases.size}`;
    this.aliases.set(alias.value, known);
    return { kind: Kind.NAME, value: known };
  }
}

/** A named fragment that already stands here adds nothing. */
function isRepeated(node: Exclude<SelectionNode, FieldNode>, spread: Set<string>): boolean {
  if (node.kind === Kind.INLINE_FRAGMENT) return false;
  const isKnown = spread.has(node.name.value);
  spread.add(node.name.value);
  return isKnown;
}

const ID = fieldNamed("id");
