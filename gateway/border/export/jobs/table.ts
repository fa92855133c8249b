import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isObjectType,
  isScalarType,
} from "graphql";
import type { Errand } from "../../../types/chain.ts";
import type { Decisions } from "../../../types/policy.ts";
import type { Column, ColumnType } from "../encode/columns.ts";
import type { Dataset } from "./datasets.ts";

/** A column of a dataset as the schema has it. */
export interface Placed extends Column {
  /** Keys from the node on. */
  readonly path: readonly string[];
  /** Coordinates from the node on, its own last: all must be open. */
  readonly coordinates: readonly string[];
}

/** Scalars that are no text. */
const TYPES: Readonly<Record<string, ColumnType>> = {
  Int: "integer",
  Boolean: "boolean",
  Rupiah: "rupiah",
  DateTime: "instant",
};

/** The columns of a dataset, in order. Throws for one that the schema does not have: our bug. */
export function columnsOf({ field, columns }: Dataset, api: GraphQLSchema): Placed[] {
  const connection = getNamedType(fieldOf(api.getQueryType(), field).type) as GraphQLObjectType;
  const node = getNamedType(fieldOf(connection, "nodes").type) as GraphQLObjectType;
  return Object.entries(columns).map(([name, written]) => placed(name, written.split("."), node));
}

function placed(name: string, path: readonly string[], node: GraphQLObjectType): Placed {
  const coordinates: string[] = [];
  let type: unknown = node;
  let label = name;
  for (const key of path) {
    const field = fieldOf(type, key);
    coordinates.push(`${(type as GraphQLObjectType).name}.${key}`);
    label = termOf(field.description) ?? label;
    type = getNamedType(field.type);
  }
  return { name, label, type: isScalarType(type) ? (TYPES[type.name] ?? "text") : "text", path, coordinates };
}

function fieldOf(type: unknown, name: string) {
  const field = isObjectType(type) ? type.getFields()[name] : undefined;
  if (!field) throw new Error(`a dataset names ${String(type)}.${name}, which the schema does not have`);
  return field;
}

/** A description begins with the Indonesian term. */
const termOf = (description: string | null | undefined): string | undefined =>
  description?.split(" — ")[0]?.trim().replace(/\.$/, "") || undefined;

/** What of a dataset an agreement opens. */
export interface Opened {
  readonly open: readonly Placed[];
  /** One whose very existence the agreement withholds is neither here nor there. */
  readonly denied: readonly Placed[];
}

export function openedBy(decisions: Decisions, columns: readonly Placed[]): Opened {
  const seen = columns.filter(({ coordinates }) => !coordinates.some((one) => decisions.hidden.has(one)));
  const isOpen = ({ coordinates }: Placed) => coordinates.every((one) => decisions.verdict(one).effect !== "deny");
  return { open: seen.filter(isOpen), denied: seen.filter((one) => !isOpen(one)) };
}

/** Rows of a list the slices give at once. */
const PAGE = 100;
const PAGING: ReadonlySet<string> = new Set(["first", "after", "orderBy"]);
type Filter = Readonly<Record<string, unknown>>;

/** A table that was asked for: some open columns of some rows. */
export interface Wanted {
  readonly dataset: Dataset;
  readonly columns: readonly Placed[];
  /** Of the list's own filter, or its arguments where it has none; null: all rows. */
  readonly filter: Filter | null;
}

/** Does a dataset take a filter of these names? */
export function takes({ field }: Dataset, filter: Filter, api: GraphQLSchema): boolean {
  const args = argumentsOf(field, api);
  const own = args.find(({ name }) => name === "filter")?.type;
  const known = isInputObjectType(own) ? Object.keys(own.getFields()) : args.map(({ name }) => name);
  return Object.keys(filter).every((name) => known.includes(name));
}

/** The question whose answer is a page of the table: `after` its end comes the next. On record as `operation`. */
export function questionOf(wanted: Wanted, api: GraphQLSchema, operation: string): (after: string | null) => Errand {
  const { dataset, filter } = wanted;
  const args = argumentsOf(dataset.field, api);
  const filters: Filter = filter !== null && args.some(({ name }) => name === "filter") ? { filter } : (filter ?? {});
  const declared = args.filter(({ name }) => Object.hasOwn(filters, name)).map(({ name, type }) => `$${name}: ${type}`);
  const document = `query ${operation}(${["$first: Int", "$after: String", ...declared].join(", ")}) {
    ${dataset.field}(${["first", "after", ...Object.keys(filters)].map((name) => `${name}: $${name}`).join(", ")}) {
      nodes ${selectionOf(wanted)} pageInfo { hasNextPage endCursor } } }`;
  return (after) => ({ operation, document, variables: { first: PAGE, after, ...filters } });
}

function argumentsOf(field: string, api: GraphQLSchema): GraphQLField<unknown, unknown>["args"] {
  return (api.getQueryType()?.getFields()[field]?.args ?? []).filter(({ name }) => !PAGING.has(name));
}

type Tree = Map<string, Tree>;

function selectionOf({ dataset: { each }, columns }: Wanted): string {
  const tree: Tree = new Map();
  for (const { path } of columns) {
    let level = tree;
    for (const key of path) {
      const below: Tree = level.get(key) ?? new Map();
      level.set(key, below);
      level = below;
    }
  }
  const textOf = (level: Tree): string => {
    const fields = [...level].map(([key, below]) => `${key}${argumentOf(each, key)}${below.size > 0 ? ` ${textOf(below)}` : ""}`);
    return `{ ${fields.join(" ")} }`;
  };
  return textOf(tree);
}

const argumentOf = (each: Dataset["each"], key: string): string =>
  each?.latest !== undefined && each.list === key ? `(latest: ${each.latest})` : "";
