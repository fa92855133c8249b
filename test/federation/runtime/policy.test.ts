import { buildClientSchema, getIntrospectionQuery, printSchema } from "graphql";
import { expect, test } from "vitest";
import type { Verdict } from "../../../gateway/types/policy.ts";
import { answered, DENY, decide, hubOf } from "./hubOf.ts";

const CLOSED: Verdict = { effect: "deny", code: "USE_NOT_GRANTED", owner: "KEMENSOS" };
const initials: Verdict = { effect: "transform", kind: "initials" };

const asked: unknown[] = [];
const persons = [
  { id: "p1", name: "Siti", nik: "n1", tags: ["a", "b"], sex: "FEMALE" },
  { id: "p2", name: "Budi", nik: "n2", tags: [], sex: "MALE" },
];
const hub = hubOf([
  [
    "a",
    `type Query {
       persons(filter: Filter, orderBy: Order = SCORE, first: Int = 20): [Person] person(id: ID!): Person
       open(filter: Filter = { region: "35" }): [Person] cells: [Cell] any: [Any] thing: Thing
     }
     input Filter { region: String income: Int and: [Filter!] sex: Sex status: Status = ACTIVE }
     enum Sex { MALE FEMALE } enum Order { NAME SCORE } enum Status { ACTIVE ANY }
     type Person @key(fields: "id") @subject { id: ID! name: String nik: String tags: [String!] sex: Sex atLeast(age: Int!): Boolean region: Region }
     type Region @key(fields: "code") { code: ID! }
     type Cell @statistics { count: Int sample: Person }
     union Any = Person | Region
     interface Thing { label: String size: Int }
     type Good implements Thing { label: String size: Int } type Bad implements Thing { label: String size: Int }`,
    {
      Query: {
        persons: (_: unknown, args: unknown) => {
          asked.push(args);
          return persons;
        },
        open: () => persons,
        person: (_: unknown, { id }: { id: string }) => persons.find((person) => person.id === id) ?? null,
        cells: () => [{ count: 15, sample: persons[0] }],
        any: () => [
          { __typename: "Person", ...persons[0] },
          { __typename: "Region", code: "35" },
        ],
        thing: () => ({ __typename: "Bad", label: "b" }),
      },
      Person: { atLeast: () => true, region: () => ({ code: "3510" }) },
    },
  ],
  [
    "b",
    'type Person @key(fields: "id") { id: ID! payments(latest: Int = 6): [Payment!] } type Payment { amount: Int } type Region @key(fields: "code") { code: ID! name: String }',
    {
      Person: { payments: () => [{ amount: 1 }] },
      Region: { __resolveReference: ({ code }: { code: string }) => ({ code, name: "BANYUWANGI" }) },
    },
  ],
]);

const ask = async (document: string, verdicts: Record<string, Verdict>, variables: Record<string, unknown> = {}) =>
  answered(await hub.ask(document, { decisions: decide(verdicts), variables }));

test("a denied input closes the field that carries it, wherever it is written", async () => {
  const whole = "{ persons(filter: $f) { id } }";
  const cases: [document: string, variables?: Record<string, unknown>][] = [
    ['{ persons(filter: { region: "35", income: 1 }) { id } }'],
    ["{ persons(filter: { and: [{ and: { income: null } }] }) { id } }"],
    [`query ($f: Filter) ${whole}`, { f: { income: 5 } }],
    [`query ($f: Filter) ${whole}`, { f: { and: { income: 5 } } }],
    [`query ($f: Filter = { income: 3 }) ${whole}`],
    ["query ($i: Int) { persons(filter: { and: [{ income: $i }] }) { id } }", { i: 1 }],
  ];
  for (const [document, variables] of cases) {
    const { data, denied, errors } = await ask(document, { "Filter.income": CLOSED }, variables);
    expect(data, document).toEqual({ persons: null });
    expect(denied).toEqual(["Filter.income"]);
    expect(errors).toEqual([{ code: "USE_NOT_GRANTED", coordinate: "Filter.income", owner: "KEMENSOS" }]);
    expect(hub.calls, "nothing is asked without the condition").toEqual([]);
  }
});

