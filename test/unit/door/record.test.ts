import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyOf, intentOf } from "../../../gateway/audit/body.ts";
import { keylessYears, keyring, markOf, variablesKey } from "../../../gateway/audit/keys.ts";
import { Recent } from "../../../gateway/audit/news.ts";
import { isPublic, personsOf, taggedOf } from "../../../gateway/audit/subjects.ts";
import type { Asked, Disclosure, Planned } from "../../../gateway/types/chain.ts";
import { Refusal } from "../../../schema/errors.ts";
import { leafOf } from "../../../schema/record/leaf.ts";
import { subjectKey, tagsOf } from "../../../schema/record/tags.ts";
import { callerWith } from "../../kit/slice.ts";

const asked: Asked = {
  requestId: "r1",
  receiptId: "00000000-0000-4000-8000-00000000000a",
  language: "id",
  mediaType: "application/json",
  method: "POST",
  document: '{ person(nik: "3510012345679001") { fullName } }',
  documentId: null,
  operationName: "Of3510012345679001",
  variables: { nik: "3510012345679001" },
  authorization: "Bearer canary",
  agreementNumber: null,
  caseNumber: "12/2026",
  tryAs: null,
  address: "10.0.0.1",
  deadline: 0,
  signal: new AbortController().signal,
};
const using = (...used: string[]) => ({ output: [], internal: [], arguments: used });
const answer: Disclosure = {
  data: { person: { fullName: "S. A." } },
  errors: [{ code: "FIELD_NOT_GRANTED", coordinate: "Person.nik" }],
  denied: ["Person.nik"],
  transformed: ["Person.fullName"],
  inSomeRows: [],
  shown: ["Person.fullName", "Query.person"],
  subjects: [{ type: "Person", id: "00000000-0000-4000-8000-000000000001" }],
  persons: ["00000000-0000-4000-8000-000000000001"],
  lookups: ["nik:3510012345679001"],
  verdicts: {},
  fetches: [
    { service: "welfare", outcome: "ok", ms: 1, coordinates: using("Query.households(first:)") },
    {
      service: "population",
      outcome: "SUBGRAPH_TIMEOUT",
      ms: 1,
      coordinates: using("Query.person(nik:)", "Query.households(first:)"),
    },
    { service: "population", outcome: "ok", ms: 1, coordinates: using() },
  ],
};

const key = subjectKey("k".repeat(32));
const at = new Date("2026-11-22T03:00:00.000Z");
const marks = { document: "cd34", variables: "ab12" };
const whom = taggedOf(answer, key);
const tagsHash = createHash("sha256").update(whom.tags).digest("hex");

