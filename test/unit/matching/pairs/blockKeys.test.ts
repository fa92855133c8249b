import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildIndex } from "../../../../subgraphs/population/matching/block/blockIndex.ts";
import { Candidates } from "../../../../subgraphs/population/matching/block/candidates.ts";
import { encoderOf } from "../../../../subgraphs/population/matching/linkage/encoder.ts";
import { frameOf, functionsOf, newLexica } from "../../../../subgraphs/population/matching/linkage/prepared.ts";
import { PEMADANAN } from "../../../../subgraphs/population/matching/pemadanan.ts";
import type { Column, DerivationName, Expression } from "../../../../subgraphs/population/matching/spec.ts";
import { Table } from "../../../../subgraphs/population/matching/table/table.ts";

const COLUMNS: Column[] = (["name", "town", "birth", "nik"] as const).map((name) => ({
  name,
  as: name === "birth" ? "date" : name === "nik" ? "nik" : "text",
  format: null,
}));
type Row = Partial<Record<"name" | "town" | "birth" | "nik", string>>;

const column = (name: string): Expression => ({ column: name });
const call = (of: DerivationName, ...parts: (Expression | number)[]): Expression => ({
  call: of,
  of: parts.filter((part) => typeof part !== "number"),
  length: parts.find((part) => typeof part === "number") ?? 0,
});

interface Blocking {
  readonly keys: readonly (readonly Expression[])[];
  readonly maxGroup?: number;
  readonly refineBy?: readonly Expression[];
}

/** Which rows of the register a row meets, and whether a key found too many. */
function meeting(register: readonly Row[], asking: Row, { keys, maxGroup = 400, refineBy = [] }: Blocking) {
  const blocking = { keys: keys.map((parts) => ({ parts, maxGroup })), refineBy };
  const frame = frameOf({
    ...PEMADANAN,
    columns: COLUMNS,
    comparisons: [],
    derive: new Map(),
    exact: null,
    blocking,
    strata: [],
  });
  const lexica = newLexica(frame);
  const reads = COLUMNS.map(({ name }, field) => ({ column: name, fields: [field] }));
  const encode = encoderOf(frame, lexica, { reads, nulls: [] });
  const tables = [register, [asking]].map((rows) => {
    const table = new Table(frame.layout);
    for (const row of rows) {
      const fields = COLUMNS.map(({ name }) => Buffer.from(row[name as keyof Row] ?? ""));
      const ends = Int32Array.from(fields, (_, field) => Buffer.concat(fields.slice(0, field + 1)).length);
      const at = table.add();
      encode(
        { bytes: Buffer.concat(fields), starts: ends.map((end, i) => end - (fields[i]?.length ?? 0)), ends },
        table.cells,
        at,
      );
    }
    return table;
  });
  const [people, others] = tables as [Table, Table];
  const functions = functionsOf(frame, lexica);
  const indexes = functions.keys.map((key) => buildIndex(people, key, functions.refiners));
  const candidates = new Candidates(people, functions.keys, { indexes, refiners: functions.refiners });
  const { list, size } = candidates.of(others.cells, 0);
  return { rows: Array.from(list.subarray(0, size)).sort((x, y) => x - y), capped: candidates.capped };
}

