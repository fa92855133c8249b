import { type CsvReason, UnreadableCsv } from "./row.ts";

const NUL = 0;
const LF = 10;
const CR = 13;
const QUOTE = 34;

/** Longest field, and longest part of a refused line that is kept. Beyond it a quote was forgotten, or this is no table. */
export const FIELD_BYTES = 64 * 1024;
const MOST_COLUMNS = 4096;
const LONGEST_LINE = 64 * 1024 * 1024;

const UNFINISHED = -1;
const REFUSED = -2;
const IN_QUOTES = tableOf(NUL, LF, CR, QUOTE);

/** What a stream of rows begins with: `width` 0 reads it, and the delimiter if null, off the first row. */
export interface ScanStart {
  readonly delimiter: number | null;
  readonly width: number;
  readonly line: number;
}

/**
 * Takes rows off a stream of bytes: `push` what arrived, then `next` until it says MORE. What it answers depends on the bytes alone,
 * never on where the stream was cut. A refused row costs its first line only: what follows is read as if the line were not there.
 * Memory: one row and one piece.
 */
export class RowScanner {
  /** The row taken last; overwritten by the next one. */
  readonly row = { bytes: new Uint8Array(0), starts: new Int32Array(0), ends: new Int32Array(0), fields: 0, line: 1 };
  /** Of the row or the refused line taken last, in `bytes`. */
  start = 0;
  end = 0;
  /** Field at fault in a refused row, counted from 0; -1 when no single one is. */
  faultyField = -1;
  bytes = new Uint8Array(512 * 1024);
  length = 0;
  /** First byte not taken yet, and its line. */
  at = 0;
  line: number;
  width: number;
  delimiter: number;
  #isOpen: boolean;
  #isSkipping = false;
  #skipped = 0;
  #isEnd = false;
  #stops: Uint8Array;
  #scratch = new Uint8Array(0);
  #breaks = 0;
  #brokenField = 0;
  #isEscaped = false;
  #reason: CsvReason = "RAGGED_ROW";

  constructor({ delimiter, width, line }: ScanStart) {
    this.line = line;
    this.width = width;
    this.delimiter = delimiter ?? 0;
    this.#isOpen = width > 0;
    this.#stops = tableOf(NUL, LF, CR, this.delimiter);
    this.#makeRoom(width || MOST_COLUMNS);
  }

  /** The rest of a refused line has still to arrive and be dropped. */
  get isInLine(): boolean {
    return this.#isSkipping;
  }

  /** Adds bytes behind those not taken yet. */
  push(piece: Uint8Array): void {
    const left = this.length - this.at;
    if (left + piece.length + 1 > this.bytes.length) {
      const grown = new Uint8Array(2 * (left + piece.length + 1));
      grown.set(this.bytes.subarray(this.at, this.length));
      this.bytes = grown;
    } else this.bytes.copyWithin(0, this.at, this.length);
    this.bytes.set(piece, left);
    this.at = 0;
    this.length = left + piece.length;
    this.bytes[this.length] = LF; // a sentinel: loops need not look at the length
  }

