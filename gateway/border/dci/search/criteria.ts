import { isObject } from "../envelope/envelope.ts";
import type { Json, JsonObject, RegistryName } from "../types.ts";
import { type Entity, entitiesOf, filterOf } from "./attributes.ts";
import { expressionOf, predicatesOf } from "./conditions.ts";
import { badCriteria, own, rejected } from "./refusal.ts";

/** By what is searched: one identifier, or conditions. */
export type By =
  | { readonly kind: "nik" | "person" | "own"; readonly value: string }
  | { readonly kind: "filter"; readonly filter: Readonly<Record<string, string | number>> };

/** A search as it was understood. */
export interface Wanted {
  readonly entity: Entity;
  readonly by: By;
  readonly orderBy: string | null;
  readonly pageSize: number;
  readonly pageNumber: number;
  /** Codes of purposes that consent and authorization name. */
  readonly purposes: readonly string[];
}

/** A member that is not here may be a condition, and a condition that is not understood is never passed over. */
const MEMBERS: ReadonlySet<string> = new Set([
  ...["version", "reg_type", "reg_record_type", "response_entity", "query_type", "query", "sort", "pagination"],
  ...["consent", "authorize"],
]);

/** Throws a Rejection for what is not understood whole. */
export function wantedOf(criteria: Json | undefined, registry: RegistryName): Wanted {
  if (!isObject(criteria)) throw badCriteria("search_criteria must be an object");
  if (Object.keys(criteria).some((name) => !MEMBERS.has(name)))
    throw badCriteria("search_criteria has a member that is not known");
  const regType = criteria["reg_type"];
  if (regType !== undefined && !REGISTRIES[registry].has(lastOf(regType))) throw badCriteria("reg_type is another registry's");
  const { by, entity } = searchedOf(criteria, registry);
  return {
    by,
    entity,
    orderBy: orderOf(criteria["sort"], entity, by),
    ...pageOf(criteria["pagination"]),
    purposes: purposesOf(criteria),
  };
}

const REGISTRIES: Readonly<Record<RegistryName, ReadonlySet<string>>> = {
  sr: new Set(["social", "sr"]),
  ibr: new Set(["ibr"]),
};

