import { createWriteStream, renameSync, rmSync } from "node:fs";
import { finished } from "node:stream/promises";
import { REJECTION_COLUMNS } from "../../drizzle/intake/file.ts";
import type { RefusedRow } from "../../drizzle/intake/members.ts";
import { REASONS } from "../../drizzle/intake/reasons.ts";
import { csvLine } from "../../schema/values/csv.ts";

/** The file of rejected rows beside an imported one: it stands once the rows are committed, and can be imported when corrected. */
export interface Rejects {
  write(row: RefusedRow): Promise<void>;
  count(): number;
  /** Puts the file in its place, or takes an old one away when nothing was rejected. */
  keep(): Promise<void>;
  discard(): Promise<void>;
}

/** What of an imported file needs a person: rows that were not loaded, and rows loaded but for what the registry knows better. */
export const openReports = (path: string, columns: readonly string[]) => ({
  rejects: openRejects(`${path}.rejected.csv`, columns),
  conflicts: openRejects(`${path}.conflicts.csv`, columns),
});
export type Reports = ReturnType<typeof openReports>;

/** Closes both files: for good, or as if they had never been. */
export const closeReports = ({ rejects, conflicts }: Reports, end: "keep" | "discard") =>
  Promise.all([rejects[end](), conflicts[end]()]);

/** How many rows each file holds, and where it stands. */
export function reported(path: string, { rejects, conflicts }: Reports) {
  const [rejected, stateKept] = [rejects.count(), conflicts.count()];
  const rejectedFile = rejected > 0 ? `${path}.rejected.csv` : null;
  return { rejected, rejectedFile, stateKept, conflictsFile: stateKept > 0 ? `${path}.conflicts.csv` : null };
}

function openRejects(path: string, columns: readonly string[]): Rejects {
  const beside = `${path}.${process.pid}`;
  const stream = createWriteStream(beside, { mode: 0o600 });
  const own = new Set<string>(REJECTION_COLUMNS);
  const kept = columns.map((name, position) => ({ name, position })).filter(({ name }) => !own.has(name));
  let count = 0;
  stream.write(csvLine([...REJECTION_COLUMNS, ...kept.map(({ name }) => name)]));
  const end = () => finished(stream.end());
  return {
    count: () => count,
    async write({ line, field, reason, original }) {
      count += 1;
      const fields = original.length === columns.length ? kept.map(({ position }) => original[position] ?? "") : original;
      const reasons = reason.split("; ").map((code) => REASONS[code] ?? code);
      if (!stream.write(csvLine([String(line), field, reasons.join("; "), ...fields])))
        await new Promise<void>((drained) => stream.once("drain", () => drained()));
    },
    async keep() {
      await end();
      if (count > 0) renameSync(beside, path);
      else for (const old of [beside, path]) rmSync(old, { force: true });
    },
    async discard() {
      await end().catch(() => {});
      rmSync(beside, { force: true });
    },
  };
}
