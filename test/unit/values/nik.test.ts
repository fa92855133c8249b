import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatNik, type NikContext, parseNik } from "../../../schema/nik.ts";

const context: NikContext = { referenceDate: "2026-01-01", allowSynthetic: true, isDistrict: (code) => code === "351016" };
const read = (nik: string, more: Partial<NikContext> = {}) => parseNik(nik, { ...context, ...more });

describe("a NIK tells district, day of birth and sex", () => {
  test.each([
    ["3510161708450000", "MALE", "1945-08-17"],
    ["3510165708450000", "FEMALE", "1945-08-17"],
    ["3510162902000000", "MALE", "2000-02-29"], // 1900 had no such day
    ["3510161708200000", "MALE", "2020-08-17"], // the later century, unless another is stated
    ["3510163112159001", "MALE", "2015-12-31"], // 1915 is more than 110 years ago
    ["3510160101269001", "MALE", "2026-01-01"],
    ["3510160201269001", "MALE", "1926-01-02"], // the day after the reference date is the future
  ])("%s: %s, born %s", (nik, sex, birthDate) => {
    expect(read(nik)).toEqual({ nik: expect.objectContaining({ sex, birthDate, district: "351016" }) });
  });

  test("a stated birth date decides the century", () => {
    expect(read("3510161708200000", { stated: { birthDate: "1920-08-17" } })).toEqual({
      nik: expect.objectContaining({ birthDate: "1920-08-17", warnings: [] }),
    });
  });
});

describe("what is no NIK", () => {
  test.each([
    ["3510167201900000", "DAY"],
    ["3510163501900000", "DAY"],
    ["3510160001900000", "DAY"],
    ["3510164001900000", "DAY"],
    ["3510161713900000", "MONTH"],
    ["3510161700900000", "MONTH"],
    ["3510166902900000", "DATE"],
    ["3510162902230000", "DATE"],
    ["351016170845000", "LENGTH"],
    ["35101617084500001", "LENGTH"],
    ["", "LENGTH"],
    ["351016170845000O", "NOT_DIGITS"],
    ["３５１０１６１７０８４５００００", "NOT_DIGITS"],
    ["35.10.16.170845.0000", "NOT_DIGITS"],
    ["3510161708450000 ", "NOT_DIGITS"],
    ["3510161708450000\n", "NOT_DIGITS"],
    ["3.51016E+15", "NOT_DIGITS"],
  ])("%j: %s", (nik, fault) => {
    expect(read(nik)).toEqual({ fault });
  });

  test.each(["0000", "9001", "9999"])("serial %s is nobody's outside development", (serial) => {
    expect(read(`351016170845${serial}`, { allowSynthetic: false })).toEqual({ fault: "SERIAL_SYNTHETIC" });
    expect(read(`351016170845${serial}`)).toEqual({ nik: expect.objectContaining({ isSynthetic: true }) });
  });
  test.each(["0001", "9000"])("serial %s can be somebody's anywhere", (serial) => {
    expect(read(`351016170845${serial}`, { allowSynthetic: false })).toEqual({
      nik: expect.objectContaining({ isSynthetic: false }),
    });
  });
});

describe("what is odd is a warning, never a fault", () => {
  test("an unknown region", () => {
    expect(read("9999991708450000")).toEqual({ nik: expect.objectContaining({ level: "FORMAT", warnings: ["REGION_UNKNOWN"] }) });
  });
  test("Merauke's code of before the split is known by history", () => {
    expect(read("9101011708450000")).toEqual({ nik: expect.objectContaining({ level: "REGION_KNOWN", warnings: [] }) });
  });
  test("another birth date, sex or residence than stated", () => {
    const stated = { birthDate: "1945-08-18", sex: "FEMALE", region: "3273011001" } as const;
    const parsed = read("3510161708450000", { stated });
    expect(parsed).toEqual({
      nik: expect.objectContaining({ level: "REGION_KNOWN", warnings: ["BIRTH_DATE_DIFFERS", "SEX_DIFFERS", "REGION_DIFFERS"] }),
    });
  });
  test("what agrees with the statement is consistent, wherever the person lives now", () => {
    const stated = { birthDate: "1945-08-17", sex: "MALE", region: "3273011001" } as const;
    expect(read("3510161708450000", { stated })).toEqual({
      nik: expect.objectContaining({ level: "CONSISTENT", warnings: ["REGION_DIFFERS"] }),
    });
  });
});

test("two NIKs that a JavaScript number cannot tell apart stay two", () => {
  expect(Number("9900110609970000")).toBe(Number("9900110609970001"));
  const serials = ["9900110609970000", "9900110609970001"].map((nik) => {
    const parsed = read(nik);
    return "nik" in parsed && parsed.nik.serial;
  });
  expect(serials).toEqual(["0000", "0001"]);
});

test("what is written is read back", () => {
  const day = fc
    .date({ min: new Date("1920-01-01"), max: new Date("2025-12-31"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const sex = fc.constantFrom("MALE" as const, "FEMALE" as const);
  const serial = fc.integer({ min: 1, max: 9999 }).map((n) => String(n).padStart(4, "0"));
  fc.assert(
    fc.property(day, sex, serial, (birthDate, itsSex, itsSerial) => {
      const nik = formatNik({ district: "351016", birthDate, sex: itsSex, serial: itsSerial });
      expect(read(nik, { stated: { birthDate, sex: itsSex } })).toEqual({
        nik: {
          district: "351016",
          birthDate,
          sex: itsSex,
          serial: itsSerial,
          isSynthetic: itsSerial > "9000",
          level: "CONSISTENT",
          warnings: [],
        },
      });
    }),
  );
});

test("no text makes the reader throw", () => {
  fc.assert(fc.property(fc.string({ maxLength: 40 }), (text) => typeof read(text) === "object"));
});
