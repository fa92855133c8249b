import { type FieldNode, GraphQLError, type GraphQLField, getArgumentValues, isInterfaceType, isObjectType } from "graphql";
import { type Failure, Refusal } from "../../schema/errors.ts";
import { type InputUse, inputUses } from "../../schema/sdl/inputUses.ts";
import type { Occurrence, Reading } from "../types/document.ts";
import type { Decisions } from "../types/policy.ts";

export type Denied = Failure & { readonly coordinate: string };
/** Fields that their input closes, by place in the document and object type. */
export type Closed = ReadonlyMap<FieldNode, ReadonlyMap<string, readonly Denied[]>>;

/**
 * Denied arguments, input fields and enum values of one field; they close the field that carries them. Dropping the input instead
 * would widen the answer. Schema defaults count: `orderBy: X = SCORE` sorts by score although nobody wrote so.
 */
export function deniedUses(
  field: GraphQLField<unknown, unknown>,
  occurrence: Occurrence,
  given: { readonly decisions: Decisions; readonly coerced: Readonly<Record<string, unknown>> },
): Denied[] {
  const coordinate = `${occurrence.type}.${field.name}`;
  const args = argumentsOf(field, occurrence.node, given.coerced);
  return inputUses(field, coordinate, args).flatMap((use) => judge(use, given.decisions));
}

function judge([coordinate, value]: InputUse, decisions: Decisions): Denied[] {
  const verdict = decisions.verdict(coordinate);
  if (verdict.effect === "allow") {
    const { values } = verdict;
    const isOpen = !values || [value].flat().every((one) => values.includes(one as string | number));
    return isOpen ? [] : [{ code: "USE_NOT_GRANTED", coordinate }];
  }
  if (verdict.effect === "transform") return [{ code: "USE_NOT_GRANTED", coordinate }];
  const { effect: _, ...why } = verdict;
  return [{ ...why, code: "USE_NOT_GRANTED", coordinate }];
}

function argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode, coerced: Readonly<Record<string, unknown>>) {
  try {
    return getArgumentValues(field, node, coerced);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    // A null variable where the argument must not be null; the text of graphql-js may hold the value.
    throw new Refusal({ code: "BAD_USER_INPUT", detail: `An argument of "${field.name}" has no valid value.` });
  }
}

/** What the coerced variables of this request close, on cache hits too. Nearly always nothing. */
export function closedByVariables(
  variable: readonly Occurrence[],
  { view }: Reading,
  given: { readonly decisions: Decisions; readonly coerced: Readonly<Record<string, unknown>> },
): Closed {
  const closed = new Map<FieldNode, Map<string, readonly Denied[]>>();
  for (const occurrence of variable) {
    const type = view.getType(occurrence.type);
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[occurrence.node.name.value] : undefined;
    const denied = field ? deniedUses(field, occurrence, given) : [];
    if (denied.length === 0) continue;
    const byType = closed.get(occurrence.node) ?? new Map<string, readonly Denied[]>();
    closed.set(occurrence.node, byType.set(occurrence.type, denied));
  }
  return closed.size > 0 ? closed : NOTHING_CLOSED;
}

export const NOTHING_CLOSED: Closed = new Map();
