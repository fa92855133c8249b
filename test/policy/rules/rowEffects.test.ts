import { beforeEach, describe, expect, test } from "vitest";
import { rowMask } from "../../../gateway/mask/rows.ts";
import { type Ceiling, compileTable } from "../../../schema/policy/decisionTable.ts";
import { CLOSED, kindInRow } from "../../../schema/policy/masks.ts";
import type { Grant } from "../../../schema/policy/policy.ts";
import {
  ask,
  athome,
  calls,
  catalogue,
  ceilings,
  decisionsOf,
  HOME,
  peopleIn,
  person,
  row,
  runtime,
  state,
  table,
} from "../kit/rowWorld.ts";

// Effects that depend on the row (policy.md §4): a column that is full at home and masked elsewhere, and a class that follows the subject.

const AT_HOME = person(1, "3510161001", []);
const AWAY = person(2, "3201011001", []);
const NOWHERE = person(3, null, []);
beforeEach(() => {
  state.people = [AT_HOME, AWAY, NOWHERE];
  state.silent.clear();
});

const PLAIN = [row("PUBLIC"), row("GENERAL")];
/** Everything but one coordinate is plain. */
const allBut = (...rows: Grant[]) => [
  row("PUBLIC"),
  ...["Query.people", "Person.id", "Person.name", "Person.born", "Person.home"]
    .filter((c) => !rows.some((r) => r.selector === c))
    .map((c) => row(c)),
  ...rows,
];

