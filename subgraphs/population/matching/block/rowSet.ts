const START = 4096;

/** A set of row numbers in order of arrival, emptied in no time: small enough to stay in the processor's cache, grown when it must. */
export class RowSet {
  size = 0;
  list: Uint32Array = new Uint32Array(START / 2);
  #slots: Uint32Array = new Uint32Array(START);
  #epochs: Uint32Array = new Uint32Array(START);
  #epoch = 1;

  clear(): void {
    this.size = 0;
    this.#epoch += 1;
    if (this.#epoch === 0xffffffff) {
      this.#epochs.fill(0);
      this.#epoch = 1;
    }
  }

  add(row: number): void {
    const mask = this.#slots.length - 1;
    let slot = (Math.imul(row, 0x9e3779b1) >>> 12) & mask;
    while (this.#epochs[slot] === this.#epoch) {
      if (this.#slots[slot] === row) return;
      slot = (slot + 1) & mask;
    }
    this.#epochs[slot] = this.#epoch;
    this.#slots[slot] = row;
    this.list[this.size] = row;
    this.size += 1;
    if (this.size === this.list.length) this.#grow();
  }

  #grow(): void {
    const rows = this.list;
    this.list = new Uint32Array(rows.length * 2);
    this.#slots = new Uint32Array(this.#slots.length * 2);
    this.#epochs = new Uint32Array(this.#slots.length);
    this.#epoch = 1;
    this.size = 0;
    for (const row of rows) this.add(row);
  }
}
