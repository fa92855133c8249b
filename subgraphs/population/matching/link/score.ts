import { EdgeList } from "../cluster/edges.ts";
import type { Linkage, Opened } from "../linkage/linkage.ts";
import { NOBODY, PLAIN_SEARCH, RowLinker, type Search } from "../linkage/rowLinker.ts";
import type { Decision } from "../spec.ts";
import type { Table } from "../table/table.ts";
import { PairStore, probabilityOf, type ScoredPair, weightOf } from "./pairs.ts";
import { Rivals } from "./rivals.ts";

/** Candidates below this weight are no rivals; those above are always scored, so that a margin does not depend on what is written. */
const SEEN = PLAIN_SEARCH.floor;

/** All pairs of a run with what became of them, and what the search went through. */
export interface Scored {
  /** Pairs of the least weight asked for, and those linked. */
  readonly pairs: PairStore;
  /** Pairs sure enough to bring rows into one cluster; the right files' rows count on from the left one's. */
  readonly edges: EdgeList;
  /** Pairs decided to be links, by rows that count so too; `numbers` are their places among `pairs`. */
  readonly links: { readonly edges: EdgeList; readonly numbers: number[] };
  review: number;
  /** Rows that found somebody by the exact rule. */
  exact: number;
  candidates: number;
  /** Rows of which a key found too many to look at. */
  capped: number;
}

interface Scoring {
  readonly linkage: Linkage;
  readonly opened: Opened;
  /** Rows that ask: the right files', or the left one's to de-duplicate. */
  readonly asking: readonly Table[];
  readonly decision: Decision;
  /** Least weights: of a pair that is kept, and of an edge of a cluster. */
  readonly least: { readonly kept: number; readonly edge: number };
  /** Where a file of pairs may lie while the run lasts. */
  readonly spill: string;
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
  return run.scored;
}

class Run {
  readonly scored: Scored;
  /** Rows that have asked. */
  row = 0;
  readonly #linker: RowLinker;
  readonly #decision: Decision;
  readonly #isDedupe: boolean;
  /** What the asking files' rows count on from. */
  readonly #first: number;
  readonly #least: Scoring["least"];
  readonly #search: Search;
  readonly #rivals = new Rivals(SEEN);
  /** Pairs of the row that asks; `#own` of them are its own. */
  readonly #found: ScoredPair[] = [];
  #own = 0;

  constructor({ linkage, opened, decision, least, spill }: Scoring) {
    const comparisons = opened.functions.comparisons.length;
    const pairs = new PairStore(comparisons, spill);
    const links = { edges: new EdgeList(), numbers: [] };
    this.scored = { pairs, edges: new EdgeList(), links, review: 0, exact: 0, candidates: 0, capped: 0 };
    this.#linker = new RowLinker(linkage, opened);
    this.#decision = decision;
    this.#isDedupe = linkage.spec.mode === "dedupe";
    this.#first = this.#isDedupe ? 0 : linkage.rows;
    this.#least = least;
    const wanted = Math.min(least.kept, least.edge, leastLink(decision));
    const onPair = (a: number, weight: number, levels: Uint8Array) => {
      this.#rivals.see(a, weight);
      if (weight >= wanted) this.#remember(a, weight, levels);
    };
    this.#search = { ...PLAIN_SEARCH, floor: Math.min(wanted, SEEN), onPair };
  }

  ask(cells: Int32Array, at: number): void {
    const person = this.#isDedupe ? NOBODY : this.#linker.exact(cells, at);
    if (person === NOBODY) this.#ask(cells, at);
    else this.#accept(person, cells, at);
    this.row += 1;
  }

  #accept(person: number, cells: Int32Array, at: number): void {
    const { levels, scorer } = this.#linker;
    this.#linker.compare(person, cells, at, levels);
    const weight = scorer.weight(levels, 0, person);
    this.scored.exact += 1;
    this.#keep({ a: person, b: this.row, weight, margin: Rivals.ALONE, decision: "link", levels }, true);
  }

  #ask(cells: Int32Array, at: number): void {
    this.#rivals.clear();
    this.#own = 0;
    const before = this.#isDedupe ? this.row : Number.POSITIVE_INFINITY;
    const { candidates, capped } = this.#linker.search(cells, at, { ...this.#search, before });
    this.scored.candidates += candidates;
    if (capped !== 0) this.scored.capped += 1;
    for (let i = 0; i < this.#own; i += 1) {
      const pair = this.#found[i] as ScoredPair;
      pair.margin = this.#rivals.margin(pair.a, pair.weight);
      pair.decision = decisionOf(pair, this.#rivals.isBest(pair.a), this.#decision);
      this.#keep(pair, false);
    }
  }

  #remember(a: number, weight: number, levels: Uint8Array): void {
    const free = this.#found[this.#own];
    const pair = free ?? { a, b: 0, weight, margin: 0, decision: "none", levels: new Uint8Array(levels.length) };
    if (!free) this.#found.push(pair);
    pair.a = a;
    pair.b = this.row;
    pair.weight = weight;
    pair.levels.set(levels);
    this.#own += 1;
  }

  #keep(pair: ScoredPair, isExact: boolean): void {
    const { pairs, edges, links } = this.scored;
    const { a, b, weight, decision } = pair;
    if (isExact || weight >= this.#least.edge) edges.add(a, this.#first + b, weight);
    if (decision === "review") this.scored.review += 1;
    if (decision === "link") {
      links.edges.add(a, this.#first + b, weight);
      links.numbers.push(pairs.length);
    }
    if (decision === "link" || weight >= this.#least.kept) pairs.add(pair);
  }
}

function decisionOf({ weight, margin }: ScoredPair, isBest: boolean, decision: Decision): ScoredPair["decision"] {
  const { link, linkWeight, review, margin: least, cardinality } = decision;
  const isSure = linkWeight === null ? probabilityOf(weight) >= link : weight >= linkWeight;
  const isAlone = cardinality === "many-to-many" || (isBest && margin >= least);
  if (isSure && isAlone) return "link";
  return probabilityOf(weight) >= review ? "review" : "none";
}

const leastLink = ({ link, linkWeight, review }: Decision): number => Math.min(linkWeight ?? weightOf(link), weightOf(review));