describe("a conditional column", () => {
  test("is plain at home, and masked elsewhere or where nobody knows", async () => {
    const { people: shown } = await peopleIn("nik name", ...allBut(athome("Person.nik", "last4")));
    expect(shown).toEqual([
      { nik: AT_HOME.nik, name: "Name 1" },
      { nik: "************9002", name: "Name 2" },
      { nik: "************9003", name: "Name 3" },
    ]);
  });
  test("closed elsewhere it is null without an error, and listed without saying how often", async () => {
    for (const one of [AT_HOME, AWAY]) {
      state.people = [one];
      const { errors, transformed, denied } = await ask("{ people { born } }", ...allBut(athome("Person.born")));
      expect({ errors, transformed, denied }).toEqual({ errors: [], transformed: ["Person.born"], denied: [] });
    }
    state.people = [AT_HOME, AWAY];
    const { data, shown } = await ask("{ people { born } }", ...allBut(athome("Person.born")));
    expect(data).toEqual({ people: [{ born: "2001-01-01" }, { born: null }] });
    expect(shown).toEqual(["Person.born", "Query.people"]);
    state.people = [AWAY];
    expect((await ask("{ people { born } }", ...allBut(athome("Person.born")))).shown).toEqual(["Query.people"]);
  });
  test("closes its band with it, an object and all below, and every value of a list", async () => {
    const fields = "birthYear tags h: home { street } friend { name }";
    state.people = [
      { ...AT_HOME, friend: AWAY },
      { ...AWAY, friend: AT_HOME },
    ];
    const rows = [
      ...allBut(row("Person.born", "band", { home: HOME, elsewhere: "null" })),
      athome("Person.tags", "last4"),
      row("Person.friend"),
      row("Place.street"),
    ];
    const away = rows.filter(({ selector }) => selector !== "Person.home");
    expect((await peopleIn(fields, ...away, athome("Person.home"), athome("Person.friend"))).people).toEqual([
      { birthYear: 2001, tags: ["a", "b"], h: { street: "Street" }, friend: { name: "Name 2" } },
      { birthYear: null, tags: ["*", "*"], h: null, friend: null },
    ]);
  });
  test("is decided for each row by its own region, also for the friend of a row and behind a union", async () => {
    state.people = [
      { ...AT_HOME, friend: AWAY },
      { ...AWAY, friend: AT_HOME },
    ];
    const rows = [...allBut(athome("Person.name", "initials")), row("Person.friend"), row("Query.anything"), row("Place.street")];
    const document = "{ people { n: name friend { name } } anything { ... on Person { name } ... on Place { street } } }";
    expect((await ask(document, ...rows)).data).toEqual({
      people: [
        { n: "Name 1", friend: { name: "N. 2." } },
        { n: "N. 2.", friend: { name: "Name 1" } },
      ],
      anything: [{ name: "Name 1" }, { name: "N. 2." }, { street: "Street" }],
    });
  });
  test("an effect that an object cannot have closes it, whoever made the verdict", async () => {
    const rows = [{ kind: "last4", home: [] }];
    const decisions = { ...decisionsOf(), key: "by hand", verdict: () => ({ effect: "allow", rows }) as const };
    const outcome = await runtime.execute({
      document: "{ people { home { street } } }",
      decisions,
      deadline: performance.now() + 5000,
    });
    expect(outcome).toMatchObject({ kind: "answered", data: { people: null }, errors: [] });
    const atPeople = (coordinate: string) =>
      coordinate.startsWith("Query.") ? { effect: "allow" as const } : decisions.verdict();
    const below = { ...decisions, key: "by hand, below", verdict: atPeople };
    const told = await runtime.execute({
      document: "{ people { home { street } } }",
      decisions: below,
      deadline: performance.now() + 5000,
    });
    expect(told).toMatchObject({
      kind: "answered",
      data: { people: [{ home: null }, { home: null }, { home: null }] },
      errors: [],
    });
  });
  test("holds on a type without a region everywhere as it does elsewhere", () => {
    const { verdict } = table(athome("Query.count"), athome("Query.title", "last4"), athome("GENERAL", "initials"));
    expect(verdict("Query.count")).toMatchObject({ effect: "deny", code: "FIELD_PROHIBITED", clause: "Ps. 1" });
    expect(table(athome("Query.title", "last4")).verdict("Query.title")).toEqual({ effect: "transform", kind: "last4" });
    expect(verdict("Place.street")).toEqual({ effect: "transform", kind: "initials" });
    expect(verdict("Query.people")).toMatchObject({ effect: "deny" });
  });
  test("shows a key's pseudonym where it is closed: the row stays", async () => {
    state.people = [AT_HOME, AWAY];
    const { people: shown } = await peopleIn("id name", ...allBut(athome("Person.id"), athome("Person.name")));
    expect(shown).toEqual([
      { id: "p1", name: "Name 1" },
      { id: expect.stringMatching(/^[\w-]{22}$/), name: null },
    ]);
  });
  test("never opens more than its own effect, and two masks that meet close", async () => {
    const rows = allBut(
      row("Person.name", "mask", { maskFn: "initials", home: HOME, elsewhere: "last4" }),
      row("Person.id", "pseudonym", { home: HOME, elsewhere: "initials" }),
    );
    expect((await peopleIn("name", ...rows)).people).toEqual([{ name: "N. 1." }, { name: null }, { name: null }]);
    expect(table(...rows).verdict("Person.id")).toEqual({ effect: "transform", kind: "pseudonym" });
  });
  test("with a region or a mask that is none is closed everywhere", async () => {
    for (const more of [
      { home: ["35-10"] },
      { home: [] },
      { elsewhere: "lasst4" },
      { elsewhere: "constructor" },
      { elsewhere: null },
    ]) {
      const { people: shown } = await peopleIn("name", ...allBut(athome("Person.name", "null", more)));
      expect(shown.slice(1), JSON.stringify(more)).toEqual([{ name: null }, { name: null }]);
      if ("home" in more) expect(shown[0]).toEqual({ name: null });
    }
  });
  test("is no ground to sort or filter by, and one to look up by", () => {
    const uses = [
      row("Person.name", "allow", { use: "FILTER" }),
      row("Person.name", "allow", { use: "SORT" }),
      row("Person.nik", "allow", { use: "LOOKUP" }),
    ];
    const coordinates = ["Where.name", "PeopleOrder.NAME", "Where.nik"];
    const effects = (...rows: Grant[]) => coordinates.map((coordinate) => table(...uses, ...rows).verdict(coordinate).effect);
    expect(effects(row("Person.name"), row("Person.nik"))).toEqual(["allow", "allow", "allow"]);
    expect(effects(athome("Person.name"), athome("Person.nik"))).toEqual(["deny", "deny", "allow"]);
  });
});

