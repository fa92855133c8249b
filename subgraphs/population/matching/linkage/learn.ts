import { Candidates } from "../block/candidates.ts";
import { columnsOf, resolved } from "../block/derive.ts";
import { countLevels } from "../model/measure.ts";
import { LENDER, type MatchClass, type Model, NORMALISER, type Stratum, shapeOf, sharesOf, unflat } from "../model/model.ts";
import { blurred, type Learned, plausibleClass, rowEm, type Sample } from "../model/rowEm.ts";
import { Scorer } from "../model/scorer.ts";
import type { Expression } from "../spec.ts";
import type { Table } from "../table/table.ts";
import type { Opened, Register } from "./linkage.ts";
import { NOBODY, type RowLinker } from "./rowLinker.ts";

/** Rows that are learned from, of those without an exact hit. */
const LEARNED_FROM = 20_000;
const SHARE_OF_BAD_ROWS = 0.25;

/** Sampled rows of the other side, told apart by whether their exact value leads to somebody who also agrees otherwise. */
export interface Rows {
  readonly table: Table;
  /** Row → row of the register, or NOBODY. */
  readonly verified: Int32Array;
}

export function tellApart(linker: RowLinker, table: Table): Rows {
  const verified = new Int32Array(table.rows);
  for (let row = 0; row < table.rows; row += 1) verified[row] = linker.exact(table.cells, row * table.layout.width);
  return { table, verified };
}

/** A model that knows nothing yet: enough to look for exact hits and candidates. */
export function blankModel(register: Register, { functions }: Opened): Model {
  const comparisons = functions.comparisons.map(({ name, kind, levels }) => ({ name, kind, levels }));
  return {
    format: 1,
    normaliser: NORMALISER,
    measuredOn: register.spec.mode === "link" ? "register" : "rows",
    comparisons,
    matchRate: 0.5,
    classes: [plausibleClass(comparisons)],
    strata: register.strata,
    registerRows: register.rows,
  };
}

/** Learns m and the match rate of this file, without labels: at most one match a row. */
export function learnFromRows(register: Register, opened: Opened, { table, verified }: Rows): { model: Model; learned: Learned } {
  const blank = blankModel(register, opened);
  const unsettled = Array.from(verified.keys()).filter((row) => verified[row] === NOBODY);
  const chosen = unsettled.slice(0, LEARNED_FROM);
  const sample = candidatesOf(register, opened, { table, rows: chosen, model: blank });
  const start = startClass(register, opened, { table, verified });
  // with nothing but strangers on the other side a second class would learn relatives and namesakes, not bad rows
  const isAlone = register.spec.strata.length === 0;
  const initial = isAlone ? [start] : [{ ...start, share: 1 - SHARE_OF_BAD_ROWS }, blurred(start, SHARE_OF_BAD_ROWS)];
  const { matchRate } = register.spec.training;
  const learned = rowEm(sample, { comparisons: blank.comparisons, initial, matchRate, startRate: 0.8 });
  const lenders = lendersOf(register, opened).map((stratum, kind) => ({ ...stratum, others: learned.borrowed[kind] ?? 0 }));
  const strata = [...blank.strata, ...lenders.filter(({ others }) => others > 0)];
  return { model: { ...blank, strata, classes: learned.classes, matchRate: learned.matchRate }, learned };
}

/**
 * Who may own an exact value that a row carries by mistake: somebody of the household, somebody with nearly the same value, anybody. They look as
 * people of those strata do, but for the value itself, which is the same.
 */
function lendersOf({ spec, strata }: Register, { functions, frame }: Opened): Stratum[] {
  const exact = spec.exact?.on;
  const comparison = functions.comparisons.findIndex(({ name }) => name === exact);
  if (exact === undefined || comparison < 0) return [];
  const isOf = (part: Expression, isIt: (column: string) => boolean) => columnsOf(resolved(part, spec.derive)).every(isIt);
  const isFamilyCard = (name: string) => frame.layout.places.get(name)?.column.as === "familyCard";
  const lending = spec.strata.flatMap(({ parts }, i) =>
    parts.every((part) => isOf(part, isFamilyCard) || isOf(part, (name) => name === exact)) ? [i + 1] : [],
  );
  return [0, ...lending].flatMap((i) => {
    const stratum = strata[i];
    if (!stratum) return [];
    const u = stratum.u.map((levels, c) =>
      c === comparison ? levels.map((_, level) => (level === levels.length - 1 ? 1 : 0)) : levels,
    );
    return [{ ...stratum, name: `${LENDER}${stratum.name}`, u, others: 1, shape: null }];
  });
}

