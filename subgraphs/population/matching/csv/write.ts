const LF = 10;
const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();

/**
 * Writes rows of CSV (comma, LF) into memory, quoted where needed; take them off with `take`. Cells that begin with = + - @ stay as they
 * are: who shows a file in a spreadsheet guards it there.
 */
export class CsvWriter {
  #bytes: Uint8Array;
  #length = 0;
  #rowStart = 0;

  constructor(capacity = 64 * 1024) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Bytes written and not taken yet. */
  get length(): number {
    return this.#length;
  }

  text(value: string): this {
    const bytes = encoder.encode(value);
    return this.field(bytes, 0, bytes.length);
  }

  /** One field, `bytes` from `from` to `to`. */
  field(bytes: Uint8Array, from: number, to: number): this {
    this.#makeRoom(2 * (to - from) + 3);
    if (needsQuotes(bytes, from, to)) this.#quoted(bytes, from, to);
    else for (let at = from; at < to; at++) this.#bytes[this.#length++] = bytes[at] as number;
    this.#bytes[this.#length++] = COMMA;
    return this;
  }

  integer(value: number): this {
    return this.fixed(value, 0);
  }

  /** A number with exactly `decimals` digits behind the point; magnitudes up to 2^53 / 10^decimals. Never "-0"; infinite or NaN: an empty field. */
  fixed(value: number, decimals: number): this {
    if (!Number.isFinite(value)) return this.field(NOTHING, 0, 0);
    this.#makeRoom(32);
    const scale = SCALES[decimals] as number;
    let rest = Math.round(Math.abs(value) * scale);
    if (value < 0 && rest > 0) this.#bytes[this.#length++] = MINUS;
    let digits = decimals + 1;
    for (let power = scale * 10; rest >= power; power *= 10) digits += 1;
    const width = digits + (decimals > 0 ? 1 : 0);
    for (let place = 0; place < width; place++) {
      const at = this.#length + width - 1 - place;
      if (decimals > 0 && place === decimals) this.#bytes[at] = POINT;
      else {
        this.#bytes[at] = ZERO + (rest % 10);
        rest = Math.floor(rest / 10);
      }
    }
    this.#length += width;
    this.#bytes[this.#length++] = COMMA;
    return this;
  }

  /** Ends the row; at least one field MUST stand in it. */
  endRow(): this {
    if (this.#length === this.#rowStart + 1) this.#quoteNothing(); // a blank line would be no row
    this.#bytes[this.#length - 1] = LF;
    this.#rowStart = this.#length;
    return this;
  }

  /** What was written since the last time; valid until the next write. Whole rows only when called behind `endRow`. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    this.#rowStart = 0;
    return taken;
  }

  #quoteNothing(): void {
    this.#makeRoom(3);
    this.#length = this.#rowStart;
    this.#quoted(this.#bytes, 0, 0);
    this.#length += 1;
  }

  #quoted(bytes: Uint8Array, from: number, to: number): void {
    this.#bytes[this.#length++] = QUOTE;
    for (let at = from; at < to; at++) {
      this.#bytes[this.#length++] = bytes[at] as number;
      if (bytes[at] === QUOTE) this.#bytes[this.#length++] = QUOTE;
    }
    this.#bytes[this.#length++] = QUOTE;
  }

  #makeRoom(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * (this.#length + bytes));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

const SCALES = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

const SPECIAL = new Uint8Array(256);
for (const character of ',"\r\n') SPECIAL[character.charCodeAt(0)] = 1;

/** Also where the text begins with what a reader would take for a byte order mark. */
function needsQuotes(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (SPECIAL[bytes[at] as number] === 1) return true;
  return to - from >= 3 && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf;
}
