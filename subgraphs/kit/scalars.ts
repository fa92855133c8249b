import { GraphQLScalarType, Kind, type ValueNode } from "graphql";
import { parseRegionCode } from "../../schema/regionCode.ts";
import { parseRupiah } from "../../schema/rupiah.ts";
import { badInput } from "./errors.ts";

interface Form {
  readonly name: string;
  readonly description: string;
  /** The value in its one form; null when it is none. */
  readonly parse: (text: string) => string | null;
  readonly expects: string;
  /** From what the database answers to the wire; by default the text as it is. */
  readonly serialize?: (value: unknown) => string;
}

/** A scalar that is text on the wire and text inside. A refusal names the form, never the value. */
function textScalar({ name, description, parse, expects, serialize = String }: Form): GraphQLScalarType<string, string> {
  const read = (value: unknown): string => {
    const parsed = typeof value === "string" ? parse(value) : null;
    if (parsed === null) throw badInput(`a ${name} must be ${expects}`);
    return parsed;
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize,
    parseValue: read,
    parseLiteral: (node: ValueNode) => read(node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : null),
  });
}

function parseDay(text: string): string | null {
  const isDay = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
  return isDay && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text) ? text : null;
}

function parseInstant(text: string): string | null {
  const isInstant =
    /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})$/.test(text) && !Number.isNaN(Date.parse(text));
  return isInstant ? new Date(text).toISOString() : null;
}

/** Resolvers of the scalars in schema/hub.graphql, the same in every subgraph. */
export const scalars: Readonly<Record<string, GraphQLScalarType>> = {
  Rupiah: textScalar({
    name: "Rupiah",
    description: "whole rupiah",
    parse: parseRupiah,
    expects: "a whole number written as a string",
  }),
  Date: textScalar({ name: "Date", description: "calendar day", parse: parseDay, expects: "a day, YYYY-MM-DD" }),
  DateTime: textScalar({
    name: "DateTime",
    description: "instant in UTC",
    parse: parseInstant,
    expects: "an instant, RFC 3339",
    // PostgreSQL writes `2025-01-01 00:00:00+07`: the wire knows RFC 3339 in UTC only.
    serialize: (value) => new Date(value as string | Date).toISOString(),
  }),
  RegionCode: textScalar({
    name: "RegionCode",
    description: "Kemendagri region code",
    parse: parseRegionCode,
    expects: "2, 4, 6 or 10 digits, with or without dots",
  }),
};
