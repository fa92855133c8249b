import { type GraphQLField, getNamedType, isCompositeType } from "graphql";
import type { RowRule } from "../../schema/policy/masks.ts";
import type { Decisions, Verdict } from "../types/policy.ts";
import type { Supergraph } from "../types/supergraph.ts";
import type { Denied } from "./usage.ts";

type Output =
  | { readonly effect: "allow"; readonly rows?: readonly RowRule[] }
  | { readonly effect: "transform"; readonly kind: string; readonly rows?: readonly RowRule[] }
  | { readonly effect: "deny"; readonly failure: Denied };

/**
 * Whether the values of a field of an object type may be read. A field computed from denied ones (@requires) is denied with them,
 * unless it is of class DERIVED or ADMINISTRATION: then its own verdict has weighed its sources already.
 */
export function judgeOutput(
  field: GraphQLField<unknown, unknown>,
  typeName: string,
  policy: { readonly decisions: Decisions; readonly supergraph: Supergraph },
): Output {
  const coordinate = `${typeName}.${field.name}`;
  const verdict = policy.decisions.verdict(coordinate);
  if (verdict.effect === "deny") return { effect: "deny", failure: denied(coordinate, verdict) };
  for (const source of isWeighed(coordinate, policy.supergraph) ? [] : (policy.supergraph.requires.get(coordinate) ?? [])) {
    const needed = policy.decisions.verdict(source);
    if (needed.effect === "deny") return { effect: "deny", failure: denied(coordinate, needed) };
    if (needed.rows || needed.effect === "transform") return prohibited(coordinate); // it was computed from the plain value of whichever row
  }
  // No transform makes sense of an object: an effect the field cannot have closes it.
  if (verdict.effect === "transform" && isCompositeType(getNamedType(field.type))) return prohibited(coordinate);
  return verdict;
}

const prohibited = (coordinate: string): Output => ({ effect: "deny", failure: { code: "FIELD_PROHIBITED", coordinate } });

function denied(coordinate: string, { effect: _, ...why }: Extract<Verdict, { effect: "deny" }>): Denied {
  return { ...why, coordinate };
}

const isWeighed = (coordinate: string, { entries }: Supergraph): boolean =>
  entries.get(coordinate)?.classes.some((data) => data.class === "DERIVED" || data.class === "ADMINISTRATION") ?? false;
