import { readFileSync } from "node:fs";
import fc from "fast-check";
import { Kind, parse } from "graphql";
import { describe, expect, test } from "vitest";
import { NO_DECILE_LIMIT } from "../../../drizzle/client.ts";
import { ALL_DECILES } from "../../../schema/caller.ts";
import { type CeilingRule, ceilingsFor } from "../../../schema/policy/ceilings.ts";
import { type Ceiling, compileTable, reachOf } from "../../../schema/policy/decisionTable.ts";
import { CLOSED, kindInRow, kindOfAll, NOTHING_KNOWN, SUBJECT_FLAGS } from "../../../schema/policy/masks.ts";
import { decideOutput, type Grant, rank } from "../../../schema/policy/policy.ts";
import {
  AGREEMENT_STATES,
  DATA_CLASSES,
  DATA_TOPICS,
  EFFECTS,
  type Effect,
  LEGAL_BASES,
  USES,
  type Use,
} from "../../../schema/policy/words.ts";
import { catalogueOf } from "../../../schema/sdl/catalogue.ts";

const row = (selector: string, effect: Effect = "allow", more: Partial<Grant> = {}): Grant => ({
  kind: /^[A-Z_0-9]+$/.test(selector) ? "class" : "coordinate",
  selector,
  topic: null,
  use: "OUTPUT",
  effect,
  maskFn: effect === "mask" ? "last4" : null,
  params: null,
  clause: "Ps. 1",
  widenReason: null,
  home: null,
  elsewhere: null,
  condition: null,
  ...more,
});
const lookup = (selector: string, use: Use) => row(selector, "allow", { use });

const catalogue = catalogueOf(
  parse(`
  type Query { people(where: Where @unguarded(reason: "guarded"), order: PersonOrder @unguarded(reason: "guarded"), nik: String @guards(field: "Person.nik", use: LOOKUP)): [Person] @data(class: GENERAL) }
  type Person @subject { id: ID! @data(class: GENERAL) nik: String @data(class: SPECIFIC) name: String @data(class: GENERAL)
    income: Int @data(class: SPECIFIC, topic: FINANCE) incomeBand: String @data(class: DERIVED) @bandOf(field: "Person.income")
    decile: Int @data(class: DERIVED) decileAtMost(n: Int! @unguarded(reason: "claim")): Boolean @data(class: DERIVED) @claimOf(field: "Person.decile")
    incomeIsLow: Boolean @data(class: ADMINDUK_84) @claimOf(field: "Person.income") born: Date @data(class: GENERAL) tags: [String!] @data(class: GENERAL)
    stunting: Boolean @data(class: SPECIFIC, topic: HEALTH) disability: String @data(class: ADMINDUK_84)
    shared: Int @data(class: PUBLIC) @data(class: SPECIFIC) }
  type Figures @statistics { decile: Int @data(class: DERIVED) }
  input Where { nik: String @guards(field: "Person.nik") income: Int @guards(field: "Person.income") disability: String @guards(field: "Person.disability") and: [Where!] @unguarded(reason: "guarded") }
  enum PersonOrder { INCOME_ASC @guards(field: "Person.income", use: SORT) }`),
);
const ceilings: Ceiling[] = [
  { class: "PUBLIC", topic: null, ceiling: "allow" },
  { class: "GENERAL", topic: null, ceiling: "allow" },
  { class: "SPECIFIC", topic: null, ceiling: "allow" },
  { class: "SPECIFIC", topic: "HEALTH", ceiling: "aggregate" },
  { class: "DERIVED", topic: null, ceiling: "allow" },
  { class: "ADMINDUK_84", topic: null, ceiling: "claim" },
];
const table = (...rows: Grant[]) => compileTable(rows, { ceilings, catalogue });

