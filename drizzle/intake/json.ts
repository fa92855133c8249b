/** One record of a JSON file; `line` is where it begins. `value` undefined: not an object, or not JSON at all. */
export interface JsonRecord {
  readonly line: number;
  readonly value: Readonly<Record<string, unknown>> | undefined;
  readonly text: string;
}

const LONGEST_RECORD = 1024 * 1024;

/** Objects of a JSON array, or of a file with one object a line. Only one record at a time is held. */
export function jsonRecords(text: AsyncIterable<string>, isArray: boolean): AsyncGenerator<JsonRecord> {
  return isArray ? arrayRecords(text) : lineRecords(text);
}

async function* lineRecords(text: AsyncIterable<string>): AsyncGenerator<JsonRecord> {
  let rest = "";
  let line = 1;
  const record = (own: string) => ({ line, text: own.trim(), value: objectOf(own) });
  for await (const chunk of text) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const own of lines) {
      if (own.trim() !== "") yield record(own);
      line += 1;
    }
  }
  if (rest.trim() !== "") yield record(rest);
}

/** Cuts the array at the commas of its own level: a scanner that knows strings and depth, and leaves the rest to JSON.parse. */
async function* arrayRecords(text: AsyncIterable<string>): AsyncGenerator<JsonRecord> {
  const scan = { depth: 0, inString: false, isEscaped: false, line: 1, startLine: 1, own: "" };
  const finish = (): JsonRecord | undefined => {
    const own = scan.own.trim();
    scan.own = "";
    return own === "" ? undefined : { line: scan.startLine, text: own, value: objectOf(own) };
  };
  for await (const chunk of text) {
    for (const character of chunk) {
      const ends = advance(scan, character);
      const record = ends || scan.own.length > LONGEST_RECORD ? finish() : undefined;
      if (record) yield record;
    }
  }
  const cut = finish();
  if (cut) yield { ...cut, value: undefined };
}

interface Scan {
  depth: number;
  inString: boolean;
  isEscaped: boolean;
  line: number;
  startLine: number;
  own: string;
}

/** Takes one character; true when it ends a record. */
function advance(scan: Scan, character: string): boolean {
  if (character === "\n") scan.line += 1;
  if (scan.inString) inString(scan, character);
  else if (outsideString(scan, character)) return true;
  if (scan.own === "") {
    if (character.trim() === "") return false;
    scan.startLine = scan.line;
  }
  scan.own += character;
  return false;
}

function inString(scan: Scan, character: string): void {
  scan.inString = scan.isEscaped || character !== '"';
  scan.isEscaped = !scan.isEscaped && character === "\\";
}

/** True at the marks of the array itself: its brackets and the commas of its own level. */
function outsideString(scan: Scan, character: string): boolean {
  if (character === '"') scan.inString = true;
  if (character === "{" || character === "[") scan.depth += 1;
  if (character === "}" || character === "]") scan.depth -= 1;
  if (character === "]") return scan.depth === 0;
  return scan.depth === 1 && (character === "," || character === "[");
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
