import {
  type GraphQLInputType,
  type GraphQLOutputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
} from "graphql";
import { OBJECT, type Part, STRING } from "./parts.ts";

/** Scalars as JSON carries them; of others the text. */
const SCALARS: Readonly<Record<string, Part>> = {
  Int: { type: "integer", format: "int32" },
  Float: { type: "number" },
  Boolean: { type: "boolean" },
  Date: { type: "string", format: "date" },
  DateTime: { type: "string", format: "date-time" },
  Rupiah: { type: "string", pattern: "^-?\\d+$" },
  RegionCode: { type: "string", pattern: "^\\d{2}(?:\\.?\\d{2}(?:\\.?\\d{2}(?:\\.?\\d{4})?)?)?$" },
};

/** A value of an enum or a scalar; null: neither. */
export function leafOf(type: unknown): Part | null {
  if (isEnumType(type)) return { type: "string", enum: type.getValues().map(({ name }) => name) };
  return isScalarType(type) ? (SCALARS[type.name] ?? STRING) : null;
}

/** The same, or null. */
export const orNull = (schema: Part): Part => {
  const { type, enum: values } = schema;
  if (typeof type !== "string") return { anyOf: [schema, { type: "null" }] };
  return { ...schema, type: [type, "null"], ...(Array.isArray(values) && { enum: [...values, null] }) };
};

/** What stands at a place of this type; `named` makes the part of what is no list. */
export function wrapped(type: GraphQLOutputType | GraphQLInputType, named: (type: unknown) => Part): Part {
  if (isNonNullType(type)) return bare(type.ofType, named);
  return orNull(bare(type, named));
}

function bare(type: GraphQLOutputType | GraphQLInputType, named: (type: unknown) => Part): Part {
  return isListType(type) ? { type: "array", items: wrapped(type.ofType, named) } : named(type);
}

/** Input objects deeper than that are objects of no further word: they may hold themselves. */
const DEEPEST = 4;

/** What may be sent for a variable. */
export function inputOf(type: GraphQLInputType, depth = 0): Part {
  return wrapped(type, (named) => {
    if (!isInputObjectType(named)) return leafOf(named) ?? {};
    if (depth >= DEEPEST) return OBJECT;
    const fields = Object.values(named.getFields());
    const required = fields.filter((field) => isNonNullType(field.type) && field.defaultValue === undefined);
    return {
      type: "object",
      properties: Object.fromEntries(
        fields.map((field) => [field.name, { ...inputOf(field.type, depth + 1), ...describedBy(field.description) }]),
      ),
      ...(required.length > 0 && { required: required.map(({ name }) => name) }),
      additionalProperties: false,
    };
  });
}

export const describedBy = (text: string | null | undefined): Part => (text ? { description: text.replaceAll(/\s+/g, " ") } : {});