describe("one decision", () => {
  test("what nobody granted is denied", () =>
    expect(decideOutput([], "allow")).toMatchObject({ effect: "deny", why: "NOT_GRANTED" }));
  test("one prohibition absorbs every permission", () =>
    expect(decideOutput([row("A.a"), row("A.a", "deny"), row("A.a", "allow", { widenReason: "x" })], "allow").effect).toBe(
      "deny",
    ));
  test("a coordinate opens no further than its class without a written reason", () => {
    expect(decideOutput([row("GENERAL", "mask"), row("A.a")], "allow").effect).toBe("mask");
    expect(decideOutput([row("GENERAL", "mask"), row("A.a", "allow", { widenReason: "DPO 3/2026" })], "allow").effect).toBe(
      "allow",
    );
  });
  test("two masks of different functions close the field, whatever stricter effect or ceiling stands beside them", () => {
    const masks = [row("A.a", "mask"), row("GENERAL", "mask", { maskFn: "initials" })];
    for (const [rows, ceiling] of [
      [masks, "allow"],
      [masks, "aggregate"],
      [[...masks, row("PUBLIC", "band")], "allow"],
    ] as const)
      expect(decideOutput(rows, ceiling)).toMatchObject({ effect: "deny", why: "MASKS_DIFFER" });
  });
  test("a pseudonym beside a band or claim closes the field, whether a row or the ceiling of any class says it", () => {
    for (const part of ["band", "claim"] as const) {
      const closed = [
        decideOutput([row("A.a", "pseudonym"), row("GENERAL", part)], "allow"),
        decideOutput([row("A.a", "pseudonym")], part),
        decideOutput([row("A.a", part)], "pseudonym"),
        decideOutput([row("A.a")], "pseudonym", part),
      ];
      for (const decision of closed) expect(decision).toMatchObject({ effect: "deny", why: "MASKS_DIFFER" });
    }
  });
  test("a mask that is not in the registry closes the field, whatever stands beside it: a ceiling, a stricter row, a figure", () => {
    const unknown = row("A.a", "mask", { maskFn: "lasst4" });
    for (const effect of EFFECTS) {
      expect(decideOutput([unknown], effect)).toMatchObject({ effect: "deny", why: "MASK_UNKNOWN", row: unknown });
      expect(decideOutput([unknown, row("GENERAL", effect)], "allow")).toMatchObject({ effect: "deny" });
    }
  });
  test("the ceiling of the class always applies", () => expect(decideOutput([row("A.a")], "aggregate").effect).toBe("aggregate"));
});

