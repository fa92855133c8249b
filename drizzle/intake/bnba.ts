import { unguarded } from "../../schema/values/csv.ts";
import { COLUMNS, REQUIRED, type SiksFault } from "./siks.ts";
import { UnreadableFile } from "./text.ts";
import type { Cell, SheetRow } from "./xlsx/sheet.ts";
import { workbookRows } from "./xlsx/workbook.ts";

/** How lists by name and address (BNBA) head their columns, without case, dots and underscores; a SIKS-NG name heads its own. */
const HEADINGS: Readonly<Record<string, string>> = {
  "id dtks": "idsemesta",
  "id semesta": "idsemesta",
  "no kk": "NOKK",
  "nomor kk": "NOKK",
  "nomor nik": "NIK",
  "nama lengkap": "Nama",
  "nama penerima": "Nama",
  "alamat lengkap": "Alamat",
  "kode kecamatan": "id_kec",
  "kode desa": "id_desa",
  "kode kelurahan": "id_desa",
  "kode desa/kelurahan": "id_desa",
  "kode hubungan keluarga": "hubungan_kepkel",
};
/** Columns that only number the rows. */
const UNREAD = new Set(["no", "nomor", "nomor urut", "no urut"]);
const TITLE_ROWS = 30;
/** Digits a spreadsheet keeps of a number. */
const KEPT_DIGITS = 15;

const plain = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[._\s]+/g, " ")
    .trim();
const BY_HEADING = new Map([...COLUMNS.map((name) => [plain(name), name] as const), ...Object.entries(HEADINGS)]);

/** A row of such a list, with what is wrong with its cells. */
export interface ListRow {
  readonly line: number;
  readonly fields: readonly string[];
  readonly faults: readonly SiksFault[];
}
export interface NameList {
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<ListRow>;
}

/**
 * Opens a list by name and address in an .xlsx workbook. Its heading stands in the first 30 rows, under whatever title. Identity numbers that the
 * spreadsheet holds as numbers are refused: it keeps fifteen digits and fills up with zeros. So are formulas: nobody knows what they gave.
 */
export async function openNameList(path: string, sheet: string | null): Promise<NameList> {
  const rows = workbookRows(path, sheet);
  for (let seen = 0; seen < TITLE_ROWS; seen++) {
    const row = await rows.next();
    if (row.done) break;
    const heading = headingOf(row.value);
    if (heading) return { columns: [...heading.values()], rows: listed(heading, rows) };
  }
  await rows.return(undefined);
  throw new UnreadableFile(`no row of the first ${TITLE_ROWS} heads the columns: ${REQUIRED.join(", ")}`);
}

/** Columns by place; null where this row heads nothing. Columns that nobody knows keep their own heading, to be named as unknown. */
function headingOf({ cells }: SheetRow): ReadonlyMap<number, string> | null {
  const named = [...cells]
    .filter(([, { text }]) => !UNREAD.has(plain(text)))
    .map(([place, { text }]) => [place, BY_HEADING.get(plain(text)) ?? text.trim()] as const);
  const names = named.map(([, name]) => name);
  return names.includes("NIK") && names.includes("Nama") ? new Map(named) : null;
}

async function* listed(heading: ReadonlyMap<number, string>, rows: AsyncIterable<SheetRow>): AsyncGenerator<ListRow> {
  for await (const { line, cells } of rows) {
    const read = [...heading].map(([place, name]) => ({ name, cell: cells.get(place) }));
    yield {
      line,
      fields: read.map(({ cell }) => unguarded(cell?.text.trim() ?? "")),
      faults: read.flatMap(({ name, cell }) => (cell ? cellFaults(name, cell) : [])),
    };
  }
}

function cellFaults(field: string, { text, isNumber, isFormula }: Cell): SiksFault[] {
  if (isFormula) return [{ field, reason: "FORMULA" }];
  if (!isNumber) return [];
  const isIdentity = field === "NIK" || field === "NOKK";
  return isIdentity || !/^[0-9]+$/.test(text) || text.length > KEPT_DIGITS ? [{ field, reason: "NUMBER_NOT_TEXT" }] : [];
}
