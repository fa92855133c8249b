import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RowSet } from "../../../subgraphs/population/matching/block/rowSet.ts";
import { dateFormat, ISO, readDate, swapDayMonth } from "../../../subgraphs/population/matching/table/dates.ts";
import {
  digitsText,
  equalDigits,
  hashDigits,
  isFiller,
  packDigits,
} from "../../../subgraphs/population/matching/table/digits.ts";
import { Lexicon } from "../../../subgraphs/population/matching/table/lexicon.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const packed = (text: string) => {
  const cells = new Int32Array(2);
  const bytes = bytesOf(text);
  packDigits(bytes, 0, bytes.length, cells, 0);
  return cells;
};
const nik = fc.stringMatching(/^[0-9]{16}$/);

describe("sixteen digits", () => {
  test("come back as they went in, also above 2^53", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{1,16}$/), (text) => {
        expect(digitsText(packed(text), 0)).toBe(text);
      }),
    );
    expect(digitsText(packed("9104110609979001"), 0)).toBe("9104110609979001");
    expect(digitsText(packed("91.04.11.060997 9001"), 0)).toBe("9104110609979001");
  });

  test("words, and more than sixteen digits, are no number at all", () => {
    for (const text of ["3,51016E+15", "TIDAK ADA", "35101617084590011", ""]) expect(digitsText(packed(text), 0)).toBe("");
  });

  test("equal digits in place are counted as a reader would", () => {
    fc.assert(
      fc.property(nik, nik, (a, b) => {
        const [x, y] = [packed(a), packed(b)];
        const counted = equalDigits(x[0] ?? 0, y[0] ?? 0) + equalDigits(x[1] ?? 0, y[1] ?? 0);
        expect(counted).toBe([...a].filter((digit, i) => digit === b[i]).length);
      }),
    );
  });

  test("a range of digits has the same hash in two numbers that share it, and none where digits are missing", () => {
    fc.assert(
      fc.property(nik, nik, fc.nat(15), fc.nat(15), (a, b, i, k) => {
        const [from, to] = [Math.min(i, k), Math.max(i, k) + 1];
        const shared = a.slice(0, from) + b.slice(from, to) + a.slice(to);
        expect(hashDigits(packed(shared), 0, from, to)).toBe(hashDigits(packed(b), 0, from, to));
        if (a.slice(from, to) !== b.slice(from, to))
          expect(hashDigits(packed(a), 0, from, to)).not.toBe(hashDigits(packed(b), 0, from, to));
        expect(hashDigits(packed(a.slice(0, to - 1)), 0, from, to)).toBe(0);
      }),
    );
  });

  test("what fills a form says nothing", () => {
    for (const text of ["0", "9999999999999999", "0000000000000000", "35101617084", "0909090909090909"])
      expect(isFiller(packed(text), 0)).toBe(true);
    for (const text of ["351016170845", "3510161708459001", "9104110609979001"]) expect(isFiller(packed(text), 0)).toBe(false);
  });
});

describe("dates", () => {
  const read = (text: string, format = "YYYY-MM-DD") => {
    const bytes = bytesOf(text);
    return readDate(bytes, 0, bytes.length, dateFormat(format) ?? ISO);
  };

  test("are read in the order the file writes them, with any separator or none", () => {
    expect(read("1945-08-17")).toBe(19450817);
    expect(read("17/8/1945", "DD/MM/YYYY")).toBe(19450817);
    expect(read("17.08.1945", "DD-MM-YYYY")).toBe(19450817);
    expect(read("17081945", "DDMMYYYY")).toBe(19450817);
    expect(read("19450817", "YYYYMMDD")).toBe(19450817);
    expect(read("1945-08-17T00:00:00Z")).toBe(19450817);
  });

  test("a slip that makes an impossible day keeps the other parts; words and two-digit years are missing", () => {
    expect(read("1945-13-17")).toBe(19451317);
    for (const text of ["", "-", "17 Agustus 1945", "45-08-17", "1945-08", "123456789-1-1"]) expect(read(text)).toBe(0);
  });

  test("a format that names no full date is none", () => {
    expect(dateFormat("MM/YYYY")).toBeNull();
  });

  test("day and month change places only where both can", () => {
    expect(swapDayMonth(19450807)).toBe(19450708);
    expect(swapDayMonth(19450817)).toBe(19450817);
  });
});

describe("lexicon", () => {
  const idOf = (lexicon: Lexicon, text: string) => lexicon.idOf(bytesOf(text), 0, bytesOf(text).length);
  const first = (text: string) => text.slice(0, 1);

  test("one id for one text, however it is written, and it is found again among many", () => {
    const lexicon = new Lexicon("text", [first]);
    const texts = Array.from({ length: 20_000 }, (_, i) => `TEXT ${i}`);
    const ids = texts.map((text) => idOf(lexicon, text));
    expect(new Set(ids).size).toBe(texts.length);
    expect(texts.map((text) => idOf(lexicon, text))).toEqual(ids);
    expect(idOf(lexicon, " text  7 ")).toBe(ids[7]);
    expect(lexicon.textOf(ids[7] ?? 0)).toBe("TEXT 7");
    expect(idOf(lexicon, "-")).toBe(0);
  });

  test("threads find the register's words, keep their own apart, and forget them", () => {
    const lexicon = new Lexicon("indonesianName", [first]);
    const known = idOf(lexicon, "SITI AMINAH");
    const data = lexicon.freeze(2, { entries: 64, codes: 8192 });
    const threads = [0, 1].map((place) => Lexicon.attach(data, [first], { entries: 64, codes: 8192, place }));
    expect(threads.map((thread) => idOf(thread, "siti aminah"))).toEqual([known, known]);
    const added = threads.map((thread) => idOf(thread, "SRI RAHAYU"));
    expect(added.every((id) => id > known) && added[0] !== added[1]).toBe(true);
    expect(threads.map((thread) => thread.textOf(added[threads.indexOf(thread)] ?? 0))).toEqual(["SRI RAHAYU", "SRI RAHAYU"]);
    threads[0]?.forget();
    expect(idOf(threads[0] as Lexicon, "BUDI")).toBeLessThanOrEqual(added[0] ?? 0);
  });

  test("a thread without room for another word says so instead of writing into its neighbour", () => {
    const data = new Lexicon("text", []).freeze(2, { entries: 4, codes: 4096 });
    const thread = Lexicon.attach(data, [], { entries: 4, codes: 4096, place: 0 });
    for (let i = 0; i < 4; i += 1) idOf(thread, `W${i}`);
    expect(() => idOf(thread, "W4")).toThrow(/room/);
  });
});

test("a row set is a set in order of arrival, emptied at once", () => {
  const rows = new RowSet();
  fc.assert(
    fc.property(fc.array(fc.nat(100_000), { maxLength: 6000 }), (list) => {
      rows.clear();
      for (const row of list) rows.add(row);
      expect([...rows.list.subarray(0, rows.size)]).toEqual([...new Set(list)]);
    }),
    { numRuns: 30 },
  );
});