  /** The next row, the reason why there is none on this line, or MORE: nothing whole is left. Blank lines are no rows. */
  next(isEnd: boolean): "ROW" | "MORE" | CsvReason {
    this.#isEnd = isEnd;
    if (!this.#isOpen && !this.#open()) return "MORE";
    if (this.#isSkipping && !this.#skip()) return "MORE";
    this.#takeBlank();
    if (this.at >= this.length) return "MORE";
    this.start = this.at;
    this.row.fields = 0;
    this.#breaks = 0;
    this.#isEscaped = false;
    const last = this.#fieldsFrom(this.at);
    if (last === REFUSED) return this.#refuse(this.#reason);
    const behind = last === UNFINISHED ? UNFINISHED : this.#behindBreak(last);
    if (behind === UNFINISHED) return isEnd ? this.#refuse("QUOTE_NOT_CLOSED") : "MORE";
    if (this.width > 0 && this.row.fields !== this.width) return this.#refuse("RAGGED_ROW");
    return this.#accept(last, behind);
  }

  #accept(last: number, behind: number): "ROW" {
    this.width ||= this.row.fields;
    this.row.bytes = this.bytes;
    this.row.line = this.line;
    this.end = last;
    this.at = behind;
    this.line += 1 + this.#breaks;
    if (this.#isEscaped) this.#unescape();
    return "ROW";
  }

  /** A row over several lines that is no row forgot a quote. */
  #refuse(reason: CsvReason): "MORE" | CsvReason {
    let end = this.start;
    while (this.bytes[end] !== LF && this.bytes[end] !== CR) end += 1;
    const behind = this.#behindBreak(end);
    const isWhole = behind !== UNFINISHED && (end < this.length || this.#isEnd);
    if (!isWhole && this.length - this.start <= FIELD_BYTES) return "MORE";
    this.row.line = this.line;
    this.end = Math.min(end, this.start + FIELD_BYTES);
    this.faultyField = this.#breaks > 0 ? this.#brokenField : reason === "RAGGED_ROW" ? -1 : this.row.fields;
    this.#isSkipping = !isWhole;
    this.at = isWhole ? behind : end;
    if (isWhole) this.line += 1;
    return this.#breaks > 0 ? "QUOTE_NOT_CLOSED" : reason;
  }

  /** Drops the rest of a refused line whose end has not arrived yet. */
  #skip(): boolean {
    const from = this.at;
    let end = from;
    while (this.bytes[end] !== LF && this.bytes[end] !== CR) end += 1;
    this.#skipped += end - from;
    if (this.#skipped > LONGEST_LINE)
      throw new UnreadableCsv([`line ${this.line} is longer than 64 MiB: this is not a CSV file`]);
    const behind = this.#behindBreak(end);
    const isWhole = behind !== UNFINISHED && (end < this.length || this.#isEnd);
    this.at = isWhole ? behind : end;
    if (!isWhole) return false;
    this.line += 1;
    this.#isSkipping = false;
    this.#skipped = 0;
    return true;
  }

  #takeBlank(): void {
    while (this.at < this.length && (this.bytes[this.at] === LF || this.bytes[this.at] === CR)) {
      const behind = this.#behindBreak(this.at);
      if (behind === UNFINISHED) return;
      this.at = behind;
      this.line += 1;
    }
  }

  /** Position behind the line break at `at`, or behind the last byte; a CR at the edge may be half of a CRLF. */
  #behindBreak(at: number): number {
    if (at >= this.length) return at;
    if (this.bytes[at] !== CR) return at + 1;
    if (at + 1 < this.length) return this.bytes[at + 1] === LF ? at + 2 : at + 1;
    return this.#isEnd ? at + 1 : UNFINISHED;
  }

  /** Position of the line break (or end) behind the last field. */
  #fieldsFrom(from: number): number {
    const { row, delimiter, bytes } = this;
    const most = this.width || MOST_COLUMNS;
    let at = from;
    for (;;) {
      if (row.fields === most) return this.#fail("RAGGED_ROW");
      const end = bytes[at] === QUOTE ? this.#quotedFrom(at) : this.#plainFrom(at);
      if (end < 0) return end;
      row.fields += 1;
      if (end >= this.length || bytes[end] !== delimiter) return end;
      at = end + 1;
    }
  }

  #plainFrom(start: number): number {
    const { bytes, row } = this;
    const stops = this.#stops;
    let end = start;
    while (stops[bytes[end] as number] === 0) end += 1;
    if (end - start > FIELD_BYTES) return this.#fail("FIELD_TOO_LONG");
    if (end >= this.length) {
      if (!this.#isEnd) return UNFINISHED;
    } else if (bytes[end] === NUL) return this.#fail("NUL_BYTE");
    row.starts[row.fields] = start;
    row.ends[row.fields] = end;
    return end;
  }

