import { buildIndex } from "../../matching/block/blockIndex.ts";
import { Candidates } from "../../matching/block/candidates.ts";
import type { Compared } from "../../matching/compare/compile.ts";
import type { Opened, Register } from "../../matching/linkage/linkage.ts";
import type { Model } from "../../matching/model/model.ts";
import { Scorer } from "../../matching/model/scorer.ts";
import type { Table } from "../../matching/table/table.ts";

/** Rows of the islands that share a key of the register's, weighed against each other. Not for two at once: it has one memory. */
export class RowPairs {
  readonly #table: Table;
  readonly #comparisons: readonly Compared[];
  readonly #candidates: Candidates;
  readonly #scorer: Scorer;
  readonly #levels: Uint8Array;

  constructor(
    table: Table,
    { functions }: Opened,
    { frequencies, model }: Pick<Register, "frequencies"> & { readonly model: Model },
  ) {
    const { keys, refiners, comparisons } = functions;
    this.#table = table;
    this.#comparisons = comparisons;
    this.#candidates = new Candidates(table, keys, { indexes: keys.map((key) => buildIndex(table, key, refiners)), refiners });
    this.#scorer = new Scorer(model, { register: table, frequencies, sizes: new Uint8Array(0) });
    this.#levels = new Uint8Array(comparisons.length);
  }

  /** Tells `onPair` the weight, in bits, of `row` with every other row it shares a key with. */
  of(row: number, onPair: (other: number, weight: number) => void): void {
    const { cells, layout } = this.#table;
    const at = row * layout.width;
    const found = this.#candidates.of(cells, at);
    for (let i = 0; i < found.size; i += 1) {
      const other = found.list[i] as number;
      if (other !== row) onPair(other, this.#weight(other, row));
    }
  }

  /** The same whichever of the two asks: how rare a name is depends on whose it is. */
  #weight(a: number, b: number): number {
    const [low, high] = a < b ? [a, b] : [b, a];
    const { cells, layout } = this.#table;
    for (let c = 0; c < this.#comparisons.length; c += 1)
      this.#levels[c] = (this.#comparisons[c] as Compared).level(cells, low * layout.width, cells, high * layout.width);
    return this.#scorer.weight(this.#levels, 0, low);
  }
}