/** `spdci-extensions-dci:Member` → `member`. */
const lastOf = (value: Json): string => (typeof value === "string" ? (value.split(/[:./#]/).at(-1) ?? "").toLowerCase() : "");

const IDENTIFIERS: Readonly<Record<string, By["kind"]>> = {
  ...{ nik: "nik", uin: "nik", nin: "nik", nid: "nik", nationalid: "nik", national_id: "nik" },
  ...{ person_id: "person", hub_person_id: "person" },
};
/** Numbers of the searched records themselves. */
const OWN: Readonly<Record<string, Entity>> = { household_id: "household", group_id: "household", enrolment_id: "enrolment" };
/** What record types and collections are of ours, by registry. */
const RECORDS: Readonly<Record<RegistryName, Readonly<Record<string, Entity>>>> = {
  sr: { person: "person", srperson: "person", member: "person", group: "household", household: "household" },
  ibr: { beneficiary: "enrolment", member: "enrolment", person: "enrolment", enrolment: "enrolment" },
};
const LONGEST_IDENTIFIER = 64;

function searchedOf(criteria: JsonObject, registry: RegistryName): Pick<Wanted, "by" | "entity"> {
  const { query_type: type, query } = criteria;
  if (type === "idtype-value") return identified(criteria, registry);
  if (type !== "expression" && type !== "predicate") throw badCriteria("query_type: idtype-value, expression or predicate");
  const { collection, conditions } =
    type === "expression" ? expressionOf(query) : { collection: null, conditions: predicatesOf(query) };
  const meant = meantBy(criteria, registry, collection);
  const possible = entitiesOf(conditions).filter((one) => Object.values(RECORDS[registry]).includes(one));
  const [entity, ...more] = meant === null ? possible : [meant];
  if (!entity) throw badCriteria("an attribute cannot be searched by");
  if (more.length > 0) throw badCriteria("response_entity: several kinds of records have these attributes");
  return { entity, by: { kind: "filter", filter: filterOf(entity, conditions) } };
}

function identified(criteria: JsonObject, registry: RegistryName): Pick<Wanted, "by" | "entity"> {
  const { type, value, ...more } = isObject(criteria["query"]) ? criteria["query"] : {};
  const name = lastOf(type ?? null);
  if (typeof value !== "string" || value === "" || value.length > LONGEST_IDENTIFIER || Object.keys(more).length > 0)
    throw badCriteria("query must be a type and a value, which is text"); // digits of a NIK are lost in a number
  const meant = meantBy(criteria, registry, null);
  const entity = meant ?? own(OWN, name) ?? (registry === "sr" ? "person" : "enrolment");
  const kind = own(OWN, name) === entity ? "own" : own(IDENTIFIERS, name);
  if (!kind || kind === "filter" || !Object.values(RECORDS[registry]).includes(entity))
    throw badCriteria("query.type: not an identifier these records are found by");
  return { entity, by: { kind, value } };
}

/** What the criteria say they want; null: nothing. Two that differ are rejected. */
function meantBy(criteria: JsonObject, registry: RegistryName, collection: string | null): Entity | null {
  const named = [criteria["response_entity"], criteria["reg_record_type"], collection].filter((one) => one != null);
  const meant = new Set(named.map((one) => own(RECORDS[registry], lastOf(one as Json))));
  if (meant.has(undefined) || meant.size > 1)
    throw badCriteria("response_entity, reg_record_type: not of this registry, or not the same");
  return [...meant][0] ?? null;
}

const ORDERS: Readonly<Record<Entity, Readonly<Record<string, string>>>> = {
  person: { birth_date: "BIRTH_DATE", name: "FULL_NAME" },
  household: { poverty_score: "DECILE", decile: "DECILE", income: "INCOME" },
  enrolment: {},
};

function orderOf(sort: Json | undefined, entity: Entity, by: By): string | null {
  if (sort === undefined || (Array.isArray(sort) && sort.length === 0)) return null;
  const [only, ...more] = Array.isArray(sort) ? sort : [];
  const { attribute_name: name, sort_order: order = "asc" } = isObject(only) ? only : {};
  const orderBy = typeof name === "string" ? own(ORDERS[entity], name) : undefined;
  if (more.length > 0 || order !== "asc" || orderBy === undefined || by.kind !== "filter")
    throw rejected(
      "rjct.sort.invalid",
      `sort: one attribute, ascending: ${Object.keys(ORDERS[entity]).join(", ") || "none here"}`,
    );
  return orderBy;
}

const [USUAL_PAGE, LARGEST_PAGE, LAST_ROW] = [20, 100, 1000];

function pageOf(pagination: Json | undefined): Pick<Wanted, "pageSize" | "pageNumber"> {
  if (pagination === undefined) return { pageSize: USUAL_PAGE, pageNumber: 1 };
  const { page_size: pageSize = null, page_number: pageNumber = 1 } = isObject(pagination) ? pagination : {};
  const isGood = isCount(pageSize) && isCount(pageNumber) && pageSize <= LARGEST_PAGE && pageSize * pageNumber <= LAST_ROW;
  if (!isGood) throw rejected("rjct.pagination.invalid", `pagination: pages of 1 to ${LARGEST_PAGE}, up to record ${LAST_ROW}`);
  return { pageSize, pageNumber };
}

const isCount = (value: Json): value is number => typeof value === "number" && Number.isInteger(value) && value > 0;

/** Whoever says what for must say it by its code: words cannot be held against an agreement. */
export function purposesOf(criteria: JsonObject): string[] {
  return ["consent", "authorize"].flatMap((name) => {
    const given = criteria[name];
    if (given === undefined) return [];
    const purpose = isObject(given) ? given["purpose"] : undefined;
    const code = isObject(purpose) ? purpose["code"] : purpose;
    if (typeof code !== "string") throw badCriteria(`${name}.purpose.code: the code of the agreement's purpose`);
    return [code];
  });
}
