import { readFileSync } from "node:fs";
import fc from "fast-check";
import { parse } from "graphql";
import { afterEach, describe, expect, test } from "vitest";
import type { Decisions, Verdict } from "../../../gateway/types/policy.ts";
import { errorEntry } from "../../../schema/errors.ts";
import { lint } from "../../../schema/sdl/lint.ts";
import { answered, DENY, decide, hubOf } from "../../federation/runtime/hubOf.ts";
import { SLICES, sdlOf } from "../../federation/runtime/joined.ts";

// T8–T11, T23: what sources say, and the forms a schema may take. A small supergraph, because the hub's own has no union, interface or @requires.

type Entity = Record<string, unknown>;
const self = (entity: Entity) => entity;
const SITI = { __typename: "Person", id: "p1", name: "Siti", nik: "3510165204889001" };
const hub = hubOf([
  [
    "a",
    `type Query { person: Person found: [Found] media: [Media] works: [Work] }
     type Person @key(fields: "id") @subject { id: ID! name: String nik: String }
     type Informant @key(fields: "id") { id: ID! name: String }
     union Found = Person | Informant
     interface Media { title: String owner: Person }
     type Book implements Media { title: String owner: Person }
     type Film implements Media { title: String owner: Person }
     interface Work @key(fields: "id") { id: ID! }
     type Song implements Work @key(fields: "id") { id: ID! }
     type Poem implements Work @key(fields: "id") { id: ID! }`,
    {
      Query: {
        person: () => SITI,
        found: () => [SITI, { __typename: "Informant", id: "i1", name: "Tono" }],
        media: () => [
          { __typename: "Book", title: "B", owner: SITI },
          { __typename: "Film", title: "F", owner: SITI },
        ],
        works: () => [
          { __typename: "Song", id: "s1" },
          { __typename: "Poem", id: "o1" },
        ],
      },
    },
  ],
  [
    "b",
    `type Person @key(fields: "id") { id: ID! nik: String @external risk: String @requires(fields: "nik")
       score: String @requires(fields: "nik") @data(class: DERIVED) }
     type Work @key(fields: "id") @interfaceObject { id: ID! price: Int }`,
    {
      Person: {
        __resolveReference: self,
        risk: ({ nik }: Entity) => `high, for ${nik}`,
        score: ({ nik }: Entity) => (nik ? "3 of 10" : "none"),
      },
      Work: { __resolveReference: ({ id }: Entity) => ({ id, price: 5 }) },
    },
  ],
]);
afterEach(() => hub.heal());

/** The answer, and its errors as a client reads them. */
async function ask(document: string, decisions: Decisions = decide({})) {
  const outcome = answered(await hub.ask(document, { decisions }));
  return { ...outcome, told: JSON.stringify(outcome.errors.map((failure) => errorEntry(failure, "en"))) };
}

describe("T8 error texts of sources", () => {
  const SECRETS = [
    "3510165204889001",
    "select nik from person",
    "10.0.0.7:4002",
    "Person.subjectFlags",
    "at resolve (data.ts:7)",
  ];
  const words = fc.oneof(fc.constantFrom(...SECRETS), fc.string());
  const error = fc.record({
    message: words,
    path: fc.constantFrom(["person"], ["person", "nik"], [], "3510165204889001", undefined),
    extensions: fc.record({
      code: fc.constantFrom("INTERNAL_SERVER_ERROR", "FIELD_NOT_GRANTED", "SUBGRAPH_TIMEOUT", "QUOTA_EXCEEDED", "23505", 7),
      detail: words,
      exception: fc.record({ stacktrace: fc.array(words, { maxLength: 3 }) }),
      limit: words,
      reason: words,
    }),
  });

  test("T8 error texts of sources: whatever a source says, only a code, the place and the source's name are told", async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(error, { minLength: 1, maxLength: 4 }), async (errors) => {
        hub.breakSource("a", () => ({ data: { person: null }, errors }));
        const { told, data, errors: failures } = await ask("{ person { name nik } }");
        for (const secret of SECRETS) expect(told).not.toContain(secret);
        expect(data).toEqual({ person: null });
        for (const failure of failures) expect(["code", "path", "service"]).toEqual(expect.arrayContaining(Object.keys(failure)));
        seen += failures.length;
      }),
    );
    expect(seen).toBeGreaterThan(100);
  });

  test("T8 error texts of sources: what a source declares fit to be told is told without anything like a NIK", async () => {
    const extensions = { code: "BAD_USER_INPUT", detail: "first must be 1 to 100, not 3510165204889001" };
    hub.breakSource("a", () => ({ data: { person: null }, errors: [{ message: "x", extensions }] }));
    const { told } = await ask("{ person { name } }");
    expect(told).toContain("first must be 1 to 100, not [NIK]");
    expect(told).not.toContain("3510165204889001");
  });
});