const CHILD = person(4, "3510161001", ["CHILD"]);
const DISABLED = person(5, "3510161001", ["DISABILITY"]);
const STIGMA = person(6, "3510161001", ["STIGMA"]);
const BOTH = person(7, "3510161001", ["CHILD", "STIGMA"]);
const MARKED = person(8, "3510161001", []);
const UNKNOWN = person(9, "3510161001", null);

describe("a class by subject", () => {
  const everybody = [AT_HOME, CHILD, DISABLED, STIGMA, BOTH, MARKED, UNKNOWN];
  const namesUnder = async (...rows: Grant[]) => {
    state.people = everybody;
    return (await peopleIn("name", ...rows)).people.map(({ name }: { name: string | null }) => name && Number(name.slice(5)));
  };
  const OPEN = [row("PUBLIC"), row("Query.people")];

  test("a class row of GENERAL opens nobody who has a flag, nor anybody of whom that is not known", async () =>
    expect(await namesUnder(...PLAIN)).toEqual([1, null, null, null, null, 8, null]));
  test("a class row of SPECIFIC opens them beside it", async () =>
    expect(await namesUnder(...PLAIN, row("SPECIFIC"))).toEqual([1, 4, 5, 6, 7, 8, 9]));
  test("one for the topic of children opens children, not stigma", async () => {
    const rows = [...PLAIN, row("SPECIFIC", "allow", { topic: "CHILD" })];
    expect(await namesUnder(...rows)).toEqual([1, 4, null, null, null, 8, null]);
  });
  test("a row of the coordinate opens them, as far as the ceiling of the topic goes", async () => {
    expect(await namesUnder(...OPEN, row("Person.name"))).toEqual([1, 4, 5, 6, 7, 8, 9]);
    const lowered: Ceiling[] = [...ceilings, { class: "SPECIFIC", topic: "CHILD", ceiling: "aggregate" }];
    const { verdict } = compileTable([row("Person.name")], { ceilings: lowered, catalogue });
    expect(verdict("Person.name")).toEqual({ effect: "allow", rows: [{ kind: "null", flag: "CHILD" }] });
  });
  test("a disability has no topic: a ceiling of health closes nobody's row", () => {
    const closed = ceilings.map((rule) => (rule.topic === "HEALTH" ? { ...rule, ceiling: "deny" as const } : rule));
    const { verdict } = compileTable([row("Person.name")], { ceilings: closed, catalogue });
    expect(verdict("Person.name")).toEqual({ effect: "allow" });
  });
  test("of plain and risen the stricter holds: what SPECIFIC masks is masked in their rows", async () => {
    state.people = [AT_HOME, CHILD];
    const rows = [...PLAIN, row("SPECIFIC", "mask", { maskFn: "initials" })];
    expect((await peopleIn("name born", ...rows)).people).toEqual([
      { name: "Name 1", born: "2001-01-01" },
      { name: "N. 4.", born: null },
    ]);
  });
  test("public data stay, keys are pseudonyms, and nothing below or of another source gets by", async () => {
    state.people = [CHILD];
    const fields = "id sex name born birthYear tags home { street } enrolment";
    const { data, errors, transformed } = await ask(`{ people { ${fields} } }`, ...PLAIN, row("DERIVED"));
    expect(errors).toEqual([]);
    expect(data).toEqual({
      people: [
        {
          ...{ id: expect.stringMatching(/^[\w-]{22}$/), sex: "F", name: null, born: null, birthYear: null },
          ...{ tags: null, home: null, enrolment: null },
        },
      ],
    });
    expect(transformed).toEqual(
      ["birthYear", "born", "enrolment", "home", "id", "name", "tags"].map((name) => `Person.${name}`).sort(),
    );
  });
  test("two masks that meet behind a pseudonym close the value of that row, also where nobody knows where rows lie", async () => {
    state.people = [AT_HOME, AWAY, CHILD, person(5, "3201011001", ["CHILD"])];
    const rows = [
      row("GENERAL", "pseudonym", { home: HOME, elsewhere: "last4" }),
      row("Query.people", "allow", { widenReason: "DPO 3/2026" }),
      row("SPECIFIC", "mask", { maskFn: "initials" }),
    ];
    const names = async () => ((await peopleIn("name", ...rows))["people"] as { name: string | null }[]).map(({ name }) => name);
    const masked = expect.stringMatching(/^[\w-]{22}$/);
    expect(await names()).toEqual([masked, masked, masked, null]);
    const placeless = { ...catalogue, rowPlaces: new Map([["Person", { region: null, flags: ["subjectFlags"], person: null }]]) };
    const verdict = compileTable(rows, { ceilings, catalogue: placeless }).verdict("Person.name");
    const kindOf = (flags: string[]) =>
      verdict.effect === "transform" && kindInRow(verdict.kind, verdict.rows ?? [], { region: null, flags });
    expect([kindOf([]), kindOf(["CHILD"])]).toEqual(["pseudonym", CLOSED]);
  });
  test("at home and elsewhere it is the row of the class it rises to that says", async () => {
    state.people = [CHILD, { ...CHILD, home: AWAY.home }, AWAY];
    const rows = [...PLAIN, athome("SPECIFIC", "initials")];
    expect((await peopleIn("name", ...rows)).people).toEqual([{ name: "Name 4" }, { name: "N. 4." }, { name: "Name 2" }]);
  });
  test("when the source that knows is silent, what another source says is closed", async () => {
    state.people = [AT_HOME];
    const document = "{ enrolled { enrolment } }";
    expect((await ask(document, ...PLAIN)).data).toEqual({ enrolled: [{ enrolment: "PKH p1" }] });
    state.silent.add("identity");
    const { data, errors } = await ask(document, ...PLAIN);
    expect(data).toEqual({ enrolled: [{ enrolment: null }] });
    expect(errors.map(({ code }) => code)).toEqual(["SUBGRAPH_UNAVAILABLE"]);
  });
  test("what only the hub asks for is named in the envelope as internal, once, and nowhere in the answer", async () => {
    state.people = [AT_HOME];
    const { data, fetches } = await ask("{ people { name } }", ...PLAIN, athome("Person.name"));
    expect(JSON.stringify(data)).toBe('{"people":[{"name":"Name 1"}]}');
    expect(fetches.map(({ coordinates }) => [coordinates.output, coordinates.internal])).toEqual([
      [
        ["Person.name", "Query.people"],
        ["Person.home", "Person.id", "Person.subjectFlags", "Place.region", "Region.code"],
      ],
    ]);
    await ask("{ people { sex } }", ...PLAIN);
    expect(calls.map(({ body }) => body).join()).not.toMatch(/subjectFlags|region/);
  });
  test("a client cannot ask for the flags, and finds no trace of them", async () => {
    const question = {
      deadline: performance.now() + 5000,
      decisions: decisionsOf(...PLAIN, row("Person.subjectFlags"), row("ADMINDUK_84")),
    };
    for (const document of ["{ people { subjectFlags } }", '{ __type(name: "SubjectFlag") { name } }']) {
      const outcome = await runtime.execute({ ...question, document });
      expect(outcome.kind === "refused" || JSON.stringify(outcome.data) === '{"__type":null}', document).toBe(true);
    }
  });
  test("who may not read every subject's value may not sort or filter by it", () => {
    const uses = [row("GENERAL", "allow", { use: "FILTER" }), row("GENERAL", "allow", { use: "SORT" })];
    for (const coordinate of ["Where.name", "PeopleOrder.NAME"]) {
      expect(table(...PLAIN, ...uses).verdict(coordinate)).toMatchObject({ effect: "deny", code: "USE_NOT_GRANTED" });
      expect(table(...PLAIN, ...uses, row("SPECIFIC")).verdict(coordinate)).toEqual({ effect: "allow" });
    }
  });
  test("a table, of whose rows nothing is known, has no column that some rows close", () => {
    const columns = ["id", "name", "sex"].map((name) => ({ name, coordinate: `Person.${name}` }));
    const { names, line } = rowMask(columns, decisionsOf(...PLAIN));
    expect(names).toEqual(["sex"]);
    expect(line(CHILD)).toBe("F\r\n");
    expect(rowMask(columns, decisionsOf(row("PUBLIC"), row("Person.id", "pseudonym"))).names).toEqual(["id", "sex"]);
    expect(rowMask(columns, decisionsOf(row("PUBLIC"), athome("Person.name", "initials"))).names).toEqual(["sex"]);
  });
});
