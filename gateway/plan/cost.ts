import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  getNamedType,
  isCompositeType,
  isUnionType,
  Kind,
  type SelectionSetNode,
  valueFromAST,
} from "graphql";
import { Refusal } from "../../schema/errors.ts";
import type { Limits, Reading } from "../types.ts";

/** Arguments that say how many rows a field returns for each parent. */
const PAGE_ARGUMENTS = ["first", "latest"];

type Variables = Readonly<Record<string, unknown>>;
interface Cost {
  readonly keys: number;
  readonly pages: readonly { readonly size: (coerced: Variables) => number; readonly below: Cost }[];
}

/** Response keys times page sizes, by the coerced variables: what a literal `first` costs, a variable costs too. Conditions are not deducted. */
export function refuseTooCostly(reading: Reading, coerced: Variables, limits: Limits): void {
  if (limits.cost === Infinity) return;
  const actual = price(costOf(reading), coerced);
  if (actual > limits.cost) throw new Refusal({ code: "TOO_COSTLY", limit: { name: "cost", actual, max: limits.cost } });
}

const price = ({ keys, pages }: Cost, coerced: Variables): number =>
  pages.reduce((sum, { size, below }) => sum + size(coerced) * price(below, coerced), keys);

const costs = new WeakMap<Reading, Cost>();

function costOf(reading: Reading): Cost {
  const known = costs.get(reading);
  if (known) return known;
  const root = reading.view.getRootType(reading.operation.operation);
  const cost = root ? createPricer(reading)(reading.operation.selectionSet, root) : NOTHING;
  costs.set(reading, cost);
  return cost;
}

const NOTHING: Cost = { keys: 0, pages: [] };

function createPricer({ view, fragments }: Reading) {
  const known = new Map<string, Cost>();
  const ofFragment = (name: string): Cost => {
    const fragment = fragments.get(name);
    const type = view.getType(fragment?.typeCondition.name.value ?? "");
    const cost = known.get(name) ?? (fragment && isCompositeType(type) ? ofSet(fragment.selectionSet, type) : NOTHING);
    known.set(name, cost);
    return cost;
  };
  const ofField = (node: FieldNode, parent: GraphQLCompositeType): Cost => {
    const field = isUnionType(parent) ? undefined : parent.getFields()[node.name.value];
    const type = field && getNamedType(field.type);
    const below = node.selectionSet && isCompositeType(type) ? ofSet(node.selectionSet, type) : NOTHING;
    const size = field && pageSize(field, node);
    return size ? { keys: 1, pages: [{ size, below }] } : { keys: 1 + below.keys, pages: below.pages };
  };
  const ofSet = (set: SelectionSetNode, parent: GraphQLCompositeType): Cost => {
    const parts = set.selections.map((node) => {
      if (node.kind === Kind.FIELD) return ofField(node, parent);
      if (node.kind === Kind.FRAGMENT_SPREAD) return ofFragment(node.name.value);
      const type = node.typeCondition ? view.getType(node.typeCondition.name.value) : parent;
      return isCompositeType(type) ? ofSet(node.selectionSet, type) : NOTHING;
    });
    return { keys: parts.reduce((sum, part) => sum + part.keys, 0), pages: parts.flatMap((part) => part.pages) };
  };
  return ofSet;
}

/** Reads the page size of a field, the largest if it has several; null when it has none. A size below 1 costs 1: the source refuses it. */
function pageSize(field: GraphQLField<unknown, unknown>, node: FieldNode): ((coerced: Variables) => number) | null {
  const sizes = field.args.filter(({ name }) => PAGE_ARGUMENTS.includes(name)).map((argument) => sizeOf(argument, node));
  return sizes.length === 0 ? null : (coerced) => Math.max(1, ...sizes.map((size) => size(coerced)));
}

function sizeOf(argument: GraphQLArgument, node: FieldNode): (coerced: Variables) => number {
  const given = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
  const rows = (value: unknown) => Number(value ?? argument.defaultValue ?? 1) || 1;
  if (given?.kind === Kind.VARIABLE) return (coerced) => rows(coerced[given.name.value]);
  const fixed = rows(given && valueFromAST(given, argument.type));
  return () => fixed;
}
