import { GraphQLError, GraphQLScalarType, type GraphQLSchema, isScalarType, Kind, type ValueNode } from "graphql";
import { Refusal } from "../errors.ts";
import { parseRegionCode } from "./regionCode.ts";
import { parseRupiah } from "./rupiah.ts";

interface Form {
  readonly name: string;
  readonly specifiedByURL: string;
  readonly description: string;
  /** The value in its one form; null when it is none. What it returns it reads again as the same. */
  readonly parse: (text: string) => string | null;
  readonly expects: string;
  /** From what the database answers to the wire; by default the text as it is. */
  readonly serialize?: (value: unknown) => string;
}

/** A scalar that is text on the wire and text inside. A refusal names the form, never the value. */
function textScalar({ parse, expects, serialize = String, ...type }: Form): GraphQLScalarType<string, string> {
  const read = (value: unknown, node?: ValueNode): string => {
    const parsed = typeof value === "string" ? parse(value) : null;
    if (parsed !== null) return parsed;
    const detail = `a ${type.name} must be ${expects}`;
    // As a GraphQLError it is told as it stands; of any other graphql-js makes a text that repeats the value.
    throw new GraphQLError(detail, { nodes: node ?? null, originalError: new Refusal({ code: "BAD_USER_INPUT", detail }) });
  };
  return new GraphQLScalarType<string, string>({
    ...type,
    serialize,
    parseValue: (value) => read(value),
    parseLiteral: (node) => read(node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : null, node),
  });
}

/** JavaScript moves 30 February to March, and PostgreSQL has no year 0. */
export function parseDay(text: string): string | null {
  const isDay = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) && !text.startsWith("0000");
  const at = isDay ? new Date(`${text}T00:00:00Z`) : undefined;
  return at && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) ? text : null;
}

function parseInstant(text: string): string | null {
  const [, day = ""] = /^([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})$/.exec(text) ?? [];
  if (parseDay(day) === null || Number.isNaN(Date.parse(text))) return null;
  const instant = new Date(text).toISOString();
  return parseDay(instant.slice(0, 10)) === null ? null : instant; // the offset may lead out of the years 1 to 9999
}

const ADDRESS = "https://hub.example/scalars/";

/** The scalars of schema/hub.graphql: the same rules at the gateway and in every subgraph. */
export const scalars: Readonly<Record<string, GraphQLScalarType>> = {
  Rupiah: textScalar({
    name: "Rupiah",
    specifiedByURL: `${ADDRESS}rupiah`,
    description: "whole rupiah",
    parse: parseRupiah,
    expects: "a whole number written as a string",
  }),
  Date: textScalar({
    name: "Date",
    specifiedByURL: `${ADDRESS}date`,
    description: "calendar day",
    parse: parseDay,
    expects: "a day, YYYY-MM-DD",
  }),
  DateTime: textScalar({
    name: "DateTime",
    specifiedByURL: `${ADDRESS}date-time`,
    description: "instant in UTC",
    parse: parseInstant,
    expects: "an instant, RFC 3339",
    // PostgreSQL writes `2025-01-01 00:00:00+07`: the wire knows RFC 3339 in UTC only.
    serialize: (value) => new Date(value as string | Date).toISOString(),
  }),
  RegionCode: textScalar({
    name: "RegionCode",
    specifiedByURL: `${ADDRESS}region-code`,
    description: "Kemendagri region code",
    parse: parseRegionCode,
    expects: "2, 4, 6 or 10 digits, with or without dots",
  }),
};

/**
 * Puts the rules on a schema built from SDL, in place, and returns it. Only on scalars of the same name and the same @specifiedBy:
 * in a supergraph of others a Date is whatever its own sources take.
 */
export function withScalars(schema: GraphQLSchema): GraphQLSchema {
  for (const { name, specifiedByURL, serialize, parseValue, parseLiteral } of Object.values(scalars)) {
    const type = schema.getType(name);
    if (isScalarType(type) && type.specifiedByURL === specifiedByURL)
      Object.assign(type, { serialize, parseValue, parseLiteral });
  }
  return schema;
}
