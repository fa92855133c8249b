import fc from "fast-check";
import { parse } from "graphql";
import { describe, expect, test } from "vitest";
import { type Ceiling, compileTable, type TableVerdict } from "../../../schema/policy/decisionTable.ts";
import { kindInRow, kindOfAll, type RowFacts, SUBJECT_FLAGS } from "../../../schema/policy/masks.ts";
import type { Grant } from "../../../schema/policy/policy.ts";
import { EFFECTS, type Effect } from "../../../schema/policy/words.ts";
import { lint } from "../../../schema/sdl/lint.ts";
import { catalogue, ceilings, HEAD, row } from "../kit/rowWorld.ts";

// What effects that depend on the row keep to, whatever the grants: stricter never shows more.

const SELECTORS = ["GENERAL", "SPECIFIC", "Person.name", "Person.nik", "Person.born", "Person.id", "Person.home", "Query.title"];
const REGIONS = ["35", "3510", "351016", "3171", "3201"];
const VILLAGES = ["3510161001", "3510171001", "3573011001", "3171011001", "3201011001"];
const anyRow = fc
  .record({
    selector: fc.constantFrom(...SELECTORS),
    effect: fc.constantFrom(...EFFECTS),
    topic: fc.constantFrom(null, null, "CHILD"),
    use: fc.constantFrom("OUTPUT", "OUTPUT", "OUTPUT", "FILTER", "SORT"),
    home: fc.option(fc.subarray(REGIONS)),
    elsewhere: fc.constantFrom("null", "last4"),
  } as const)
  .map(({ selector, effect, topic, home, use, elsewhere }) =>
    row(selector, effect, { use, home, elsewhere: home && elsewhere, topic: selector === "SPECIFIC" ? topic : null }),
  );
const anyRows = fc.array(anyRow, { minLength: 1, maxLength: 7 });
const anyCeilings = fc.constantFrom(ceilings, ceilings.slice(0, 4), ceilings.slice(1));
const anyFacts = fc.record({
  region: fc.option(fc.constantFrom(...VILLAGES)),
  flags: fc.option(fc.subarray([...SUBJECT_FLAGS])),
}) satisfies fc.Arbitrary<RowFacts>;

interface Policy {
  readonly rows: readonly Grant[];
  readonly limits: readonly Ceiling[];
}
const OUTPUTS = ["Person.name", "Person.nik", "Person.born", "Person.id", "Person.home", "Query.title"];
const INPUTS = ["Where.name", "PeopleOrder.NAME"];

/** What one row shows of each coordinate (null plain, a kind of mask, "null" nothing), and which inputs are open. */
function shownOf({ rows, limits }: Policy): (facts: RowFacts) => Readonly<Record<string, string | null>> {
  const { verdict } = compileTable(rows, { ceilings: limits, catalogue });
  return (facts) =>
    Object.fromEntries(
      [...OUTPUTS, ...INPUTS].map((coordinate) => {
        const judged = verdict(coordinate);
        if (judged.effect === "deny") return [coordinate, "null"];
        return [coordinate, kindInRow(judged.effect === "transform" ? judged.kind : null, judged.rows ?? [], facts)];
      }),
    );
}
type Shown = ReturnType<ReturnType<typeof shownOf>>;

/** `after` shows nothing that `before` does not, and asks by nothing more. A key that is closed in a row is its pseudonym there: that is no value. */
function showsNoMore(before: Shown, after: Shown, isNoValue = (coordinate: string): boolean => coordinate === "Person.id"): void {
  for (const coordinate of [...OUTPUTS, ...INPUTS]) {
    const [first = null, second = null] = [before[coordinate], after[coordinate]];
    if (first === "null" && second === "pseudonym" && isNoValue(coordinate)) continue;
    expect(kindOfAll([first, second]), `${coordinate}: ${first} → ${second}`).toBe(second);
  }
}
const policies = fc.record({ rows: anyRows, limits: anyCeilings });
const check = <T>(arbitrary: fc.Arbitrary<T>, judge: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, judge), { numRuns: 500, seed: 4 });

