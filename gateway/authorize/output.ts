import { type GraphQLField, getNamedType, isCompositeType } from "graphql";
import { CLOSED, kindOfAll, type RowRule } from "../../schema/policy/masks.ts";
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

const isWeighed = (coordinate: string, { entries, beside }: Supergraph): boolean =>
  [coordinate, ...(beside.get(coordinate) ?? [])].every((each) =>
    entries.get(each)?.classes.some((data) => data.class === "DERIVED" || data.class === "ADMINISTRATION"),
  );

/**
 * The same policy, by which a field of an object type is no more open than that of an interface of it that a source knows as an object: the source
 * answers both, and knows them by the interface's coordinate alone.
 */
export function strictestOf(decisions: Decisions, { beside }: Pick<Supergraph, "beside">): Decisions {
  if (beside.size === 0) return decisions;
  return {
    key: decisions.key,
    hidden: decisions.hidden,
    verdict(coordinate) {
      const others = (beside.get(coordinate) ?? []).map((other) => decisions.verdict(other));
      return others.reduce(stricter, decisions.verdict(coordinate));
    },
    transform: (kind, value, coordinate) => decisions.transform(kind, value, coordinate),
  };
}

function stricter(one: Verdict, other: Verdict): Verdict {
  if (one.effect === "deny" || other.effect === "deny") return one.effect === "deny" ? one : other;
  const kinds = [one, other].flatMap((verdict) => (verdict.effect === "transform" ? [verdict.kind] : []));
  const kind = kindOfAll(kinds);
  if (kind === CLOSED && !kinds.includes(CLOSED)) return { effect: "deny", code: "FIELD_PROHIBITED" };
  const held = kinds.filter((each) => each !== kind).map((each) => ({ kind: each })); // a pseudonym stands for a mask, and forgets it
  const rows = [...held, ...(one.rows ?? []), ...(other.rows ?? [])];
  const ruled = rows.length > 0 && { rows };
  return kind === null ? { effect: "allow", ...ruled, ...valuesOf(one, other) } : { effect: "transform", kind, ...ruled };
}

/** What an argument may take by both. */
function valuesOf(...both: readonly Verdict[]): { readonly values?: readonly (string | number)[] } {
  const [first, second] = both.flatMap((verdict) => (verdict.effect === "allow" && verdict.values ? [verdict.values] : []));
  if (!first) return {};
  return { values: second ? first.filter((value) => second.includes(value)) : first };
}