  #quotedFrom(quote: number): number {
    const { bytes } = this;
    const start = quote + 1;
    const limit = Math.min(this.length, start + FIELD_BYTES + 1);
    let end = start;
    for (;;) {
      while (end < limit && IN_QUOTES[bytes[end] as number] === 0) end += 1;
      if (end >= limit) return this.#openFor(limit - start);
      const width = bytes[end] === QUOTE ? this.#escapeAt(end) : this.#breakAt(end);
      if (width === REFUSED) return REFUSED;
      if (width === 0) return this.#closedAt(start, end);
      end += width;
    }
  }

  /** No closing quote in `bytes` bytes. */
  #openFor(bytes: number): number {
    return bytes > FIELD_BYTES ? this.#fail("FIELD_TOO_LONG") : UNFINISHED;
  }

  /** Bytes of a doubled quote; 0: the quote closes. */
  #escapeAt(quote: number): number {
    if (quote + 1 >= this.length || this.bytes[quote + 1] !== QUOTE) return 0;
    this.#isEscaped = true;
    return 2;
  }

  /** Bytes of a line break inside quotes. */
  #breakAt(at: number): number {
    const byte = this.bytes[at];
    if (byte === NUL) return this.#fail("NUL_BYTE");
    if (this.#breaks === 0) this.#brokenField = this.row.fields;
    this.#breaks += 1;
    return byte === CR && this.bytes[at + 1] === LF ? 2 : 1;
  }

  #closedAt(start: number, quote: number): number {
    const { row } = this;
    const end = quote + 1;
    if (end >= this.length && !this.#isEnd) return UNFINISHED;
    const byte = this.bytes[end];
    if (byte !== this.delimiter && byte !== LF && byte !== CR) return this.#fail("TEXT_AFTER_QUOTE");
    row.starts[row.fields] = start;
    row.ends[row.fields] = quote;
    return end;
  }

  #fail(reason: CsvReason): number {
    this.#reason = reason;
    return REFUSED;
  }

  /** Moves the row to a buffer of its own, doubled quotes made single. */
  #unescape(): void {
    const { row, bytes } = this;
    const longest = this.end - this.start;
    if (this.#scratch.length < longest) this.#scratch = new Uint8Array(2 * longest);
    const scratch = this.#scratch;
    let to = 0;
    for (let field = 0; field < row.fields; field++) {
      const from = row.starts[field] as number;
      const end = row.ends[field] as number;
      const isQuoted = from > this.start && bytes[from - 1] === QUOTE;
      row.starts[field] = to;
      for (let at = from; at < end; at++) {
        scratch[to++] = bytes[at] as number;
        if (isQuoted && bytes[at] === QUOTE) at += 1;
      }
      row.ends[field] = to;
    }
    row.bytes = scratch;
  }

  /** Takes a byte order mark and finds the delimiter; false while the first line has not arrived. */
  #open(): boolean {
    const counts = countsOfFirstLine(this.bytes.subarray(0, Math.min(this.length, FIELD_BYTES)));
    if (counts === null && this.length < FIELD_BYTES && !this.#isEnd) return false;
    const [a, b, c] = this.bytes;
    if (this.length >= 3 && a === 0xef && b === 0xbb && c === 0xbf) this.at = 3;
    if (this.delimiter === 0) this.delimiter = mostOf(counts ?? new Int32Array(256));
    this.#stops = tableOf(NUL, LF, CR, this.delimiter);
    this.#isOpen = true;
    return true;
  }

  #makeRoom(columns: number): void {
    this.row.starts = new Int32Array(columns);
    this.row.ends = new Int32Array(columns);
  }
}

const DELIMITERS = [",", ";", "\t", "|"].map((text) => text.charCodeAt(0));

/** How often each byte stands outside quotes on the first line that is not blank; null while that line has no end. */
function countsOfFirstLine(bytes: Uint8Array): Int32Array | null {
  const counts = new Int32Array(256);
  let isQuoted = false;
  let isBlank = true;
  for (const byte of bytes) {
    const isBreak = !isQuoted && (byte === LF || byte === CR);
    if (isBreak && !isBlank) return counts;
    if (byte === QUOTE) isQuoted = !isQuoted;
    else if (!isQuoted) counts[byte] = (counts[byte] as number) + 1;
    isBlank &&= isBreak;
  }
  return null;
}

const mostOf = (counts: Int32Array): number =>
  DELIMITERS.reduce((best, byte) => ((counts[byte] as number) > (counts[best] as number) ? byte : best));

function tableOf(...bytes: number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
}