describe("whatever the rows and ceilings", () => {
  test("a flag never shows more than none, and not to know shows least", () =>
    check(
      fc.record({ policy: policies, facts: anyFacts, more: fc.constantFrom(...SUBJECT_FLAGS) }),
      ({ policy, facts, more }) => {
        const shown = shownOf(policy);
        const flags = facts.flags ?? [];
        showsNoMore(shown({ ...facts, flags: [] }), shown({ ...facts, flags }));
        showsNoMore(shown({ ...facts, flags }), shown({ ...facts, flags: [...flags, more] }));
        showsNoMore(shown({ ...facts, flags: [...flags, more] }), shown({ ...facts, flags: null }));
        showsNoMore(shown({ ...facts, flags }), shown({ region: null, flags: null }));
      },
    ));
  test("a row outside every home never shows more than one inside them all", () =>
    check(fc.record({ policy: policies, facts: anyFacts, inside: fc.constantFrom(...VILLAGES) }), ({ policy, facts, inside }) => {
      const rows = policy.rows.map((one) => (one.home ? { ...one, home: [...one.home, inside.slice(0, 4)] } : one));
      const shown = shownOf({ ...policy, rows });
      showsNoMore(shown({ ...facts, region: inside }), shown(facts));
    }));
  test("a narrower home, a closed elsewhere, a lower ceiling or a stricter effect never shows more", () =>
    check(
      fc.record({ policy: policies, facts: anyFacts, at: fc.nat(6), effect: fc.constantFrom(...EFFECTS) }),
      ({ policy, facts, at, effect }) => {
        const before = shownOf(policy)(facts);
        const changed = (change: (one: Grant) => Grant) =>
          shownOf({ ...policy, rows: policy.rows.map((one, i) => (i === at % policy.rows.length ? change(one) : one)) })(facts);
        showsNoMore(
          before,
          changed((one) => ({ ...one, home: one.home?.slice(1) ?? [], elsewhere: one.elsewhere ?? "null" })),
        );
        showsNoMore(
          before,
          changed((one) => ({ ...one, elsewhere: one.home && "null" })),
        );
        // what a band or claim shows, it shows in other fields: in its own a pseudonym stands for a stricter effect
        showsNoMore(
          before,
          changed((one) => stricter(one, effect)),
          () => effect === "pseudonym",
        );
        const limits = policy.limits.map((rule) => (rule.class === "SPECIFIC" ? { ...rule, ceiling: "deny" as const } : rule));
        showsNoMore(before, shownOf({ ...policy, limits })(facts));
      },
    ));
  test("without rows nothing shows, and a verdict says the same after its journey as text", () =>
    check(fc.record({ policy: policies, facts: anyFacts }), ({ policy, facts }) => {
      expect(new Set(Object.values(shownOf({ ...policy, rows: [] })(facts)))).toEqual(new Set(["null"]));
      const { verdict } = compileTable(policy.rows, { ceilings: policy.limits, catalogue });
      for (const coordinate of OUTPUTS) expect(JSON.parse(JSON.stringify(verdict(coordinate)))).toEqual(verdict(coordinate));
    }));
  test("the cases are such as matter: closed, masked, plain, and by flag and region", () => {
    const seen = new Set<string>();
    check(policies, ({ rows, limits }) => {
      const { verdict } = compileTable(rows, { ceilings: limits, catalogue });
      for (const judged of OUTPUTS.map(verdict)) for (const word of wordsOf(judged)) seen.add(word);
    });
    const byRow = ["home", "CHILD", "DISABILITY", "STIGMA", "CHILD home", "STIGMA home"];
    expect([...seen]).toEqual(expect.arrayContaining(["allow", "deny", "transform", ...byRow]));
  });
});

const wordsOf = (verdict: TableVerdict): string[] =>
  verdict.effect === "deny"
    ? ["deny"]
    : [verdict.effect, ...(verdict.rows ?? []).map(({ flag, home }) => [flag, home && "home"].filter(Boolean).join(" "))];

function stricter(one: Grant, effect: Effect): Grant {
  const isStricter = EFFECTS.indexOf(effect) > EFFECTS.indexOf(one.effect);
  return isStricter ? { ...one, effect, maskFn: effect === "mask" ? "last4" : null } : one;
}

test.each([
  ["leads to no RegionCode", '@row(region: "a")'],
  ["leads to no RegionCode", '@row(region: "list.code")'],
  ["leads to no RegionCode", '@row(region: "nothing.code")'],
  ["leads to no list of SubjectFlag", '@row(flags: "a")'],
  ["leads to no list of SubjectFlag", '@row(region: "one.code", flags: "flag")'],
  ["which clients can see", '@row(flags: "open")'],
  ["a @row that says nothing", "@row"],
  ["", '@row(region: "one.code", flags: "flags")'],
])("composition %s", (fault, row) => {
  const field = (text: string) => `"X — x." ${text} @data(class: PUBLIC)`;
  const shared = ["a: Int", "list: [There!]", "one: There", "flag: SubjectFlag", "open: [SubjectFlag!]", "flags: [SubjectFlag!]"];
  const fields = shared.map((text) => (text.startsWith("flags") ? `${field(text)} @inaccessible` : field(text)));
  const sdl = `type Query { ${field("x: Toy")} } "T — t." type Toy ${row} { ${fields.join(" ")} } "T — t." type There { ${field("code: RegionCode")} }`;
  const { faults } = lint([{ name: "toy", document: parse(`${HEAD}\n${sdl}`) }]);
  expect(faults.join()).toContain(fault);
  if (fault === "") expect(faults).toEqual([]);
});
