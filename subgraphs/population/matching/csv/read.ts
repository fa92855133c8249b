import { isUtf8 } from "node:buffer";
import { CSV_REASONS, type CsvReason, type CsvRow, textOf, UnreadableCsv } from "./row.ts";
import { RowScanner } from "./scanner.ts";

/** A line that is no row. `column` is the header it went wrong under, null when none alone is to blame; `raw` the line's bytes, 64 KiB at most. */
export interface CsvReject {
  readonly line: number;
  readonly reason: CsvReason;
  readonly column: string | null;
  readonly raw: Uint8Array;
}

export interface CsvOptions {
  /** One ASCII character; null: whichever of , ; tab and | the header uses most. */
  readonly delimiter: string | null;
  /** Called once, before the first row. */
  readonly onHeader?: (columns: readonly string[]) => void;
  /** Policy `collect`: each faulty line is told and left out. Without it the policy is `strict`: any fault refuses the file. */
  readonly onReject?: (reject: CsvReject) => void;
  /** A part of a file, as `rowChunks` cuts them, has no header of its own. `delimiter` MUST be given. */
  readonly part?: { readonly columns: readonly string[]; readonly firstLine: number };
}

export interface CsvSummary {
  readonly columns: readonly string[];
  readonly delimiter: string;
  readonly rows: number;
  readonly rejected: number;
}

const MOST_FAULTS = 20;

/**
 * Reads a CSV file (RFC 4180; UTF-8; LF, CRLF or CR; byte order mark and blank lines skipped) and hands `onRow` every row: one object,
 * overwritten by the next. Constant memory. Throws `UnreadableCsv`: for the whole file (empty,
 * another format, no row, a column twice), and under policy `strict` with its first 20 faults.
 */
export async function readCsv(
  source: AsyncIterable<Uint8Array>,
  options: CsvOptions,
  onRow: (row: CsvRow) => void,
): Promise<CsvSummary> {
  const reading = new Reading(options, onRow);
  for await (const piece of source) {
    reading.scanner.push(piece);
    reading.drain(false);
  }
  reading.drain(true);
  return reading.summary();
}

/** Code of a delimiter; throws when it is not one ASCII character that can part fields. */
export function delimiterCode(delimiter: string | null): number | null {
  if (delimiter === null) return null;
  const code = delimiter.charCodeAt(0);
  if (delimiter.length !== 1 || code === 0 || code > 127 || /["\r\n]/.test(delimiter))
    throw new UnreadableCsv([
      `the delimiter ${JSON.stringify(delimiter)} is not one ASCII character other than a quote or line break`,
    ]);
  return code;
}

class Reading {
  readonly scanner: RowScanner;
  readonly #options: CsvOptions;
  readonly #onRow: (row: CsvRow) => void;
  readonly #faults: string[] = [];
  #columns: readonly string[] | null;
  #rows = 0;
  #rejected = 0;

  constructor(options: CsvOptions, onRow: (row: CsvRow) => void) {
    this.#options = options;
    this.#onRow = onRow;
    this.#columns = options.part?.columns ?? null;
    this.scanner = new RowScanner({
      delimiter: delimiterCode(options.delimiter),
      width: this.#columns?.length ?? 0,
      line: options.part?.firstLine ?? 1,
    });
  }

  drain(isEnd: boolean): void {
    const { scanner } = this;
    const clean = cleanUpTo(scanner);
    for (;;) {
      const taken = scanner.next(isEnd);
      if (taken === "MORE") return;
      if (taken !== "ROW") this.#reject(taken);
      else if (scanner.end > clean && !isUtf8(scanner.bytes.subarray(scanner.start, scanner.end))) this.#rejectText();
      else if (this.#columns === null) this.#takeHeader();
      else if (this.#faults.length === 0) {
        this.#rows += 1;
        this.#onRow(scanner.row);
      }
    }
  }

  summary(): CsvSummary {
    if (this.#faults.length > 0) throw new UnreadableCsv(this.#faults);
    if (this.#columns === null) throw new UnreadableCsv(["the file is empty"]);
    if (this.#rows + this.#rejected === 0 && !this.#options.part) throw new UnreadableCsv(["the file has a header and no row"]);
    return {
      columns: this.#columns,
      delimiter: String.fromCharCode(this.scanner.delimiter),
      rows: this.#rows,
      rejected: this.#rejected,
    };
  }

  #takeHeader(): void {
    const { row } = this.scanner;
    const columns = Array.from({ length: row.fields }, (_, field) => textOf(row, field).trim());
    const twice = columns.filter((name, field) => name !== "" && columns.indexOf(name) !== field);
    if (twice.length > 0)
      throw new UnreadableCsv([...new Set(twice)].map((name) => `line ${row.line}: the header has the column ${name} twice`));
    this.#columns = columns;
    this.#options.onHeader?.(columns);
  }

  #rejectText(): void {
    const { scanner } = this;
    const { bytes, starts, ends, fields } = scanner.row;
    let field = 0;
    while (field < fields - 1 && isUtf8(bytes.subarray(starts[field], ends[field]))) field += 1;
    scanner.faultyField = field;
    this.#reject("NOT_UTF8");
  }

  #reject(reason: CsvReason): void {
    const { bytes, start, end, row, faultyField } = this.scanner;
    if (this.#columns === null) throw new UnreadableCsv([headerFault(bytes.subarray(start, end), reason)]);
    const column = this.#columns[faultyField] ?? null;
    const { onReject } = this.#options;
    this.#rejected += 1;
    onReject?.({ line: row.line, reason, column, raw: bytes.slice(start, end) });
    if (onReject) return;
    this.#faults.push(`line ${row.line}${column === null ? "" : `, column ${column}`}: ${CSV_REASONS[reason]}`);
    if (this.#faults.length === MOST_FAULTS) throw new UnreadableCsv(this.#faults);
  }
}

/** Position up to which what was pushed is UTF-8 for certain: one look at all whole lines is far cheaper than one a row. */
function cleanUpTo({ bytes, at, length }: RowScanner): number {
  const end = bytes.lastIndexOf(10, length - 1) + 1;
  return end > at && isUtf8(bytes.subarray(at, end)) ? end : 0;
}

function headerFault(raw: Uint8Array, reason: CsvReason): string {
  const [a, b] = raw;
  const save = "save it as “CSV UTF-8”";
  if (a === 0x50 && b === 0x4b) return `the file is an Excel workbook or an archive: ${save}`;
  const isMarked = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  if (isMarked || (reason === "NUL_BYTE" && (a === 0) !== (b === 0))) return `the file is UTF-16: ${save}`;
  return `line 1, the header: ${CSV_REASONS[reason]}`;
}
