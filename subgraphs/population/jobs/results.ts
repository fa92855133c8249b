import type { Loader } from "../../../drizzle/copy.ts";
import { REASONS } from "./engine/reasons.ts";
import type { Job } from "./job.ts";

const REASON_NAMES = `concat_ws(' ', ${REASONS.map((name, i) => `case when reasons & ${2 ** i} <> 0 then '${name}' end`).join(", ")})`;

/** What a result file may show; a column that an agreement does not grant is left out. */
const RESULT_COLUMNS = {
  line: "line",
  row: "row_id",
  status: "status",
  // no match, no person: a candidate is for clerks
  person: "case when status in ('MATCHED', 'DECEASED', 'INACTIVE', 'DUPLICATE') then candidate end",
  probability: "probability",
  weight: "weight",
  margin: "margin",
  reasons: REASON_NAMES,
} as const;
export type ResultColumn = keyof typeof RESULT_COLUMNS;
export const RESULT_FILE: readonly ResultColumn[] = [
  "line",
  "row",
  "status",
  "person",
  "probability",
  "weight",
  "margin",
  "reasons",
];

/** The results of a job that is DONE, as CSV with a header, in the order of the file. MUST be read to its end within the transaction. */
export function resultsCsv(
  loader: Loader,
  { number }: Job,
  columns: readonly ResultColumn[] = RESULT_FILE,
): AsyncIterable<Uint8Array> {
  const shown = columns.map((column) => `${RESULT_COLUMNS[column]} as ${column}`);
  return loader.csv(`select ${shown.join(", ")} from match.result where job = ${number} order by line`);
}

/** Lines that are no rows: where they are, why, and their beginning. */
export function rejectsCsv(loader: Loader, { id }: Job): AsyncIterable<Uint8Array> {
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new Error("a job's id is a uuid");
  return loader.csv(`select line, reason, column_name as column, raw from match.reject where job = '${id}' order by line`);
}
