import { buildSchema } from "graphql";
import { describe, expect, test } from "vitest";
import { operationsIn } from "../../../cli/kits/codegen/operations.ts";
import { documentsModule, manifestOf } from "../../../cli/kits/codegen/write.ts";
import { exampleOf } from "../../../cli/kits/postman/example.ts";

// What `npx hub kit codegen` writes where the hub's own schema has no example of it.

const schema = buildSchema(`
  type Query { pets(filter: Filter): [[Pet!]]! found(name: String! = "a"): Found cat: Cat }
  type Mutation { feed(input: Feeding!): Found! }
  interface Pet { name: String age: Int! }
  type Cat implements Pet { name: String age: Int! lives: Int }
  type Dog implements Pet { name: String age: Int! breed: Breed! }
  type Nobody { reason: String }
  union Found = Cat | Dog | Nobody
  enum Breed { PUG BOXER }
  input Filter { breed: Breed = PUG and: [Filter!] most: Feeding }
  input Feeding { grams: Int! at: When }
  scalar When
`);
const module = (text: string) => documentsModule(operationsIn([["q.graphql", text]], schema), schema);
const refusal = (...texts: string[]) => {
  try {
    operationsIn(
      texts.map((text, at) => [`${at}.graphql`, text] as const),
      schema,
    );
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};
const flat = (text: string) => text.replaceAll(/\s+/g, " ");

describe("the shape of an answer", () => {
  test("has a branch for every possible type that differs, told apart by its name", () => {
    const text = flat(module("query A { found { __typename ... on Pet { name } ... on Dog { breed } } }"));
    expect(text).toContain(
      'readonly found: { readonly __typename: "Cat"; readonly name: string | null; } | { readonly __typename: "Dog"; readonly name: string | null; ' +
        'readonly breed: MayGrow<Breed>; } | { readonly __typename: "Nobody"; } | null;',
    );
  });

  test("is one where all possible types look the same, with lists and nulls as they are nested", () => {
    expect(flat(module("query A { pets { age } }"))).toContain(
      "readonly pets: ReadonlyArray<ReadonlyArray<{ readonly age: number; }> | null>;",
    );
  });

  test("joins fields asked twice under one key, which are certain as soon as one of them is", () => {
    const text = flat(
      module(
        "query A($m: Boolean!) { cat @include(if: $m) { age } cat { n: name ...L @skip(if: $m) } } fragment L on Cat { lives }",
      ),
    );
    expect(text).toContain(
      "readonly cat: { readonly age: number; readonly n: string | null; readonly lives?: number | null; } | null;",
    );
    expect(flat(module("query A($m: Boolean!) { cat @include(if: $m) { age } }"))).toContain("readonly cat?: {");
  });
});

test("variables may be left out where they may be null or have a default; inputs come with all they hold", () => {
  const text = flat(module('query A($f: Filter, $n: String! = "b") { pets(filter: $f) { age } found(name: $n) { __typename } }'));
  expect(text).toContain("AVariables { readonly f?: Filter | null | undefined; readonly n?: string; }");
  expect(text).toContain(
    "interface Filter { readonly breed?: Breed | null | undefined; readonly and?: ReadonlyArray<Filter> | null | undefined; readonly most?: Feeding | null | undefined; }",
  );
  expect(text).toContain("interface Feeding { readonly grams: number; readonly at?: When | null | undefined; }");
  expect(text).toContain('export type Breed = "BOXER" | "PUG";');
  expect(text).toContain("export type When = unknown;");
  expect(flat(module("mutation M($i: Feeding!) { feed(input: $i) { __typename } }"))).toContain('kind: "mutation"');
});

test("the hash is of the text alone, however it was laid out and whatever else stands in the files", () => {
  const [one, other] = [
    "query A { cat { ...L } } fragment L on Cat { age }",
    "query A {\n cat { ...L } }\nfragment L on Cat { age }\nfragment Other on Cat { name }",
  ];
  const manifests = [one, other].map((text) => manifestOf(operationsIn([["q.graphql", text ?? ""]], schema)));
  expect(manifests[0]).toBe(manifests[1]);
  expect(manifests[0]).toMatch(/^\{\n {2}"[\da-f]{64}": "query A/);
});

test("what cannot be typed or registered is refused in a sentence, all of it at once", () => {
  expect(refusal("{ cat { age } }")).toContain("every operation needs a name");
  expect(refusal("subscription S { cat { age } }")).toContain("no subscriptions");
  expect(refusal("query A { cat { age } }", "query A { cat { name } }")).toBe("two operations are named A");
  expect(refusal("query A {")).toMatch(/^0\.graphql: Syntax Error/);
  expect(refusal("query A { dog }", "query B { ...None }").split("\n")).toHaveLength(2);
  expect(refusal("fragment L on Cat { age }")).toContain("no operation");
});

test("an example of a described body ends where its shape goes round", () => {
  const schemas = {
    Node: { type: "object", properties: { next: { $ref: "#/components/schemas/Node" }, kind: { enum: ["A"] } } },
  };
  expect(JSON.stringify(exampleOf({ $ref: "#/components/schemas/Node" }, schemas))).toMatch(/^\{"next":\{"next":.*"kind":"A"\}$/);
  expect(exampleOf({ type: ["string", "null"], format: "date" }, {})).toBe("2026-01-31");
});