function candidatesOf(
  register: Register,
  opened: Opened,
  { table, rows, model }: { table: Table; rows: readonly number[]; model: Model },
): Sample {
  const { table: people, functions } = opened;
  const { comparisons, keys, refiners } = functions;
  const candidates = new Candidates(people, keys, { indexes: register.indexes, refiners });
  const { width } = people.layout;
  const starts = new Int32Array(rows.length + 1);
  const levels = new Levels(comparisons.length);
  for (const [i, row] of rows.entries()) {
    const found = candidates.of(table.cells, row * width);
    for (let k = 0; k < found.size; k += 1) {
      const other = found.list[k] as number;
      const at = levels.add();
      for (let c = 0; c < comparisons.length; c += 1)
        levels.bytes[at + c] = comparisons[c]?.level(people.cells, other * width, table.cells, row * width) ?? 0;
      levels.rows[levels.pairs - 1] = other;
    }
    starts[i + 1] = levels.pairs;
  }
  const scored = { register: people, frequencies: register.frequencies, sizes: register.sizes };
  const logOthers = (classes: readonly MatchClass[]) => {
    const scorer = new Scorer({ ...model, classes }, scored);
    return Float64Array.from({ length: levels.pairs }, (_, pair) =>
      scorer.logOthers(levels.bytes, pair * comparisons.length, levels.rows[pair] as number),
    );
  };
  const exact = comparisons.findIndex(({ name }) => name === register.spec.exact?.on);
  const hits = exact < 0 ? [] : levels.withTop(exact, comparisons[exact]?.levels ?? 0);
  const lenders = lendersOf(register, opened);
  const borrowed = (classes: readonly MatchClass[]) =>
    lenders.map((lender) => {
      const scorer = new Scorer({ ...model, classes, strata: [lender] }, { ...scored, sizes: new Uint8Array(0) });
      return Float64Array.from(hits, (pair) =>
        scorer.logOthers(levels.bytes, pair * comparisons.length, levels.rows[pair] as number),
      );
    });
  return { levels: levels.bytes, starts, logOthers, hits, borrowed };
}

/** Levels of pairs one after the other, growing. */
class Levels {
  pairs = 0;
  bytes: Uint8Array;
  rows = new Int32Array(4096);
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
    this.bytes = new Uint8Array(4096 * width);
  }

  /** The pairs that are equal in one comparison. */
  withTop(comparison: number, levels: number): number[] {
    const pairs = Array.from({ length: this.pairs }, (_, pair) => pair);
    return pairs.filter((pair) => this.bytes[pair * this.#width + comparison] === levels - 1);
  }

  add(): number {
    if (this.pairs === this.rows.length) {
      const { bytes, rows } = this;
      this.bytes = new Uint8Array(bytes.length * 2);
      this.bytes.set(bytes);
      this.rows = new Int32Array(rows.length * 2);
      this.rows.set(rows);
    }
    this.pairs += 1;
    return (this.pairs - 1) * this.#width;
  }
}

/** What verified rows show of everything but the field that verified them, which starts nearly flat. */
function startClass(register: Register, { table: people, functions, frame }: Opened, { table, verified }: Rows): MatchClass {
  const { comparisons } = functions;
  const exact = register.spec.exact?.on;
  const counts = new Float64Array(shapeOf(comparisons).total);
  const { width } = frame.layout;
  let seen = 0;
  for (let row = 0; row < table.rows; row += 1) {
    const person = verified[row] as number;
    if (person === NOBODY) continue;
    countLevels(counts, comparisons, people.cells, person * width, table.cells, row * width);
    seen += 1;
  }
  const plausible = plausibleClass(comparisons);
  if (seen < 100) return plausible;
  const m = unflat(counts, comparisons).map((levels, c) =>
    comparisons[c]?.place.column.name === exact ? flat(levels.length) : sharesOf(levels, 1),
  );
  return { share: 1, m };
}

const flat = (levels: number): number[] =>
  sharesOf(
    Array.from({ length: levels }, (_, level) => (level === 0 ? 0 : 1)),
    0,
  );
