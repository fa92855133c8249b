/** Pairs of rows that may belong together, each once; rows count from 0. Only pairs a caller accepts are edges: weak ones are left out. */
export interface Edges {
  readonly length: number;
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** Bits; more is surer. */
  readonly weight: Float64Array;
}

/** Rows that MUST NOT come into one cluster, whatever links them. Symmetric. */
export type CannotLink = (a: number, b: number) => boolean;

/** Edges gathered one by one. */
export class EdgeList implements Edges {
  length = 0;
  a = new Int32Array(1024);
  b = new Int32Array(1024);
  weight = new Float64Array(1024);

  add(a: number, b: number, weight: number): void {
    if (this.length === this.a.length) this.#grow();
    this.a[this.length] = a;
    this.b[this.length] = b;
    this.weight[this.length] = weight;
    this.length += 1;
  }

  #grow(): void {
    const room = this.length * 2;
    const [a, b, weight] = [new Int32Array(room), new Int32Array(room), new Float64Array(room)];
    a.set(this.a);
    b.set(this.b);
    weight.set(this.weight);
    [this.a, this.b, this.weight] = [a, b, weight];
  }
}

/** Positions of the edges, surest first; ties by the lower row, then the higher one: the order they came in never shows. */
export function surestFirst({ length, a, b, weight }: Edges): Uint32Array {
  const low = (edge: number) => Math.min(a[edge] as number, b[edge] as number);
  const high = (edge: number) => Math.max(a[edge] as number, b[edge] as number);
  return Uint32Array.from({ length }, (_, edge) => edge).sort(
    (x, y) => (weight[y] as number) - (weight[x] as number) || low(x) - low(y) || high(x) - high(y),
  );
}