describe("a compiled agreement", () => {
  test("a band closes the raw field and opens only its sibling", () => {
    const { verdict } = table(row("Person.income", "band"));
    expect(verdict("Person.income")).toMatchObject({ effect: "deny", code: "FIELD_PROHIBITED", instead: ["Person.incomeBand"] });
    expect(verdict("Person.incomeBand")).toEqual({ effect: "allow" });
  });
  test("a claim answers only the thresholds its grant names", () => {
    const { verdict } = table(row("Person.decile", "claim", { params: { n: [4] } }));
    expect(verdict("Person.decile")).toMatchObject({ effect: "deny", code: "FIELD_PROHIBITED" });
    expect(verdict("Person.decileAtMost")).toEqual({ effect: "allow" });
    expect(verdict("Person.decileAtMost(n:)")).toEqual({ effect: "allow", values: [4] });
    expect(table(row("Person.decile", "claim")).verdict("Person.decileAtMost(n:)")).toEqual({ effect: "allow", values: [] });
  });
  test("a class grant never opens the claim on a field that is not granted itself", () => {
    const { verdict } = table(row("Person.decileAtMost"), row("GENERAL"));
    expect(verdict("Person.decileAtMost")).toMatchObject({ effect: "deny" });
  });
  test("looking up by NIK does not mean filtering or sorting by it", () => {
    const { verdict } = table(
      row("Query.people"),
      row("Person.nik", "mask"),
      lookup("Person.nik", "LOOKUP"),
      lookup("Person.nik", "FILTER"),
    );
    expect(verdict("Query.people(nik:)")).toEqual({ effect: "allow" });
    expect(verdict("Where.nik")).toMatchObject({ effect: "deny", code: "USE_NOT_GRANTED" });
    expect(verdict("PersonOrder.INCOME_ASC")).toMatchObject({ effect: "deny", code: "USE_NOT_GRANTED" });
  });
  test("a filter needs its own grant beside the plain value", () => {
    expect(table(row("Person.income")).verdict("Where.income").effect).toBe("deny");
    expect(table(lookup("Person.income", "FILTER")).verdict("Where.income").effect).toBe("deny");
    expect(table(row("Person.income"), lookup("Person.income", "FILTER")).verdict("Where.income").effect).toBe("allow");
  });
  test("health is aggregate-only whatever the agreement says", () =>
    expect(table(row("SPECIFIC"), row("Person.stunting")).verdict("Person.stunting")).toMatchObject({
      effect: "deny",
      code: "FIELD_PROHIBITED",
    }));
  test("aggregates are open on statistics types only, where any effect but a prohibition opens", () => {
    const { verdict } = table(row("DERIVED", "aggregate"));
    expect(verdict("Figures.decile")).toEqual({ effect: "allow" });
    expect(verdict("Person.decile").effect).toBe("deny");
    for (const effect of EFFECTS)
      expect(table(row("DERIVED", effect)).verdict("Figures.decile").effect).toBe(effect === "deny" ? "deny" : "allow");
  });
  test("protected population data that is not granted does not exist, nor do its filters", () => {
    const { hidden } = table(row("GENERAL"));
    expect([...hidden].sort()).toEqual(["Person.disability", "Person.incomeIsLow", "Where.disability"]);
    expect([...table(row("Person.disability", "claim")).hidden]).toEqual(["Person.incomeIsLow"]);
  });
  test("where two subgraphs state different classes the strictest counts", () => {
    const strict: Ceiling[] = ceilings.map((rule) =>
      rule.class === "SPECIFIC" && !rule.topic ? { ...rule, ceiling: "deny" } : rule,
    );
    expect(compileTable([row("PUBLIC")], { ceilings: strict, catalogue }).verdict("Person.shared").effect).toBe("deny");
  });
  test("a mask or pseudonym closes what is neither String nor ID: it would be no value of its type", () => {
    for (const effect of ["mask", "pseudonym"] as const) {
      const { verdict } = table(row("GENERAL", effect), row("Person.income", effect));
      expect(verdict("Person.id")).toMatchObject({ effect: "transform" });
      expect(verdict("Person.tags")).toMatchObject({ effect: "transform" });
      for (const coordinate of ["Person.income", "Person.born", "Query.people"])
        expect(verdict(coordinate)).toMatchObject({ effect: "deny", code: "FIELD_PROHIBITED", clause: "Ps. 1" });
    }
  });
  test("a mask that is not in the registry closes the field, also one that every object has", () => {
    for (const maskFn of ["lasst4", "constructor", "toString", "__proto__"])
      expect(table(row("Person.name", "mask", { maskFn })).verdict("Person.name")).toMatchObject({
        effect: "deny",
        code: "FIELD_PROHIBITED",
      });
  });
  test("a mask that is not in the registry is no pseudonym under a ceiling that makes one, and opens no band, claim or figure", () => {
    const unknown = { maskFn: "lasst4" };
    const capped = ceilings.map((rule) => (rule.class === "GENERAL" ? { ...rule, ceiling: "pseudonym" as const } : rule));
    const closed = { effect: "deny", code: "FIELD_PROHIBITED" };
    const { verdict } = compileTable([row("Person.name", "mask", unknown)], { ceilings: capped, catalogue });
    expect(verdict("Person.name")).toMatchObject(closed);
    const beside = table(
      row("Person.income", "mask", unknown),
      row("SPECIFIC", "band"),
      row("Figures.decile", "mask", unknown),
      row("Person.decile", "mask", unknown),
      row("DERIVED", "claim"),
    );
    for (const coordinate of ["Person.incomeBand", "Person.decileAtMost", "Figures.decile"])
      expect(beside.verdict(coordinate)).toMatchObject(closed);
  });
  test("a sibling does not open above the ceiling of its own class, and its existence is withheld no further", () => {
    const { verdict, hidden } = table(row("Person.income"));
    expect(verdict("Person.income")).toEqual({ effect: "allow" });
    expect(verdict("Person.incomeIsLow")).toMatchObject({ effect: "deny", code: "FIELD_PROHIBITED" });
    expect(hidden).not.toContain("Person.incomeIsLow");
  });
  test("where several rows claim a field it answers the thresholds that each of them names, in whatever order they are read", () => {
    const valuesOf = (...rows: Grant[]) => {
      const verdicts = [rows, [...rows].reverse()].map((order) => table(...order).verdict("Person.decileAtMost(n:)"));
      expect(verdicts[1]).toEqual(verdicts[0]);
      return verdicts[0];
    };
    const own = row("Person.decile", "claim", { params: { n: [4, 2] } });
    expect(valuesOf(own, row("DERIVED", "claim", { params: { n: [4, 6] } }))).toEqual({ effect: "allow", values: [4] });
    expect(valuesOf(own, row("DERIVED", "claim"))).toEqual({ effect: "allow", values: [] });
    expect(valuesOf(own, row("DERIVED"))).toEqual({ effect: "allow", values: [4, 2] });
  });
  test("a use needs its field pinned beside the input, and submission pins every field that a row for any use names", () => {
    const rows = [lookup("Person.nik", "LOOKUP")];
    const pinned = reachOf(rows, { ceilings, catalogue });
    expect(pinned).toEqual(["Person.nik", "Query.people(nik:)"]);
    const effectOf = (pins: readonly string[]) =>
      compileTable(rows, { ceilings, catalogue, pinned: new Set(pins) }).verdict("Query.people(nik:)").effect;
    expect(effectOf(pinned)).toBe("allow");
    for (const dropped of pinned) expect(effectOf(pinned.filter((coordinate) => coordinate !== dropped))).toBe("deny");
  });
  test("a mask of a ceiling says nothing of the value, unless a row names how it is masked", () => {
    const masking = ceilings.map((rule) => (rule.class === "GENERAL" ? { ...rule, ceiling: "mask" as const } : rule));
    const kindUnder = (effect: Effect) =>
      compileTable([row("Person.name", effect)], { ceilings: masking, catalogue }).verdict("Person.name");
    expect(kindUnder("allow")).toEqual({ effect: "transform", kind: "null" });
    expect(kindUnder("mask")).toEqual({ effect: "transform", kind: "last4" });
  });
  test("equal rows in another order give the same verdicts, clause and all", () => {
    const rows = [row("GENERAL", "deny", { clause: "Ps. 2" }), row("GENERAL", "deny", { clause: "Ps. 1" })];
    expect(table(...rows).verdict("Person.name")).toEqual(table(...[...rows].reverse()).verdict("Person.name"));
  });
  test("an unknown coordinate is denied", () => expect(table(row("GENERAL")).verdict("Nobody.knows").effect).toBe("deny"));
  test("equal rows give an equal hash in any order, other rows another", () => {
    expect(table(row("GENERAL"), row("PUBLIC")).hash).toBe(table(row("PUBLIC"), row("GENERAL")).hash);
    expect(table(row("GENERAL")).hash).not.toBe(table(row("PUBLIC")).hash);
  });
});