describe("T9 the name of a hidden type", () => {
  const fields = ["Informant.id", "Informant.name"];
  const decisions = decide(Object.fromEntries(fields.map((field) => [field, DENY])), fields);

  test("T9 the name of a hidden type: a closed member of a union is nobody, and its type is not told", async () => {
    for (const document of ["{ found { __typename } }", "{ found { t: __typename ... on Person { name } } }"]) {
      const { data, told } = await ask(document, decisions);
      expect((data as { found: unknown[] }).found[1]).toBeNull();
      expect(JSON.stringify(data) + told).not.toContain("Informant");
    }
    const outcome = await hub.ask("{ found { ... on Informant { name } } }", { decisions });
    expect([outcome.kind, outcome.errors[0]?.code]).toEqual(["refused", "GRAPHQL_VALIDATION_FAILED"]);
    expect((await ask("{ found { __typename } }")).data).toEqual({
      found: [{ __typename: "Person" }, { __typename: "Informant" }],
    });
  });
});

describe("T10 a way round through an interface", () => {
  const decisions = decide({ "Film.title": DENY, "Film.owner": DENY });
  const closed = { title: null, owner: null };
  const open = { title: "B", owner: { nik: SITI.nik } };

  test.each([
    ["by the interface", "{ media { title owner { nik } } }"],
    ["by inline fragments", "{ media { ... on Media { title } ... on Book { owner { nik } } ... on Film { owner { nik } } } }"],
    ["by a named fragment", "{ media { ...M } } fragment M on Media { title ... on Media { owner { nik } } }"],
    ["by both at once", "{ media { title ... on Film { title } owner { nik } ... on Book { title } } }"],
  ])("T10 a way round through an interface, %s: a field is judged on the type that stands there", async (_, document) => {
    const { data, denied } = await ask(document, decisions);
    expect(data).toEqual({ media: [open, closed] });
    expect(denied).toEqual(["Film.owner", "Film.title"]);
  });

  test("T10 a way round through an interface, by @interfaceObject: a field another source adds to all is judged on each", async () => {
    const { data, denied } = await ask("{ works { id price } }", decide({ "Poem.price": DENY }));
    expect(data).toEqual({
      works: [
        { id: "s1", price: 5 },
        { id: "o1", price: null },
      ],
    });
    expect(denied).toEqual(["Poem.price"]);
  });

  test("T10 a way round through an interface, or a directive by another name: such a schema is not published", () => {
    const head = readFileSync("schema/hub.graphql", "utf8");
    const faults = (sdl: string) => lint([{ name: "toy", document: parse(`${head}\n${sdl}`) }]).faults.join("\n");
    expect(faults('type Query { "X — x." x: String @kelas(class: PUBLIC) }')).toContain("Query.x has 0 @data");
    expect(faults('type Query { "X — x." x("A — a." a: Int @jaga(field: "Query.x")): Int @data(class: PUBLIC) }')).toContain(
      "Query.x(a:) has neither @guards nor @unguarded",
    );
  });
});

