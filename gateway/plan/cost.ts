import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  isUnionType,
  Kind,
  type SelectionSetNode,
  valueFromAST,
} from "graphql";
import { Refusal } from "../../schema/errors.ts";
import { narrowed } from "../../schema/policy/questionLimits.ts";
import type { Ceilings, Estimate } from "../types/chain.ts";
import type { Reading } from "../types/document.ts";
import { priceOfKey } from "../types/price.ts";
import type { Supergraph } from "../types/supergraph.ts";
import { lookupsOfField } from "./lookedUp.ts";

/** Arguments that say how many rows a field returns for each parent. */
const PAGE_ARGUMENTS = ["first", "latest"];
/** Lists of a connection: their size is the page's, which the field above has counted. */
const PAGE_LISTS = ["nodes", "edges"];
/** Rows of a list that nobody pages. A household of the synthetic population has 3.6 members; other such lists are shorter. */
const ASSUMED_ROWS = 5;
type Variables = Readonly<Record<string, unknown>>;
type Size = (coerced: Variables) => number;
type Priced = Pick<Supergraph, "limits" | "statisticsTypes" | "subjectTypes" | "entries">;
interface Cost {
  readonly keys: number;
  /** Rows of data subjects. */
  readonly subjects: number;
  readonly pages: readonly { readonly size: Size; readonly below: Cost }[];
}

interface Asking {
  readonly coerced: Variables;
  /** Whom it looks up. */
  readonly lookups?: readonly string[];
  /** What the agreement may at most, where that is less than the hub's limits. */
  readonly ceilings?: Ceilings | undefined;
}

/**
 * Response keys times list sizes, and rows of data subjects times list sizes, by the coerced variables: what a literal `first` costs, a variable costs too.
 * Both are upper bounds: conditions are not deducted, and nobody is taken for somebody met before. Throws TOO_COSTLY for more than may be.
 */
export function estimated(reading: Reading, { coerced, lookups = [], ceilings }: Asking, priced: Priced): Estimate {
  refuseHopeless(lookups, ceilings);
  const most = narrowed(priced.limits, ceilings);
  if (most.cost === Infinity && most.subjects === Infinity) return UNPRICED;
  const sum = { cost: 0, subjects: 0 };
  add(costOf(reading, priced), { times: 1, coerced }, sum);
  const found: Estimate = { cost: Math.round(sum.cost), subjects: sum.subjects, limit: most.cost };
  for (const name of ["cost", "subjects"] as const) {
    const [actual, max] = [found[name], most[name]];
    if (actual > max) throw new Refusal({ code: "TOO_COSTLY", limit: { name, actual, max } });
  }
  return found;
}

/**
 * Each NIK that is tried counts as one person at least, found or not: more of them than the agreement's persons a day can never be answered. Of an upper bound
 * nothing follows: whoever asks for a page of households may be told of three, or of people who count already.
 */
function refuseHopeless(lookups: readonly string[], { persons: max = Infinity }: Ceilings = {}): void {
  const actual = lookups.filter((id) => id.startsWith("nik:")).length;
  if (actual > max) throw new Refusal({ code: "TOO_COSTLY", limit: { name: "persons", actual, max } });
}

const UNPRICED: Estimate = { cost: 0, subjects: 0, limit: Infinity };

interface Adding {
  readonly times: number;
  readonly coerced: Variables;
}

function add({ keys, subjects, pages }: Cost, { times, coerced }: Adding, sum: { cost: number; subjects: number }): void {
  sum.cost += times * keys;
  sum.subjects += times * subjects;
  for (const { size, below } of pages) add(below, { times: times * size(coerced), coerced }, sum);
}

const costs = new WeakMap<Reading, Cost>();

function costOf(reading: Reading, priced: Priced): Cost {
  const known = costs.get(reading);
  if (known) return known;
  const root = reading.view.getRootType(reading.operation.operation);
  const place = { isPage: false, isStatistics: false };
  const cost = root ? new Pricer(reading, priced).ofSet(reading.operation.selectionSet, { parent: root, ...place }) : NOTHING;
  costs.set(reading, cost);
  return cost;
}

const NOTHING: Cost = { keys: 0, subjects: 0, pages: [] };
const ONE_SUBJECT: Cost = { keys: 0, subjects: 1, pages: [] };

interface Place {
  readonly parent: GraphQLCompositeType;
  /** Directly below a field that has a page size and is no list itself: a connection. */
  readonly isPage: boolean;
  /** Below a released figure, where nothing is a subject's row. */
  readonly isStatistics: boolean;
}

class Pricer {
  private readonly reading: Reading;
  private readonly priced: Priced;
  private readonly known = new Map<string, Cost>();

  constructor(reading: Reading, priced: Priced) {
    this.reading = reading;
    this.priced = priced;
  }