test("the same document is open for other variables, also when it was closed a moment ago", async () => {
  const document = "query ($f: Filter, $o: Order) { a: persons(filter: $f, orderBy: $o) { id } b: persons { id } }";
  const verdicts = { "Filter.income": CLOSED, "Order.NAME": CLOSED, "Sex.MALE": CLOSED };
  const both = [{ id: "p1" }, { id: "p2" }];
  for (const [variables, closed] of [
    [{ f: { region: "3" } }, []],
    [{ f: { income: 1 }, o: "NAME" }, ["Filter.income", "Order.NAME"]],
    [{ f: { sex: "MALE" } }, ["Sex.MALE"]],
    [{ f: { region: "3", sex: "FEMALE" }, o: "SCORE" }, []],
    [{ f: null }, []],
    [{}, []],
  ] as const) {
    const { data, denied } = await ask(document, verdicts, variables);
    expect(data).toEqual({ a: closed.length > 0 ? null : both, b: both });
    expect(denied).toEqual(closed);
  }
});

test("an order that is only a default counts as used", async () => {
  const { data, denied } = await ask("{ persons { id } person(id: 1) { id } }", { "Order.SCORE": CLOSED });
  expect(data).toEqual({ persons: null, person: null });
  expect(denied).toEqual(["Order.SCORE"]);
  expect((await ask("{ persons(orderBy: NAME) { id } }", { "Order.SCORE": CLOSED })).denied).toEqual([]);
});

test("defaults inside inputs count as used", async () => {
  expect((await ask('{ persons(filter: { region: "3" }) { id } }', { "Status.ACTIVE": CLOSED })).denied).toEqual([
    "Status.ACTIVE",
  ]);
  expect((await ask("{ open { id } }", { "Filter.region": CLOSED })).denied).toEqual(["Filter.region"]);
  expect((await ask("query ($f: Filter) { open(filter: $f) { id } }", { "Filter.region": CLOSED })).denied).toEqual([
    "Filter.region",
  ]);
});

test("a denied argument and a transform on an input close the field too", async () => {
  expect((await ask("{ person(id: 1) { id } }", { "Query.person(id:)": CLOSED })).denied).toEqual(["Query.person(id:)"]);
  expect((await ask("{ person(id: 1) { id } }", { "Query.person(id:)": initials })).denied).toEqual(["Query.person(id:)"]);
  const absent = await ask("query ($f: Filter) { persons(filter: $f) { id } }", { "Query.persons(filter:)": CLOSED });
  expect(absent.denied, "an argument nobody gave is not used").toEqual([]);
});

test("an argument takes only the values the agreement names", async () => {
  const verdicts: Record<string, Verdict> = { "Person.atLeast(age:)": { effect: "allow", values: [17, 60] } };
  const document = 'query ($n: Int!) { person(id: "p1") { a: atLeast(age: 17) b: atLeast(age: 18) c: atLeast(age: $n) } }';
  const { data, denied, errors } = await ask(document, verdicts, { n: 60 });
  expect(data).toEqual({ person: { a: true, b: null, c: true } });
  expect(denied).toEqual(["Person.atLeast(age:)"]);
  expect(errors).toEqual([{ code: "USE_NOT_GRANTED", coordinate: "Person.atLeast(age:)" }]);
  expect((await ask(document, verdicts, { n: 59 })).data).toEqual({ person: { a: true, b: null, c: null } });
});

