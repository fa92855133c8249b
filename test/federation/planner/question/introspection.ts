import type { GraphQLSchema } from "graphql";
import { pick, type Random } from "../world/random.ts";

const OF_TYPE = "kind name ofType { name kind ofType { name kind } }";
const INPUTS = `{ name defaultValue type { ${OF_TYPE} } }`;
const PARTS = [
  "kind name",
  `fields { name type { ${OF_TYPE} } args ${INPUTS} }`,
  "interfaces { name }",
  "possibleTypes { name }",
  "enumValues(includeDeprecated: true) { name }",
  `inputFields ${INPUTS}`,
];

/** A question about the schema, to stand beside data. */
export function aboutSchema(schema: GraphQLSchema, random: Random): string {
  const names = [...Object.keys(schema.getTypeMap()).filter((name) => !name.startsWith("__")), "Nothing"];
  const part = () => pick(random, PARTS);
  return pick(random, [
    "__schema { queryType { name } mutationType { name } }",
    `a${random(9)}: __type(name: "${pick(random, names)}") { ${part()} ${part()} }`,
    `a${random(9)}: __type(name: "${pick(random, names)}") { name ... @include(if: $dt) { ${part()} } }`,
  ]);
}
