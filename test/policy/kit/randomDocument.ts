import fc from "fast-check";
import {
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from "graphql";
import type { Catalogue } from "../../../schema/sdl/catalogue.ts";

export interface Generated {
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const MAX_DEPTH = 6;
const MAX_FIELDS = 4;

/** Valid documents over a schema: fields through fragments, arguments written out and in variables, defaults, skipped parts, now and then a mutation. */
export const anyDocument = (schema: GraphQLSchema, catalogue: Catalogue): fc.Arbitrary<Generated> =>
  fc.array(fc.nat(10_000), { minLength: 400, maxLength: 400 }).map((draws) => new Writer(schema, catalogue, draws).write());

class Writer {
  private at = 0;
  private aliases = 0;
  private readonly declared: string[] = [];
  private readonly variables: Record<string, unknown> = {};
  private readonly schema: GraphQLSchema;
  private readonly catalogue: Catalogue;
  private readonly draws: readonly number[];
  constructor(schema: GraphQLSchema, catalogue: Catalogue, draws: readonly number[]) {
    this.schema = schema;
    this.catalogue = catalogue;
    this.draws = draws;
  }

  write(): Generated {
    const [query, mutation] = [this.schema.getQueryType(), this.schema.getMutationType()];
    const isMutation = this.draw(8) === 0 && mutation;
    const root = isMutation ? mutation : query;
    const body = this.selections(root as GraphQLObjectType, MAX_DEPTH);
    const declared = this.declared.length > 0 ? `(${this.declared.join(", ")})` : "";
    return { document: `${isMutation ? "mutation" : "query"} Q${declared} ${body}`, variables: this.variables };
  }

  private draw(below: number): number {
    const drawn = this.draws[this.at % this.draws.length] ?? 0;
    this.at += 1;
    return (drawn + this.at) % below;
  }

  private selections(type: GraphQLOutputType, depth: number): string {
    const named = getNamedType(type);
    if (!isCompositeType(named)) return "";
    if (isAbstractType(named)) {
      const objects = this.schema.getPossibleTypes(named);
      return `{ __typename ${objects.map((object) => `... on ${object.name} ${this.selections(object, depth - 1)}`).join(" ")} }`;
    }
    const fields = Object.values(named.getFields()).filter((field) => depth > 0 || !isCompositeType(getNamedType(field.type)));
    if (fields.length === 0) return "{ __typename }";
    const chosen = Array.from({ length: 1 + this.draw(MAX_FIELDS) }, () => fields[this.draw(fields.length)]);
    const written = chosen.map((field) => (field ? `${this.field(field, depth)}` : ""));
    return this.draw(6) === 0 ? `{ ... on ${named.name} { ${written.join(" ")} } }` : `{ ${written.join(" ")} }`;
  }

  private field({ name, args, type }: ReturnType<GraphQLObjectType["getFields"]>[string], depth: number): string {
    this.aliases += 1;
    const given = args
      .filter((one) => (isNonNullType(one.type) && one.defaultValue === undefined) || this.draw(3) === 0)
      .map((one) => `${one.name}: ${this.draw(2) === 0 ? this.variable(one.type) : this.literal(one.type)}`);
    const written = given.length > 0 ? `(${given.join(", ")})` : "";
    const skip = this.draw(12) === 0 ? ` @skip(if: ${this.draw(2) === 0})` : "";
    return `a${this.aliases}: ${name}${written}${skip} ${this.selections(type, depth - 1)}`;
  }

  private variable(type: GraphQLInputType): string {
    const name = `v${Object.keys(this.variables).length}`;
    this.declared.push(`$${name}: ${type}`);
    this.variables[name] = this.value(type);
    return `$${name}`;
  }

  private literal(type: GraphQLInputType): string {
    if (isNonNullType(type)) return this.literal(type.ofType);
    if (isListType(type)) return `[${this.literal(type.ofType)}]`;
    if (isEnumType(type)) return this.value(type) as string;
    if (!isInputObjectType(type)) return JSON.stringify(this.value(type));
    const fields = this.chosen(type).map((field) => {
      const guards = this.catalogue.entries.get(`${type.name}.${field.name}`)?.guards ?? [];
      const isSecret = guards.some(({ use }) => use === "LOOKUP" || use === "VERIFY");
      return `${field.name}: ${isSecret ? this.variable(field.type) : this.literal(field.type)}`;
    });
    return `{ ${fields.join(", ")} }`;
  }

  private value(type: GraphQLInputType): unknown {
    if (isNonNullType(type)) return this.value(type.ofType);
    if (isListType(type)) return [this.value(type.ofType)];
    if (isEnumType(type)) return type.getValues()[this.draw(type.getValues().length)]?.name;
    if (isInputObjectType(type)) return Object.fromEntries(this.chosen(type).map((one) => [one.name, this.value(one.type)]));
    return SAMPLES[type.name]?.[this.draw(SAMPLES[type.name]?.length ?? 1)] ?? "x";
  }

  private chosen(type: Extract<GraphQLInputType, { getFields: unknown }>) {
    return Object.values(type.getFields()).filter((one) => isNonNullType(one.type) || this.draw(3) === 0);
  }
}

const SAMPLES: Readonly<Record<string, readonly unknown[]>> = {
  Int: [1, 4, 9],
  Float: [0.5],
  Boolean: [true, false],
  Date: ["2020-02-02"],
  DateTime: ["2026-01-01T00:00:00Z"],
  RegionCode: ["3510"],
  Rupiah: ["500000"],
  ID: ["PKS-2025-001"],
};
