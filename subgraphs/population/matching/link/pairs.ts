import type { DECISIONS } from "./output.ts";

/** Scored pairs, a column a property, in the order of asking rows. */
export class PairStore {
  length = 0;
  readonly comparisons: number;
  /** Row of the left file. */
  a = new Int32Array(4096);
  /** Asking row: of the right files, one behind the other, or of the left file to de-duplicate. */
  b = new Int32Array(4096);
  weight = new Float64Array(4096);
  margin = new Float64Array(4096);
  /** Index into DECISIONS. */
  decision = new Uint8Array(4096);
  isLinked = new Uint8Array(4096);
  /** Accepted by the exact rule, whatever it weighs. */
  isExact = new Uint8Array(4096);
  levels: Uint8Array;

  constructor(comparisons: number) {
    this.comparisons = comparisons;
    this.levels = new Uint8Array(4096 * comparisons);
  }

  add(a: number, weight: number, { b, levels }: { b: number; levels: Uint8Array }): void {
    if (this.length === this.a.length) this.#grow();
    const at = this.length++;
    this.a[at] = a;
    this.b[at] = b;
    this.weight[at] = weight;
    this.levels.set(levels, at * this.comparisons);
  }

  decide(pair: number, decision: (typeof DECISIONS)[number]): void {
    this.decision[pair] = CODES[decision];
    this.isLinked[pair] = decision === "link" ? 1 : 0;
  }

  levelsOf(pair: number): Uint8Array {
    return this.levels.subarray(pair * this.comparisons, (pair + 1) * this.comparisons);
  }

  #grow(): void {
    const room = this.length * 2;
    this.a = enlarged(this.a, new Int32Array(room));
    this.b = enlarged(this.b, new Int32Array(room));
    this.weight = enlarged(this.weight, new Float64Array(room));
    this.margin = enlarged(this.margin, new Float64Array(room));
    this.decision = enlarged(this.decision, new Uint8Array(room));
    this.isLinked = enlarged(this.isLinked, new Uint8Array(room));
    this.isExact = enlarged(this.isExact, new Uint8Array(room));
    this.levels = enlarged(this.levels, new Uint8Array(room * this.comparisons));
  }
}

const CODES = { none: 0, review: 1, link: 2 } as const satisfies Record<(typeof DECISIONS)[number], number>;

function enlarged<Kind extends Int32Array | Float64Array | Uint8Array>(old: Kind, larger: Kind): Kind {
  larger.set(old);
  return larger;
}

/** The posterior that belongs to a weight in bits, and back. */
export const probabilityOf = (weight: number): number => 1 / (1 + 2 ** -weight);
export const weightOf = (probability: number): number => Math.log2(probability / (1 - probability));
