import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Claim, survivorOf, survivorsOf } from "../../../../subgraphs/population/individuals/survivorship.ts";

const claim = (value: string, told: Partial<Claim> = {}): Claim => ({
  value,
  source: "DTKS",
  row: "1",
  date: "2024-01-01",
  isVerified: false,
  ...told,
});

describe("the value that survives a merge", () => {
  test("is the register's, whatever the programs say and however often", () => {
    const register = claim("SITI AMINAH", { source: "REGISTER", row: "p1", date: "2010-05-05" });
    const rows = [claim("SITI AMINA", { isVerified: true }), claim("SITI AMINA", { row: "2", date: "2026-01-01" })];
    expect(survivorOf(register, rows)).toEqual({
      value: "SITI AMINAH",
      basis: "REGISTER",
      from: { source: "REGISTER", row: "p1", date: "2010-05-05" },
      others: ["SITI AMINA"],
    });
  });

  test("is the latest verified where the register is silent, even against a majority", () => {
    const rows = [
      claim("OLD STREET", { isVerified: true, date: "2020-01-01" }),
      claim("NEW STREET", { isVerified: true, date: "2023-01-01", source: "PKH" }),
      claim("OTHER STREET", { row: "7", date: "2025-01-01" }),
      claim("OTHER STREET", { row: "8", date: "2025-02-01" }),
    ];
    expect(survivorOf(claim("", { source: "REGISTER" }), rows)).toMatchObject({
      value: "NEW STREET",
      basis: "VERIFIED",
      from: { source: "PKH", date: "2023-01-01" },
      others: ["OLD STREET", "OTHER STREET"],
    });
  });

  test("is the majority's where nobody looked; a draw goes to the later date", () => {
    const two = [claim("A", { row: "1" }), claim("A", { row: "2" }), claim("B", { row: "3", date: "2026-01-01" })];
    expect(survivorOf(null, two)).toMatchObject({ value: "A", basis: "MAJORITY", from: { row: "1" } });
    expect(survivorOf(null, two.slice(1))).toMatchObject({ value: "B", from: { row: "3" } });
  });

  test("is nothing where nobody says anything", () => {
    expect(survivorOf(null, [claim(""), claim("", { isVerified: true })])).toBeNull();
  });

  test("is found for every field for itself, with its own provenance", () => {
    const rows = [
      { source: "PKH", row: "4", date: "2024-03-01", isVerified: true, values: { name: "ANI" } },
      { source: "BST", row: "5", date: "2024-04-01", isVerified: false, values: { name: "ANNI", birthPlace: "JEMBER" } },
    ];
    const survivors = survivorsOf(["name", "birthPlace"], { register: null, rows });
    expect([survivors.name?.from.source, survivors.birthPlace?.from.source]).toEqual(["PKH", "BST"]);
  });
});

const claims = fc.array(
  fc.record({
    value: fc.constantFrom("", "A", "B", "C"),
    source: fc.constantFrom("DTKS", "PKH", "BPNT", "BST"),
    row: fc.constantFrom("1", "2", "3"),
    date: fc.constantFrom("2020-01-01", "2023-01-01", "2026-01-01"),
    isVerified: fc.boolean(),
  }),
  { maxLength: 8 },
);

describe("for any claims", () => {
  test("the order they come in does not matter", () => {
    fc.assert(
      fc.property(claims, fc.option(fc.constant(claim("R"))), fc.infiniteStream(fc.nat()), (rows, register, ranks) => {
        const shuffled = rows
          .map((row) => [ranks.next().value ?? 0, row] as const)
          .sort(([a], [b]) => a - b)
          .map(([, row]) => row);
        expect(survivorOf(register, shuffled)).toEqual(survivorOf(register, rows));
      }),
    );
  });

  test("the survivor is a value somebody claimed, from the very row that says so, and all other values are named", () => {
    fc.assert(
      fc.property(claims, (rows) => {
        const survivor = survivorOf(null, rows);
        const values = new Set(rows.map(({ value }) => value).filter((value) => value !== ""));
        expect(new Set(survivor ? [survivor.value, ...survivor.others] : [])).toEqual(values);
        if (survivor) expect(rows).toContainEqual(expect.objectContaining({ value: survivor.value, ...survivor.from }));
      }),
    );
  });

  test("one more row for the survivor never unseats it", () => {
    fc.assert(
      fc.property(claims, (rows) => {
        const survivor = survivorOf(null, rows);
        if (!survivor) return;
        const more = [...rows, claim(survivor.value, { row: "9", date: "2019-01-01" })];
        expect(survivorOf(null, more)?.value).toBe(survivor.value);
      }),
    );
  });
});
