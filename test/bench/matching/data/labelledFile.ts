import type { FileRow } from "../../../../drizzle/synthetic/files/fileRows.ts";
import type { Source } from "../../../../drizzle/synthetic/files/sources.ts";
import { randomFrom } from "../../../../drizzle/synthetic/random.ts";
import type { RegisterPerson } from "../../../../drizzle/synthetic/register/register.ts";
import { lineOf } from "./columns.ts";
import { GROUPINGS, type Grouping, groupOf } from "./groupings.ts";

/** A program's file and, row by row, the truth about it. */
export interface LabelledFile {
  readonly source: Source;
  /** CSV without a header. */
  readonly bytes: Uint8Array;
  /** Row → where its line begins; one more than there are rows. */
  readonly starts: Uint32Array;
  readonly rows: number;
  /** Row → number of the person it is about. */
  readonly person: Int32Array;
  /** Row → 1 where that person is not in the register. */
  readonly isAbsent: Uint8Array;
  /** Grouping → row → which of its groups. */
  readonly groups: Readonly<Record<Grouping, Uint8Array>>;
}

/** Collects rows in the generator's order, village after village, and gives them back shuffled: neighbours in memory would flatter the speed. */
export class FileMaker {
  readonly source: Source;
  readonly #seed: string;
  #bytes = Buffer.alloc(1 << 20);
  readonly #starts = [0];
  readonly #person: number[] = [];
  readonly #isAbsent: number[] = [];
  readonly #groups = Object.fromEntries(Object.keys(GROUPINGS).map((name) => [name, [] as number[]])) as Record<
    Grouping,
    number[]
  >;

  constructor(source: Source, seed: string) {
    this.source = source;
    this.#seed = seed;
  }

  add(row: FileRow, about: RegisterPerson, person: number): void {
    const line = lineOf(row);
    const from = this.#starts[this.#person.length] as number;
    if (from + 3 * line.length > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2);
    this.#starts.push(from + this.#bytes.write(line, from));
    this.#person.push(person);
    this.#isAbsent.push(row.isAbsent ? 1 : 0);
    for (const [name, groups] of Object.entries(this.#groups)) groups.push(groupOf(name as Grouping, about));
  }

  shuffled(): LabelledFile {
    const rows = this.#person.length;
    const order = permutation(rows, this.#seed, this.source);
    const bytes = Buffer.alloc(this.#starts[rows] as number);
    const starts = new Uint32Array(rows + 1);
    for (const [to, from] of order.entries()) {
      const [begin, end] = [this.#starts[from] as number, this.#starts[from + 1] as number];
      this.#bytes.copy(bytes, starts[to] as number, begin, end);
      starts[to + 1] = (starts[to] as number) + end - begin;
    }
    const inOrder = (values: readonly number[]) => Uint8Array.from(order, (from) => values[from] as number);
    const groups = Object.fromEntries(Object.entries(this.#groups).map(([name, values]) => [name, inOrder(values)]));
    return {
      source: this.source,
      bytes,
      starts,
      rows,
      person: Int32Array.from(order, (from) => this.#person[from] as number),
      isAbsent: inOrder(this.#isAbsent),
      groups: groups as LabelledFile["groups"],
    };
  }
}

function permutation(length: number, ...key: readonly string[]): Uint32Array {
  const order = Uint32Array.from({ length }, (_, at) => at);
  const random = randomFrom("shuffle", ...key);
  for (let last = length - 1; last > 0; last -= 1) {
    const other = random.between(0, last);
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return order;
}