describe("T11 a denied field carried out by another", () => {
  test("T11 a denied field carried out by another that is computed from it: closed with it, and not even fetched for it", async () => {
    const { data, denied } = await ask("{ person { name risk } }", decide({ "Person.nik": DENY }));
    expect([data, denied]).toEqual([{ person: { name: "Siti", risk: null } }, ["Person.risk"]]);
    expect(hub.calls.map(({ body }) => body).join()).not.toContain("nik");
    expect((await ask("{ person { risk } }")).data).toEqual({ person: { risk: `high, for ${SITI.nik}` } });
  });

  test("T11 a denied field carried out by another: what is computed from a masked field is closed, for it was computed from the plain one", async () => {
    const { data, denied } = await ask(
      "{ person { nik risk } }",
      decide({ "Person.nik": { effect: "transform", kind: "last4" } }),
    );
    expect([data, denied]).toEqual([{ person: { nik: `last4:${SITI.nik}`, risk: null } }, ["Person.risk"]]);
  });

  test("T11 a denied field carried out by another: one whose owners declared it derived has a verdict of its own, and its source stays inside", async () => {
    const { data, shown } = await ask("{ person { score nik } }", decide({ "Person.nik": DENY }));
    expect([data, shown]).toEqual([{ person: { score: "3 of 10", nik: null } }, ["Person.score", "Query.person"]]);
    expect((await ask("{ person { score } }", decide({ "Person.score": DENY }))).data).toEqual({ person: { score: null } });
  });

  test("T11 a denied field carried out by another: of the hub's own schema only the citizen's tracker, verdicts on claims, the way of a payment and a family's regional aid are computed from other sources' fields, and tell none of them", () => {
    const sdl = SLICES.map(sdlOf).join("\n");
    expect(sdl.length).toBeGreaterThan(10_000);
    expect(sdl.match(/@requires\(fields: "[^"]+"\)/g)).toEqual([
      '@requires(fields: "claimedName claimedNik")',
      '@requires(fields: "claimedName claimedNik claimedBirthDate claimedSex claimedBirthPlace claimedCardNumber")',
      '@requires(fields: "person { registryStanding { isRegistered isActive determinedFor } }")',
      '@requires(fields: "person { registryStanding { isMatched isRegistered } }")',
      '@requires(fields: "person { registryStanding { isRanked isRegistered } }")',
      '@requires(fields: "members { person { id } }")',
      '@requires(fields: "nik registryMembers { id household { id } } enrolments { id }")',
    ]);
    expect(sdl).not.toMatch(/@(fromContext|provides)\(/);
  });
});

describe("T23 caches that mix agreements", () => {
  const pseudonym: Verdict = { effect: "transform", kind: "pseudonym" };
  const agreementOf = (agency: string): Decisions => ({
    ...decide({ "Person.nik": pseudonym }),
    transform: (_, value) => `${agency}/${value}`,
  });
  const AGREEMENTS: readonly (readonly [Decisions, unknown])[] = [
    [decide({}), SITI.nik],
    [decide({ "Person.nik": DENY }), null],
    [agreementOf("BPJS"), `BPJS/${SITI.nik}`],
    [agreementOf("BPK"), `BPK/${SITI.nik}`], // opens the same as the one before, under another key
  ];

  test("T23 caches that mix agreements: one document under four of them, 10,000 times interleaved, is answered each time by its own", async () => {
    const document = "{ person { nik } }";
    const wrong: unknown[] = [];
    let asked = 0;
    const one = async (index: number) => {
      const [decisions, nik] = AGREEMENTS[(index * 7 + (index >> 3)) % 4] as (typeof AGREEMENTS)[number];
      const outcome = await hub.runtime.execute({ document, decisions, deadline: performance.now() + 30_000 });
      asked += 1;
      if (JSON.stringify(answered(outcome).data) !== JSON.stringify({ person: { nik } })) wrong.push(outcome);
    };
    for (let batch = 0; batch < 100; batch++)
      await Promise.all(Array.from({ length: 100 }, (_, index) => one(batch * 100 + index)));
    expect([asked, wrong]).toEqual([10_000, []]);
  });
});
