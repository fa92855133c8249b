import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { FORMATS } from "../../../gateway/border/export/encode/encode.ts";
import { isNightly } from "../../kit/vitest/nightly.ts";

const script = fileURLToPath(new URL("./memoryOf.ts", import.meta.url));
const written = (format: string, rows: number): { bytes: number; mb: number } =>
  JSON.parse(
    execFileSync(process.execPath, ["--max-old-space-size=160", "--import", "tsx", script, format, String(rows)]).toString(),
  );

const MANY = isNightly ? 1_000_000 : 400_000;

test.each(FORMATS)(
  `${MANY} rows of %s take no more memory than a tenth of them: nothing is held`,
  (format) => {
    const [few, many] = [written(format, MANY / 10), written(format, MANY)];
    expect(many.bytes).toBeGreaterThan(few.bytes * 9);
    expect(many.mb).toBeLessThan(few.mb + 120);
  },
  120_000,
);
