import { type GraphQLInputType, isEnumType, isInputObjectType, isListType, isNonNullType } from "graphql";
import { once, pick, type Random, some } from "../world/random.ts";

/** What variables have; `dt` and `df` are left to their defaults. */
export const VARIABLES = {
  t: true,
  f: false,
  n: 2,
  c: "GREEN",
  o: "HIGH",
  w: { not: 1, colour: "BLUE" },
  ws: [{ not: 3 }, { colour: "RED", not: null }],
  l: [1, null, 3],
  ll: [[1], null, [2, 3]],
  s: { at: [1, { no: null }], of: "x" },
  i: ["i1", 2],
};

const TYPES: Readonly<Record<string, readonly string[]>> = {
  t: ["Boolean!"],
  f: ["Boolean!", "Boolean! = true"],
  dt: ["Boolean = true", "Boolean! = true"],
  df: ["Boolean! = false", "Boolean = false"],
  n: ["Int", "Int!", "Int = 7"],
  d: ["Int = 7", "Int! = 8", "Int"],
  c: ["Colour", "Colour!", "Colour = RED"],
  o: ["Tone", "Tone! = LOW"],
  w: ["Where", "Where = { not: 4 }"],
  ws: ["[Where!]", "[Where!]!"],
  l: ["[Int]", "[Int] = [4]"],
  ll: ["[[Int]]"],
  s: ["Stamp", "Stamp!"],
  i: ["[ID]", "[ID!]!"],
};

/** Definitions of the variables that a text uses. */
export function definitionsFor(text: string, random: Random): string {
  const used = Object.entries(TYPES).filter(([name]) => new RegExp(`\\$${name}\\b`).test(text));
  return used.length > 0 ? ` (${used.map(([name, types]) => `$${name}: ${pick(random, types)}`).join(", ")})` : "";
}

const VALUES: Readonly<Record<string, readonly string[]>> = {
  Int: ["5", "$n", "$n", "$d", "null"],
  Colour: ["BLUE", "$c", "$c"],
  Tone: ["LOW", "$o"],
  Where: ["$w"],
  Stamp: ['"x"', "4", '{ at: $n, of: [$c, null, "y"] }', "$s", "[1, [$d]]", "{ at: [$i] }"],
  "[Int]": ["$l", "[]", "[1, $n]", "3"],
  "[[Int]]": ["$ll", "[[1], $l]", "[$l, null, [$n]]"],
  "[Where!]": ["$ws", "[$w]", "[]", "$w"],
};

/** A value for an input of this type; empty: none is given. Not always legal. */
export function valueFor(type: GraphQLInputType, random: Random, depth = 0): string {
  if (once(random, 4)) return "";
  const inner = isNonNullType(type) ? type.ofType : type;
  const known = VALUES[String(inner)] ?? [];
  if (known.length > 0 && (depth > 1 || !once(random, 2))) return pick(random, known);
  if (isListType(inner)) return `[${[0, 1].map(() => valueFor(inner.ofType, random, depth + 1)).filter(Boolean)}]`;
  if (isEnumType(inner)) return pick(random, inner.getValues()).name;
  if (!isInputObjectType(inner)) return known.length > 0 ? pick(random, known) : "";
  if (depth > 1) return "{}";
  const fields = some(random, Object.values(inner.getFields()), 0).flatMap((field) => {
    const value = valueFor(field.type, random, depth + 1);
    return value ? [`${field.name}: ${value}`] : [];
  });
  return `{ ${fields.join(", ")} }`;
}
