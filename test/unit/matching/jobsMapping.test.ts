import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ConfigFaults } from "../../../schema/settings.ts";
import { CopyLines } from "../../../subgraphs/population/jobs/engine/copyLines.ts";
import { bitOf, REASONS, reasonsOf } from "../../../subgraphs/population/jobs/engine/reasons.ts";
import { sampleOf, shuffled } from "../../../subgraphs/population/jobs/engine/sample.ts";
import { guessDateFormat } from "../../../subgraphs/population/jobs/upload/dateOrder.ts";
import { once, readHead } from "../../../subgraphs/population/jobs/upload/head.ts";
import { describeMapping, proposeMapping, readMapping } from "../../../subgraphs/population/jobs/upload/mapping.ts";
import { rowChunks } from "../../../subgraphs/population/matching/csv/chunks.ts";

const FILE = "No;N.I.K.;Nama Lengkap;TGL LAHIR;Lain\n1;3510;SITI;17-08-1988;x\n";
const head = () => readHead(Buffer.from(FILE));

describe("a mapping", () => {
  test("is guessed from headers and dates, and shown with what is not used", async () => {
    const mapping = proposeMapping(await head());
    expect(describeMapping(mapping)).toEqual([
      "row id     ← No",
      "nik        ← N.I.K.",
      "name       ← Nama Lengkap",
      "birth      ← TGL LAHIR (DD-MM-YYYY)",
      "not used   : Lain",
    ]);
    expect(mapping.delimiter).toBe(";");
  });

  test("may be told, comments and a date in three columns included", async () => {
    const text = '{ // ours\n "columns": { "name": "Nama Lengkap", "birth": ["No", "N.I.K.", "Lain"] } }';
    const { columns, rowId } = readMapping(text, await head());
    expect(rowId).toBeNull();
    expect(columns.map(({ column, headers }) => [column, headers.length])).toEqual([
      ["name", 1],
      ["birth", 3],
    ]);
  });

  test("names all its faults at once", async () => {
    const text =
      '{ "rowid": 1, "columns": { "nik": "NIK", "nomor": "No", "birth": { "header": "TGL LAHIR", "format": "DD-MM" } } }';
    const faults = await head().then((found) => {
      try {
        return readMapping(text, found);
      } catch (error) {
        return (error as ConfigFaults).faults;
      }
    });
    expect(faults).toEqual([
      expect.stringContaining("rowid is unknown"),
      expect.stringContaining('columns.nik is "NIK", which the file does not have'),
      expect.stringContaining("columns.nomor is unknown"),
      expect.stringContaining("columns.birth.format must hold YYYY, MM and DD"),
    ]);
  });

  const faultOf = async (file: string, map: string | null = null): Promise<string> => {
    try {
      const found = await readHead(Buffer.from(file));
      return describeMapping(map === null ? proposeMapping(found) : readMapping(map, found)).join();
    } catch (error) {
      return (error as ConfigFaults).faults.join();
    }
  };

  test.each(["nik", "nik,tgl lahir", "nama", "nama,jenis kelamin", "no kk,nik,tgl lahir,kode desa"])(
    "of %s is refused: it takes a name, and something that tells people of one name apart",
    async (header) => {
      expect(await faultOf(`${header}\n${header}\n`)).toMatch(/^a file needs a name, and beside it/);
    },
  );

  test.each(["nik", "tgl lahir", "nama ibu", "kode desa", "no kk"])("of a name and %s will do", async (header) => {
    expect(await faultOf(`nama,${header}\nSITI,1\n`)).toContain("name       ← nama");
  });

  test("does not take one column for a NIK and a name", async () => {
    expect(await faultOf(FILE, '{ "columns": { "nik": "N.I.K.", "name": "N.I.K." } }')).toMatch(
      /a name needs a column of its own/,
    );
  });

  test("does not call rows by their NIK or family card, mapped or not", async () => {
    const map = '{ "rowId": "N.I.K.", "columns": { "name": "Nama Lengkap", "birth": "TGL LAHIR" } }';
    const whole = map.replace('"name"', '"nik": "N.I.K.", "name"');
    for (const text of [map, whole]) expect(await faultOf(FILE, text)).toMatch(/^rowId is the column of a NIK or family card/);
  });

  test("repeats nothing of a first line that is a person and no header", async () => {
    const person = "SITI AMINAH,17-08-1988\nBUDI,01-02-1990\n";
    const faults = [
      await faultOf(`3510,${person}`),
      await faultOf(`3510,${person}`, '{ "columns": { "name": "Nama" } }'),
      await faultOf(`3510014108880001,${person}`),
    ];
    for (const fault of faults) {
      expect(fault).toMatch(/columns 1 to 3|column 1\)/);
      expect(fault).not.toMatch(/SITI|1988|3510/);
    }
  });

  test.each([
    [["1988-08-17", "1990-12-31"], "YYYY-MM-DD"],
    [["01/02/1990", "17/08/1988"], "DD-MM-YYYY"],
    [["01/02/1990", "08/17/1988"], "MM-DD-YYYY"],
    [["19880817"], "YYYY-MM-DD"],
    [["17081988"], "DD-MM-YYYY"],
    [["01/02/1990", "", "tidak tahu"], "DD-MM-YYYY"],
    [[], "YYYY-MM-DD"],
  ])("takes dates like %j as %s", (values, format) => {
    expect(guessDateFormat(values)).toBe(format);
  });
});

test("reasons of a set of bits are those that were put in, in their order", () => {
  fc.assert(
    fc.property(fc.subarray([...REASONS]), (reasons) => {
      expect(reasonsOf(reasons.reduce((bits, reason) => bits | bitOf(reason), 0))).toEqual(reasons);
    }),
  );
});

test("lines for COPY read back as what was written, whatever the text", () => {
  const meant: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", "\\": "\\" };
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: -5e8, max: 5e8 }), (text, thousandths) => {
      const bytes = Buffer.from(text);
      const lines = new CopyLines();
      lines
        .text(bytes, 0, bytes.length)
        .fixed(thousandths / 1000, 3)
        .nothing()
        .endRow();
      const written = Buffer.from(lines.take()).toString();
      expect(written.endsWith("\n")).toBe(true);
      const [first, number, nothing] = written.slice(0, -1).split("\t") as [string, string, string];
      expect(first.replace(/\\(.)/g, (_, letter: string) => meant[letter] ?? "?")).toBe(bytes.toString());
      expect([Number(number), nothing]).toEqual([thousandths / 1000 + 0, "\\N"]);
    }),
  );
});

test("the sample of a file is the same however it is cut into chunks", async () => {
  const rows = Array.from({ length: 400 }, (_, i) => `${i},"NAMA, ${i}",\n`).join("");
  const file = Buffer.from(`no,nama,nik\n${rows}`);
  const mapping = proposeMapping(await readHead(file));
  const sampled = async (size: number) => {
    const samples = [];
    for await (const { bytes, firstLine } of rowChunks(once(file), size))
      samples.push(await sampleOf({ bytes, firstLine, hasHeader: firstLine === 1 }, mapping, 0.3));
    return Buffer.from(shuffled(samples)).toString();
  };
  const whole = await sampled(1_000_000);
  const count = whole.trim().split("\n").length;
  expect(count).toBeGreaterThan(60);
  expect(count).toBeLessThan(200);
  expect(await sampled(100)).toBe(whole);
  expect(await sampled(999)).toBe(whole);
});
