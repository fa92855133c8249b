import { ConfigFaults } from "../../../../schema/settings.ts";
import { guessColumns, type Role } from "../../matching/link/config/guess.ts";
import { parseJson } from "../../matching/link/config/json.ts";
import { type At, entriesAt, fault, fieldsAt, isGiven, itemsAt, textAt } from "../../matching/link/config/shape.ts";
import { PEMADANAN } from "../../matching/pemadanan.ts";
import { dateFormat } from "../../matching/table/dates.ts";
import { guessDateFormat } from "./dateOrder.ts";
import type { Head } from "./head.ts";

/** Where a column of the engine stands in the file: one header, or a date's three (year, month, day). */
export interface MappedColumn {
  readonly column: string;
  readonly headers: readonly string[];
  /** Order of a date's parts; null where it is no date in one field. */
  readonly format: string | null;
}

/** How a file is read; stored with its job. */
export interface Mapping {
  readonly header: readonly string[];
  readonly delimiter: string;
  /** Header of what the file calls its rows; null: their line numbers. */
  readonly rowId: string | null;
  /** Texts that mean "missing". */
  readonly nulls: readonly string[];
  readonly columns: readonly MappedColumn[];
}

const COLUMN_OF: Readonly<Partial<Record<Role, string>>> = {
  nik: "nik",
  familyCard: "familyCard",
  name: "name",
  motherName: "mother",
  birthDate: "birth",
  birthPlace: "birthPlace",
  village: "village",
  sex: "sex",
};
const NULLS = ["-", "NULL", "N/A", "#N/A"];

/** A mapping by headers, and of dates by the values below them. A proposal: MUST be shown before it is used. */
export function proposeMapping(head: Head): Mapping {
  const guessed = guessColumns(head.columns);
  const columns = guessed.flatMap(({ role, header }) => {
    const column = COLUMN_OF[role];
    return column === undefined ? [] : [{ column, headers: [header], format: formatOf(column, [header], head) }];
  });
  const rowId = guessed.find(({ role }) => role === "rowId")?.header ?? null;
  return checked({ header: head.columns, delimiter: head.delimiter, rowId, nulls: NULLS, columns });
}

/**
 * A mapping as JSON, comments allowed: `{ "rowId": "baris", "nulls": ["-"], "columns": { "nik": "NIK", "birth": { "header": "TGL", "format":
 * "DD-MM-YYYY" } } }`. Throws ConfigFaults with all faults.
 */
export function readMapping(text: string, head: Head): Mapping {
  const faults: string[] = [];
  const fields = fieldsAt({ value: parseJson(text), path: "", faults }, ["rowId", "nulls", "columns"]);
  const columns = entriesAt(fields.columns).flatMap(([column, at]) => columnAt(at, column, head));
  const rowId = isGiven(fields.rowId) ? headerAt(fields.rowId, head) : null;
  const nulls = isGiven(fields.nulls) ? itemsAt(fields.nulls).map((at) => textAt(at)) : NULLS;
  if (faults.length > 0) throw new ConfigFaults(faults);
  return checked({ header: head.columns, delimiter: head.delimiter, rowId, nulls, columns });
}

function columnAt(at: At, column: string, head: Head): MappedColumn[] {
  const known = PEMADANAN.columns.find(({ name }) => name === column);
  if (!known) {
    fault(at, `is unknown; known here: ${PEMADANAN.columns.map(({ name }) => name).join(", ")}`);
    return [];
  }
  const isPlain = typeof at.value === "string" || Array.isArray(at.value);
  const fields = isPlain ? { header: at, format: { ...at, value: null } } : fieldsAt(at, ["header", "format"]);
  const places = Array.isArray(fields.header.value) ? itemsAt(fields.header) : [fields.header];
  if (places.length !== 1 && (places.length !== 3 || known.as !== "date"))
    fault(fields.header, "must be one header, or a date's three: year, month and day");
  const headers = places.map((place) => headerAt(place, head));
  if (!isGiven(fields.format)) return [{ column, headers, format: formatOf(column, headers, head) }];
  const format = textAt(fields.format);
  if (known.as !== "date") fault(fields.format, "is for dates only");
  else if (!dateFormat(format)) fault(fields.format, "must hold YYYY, MM and DD, as DD-MM-YYYY does");
  return [{ column, headers, format }];
}

function headerAt(at: At, { columns }: Head): string {
  const header = textAt(at);
  if (header !== "" && !columns.includes(header))
    fault(at, `is "${header}", which the file does not have: ${toldHeader(columns)}`);
  return header;
}

function formatOf(column: string, headers: readonly string[], { columns, sample }: Head): string | null {
  const [header, ...more] = headers;
  if (column !== "birth" || header === undefined || more.length > 0) return null;
  return guessDateFormat(sample.map((row) => row[columns.indexOf(header)] ?? ""));
}

/** What tells people of one name apart. */
const BESIDE_NAME = ["nik", "birth", "mother", "village", "familyCard"];

/** A file of numbers alone would ask who exists, and a name alone is many people's. */
function checked(mapping: Mapping): Mapping {
  const { header, rowId, columns } = mapping;
  const faults: string[] = [];
  const name = columns.find(({ column }) => column === "name")?.headers[0];
  const others = columns.filter(({ column }) => column !== "name");
  const advice = `(it has: ${toldHeader(header)}): say in a mapping which columns they are`;
  if (name === undefined && !others.some(({ column }) => column === "nik"))
    faults.push(`the header names neither a NIK nor a name ${advice}`);
  else if (name === undefined || !others.some(({ column }) => BESIDE_NAME.includes(column)))
    faults.push(`a file needs a name, and beside it a NIK, birth date, mother's name, village code or family card ${advice}`);
  if (name !== undefined && others.some(({ headers }) => headers.includes(name)))
    faults.push("the column of the name is mapped to something else too: a name needs a column of its own");
  if (rowId !== null && numbersIn(mapping).includes(rowId))
    faults.push(
      "rowId is the column of a NIK or family card, which results may not repeat: take another, or none for line numbers",
    );
  if (faults.length > 0) throw new ConfigFaults(faults);
  return mapping;
}

/** Headers of NIK and family card, also where the mapping leaves them out. */
const numbersIn = ({ header, columns }: Mapping): string[] => [
  ...columns.filter(({ column }) => column === "nik" || column === "familyCard").flatMap(({ headers }) => headers),
  ...guessColumns(header).flatMap(({ role, header: guessed }) => (role === "nik" || role === "familyCard" ? [guessed] : [])),
];

/** Five digits, or three numbers as a date has them: no header, but the first person of a file without one. */
const DATA_LIKE = /(?:\d\D*){5}|\d+[-/. ]\d+[-/. ]\d+/;

/** Column names, or only how many there are where they may be somebody's data. */
const toldHeader = (header: readonly string[]): string =>
  header.some((cell) => DATA_LIKE.test(cell))
    ? `columns 1 to ${header.length}, whose first line looks like data and not like a header`
    : header.join(", ");

/** A line a column, for people. */
export function describeMapping({ rowId, columns, header }: Mapping): string[] {
  const used = new Set([...(rowId === null ? [] : [rowId]), ...columns.flatMap(({ headers }) => headers)]);
  const ignored = header.filter((name) => !used.has(name));
  const lines = columns.map(
    ({ column, headers, format }) => `${column.padEnd(11)}← ${headers.join(", ")}${format ? ` (${format})` : ""}`,
  );
  const rest = ignored.length > 0 ? [`not used   : ${ignored.join(", ")}`] : [];
  return [`row id     ← ${rowId ?? "line number"}`, ...lines, ...rest];
}
