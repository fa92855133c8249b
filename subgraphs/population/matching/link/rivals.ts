import { NOBODY } from "../linkage/rowLinker.ts";

/** The best and the second best of one asking row's candidates so far. Of equal weights the lower row is best. */
export class Rivals {
  /** The margin of a pair without a rival, and the most any has. */
  static readonly ALONE = 99;
  readonly #least: number;
  #best = NOBODY;
  #first: number;
  #second: number;

  /** `least`: weaker candidates are no rivals. */
  constructor(least: number) {
    this.#least = least;
    this.#first = least;
    this.#second = least;
  }

  clear(): void {
    this.#best = NOBODY;
    this.#first = this.#least;
    this.#second = this.#least;
  }

  see(row: number, weight: number): void {
    if (weight > this.#first || (weight === this.#first && row < this.#best)) {
      this.#second = this.#first;
      this.#first = weight;
      this.#best = row;
    } else if (weight > this.#second) this.#second = weight;
  }

  isBest(row: number): boolean {
    return row === this.#best;
  }

  /** Bits between a candidate and the best other one. */
  margin(row: number, weight: number): number {
    const other = this.isBest(row) ? this.#second : this.#first;
    return this.isBest(row) && other === this.#least ? Rivals.ALONE : Math.min(weight - other, Rivals.ALONE);
  }
}