test("a denied field is null with its reason and is never fetched", async () => {
  const why: Verdict = {
    effect: "deny",
    code: "FIELD_PROHIBITED",
    reason: { id: "x", en: "y" },
    clause: "Ps. 4",
    owner: "DUKCAPIL",
    instead: ["Person.sex"],
  };
  const { data, errors, denied, shown } = await ask("{ persons { x: nik name } a: persons { nik } }", { "Person.nik": why });
  expect(data).toEqual({ persons: persons.map(({ name }) => ({ x: null, name })), a: [{ nik: null }, { nik: null }] });
  const { effect: _, ...told } = why as Extract<Verdict, { effect: "deny" }>;
  expect(errors).toEqual([{ ...told, coordinate: "Person.nik" }]);
  expect(denied).toEqual(["Person.nik"]);
  expect(shown).toEqual(["Person.name", "Query.persons"]);
  expect(hub.calls.map(({ body }) => body).join()).not.toContain("nik");
});

test("a denied root field costs no call, a denied object hides what is under it", async () => {
  const { data, denied } = await ask("{ persons { name } person(id: 1) { region { name } } }", {
    "Query.persons": DENY,
    "Person.region": DENY,
  });
  expect(data).toEqual({ persons: null, person: null });
  expect(denied).toEqual(["Person.region", "Query.persons"]);
  expect(await ask("{ persons { name nik } }", { "Query.persons": DENY, "Person.nik": DENY })).toMatchObject({
    denied: ["Query.persons"],
  });
  expect(hub.calls).toEqual([]);
});

test("a denied sibling fragment does not close the same key where it is open", async () => {
  const { data } = await ask("{ any { ... on Person { x: name } ... on Region { x: name } } }", { "Person.name": DENY });
  expect(data).toEqual({ any: [{ x: null }, { x: "BANYUWANGI" }] });
});

test("what is masked is masked in lists and under aliases, nulls stay, and the coordinate is listed", async () => {
  const verdicts = { "Person.name": initials, "Person.tags": initials };
  const document = "query ($v: Boolean!) { persons { y: name name tags nik @skip(if: $v) } }";
  const { data, transformed, errors, shown } = await ask(document, verdicts, { v: true });
  expect(data).toEqual({
    persons: [
      { y: "initials:Siti", name: "initials:Siti", tags: ["initials:a", "initials:b"] },
      { y: "initials:Budi", name: "initials:Budi", tags: [] },
    ],
  });
  expect(transformed).toEqual(["Person.name", "Person.tags"]);
  expect(errors).toEqual([]);
  expect(shown).toEqual(["Person.name", "Person.tags", "Query.persons"]);
});

test("a transform of one caller is never used for another of the same class", async () => {
  const of = (secret: string) => ({
    ...decide({ "Person.nik": initials }),
    transform: (_: string, value: unknown) => `${secret}/${value}`,
  });
  const nik = async (secret: string) => answered(await hub.ask('{ person(id: "p1") { nik } }', { decisions: of(secret) })).data;
  expect(await nik("agency one")).toEqual({ person: { nik: "agency one/n1" } });
  expect(await nik("agency two")).toEqual({ person: { nik: "agency two/n1" } });
});

test("a transform on an object has no meaning: it is closed", async () => {
  const { data, errors } = await ask('{ person(id: "p1") { region { code } } }', { "Person.region": initials });
  expect(data).toEqual({ person: { region: null } });
  expect(errors).toEqual([{ code: "FIELD_PROHIBITED", coordinate: "Person.region" }]);
});

test("every subject in the answer is known by its id and type, whatever was asked of it", async () => {
  const [p1, p2] = ["p1", "p2"].map((id) => ({ type: "Person", id }));
  expect((await ask("{ persons { x: name } }", {})).subjects).toEqual([p1, p2]);
  expect((await ask("{ persons { id: name } }", { "Person.id": DENY })).subjects).toEqual([p1, p2]);
  expect(
    (await ask('{ persons { __typename } person(id: "p1") { region { name } } }', { "Person.region": DENY })).subjects,
  ).toEqual([p1, p2]);
  expect((await ask("{ persons { id } }", { "Person.id": { effect: "transform", kind: "pseudonym" } })).subjects).toEqual([
    p1,
    p2,
  ]);
  expect((await ask("{ any { ... on Region { name } } }", {})).subjects).toEqual([p1]);
});

