import { readFileSync } from "node:fs";
import fc from "fast-check";
import { parse } from "graphql";
import { expect, test } from "vitest";
import { compileTable } from "../../../schema/policy/decisionTable.ts";
import type { Grant } from "../../../schema/policy/policy.ts";
import { catalogueOf } from "../../../schema/sdl/catalogue.ts";

// What a claim may hold is granted field by field, as lookups; reading the field is another grant.

const catalogue = catalogueOf(parse(readFileSync("schema/supergraph.graphql", "utf8")));
const CEILINGS = ["PUBLIC", "GENERAL", "SPECIFIC", "DERIVED"].map((name) => ({
  class: name,
  topic: null,
  ceiling: "allow" as const,
}));
const inputs = [...catalogue.entries.values()].filter(({ coordinate }) => coordinate.startsWith("VerifyIdentityInput."));
const guarded = inputs.flatMap(({ coordinate, guards }) => guards.map(({ field, use }) => ({ coordinate, field, use })));
const row = (selector: string, more: Partial<Grant>): Grant => ({
  ...{ kind: "coordinate", selector, topic: null, use: "OUTPUT", effect: "allow" },
  ...{ maskFn: null, params: null, clause: "Ps. 4", widenReason: null, home: null, elsewhere: null, condition: null },
  ...more,
});

test("every element of a claim guards the field it is held against, and the threshold none", () => {
  expect(guarded.length).toBe(9);
  expect(guarded.filter(({ use }) => use === "LOOKUP").map(({ field }) => field)).toEqual(["Person.nik"]);
  expect(guarded.filter(({ use }) => use === "VERIFY")).toHaveLength(8);
  expect(new Set(guarded.map(({ field }) => field)).size).toBe(9);
  expect(inputs.filter(({ isUnguarded }) => isUnguarded).map(({ coordinate }) => coordinate)).toEqual([
    "VerifyIdentityInput.threshold",
  ]);
});

test("exactly the elements whose lookup is granted may be claimed, whatever may be read of them", () => {
  const effects = ["allow", "mask", "band", "claim", "pseudonym", "deny"] as const;
  const some = fc.subarray(guarded);
  fc.assert(
    fc.property(some, some, fc.constantFrom(...effects), (lookups, outputs, effect) => {
      const rows = [
        ...lookups.map(({ field, use }) => row(field, { use })),
        ...outputs.map(({ field }) => row(field, { effect, maskFn: effect === "mask" ? "last4" : null })),
      ];
      const table = compileTable(rows, { ceilings: CEILINGS, catalogue });
      for (const one of guarded)
        expect([one, table.verdict(one.coordinate).effect]).toEqual([one, lookups.includes(one) ? "allow" : "deny"]);
    }),
  );
});

test("the right to find by an element does not open verification, nor existence", () => {
  const lookups = guarded.map(({ field, use }) => row(field, { use }));
  const verdicts = (rows: readonly Grant[]) => {
    const table = compileTable(rows, { ceilings: CEILINGS, catalogue });
    return ["Query.verifyIdentity", "IdentityVerification.status", "IdentityVerification.isRegistered"].map(
      (coordinate) => table.verdict(coordinate).effect,
    );
  };
  expect(verdicts(lookups)).toEqual(["deny", "deny", "deny"]);
  const verification = ["Query.verifyIdentity", "IdentityVerification.status"].map((selector) => row(selector, {}));
  expect(verdicts([...lookups, ...verification])).toEqual(["allow", "allow", "deny"]);
});
