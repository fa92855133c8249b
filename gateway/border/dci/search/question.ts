import type { Errand, Known } from "../../../types/chain.ts";
import type { Entity } from "./attributes.ts";
import type { Wanted } from "./criteria.ts";
import { badCriteria } from "./refusal.ts";
import { ENROLMENT, HOUSEHOLD, HOUSEHOLDS_OF_PERSON, isOpen, OF_PERSON, PERSON, type Selection, selected } from "./selection.ts";

export type Row = Readonly<Record<string, unknown>>;

/** A search as a question of the hub, and where its rows stand in the answer. */
export interface Question {
  readonly errand: Errand;
  /** Null: what the rows would stand in was not answered. */
  readonly rows: (data: Row) => readonly Row[] | null;
  /** How many there are in all; undefined: that is not told. */
  readonly total: (data: Row, rows: readonly Row[]) => number | undefined;
}

const OPERATION = "DciSearch";
const LISTS: Readonly<Record<Entity, { readonly field: string; readonly type: string }>> = {
  person: { field: "persons", type: "Person" },
  household: { field: "households", type: "Household" },
  enrolment: { field: "enrolments", type: "Enrolment" },
};
const ROWS: Readonly<Record<Entity, Selection>> = { person: PERSON, household: HOUSEHOLD, enrolment: ENROLMENT };

/** The question that finds these records, of what the agreement opens. `after`: where the page begins. */
export function questionOf({ by, entity, orderBy, pageSize }: Wanted, { decisions }: Known, after: string | null): Question {
  if (by.kind === "own") return byOwn(entity, by.value, decisions);
  if (by.kind !== "filter")
    return ofPerson({ field: by.kind === "nik" ? "personByNik" : "person", value: by.value }, entity, decisions);
  const { field, type } = LISTS[entity];
  const isCounted = isOpen(decisions, `${type}Connection.totalCount`);
  const order = orderBy === null ? ["", ""] : [`, $orderBy: ${type}Order`, ", orderBy: $orderBy"];
  const document = `query ${OPERATION}($filter: ${type}Filter, $first: Int, $after: String${order[0]}) {
    ${field}(filter: $filter, first: $first, after: $after${order[1]}) {
      nodes ${selected(ROWS[entity], decisions)}${isCounted ? " totalCount" : ""} } }`;
  const variables = { filter: by.filter, first: pageSize, after, ...(orderBy !== null && { orderBy }) };
  return {
    errand: { operation: OPERATION, document, variables },
    rows: (data) => (data[field] as { readonly nodes?: readonly Row[] | null } | null)?.nodes ?? null,
    total: (data) => (data[field] as { readonly totalCount?: number | null } | null)?.totalCount ?? undefined,
  };
}

type View = Known["decisions"];

const oneOrNone = (row: unknown): readonly Row[] => (row == null ? [] : [row as Row]);
const allOf = (_: Row, rows: readonly Row[]): number => rows.length;

/** By the records' own number; a person's goes another way. */
function byOwn(entity: Entity, value: string, decisions: View): Question {
  const field = entity === "household" ? "household" : "enrolment";
  const document = `query ${OPERATION}($value: ID!) { ${field}(id: $value) ${selected(ROWS[entity], decisions)} }`;
  return {
    errand: { operation: OPERATION, document, variables: { value } },
    rows: (data) => oneOrNone(data[field]),
    total: allOf,
  };
}

/** Records of somebody known by a number: the person, the households they belong to, or their enrolments. */
function ofPerson(
  { field, value }: { readonly field: string; readonly value: string },
  entity: Entity,
  decisions: View,
): Question {
  const [selection, needed] = FROM_PERSON[entity];
  const [argument, type] = field === "person" ? ["id", "ID!"] : ["nik", "String!"];
  const document = `query ${OPERATION}($value: ${type}) { ${field}(${argument}: $value) ${selected(selection, decisions, new Set(needed))} }`;
  return {
    errand: { operation: OPERATION, document, variables: { value } },
    rows: (data) => fromPerson(entity, data[field] as Row | null),
    total: allOf,
  };
}

const FROM_PERSON: Readonly<Record<Entity, readonly [Selection, readonly string[]]>> = {
  person: [PERSON, []],
  household: [HOUSEHOLDS_OF_PERSON, ["Person.registryMembers", "Member.household"]],
  enrolment: [OF_PERSON, ["Person.enrolments"]],
};

function fromPerson(entity: Entity, found: Row | null): readonly Row[] | null {
  if (found === null || entity === "person") return oneOrNone(found);
  if (entity === "enrolment")
    return (found["enrolments"] as readonly Row[] | null)?.map((one) => ({ ...one, person: found })) ?? null;
  const members = found["registryMembers"] as readonly Row[] | null;
  const households = members?.flatMap(({ household }) => oneOrNone(household)) ?? null;
  return households && [...new Map(households.map((one) => [one["id"] ?? one, one])).values()];
}

/** The longest leap over records that nobody is told of. */
export const LEAP = 100;

/** The place behind so many records: a question about their order only, which shows nobody. */
export function leapOf(
  { by, entity, orderBy }: Wanted,
  first: number,
  after: string | null,
): { readonly errand: Errand; readonly end: (data: Row) => string | null } {
  if (by.kind !== "filter") throw badCriteria("pagination: one identifier has one page");
  const { field, type } = LISTS[entity];
  const order = orderBy === null ? ["", ""] : [`, $orderBy: ${type}Order`, ", orderBy: $orderBy"];
  const document = `query ${OPERATION}($filter: ${type}Filter, $first: Int, $after: String${order[0]}) {
    ${field}(filter: $filter, first: $first, after: $after${order[1]}) { pageInfo { hasNextPage endCursor } } }`;
  const variables = { filter: by.filter, first, after, ...(orderBy !== null && { orderBy }) };
  const pageOf = (data: Row) =>
    (data[field] as { readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } } | null)?.pageInfo;
  return {
    errand: { operation: OPERATION, document, variables },
    end: (data) => (pageOf(data)?.hasNextPage ? (pageOf(data)?.endCursor ?? null) : null),
  };
}
