import { isObject } from "../envelope/envelope.ts";
import type { Json, JsonObject } from "../types.ts";
import type { Condition } from "./attributes.ts";
import { badCriteria, own } from "./refusal.ts";

const MOST = 10;

const OPERATORS: Readonly<Record<string, Condition["operator"]>> = {
  ...{ $eq: "eq", $lt: "lt", $lte: "le", $le: "le", $gt: "gt", $gte: "ge", $ge: "ge" },
  ...{ eq: "eq", lt: "lt", le: "le", gt: "gt", ge: "ge" },
};

/** Conditions of an expression (`query_type: expression`) and the collection it names. Only `$and` joins: what else does is rejected. */
export function expressionOf(query: Json | undefined): { readonly collection: string | null; readonly conditions: Condition[] } {
  const value = isObject(query) ? query["value"] : undefined;
  const expression = isObject(value) ? value["expression"] : undefined;
  if (!isObject(expression)) throw badCriteria("query.value.expression must be an object of collection and query");
  const { collection = null, query: wanted, ...more } = expression;
  if (Object.keys(more).length > 0 || (collection !== null && typeof collection !== "string") || !isObject(wanted))
    throw badCriteria("query.value.expression must be an object of collection and query");
  return { collection, conditions: bounded(joined(wanted)) };
}

function joined(query: JsonObject): Condition[] {
  return Object.entries(query).flatMap(([name, wanted]) => {
    if (name === "$and" && Array.isArray(wanted) && wanted.length > 0)
      return wanted.flatMap((one: Json) => {
        if (!isObject(one) || Object.keys(one).length === 0) throw badCriteria("$and joins objects");
        return joined(one);
      });
    if (name.startsWith("$")) throw badCriteria("conditions are joined by $and only");
    return comparing(name, wanted);
  });
}

/** `{ "$ge": …, "$lt": … }`, or a value by itself: equal. */
function comparing(attribute: string, wanted: Json): Condition[] {
  if (!isObject(wanted)) return [{ attribute, operator: "eq", value: wanted }];
  const compared = Object.entries(wanted);
  if (compared.length === 0) throw badCriteria("an attribute without a condition");
  return compared.map(([name, value]) => ({ attribute, operator: operatorOf(name), value }));
}

/** Conditions of a list of predicates (`query_type: predicate`); all of all hold, whatever their sequence. */
export function predicatesOf(query: Json | undefined): Condition[] {
  if (!Array.isArray(query) || query.length === 0) throw badCriteria("query must be a list of predicates");
  return bounded(
    query.flatMap((one: Json) => {
      if (!isObject(one)) throw badCriteria("a predicate must be an object");
      const { seq_num: _, expression1, condition, expression2, ...more } = one;
      const isJoined = expression2 === undefined ? condition === undefined || condition === "and" : condition === "and";
      if (!isJoined || Object.keys(more).length > 0) throw badCriteria("predicates are joined by and only");
      return [expression1, ...(expression2 === undefined ? [] : [expression2])].map(predicateOf);
    }),
  );
}

function predicateOf(expression: Json | undefined): Condition {
  const { attribute_name: attribute, operator, attribute_value: value, ...more } = isObject(expression) ? expression : {};
  if (typeof attribute !== "string" || value === undefined || Object.keys(more).length > 0)
    throw badCriteria("an expression has attribute_name, operator and attribute_value");
  return { attribute, operator: operatorOf(operator), value };
}

function operatorOf(name: Json | undefined): Condition["operator"] {
  const operator = typeof name === "string" ? own(OPERATORS, name) : undefined;
  if (!operator) throw badCriteria("an operator is not known");
  return operator;
}

function bounded(conditions: Condition[]): Condition[] {
  if (conditions.length === 0) throw badCriteria("no condition: all records are nobody's to ask for");
  if (conditions.length > MOST) throw badCriteria(`at most ${MOST} conditions`);
  return conditions;
}