describe("the text of an entry", () => {
  test("says who, under what, for which coordinates and how it ended, keys in one order", () => {
    const body = bodyOf(
      { ...asked, caller: callerWith({ case: "12/2026", table: "t1", requestId: "r1" }) },
      { answer, at, marks, whom, lookups: { tried: 1, missed: 0, sequential: 0 }, intent: "i1" },
    );
    const entry = JSON.parse(body);
    expect(entry).toEqual({
      v: 2,
      at: "2026-11-22T03:00:00.000Z",
      requestId: "r1",
      receipt: "00000000-0000-4000-8000-00000000000a",
      client: "kemensos",
      agency: "KEMENSOS",
      officer: null,
      agreement: "PKS-2025-001",
      version: 1,
      purpose: "PROGRAM_ADMINISTRATION",
      case: "12/2026",
      operation: { name: "Of[NIK]", mark: "cd34" },
      shown: ["Person.fullName", "Query.person"],
      masked: ["Person.fullName"],
      denied: ["Person.nik"],
      used: ["Query.households(first:)", "Query.person(nik:)"],
      variables: "ab12",
      subjects: 2,
      subjectTypes: { Person: 1, lookup: 1 },
      tagsHash,
      lookups: { tried: 1, missed: 0, sequential: 0 },
      sources: { population: "SUBGRAPH_TIMEOUT", welfare: "ok" },
      status: "ANSWERED",
      epoch: 1,
      table: "t1",
      intent: "i1",
    });
    const refused = bodyOf(
      { ...asked, client: "kemensos", agency: "KEMENSOS" },
      { refusal: new Refusal({ code: "AGREEMENT_REQUIRED" }), at, marks, whom: taggedOf({ subjects: [], lookups: [] }, key) },
    );
    const always = Object.keys(entry).filter((name) => name !== "lookups" && name !== "intent");
    expect(Object.keys(JSON.parse(refused))).toEqual(always);
    expect(JSON.parse(refused)).toMatchObject({ subjects: 0, subjectTypes: {} });
    expect(JSON.parse(refused)).toMatchObject({ client: "kemensos", agreement: null, status: "AGREEMENT_REQUIRED" });
  });

  test("holds no value: no data, no variable, no document, no credential, no NIK", () => {
    const body = bodyOf(
      { ...asked, caller: callerWith({ citizen: "00000000-0000-4000-8000-00000000000c" }) },
      { answer, at, marks, whom },
    );
    for (const secret of [
      "S. A.",
      "3510012345679001",
      "canary",
      "person(nik: ",
      "00000000-0000-4000-8000-000000000001",
      "00000c",
    ])
      expect(body).not.toContain(secret);
  });

  test("announces a question with all that any of its fetches may touch, and no value", () => {
    const fetching = (...used: string[]) => ({
      coordinates: (coerced: object) => using(...used, ...Object.keys(coerced).map((name) => `M.${name}`)),
    });
    const steps = [[fetching("M.b(x:)")], [], [fetching("M.a(x:)")]];
    const planned = {
      coerced: { nik: "3510012345679001" },
      rewrite: { asked: new Set(["P.name", "Mutation.b"]), denied: ["P.nik"] },
      plan: { steps },
    };
    const body = intentOf(
      { ...asked, caller: callerWith({ table: "t1" }) },
      {
        planned: planned as unknown as Planned,
        receipt: "i1",
        at,
        marks,
        whom: taggedOf({ subjects: [], lookups: ["nik:1"] }, key),
      },
    );
    expect(JSON.parse(body)).toMatchObject({
      receipt: "i1",
      requestId: "r1",
      client: "kemensos",
      purpose: "PROGRAM_ADMINISTRATION",
      operation: { mark: "cd34" },
      asked: ["Mutation.b", "P.name"],
      denied: ["P.nik"],
      used: ["M.a(x:)", "M.b(x:)", "M.nik"],
      variables: "ab12",
      subjects: 1,
      subjectTypes: { lookup: 1 },
      status: "INTENDED",
      table: "t1",
    });
    for (const secret of ["3510012345679001", "canary", "person(nik: "]) expect(body).not.toContain(secret);
  });

  test("its leaf is SHA-256 of a zero byte and the text (RFC 9162)", () => {
    // M1 and M2 of policy.md §22
    expect(leafOf("")).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    expect(leafOf('{"v":1,"b":1.0,"a":2}')).toBe("f9c51ecf7c6f66b28069b4330c6d5207e5e8cd8596d1d3e243bddb27b9af4644");
  });
});

