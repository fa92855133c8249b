import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { DECISIONS } from "./output.ts";

/** A scored pair and what became of it. */
export interface ScoredPair {
  /** Row of the left file. */
  a: number;
  /** Asking row: of the right files, one behind the other, or of the left file to de-duplicate. */
  b: number;
  /** Bits. */
  weight: number;
  margin: number;
  decision: (typeof DECISIONS)[number];
  /** A level a comparison; reused from pair to pair. */
  levels: Uint8Array;
}

/** Pairs in a block. */
const BLOCK = 65_536;
/** Blocks that stay in memory (4 million pairs, about 150 MB); what comes behind them lies on disk. */
const IN_MEMORY = 64;

/**
 * Scored pairs in the order they came, to be read again from first to last. What memory is not for lies in a file that has lost its name:
 * however the run ends, nothing is left of it. `path`: where that file may be.
 */
export class PairStore {
  length = 0;
  readonly #comparisons: number;
  readonly #path: string;
  readonly #blocks: Block[] = [];
  #file: number | null = null;
  #open: Block;

  constructor(comparisons: number, path: string) {
    this.#comparisons = comparisons;
    this.#path = path;
    this.#open = new Block(comparisons);
  }

  add(pair: ScoredPair): void {
    const at = this.length % BLOCK;
    if (at === 0 && this.length > 0) this.#putAway();
    this.#open.set(at, pair);
    this.length += 1;
  }

  /** Hands over every pair with its number: one object, overwritten by the next. */
  each(visit: (pair: Readonly<ScoredPair>, number: number) => void): void {
    const pair: ScoredPair = { a: 0, b: 0, weight: 0, margin: 0, decision: "none", levels: new Uint8Array(0) };
    const spare = new Block(this.#comparisons);
    for (let first = 0; first < this.length; first += BLOCK) {
      const block = this.#blockAt(first / BLOCK, spare);
      const count = Math.min(BLOCK, this.length - first);
      for (let at = 0; at < count; at += 1) {
        block.get(at, pair);
        visit(pair, first + at);
      }
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #putAway(): void {
    if (this.#blocks.length < IN_MEMORY) {
      this.#blocks.push(this.#open);
      this.#open = new Block(this.#comparisons);
      return;
    }
    this.#file ??= namelessFile(this.#path);
    const { bytes } = this.#open;
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done);
  }

  #blockAt(index: number, spare: Block): Block {
    const kept = this.#blocks[index];
    if (kept || this.#file === null || index === Math.floor((this.length - 1) / BLOCK)) return kept ?? this.#open;
    const { bytes } = spare;
    const from = (index - this.#blocks.length) * bytes.length;
    for (let done = 0; done < bytes.length; )
      done += readSync(this.#file, bytes, { offset: done, length: bytes.length - done, position: from + done });
    return spare;
  }
}

function namelessFile(path: string): number {
  const file = openSync(path, "wx+", 0o600);
  rmSync(path);
  return file;
}

/** A fixed number of pairs, a column a property, in one piece of memory. */
class Block {
  readonly bytes: Uint8Array;
  readonly #weight: Float64Array;
  readonly #margin: Float64Array;
  readonly #a: Int32Array;
  readonly #b: Int32Array;
  /** Index into DECISIONS. */
  readonly #decision: Uint8Array;
  readonly #levels: Uint8Array;
  readonly #comparisons: number;

  constructor(comparisons: number) {
    const buffer = new ArrayBuffer(BLOCK * (25 + comparisons));
    this.bytes = new Uint8Array(buffer);
    this.#weight = new Float64Array(buffer, 0, BLOCK);
    this.#margin = new Float64Array(buffer, 8 * BLOCK, BLOCK);
    this.#a = new Int32Array(buffer, 16 * BLOCK, BLOCK);
    this.#b = new Int32Array(buffer, 20 * BLOCK, BLOCK);
    this.#decision = new Uint8Array(buffer, 24 * BLOCK, BLOCK);
    this.#levels = new Uint8Array(buffer, 25 * BLOCK);
    this.#comparisons = comparisons;
  }

  set(at: number, { a, b, weight, margin, decision, levels }: ScoredPair): void {
    this.#a[at] = a;
    this.#b[at] = b;
    this.#weight[at] = weight;
    this.#margin[at] = margin;
    this.#decision[at] = DECISIONS.indexOf(decision);
    this.#levels.set(levels, at * this.#comparisons);
  }

  get(at: number, into: ScoredPair): void {
    into.a = this.#a[at] as number;
    into.b = this.#b[at] as number;
    into.weight = this.#weight[at] as number;
    into.margin = this.#margin[at] as number;
    into.decision = DECISIONS[this.#decision[at] as number] ?? "none";
    into.levels = this.#levels.subarray(at * this.#comparisons, (at + 1) * this.#comparisons);
  }
}

/** The posterior that belongs to a weight in bits, and back. */
export const probabilityOf = (weight: number): number => 1 / (1 + 2 ** -weight);
export const weightOf = (probability: number): number => Math.log2(probability / (1 - probability));
