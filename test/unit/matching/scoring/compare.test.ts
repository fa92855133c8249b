import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { levelCount } from "../../../../subgraphs/population/matching/compare/kinds.ts";
import { encoderOf } from "../../../../subgraphs/population/matching/linkage/encoder.ts";
import { frameOf, functionsOf, newLexica } from "../../../../subgraphs/population/matching/linkage/prepared.ts";
import { PEMADANAN } from "../../../../subgraphs/population/matching/pemadanan.ts";
import type { Column, ColumnType, Comparison, ComparisonKind } from "../../../../subgraphs/population/matching/spec.ts";
import { Table } from "../../../../subgraphs/population/matching/table/table.ts";

type Row = readonly string[];
interface Compared {
  readonly as: ColumnType;
  readonly kind: ComparisonKind;
  readonly change?: Partial<Comparison>;
}

const comparisonOf = ({ kind, change }: Compared): Comparison => ({
  on: "own",
  kind,
  levels: [],
  max: 2,
  swapWith: null,
  termFrequency: false,
  repeats: null,
  ...change,
});

/** The level of two rows of the columns `own` and `other`. */
function levelOf(compared: Compared, a: Row, b: Row): number {
  const columns: Column[] = ["own", "other"].map((name) => ({ name, as: compared.as, format: null }));
  const blocking = { keys: [], refineBy: [] };
  const comparisons = [comparisonOf(compared)];
  const frame = frameOf({ ...PEMADANAN, columns, comparisons, derive: new Map(), exact: null, blocking, strata: [] });
  const lexica = newLexica(frame);
  const reads = columns.map(({ name }, field) => ({ column: name, fields: [field] }));
  const encode = encoderOf(frame, lexica, { reads, nulls: [] });
  const table = new Table(frame.layout);
  for (const row of [a, b]) {
    const fields = columns.map((_, field) => Buffer.from(row[field] ?? ""));
    const ends = Int32Array.from(fields, (_, field) => Buffer.concat(fields.slice(0, field + 1)).length);
    const starts = Int32Array.from(ends, (end, field) => end - (fields[field]?.length ?? 0));
    const at = table.add();
    encode({ bytes: Buffer.concat(fields), starts, ends }, table.cells, at);
  }
  const [made] = functionsOf(frame, lexica).comparisons;
  return made?.level(table.cells, 0, table.cells, frame.layout.width) ?? Number.NaN;
}
const levels = (compared: Compared, pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([a, b]) => levelOf(compared, [a], [b]));

describe("levels of each kind", () => {
  test("exact: equal once case and accents are folded, or not", () => {
    const pairs = [
      ["Ana", "ANA"],
      ["Ana", "Anna"],
      ["José", "jose"],
    ] as const;
    expect(levels({ as: "text", kind: "exact" }, pairs)).toEqual([2, 1, 2]);
  });

  test("edit: a level an edit, two letters exchanged are one", () => {
    const pairs = [
      ["4011", "4011"],
      ["4011", "4012"],
      ["4011", "4101"],
      ["4011", "4022"],
      ["4011", "9999"],
    ] as const;
    expect(levels({ as: "text", kind: "edit" }, pairs)).toEqual([4, 3, 3, 2, 1]);
    expect(levels({ as: "text", kind: "edit", change: { max: 1 } }, pairs)).toEqual([3, 2, 2, 1, 1]);
  });

  test("jaroWinkler: the first threshold that the similarity reaches", () => {
    const pairs = [
      ["MARTHA", "MARTHA"],
      ["MARTHA", "MARHTA"],
      ["DIXON", "DICKSONX"],
      ["ANN", "BOB"],
    ] as const; // 1, .9611, .8133
    expect(levels({ as: "text", kind: "jaroWinkler", change: { levels: [0.92, 0.8] } }, pairs)).toEqual([4, 3, 2, 1]);
  });

  test("tokens: the share of words in common, in any order", () => {
    const pairs = [
      ["red wine bar", "bar wine red"],
      ["red wine bar", "red wine"],
      ["red wine", "red bar"],
      ["red", "bar"],
    ] as const;
    expect(levels({ as: "text", kind: "tokens", change: { levels: [0.9, 0.5, 0.3] } }, pairs)).toEqual([4, 3, 2, 1]);
  });

  test("prefix: characters in common at the beginning", () => {
    const pairs = [
      ["3301012001", "3301012001"],
      ["3301012001", "3301012999"],
      ["3301012001", "3301999999"],
      ["33", "44"],
    ] as const;
    expect(levels({ as: "text", kind: "prefix", change: { levels: [10, 6, 4] } }, pairs)).toEqual([4, 3, 2, 1]);
  });

  test("digits: characters in their places", () => {
    const pairs = [
      ["123456", "123456"],
      ["123456", "123056"],
      ["123456", "103056"],
      ["123456", "612345"],
    ] as const;
    expect(levels({ as: "text", kind: "digits", change: { levels: [5, 4] } }, pairs)).toEqual([4, 3, 2, 1]);
  });

  test("numeric: the difference, however the number is written", () => {
    const pairs = [
      ["170", "170.0"],
      ["1,5", "1.5"],
      ["170", "171"],
      ["170", "174.9"],
      ["170", "180"],
    ] as const;
    expect(levels({ as: "numeric", kind: "numeric", change: { levels: [1, 5] } }, pairs)).toEqual([4, 4, 3, 2, 1]);
  });

  test("date: equal, exchanged, two parts, a default day, the year, a year beside", () => {
    const others = [
      "1980-05-07",
      "1980-07-05",
      "1980-05-09",
      "1981-05-07",
      "1980-01-01",
      "1980-11-30",
      "1979-02-28",
      "1960-02-28",
    ];
    const pairs = others.map((other) => ["1980-05-07", other] as const);
    expect(levels({ as: "date", kind: "date" }, pairs)).toEqual([7, 6, 5, 5, 4, 3, 2, 1]);
  });

  test("date: parts that are not known are not the same parts", () => {
    const pairs = [
      ["1980-00-00", "1980-00-00"],
      ["1980-00-00", "1981-00-00"],
      ["1980-05-00", "1980-07-00"],
      ["1980-05-00", "1980-05-12"],
    ] as const;
    expect(levels({ as: "date", kind: "date" }, pairs)).toEqual([3, 2, 3, 5]);
  });

  test("a given name that stands as surname, and back, is nearly equal; one side of it is enough when the other is missing", () => {
    const swapped = { as: "text", kind: "exact", change: { swapWith: "other" } } as const;
    expect(levelOf(swapped, ["Ann", "Lee"], ["Ann", "Lee"])).toBe(3);
    expect(levelOf(swapped, ["Ann", "Lee"], ["Lee", "Ann"])).toBe(2);
    expect(levelOf(swapped, ["Ann", ""], ["Lee", "Ann"])).toBe(2);
    expect(levelOf(swapped, ["", "Lee"], ["Lee", "Ann"])).toBe(2);
    expect(levelOf(swapped, ["Ann", "Lee"], ["Lee", "Bob"])).toBe(1);
  });
});