test("no subject stands where nothing of it is answered, or where figures are released", async () => {
  expect((await ask("{ persons { name } }", { "Query.persons": DENY })).subjects).toEqual([]);
  expect((await ask("{ cells { count sample { name } } }", {})).subjects).toEqual([]);
  expect((await ask("query ($v: Boolean!) { persons @skip(if: $v) { name } }", {}, { v: true })).subjects).toEqual([]);
});

test("a row that a null below it took out of the answer is nobody's", async () => {
  const strict = hubOf([
    ["a", 'type Query { rows: [Row] } type Row @key(fields: "id") @subject { id: ID! kin: [Row!] }', {}],
    ["b", 'type Row @key(fields: "id") @subject { id: ID! must: String! }', {}],
  ]);
  const row = (id: string, kin: object[] = []) => ({ __typename: "Row", id, kin });
  strict.breakSource("a", () => ({
    data: { rows: [row("r1", [row("r2"), row("bad1")]), row("r4", [row("r5")]), row("bad2", [row("r6")])] },
  }));
  strict.breakSource("b", ({ body }) => ({
    data: Object.fromEntries(
      Object.entries(JSON.parse(body).variables as Record<string, { id: string }[]>).map(([name, list]) => [
        name === "representations" ? "_entities" : name.replace("__batch_reps_", "_e"),
        list.map(({ id }) => (id.startsWith("bad") ? null : { must: id })),
      ]),
    ),
  }));
  const { data, subjects } = answered(await strict.ask("{ rows { must kin { must } } }"));
  expect(data).toEqual({ rows: [{ must: "r1", kin: null }, { must: "r4", kin: [{ must: "r5" }] }, null] });
  expect(subjects.map(({ id }) => id).toSorted()).toEqual(["r1", "r4", "r5"]);
});

test("a fetch names what is shown, what only the plan needs, and the inputs it uses", async () => {
  const document =
    "query ($f: Filter, $n: Int) { persons(filter: $f, first: $n) { name region { name } payments(latest: $n) { amount } } }";
  const { fetches } = await ask(document, { "Person.name": initials }, { f: { sex: "MALE" }, n: 2 });
  expect(fetches.map(({ service, coordinates }) => ({ service, ...coordinates }))).toEqual([
    {
      service: "a",
      output: ["Person.name", "Person.region", "Query.persons"],
      internal: ["Person.id", "Region.code"],
      arguments: [
        "Filter.sex",
        "Filter.status",
        "Order.SCORE",
        "Query.persons(filter:)",
        "Query.persons(first:)",
        "Query.persons(orderBy:)",
        "Sex.MALE",
        "Status.ACTIVE",
      ],
    },
    {
      service: "b",
      output: ["Payment.amount", "Person.payments", "Region.name"],
      internal: ["Person.id", "Region.code"],
      arguments: ["Person.payments(latest:)"],
    },
  ]);
  const again = (await ask(document, { "Person.name": initials }, { f: { sex: "MALE" }, n: 3 })).fetches;
  expect(again[0]?.coordinates, "one object for one set, so that it is encoded once").toBe(fetches[0]?.coordinates);
  expect((await ask(document, { "Person.name": initials })).fetches[0]?.coordinates.arguments).toEqual([
    "Order.SCORE",
    "Query.persons(first:)",
    "Query.persons(orderBy:)",
  ]);
});

const HIDDEN = [
  "Person.nik",
  "Filter.income",
  "Query.persons(orderBy:)",
  "Sex.MALE",
  "Person.atLeast(age:)",
  "Cell.count",
  "Cell.sample",
  "Good.label",
];
const view = decide(Object.fromEntries(HIDDEN.map((coordinate) => [coordinate, DENY])), HIDDEN);

