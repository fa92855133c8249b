const START = 0.01;

interface Hits {
  readonly starts: Int32Array;
  readonly hits: readonly number[];
}

/**
 * Whose exact value a row carries when it is not its own: a relative's number on the wrong line, a neighbour's that a slip of the serial hits. The
 * owner then agrees in it as nobody else would by chance, so each kind of owner is one more explanation beside "the same person"; how often
 * each occurs in this file is learned.
 */
export class Lenders {
  /** Share of rows, a number a kind. */
  shares: readonly number[] = [];
  readonly #rows: number;
  readonly #hits: readonly number[];
  readonly #matched: Float64Array;
  /** For each hit the part of each kind among those who lend. */
  #parts: readonly (readonly number[])[] = [];

  constructor({ starts, hits }: Hits) {
    this.#rows = Math.max(starts.length - 1, 1);
    this.#hits = hits;
    this.#matched = new Float64Array(starts.at(-1) ?? 0);
  }

  /** The look-alikes with the lenders among them. `logs`: a kind each, a number a hit. */
  among(logOthers: Float64Array, logs: readonly Float64Array[]): Float64Array {
    if (this.shares.length !== logs.length) this.shares = logs.map(() => START);
    const all = logOthers.slice();
    this.#parts = this.#hits.map((pair, hit) => {
      const kinds = logs.map((log, kind) => (this.shares[kind] as number) * Math.exp(log[hit] as number));
      const sum = kinds.reduce((total, kind) => total + kind, 0);
      all[pair] = Math.log(Math.exp(logOthers[pair] as number) + sum);
      return kinds.map((kind) => (sum > 0 ? kind / sum : 0));
    });
    return all;
  }

  /** This pair is the same person by that much. */
  match(pair: number, part: number): void {
    this.#matched[pair] = (this.#matched[pair] as number) + part;
  }

  /** A hit that is not the person is somebody who lends. */
  learn(): void {
    this.shares = this.shares.map((_, kind) => {
      const lent = this.#hits.reduce((sum, pair, hit) => {
        const isOther = Math.max(0, 1 - (this.#matched[pair] as number));
        return sum + isOther * (this.#parts[hit]?.[kind] ?? 0);
      }, 0);
      return Math.max(lent / this.#rows, 1e-8);
    });
    this.#matched.fill(0);
  }
}
