/** Sets of rows that only grow: union–find. A set is named by its lowest row. */
export class Groups {
  readonly #parent: Int32Array;

  constructor(rows: number) {
    this.#parent = Int32Array.from({ length: rows }, (_, row) => row);
  }

  /** The lowest row of the set `row` is in. */
  of(row: number): number {
    const parent = this.#parent;
    let at = row;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] as number] as number;
      at = parent[at] as number;
    }
    return at;
  }

  /** Makes two sets one; answers its name. */
  join(a: number, b: number): number {
    const [x, y] = [this.of(a), this.of(b)];
    const low = Math.min(x, y);
    this.#parent[Math.max(x, y)] = low;
    return low;
  }

  /** Row → lowest row of its set. */
  names(): Int32Array {
    return this.#parent.map((_, row) => this.of(row));
  }
}
