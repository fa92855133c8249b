/** A cell, quoted or not, and what ends it. */
const cellBefore = (delimiter: string): RegExp =>
  new RegExp(`(?:"((?:[^"]|"")*)"|([^${delimiter}\\n\\r]*))(${delimiter}|\\r?\\n|\\r|$)`, "y");

export interface Line {
  /** Of the file, where the row begins; the header's is 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Rows of a CSV text; `,` or `;`, whichever the first line has more of. Empty lines are left out, but counted. Pure. */
export function readRows(text: string): Line[] {
  const plain = text.replace(/^\ufeff/, "");
  const [first = ""] = plain.split("\n", 1);
  const delimiter = first.split(";").length > first.split(",").length ? ";" : ",";
  const cell = cellBefore(delimiter);
  const rows: Line[] = [];
  let [line, breaks, cells] = [1, 0, [] as string[]];
  for (let found = cell.exec(plain); found !== null; found = cell.exec(plain)) {
    const [whole, quoted, bare = "", end] = found;
    cells.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    breaks += whole.match(/\r\n|\r|\n/g)?.length ?? 0;
    if (end === delimiter) continue;
    if (cells.some((value) => value !== "")) rows.push({ line, cells });
    [line, breaks, cells] = [line + breaks, 0, []];
    if (cell.lastIndex >= plain.length) break;
  }
  return rows;
}

/**
 * The row a file calls so: in its column `column` alone, or by its line where `column` is null. Undefined: none, or more than one; a
 * likely row beside a case would decide about the wrong person.
 */
export function rowCalled(
  [head, ...body]: readonly Line[],
  name: string,
  column: string | null,
): readonly (readonly [header: string, value: string])[] | undefined {
  const headers = head?.cells ?? [];
  const at = headers.indexOf(column ?? "");
  if (column !== null && (at < 0 || at !== headers.lastIndexOf(column))) return undefined;
  const found = body.filter(({ line, cells }) => (column === null ? String(line) === name : cells[at] === name));
  const [one] = found;
  return found.length === 1 ? headers.map((header, i) => [header, one?.cells[i] ?? ""]) : undefined;
}
