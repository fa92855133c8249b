import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isUnionType,
  Kind,
  type SelectionSetNode,
  valueFromAST,
} from "graphql";
import { Refusal } from "../../schema/errors.ts";
import type { Reading } from "../types/document.ts";
import type { Supergraph } from "../types/supergraph.ts";

/** Arguments that say how many rows a field returns for each parent. */
const PAGE_ARGUMENTS = ["first", "latest"];
/** Lists of a connection: their size is the page's, which the field above has counted. */
const PAGE_LISTS = ["nodes", "edges"];
/** Rows of a list that nobody pages. A household of the synthetic population has 3.6 members; other such lists are shorter. */
const ASSUMED_ROWS = 5;
/**
 * A key of a released figure, beside 1 of a person's row: it is read from a shelf and counts nobody, but it is carried and written out all the same. Three
 * pages of 10,000 whole cells pass, which are more than half of what an answer may weigh. What is joined to it is priced as anywhere.
 */
const FIGURE = 1 / 8;
/** Stands once a page, not once a row: as cheap as a figure. */
const PAGE_INFO = "PageInfo";

type Variables = Readonly<Record<string, unknown>>;
type Priced = Pick<Supergraph, "limits" | "statisticsTypes">;
interface Cost {
  readonly keys: number;
  readonly pages: readonly { readonly size: (coerced: Variables) => number; readonly below: Cost }[];
}

/** Response keys times list sizes, by the coerced variables: what a literal `first` costs, a variable costs too. Conditions are not deducted. */
export function refuseTooCostly(reading: Reading, coerced: Variables, { limits, statisticsTypes }: Priced): void {
  if (limits.cost === Infinity) return;
  const actual = Math.round(price(costOf(reading, statisticsTypes), coerced));
  if (actual > limits.cost) throw new Refusal({ code: "TOO_COSTLY", limit: { name: "cost", actual, max: limits.cost } });
}

const price = ({ keys, pages }: Cost, coerced: Variables): number =>
  pages.reduce((sum, { size, below }) => sum + size(coerced) * price(below, coerced), keys);

const costs = new WeakMap<Reading, Cost>();

function costOf(reading: Reading, figures: Figures): Cost {
  const known = costs.get(reading);
  if (known) return known;
  const root = reading.view.getRootType(reading.operation.operation);
  const cost = root ? createPricer(reading, figures)(reading.operation.selectionSet, { parent: root, isPage: false }) : NOTHING;
  costs.set(reading, cost);
  return cost;
}

const NOTHING: Cost = { keys: 0, pages: [] };
/** Names of types of released figures. */
type Figures = Supergraph["statisticsTypes"];

interface Place {
  readonly parent: GraphQLCompositeType;
  /** Directly below a field that has a page size and is no list itself: a connection. */
  readonly isPage: boolean;
}

function createPricer({ view, fragments }: Reading, figures: Figures) {
  const known = new Map<string, Cost>();
  const ofFragment = (name: string, isPage: boolean): Cost => {
    const fragment = fragments.get(name);
    const parent = view.getType(fragment?.typeCondition.name.value ?? "");
    const key = `${name} ${isPage}`;
    const cost =
      known.get(key) ?? (fragment && isCompositeType(parent) ? ofSet(fragment.selectionSet, { parent, isPage }) : NOTHING);
    known.set(key, cost);
    return cost;
  };
  const priceOfKey = (type: string): number => (type === PAGE_INFO || figures.has(type) ? FIGURE : 1);
  const ofField = (node: FieldNode, { parent, isPage }: Place): Cost => {
    const field = isUnionType(parent) ? undefined : parent.getFields()[node.name.value];
    const type = field && getNamedType(field.type);
    const own = priceOfKey(parent.name);
    if (!field || !node.selectionSet || !isCompositeType(type)) return { keys: own, pages: [] };
    const page = pageSize(field, node);
    const below = ofSet(node.selectionSet, { parent: type, isPage: page !== null && !isList(field) });
    const size = page ?? assumedSize(field, isPage);
    return size ? { keys: own, pages: [{ size, below }] } : { keys: own + below.keys, pages: below.pages };
  };
  const ofSet = (set: SelectionSetNode, place: Place): Cost => {
    const parts = set.selections.map((node) => {
      if (node.kind === Kind.FIELD) return ofField(node, place);
      if (node.kind === Kind.FRAGMENT_SPREAD) return ofFragment(node.name.value, place.isPage);
      const parent = node.typeCondition ? view.getType(node.typeCondition.name.value) : place.parent;
      return isCompositeType(parent) ? ofSet(node.selectionSet, { ...place, parent }) : NOTHING;
    });
    return { keys: parts.reduce((sum, part) => sum + part.keys, 0), pages: parts.flatMap((part) => part.pages) };
  };
  return ofSet;
}

const isList = ({ type }: GraphQLField<unknown, unknown>): boolean => isListType(getNullableType(type));

/** Null: the field is no list, or its size is counted already. */
function assumedSize(field: GraphQLField<unknown, unknown>, isPage: boolean): (() => number) | null {
  const isCounted = !isList(field) || (isPage && PAGE_LISTS.includes(field.name));
  return isCounted ? null : () => ASSUMED_ROWS;
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
