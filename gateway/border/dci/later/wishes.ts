import { type GraphQLSchema, isEnumType } from "graphql";
import { isObject } from "../envelope/envelope.ts";
import { isPlainWord } from "../envelope/word.ts";
import { type Json, REG_TYPE, type RegistryName } from "../types.ts";
import type { Subscribing } from "./store.ts";

/** What a subscription is made of; or why it is none, by the standard's code. */
export type Wished = Omit<Subscribing, "registry"> | { readonly reason: Reason };
type Reason = "rjct.notify_types.invalid" | "rjct.notify_details.invalid" | "rjct.person_id.invalid";
type Narrowed = Pick<Subscribing, "programs" | "kinds" | "codes">;

const ALL: Narrowed = { programs: [], kinds: [], codes: [] };
const OF_ENROLMENTS: Narrowed = { ...ALL, kinds: ["ENROLMENT_CHANGED"] };
/** The standard's events in the words of the feed, and the feed's own. */
const EVENTS: ReadonlyMap<string, Narrowed> = new Map([
  ["REGISTER", { ...OF_ENROLMENTS, codes: ["ACTIVE"] }],
  ["DEREGISTER", { ...OF_ENROLMENTS, codes: ["EXITED", "GRADUATED"] }],
  ["UPDATE", ALL],
  ["ENROLMENT_CHANGED", OF_ENROLMENTS],
  ["PAYMENT_CHANGED", { ...ALL, kinds: ["PAYMENT_CHANGED"] }],
]);

/** `spdci-common:RegistryEventType:X` says X. */
const nameOf = (word: string): string => word.slice(word.lastIndexOf(":") + 1);

/** Reads `subscribe_criteria`. What is not understood whole is refused, never widened. Pure. */
export function wishOf(criteria: Json | undefined, registry: RegistryName, api: GraphQLSchema): Wished {
  if (!isObject(criteria)) return { reason: "rjct.notify_details.invalid" };
  const { reg_type: type, reg_event_type: event, notify_record_type: record, frequency, filter } = criteria;
  const told = isPlainWord(event) ? EVENTS.get(nameOf(event)) : undefined;
  if (!told || !isPlainWord(event)) return { reason: "rjct.notify_types.invalid" };
  const isOurs = type === undefined || type === REG_TYPE[registry];
  if (!isOurs || !isPlainWord(record) || frequency !== undefined) return { reason: "rjct.notify_details.invalid" }; // it is told as it happens
  if (isObject(filter) && filter["type"] !== undefined) return { reason: "rjct.person_id.invalid" }; // events are of programs, not of one person
  const programs = programsOf(filter, api);
  if (!programs) return { reason: "rjct.notify_details.invalid" };
  return { ...told, programs, eventType: event, recordType: record };
}

/** Of an empty filter all; of predicates those of `program`, all of which must hold. Null: it says something else. */
function programsOf(filter: Json | undefined, api: GraphQLSchema): readonly string[] | null {
  const predicates = Array.isArray(filter) ? filter : isObject(filter) && Object.keys(filter).length === 0 ? [] : null;
  const sets = predicates?.flatMap(setsOf);
  if (!sets || sets.includes(null)) return null;
  const [first = [], ...more] = sets as string[][];
  const left = first.filter((code) => more.every((set) => set.includes(code)));
  const isKnown = (code: string) => {
    const codes = api.getType("ProgramCode");
    return isEnumType(codes) && codes.getValue(code) !== undefined;
  };
  if (sets.length > 0 && left.length === 0) return null; // empty would mean all
  return left.every(isKnown) ? left : null;
}

/** Null among them: it says something else. */
function setsOf(predicate: Json): (string[] | null)[] {
  if (!isObject(predicate)) return [null];
  const { expression1, condition, expression2 } = predicate;
  if (expression2 === undefined) return condition === undefined ? [setOf(expression1)] : [null];
  return condition === "and" ? [setOf(expression1), setOf(expression2)] : [null];
}

function setOf(expression: Json | undefined): string[] | null {
  if (!isObject(expression) || expression["attribute_name"] !== "program") return null;
  const { operator, attribute_value: value } = expression;
  if (operator === "eq" && typeof value === "string") return [value];
  const isList = operator === "in" && Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string");
  return isList ? (value as string[]) : null;
}
