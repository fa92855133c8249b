import type { Rows } from "../linkage/learn.ts";
import type { Opened } from "../linkage/linkage.ts";
import { NOBODY, PLAIN_SEARCH, type RowLinker } from "../linkage/rowLinker.ts";
import { LENDER, type Model } from "../model/model.ts";
import type { Decision } from "../spec.ts";
import { chanceOf } from "../table/hash.ts";
import { type Blank, blankOf, corrupt } from "./corrupt.ts";
import { lookAlikes } from "./lookAlikes.ts";

/** What a threshold would do to this file: predicted without labels, from rows whose answer an exact value told. */
export interface Predicted {
  /** Bits a link needs. */
  readonly weight: number;
  /** Share of links that are right, with a 95 % interval. */
  readonly precision: number;
  readonly low: number;
  readonly high: number;
  /** Share of rows about absent people that would be linked to somebody. */
  readonly falseMatches: number;
  /** Share of rows about present people that would be linked rightly: an upper estimate, hard rows are missing from a rehearsal. */
  readonly recall: number;
}

export interface Rehearsal {
  readonly draws: number;
  readonly predicted: readonly Predicted[];
  /** Smallest weight whose predicted precision is enough; null: none is. */
  readonly automatic: number | null;
}

interface Options {
  readonly decision: Decision;
  readonly matchRate: number;
  readonly seed: number;
  readonly draws?: number;
}

const DRAWS = 20_000;
const HIGHEST = 30;
const STEP = 0.5;

/**
 * The ghost rehearsal (matching.md §4.4). A verified row that looks like a fuzzy one is searched for twice: with its exact value spoilt (is the
 * right person found?) and with its person hidden (is somebody else taken?). Verified rows are cleaner than fuzzy ones, so each is paired with a
 * fuzzy row of the same place and the same missing fields. Null where too few rows are verified to rehearse with.
 */
export function rehearse(linker: RowLinker, opened: Opened, rows: Rows, options: Options): Rehearsal | null {
  const pairing = lookAlikes(opened, rows);
  if (!pairing) return null;
  const { table, verified } = rows;
  const { width } = opened.frame.layout;
  const spoiling = { blank: blankOf(opened, rows), lent: lentIn(linker.model), opened, linker };
  const cells = new Int32Array(width);
  const present: Outcome[] = [];
  const ghosts: Outcome[] = [];
  const draws = Math.min(options.draws ?? DRAWS, 10 * verified.length);
  for (let draw = 0; draw < draws; draw += 1) {
    const chance = (stream: number) => chanceOf(options.seed, 100 + stream, draw);
    const row = pairing(chance(0), chance(1));
    const person = verified[row] as number;
    const original = table.cells.subarray(row * width, (row + 1) * width);
    cells.set(original);
    spoil(cells, { ...spoiling, person, chance: (stream) => chance(20 + stream) });
    const ghost = outcome(linker, cells, { hidden: person, person });
    if (!ghost.isRight) ghosts.push(ghost);
    cells.set(original);
    // a ghost's own number is right; whoever is there and was not found by it has a wrong one
    if (!spoil(cells, { ...spoiling, person, chance })) corrupt(cells, spoiling.blank.word, chance);
    if (linker.exact(cells, 0) === NOBODY) present.push(outcome(linker, cells, { hidden: NOBODY, person }));
  }
  const predicted = predict(present, ghosts, options);
  const enough = predicted.find(({ precision }) => precision >= options.decision.link);
  return { draws, predicted, automatic: enough?.weight ?? null };
}

interface Spoiling {
  readonly blank: Blank;
  /** Share of fuzzy rows that carry somebody else's exact value. */
  readonly lent: number;
  readonly opened: Opened;
  readonly linker: RowLinker;
  readonly person: number;
  readonly chance: (stream: number) => number;
}

/** Takes the exact value away, or puts somebody else's in its place, as often as fuzzy rows have it so. False: left as it was. */
function spoil(cells: Int32Array, { blank, lent, opened, linker, person, chance }: Spoiling): boolean {
  if (chance(2) < blank.share) {
    blank.clear(cells);
    return true;
  }
  if (chance(3) >= lent || blank.word === null) return false;
  const others = linker.household(cells, 0).filter((row) => row !== person);
  const other = others[Math.floor(chance(4) * others.length)];
  if (other === undefined) return false;
  const from = other * opened.frame.layout.width + blank.word;
  cells.set(opened.table.cells.subarray(from, from + 2), blank.word);
  return true;
}

/** Share of fuzzy rows that carry somebody else's exact value, as learned. */
const lentIn = ({ strata }: Model): number =>
  strata.reduce((sum, { name, others }) => sum + (name.startsWith(LENDER) ? others : 0), 0);

interface Outcome {
  readonly weight: number;
  readonly margin: number;
  readonly isRight: boolean;
}

/** A second record of the person counts as the person: a register has some, and hiding one does not make a ghost. */
function outcome(linker: RowLinker, cells: Int32Array, { hidden, person }: { hidden: number; person: number }): Outcome {
  const { weight, margin, row } = linker.search(cells, 0, { ...PLAIN_SEARCH, hidden });
  return { weight, margin, isRight: row === person || (row !== NOBODY && linker.isTwice(row, person)) };
}

function predict(present: readonly Outcome[], ghosts: readonly Outcome[], { decision, matchRate }: Options): Predicted[] {
  const steps = Array.from({ length: HIGHEST / STEP + 1 }, (_, i) => i * STEP);
  return steps.map((weight) => {
    const isLinked = (one: Outcome) => one.weight >= weight && one.margin >= decision.margin;
    const linked = present.filter(isLinked);
    const right = linked.filter(({ isRight }) => isRight).length / Math.max(present.length, 1);
    const wrong = linked.filter(({ isRight }) => !isRight).length;
    const taken = ghosts.filter(isLinked).length;
    const good = matchRate * right;
    const bad = (wrongs: number, takens: number) =>
      (matchRate * wrongs) / Math.max(present.length, 1) + ((1 - matchRate) * takens) / Math.max(ghosts.length, 1);
    const precision = (errors: number) => (good + errors === 0 ? 0 : good / (good + errors));
    const [fewWrong, mostWrong] = poisson(wrong);
    const [fewTaken, mostTaken] = poisson(taken);
    return {
      weight,
      precision: precision(bad(wrong, taken)),
      low: precision(bad(mostWrong, mostTaken)),
      high: precision(bad(fewWrong, fewTaken)),
      falseMatches: taken / Math.max(ghosts.length, 1),
      recall: right,
    };
  });
}

/** 95 % interval of a count of rare events (Byar's approximation of the Poisson limits). */
function poisson(count: number): [number, number] {
  const limit = (n: number, z: number) => (n === 0 ? 0 : n * (1 - 1 / (9 * n) + z / (3 * Math.sqrt(n))) ** 3);
  return [Math.max(0, limit(count, -1.96)), limit(count + 1, 1.96)];
}