const texts = fc.string({ unit: fc.constantFrom(..."ABCD 12"), maxLength: 12 });
const days = fc
  .tuple(fc.integer({ min: 1979, max: 1982 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 14 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join("-"));
const SAMPLES: readonly (readonly [Compared, fc.Arbitrary<string>])[] = [
  [{ as: "text", kind: "exact" }, texts],
  [{ as: "text", kind: "edit" }, texts],
  [{ as: "text", kind: "jaroWinkler", change: { levels: [0.92, 0.8, 0.5] } }, texts],
  [{ as: "text", kind: "tokens", change: { levels: [0.7, 0.4] } }, texts],
  [{ as: "text", kind: "prefix", change: { levels: [4, 2] } }, texts],
  [{ as: "text", kind: "digits", change: { levels: [4, 2] } }, texts],
  [{ as: "text", kind: "jaroWinkler", change: { levels: [0.9], swapWith: "other" } }, fc.constantFrom("ANN", "LEE", "ANA", "")],
  [{ as: "numeric", kind: "numeric", change: { levels: [1, 5] } }, fc.integer({ min: -9, max: 9 }).map(String)],
  [{ as: "date", kind: "date" }, days],
  [
    { as: "indonesianName", kind: "indonesianName" },
    fc.constantFrom("Siti Nurhaliza", "St Nurhaliza", "Sudirman", "Soedirman", "M", ""),
  ],
  [{ as: "nik", kind: "nik" }, fc.constantFrom("3301015506909001", "3301015506909010", "3301015506800901", "33010155069", "")],
  [{ as: "familyCard", kind: "familyCard" }, fc.constantFrom("3301015506909001", "3301015506909011", "0000000000000000", "")],
];

test("a word said twice is one word, whichever side says it", () => {
  const compared: (typeof SAMPLES)[number][0] = { as: "text", kind: "tokens", change: { levels: [0.7, 0.4] } };
  const [once, twice] = [
    ["B", ""],
    ["B B", ""],
  ] as const;
  expect([levelOf(compared, once, twice), levelOf(compared, twice, once)]).toEqual([3, 3]);
});

describe.each(SAMPLES)("any two values compared by %o", (compared, values) => {
  const row = fc.tuple(values, values);
  test("are told the same whichever comes first", () => {
    fc.assert(
      fc.property(row, row, (a, b) => levelOf(compared, a, b) === levelOf(compared, b, a)),
      { numRuns: 60 },
    );
  });

  test("have a level that is counted, and none when one is missing", () => {
    fc.assert(
      fc.property(row, row, (a, b) => {
        const level = levelOf(compared, a, b);
        const isMissing = compared.change?.swapWith === undefined && (/^ *$/.test(a[0]) || /^ *$/.test(b[0]));
        return Number.isInteger(level) && level >= 0 && level < levelCount(comparisonOf(compared)) && (!isMissing || level === 0);
      }),
      { numRuns: 60 },
    );
  });

  test("reach the highest level when they are the same and whole", () => {
    fc.assert(
      fc.property(row, (a) => {
        const level = levelOf(compared, a, a);
        return level === levelCount(comparisonOf(compared)) - 1 || level === 0 || /-00/.test(a[0]);
      }),
      { numRuns: 40 },
    );
  });
});
