import {
  COLUMN_TYPES,
  COMPARISON_KINDS,
  type Column,
  type ColumnType,
  type ComparisonKind,
  type Expression,
} from "../../spec.ts";
import { dateFormat } from "../../table/dates.ts";
import { cyclic, expressionAt, type Names } from "./expression.ts";
import { isHeader, type OpenedFile } from "./files.ts";
import { type At, choiceAt, entriesAt, fault, fieldsAt, isGiven, itemsAt, textAt } from "./shape.ts";

/** Where a column's value stands: under one header, or a date's year, month and day under three. */
export interface ColumnRead {
  readonly column: Column;
  readonly left: readonly string[];
  readonly right: readonly string[];
  /** Order of a date's parts in the left file and in each right one, where they differ; null: the column's own. */
  readonly formats?: DateFormats;
}

interface DateFormats {
  readonly left: string | null;
  readonly right: readonly (string | null)[];
}

/** What the name of a kind means as a type, so that `"as": "prefix"` is understood. */
const TYPE_OF: Readonly<Record<ComparisonKind, ColumnType>> = {
  exact: "text",
  edit: "text",
  jaroWinkler: "text",
  tokens: "text",
  prefix: "text",
  digits: "text",
  date: "date",
  numeric: "numeric",
  indonesianName: "indonesianName",
  nik: "nik",
  familyCard: "familyCard",
};

interface Sources {
  readonly left: OpenedFile;
  readonly right: readonly OpenedFile[];
  /** Kinds of the comparisons on each column: the type of a column that names none. */
  readonly kinds: ReadonlyMap<string, ComparisonKind>;
}

export function columnsAt(at: At, sources: Sources): ColumnRead[] {
  const entries = entriesAt(at);
  if (entries.length === 0) fault(at, "must name the columns that are compared");
  return entries.map(([name, place]) => columnAt(place, name, sources));
}

function columnAt(at: At, name: string, { left, right, kinds }: Sources): ColumnRead {
  const fields = fieldsAt(at, ["left", "right", "as", "format"]);
  if (name.trim() !== name || name === "" || /[(),]/.test(name))
    fault(at, "must not have a name with brackets, commas or outer spaces");
  const as = typeAt(fields.as, kinds.get(name));
  const { format, formats } = formatsAt(fields.format, as, right.length);
  const column = { name, as, format };
  const sidesOf = (place: At, files: readonly OpenedFile[]) => headersAt(place, column, files);
  return { column, left: sidesOf(fields.left, [left]), right: right.length > 0 ? sidesOf(fields.right, right) : [], ...formats };
}

function typeAt(at: At, kind: ComparisonKind | undefined): ColumnType {
  const known = [...new Set<ColumnType | ComparisonKind>([...COLUMN_TYPES, ...COMPARISON_KINDS])];
  const [first = "text", ...more] = known;
  const as = choiceAt(at, [first, ...more], kind && Object.hasOwn(TYPE_OF, kind) ? kind : "text");
  return COLUMN_TYPES.find((type) => type === as) ?? TYPE_OF[as as ComparisonKind];
}

/** One format for all files, or `{ left, right }`, where `right` may list one a file. */
function formatsAt(at: At, as: ColumnType, files: number): { format: string | null; formats: Pick<ColumnRead, "formats"> } {
  if (typeof at.value === "string" || !isGiven(at)) return { format: formatAt(at, as), formats: {} };
  const { left, right } = fieldsAt(at, ["left", "right"]);
  const listed = Array.isArray(right.value) ? itemsAt(right).map((item) => formatAt(item, as)) : null;
  if (listed && listed.length !== files) fault(right, `must list a format for each of the ${files} right files`);
  const both = listed ?? Array<string | null>(files).fill(formatAt(right, as));
  return { format: null, formats: { formats: { left: formatAt(left, as), right: both } } };
}

function formatAt(at: At, as: ColumnType): string | null {
  if (!isGiven(at)) return null;
  const format = textAt(at);
  if (as !== "date") fault(at, "is for dates only");
  else if (!dateFormat(format) || !/YYYY/i.test(format)) fault(at, "must hold YYYY, MM and DD, as DD-MM-YYYY does");
  return format;
}

/** The header of a column in all files of a side; not given: the column's own name. */
function headersAt(at: At, column: Column, files: readonly OpenedFile[]): string[] {
  if (!Array.isArray(at.value)) return [headerAt(at, files, column.name)];
  if (at.value.length !== 3 || column.as !== "date") fault(at, "must be one header, or a date's three: year, month and day");
  return itemsAt(at).map((place) => headerAt(place, files));
}

function headerAt(at: At, files: readonly OpenedFile[], fallback?: string): string {
  const header = textAt(at, fallback);
  const place = isGiven(at) ? at : { ...at, path: `${at.path} (not given)` };
  for (const { headers } of files) if (headers && header !== "") isHeader(place, header, headers);
  return header;
}

/** Derivations by name, those with faults left out; `names` has them all, so that a fault is told once. */
export function deriveAt(at: At, reads: readonly ColumnRead[]): { derive: Map<string, Expression>; names: Names } {
  const entries = entriesAt(at);
  const columns = new Map(reads.map(({ column }) => [column.name, column]));
  const names = { columns, derived: new Set(entries.map(([name]) => name)) };
  const derive = new Map<string, Expression>();
  for (const [name, place] of entries) {
    if (columns.has(name)) fault(place, "has the name of a column");
    const expression = expressionAt(place, names);
    if (expression) derive.set(name, expression);
  }
  for (const name of cyclic(derive)) {
    fault(at, `leads from “${name}” back to itself`);
    derive.delete(name);
  }
  return { derive, names };
}
