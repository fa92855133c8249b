const TAB = 9;
const LF = 10;
const CR = 13;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const BACKSLASH = 92;
const HEX = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
/** Byte → the letter PostgreSQL writes behind a backslash for it; 0: itself. */
const ESCAPES = new Uint8Array(256);
for (const [byte, letter] of [
  [TAB, "t"],
  [LF, "n"],
  [CR, "r"],
  [BACKSLASH, "\\"],
] as const)
  ESCAPES[byte] = letter.charCodeAt(0);

/** Rows in PostgreSQL's text format for COPY, written as bytes: strings would cost twice what exact matching does. */
export class CopyLines {
  #bytes = new Uint8Array(1024 * 1024);
  #length = 0;

  /** Text of a file, as it stands there. */
  text(bytes: Uint8Array, from: number, to: number): this {
    this.#makeRoom(2 * (to - from) + 1);
    for (let i = from; i < to; i += 1) {
      const byte = bytes[i] as number;
      const letter = ESCAPES[byte] as number;
      if (letter !== 0) this.#bytes[this.#length++] = BACKSLASH;
      this.#bytes[this.#length++] = letter === 0 ? byte : letter;
    }
    return this.#endField();
  }

  /** Bytes that need no escape: words of our own. */
  word(bytes: Uint8Array): this {
    this.#makeRoom(bytes.length + 1);
    for (let i = 0; i < bytes.length; i += 1) this.#bytes[this.#length++] = bytes[i] as number;
    return this.#endField();
  }

  hex(bytes: Uint8Array, from: number, to: number): this {
    this.#makeRoom(2 * (to - from) + 1);
    this.#hex(bytes, from, to);
    return this.#endField();
  }

  /** A value of type bytea. */
  binary(bytes: Uint8Array): this {
    this.#makeRoom(2 * bytes.length + 4);
    for (const byte of BINARY) this.#bytes[this.#length++] = byte;
    this.#hex(bytes, 0, bytes.length);
    return this.#endField();
  }

  /** A finite number of magnitude below 2^53 / 10^decimals. */
  fixed(value: number, decimals: number): this {
    this.#makeRoom(32);
    let rest = Math.round(Math.abs(value) * 10 ** decimals);
    if (value < 0 && rest > 0) this.#bytes[this.#length++] = MINUS;
    let digits = decimals + 1;
    for (let power = 10 ** digits; rest >= power; power *= 10) digits += 1;
    const width = digits + (decimals > 0 ? 1 : 0);
    for (let place = 0; place < width; place += 1) {
      const at = this.#length + width - 1 - place;
      if (decimals > 0 && place === decimals) this.#bytes[at] = POINT;
      else {
        this.#bytes[at] = ZERO + (rest % 10);
        rest = Math.floor(rest / 10);
      }
    }
    this.#length += width;
    return this.#endField();
  }

  nothing(): this {
    return this.word(NULL);
  }

  /** At least one field MUST stand in the row. */
  endRow(): void {
    this.#bytes[this.#length - 1] = LF;
  }

  /** A copy of all rows; what follows begins anew. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #hex(bytes: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i += 1) {
      const byte = bytes[i] as number;
      this.#bytes[this.#length++] = HEX[byte >> 4] as number;
      this.#bytes[this.#length++] = HEX[byte & 15] as number;
    }
  }

  #endField(): this {
    this.#bytes[this.#length++] = TAB;
    return this;
  }

  #makeRoom(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + bytes));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

const NULL = Uint8Array.of(BACKSLASH, "N".charCodeAt(0));
const BINARY = Uint8Array.of(BACKSLASH, BACKSLASH, "x".charCodeAt(0));