  ofSet(set: SelectionSetNode, place: Place): Cost {
    const parts = set.selections.map((node) => {
      if (node.kind === Kind.FIELD) return this.ofField(node, place);
      if (node.kind === Kind.FRAGMENT_SPREAD) return this.ofFragment(node.name.value, place);
      const parent = node.typeCondition ? this.reading.view.getType(node.typeCondition.name.value) : place.parent;
      return isCompositeType(parent) ? this.ofSet(node.selectionSet, { ...place, parent }) : NOTHING;
    });
    const sumOf = (name: "keys" | "subjects") => parts.reduce((sum, part) => sum + part[name], 0);
    return { keys: sumOf("keys"), subjects: sumOf("subjects"), pages: parts.flatMap((part) => part.pages) };
  }

  private ofFragment(name: string, { isPage, isStatistics }: Place): Cost {
    const { view, fragments } = this.reading;
    const fragment = fragments.get(name);
    const parent = view.getType(fragment?.typeCondition.name.value ?? "");
    const key = `${name} ${isPage} ${isStatistics}`;
    const place = fragment && isCompositeType(parent) && { parent, isPage, isStatistics };
    const cost = this.known.get(key) ?? (place ? this.ofSet(fragment.selectionSet, place) : NOTHING);
    this.known.set(key, cost);
    return cost;
  }

  private ofField(node: FieldNode, place: Place): Cost {
    const { parent } = place;
    const { statisticsTypes, entries } = this.priced;
    const field = isUnionType(parent) ? undefined : parent.getFields()[node.name.value];
    const own = { ...NOTHING, keys: priceOfKey(parent.name, statisticsTypes) };
    if (!field) return own;
    const lookups = lookupsOfField(field, { node, coordinate: `${parent.name}.${field.name}`, entries });
    const rows = node.selectionSet && this.rowsOf({ field, node, set: node.selectionSet, lookups }, place);
    if (!rows) return withTried(own, lookups);
    const { size, below, isSubject } = rows;
    const whole = size
      ? { ...own, pages: [{ size, below }] }
      : { keys: own.keys + below.keys, subjects: below.subjects, pages: below.pages };
    return withTried(whole, lookups && isSubject ? beyond(lookups, size) : lookups);
  }

  /** What stands below a field, once a row. Null: it is none with rows. */
  private rowsOf({ field, node, set, lookups }: Below, { isPage, isStatistics }: Place): Rows | null {
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return null;
    const page = pageSize(field, node);
    const isFigures = isStatistics || this.priced.statisticsTypes.has(type.name);
    const isSubject = !isFigures && this.isSubject(type);
    const inner = this.ofSet(set, { parent: type, isPage: page !== null && !isList(field), isStatistics: isFigures });
    const below = isSubject ? { ...inner, subjects: inner.subjects + 1 } : inner;
    return { size: page ?? assumedSize(field, isPage, lookups), below, isSubject };
  }

  /** Is a row of the type a data subject's, or may it be? */
  private isSubject(type: GraphQLCompositeType): boolean {
    const { subjectTypes } = this.priced;
    const isOne = ({ name }: GraphQLCompositeType) => subjectTypes.has(name);
    return isOne(type) || (isAbstractType(type) && this.reading.view.getPossibleTypes(type).some(isOne));
  }
}

interface Below {
  readonly field: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
  readonly set: SelectionSetNode;
  readonly lookups: Size | null;
}

interface Rows {
  /** Null: one. */
  readonly size: Size | null;
  readonly below: Cost;
  readonly isSubject: boolean;
}

/** Whoever is looked up is touched, whatever the field tells of them. */
const withTried = (cost: Cost, tried: Size | null): Cost =>
  tried ? { ...cost, pages: [...cost.pages, { size: tried, below: ONE_SUBJECT }] } : cost;

/** Of those looked up the ones that the rows of the field itself do not stand for. */
const beyond =
  (lookups: Size, size: Size | null): Size =>
  (coerced) =>
    Math.max(0, lookups(coerced) - (size?.(coerced) ?? 1));

const isList = ({ type }: GraphQLField<unknown, unknown>): boolean => isListType(getNullableType(type));

/** Null: the field is no list, or its size is counted already. A list of those looked up is as long as the list they are looked up by. */
function assumedSize(field: GraphQLField<unknown, unknown>, isPage: boolean, lookups: Size | null): Size | null {
  if (!isList(field) || (isPage && PAGE_LISTS.includes(field.name))) return null;
  return (coerced) => Math.max(lookups?.(coerced) ?? 0, ASSUMED_ROWS);
}

/** Reads the page size of a field, the largest if it has several; null when it has none. A size below 1 costs 1: the source refuses it. */
function pageSize(field: GraphQLField<unknown, unknown>, node: FieldNode): Size | null {
  const sizes = field.args.filter(({ name }) => PAGE_ARGUMENTS.includes(name)).map((argument) => sizeOf(argument, node));
  return sizes.length === 0 ? null : (coerced) => Math.max(1, ...sizes.map((size) => size(coerced)));
}

function sizeOf(argument: GraphQLArgument, node: FieldNode): Size {
  const given = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
  const rows = (value: unknown) => Number(value ?? argument.defaultValue ?? 1) || 1;
  if (given?.kind === Kind.VARIABLE) return (coerced) => rows(coerced[given.name.value]);
  const fixed = rows(given && valueFromAST(given, argument.type));
  return () => fixed;
}
