import { buildSchema, type GraphQLObjectType } from "graphql";
import { expect, test } from "vitest";
import { inputUses } from "../../../../schema/sdl/inputUses.ts";

const schema = buildSchema(`
  type Query { list(where: Where, order: [Order!], first: Int): Int }
  input Where { region: String and: [Where!] order: Order } enum Order { UP DOWN }
`);
const field = (schema.getQueryType() as GraphQLObjectType).getFields()["list"];
const uses = (args: Record<string, unknown>) =>
  inputUses(field as NonNullable<typeof field>, "Query.list", args).map(([coordinate]) => coordinate);

test("arguments, input fields and enum values are found at every depth", () => {
  expect(uses({ where: { and: [{ region: "35" }, { and: [{ order: "UP" }] }] }, order: ["DOWN"], first: 3 })).toEqual([
    "Query.list(where:)",
    "Where.and",
    "Where.region",
    "Where.and",
    "Where.order",
    "Order.UP",
    "Query.list(order:)",
    "Order.DOWN",
    "Query.list(first:)",
  ]);
});

test("an explicit null uses its coordinate, an absent value does not", () => {
  expect(uses({})).toEqual([]);
  expect(uses({ where: null })).toEqual(["Query.list(where:)"]);
  expect(uses({ where: { region: null } })).toEqual(["Query.list(where:)", "Where.region"]);
});
