import { type BlockIndex, bucketOf, markOf } from "../block/blockIndex.ts";
import { Candidates } from "../block/candidates.ts";
import type { CompiledKey } from "../block/key.ts";
import type { Compared } from "../compare/compile.ts";
import { type Model, shapeOf } from "../model/model.ts";
import { Scorer } from "../model/scorer.ts";
import type { ExactRule } from "../spec.ts";
import { isDigits } from "../table/table.ts";
import type { Linkage, Opened } from "./linkage.ts";

export const NOBODY = -1;
/** A second best this far behind needs no exact weight. */
const BEHIND = 12;
const NEVER = -1000;

/** What is known of one row after its search. One object, reused. */
export interface Found {
  /** Row of the register, or NOBODY. */
  row: number;
  /** Bits. */
  weight: number;
  /** Bits between the best and the second best. */
  margin: number;
  isExact: boolean;
  candidates: number;
  /** Keys that found too many to look at: a bit a key. */
  capped: number;
}

export interface Search {
  /** Row of the register that counts as absent (a rehearsal, the row itself). */
  readonly hidden: number;
  /** Only rows before this one: of a table against itself each pair once. */
  readonly before: number;
  /** Pairs below this weight may be left unscored. */
  readonly floor: number;
  /** Who, by the levels of the pair, counts as absent as well: no trace of them, not even in the margin. `levels` is reused. */
  readonly isAbsent: ((levels: Uint8Array) => boolean) | null;
  /** Told of every pair scored; `levels` is reused. */
  readonly onPair: ((row: number, weight: number, levels: Uint8Array) => void) | null;
}

export const PLAIN_SEARCH: Search = { hidden: NOBODY, before: Infinity, floor: -12, isAbsent: null, onPair: null };

interface Least {
  readonly comparison: number;
  readonly level: number;
}

function reaches(levels: Uint8Array, least: readonly Least[]): boolean {
  for (let i = 0; i < least.length; i += 1) {
    const { comparison, level } = least[i] as Least;
    if ((levels[comparison] ?? 0) < level) return false;
  }
  return true;
}

/** Searches the register for one row at a time. */
export class RowLinker {
  readonly found: Found = { row: NOBODY, weight: NEVER, margin: 0, isExact: false, candidates: 0, capped: 0 };
  /** Levels of the best pair. */
  readonly levels: Uint8Array;
  readonly scorer: Scorer;
  readonly model: Model;
  readonly #opened: Opened;
  readonly #exact: { readonly index: BlockIndex; readonly key: CompiledKey; readonly rule: ExactRule } | null;
  readonly #accepted: readonly (readonly Least[])[];
  readonly #candidates: Candidates;
  readonly #pair: Uint8Array;
  readonly #bound: Bound;

