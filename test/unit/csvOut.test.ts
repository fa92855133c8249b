import { expect, test } from "vitest";
import { csvLine } from "../../schema/values/csv.ts";

test("a cell that a spreadsheet would run is told as text, and numbers stay numbers", () => {
  expect(csvLine(["=1+1", "+A1", "-A1", "@SUM(A1)", "\tx"])).toBe("'=1+1,'+A1,'-A1,'@SUM(A1),'\tx\r\n");
  expect(csvLine(['=HYPERLINK("x","y")', "\rx"])).toBe('"\'=HYPERLINK(""x"",""y"")","\'\rx"\r\n');
  expect(csvLine([-12.5, "-12.5", "-1e-7", -1e-7, "+62", null, ["-", "x"]])).toBe("-12.5,-12.5,-1e-7,-1e-7,+62,,'- x\r\n");
});
