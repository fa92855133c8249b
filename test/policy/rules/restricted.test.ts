import { beforeEach, describe, expect, test } from "vitest";
import { answered } from "../../federation/runtime/hubOf.ts";
import { calls, decisionsOf, person, row, runtime, state } from "../kit/rowWorld.ts";

// Restriction of processing (UU 27/2022 art. 41): of the rows about that person nothing but the keys is shown, and nobody finds them by what they hold.

const [SITI, BUDI] = [person(1, "3510161001", []), person(2, "3510161001", [])];
const OPEN = [row("PUBLIC"), row("GENERAL"), row("SPECIFIC"), row("GENERAL", "allow", { use: "FILTER" })];
const FINDING = [row("SPECIFIC", "allow", { use: "LOOKUP" }), row("SPECIFIC", "allow", { use: "FILTER" })];
beforeEach(() => {
  state.people = [SITI, BUDI];
  state.silent.clear();
});

async function ask(document: string, { restricted = [SITI.id], rows = [...OPEN, ...FINDING], variables = {} } = {}) {
  calls.length = 0;
  const question = { document, variables, decisions: decisionsOf(...rows), restricted: new Set(restricted) };
  return answered(await runtime.execute({ ...question, deadline: performance.now() + 5000 }));
}

describe("of a person whose data are restricted", () => {
  test("the row shows its keys alone, without an error, and the answer says how many rows and which fields", async () => {
    const told = await ask("{ people { __typename id name sex home { street } } }");
    expect(told.data).toEqual({
      people: [
        { __typename: "Person", id: "p1", name: null, sex: null, home: null },
        { __typename: "Person", id: "p2", name: "Name 2", sex: "F", home: { street: "Street" } },
      ],
    });
    expect([told.errors, told.restrictedRows]).toEqual([[], 1]);
    expect(told.inSomeRows).toEqual(["Person.home", "Person.name", "Person.sex"]);
    expect(told.transformed).toEqual(expect.arrayContaining(["Person.home", "Person.name", "Person.sex"]));
  });

  test("the key stays what the agreement makes of it", async () => {
    const { data } = await ask("{ people { id name } }", {
      rows: [...OPEN, row("Person.id", "pseudonym", { widenReason: "DPO" })],
    });
    const [siti] = (data as { people: { id: string; name: string | null }[] }).people;
    expect([siti?.id, siti?.name]).toEqual([expect.stringMatching(/^[\w-]{22}$/), null]);
  });

  test("rows of other types about them are closed too, though the person is not asked for", async () => {
    const { data, restrictedRows } = await ask("{ aids { id program } }");
    expect(data).toEqual({
      aids: [
        { id: "ap1", program: null },
        { id: "ap2", program: "PKH" },
      ],
    });
    expect(restrictedRows).toBe(1);
  });

  test("nothing stands below their row, nor beside it in what other sources say", async () => {
    const { data } = await ask("{ enrolled { id enrolment aids { program } } }");
    expect((data as { enrolled: unknown[] }).enrolled[0]).toEqual({ id: "p1", enrolment: null, aids: null });
  });

  test("a condition or a lookup does not find them, and that is not told", async () => {
    const byVariable = "query ($where: Where) { people(where: $where) { id name } }";
    for (const document of ['{ people(where: { name: "Name" }) { id name } }', "{ people(where: {}) { id name } }", byVariable])
      for (const where of [undefined, { name: "Name 1" }, { nik: SITI.nik }]) {
        const { data, restrictedRows, subjects } = await ask(document, { variables: { where } });
        expect(data).toEqual({ people: [{ id: "p2", name: "Name 2" }] });
        expect([restrictedRows, subjects]).toEqual([undefined, [{ type: "Person", id: "p2" }]]);
      }
  });

  test("nor does a source that fails tell that somebody was found", async () => {
    const codes = async () =>
      (await ask('{ people(where: { name: "Name" }) { name enrolment } }')).errors.map(({ code }) => code);
    state.silent.add("aid");
    expect(await codes()).toEqual(["SUBGRAPH_UNAVAILABLE"]); // of Budi's row
    state.people = [SITI];
    expect(await codes()).toEqual([]);
  });

  test("a row found by another's is not theirs: it shows its keys", async () => {
    state.people = [{ ...BUDI, friend: SITI }];
    const { data } = await ask('{ people(where: { name: "Name 2" }) { name friend { id name } } }');
    expect(data).toEqual({ people: [{ name: "Name 2", friend: { id: "p1", name: null } }] });
  });

  test("nothing is closed when the restriction is lifted, or of anybody else", async () => {
    const { data, restrictedRows } = await ask("{ people { name } aids { program } }", { restricted: ["p3"] });
    expect(data).toEqual({ people: [{ name: "Name 1" }, { name: "Name 2" }], aids: [{ program: "PKH" }, { program: "PKH" }] });
    expect(restrictedRows).toBeUndefined();
  });
});

