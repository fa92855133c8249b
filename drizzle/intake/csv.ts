/** One record of a CSV file; `line` is where it begins. `fault`: it could not be read as the header promises. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
  readonly fault: "QUOTE_NOT_CLOSED" | "TEXT_AFTER_QUOTE" | "TOO_LONG" | null;
}

const LONGEST_RECORD = 64 * 1024; // characters; beyond it a quote was forgotten, and the rest of the file is not one field

/**
 * Splits CSV text: quoted fields with delimiters, quotes and line breaks in them; LF, CRLF or CR. Blank lines are no records. The first
 * record says how many fields a row has: one over several lines that has another number forgot a quote, and costs its first line only.
 */
export async function* csvRecords(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<CsvRecord> {
  const left: Left = { text: "", line: 1, width: 0 };
  for await (const chunk of text) {
    left.text += chunk;
    yield* recordsIn(left, delimiter, false);
  }
  yield* recordsIn(left, delimiter, true);
}

interface Left {
  text: string;
  line: number;
  width: number;
}

/** Takes whole records off the front of what is left. */
function* recordsIn(left: Left, delimiter: string, isEnd: boolean): Generator<CsvRecord> {
  let at = 0;
  while (at < left.text.length) {
    const taken = takeRecord({ text: left.text, start: at, delimiter, isEnd, width: left.width });
    if (!taken) break;
    if (!isBlank(taken.fields)) {
      left.width ||= taken.fields.length;
      yield { line: left.line, fields: taken.fields, fault: taken.fault };
    }
    left.line += breaksIn(left.text.slice(at, taken.end));
    at = taken.end;
  }
  left.text = left.text.slice(at);
}

const isBlank = (fields: readonly string[]) => fields.length === 1 && fields[0]?.trim() === "";
const breaksIn = (text: string) => text.match(/\r\n|\n|\r/g)?.length ?? 0;

interface Source {
  readonly text: string;
  readonly start: number;
  readonly delimiter: string;
  /** No more text will come. */
  readonly isEnd: boolean;
  /** Fields of a row; 0: not known yet. */
  readonly width: number;
}

interface Taken {
  readonly fields: readonly string[];
  readonly fault: CsvRecord["fault"];
  /** Where the next record begins. */
  readonly end: number;
}

/** The record that begins at `start`; undefined while its end has not arrived. */
function takeRecord(source: Source): Taken | undefined {
  const { text, start, isEnd, width } = source;
  const taken = takeFields(source);
  const end = taken && behindBreak(text, taken.end, isEnd);
  if (!taken || end === undefined) {
    const isHopeless = isEnd || text.length - start > LONGEST_RECORD;
    return isHopeless ? takeLine(source, taken ? "TOO_LONG" : "QUOTE_NOT_CLOSED") : undefined;
  }
  const isOverLines = breaksIn(text.slice(start, taken.end)) > 0;
  return isOverLines && isOdd(taken, width) ? takeLine(source, "QUOTE_NOT_CLOSED") : { ...taken, end };
}

const isOdd = ({ fault, fields }: Taken, width: number) => fault !== null || (width > 0 && fields.length !== width);

/** Fields up to the line break or the end of the text; undefined when a quote is still open there. */
function takeFields({ text, start, delimiter }: Source): Taken | undefined {
  const fields: string[] = [];
  let fault: CsvRecord["fault"] = null;
  let at = start;
  for (;;) {
    const field = takeField(text, at, delimiter);
    if (!field) return undefined;
    fields.push(field.value);
    if (field.isTrailing) fault = "TEXT_AFTER_QUOTE";
    if (text[field.end] !== delimiter) return { fields, fault, end: field.end };
    at = field.end + 1;
  }
}

/** Position behind the line break at `at`; undefined while it cannot be known (a CR may be the first half of CRLF). */
function behindBreak(text: string, at: number, isEnd: boolean): number | undefined {
  if (at >= text.length) return isEnd ? at : undefined;
  if (text[at] === "\n") return at + 1;
  if (at + 1 >= text.length && !isEnd) return undefined;
  return text[at + 1] === "\n" ? at + 2 : at + 1;
}

interface Field {
  readonly value: string;
  readonly end: number;
  /** Text followed the closing quote. */
  readonly isTrailing: boolean;
}

function takeField(text: string, start: number, delimiter: string): Field | undefined {
  if (text[start] !== '"') return { ...takePlain(text, start, delimiter), isTrailing: false };
  const quoted = takeQuoted(text, start);
  if (!quoted) return undefined;
  const after = takePlain(text, quoted.end, delimiter);
  return { value: quoted.value + after.value, end: after.end, isTrailing: after.value !== "" };
}

function takePlain(text: string, start: number, delimiter: string): { value: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end += 1;
  return { value: text.slice(start, end), end };
}

function takeQuoted(text: string, start: number): { value: string; end: number } | undefined {
  let from = start + 1;
  let value = "";
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0 || quote - start > LONGEST_RECORD) return undefined;
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    from = quote + 2;
  }
}

/** A forgotten quote costs its own line only. */
function takeLine({ text, start }: Source, fault: CsvRecord["fault"]): Taken {
  const length = text.slice(start).search(/[\r\n]/);
  const end = length < 0 ? text.length : start + length;
  return { fields: [text.slice(start, end)], fault, end: behindBreak(text, end, true) ?? end };
}

/** The delimiter a header line uses: the most frequent of those outside quotes. */
export function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, "");
  const count = (delimiter: string) => bare.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}
