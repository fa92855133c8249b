import fc from "fast-check";
import { parquetMetadata } from "hyparquet";
import { expect, test } from "vitest";
import type { Column, Row } from "../../../gateway/border/export/encode/columns.ts";
import { encode, FORMATS } from "../../../gateway/border/export/encode/encode.ts";
import { XLSX_MOST_ROWS } from "../../../gateway/border/export/encode/xlsx.ts";
import { unguarded } from "../../../schema/values/csv.ts";
import { isNightly } from "../../kit/vitest/nightly.ts";
import { fieldsOf, fileOf, objectsOf, sheetOf } from "./readBack.ts";

const COLUMNS: readonly Column[] = [
  { name: "nik", label: "NIK", type: "text" },
  { name: "persons", label: "Orang", type: "integer" },
  { name: "total_rupiah", label: "Jumlah (Rp)", type: "rupiah" },
  { name: "suppressed", label: "Disamarkan", type: "boolean" },
  { name: "as_of", label: "Per tanggal", type: "instant" },
];
const NIK = "3510014107909001";
const NOON = "2026-11-22T05:00:00.000Z";
const ROWS: readonly Row[] = [
  [NIK, 15, "150000000", false, NOON],
  ['=HYPERLINK("http://x","y")', -5, "-25", true, NOON],
  [null, null, null, true, null],
];

test("CSV is RFC 4180: a line of names, CRLF, text that would be run is told as text, and a number below zero is left alone", async () => {
  const file = await fileOf({ format: "csv", columns: COLUMNS, rows: ROWS });
  expect(file.toString()).toBe(
    [
      "nik,persons,total_rupiah,suppressed,as_of",
      `${NIK},15,150000000,false,${NOON}`,
      `"'=HYPERLINK(""http://x"",""y"")",-5,-25,true,${NOON}`,
      ",,,true,",
      "",
    ].join("\r\n"),
  );
});

test("a spreadsheet of the Indonesian locale gets its byte order mark, its semicolons and the names people read", async () => {
  const options = { bom: true, separator: ";", header: "label" } as const;
  const file = await fileOf({ format: "csv", columns: COLUMNS, rows: ROWS.slice(0, 1), options });
  expect([...file.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(file.toString().slice(1)).toBe(`NIK;Orang;Jumlah (Rp);Disamarkan;Per tanggal\r\n${NIK};15;150000000;false;${NOON}\r\n`);
});

test("who asks for no guard gets texts as they are, and nothing and the empty text differ", async () => {
  const columns = COLUMNS.slice(0, 1);
  const file = await fileOf({ format: "csv", columns, rows: [["@x"], [""], [null]], options: { guard: false } });
  expect(file.toString()).toBe('nik\r\n@x\r\n""\r\n\r\n');
});

test("a cell does not begin in the middle of another because a spreadsheet expects another separator", async () => {
  const rows: readonly Row[] = [["a;=1+1"], ["a,=1+1"], ["a\t=1+1"]];
  for (const separator of [",", ";", "\t"] as const) {
    const file = await fileOf({ format: "csv", columns: COLUMNS.slice(0, 1), rows, options: { separator } });
    expect(file.toString().split("\r\n").slice(1, 4), separator).toEqual(rows.map(([text]) => `"${text}"`));
  }
});

test("JSON Lines are objects by the columns' names; rupiah stay exact", async () => {
  const rows: readonly Row[] = [[NIK, 15, 9_007_199_254_740_993n, false, NOON], ROWS[2] as Row];
  const lines = (await fileOf({ format: "jsonl", columns: COLUMNS, rows })).toString().trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { nik: NIK, persons: 15, total_rupiah: "9007199254740993", suppressed: false, as_of: NOON },
    { nik: null, persons: null, total_rupiah: null, suppressed: true, as_of: null },
  ]);
});

test("Parquet holds a NIK as a string, counts and rupiah as 64-bit integers, and an instant as one", async () => {
  const file = await fileOf({ format: "parquet", columns: COLUMNS, rows: ROWS });
  expect(await objectsOf(file)).toEqual([
    { nik: NIK, persons: 15n, total_rupiah: 150_000_000n, suppressed: false, as_of: new Date(NOON) },
    { nik: '=HYPERLINK("http://x","y")', persons: -5n, total_rupiah: -25n, suppressed: true, as_of: new Date(NOON) },
    { nik: null, persons: null, total_rupiah: null, suppressed: true, as_of: null },
  ]);
  const { schema } = parquetMetadata(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer);
  expect(schema.slice(1).map(({ type, converted_type }) => converted_type ?? type)).toEqual([
    "UTF8",
    "INT64",
    "INT64",
    "BOOLEAN",
    "TIMESTAMP_MILLIS",
  ]);
});

test("Parquet comes in groups of rows, and a table without rows is a file", async () => {
  const columns = COLUMNS.slice(0, 2);
  const rows = function* (count: number) {
    for (let n = 0; n < count; n++) yield [String(n), n];
  };
  const read = await objectsOf(await fileOf({ format: "parquet", columns, rows: rows(450_000) }));
  expect(read.length).toBe(450_000);
  expect(read.every((row, n) => row["nik"] === String(n) && row["persons"] === BigInt(n))).toBe(true);
  expect(await objectsOf(await fileOf({ format: "parquet", columns, rows: [] }))).toEqual([]);
});

test("a workbook holds a NIK as text of all its digits, numbers as numbers, and no formula", async () => {
  const [head, ...rows] = await sheetOf(await fileOf({ format: "xlsx", columns: COLUMNS, rows: ROWS }), 5);
  expect(head?.cells.map((cell) => cell?.text)).toEqual(COLUMNS.map(({ name }) => name));
  expect(rows.map(({ cells }) => cells.map((cell) => cell && (cell.isNumber ? Number(cell.text) : cell.text)))).toEqual([
    [NIK, 15, 150_000_000, "0", NOON],
    ['\'=HYPERLINK("http://x","y")', -5, -25, "1", NOON],
    [undefined, undefined, undefined, "1", undefined],
  ]);
  expect(rows.flatMap(({ cells }) => cells).some((cell) => cell?.isFormula)).toBe(false);
});

