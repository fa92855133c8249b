import fc from "fast-check";
import { expect, test } from "vitest";
import { csvRecords } from "../../../drizzle/intake/csv.ts";
import { csvLine, unguarded } from "../../../schema/values/csv.ts";

test("a cell that a spreadsheet would run is told as text, and numbers stay numbers", () => {
  expect(csvLine(["=1+1", "+A1", "-A1", "@SUM(A1)", "\tx"])).toBe("'=1+1,'+A1,'-A1,'@SUM(A1),'\tx\r\n");
  expect(csvLine(['=HYPERLINK("x","y")', "\rx"])).toBe('"\'=HYPERLINK(""x"",""y"")","\'\rx"\r\n');
  expect(csvLine([-12.5, "-12.5", "-1e-7", -1e-7, "+62", null, ["-", "x"]])).toBe("-12.5,-12.5,-1e-7,-1e-7,+62,,'- x\r\n");
});

test("what was told as text reads back as it was, whatever quotes it had of its own", async () => {
  const text = fc.string({ unit: fc.constantFrom("'", "=", "+", "-", "@", "\t", "\r", "\n", '"', ",", "1", "a"), maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 2, maxLength: 4 }), async (fields) => {
      async function* lines() {
        yield csvLine(fields);
      }
      for await (const record of csvRecords(lines(), ",")) {
        expect(record.fields.map(unguarded)).toEqual(fields);
        expect(record.fields.filter((field) => /^[=@\t\r]/.test(field))).toEqual([]);
      }
    }),
  );
});
