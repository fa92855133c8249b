import type { Linkage, Opened } from "../linkage/linkage.ts";
import { NOBODY, PLAIN_SEARCH, RowLinker, type Search } from "../linkage/rowLinker.ts";
import type { Decision } from "../spec.ts";
import type { Table } from "../table/table.ts";
import { PairStore, probabilityOf, weightOf } from "./pairs.ts";

/** The margin of a pair without a rival, and the most any has. */
const ALONE = 99;
/** Candidates below this weight are no rivals; those above are always scored, so that a margin does not depend on what is written. */
const SEEN = PLAIN_SEARCH.floor;

/** All pairs of a run with what became of them, and what the search went through. */
export interface Scored {
  readonly pairs: PairStore;
  /** Rows that found somebody by the exact rule. */
  readonly exact: number;
  readonly candidates: number;
  /** Rows of which a key found too many to look at. */
  readonly capped: number;
}

interface Scoring {
  readonly linkage: Linkage;
  readonly opened: Opened;
  /** Rows that ask: the right files', or the left one's to de-duplicate. */
  readonly asking: readonly Table[];
  /** Weight a pair must have to be kept. */
  readonly floor: number;
  readonly onRows: (rows: number) => void;
}

const TOLD_EVERY = 10_000;

/** Scores every row's candidates and decides. To de-duplicate, a row asks those before it, so that each pair comes once. */
export function scoreAll(scoring: Scoring): Scored {
  const run = new Run(scoring);
  const { asking, onRows } = scoring;
  for (const { cells, rows, layout } of asking)
    for (let own = 0; own < rows; own += 1) {
      run.ask(cells, own * layout.width);
      if (run.row % TOLD_EVERY === 0) onRows(run.row);
    }
  const { spec } = scoring.linkage;
  if (spec.decision.cardinality === "one-to-one") oneToOne(run.scored.pairs, spec.mode === "dedupe");
  return run.scored;
}

class Run {
  readonly scored: { pairs: PairStore; exact: number; candidates: number; capped: number };
  /** Rows that have asked. */
  row = 0;
  readonly #linker: RowLinker;
  readonly #decision: Decision;
  readonly #isDedupe: boolean;
  readonly #floor: number;
  readonly #onPair: Search["onPair"];
  readonly #rivals = new Rivals();

  constructor({ linkage, opened, floor }: Scoring) {
    const pairs = new PairStore(opened.functions.comparisons.length);
    this.scored = { pairs, exact: 0, candidates: 0, capped: 0 };
    this.#linker = new RowLinker(linkage, opened);
    this.#decision = linkage.spec.decision;
    this.#isDedupe = linkage.spec.mode === "dedupe";
    this.#floor = Math.min(floor, SEEN);
    this.#onPair = (a, weight, levels) => {
      this.#rivals.see(a, weight);
      if (weight >= floor) pairs.add(a, weight, { b: this.row, levels });
    };
  }

  ask(cells: Int32Array, at: number): void {
    const person = this.#isDedupe ? NOBODY : this.#linker.exact(cells, at);
    if (person === NOBODY) this.#search(cells, at);
    else this.#accept(person, cells, at);
    this.row += 1;
  }

  #accept(person: number, cells: Int32Array, at: number): void {
    const { pairs } = this.scored;
    const { levels, scorer } = this.#linker;
    this.#linker.compare(person, cells, at, levels);
    const pair = pairs.length;
    pairs.add(person, scorer.weight(levels, 0, person), { b: this.row, levels });
    pairs.margin[pair] = ALONE;
    pairs.isExact[pair] = 1;
    pairs.decide(pair, "link");
    this.scored.exact += 1;
  }

  #search(cells: Int32Array, at: number): void {
    const { pairs } = this.scored;
    const from = pairs.length;
    this.#rivals.clear();
    const before = this.#isDedupe ? this.row : Number.POSITIVE_INFINITY;
    const { candidates, capped } = this.#linker.search(cells, at, {
      ...PLAIN_SEARCH,
      before,
      floor: this.#floor,
      onPair: this.#onPair,
    });
    this.scored.candidates += candidates;
    if (capped !== 0) this.scored.capped += 1;
    for (let pair = from; pair < pairs.length; pair += 1) this.#decide(pair);
  }

  #decide(pair: number): void {
    const { pairs } = this.scored;
    const row = pairs.a[pair] as number;
    const weight = pairs.weight[pair] as number;
    const margin = this.#rivals.margin(row, weight);
    pairs.margin[pair] = margin;
    pairs.decide(pair, decisionOf(weight, { margin, isBest: this.#rivals.isBest(row) }, this.#decision));
  }
}

/** The best and the second best of one asking row's candidates so far. Of equal weights the lower row is best. */
class Rivals {
  #best = NOBODY;
  #first = SEEN;
  #second = SEEN;

  clear(): void {
    this.#best = NOBODY;
    this.#first = SEEN;
    this.#second = SEEN;
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
    return this.isBest(row) && other === SEEN ? ALONE : Math.min(weight - other, ALONE);
  }
}

function decisionOf(
  weight: number,
  { margin, isBest }: { margin: number; isBest: boolean },
  { link, linkWeight, review, margin: least, cardinality }: Decision,
) {
  const isSure = linkWeight === null ? probabilityOf(weight) >= link : weight >= linkWeight;
  const isAlone = cardinality === "many-to-many" || (isBest && margin >= least);
  if (isSure && isAlone) return "link";
  return probabilityOf(weight) >= review ? "review" : "none";
}

/** Each row on either side in one link at most: the surest first; ties by the left row, then the asking one. */
function oneToOne(pairs: PairStore, isDedupe: boolean): void {
  const { a, b, weight, isLinked } = pairs;
  const links = Array.from({ length: pairs.length }, (_, pair) => pair).filter((pair) => isLinked[pair] === 1);
  const [x, y, w] = [a, b, weight].map((column) => (pair: number) => column[pair] as number) as [Of, Of, Of];
  links.sort((p, q) => w(q) - w(p) || x(p) - x(q) || y(p) - y(q));
  const left = new Set<number>();
  const right = isDedupe ? left : new Set<number>();
  for (const pair of links) {
    const isFree = !left.has(x(pair)) && !right.has(y(pair));
    isLinked[pair] = isFree ? 1 : 0;
    if (!isFree) continue;
    left.add(x(pair));
    right.add(y(pair));
  }
}

type Of = (pair: number) => number;

/** The least weight anything asks for: results, decisions with their margin, clusters. */
export function floorOf(
  { link, linkWeight, margin }: Decision,
  { minWeight, cluster }: { minWeight: number; cluster: number },
): number {
  return Math.min(minWeight, (linkWeight ?? weightOf(link)) - margin, weightOf(cluster));
}
