import { parse } from "graphql";
import { expect, test } from "vitest";
import { compileTable } from "../../../schema/policy/decisionTable.ts";
import type { Grant } from "../../../schema/policy/policy.ts";
import { catalogueOf } from "../../../schema/sdl/catalogue.ts";

// Vectors of the model that are of a whole agreement. P2 is of one decision (test/unit/policy/policy.test.ts), P3 of the database (inForce.test.ts).

const catalogue = catalogueOf(
  parse(`
  type Query { people(where: Where @unguarded(reason: "guarded"), nik: String @guards(field: "Person.nik", use: LOOKUP)): [Person] @data(class: PUBLIC) }
  type Person { nik: String @data(class: GENERAL) name: String @data(class: GENERAL) address: String @data(class: GENERAL)
    income: Int @data(class: SPECIFIC, topic: FINANCE) stunting: String @data(class: SPECIFIC, topic: HEALTH) }
  input Where { income: Int @guards(field: "Person.income") nik: String @guards(field: "Person.nik") }
  enum Order { INCOME_ASC @guards(field: "Person.income", use: SORT) }`),
);
const ceilings = [
  { class: "GENERAL", topic: null, ceiling: "allow" },
  { class: "SPECIFIC", topic: null, ceiling: "allow" },
  { class: "SPECIFIC", topic: "HEALTH", ceiling: "aggregate" },
] as const;

const row = (selector: string, more: Partial<Grant> = {}): Grant => ({
  ...{ kind: "coordinate", selector, topic: null, use: "OUTPUT", effect: "allow", maskFn: null, params: null, clause: "Ps. 1" },
  ...{ widenReason: null, home: null, elsewhere: null, condition: null },
  ...more,
});

const P1 = [
  row("GENERAL", { kind: "class", effect: "mask", maskFn: "initials" }),
  row("SPECIFIC", { kind: "class", topic: "FINANCE" }),
  row("Person.stunting"),
  row("Person.address", { effect: "deny" }),
  row("Person.nik", { effect: "pseudonym", widenReason: "DPO 3/2026" }),
  row("Person.income", { use: "FILTER" }),
  row("Person.income", { use: "SORT" }),
  row("Person.nik", { use: "FILTER" }),
];

test("P1: each field of an agreement as its strictest row, its ceiling or its reason says, and each use by its own row", () => {
  const { verdict } = compileTable(P1, { ceilings, catalogue });
  expect(verdict("Person.name")).toEqual({ effect: "transform", kind: "initials" });
  expect(verdict("Person.income")).toEqual({ effect: "allow" });
  expect(verdict("Person.stunting")).toMatchObject({ effect: "deny", code: "FIELD_PROHIBITED" }); // aggregates only
  expect(verdict("Person.address")).toMatchObject({ effect: "deny", code: "FIELD_PROHIBITED" });
  expect(verdict("Person.nik")).toEqual({ effect: "transform", kind: "pseudonym" });
  expect(verdict("Where.income")).toEqual({ effect: "allow" });
  expect(verdict("Order.INCOME_ASC")).toEqual({ effect: "allow" });
  expect(verdict("Where.nik")).toMatchObject({ effect: "deny", code: "USE_NOT_GRANTED" });
  expect(verdict("Query.people(nik:)")).toMatchObject({ effect: "deny", code: "USE_NOT_GRANTED" });
});

test("P1: to look up by NIK takes only its own row", () => {
  const { verdict } = compileTable([...P1, row("Person.nik", { use: "LOOKUP" })], { ceilings, catalogue });
  expect(verdict("Query.people(nik:)")).toEqual({ effect: "allow" });
  expect(verdict("Where.nik")).toMatchObject({ effect: "deny", code: "USE_NOT_GRANTED" });
});
