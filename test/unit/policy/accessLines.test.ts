import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AccessRow } from "../../../subgraphs/governance/record/data.ts";
import { lineOf, principleOf } from "../../../subgraphs/governance/record/lines.ts";

interface Told {
  readonly shown: readonly string[];
  readonly masked: readonly string[];
  readonly types: Readonly<Record<string, number>> | null;
  readonly kinds: readonly string[];
}
const line = (told: readonly Told[], differences: Partial<AccessRow> = {}) =>
  lineOf({
    ...{ line: 1, total: 1, requests: 1, at: "2026-11-19T03:00:00Z", mass: false, disclosure: "IMMEDIATE" },
    ...{ receipt: "r", leaf: "l", client: "c", agency: "A", agreement: "P", title: "T", purpose: "X", status: "ANSWERED" },
    ...differences,
    told: told.map((one) => JSON.stringify(one)),
  } as AccessRow);

const SUBJECTS = ["Person", "Member", "Household", "Enrolment"];
const typeOf = (text: string): string => text.split(".")[0] ?? "";
const coordinate = fc
  .tuple(fc.constantFrom(...SUBJECTS, "Region", "PaymentPeriod", "Query"), fc.constantFrom("id", "name", "amount"))
  .map((parts) => parts.join("."));
const told = fc
  .record({
    found: fc.subarray(SUBJECTS, { minLength: 1 }),
    others: fc.subarray(SUBJECTS),
    shown: fc.array(coordinate),
    masked: fc.array(coordinate),
  })
  .map(({ found, others, shown, masked }): Told => {
    const stood = [...found, ...others];
    const isThere = (one: string) => !SUBJECTS.includes(typeOf(one)) || stood.includes(typeOf(one));
    const types = Object.fromEntries(stood.map((type) => [type, 2]));
    return { kinds: found, types, shown: shown.filter(isThere), masked: masked.filter(isThere) };
  });

describe("what a line tells of an answer", () => {
  test("is never a field of a type under which only others stood in the answer, nor of nobody's type while others did", () => {
    fc.assert(
      fc.property(told, (one) => {
        const isAlone = Object.keys(one.types ?? {}).every((type) => one.kinds.includes(type));
        const { shown, masked } = line([one]);
        for (const found of [...shown, ...masked]) {
          expect([...one.shown, ...one.masked]).toContain(found);
          if (SUBJECTS.includes(typeOf(found))) expect(one.kinds).toContain(typeOf(found));
          else expect([isAlone, typeOf(found)]).toEqual([true, expect.not.stringMatching(/Query|Mutation/)]);
        }
      }),
    );
  });

  test("is every field of the types under which the person stood in it, each once, in order", () => {
    fc.assert(
      fc.property(told, (one) => {
        const own = one.shown.filter((found) => one.kinds.includes(typeOf(found)));
        expect(line([one]).shown.filter((found) => SUBJECTS.includes(typeOf(found)))).toEqual([...new Set(own)].sort());
      }),
    );
  });

  test("of entries written before subjects were told apart is only what is of the person's own types", () => {
    const old: Told = { shown: ["Person.nik", "Region.name"], masked: [], types: null, kinds: ["Person"] };
    expect(line([old]).shown).toEqual(["Person.nik"]);
  });

  test("is of the household where every entry of it names nothing else of the person", () => {
    const home: Told = { shown: [], masked: [], types: { Household: 1 }, kinds: ["Household"] };
    expect([line([home]).isOfHousehold, line([home, { ...home, kinds: ["Household", "Member"] }]).isOfHousehold]).toEqual([
      true,
      false,
    ]);
  });

  test("names a principle for answers about many only", () => {
    expect(principleOf(line([]))).toBeNull();
    expect(principleOf(line([], { mass: true }))?.id).toContain("perjanjian P “T”");
  });
});
