import { describe, expect, test } from "vitest";
import { holdsNik, scrub } from "../../../schema/errors.ts";

describe("a NIK in a text", () => {
  test.each([
    "3510161001909001",
    "3510-1610-0190-9001",
    "351016,100190,9001",
    "351016\u200b100190\u200b9001",
    "351016\u00a0100190\u20139001",
    "３５１０１６１００１９０９００１",
    "٣٥١٠١٦١٠٠١٩٠٩٠٠١",
    "३५१०-१६१०-०१९०-९००१",
    "35100112-3456-9001",
    "2026-11-22 3510161001909001",
  ])("is known however it is written: %s", (nik) => {
    expect(holdsNik(`nik ${nik} x`)).toBe(true);
    expect(scrub(`nik ${nik} x`)).toBe("nik [NIK] x");
  });

  test.each([
    "12345678-1234-4123-8123-123456789012",
    "2026-11-22 01:02:09.123",
    "1990-01-02,2026-11-22",
    "2026-11-22T01:02:09.123Z",
    "351016100190900",
    "² ＂full width＂ m",
  ])("is not seen where there is none: %s", (text) => {
    expect(holdsNik(text)).toBe(false);
    expect(scrub(text)).toBe(text);
  });
});