test("an amount of more digits than a spreadsheet keeps is text, not another amount", async () => {
  const rows: readonly Row[] = [
    [null, null, 999_999_999_999_999n, null, null],
    [null, null, "1234567890123456", null, null],
  ];
  const [, ...read] = await sheetOf(await fileOf({ format: "xlsx", columns: COLUMNS, rows }), 5);
  expect(read.map(({ cells }) => [cells[2]?.text, cells[2]?.isNumber])).toEqual([
    ["999999999999999", true],
    ["1234567890123456", false],
  ]);
});

test("the same rows are the same bytes", async () => {
  for (const format of FORMATS) {
    const [one, two] = [
      await fileOf({ format, columns: COLUMNS, rows: ROWS }),
      await fileOf({ format, columns: COLUMNS, rows: ROWS }),
    ];
    expect(one.equals(two), format).toBe(true);
  }
});

test("whatever a text holds, every format gives it back, and no spreadsheet runs it", async () => {
  const character = fc.constantFrom(..."'=+-@\t\r\n\",;<>&_x1aé\u0000\u001F\uFFFE😀".split(/(?:)/u));
  const text = fc.oneof(fc.string({ unit: character, maxLength: 12 }), fc.constantFrom("_x0041_", "__x0041_", "=1", "'", " =1"));
  const columns = [COLUMNS[0] as Column, { name: "b", label: "B", type: "text" } as const];
  let cells = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 5 }), async (rows) => {
      const csv = (await fieldsOf(await fileOf({ format: "csv", columns, rows }))).slice(1);
      expect(csv.map((row) => row.map(unguarded))).toEqual(rows);
      const sheet = (await sheetOf(await fileOf({ format: "xlsx", columns, rows }), 2)).slice(1);
      for (const {
        line,
        cells: [a, b],
      } of sheet)
        expect([a, b].map((cell) => unguarded(unescaped(cell?.text ?? ""))).map(blank)).toEqual(rows[line - 2]?.map(blank));
      const jsonl = (await fileOf({ format: "jsonl", columns, rows })).toString().trimEnd().split("\n");
      expect(jsonl.map((line) => Object.values(JSON.parse(line)))).toEqual(rows);
      expect((await objectsOf(await fileOf({ format: "parquet", columns, rows }))).map(Object.values)).toEqual(rows);
      const shown = [...csv.flat(), ...sheet.flatMap((row) => row.cells.map((cell) => cell?.text ?? ""))];
      expect(shown.filter((cell) => /^[=@\t\r]/.test(cell))).toEqual([]);
      cells += shown.length;
    }),
    { numRuns: 60 },
  );
  expect(cells).toBeGreaterThan(200);
});

const unescaped = (text: string) =>
  text.replace(/_x([0-9A-F]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
/** The intake takes a cell of blanks for none. */
const blank = (text: string) => (text.trim() === "" ? "" : text);

test("a table that breaks off has no end in any format: a Parquet no footer, a workbook no directory", async () => {
  async function* broken() {
    for (let n = 0; n < 300_000; n++) yield [String(n), n];
    throw new Error("the source is gone");
  }
  for (const format of FORMATS) {
    const pieces: Uint8Array[] = [];
    const reading = async () => {
      for await (const piece of encode(format, { columns: COLUMNS.slice(0, 2), rows: broken() }, { guard: true }))
        pieces.push(piece);
    };
    await expect(reading(), format).rejects.toThrow("the source is gone");
    const file = Buffer.concat(pieces);
    expect(file.length, format).toBeGreaterThan(100_000);
    if (format === "parquet") await expect(objectsOf(file)).rejects.toThrow();
    if (format === "xlsx") await expect(sheetOf(file, 2)).rejects.toThrow();
  }
});

test("who stops reading ends the source; nobody reads on for nobody", async () => {
  for (const format of FORMATS) {
    let [asked, ended] = [0, false];
    const rows = function* () {
      try {
        for (; ; asked++) yield [String(asked), asked];
      } finally {
        ended = true;
      }
    };
    for await (const _ of encode(format, { columns: COLUMNS.slice(0, 2), rows: rows() }, { guard: true })) break;
    expect([format, ended, asked < 250_000]).toEqual([format, true, true]);
  }
});

test.runIf(isNightly)(
  "a sheet ends where spreadsheets end: a table as long as that is whole, of a longer one the last line says that it is cut",
  async () => {
    const column = COLUMNS.slice(1, 2);
    const rows = function* (count: number) {
      for (let n = 1; n <= count; n++) yield [n];
    };
    const lastOf = async (count: number) => {
      const read = await sheetOf(await fileOf({ format: "xlsx", columns: column, rows: rows(count) }), 1);
      return [read.length, read.at(-1)?.line, read.at(-1)?.cells[0]?.text];
    };
    expect(await lastOf(XLSX_MOST_ROWS)).toEqual([1_048_576, 1_048_576, "1048575"]);
    expect(await lastOf(XLSX_MOST_ROWS + 1)).toEqual([1_048_576, 1_048_576, expect.stringMatching(/^DIPOTONG/)]);
  },
  300_000,
);

test("a text longer than a cell of a workbook is refused, not cut", async () => {
  await expect(fileOf({ format: "xlsx", columns: COLUMNS.slice(0, 1), rows: [["x".repeat(32_768)]] })).rejects.toThrow("32767");
});
