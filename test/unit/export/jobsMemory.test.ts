import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("./jobsMemoryOf.ts", import.meta.url));
const made = (rows: number): { rows: number; bytes: number; mb: number } =>
  JSON.parse(
    execFileSync(process.execPath, ["--max-old-space-size=192", "--import", "tsx", script, "csv", String(rows)]).toString(),
  );

test("a job of a million rows takes no more memory than one of a tenth: pages go to the disk as they come", () => {
  const [few, many] = [made(100_000), made(1_000_000)];
  expect([few.rows, many.rows]).toEqual([100_000, 1_000_000]);
  expect(many.bytes).toBeGreaterThan(few.bytes * 9);
  expect(many.mb).toBeLessThan(few.mb + 120);
}, 180_000);
