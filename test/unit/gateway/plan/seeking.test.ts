import { readFileSync } from "node:fs";
import { type FieldNode, isObjectType, Kind, parse } from "graphql";
import { expect, test } from "vitest";
import { seeks } from "../../../../gateway/mask/seeking.ts";
import { apiSchemaOf } from "../../../../schema/sdl/apiSchema.ts";
import { catalogueOf } from "../../../../schema/sdl/catalogue.ts";

// Which questions find people by what is known of them: those do not find a person whose data are restricted.

const document = parse(readFileSync("schema/supergraph.graphql", "utf8"));
const api = apiSchemaOf(document);
const catalogue = catalogueOf(document);

test.each<[string, string, boolean]>([
  ["Query", "personByNik(nik: $v)", true],
  ["Query", "persons(filter: $v)", true],
  ["Query", "persons(orderBy: FULL_NAME)", true],
  ["Query", "households(filter: $v)", true],
  ["Query", "enrolments(filter: {})", true],
  ["Query", "persons(first: 5, after: $v)", false],
  ["Query", "person(id: $v)", false],
  ["Query", "enrolments", false],
  ["Query", "dataSubject(representing: $v)", false],
  ["Enrolment", "payments(latest: 3)", false],
  ["Household", "members", false],
])("%s.%s: %s", (typeName, text, expected) => {
  const [operation] = parse(`{ ${text} }`).definitions;
  const [node] = operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections : [];
  const type = api.getType(typeName);
  const name = (node as FieldNode).name.value;
  const field = isObjectType(type) ? type.getFields()[name] : undefined;
  expect(field).toBeDefined();
  expect(seeks({ field, coordinate: `${typeName}.${name}`, nodes: [node as FieldNode] }, catalogue)).toBe(expected);
});