test("what is hidden looks like a typing error", async () => {
  for (const document of [
    "{ persons { nik } }",
    "{ persons { nikk } }",
    "{ persons(filter: { income: 1 }) { id } }",
    "{ persons(orderBy: NAME) { id } }",
    "{ persons(filter: { sex: MALE }) { id } }",
    "{ persons { atLeast(age: 17) } }",
    "{ cells { count } }",
    "{ thing { label } }",
  ]) {
    const outcome = await hub.ask(document, { decisions: view });
    expect(outcome.kind, document).toBe("refused");
    expect(outcome.errors[0]?.code).toBe("GRAPHQL_VALIDATION_FAILED");
    expect(JSON.stringify(outcome), "no suggestion").not.toMatch(/mean/i);
  }
  const variables = { f: { income: 1 } };
  const outcome = await hub.ask("query ($f: Filter) { persons(filter: $f) { id } }", { decisions: view, variables });
  expect(outcome.errors).toMatchObject([{ code: "BAD_USER_INPUT", detail: 'Variable "$f" needs a value of type Filter.' }]);
  expect(answered(await hub.ask("{ thing { ... on Bad { label } } }", { decisions: view })).data).toEqual({
    thing: { label: "b" },
  });
});

test("introspection knows the caller's view and nothing else", async () => {
  const whole = async (decisions = view) => answered(await hub.ask(getIntrospectionQuery(), { decisions })).data;
  const sdl = printSchema(buildClientSchema((await whole()) as Parameters<typeof buildClientSchema>[0]));
  expect(sdl).not.toMatch(/nik|income|orderBy|Order|MALE\n {2}FEMALE|atLeast|Cell|join__|_entities|@data|DataClass/);
  expect(sdl).toMatch(/type Person/);
  const open = printSchema(buildClientSchema((await whole(decide({}))) as Parameters<typeof buildClientSchema>[0]));
  expect(open).toMatch(/nik/);
  expect(open).not.toMatch(/join__|_entities|@data|DataClass|@subject/);
  expect(hub.calls).toEqual([]);
});

test("questions about the schema stand beside data, in fragments, in the order asked", async () => {
  const document = `query ($n: String!) { person(id: "p1") { name } ...Q a: __type(name: $n) { kind } __typename }
    fragment Q on Query { __schema { queryType { name } } persons { id } }`;
  const { data } = await ask(document, {}, { n: "Sex" });
  expect(JSON.stringify(data)).toBe(
    JSON.stringify({
      person: { name: "Siti" },
      __schema: { queryType: { name: "Query" } },
      persons: [{ id: "p1" }, { id: "p2" }],
      a: { kind: "ENUM" },
      __typename: "Query",
    }),
  );
});

test("an object of a hidden type is null and its type is not told", async () => {
  const decisions = decide({ "Region.code": DENY, "Region.name": DENY }, ["Region.code", "Region.name", "Person.region"]);
  const { data, errors } = answered(await hub.ask("{ any { __typename } }", { decisions }));
  expect(data).toEqual({ any: [{ __typename: "Person" }, null] });
  expect(errors).toEqual([]);
});

test("classes of policy never mix, however their questions interleave", async () => {
  const classes = [decide({}), decide({ "Person.nik": DENY }), decide({ "Person.nik": initials }), decide({}, ["Person.name"])];
  const expected = ["n1", null, "initials:n1", "n1"];
  const runs = Array.from({ length: 400 }, async (_, index) => {
    const decisions = classes[index % 4] ?? decide({});
    const outcome = await hub.runtime.execute({
      document: '{ person(id: "p1") { nik } }',
      decisions,
      deadline: performance.now() + 5000,
    });
    expect(answered(outcome).data).toEqual({ person: { nik: expected[index % 4] } });
  });
  await Promise.all(runs);
  expect(runs).toHaveLength(400);
});