describe("tags of subjects", () => {
  const ids = fc.uniqueArray(fc.oneof(fc.uuid(), fc.string()), { maxLength: 40 });
  const listOf = (tags: Buffer) =>
    Array.from({ length: tags.length / 16 }, (_, at) => tags.subarray(16 * at, 16 * at + 16).toString("hex"));

  test("one a subject, sixteen bytes, the same whatever the answer, in an order that tells nothing", () => {
    fc.assert(
      fc.property(ids, (list) => {
        const found = listOf(tagsOf(list, key));
        expect(found).toHaveLength(list.length);
        expect([...found].sort()).toEqual(list.map((id) => tagsOf([id], key).toString("hex")).sort());
      }),
    );
  });

  test("a UUID is tagged by its own bytes, in either case", () => {
    const id = "0003a206-275c-8e26-a455-922295c800b9";
    expect(tagsOf([id.toUpperCase()], key).equals(tagsOf([id], key))).toBe(true);
    expect(tagsOf(["0003a206-275c-8e26-a455-922295c800bg"], key).equals(tagsOf([id], key))).toBe(false);
  });

  test("different subjects have different tags, and another year's key gives others still", () => {
    const people = Array.from({ length: 1000 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`);
    expect(listOf(tagsOf(people, key))).toHaveLength(1000);
    expect(listOf(tagsOf(["prs_01", "prs_02"], key))).toHaveLength(2);
    const next = new Set(listOf(tagsOf(people, subjectKey("n".repeat(32)))));
    expect(listOf(tagsOf(people, key)).some((tag) => next.has(tag))).toBe(false);
  });

  test("a tag tells nothing of the id without the key", () => {
    const id = "11111111-1111-4111-8111-111111111111";
    expect(tagsOf([id], key).toString("hex")).not.toContain("1111");
    expect(tagsOf([], key)).toHaveLength(0);
  });
});

describe("the mark of the variables", () => {
  const key = variablesKey("k".repeat(32));

  test("is the same for the same variables in any order, and another for any other", () => {
    const mark = markOf({ nik: "3510012345679001", filter: { a: 1, b: [1, 2] } }, key);
    expect(mark).toMatch(/^[0-9a-f]{64}$/);
    expect(markOf({ filter: { b: [1, 2], a: 1 }, nik: "3510012345679001" }, key)).toBe(mark);
    for (const other of [
      { nik: "3510012345679001", filter: { a: 1, b: [2, 1] } },
      { nik: "3510012345679002" },
      { a: null },
      { a: "null" },
    ])
      expect(markOf(other, key)).not.toBe(mark);
    expect(markOf({ a: null }, key)).not.toBe(markOf({ a: "null" }, key));
  });

  test("is none without variables, and tells nothing without the key", () => {
    expect(markOf({}, key)).toBeNull();
    const text = '{"nik":"3510012345679001"}';
    const mark = markOf(JSON.parse(text), key);
    expect(mark).not.toBe(createHash("sha256").update(text).digest("hex"));
    expect(mark).toBe(createHmac("sha256", key).update(text).digest("hex"));
    expect(markOf(JSON.parse(text), variablesKey("n".repeat(32)))).not.toBe(mark);
    expect(
      variablesKey("k".repeat(32))
        .export()
        .equals(subjectKey("k".repeat(32))),
    ).toBe(false);
  });
});

describe("who an entry is about", () => {
  const person = "0003a206-275c-8e26-a455-922295c800b9";
  const others = ["1003a206-275c-8e26-a455-922295c800b9", "2003a206-275c-8e26-a455-922295c800b9"];
  const tag = (id: string) => tagsOf([id], key).toString("hex");
  const tagsIn = (tags: Buffer) => tags.toString("hex").match(/.{32}/g) ?? [];

  test("is told by type: how many of each, and their tags in that order, shuffled within a type", () => {
    const subjects = [{ type: "Person", id: person }, ...others.map((id) => ({ type: "Household", id }))];
    const { tags, count, types } = taggedOf({ subjects, lookups: [person.toUpperCase(), "nik:3510012345679001"] }, key);
    expect([count, JSON.stringify(types)]).toEqual([4, '{"Household":2,"Person":1,"lookup":1}']);
    expect(tagsIn(tags).slice(0, 2).sort()).toEqual(others.map(tag).sort());
    expect(tagsIn(tags).slice(2)).toEqual([tag(person), tag("nik:3510012345679001")]);
  });
  test("every tag stands under its type, whatever the rows", () => {
    const rows = fc.uniqueArray(fc.record({ type: fc.constantFrom("Person", "Member", "Household"), id: fc.uuid() }), {
      selector: ({ id }) => id,
      maxLength: 30,
    });
    fc.assert(
      fc.property(rows, fc.array(fc.uuid(), { maxLength: 4 }), (subjects, lookups) => {
        const { tags, count, types } = taggedOf({ subjects, lookups }, key);
        const told = tagsIn(tags);
        expect([told.length, Object.values(types).reduce((sum, n) => sum + n, 0)]).toEqual([count, count]);
        let from = 0;
        for (const [type, n] of Object.entries(types)) {
          const ids = type === "lookup" ? lookups : subjects.filter((one) => one.type === type).map(({ id }) => id);
          expect(ids.map(tag)).toEqual(expect.arrayContaining(told.slice(from, from + n)));
          from += n;
        }
      }),
    );
  });
  test("of whom a quota counts the persons, and the identifiers looked up that found nobody", () => {
    const shown = { ...answer, persons: [person], lookups: [person.toUpperCase(), "h2", "nik:3510012345679001"] };
    expect(personsOf(shown, [])).toEqual([person, "h2", "nik:3510012345679001"]);
    expect(personsOf(shown, ["nik:3510012345679001", "h2"]), "who was found stands for the identifier").toEqual([person]);
  });
});

describe("the keys of a year", () => {
  const years = new Map([
    [2026, "a".repeat(32)],
    [2027, "b".repeat(32)],
  ]);
  const last = new Date("2026-12-31T16:59:59.999Z");
  const first = new Date("2026-12-31T17:00:00.000Z");

  test("change at midnight in western Indonesia, and are the same all year", () => {
    const keysAt = keyring(years);
    expect(keysAt(last)).toBe(keysAt(new Date("2025-12-31T17:00:00.000Z")));
    expect([keysAt(last).subjects, keysAt(first).subjects]).toEqual([subjectKey("a".repeat(32)), subjectKey("b".repeat(32))]);
  });
  test("are missed before they are needed, and without them nothing is put on record", () => {
    const only = new Map([[2026, "a".repeat(32)]]);
    expect(keylessYears(only, new Date("2026-11-30T16:59:59Z"))).toEqual([]);
    expect(keylessYears(only, new Date("2026-11-30T17:00:00Z"))).toEqual([2027]);
    expect(keylessYears(only, first)).toEqual([2027]);
    expect(() => keyring(only)(first)).toThrow(expect.objectContaining({ failures: [{ code: "AUDIT_UNAVAILABLE" }] }));
  });
});

describe("a public aggregate", () => {
  const coordinate = (over: object) => ({
    kind: "output",
    type: "Int",
    classes: [],
    isStatistics: false,
    isUnguarded: false,
    ...over,
  });
  const entries = new Map<string, unknown>([
    ["Query.statistics", coordinate({ type: "Statistics", classes: [{ class: "DERIVED" }] })],
    ["Query.statistics(version:)", coordinate({ kind: "argument", isUnguarded: true })],
    ["Query.statistics(region:)", coordinate({ kind: "argument" })],
    ["Statistics.count", coordinate({ isStatistics: true, classes: [{ class: "DERIVED" }] })],
    ["Region.name", coordinate({ classes: [{ class: "PUBLIC" }] })],
    ["Region.head", coordinate({ classes: [{ class: "PUBLIC" }, { class: "GENERAL" }] })],
    ["Person.name", coordinate({ classes: [{ class: "GENERAL" }] })],
    ["Person.unknown", coordinate({})],
  ]);
  const catalogue = { entries, statisticsTypes: new Set(["Statistics"]) } as unknown as Parameters<typeof isPublic>[1];
  const asking = (asked: readonly string[], { used = [] as string[], internal = [] as string[], ...over } = {}) =>
    ({
      ...{
        reading: { operation: { operation: "query" } },
        rewrite: { asked: new Set(asked) },
        lookups: [],
        denials: [],
        coerced: {},
      },
      plan: { steps: [[{ coordinates: () => ({ output: asked, internal, arguments: used }) }]] },
      ...over,
    }) as unknown as Planned;
  const OPEN = ["Query.statistics", "Statistics.count", "Region.name"];

  test("is what is public or a released statistic, and nothing beside it", () => {
    expect(isPublic(asking(OPEN, { used: ["Query.statistics(version:)"] }), catalogue)).toBe(true);
    for (const one of ["Person.name", "Region.head", "Person.unknown", "Nobody.knows"])
      expect(isPublic(asking([...OPEN, one]), catalogue), one).toBe(false);
  });
  test("is none that fetches, filters by or looks up anything else, changes something, or was denied a part", () => {
    const cases: Record<string, Parameters<typeof asking>[1] & object> = {
      "a key of a person": { internal: ["Person.name"] },
      "a filter over persons": { used: ["Query.statistics(region:)"] },
      "somebody looked up": { lookups: ["nik:3510012345679001"] } as object,
      "a denied part, or outages would be the time to probe": { denials: [{ code: "FIELD_NOT_GRANTED" }] } as object,
      "a mutation": { reading: { operation: { operation: "mutation" } } } as object,
    };
    for (const [what, over] of Object.entries(cases)) expect(isPublic(asking(OPEN, over), catalogue), what).toBe(false);
  });
});

describe("what a gateway remembers of whom it has counted", () => {
  test("is the last so many at least, at most twice as many, and nothing it was not told", () => {
    const told = fc.array(fc.record({ group: fc.constantFrom("a", "b"), text: fc.integer({ min: 0, max: 40 }).map(String) }), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), told, (most, list) => {
        const recent = new Recent(most);
        for (const { group, text } of list) recent.add(group, [text]);
        const keyOf = ({ group, text }: { group: string; text: string }) => `${group} ${text}`;
        const known = ["a", "b"].flatMap((group) =>
          Array.from({ length: 41 }, (_, text) => ({ group, text: String(text) })).filter((one) =>
            recent.has(one.group, one.text),
          ),
        );
        expect(known.length).toBeLessThanOrEqual(2 * most);
        expect(known.map(keyOf).every((key) => list.map(keyOf).includes(key))).toBe(true);
        for (const { group, text } of list.slice(-most)) expect(recent.has(group, text)).toBe(true);
      }),
    );
  });
});