describe("ceilings of law and steward together", () => {
  const ceilingUnder = (rules: readonly Partial<CeilingRule>[], { class: name, topic = null }: Partial<CeilingRule>) =>
    ceilingsFor(
      "ANY",
      rules.map((rule) => ({ class: name ?? "", topic: null, ceiling: "allow", prohibitedPurposes: [], ...rule })),
    ).find((rule) => rule.class === name && rule.topic === topic)?.ceiling;

  test("a pseudonym where the law lets claims, or a band beside a pseudonym, closes: it says that the value is never shown in any form", () => {
    const adminduk = { class: "ADMINDUK_84" };
    expect(ceilingUnder([{ ceiling: "pseudonym" }], adminduk)).toBe("deny");
    expect(ceilingUnder([{ ceiling: "claim" }], adminduk)).toBe("claim");
    expect(ceilingUnder([{ ceiling: "aggregate" }], adminduk)).toBe("aggregate");
    const finance = { class: "SPECIFIC", topic: "FINANCE" };
    for (const [whole, own] of [
      ["pseudonym", "claim"],
      ["band", "pseudonym"],
    ] as const)
      expect(ceilingUnder([{ ceiling: whole }, { topic: "FINANCE", ceiling: own }], finance)).toBe("deny");
  });
  test("of what can be compared the stricter holds, and what stewards leave out is closed", () => {
    const general = { class: "GENERAL" };
    expect(EFFECTS.map((ceiling) => ceilingUnder([{ ceiling }], general))).toEqual(EFFECTS);
    expect(ceilingUnder([{ ceiling: "allow" }], { class: "SPECIFIC", topic: "HEALTH" })).toBe("aggregate");
    expect(ceilingUnder([], general)).toBe("deny");
  });
});

