import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { unguarded } from "../../../schema/values/csv.ts";
import { readCsv } from "../../../subgraphs/population/matching/csv/read.ts";
import { textOf } from "../../../subgraphs/population/matching/csv/row.ts";
import { writeWhole } from "../../data/whole.ts";
import { Refused } from "../faults.ts";
import type { Hub } from "../hub.ts";
import type { Given } from "../receipts.ts";
import { type RemoteJob, stream } from "./jobs.ts";
import { patiently } from "./patience.ts";

export interface Table {
  readonly id: string;
  readonly part: "results.csv" | "rejects.csv";
  readonly to: string;
  readonly signal: AbortSignal;
}

/** Writes a table of a job to a file, for its owner alone: all of it or nothing. One that breaks off is asked for anew. Throws Refused. */
export function fetched(hub: Hub, { id, part, to, signal }: Table): Promise<Given | null> {
  return patiently(signal, async () => {
    const { pieces, receipt } = await stream(hub, { id, part, signal });
    await writeWhole(to, (file) => pipeline(pieces, file));
    return receipt;
  });
}

/** Row id and person of every row of a table of results, in its order; `person` undefined: the agreement does not show whom. Answers how many rows there are. */
export async function eachResult(path: string, told: (row: { id: string; person: string | undefined }) => void): Promise<number> {
  let [row, line, person] = [-1, -1, -1];
  const onHeader = (columns: readonly string[]) => {
    [row, line, person] = ["row", "line", "person"].map((name) => columns.indexOf(name)) as [number, number, number];
  };
  const options = { delimiter: ",", onHeader, onReject: () => {} };
  const { rows, rejected } = await readCsv(createReadStream(path), options, (one) => {
    const id = row >= 0 ? textOf(one, row) : textOf(one, line);
    told({ id: unguarded(id), person: person >= 0 ? textOf(one, person) : undefined });
  });
  return rows + rejected;
}

/** Rows that ended so, by the hub's own count; null: the agreement does not show it. */
export function countOf({ counts }: RemoteJob, kind: "results" | "rejects"): number | null {
  if (counts === null || counts.some(({ rows }) => rows === null)) return null;
  const of = counts.filter(({ status }) => (status === null) === (kind === "rejects"));
  return of.reduce((sum, { rows }) => sum + (rows ?? 0), 0);
}

/** Throws Refused where a table has not as many rows as the hub has counted. */
export async function mustBeWhole(job: RemoteJob, kind: "results" | "rejects", path: string): Promise<void> {
  const counted = countOf(job, kind);
  if (counted === null) return;
  const rows = counted === 0 ? 0 : await eachResult(path, () => {});
  if (rows !== counted)
    throw new Refused(
      `${path} has ${rows} rows and the hub has counted ${counted}: do not use it, and fetch it anew with --resume ${job.id}`,
    );
}
