import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RowChunk, rowChunks } from "../../../subgraphs/population/matching/csv/chunks.ts";
import { type CsvOptions, type CsvReject, readCsv } from "../../../subgraphs/population/matching/csv/read.ts";
import { textOf, UnreadableCsv } from "../../../subgraphs/population/matching/csv/row.ts";
import { CsvWriter } from "../../../subgraphs/population/matching/csv/write.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

async function* inPieces(bytes: Uint8Array, cuts: readonly number[] = []): AsyncGenerator<Uint8Array> {
  const sorted = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  for (const [index, from] of [0, ...sorted].entries()) yield bytes.slice(from, sorted[index] ?? bytes.length);
}

interface Read {
  readonly rows: string[][];
  readonly lines: number[];
  readonly rejects: { line: number; reason: string; column: string | null; raw: string }[];
}

/** All a file says under policy `collect`. */
async function read(source: Uint8Array | AsyncIterable<Uint8Array>, options: Partial<CsvOptions> = {}): Promise<Read> {
  const out: Read = { rows: [], lines: [], rejects: [] };
  const onReject = ({ raw, ...reject }: CsvReject) => out.rejects.push({ ...reject, raw: Buffer.from(raw).toString("latin1") });
  await readCsv(source instanceof Uint8Array ? inPieces(source) : source, { delimiter: ",", onReject, ...options }, (row) => {
    out.rows.push(Array.from({ length: row.fields }, (_, field) => textOf(row, field)));
    out.lines.push(row.line);
  });
  return out;
}

async function faultsOf(content: string | Uint8Array, delimiter: string | null = null): Promise<readonly string[]> {
  const source = inPieces(typeof content === "string" ? bytesOf(content) : content);
  const error: unknown = await readCsv(source, { delimiter }, () => {}).catch((caught: unknown) => caught);
  if (!(error instanceof UnreadableCsv)) throw new Error(`expected the file to be refused, got ${JSON.stringify(error)}`);
  return error.faults;
}

describe("a file that is in order", () => {
  test.each([
    ["LF", "a,b\n1,2\n3,4\n"],
    ["CRLF", "a,b\r\n1,2\r\n3,4\r\n"],
    ["CR", "a,b\r1,2\r3,4\r"],
    ["no line break at its end", "a,b\n1,2\n3,4"],
    ["a byte order mark", "\uFEFFa,b\n1,2\n3,4\n"],
    ["blank lines", "\n\na,b\n\n1,2\r\n\r\n3,4\n\n"],
    ["quotes nobody needs", '"a","b"\n"1","2"\n3,"4"'],
  ])("is read with %s", async (_, text) => {
    const seen: string[][] = [];
    const { rows } = await read(bytesOf(text), { onHeader: (columns) => seen.push([...columns]) });
    expect(seen).toEqual([["a", "b"]]);
    expect(rows).toEqual([
      ["1", "2"],
      ["3", "4"],
    ]);
  });

  test.each([",", ";", "\t", "|"])("tells its delimiter %j by its header, whatever stands in quotes", async (delimiter) => {
    const others = [",", ";", "\t", "|"].filter((other) => other !== delimiter).join("");
    const text = `"${others}${others}",b,c\n1,2,3\n`.replaceAll(",b", `${delimiter}b`).replaceAll(",c", `${delimiter}c`);
    const body = text.replace("1,2,3", `1${delimiter}2${delimiter}3`);
    const summary = await readCsv(inPieces(bytesOf(body)), { delimiter: null }, () => {});
    expect(summary).toMatchObject({ delimiter, rows: 1, rejected: 0 });
    expect(summary.columns.slice(1)).toEqual(["b", "c"]);
  });

  test("may hold delimiters, quotes and line breaks in quoted fields; a row's line is where it begins", async () => {
    const { rows, lines } = await read(bytesOf('a,b\n"x,1","say ""hi"""\n"two\r\nlines",""\n7,8\n'));
    expect(rows).toEqual([
      ["x,1", 'say "hi"'],
      ["two\r\nlines", ""],
      ["7", "8"],
    ]);
    expect(lines).toEqual([2, 3, 5]);
  });

  test("keeps a quote inside a bare field as it stands, also beside a field with doubled quotes", async () => {
    const { rows } = await read(bytesOf('a,b\n5" pipe,"6"" pipe"\nNU""MAN,"""x"""\n'));
    expect(rows).toEqual([
      ['5" pipe', '6" pipe'],
      ['NU""MAN', '"x"'],
    ]);
  });
});

