import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { csvRecords } from "../../../drizzle/intake/csv.ts";
import { HEADER, row, useImport } from "../../kit/intake/importing.ts";

const { importFile, stored, run, pathOf } = useImport();

describe("forms a file comes in", () => {
  const quoted = 'Q1;3510161204889050;3510161106180010;"SITI ""IIS"" AMINAH";"DUSUN KRAJAN\nRT 2; RW 1";35.10.16;35.10.16.1001';
  const other = "Q2;3510161204889051;3510161106180010;BUDI;-;351016;3510161001";
  const header = HEADER.replaceAll(",", ";");
  test.each([
    ["semicolons, quotes, line breaks in a field, dots in codes", [header, quoted, other, ""].join("\n")],
    ["Windows line ends", [header, quoted, other, ""].join("\r\n")],
    ["old Macintosh line ends, last line open", [header, quoted, other].join("\r")],
    ["a byte order mark and blank lines", `\uFEFF\n${[header, quoted, "", other, "", ""].join("\n")}`],
    ["columns in capitals and with spaces", [header.toUpperCase().replace("NAMA", " NAMA "), quoted, other].join("\n")],
  ])("%s", async (_, content) => {
    const { code, summary } = await importFile("form.csv", content);
    expect([code, summary]).toEqual([0, expect.objectContaining({ total: 2, rejected: 0 })]);
    expect((await stored("m.idsemesta in ('Q1', 'Q2')")).map(({ claimed_name, address }) => [claimed_name, address])).toEqual([
      ['SITI "IIS" AMINAH', "DUSUN KRAJAN RT 2; RW 1"],
      ["BUDI", "DUSUN KRAJAN RT 2; RW 1"],
    ]);
  });

  const object = (id: string) => ({
    idsemesta: id,
    NIK: `35101612048890${id.slice(1)}`,
    NOKK: "3510161106180011",
    Nama: "{WARGA]",
    Alamat: 'x, "y" [z] {\\',
    id_kec: "351016",
    id_desa: "3510161001",
    keterangan_disabilitas: { jenis: ["a"] },
  });
  const objects = [object("K60"), object("K61"), object("K62")].map((each) => ({ ...each, Nama: "WARGA" }));
  test.each([
    ["a JSON array", JSON.stringify(objects)],
    ["a JSON array, indented, with a byte order mark", `\uFEFF${JSON.stringify(objects, null, 2)}\n`],
    ["an object a line", `${objects.map((each) => JSON.stringify(each)).join("\n")}\n`],
    ["an object a line, Windows line ends, last line open", objects.map((each) => JSON.stringify(each)).join("\r\n")],
  ])("%s", async (_, content) => {
    const { code, summary } = await importFile("form.json", content);
    expect([code, summary]).toEqual([0, expect.objectContaining({ total: 3, rejected: 0 })]);
    expect(await stored("m.idsemesta in ('K60', 'K61', 'K62')")).toHaveLength(3);
  });

  test.each([1, 7, 64])("cut into chunks of %i characters, the rows are the same", async (size) => {
    const content = ["a,b", '"x\r\n""y""",z', '1,"2"', "", '"open,3', '4,"5,6"', "last,one"].join("\r\n");
    async function* cut(length: number) {
      for (let at = 0; at < content.length; at += length) yield content.slice(at, at + length);
    }
    const all = async (length: number) => {
      const records = [];
      for await (const record of csvRecords(cut(length), ",")) records.push(record);
      return records;
    };
    const whole = await all(content.length);
    expect(await all(size)).toEqual(whole);
    expect(whole.map(({ line, fields, fault }) => [line, fields.length, fault])).toEqual([
      [1, 2, null],
      [2, 2, null],
      [4, 2, null],
      [6, 1, "QUOTE_NOT_CLOSED"],
      [7, 2, null],
      [8, 2, null],
    ]);
  });
});

describe("a file that is wrong as a whole loads nothing and says why", () => {
  const head = Buffer.from(`${HEADER}\n`);
  test.each<[string, string | Buffer, RegExp]>([
    ["empty", "", /the file is empty/],
    ["only white space", " \n\n", /the file is empty/],
    ["header only", `${HEADER}\n`, /a header and no row/],
    ["an empty JSON array", "[]", /holds no row/],
    ["unknown columns", `${HEADER},Agama,Hobi\nx`, /unknown columns: "Agama", "Hobi"/],
    ["missing columns", "idsemesta,NIK\nx,y", /missing columns: NOKK, Nama, Alamat, id_kec, id_desa/],
    ["a column twice", `${HEADER},nik\nx`, /columns named twice: NIK/],
    ["UTF-16", Buffer.from(`\uFEFF${HEADER}\n`, "utf16le"), /UTF-16/],
    ["a workbook", Buffer.from("PK\u0003\u0004xl/workbook.xml"), /workbook is damaged/],
    [
      "Windows-1252",
      Buffer.concat([head, Buffer.from(`${row("U1")}\n`), Buffer.from(row("U2", { name: "JOSÉ" }), "latin1")]),
      /line 3 is not UTF-8/,
    ],
    ["a NUL byte", Buffer.concat([head, Buffer.from(`${row("U1")}\n${row("U2")}\0`)]), /line 3 holds a NUL byte/],
  ])("%s", async (name, content, message) => {
    const { code, said, rejected } = await importFile(`${name}.csv`, content);
    expect([code, rejected]).toEqual([2, ""]);
    expect(said).toMatch(message);
    expect(said).toContain("Nothing was loaded");
    expect(await stored("m.idsemesta like 'U%'")).toEqual([]);
    expect(readdirSync(dirname(pathOf("x"))).filter((file) => file.includes(`${name}.csv.rejected`))).toEqual([]);
  });

  test("unknown columns can be left out by name", async () => {
    const { code } = await importFile(
      "ignored.csv",
      [`${HEADER},Agama`, `${row("I1", { card: "3510161106180028" })},x`].join("\n"),
      "--ignore",
      "Agama",
    );
    expect(code).toBe(0);
  });

  test.each<[string[], RegExp]>([
    [[], /say what to import/],
    [["people", "x.csv"], /say what to import/],
    [["members"], /name one file/],
    [["members", "/nowhere/x.csv"], /does not exist/],
    [["members", "/tmp"], /is not a file/],
    [["members", "x.csv", "--codes", "bps"], /BPS codes name other places/],
    [["members", "x.csv", "--codes", "iso"], /unknown: kemendagri/],
  ])("%j is wrong usage", async (argv, message) => {
    const { code, said } = await run(...argv);
    expect([code, said]).toEqual([2, expect.stringMatching(message)]);
  });
});