describe("a key", () => {
  const births = [{ birth: "1980-05-07" }, { birth: "1980-07-05" }, { birth: "1981-05-07" }, { birth: "" }];
  test.each<[string, Expression, Row, number[]]>([
    ["a date", column("birth"), { birth: "1980-05-07" }, [0]],
    ["a date or the one with day and month exchanged", call("eitherDayMonth", column("birth")), { birth: "1980-05-07" }, [0, 1]],
    ["the date with day and month exchanged alone", call("swapDayMonth", column("birth")), { birth: "1980-05-07" }, [1]],
    ["the year", call("year", column("birth")), { birth: "1980-12-31" }, [0, 1]],
    ["the year or one beside", call("nearYear", column("birth")), { birth: "1982-01-01" }, [2]],
    ["the month", call("month", column("birth")), { birth: "1999-05-01" }, [0, 2]],
    ["the day", call("day", column("birth")), { birth: "1999-01-07" }, [0, 2]],
  ])("of %s finds those who have it", (_, key, asking, found) => {
    expect(meeting(births, asking, { keys: [[key]] }).rows).toEqual(found);
  });

  const people = [{ name: "Siti Aminah", town: "Solo" }, { name: "Aminah Siti", town: "Solo" }, { name: "Siti", town: "" }, {}];
  test.each<[string, Expression, number[]]>([
    ["the text, whatever its case", column("name"), [0]],
    ["the words in any order", call("sorted", column("name")), [0, 1]],
    ["the beginning", call("prefix", column("name"), 4), [0, 2]],
    ["the end", call("suffix", column("name"), 4), [0]],
    ["two columns", call("concat", column("name"), column("town")), [0]],
    ["the beginning of the words in order", call("prefix", call("sorted", column("name")), 6), [0, 1]],
    ["the first word's consonants", call("firstSkeleton", column("name")), [0, 2]],
  ])("of %s finds those who have it", (_, key, found) => {
    expect(meeting(people, { name: "SITI AMINAH", town: "solo" }, { keys: [[key]] }).rows).toEqual(found);
  });

  test("of some digits of a number finds those who have them, and nobody by digits that are not there", () => {
    const register = [{ nik: "3301015506909001" }, { nik: "3301019906909002" }, { nik: "330101" }, { nik: "" }];
    const region = call("prefix", column("nik"), 6);
    expect(meeting(register, { nik: "3301010101019003" }, { keys: [[region]] }).rows).toEqual([0, 1, 2]);
    expect(meeting(register, { nik: "" }, { keys: [[region]] }).rows).toEqual([]);
    expect(meeting(register, { nik: "9999999999999001" }, { keys: [[call("suffix", column("nik"), 4)]] }).rows).toEqual([0]);
  });

  test("with a part that is missing finds nobody", () => {
    expect(meeting(people, { name: "Siti", town: "" }, { keys: [[column("name"), column("town")]] }).rows).toEqual([]);
  });
});

describe("a group larger than allowed", () => {
  const crowd = Array.from({ length: 60 }, (_, i) => ({
    birth: "1980-01-01",
    town: i % 3 === 0 ? "Solo" : "Oslo",
    name: `N${i % 30}`,
  }));
  const asking = { birth: "1980-01-01", town: "Solo", name: "N3" };
  const keys = [[column("birth")]];

  test("is not looked at without refiners, and that is told", () => {
    expect(meeting(crowd, asking, { keys, maxGroup: 30 })).toEqual({ rows: [], capped: 1 });
  });

  test("is looked at where the refiners agree, as many of them as it takes", () => {
    const refineBy = [column("town"), column("name")];
    const solo = Array.from({ length: 20 }, (_, i) => 3 * i);
    expect(meeting(crowd, asking, { keys, maxGroup: 20, refineBy })).toEqual({ rows: solo, capped: 0 });
    expect(meeting(crowd, asking, { keys, maxGroup: 19, refineBy })).toEqual({ rows: [3, 33], capped: 0 });
  });

  test("stays closed to a row that lacks the refiner", () => {
    expect(meeting(crowd, { ...asking, town: "" }, { keys, maxGroup: 20, refineBy: [column("town")] }).rows).toEqual([]);
  });
});

test("any rows and keys: found are exactly the rows that share a key, each once", () => {
  const value = fc.constantFrom("A", "B", "AB", "BA", "");
  const row = fc.record({ name: value, town: value });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), row, (register, asking) => {
      const keys = [[column("name"), column("town")], [call("prefix", column("town"), 2)]];
      const isFound = (one: Row) =>
        (one.name !== "" && one.town !== "" && one.name === asking.name && one.town === asking.town) ||
        (one.town?.length === 2 && one.town === asking.town);
      const expected = register.flatMap((one, i) => (isFound(one) ? [i] : []));
      expect(meeting(register, asking, { keys }).rows).toEqual(expected);
    }),
    { numRuns: 100 },
  );
});
