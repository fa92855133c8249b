import { type BlockIndex, bucketOf, buildIndex } from "../block/blockIndex.ts";
import { columnsOf, resolved } from "../block/derive.ts";
import type { CompiledKey } from "../block/key.ts";
import type { Compared } from "../compare/compile.ts";
import type { Model } from "../model/model.ts";
import { type Patterns, pairsEm, withoutMatches } from "../model/pairsEm.ts";
import { chanceOf } from "../table/hash.ts";
import type { Table } from "../table/table.ts";
import { blankModel } from "./learn.ts";
import type { Opened, Register } from "./linkage.ts";
import { NOBODY, PLAIN_SEARCH, RowLinker } from "./rowLinker.ts";

/** Pairs of one key that are learned from, about. */
const PAIRS_LEARNED = 500_000;
const ROUNDS = 8;
/** Rows whose matches are expected from their candidates to know the rate. */
const ROWS_ASKED = 20_000;
const START_RATE = 1e-4;

/**
 * Learns m, u and the match rate where every pair is judged for itself: `asking` rows may have several matches in the register's table, or are
 * that table (null). To link, the register's strata stay, and the rate is kept as the odds of a row: expected matches over one more.
 */
export function learnFromPairs(register: Register, opened: Opened, asking: Table | null): Model {
  const { spec, rows, strata } = register;
  const blank = blankModel(register, opened);
  const [random, ...others] = strata;
  if (!random) throw new Error("a register has the stratum of random pairs");
  const patterns = opened.functions.training.map((key, i) => patternsOf(register, opened, { key, position: i, asking }));
  const modelOf = (m: ReturnType<typeof pairsEm>, u: readonly (readonly number[])[], rate: number): Model => {
    const odds = (rows * rate) / (1 - rate);
    const matchRate = asking === null ? rate : odds / (1 + odds);
    return { ...blank, measuredOn: "rows", classes: [m], matchRate, strata: [{ ...random, u }, ...others] };
  };
  let u = random.u;
  let rate = spec.training.matchRate ?? START_RATE;
  for (let round = 0; ; round += 1) {
    const learned = pairsEm(patterns, { comparisons: blank.comparisons, u });
    const next = spec.training.matchRate ?? expectedRate(register, opened, { model: modelOf(learned, u, rate), asking });
    const isSettled = Math.abs(Math.log(next / rate)) < 0.02;
    rate = next;
    if (isSettled || round === ROUNDS) return modelOf(learned, u, rate);
    if (asking === null) u = withoutMatches(random.u, learned, rate);
  }
}

/** Expected matches among all pairs, by those blocking finds. */
function expectedRate(register: Register, opened: Opened, { model, asking }: { model: Model; asking: Table | null }): number {
  const linker = new RowLinker({ ...register, model }, opened);
  const { cells, rows, layout } = asking ?? opened.table;
  let expected = 0;
  const asked = Math.min(rows, ROWS_ASKED);
  const onPair = (_row: number, weight: number) => {
    expected += 1 / (1 + 2 ** -weight);
  };
  for (let i = 0; i < asked; i += 1) {
    const row = asked === rows ? i : Math.floor(chanceOf(register.spec.seed, 7, i) * rows);
    linker.search(cells, row * layout.width, { ...PLAIN_SEARCH, hidden: asking ? NOBODY : row, onPair });
  }
  const others = asking ? register.rows : rows - 1;
  return Math.min(0.5, Math.max(expected / Math.max(asked * others, 1), 1e-12));
}

interface Keyed {
  readonly key: CompiledKey;
  readonly position: number;
  readonly asking: Table | null;
}

/** Patterns of the pairs that share a key; of more than PAIRS_LEARNED a sample, of groups above the key's `maxGroup` none. */
function patternsOf(register: Register, { table, functions }: Opened, { key, position, asking }: Keyed): Patterns {
  const { spec } = register;
  const keys = spec.training.keys.length > 0 ? spec.training.keys : spec.blocking.keys;
  const columns = new Set((keys[position]?.parts ?? []).flatMap((part) => columnsOf(resolved(part, spec.derive))));
  const { comparisons } = functions;
  const fixed = new Set(comparisons.flatMap(({ place }, c) => (columns.has(place.column.name) ? [c] : [])));
  const counts = new Map<string, number>();
  const levels = new Uint8Array(comparisons.length);
  const { width } = table.layout;
  const other = asking ?? table;
  const groups = new Groups(table, key, asking);
  const share = PAIRS_LEARNED / Math.max(groups.pairs(), 1);
  groups.each((a, b) => {
    if (share < 1 && chanceOf(spec.seed, a, b) >= share) return;
    for (let c = 0; c < levels.length; c += 1)
      levels[c] = (comparisons[c] as Compared).level(table.cells, a * width, other.cells, b * width);
    const pattern = String.fromCharCode(...levels);
    counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  });
  const flat = [...counts.keys()].flatMap((pattern) => Array.from(pattern, (level) => level.charCodeAt(0)));
  return { levels: Uint8Array.from(flat), counts: Float64Array.from(counts.values()), fixed };
}

/** The pairs that share a key: of a table with the rows that ask, or within the table each once. */
class Groups {
  readonly #table: Table;
  readonly #asking: Table | null;
  readonly #key: CompiledKey;
  readonly #index: BlockIndex;

  constructor(table: Table, key: CompiledKey, asking: Table | null) {
    this.#table = table;
    this.#asking = asking;
    this.#key = key;
    this.#index = buildIndex(table, { ...key, maxGroup: Number.POSITIVE_INFINITY }, []);
  }

  /** How many, about: rows of other keys may lie between them. */
  pairs(): number {
    let pairs = 0;
    this.#eachGroup((_row, _value, [from, to]) => {
      pairs += to - from;
    });
    return this.#asking ? pairs : pairs / 2;
  }

  each(visit: (a: number, b: number) => void): void {
    const { cells, layout } = this.#table;
    this.#eachGroup((row, value, [from, to]) => {
      for (let position = from; position < to; position += 1) {
        const other = this.#index.rows[position] as number;
        if (!this.#asking && other >= row) break; // rows of a group are in their order
        if (this.#key.held(cells, other * layout.width) === value) visit(other, row);
      }
    });
  }

  #eachGroup(visit: (row: number, value: number, range: readonly [from: number, to: number]) => void): void {
    const { cells, rows, layout } = this.#asking ?? this.#table;
    const { starts } = this.#index;
    for (let row = 0; row < rows; row += 1)
      for (let variant = 0; variant < this.#key.variants; variant += 1) {
        const value = this.#key.asked(cells, row * layout.width, variant);
        if (value === 0) continue;
        const bucket = bucketOf(value, this.#index);
        const [from, to] = [starts[bucket] as number, starts[bucket + 1] as number];
        if (to - from <= this.#key.maxGroup) visit(row, value, [from, to]);
      }
  }
}
