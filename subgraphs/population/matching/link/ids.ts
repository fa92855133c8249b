import type { CsvRow } from "../csv/row.ts";
import type { CsvWriter } from "../csv/write.ts";
import { hashBytes } from "../table/hash.ts";

/** What a file calls its rows, byte for byte, in row order; a tenth of the memory that as many strings take. */
export class Ids {
  #bytes = new Uint8Array(64 * 1024);
  #ends = new Float64Array(4096); // of 4 GiB and more
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add({ bytes, starts, ends }: CsvRow, field: number): void {
    const from = starts[field] as number;
    const to = ends[field] as number;
    const at = this.#startOf(this.#count);
    if (at + to - from > this.#bytes.length) this.#bytes = enlarged(this.#bytes, new Uint8Array(2 * (at + to - from)));
    if (this.#count === this.#ends.length) this.#ends = enlarged(this.#ends, new Float64Array(2 * this.#count));
    for (let i = from; i < to; i++) this.#bytes[at + i - from] = bytes[i] as number;
    this.#ends[this.#count] = at + to - from;
    this.#count += 1;
  }

  write(row: number, writer: CsvWriter): void {
    writer.field(this.#bytes, this.#startOf(row), this.#ends[row] as number);
  }

  textOf(row: number): string {
    return Buffer.from(this.#bytes.subarray(this.#startOf(row), this.#ends[row])).toString();
  }

  hashOf(row: number): number {
    return hashBytes(this.#bytes, this.#startOf(row), this.#ends[row] as number);
  }

  isSame(row: number, other: number): boolean {
    const [from, start] = [this.#startOf(row), this.#startOf(other)];
    const length = (this.#ends[row] as number) - from;
    if ((this.#ends[other] as number) - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#bytes[from + i] !== this.#bytes[start + i]) return false;
    return true;
  }

  #startOf(row: number): number {
    return row === 0 ? 0 : (this.#ends[row - 1] as number);
  }
}

/** Tells, while a file is read, whether a row is called as one before it; kept no longer than that. Eight to twenty bytes a row. */
export class KnownIds {
  readonly #ids: Ids;
  /** Hash table of rows counted from 1, open addressing; its length is a power of two. */
  #slots = new Int32Array(4096);
  #lines = new Uint32Array(1024);

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  /** Takes up the row last added to the ids; answers the line of the row that has its id already, or null. */
  lineOfSame(line: number): number | null {
    const row = this.#ids.count - 1;
    if (row === this.#lines.length) this.#grow();
    this.#lines[row] = line;
    const slot = this.#slotOf(row);
    const known = this.#slots[slot] as number;
    if (known !== 0) return this.#lines[known - 1] as number;
    this.#slots[slot] = row + 1;
    return null;
  }

  /** The slot of a row with this id, or the free one where it belongs. */
  #slotOf(row: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#ids.hashOf(row) & mask;
    while (this.#slots[slot] !== 0 && !this.#ids.isSame((this.#slots[slot] as number) - 1, row)) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    this.#lines = enlarged(this.#lines, new Uint32Array(this.#lines.length * 2));
    const rows = this.#slots.filter((row) => row !== 0);
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (const row of rows) this.#slots[this.#slotOf(row - 1)] = row;
  }
}

function enlarged<Kind extends Uint8Array | Uint32Array | Float64Array>(old: Kind, larger: Kind): Kind {
  larger.set(old);
  return larger;
}
