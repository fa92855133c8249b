import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
} from "graphql";
import { Misuse } from "./faults.ts";

/**
 * The shortest question that asks a coordinate, so that a hub can be asked what it makes of it; arguments that must be given are variables, which
 * nobody fills. Throws Misuse where the asker's schema knows no way to it.
 */
export function questionFor(coordinate: string, sdl: string): string {
  const [, type = "", name = "", argument] = /^(\w+)\.(\w+)(?:\((\w+):\))?$/.exec(coordinate) ?? [];
  const schema = buildSchema(sdl, { assumeValid: true });
  const field = fieldIn(schema, type, name);
  const way = field && wayTo(schema, type);
  if (!field || !way) throw new Misuse(`no question leads to ${coordinate} in the schema of this agreement.`);
  const steps = [...way, { field, argument }];
  const root = type === "Mutation" || way[0]?.from === "Mutation" ? "mutation" : "query";
  const variables: string[] = [];
  const leaf = isCompositeType(getNamedType(field.type)) ? " { __typename }" : "";
  const selection = steps.reduceRight((inner, step) => `{ ${asked(step, variables)}${inner} }`, leaf).replace(/^\{ |\s*\}$/g, "");
  const head = variables.length > 0 ? `${root} Explained(${variables.join(", ")})` : `${root} Explained`;
  return `${head} { ${selection} }`;
}

type Field = GraphQLField<unknown, unknown>;

interface Step {
  readonly field: Field;
  /** Type it stands on. */
  readonly from?: string;
  /** The argument that is asked about. */
  readonly argument?: string | undefined;
}

function fieldIn(schema: GraphQLSchema, type: string, name: string): Field | undefined {
  const found = schema.getType(type);
  return isObjectType(found) || isInterfaceType(found) ? found.getFields()[name] : undefined;
}

/** Fields from a root to the type, as few as can be. */
function wayTo(schema: GraphQLSchema, type: string): Step[] | undefined {
  const ways = new Map<string, Step[]>([
    ["Query", []],
    ["Mutation", []],
  ]);
  for (const [from, way] of ways) {
    if (from === type) return way;
    const found = schema.getType(from);
    if (!isObjectType(found)) continue;
    for (const field of Object.values(found.getFields())) {
      const to = getNamedType(field.type).name;
      if (!ways.has(to)) ways.set(to, [...way, { field, from }]);
    }
  }
  return ways.get(type);
}

function asked({ field, argument }: Step, variables: string[]): string {
  const needed = field.args.filter((one) => isRequiredArgument(one) || one.name === argument);
  if (needed.length === 0) return `${field.name} `;
  const given = needed.map(({ name, type }) => `${name}: ${variable(type, variables)}`);
  return `${field.name}(${given.join(", ")}) `;
}

function variable(type: GraphQLInputType, variables: string[]): string {
  const name = `$v${variables.length}`;
  variables.push(`${name}: ${type}`);
  return name;
}
