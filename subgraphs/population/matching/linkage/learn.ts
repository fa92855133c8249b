import { Candidates } from "../block/candidates.ts";
import { countLevels } from "../model/measure.ts";
import { type MatchClass, type Model, NORMALISER, type Stratum, shapeOf, sharesOf, unflat } from "../model/model.ts";
import { blurred, type ExactValue, type Learned, plausibleClass, rowEm, type Sample } from "../model/rowEm.ts";
import { Scorer } from "../model/scorer.ts";
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
  const initial = [{ ...start, share: 1 - SHARE_OF_BAD_ROWS }, blurred(start, SHARE_OF_BAD_ROWS)];
  const { matchRate } = register.spec.training;
  const exact = exactValue(register, opened);
  const learned = rowEm(sample, { comparisons: blank.comparisons, initial, matchRate, startRate: 0.8, exact });
  const strata = [...blank.strata, ...borrowedStratum(learned)];
  return { model: { ...blank, strata, classes: learned.classes, matchRate: learned.matchRate }, learned };
}

/** The owner of a borrowed number is a relative, mostly: in the fields the exact rule looks at, they are alike as relatives are. */
function exactValue({ spec, strata }: Register, { functions, frame }: Opened): ExactValue | null {
  const comparison = functions.comparisons.findIndex(({ name }) => name === spec.exact?.on);
  if (comparison < 0) return null;
  const looksAt = new Set(spec.exact?.acceptWhen.flatMap(Object.keys));
  const household = spec.strata.findIndex(({ parts }) =>
    parts.some((part) => "column" in part && frame.layout.places.get(part.column)?.column.as === "familyCard"),
  );
  const relatives = strata[household + 1]?.u ?? [];
  return { comparison, telling: functions.comparisons.map(({ name }, c) => (looksAt.has(name) ? (relatives[c] ?? null) : null)) };
}

const borrowedStratum = ({ borrowed }: Learned): Stratum[] =>
  borrowed === null ? [] : [{ name: "borrowed", others: borrowed.share, shape: null, u: borrowed.u, fixes: [] }];

function candidatesOf(
  register: Register,
  { table: people, functions }: Opened,
  { table, rows, model }: { table: Table; rows: readonly number[]; model: Model },
): Sample {
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
  return { levels: levels.bytes, starts, logOthers };
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