describe("what kinds come to together", () => {
  const anyKinds = fc.array(fc.constantFrom(null, "pseudonym", "last4", "initials", CLOSED), { maxLength: 6 });

  test("two different masks close, also beside a pseudonym, in whatever order", () =>
    expect(
      [
        ["pseudonym", "last4", "initials"],
        ["last4", "pseudonym", "initials"],
        ["last4", "initials", "pseudonym"],
      ].map(kindOfAll),
    ).toEqual([CLOSED, CLOSED, CLOSED]));
  test("order and repetition never matter, one kind more never shows more, and a row is judged by all of its rules at once", () => {
    const openness = (kind: string | null) => [CLOSED, "pseudonym", "last4", null].indexOf(kind === "initials" ? "last4" : kind);
    fc.assert(
      fc.property(anyKinds, fc.nat(), fc.constantFrom("pseudonym", "last4", "initials", CLOSED), (kinds, at, more) => {
        const all = kindOfAll(kinds);
        const turned = kinds.map((_, index) => kinds[(index + at) % kinds.length] ?? null);
        expect([kindOfAll(turned), kindOfAll([...kinds].reverse()), kindOfAll([...kinds, ...turned])]).toEqual([all, all, all]);
        expect(openness(kindOfAll([...kinds, more]))).toBeLessThanOrEqual(openness(all));
        const rules = kinds.flatMap((kind) => (kind === null ? [] : [{ kind }]));
        expect(kindInRow(more, rules, NOTHING_KNOWN)).toBe(kindOfAll([...kinds, more]));
      }),
    );
  });
});

const effects = fc.constantFrom(...EFFECTS);
const anyRow = fc
  .record({
    selector: fc.constantFrom("GENERAL", "SPECIFIC", "DERIVED", "Person.nik", "Person.name", "Person.decile"),
    effect: effects,
  })
  .map(({ selector, effect }) => row(selector, effect));
/** Ceilings of which the second is stricter, and rules out beside it whatever the first does: a pseudonym, or a band and a claim. */
const anyLowering = fc
  .tuple(effects, effects)
  .filter(([a, b]) => rank(a) <= rank(b))
  .filter(([a, b]) => a === b || b === "deny" || !["band", "claim", "pseudonym"].includes(a) || (a === "band" && b === "claim"));

test("a stricter ceiling or a further unwidened row on a granted field never shows more", () => {
  const cases = fc.record({
    rows: fc.array(anyRow, { minLength: 1, maxLength: 6 }),
    further: anyRow,
    ceilings: anyLowering,
  });
  fc.assert(
    fc.property(cases, ({ rows, further, ceilings: [loose, strict] }) => {
      const before = rank(decideOutput(rows, loose).effect);
      expect(rank(decideOutput(rows, strict).effect)).toBeGreaterThanOrEqual(before);
      expect(rank(decideOutput([...rows, further], loose).effect)).toBeGreaterThanOrEqual(before);
    }),
    { numRuns: 3000 },
  );
});

test.each([
  ["DataClass", "schema/hub.graphql", DATA_CLASSES],
  ["DataTopic", "schema/hub.graphql", DATA_TOPICS],
  ["DataUse", "schema/hub.graphql", USES],
  ["SubjectFlag", "schema/hub.graphql", SUBJECT_FLAGS],
  ["GrantEffect", "subgraphs/governance/schema.graphql", EFFECTS],
  ["AgreementState", "subgraphs/governance/schema.graphql", AGREEMENT_STATES],
  ["LegalBasis", "subgraphs/governance/schema.graphql", LEGAL_BASES],
] as const)("%s of the API has the words of policy, in their order", (name, file, words) => {
  const { definitions } = parse(readFileSync(file, "utf8"));
  const values = definitions.flatMap((node) =>
    node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === name
      ? (node.values ?? []).map((value) => value.name.value)
      : [],
  );
  expect(values).toEqual(words.map((word) => word.toUpperCase()));
});

test("above every decile is the same number in envelopes and in the database", () => expect(ALL_DECILES).toBe(NO_DECILE_LIMIT));
