import { HISTORY_FROM } from "../../../schema/values/crosswalk/changes.ts";
import { csvLine } from "../../../schema/values/csv.ts";
import { type Kept, keptAs } from "../metadata/kept.ts";
import type { KnownCrosswalk, RegionRow } from "./known.ts";

const COLUMNS = [
  ...(["kemendagri", "bps", "level", "name", "validFrom", "validTo", "basis", "predecessors", "successors"] as const),
];
const ATTRIBUTION =
  "Nama: idn-area-data (ODbL 1.0). Kode: Kemendagri; kode BPS: Badan Pusat Statistik. / Names: idn-area-data (ODbL 1.0). Codes: Kemendagri; those of BPS: Statistics Indonesia.";

export const FORMS = {
  json: {
    type: "application/json",
    bodyOf: (regions: readonly RegionRow[], asOf: string | null) =>
      JSON.stringify({ asOf, historyFrom: HISTORY_FROM, attribution: ATTRIBUTION, regions }),
  },
  csv: {
    type: "text/csv",
    bodyOf: (regions: readonly RegionRow[]) =>
      [csvLine(COLUMNS), ...regions.map((row) => csvLine(COLUMNS.map((column) => row[column])))].join(""),
  },
} as const;
export type Form = keyof typeof FORMS;

export interface Wanted {
  readonly form: Form;
  /** Null: the whole history. */
  readonly asOf: string | null;
}

/** About 100 KB each, and there is a day for whoever asks for another. */
const MOST = 50;
const files = new WeakMap<KnownCrosswalk, Map<string, Kept>>();

/** A file of what is known, made when it is first asked for; the oldest goes where there are too many. */
export function fileOf(known: KnownCrosswalk, { form, asOf }: Wanted): Kept {
  const made = files.get(known) ?? new Map<string, Kept>();
  files.set(known, made);
  const address = `${form} ${asOf}`;
  const found = made.get(address);
  if (found) return found;
  const rows = asOf === null ? known.rows : known.rows.filter((row) => stoodOn(row, asOf));
  const file = keptAs(FORMS[form].bodyOf(rows, asOf));
  const [oldest] = made.keys();
  if (made.size >= MOST && oldest !== undefined) made.delete(oldest);
  made.set(address, file);
  return file;
}

const stoodOn = ({ validFrom, validTo }: RegionRow, day: string): boolean =>
  (validFrom ?? "") <= day && (validTo === null || day < validTo);
