import { delimiterCode } from "./read.ts";
import { RowScanner } from "./scanner.ts";

/** Whole rows of a file: the bytes as they stood, the line they begin on, and how many rows (good or faulty, the header not) they hold. */
export interface RowChunk {
  readonly bytes: Uint8Array;
  readonly firstLine: number;
  readonly rows: number;
}

/**
 * Cuts a file at ends of rows into chunks of at least `size` bytes (the last may be shorter); one after the other they are the file. The
 * first holds byte order mark and header. Read alone, each gives the rows and faults the whole file would.
 */
export async function* rowChunks(
  source: AsyncIterable<Uint8Array>,
  size: number,
  delimiter: string | null = null,
): AsyncGenerator<RowChunk> {
  const cutting = new Cutting(size, delimiter);
  for await (const piece of source) {
    cutting.scanner.push(piece);
    yield* cutting.drain(false);
  }
  yield* cutting.drain(true);
}

class Cutting {
  readonly scanner: RowScanner;
  readonly #size: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #from = 0;
  #rows = -1; // the header is none
  #firstLine = 1;

  constructor(size: number, delimiter: string | null) {
    this.#size = size;
    this.scanner = new RowScanner({ delimiter: delimiterCode(delimiter), width: 0, line: 1 });
  }

  *drain(isEnd: boolean): Generator<RowChunk> {
    const { scanner } = this;
    this.#from = scanner.at;
    while (scanner.next(isEnd) !== "MORE") {
      this.#rows += 1;
      if (!this.#isFull()) continue;
      this.#keep();
      yield this.#cut();
    }
    this.#keep();
    if (isEnd && this.#bytes > 0) yield this.#cut();
  }

  /** Not in the midst of a refused line, and never the header alone. */
  #isFull(): boolean {
    const { at, isInLine } = this.scanner;
    return !isInLine && this.#rows > 0 && this.#bytes + at - this.#from >= this.#size;
  }

  /** The scanner's buffer is overwritten by the next piece. */
  #keep(): void {
    this.#parts.push(this.scanner.bytes.slice(this.#from, this.scanner.at));
    this.#bytes += this.scanner.at - this.#from;
    this.#from = this.scanner.at;
  }

  #cut(): RowChunk {
    const chunk = { bytes: Buffer.concat(this.#parts), firstLine: this.#firstLine, rows: Math.max(0, this.#rows) };
    this.#parts = [];
    this.#bytes = 0;
    this.#rows = 0;
    this.#firstLine = this.scanner.line;
    return chunk;
  }
}
