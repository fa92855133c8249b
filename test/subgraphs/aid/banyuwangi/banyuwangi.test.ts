import { describe, expect, test } from "vitest";
import { banyuwangi } from "../../../../subgraphs/banyuwangi/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { budi, siti } from "../../../kit/people.ts";
import { codesOf, useSlice } from "../../../kit/slice.ts";
import { CONFIRM, END, officer, RECORD, START, second, VILLAGE } from "./kit.ts";

// A program of a regency's own budget as a slice of its own: Rantang Kasih, daily meals for the elderly poor of Banyuwangi.

const databases = useDatabases();
const slice = useSlice(banyuwangi, { databaseUrl: () => databases.urls.banyuwangi.runtime });

const input = (differences: object = {}) => ({
  input: { person: budi.id, region: VILLAGE, startedOn: "2026-02-03", decision: "188/7", ...differences },
});

const running = async (): Promise<string> => {
  const { data } = await slice.ask("{ mealAids(first: 100) { nodes { id endedOn person { id } } } }", { caller: officer() });
  return data.mealAids.nodes.find((one: any) => one.person.id === budi.id && one.endedOn === null).id;
};

describe("what the regency pays itself", () => {
  test("begins once for a person, is worth what the price in force says, and ends once with a reason", async () => {
    const begun = await slice.ask(START, { variables: input(), caller: officer() });
    expect(begun.data?.startMeals).toMatchObject({ version: 1, endedOn: null });
    expect(codesOf(await slice.ask(START, { variables: input(), caller: officer() }))).toEqual(["CONFLICT"]);

    const id = await running();
    const march = { input: { id, month: "2026-03-01", meals: 60, reason: "Rekap tanda terima" } };
    expect((await slice.ask(RECORD, { variables: march, caller: officer() })).data.recordMeals).toEqual({
      ...{ month: "2026-03-01", meals: 60, value: "900000" },
      ...{ isConfirmed: false, version: 1 },
    });
    expect(codesOf(await slice.ask(RECORD, { variables: march, caller: officer() }))).toEqual(["CONFLICT"]);
    const before = { input: { ...march.input, month: "2026-01-01" } };
    expect(codesOf(await slice.ask(RECORD, { variables: before, caller: officer() }))).toEqual(["BAD_USER_INPUT"]);
    const seen = { input: { id, month: "2026-03-01", version: 1, reason: "Cocok dengan tanda terima" } };
    expect((await slice.ask(CONFIRM, { variables: seen, caller: second() })).data.confirmMeals).toEqual({
      ...{ meals: 60, value: "900000" },
      ...{ isConfirmed: true, version: 2 },
    });

    const end = { input: { id, version: 1, endedOn: "2026-04-30", reason: "Pindah ke rumah anak" } };
    expect((await slice.ask(END, { variables: end, caller: officer() })).data.endMeals).toMatchObject({ version: 2 });
    expect(codesOf(await slice.ask(END, { variables: end, caller: officer() }))).toEqual(["CONFLICT"]);
  });

  test("a family's sum is that of its members, each once, in the period alone; a page of families is one statement", async () => {
    const person = { __typename: "Person", id: budi.id };
    const family = (id: string, members: unknown[]) => ({ __typename: "Family", id, members });
    const representations = [
      family("a", [{ person }, { person }, { person: { id: siti.id } }, { person: null }]),
      family("b", [{ person: { id: siti.id } }]),
    ];
    const of = (from: string, to: string) =>
      slice.ask(
        `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Family { rantangKasih(from: "${from}", to: "${to}") { program recipients value } } } }`,
        { variables: { r: representations }, caller: officer() },
      );
    expect((await of("2026-03-01", "2026-03-31")).data._entities).toEqual([
      { rantangKasih: { program: "Rantang Kasih", recipients: 1, value: "900000" } },
      { rantangKasih: null },
    ]);
    expect(slice.statements).toBe(1);
    expect((await of("2026-04-01", "2026-04-30")).data._entities[0].rantangKasih.value).toBe("0");
  });
});

test("the list says how many there are, of the agreement's regions alone", async () => {
  const asked = await slice.ask("{ mealAids(first: 1) { totalCount nodes { id } } }", { caller: officer() });
  const all = await slice.ask("{ mealAids(first: 100) { nodes { id } } }", { caller: officer() });
  expect(asked.data.mealAids.totalCount).toBe(all.data.mealAids.nodes.length);
  const elsewhere = officer({ rows: { regions: [["3509", "3509:"]], programs: null, decileMax: 100 } });
  expect((await slice.ask("{ mealAids { totalCount } }", { caller: elsewhere })).data.mealAids.totalCount).toBe(0);
});

describe("threats", () => {
  test.each([
    ["an officer of another agency", { agency: "KEMENSOS" }],
    ["an officer of the registry", { purpose: "REGISTRY_MANAGEMENT" }],
    ["a machine client", { officer: null }],
    ["a citizen", { officer: null, citizen: siti.id }],
  ])("%s begins nothing", async (_, differences) => {
    const asked = await slice.ask(START, { variables: input({ person: siti.id }), caller: officer(differences) });
    expect(codesOf(asked)).toEqual(["FORBIDDEN"]);
  });

  test("another regency's officer sees nobody and writes nowhere", async () => {
    const elsewhere = officer({ rows: { regions: [["3509", "3509:"]], programs: null, decileMax: 100 } });
    expect((await slice.ask("{ mealAids { nodes { id } } }", { caller: elsewhere })).data.mealAids.nodes).toEqual([]);
    const asked = await slice.ask(START, { variables: input({ person: siti.id, region: "3509010001" }), caller: elsewhere });
    expect(codesOf(asked)).toEqual(["BAD_USER_INPUT"]);
  });

  test("nobody says what a meal is worth, and nothing is deleted", async () => {
    await asRole(databases.urls.banyuwangi.runtime, async (client) => {
      const failed = await client`delete from banyuwangi.meal_month`.then(
        () => "DONE",
        (error: { code?: string }) => error.code,
      );
      expect(failed).toBe("42501");
      const priced = await client`update banyuwangi.meal_price set price = 1`.then(
        () => "DONE",
        (error: { code?: string }) => error.code,
      );
      expect(priced).toBe("42501");
    });
  });
});