describe("what is sealed beside rows, which the hub cannot look into,", () => {
  test("is closed with an error where a row is closed, wherever it stands in the answer", async () => {
    for (const rows of [
      "bundle { sealed people { id } }",
      "bundle { people { id } sealed }",
      "bundle { sealed } people { name }",
    ]) {
      const { data, errors, denied, shown } = await ask(`{ ${rows} }`);
      expect((data as { bundle: object }).bundle).toMatchObject({ sealed: null });
      expect(errors).toMatchObject([
        {
          code: "FIELD_PROHIBITED",
          path: ["bundle", "sealed"],
          coordinate: "Bundle.sealed",
          reason: { en: expect.stringContaining("restricted") },
        },
      ]);
      expect([denied, shown.includes("Bundle.sealed")]).toEqual([["Bundle.sealed"], false]);
    }
  });

  test("is closed too where the row is left out as if nobody had been found", async () => {
    const { data, errors } = await ask('{ bundle { sealed } people(where: { name: "Name" }) { id } }');
    expect(data).toEqual({ bundle: { sealed: null }, people: [{ id: "p2" }] });
    expect(errors.map(({ code }) => code)).toEqual(["FIELD_PROHIBITED"]);
  });

  test("is closed where of some row a field is, as far from home", async () => {
    const away = row("Person.name", "allow", { home: ["3171"], elsewhere: null });
    const open = await ask("{ bundle { sealed people { id } } }", { restricted: [], rows: [...OPEN, away] });
    expect(open.data).toMatchObject({ bundle: { sealed: "Name 1,Name 2" } });
    const { data } = await ask("{ bundle { sealed people { name } } }", { restricted: [], rows: [...OPEN, away] });
    expect(data).toEqual({ bundle: { sealed: null, people: [{ name: null }, { name: null }] } });
  });

  test.each(["sealed people { name }", "people { name } sealed"])(
    "is closed where a value is masked in every row: bundle { %s }",
    async (asked) => {
      const masked = row("Person.name", "mask");
      const { data, denied } = await ask(`{ bundle { ${asked} } }`, { restricted: [], rows: [...OPEN, masked] });
      expect(data).toEqual({
        bundle: { sealed: null, people: [{ name: expect.not.stringContaining("Name") }, expect.anything()] },
      });
      expect(denied).toEqual(["Bundle.sealed"]);
    },
  );

  test("stands where every row is shown as it is", async () => {
    const { data, errors, denied } = await ask("{ bundle { sealed people { name } } }", { restricted: ["p3"] });
    expect(data).toMatchObject({ bundle: { sealed: "Name 1,Name 2" } });
    expect([errors, denied]).toEqual([[], []]);
  });
});

describe("whose row it is", () => {
  test("is on record for rows that name a person, though only the row was asked for", async () => {
    const { subjects, persons } = await ask("{ aids { program } }", { restricted: [] });
    expect(subjects).toEqual([
      { type: "Person", id: "p1" },
      { type: "Aid", id: "ap1" },
      { type: "Person", id: "p2" },
      { type: "Aid", id: "ap2" },
    ]);
    expect(persons).toEqual(["ap1", "ap2"]); // as many as before it was known
  });

  test("costs no further question to a source, and is named in the envelope as internal", async () => {
    const { fetches } = await ask("{ aids { program } }");
    expect(calls).toHaveLength(1);
    expect(fetches.map(({ coordinates }) => coordinates.internal)).toEqual([["Aid.id", "Aid.person", "Person.id"]]);
    await ask("{ aids { program person { name } } }");
    expect(calls).toHaveLength(2);
  });
});
