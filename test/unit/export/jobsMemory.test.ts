import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { isNightly } from "../../kit/vitest/nightly.ts";

const script = fileURLToPath(new URL("./jobsMemoryOf.ts", import.meta.url));
const made = (rows: number): { rows: number; bytes: number; mb: number } =>
  JSON.parse(
    execFileSync(process.execPath, ["--max-old-space-size=192", "--import", "tsx", script, "csv", String(rows)]).toString(),
  );

const MANY = isNightly ? 1_000_000 : 400_000;

test(`a job of ${MANY} rows takes no more memory than one of a tenth: pages go to the disk as they come`, () => {
  const [few, many] = [made(MANY / 10), made(MANY)];
  expect([few.rows, many.rows]).toEqual([MANY / 10, MANY]);
  expect(many.bytes).toBeGreaterThan(few.bytes * 9);
  expect(many.mb).toBeLessThan(few.mb + 120);
}, 180_000);