  constructor(linkage: Linkage, opened: Opened) {
    const { comparisons, keys, refiners, exact } = opened.functions;
    this.#opened = opened;
    this.model = linkage.model;
    const rule = linkage.spec.exact;
    this.#exact = linkage.exact && exact && rule ? { index: linkage.exact, key: exact, rule } : null;
    this.#accepted = (rule?.acceptWhen ?? []).map((levels) =>
      Object.entries(levels).map(([name, level]) => ({ comparison: comparisons.findIndex((one) => one.name === name), level })),
    );
    this.#candidates = new Candidates(opened.table, keys, { indexes: linkage.indexes, refiners });
    this.scorer = new Scorer(linkage.model, { register: opened.table, frequencies: linkage.frequencies, sizes: linkage.sizes });
    this.#bound = boundOf(linkage.model, comparisons);
    this.levels = new Uint8Array(comparisons.length);
    this.#pair = new Uint8Array(comparisons.length);
  }

  /** The row of the register with the same exact value whose other fields agree as the rule demands; NOBODY when there is none or more than one. */
  exact(cells: Int32Array, at: number): number {
    if (!this.#exact) return NOBODY;
    const { index, key, rule } = this.#exact;
    const value = key.asked(cells, at, 0);
    if (value === 0) return NOBODY;
    const mark = markOf(value);
    const bucket = bucketOf(value, index);
    let accepted = NOBODY;
    for (let position = index.starts[bucket] as number; position < (index.starts[bucket + 1] as number); position += 1) {
      if (index.marks[position] !== mark) continue;
      const row = index.rows[position] as number;
      if (!this.#isSame(rule.on, row, cells, at) || !this.#isAccepted(row, cells, at)) continue;
      if (accepted !== NOBODY) return NOBODY;
      accepted = row;
    }
    return accepted;
  }

  #isSame(on: string, row: number, cells: Int32Array, at: number): boolean {
    const { table, frame } = this.#opened;
    const place = frame.layout.places.get(on);
    if (!place) return false;
    const other = row * frame.layout.width + place.word;
    const own = at + place.word;
    const isWide = place.column.as === "nik" || place.column.as === "familyCard";
    return table.cells[other] === cells[own] && (!isWide || table.cells[other + 1] === cells[own + 1]);
  }

  #isAccepted(row: number, cells: Int32Array, at: number): boolean {
    this.compare(row, cells, at, this.levels);
    for (let i = 0; i < this.#accepted.length; i += 1) if (reaches(this.levels, this.#accepted[i] as Least[])) return true;
    return false;
  }

  /** Candidates on the row's own family card. */
  household(cells: Int32Array, at: number): number[] {
    const { list, size } = this.#candidates.of(cells, at);
    const { table, functions } = this.#opened;
    const cards = functions.comparisons.filter(({ kind }) => kind === "familyCard");
    return Array.from(list.subarray(0, size)).filter((row) =>
      cards.some(({ level, levels }) => level(table.cells, row * table.layout.width, cells, at) === levels - 1),
    );
  }

  /** All levels of a pair. */
  compare(row: number, cells: Int32Array, at: number, into: Uint8Array): void {
    const { table, functions } = this.#opened;
    const a = row * table.layout.width;
    for (let c = 0; c < functions.comparisons.length; c += 1)
      into[c] = (functions.comparisons[c] as Compared).level(table.cells, a, cells, at);
  }

  /** Whether two rows of the register are one person entered twice, as far as one can see: names and dates nearly the same, what is exact equal. */
  isTwice(row: number, other: number): boolean {
    const { table, functions } = this.#opened;
    const { cells, layout } = table;
    return functions.comparisons.every(({ level, levels, place, kind }) => {
      if (isDigits(place.column) || kind === "prefix" || kind === "edit") return true;
      const found = level(cells, row * layout.width, cells, other * layout.width);
      return found === 0 || found >= levels - 1 - (kind === "exact" ? 0 : Math.floor(levels / 3));
    });
  }

  /** Finds the best and the second best; the answer is in `found` and `levels`. Equal weights: the lower row. */
  search(cells: Int32Array, at: number, { hidden, before, floor, isAbsent, onPair }: Search): Found {
    const { found } = this;
    const rows = this.#candidates.of(cells, at);
    found.row = NOBODY;
    found.weight = NEVER;
    found.isExact = false;
    found.candidates = rows.size;
    found.capped = this.#candidates.capped;
    let second = NEVER;
    for (let i = 0; i < rows.size; i += 1) {
      const row = rows.list[i] as number;
      if (row === hidden || row >= before) continue;
      const weight = this.#unless(isAbsent, this.#weigh(row, cells, at, onPair ? floor : Math.max(found.weight - BEHIND, floor)));
      if (onPair && weight >= floor) onPair(row, weight, this.#pair);
      second = this.#isBetter(row, weight) ? this.#take(row, weight) : Math.max(second, weight);
    }
    found.margin = Math.min(found.weight - second, 99);
    return found;
  }

  #unless(isAbsent: Search["isAbsent"], weight: number): number {
    return weight > NEVER && isAbsent?.(this.#pair) ? NEVER : weight;
  }

  /** Makes a pair the best; answers the weight of the one before. */
  #take(row: number, weight: number): number {
    const before = this.found.weight;
    this.found.row = row;
    this.found.weight = weight;
    this.levels.set(this.#pair);
    return before;
  }

  #isBetter = (row: number, weight: number): boolean =>
    weight > this.found.weight || (weight === this.found.weight && weight > NEVER && row < this.found.row);

  /** NEVER when the cheap fields alone show that the pair cannot reach `least`. */
  #weigh(row: number, cells: Int32Array, at: number, least: number): number {
    const { table, functions } = this.#opened;
    const { comparisons } = functions;
    const a = row * table.layout.width;
    const { cheap, dear, tables, offsets } = this.#bound;
    let most = this.#bound.constant;
    for (let i = 0; i < cheap.length; i += 1) {
      const c = cheap[i] as number;
      const level = (comparisons[c] as Compared).level(table.cells, a, cells, at);
      this.#pair[c] = level;
      most += tables[(offsets[c] as number) + level] as number;
    }
    if (most < least) return NEVER;
    for (let i = 0; i < dear.length; i += 1) {
      const c = dear[i] as number;
      this.#pair[c] = (comparisons[c] as Compared).level(table.cells, a, cells, at);
    }
    return this.scorer.weight(this.#pair, 0, row);
  }
}

/**
 * A weight no pair with these cheap levels exceeds: the strata but `random` only lower a weight, so the random one alone, with the best the dear
 * fields could say.
 */
interface Bound {
  readonly cheap: readonly number[];
  readonly dear: readonly number[];
  /** Most bits of each level, over the classes of matches. */
  readonly tables: Float64Array;
  readonly offsets: readonly number[];
  readonly constant: number;
}

function boundOf(model: Model, comparisons: readonly Compared[]): Bound {
  const { offsets, total } = shapeOf(comparisons);
  const tables = new Float64Array(total);
  const u = model.strata[0]?.u ?? [];
  const best: number[] = [];
  for (const [c, { levels }] of comparisons.entries()) {
    for (let level = 1; level < levels; level += 1) {
      const m = Math.max(...model.classes.map((one) => one.m[c]?.[level] ?? 0), 1e-8);
      tables[(offsets[c] as number) + level] = Math.log2(m / Math.max(u[c]?.[level] ?? 0, 1e-8));
    }
    best.push(Math.max(...tables.subarray(offsets[c], (offsets[c] as number) + levels)));
  }
  const all = comparisons.map((_, c) => c);
  const dear = all.filter((c) => comparisons[c]?.isDear);
  const rate = Math.log2(model.matchRate / Math.max(1 - model.matchRate, 1e-12));
  const weighted = comparisons.filter(({ isTermWeighted }) => isTermWeighted).length;
  const constant =
    rate - Math.log2(model.strata[0]?.others ?? 1) + dear.reduce((sum, c) => sum + (best[c] as number), 0) + 8 * weighted;
  return { cheap: all.filter((c) => !dear.includes(c)), dear, tables, offsets, constant };
}