describe("a faulty line costs itself only", () => {
  const good = [
    ["1", "2"],
    ["3", "4"],
  ];
  test.each([
    ["RAGGED_ROW", null, "x,y,z"],
    ["RAGGED_ROW", null, "x"],
    ["TEXT_AFTER_QUOTE", "b", 'x,"y"z'],
    ["NUL_BYTE", "a", "x\0,y"],
    ["NUL_BYTE", "b", 'x,"y\0"'],
    ["QUOTE_NOT_CLOSED", "b", 'x,"y'],
    ["QUOTE_NOT_CLOSED", "a", '"x,y'],
  ])("%s under %s", async (reason, column, bad) => {
    const { rows, rejects } = await read(bytesOf(`a,b\n1,2\n${bad}\n3,4\n`));
    expect(rows).toEqual(good);
    expect(rejects).toEqual([{ line: 3, reason, column, raw: bad }]);
  });

  test("NOT_UTF8 names the column; the same bytes as UTF-8 are fine", async () => {
    const latin = Buffer.from("a,b\n1,2\nx,Jos\xe9\n3,4\n", "latin1");
    const { rows, rejects } = await read(latin);
    expect(rows).toEqual(good);
    expect(rejects).toEqual([{ line: 3, reason: "NOT_UTF8", column: "b", raw: "x,Jos\xe9" }]);
    expect((await read(bytesOf("a,b\n1,2\nx,José\n3,4\n"))).rows[1]).toEqual(["x", "José"]);
  });

  test("a field over 64 KiB, of which 64 KiB are shown; one of exactly 64 KiB is fine", async () => {
    const fits = "y".repeat(64 * 1024);
    const { rows, rejects } = await read(bytesOf(`a,b\n1,2\nx,${fits}y\nx,${fits}\n"${fits}y",x\n"${fits}",x\n3,4\n`));
    expect(rows.map((row) => row.map((field) => field.length))).toEqual([
      [1, 1],
      [1, 65_536],
      [65_536, 1],
      [1, 1],
    ]);
    expect(rejects.map(({ line, reason, column, raw }) => [line, reason, column, raw.length])).toEqual([
      [3, "FIELD_TOO_LONG", "b", 65_536],
      [5, "FIELD_TOO_LONG", "a", 65_536],
    ]);
  });

  test("a quote opened in the middle of a long file does not swallow the rows behind it", async () => {
    const many = Array.from({ length: 20_000 }, (_, n) => `${n},y`).join("\n");
    const { rows, rejects } = await read(bytesOf(`a,b\n1,"2\n${many}\n`));
    expect(rows).toHaveLength(20_000);
    expect(rejects).toEqual([{ line: 2, reason: "QUOTE_NOT_CLOSED", column: "b", raw: '1,"2' }]);
  });
});

describe("a file that is refused says why", () => {
  test.each([
    ["nothing in it", "", "the file is empty"],
    ["blank lines only", "\n\r\n\n", "the file is empty"],
    ["a header only", "a,b\n", "the file has a header and no row"],
    ["a column twice", "a,b,a\n1,2,3\n", "line 1: the header has the column a twice"],
    ["UTF-16 with a mark", Buffer.from("\uFEFFa,b\n1,2\n", "utf16le"), "the file is UTF-16: save it as “CSV UTF-8”"],
    ["UTF-16 without a mark", Buffer.from("a,b\n1,2\n", "utf16le"), "the file is UTF-16: save it as “CSV UTF-8”"],
    ["a workbook", Buffer.from("PK\x03\x04\x14\0\x06\0"), "the file is an Excel workbook or an archive: save it as “CSV UTF-8”"],
  ])("%s", async (_, content, fault) => {
    expect(await faultsOf(content)).toEqual([fault]);
  });

  test("all faults at once, each with line and column, and never a value", async () => {
    expect(await faultsOf('nik,nama\n1,"SITI\n2,BUDI,x\n3,AN\0I\n4,JOKO\n')).toEqual([
      "line 2, column nama: a quote is not closed",
      "line 3: has more or fewer fields than the header",
      "line 4, column nama: holds a NUL byte: the file is damaged or not text",
    ]);
  });

  test("at twenty faults it gives up", async () => {
    expect(await faultsOf(`a,b\n${"x\n".repeat(1000)}`)).toHaveLength(20);
  });

  test("a delimiter that cannot part fields", async () => {
    for (const delimiter of ['"', "\n", "::", "é", ""]) expect((await faultsOf("a\n1\n", delimiter))[0]).toContain("delimiter");
  });
});

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "é", "王", " ", ",", ";", '"', "\n", "\r", "\t"), maxLength: 8 }),
  fc.string({ unit: "binary", maxLength: 6 }).map((text) => text.replaceAll("\0", "")),
);
const table = fc
  .integer({ min: 1, max: 4 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }));

/** Anything at all: what a broken export may hold. */
const mess = fc
  .array(fc.constantFrom("a", "b", ",", ",", '"', '"', '""', "\n", "\n", "\r", "\r\n", "\0", "\xff", "é"), { maxLength: 80 })
  .map((parts) => Buffer.from(`x,y\n${parts.join("")}\nz,z\n`, "latin1"));
const cuts = fc.array(fc.nat(200), { maxLength: 30 });

async function chunksOf(source: AsyncIterable<Uint8Array>, size: number): Promise<RowChunk[]> {
  const chunks: RowChunk[] = [];
  for await (const chunk of rowChunks(source, size)) chunks.push(chunk);
  return chunks;
}

const readAlone = ({ bytes, firstLine }: RowChunk, index: number) =>
  read(bytes, index === 0 ? {} : { part: { columns: ["x", "y"], firstLine } });

describe("for any file", () => {
  test("what is written is what is read back", () =>
    fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const writer = new CsvWriter(16);
        const header = rows[0]?.map((_, column) => `c${column}`) ?? [];
        for (const row of [header, ...rows]) {
          for (const field of row) writer.text(field);
          writer.endRow();
        }
        const got = await read(writer.take().slice());
        expect(got.rejects).toEqual([]);
        expect(got.rows).toEqual(rows.map((row) => row.map((field) => Buffer.from(field).toString())));
      }),
    ));

  test("where the stream is cut changes nothing: not the rows, not the faults", () =>
    fc.assert(
      fc.asyncProperty(mess, cuts, async (bytes, where) => {
        expect(await read(inPieces(bytes, where))).toEqual(await read(bytes));
      }),
      { numRuns: 1000 },
    ));

  test("chunks are the file again, and read one by one give the rows and faults of the whole", () =>
    fc.assert(
      fc.asyncProperty(mess, cuts, fc.integer({ min: 1, max: 40 }), async (bytes, where, size) => {
        const whole = await read(bytes);
        const chunks = await chunksOf(inPieces(bytes, where), size);
        expect(Buffer.concat(chunks.map((chunk) => chunk.bytes))).toEqual(bytes);
        const reads = await Promise.all(chunks.map(readAlone));
        expect(reads.flatMap(({ rows }) => rows)).toEqual(whole.rows);
        expect(reads.flatMap(({ lines }) => lines)).toEqual(whole.lines);
        expect(reads.flatMap(({ rejects }) => rejects)).toEqual(whole.rejects);
        expect(chunks.map(({ rows }) => rows)).toEqual(reads.map(({ rows, rejects }) => rows.length + rejects.length));
      }),
      { numRuns: 1000 },
    ));
});

describe("numbers", () => {
  test.each([
    [0, 4, "0.0000"],
    [-0.00004, 4, "0.0000"],
    [-2.34565, 4, "-2.3457"],
    [12.5, 0, "13"],
    [1, 6, "1.000000"],
    [0.9999999, 6, "1.000000"],
    [123456, 0, "123456"],
    [Number.POSITIVE_INFINITY, 4, ""],
  ])("%d with %d decimals is %s", (value, decimals, text) => {
    expect(Buffer.from(new CsvWriter().text("x").fixed(value, decimals).endRow().take()).toString()).toBe(`x,${text}\n`);
  });
});
