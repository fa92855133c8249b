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
import { PLAIN_SEARCH, RowLinker } from "./rowLinker.ts";

/** Pairs of one key that are learned from, about. */
const PAIRS_LEARNED = 500_000;
const ROUNDS = 8;
/** Rows whose duplicates are expected from their candidates to know the rate. */
const ROWS_ASKED = 20_000;
const START_RATE = 1e-4;

/** Learns m, u and the match rate where every pair is judged for itself: one table that holds several rows of an entity. */
export function learnFromPairs(register: Register, opened: Opened): Model {
  const { spec, strata } = register;
  const blank = blankModel(register, opened);
  const random = strata[0];
  if (!random) throw new Error("a register has the stratum of random pairs");
  const patterns = opened.functions.training.map((key, i) => patternsOf(register, opened, { key, position: i }));
  let u = random.u;
  let rate = spec.training.matchRate ?? START_RATE;
  for (let round = 0; ; round += 1) {
    const learned = pairsEm(patterns, { comparisons: blank.comparisons, u });
    const model = { ...blank, classes: [learned], matchRate: rate, strata: [{ ...random, u }] };
    const next = spec.training.matchRate ?? expectedRate(register, opened, model);
    const isSettled = Math.abs(Math.log(next / rate)) < 0.02;
    rate = next;
    if (isSettled || round === ROUNDS) return { ...model, matchRate: rate };
    u = withoutMatches(random.u, learned, rate);
  }
}

/** Expected matches among all pairs of the table, by the pairs blocking finds. */
function expectedRate(register: Register, opened: Opened, model: Model): number {
  const linker = new RowLinker({ ...register, model }, opened);
  const { cells, rows, layout } = opened.table;
  let expected = 0;
  const asked = Math.min(rows, ROWS_ASKED);
  const onPair = (_row: number, weight: number) => {
    expected += 1 / (1 + 2 ** -weight);
  };
  for (let i = 0; i < asked; i += 1) {
    const row = asked === rows ? i : Math.floor(chanceOf(register.spec.seed, 7, i) * rows);
    linker.search(cells, row * layout.width, { ...PLAIN_SEARCH, hidden: row, onPair });
  }
  return Math.min(0.5, Math.max(expected / Math.max(asked * (rows - 1), 1), 1e-12));
}

/** Patterns of the pairs that share a key; of more than PAIRS_LEARNED a sample, of groups above the key's `maxGroup` none. */
function patternsOf(
  register: Register,
  { table, functions }: Opened,
  { key, position }: { key: CompiledKey; position: number },
): Patterns {
  const { spec } = register;
  const keys = spec.training.keys.length > 0 ? spec.training.keys : spec.blocking.keys;
  const columns = new Set((keys[position]?.parts ?? []).flatMap((part) => columnsOf(resolved(part, spec.derive))));
  const { comparisons } = functions;
  const fixed = new Set(comparisons.flatMap(({ place }, c) => (columns.has(place.column.name) ? [c] : [])));
  const counts = new Map<string, number>();
  const levels = new Uint8Array(comparisons.length);
  const share = PAIRS_LEARNED / Math.max(pairCount(buildIndexOf(table, key), key.maxGroup), 1);
  eachPair(table, key, (a, b) => {
    if (share < 1 && chanceOf(spec.seed, a, b) >= share) return;
    const { width } = table.layout;
    for (let c = 0; c < levels.length; c += 1)
      levels[c] = (comparisons[c] as Compared).level(table.cells, a * width, table.cells, b * width);
    const pattern = String.fromCharCode(...levels);
    counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  });
  const flat = [...counts.keys()].flatMap((pattern) => Array.from(pattern, (level) => level.charCodeAt(0)));
  return { levels: Uint8Array.from(flat), counts: Float64Array.from(counts.values()), fixed };
}

const buildIndexOf = (table: Table, key: CompiledKey): BlockIndex => buildIndex(table, { ...key, maxGroup: Infinity }, []);

function pairCount({ starts }: BlockIndex, maxGroup: number): number {
  let pairs = 0;
  for (let bucket = 0; bucket + 1 < starts.length; bucket += 1) {
    const size = (starts[bucket + 1] as number) - (starts[bucket] as number);
    if (size <= maxGroup) pairs += (size * (size - 1)) / 2;
  }
  return pairs;
}

function eachPair(table: Table, key: CompiledKey, visit: (a: number, b: number) => void): void {
  const index = buildIndexOf(table, key);
  const { width } = table.layout;
  for (let row = 0; row < table.rows; row += 1) {
    const own = key.held(table.cells, row * width);
    if (own === 0) continue;
    const bucket = bucketOf(own, index);
    const from = index.starts[bucket] as number;
    const to = index.starts[bucket + 1] as number;
    if (to - from > key.maxGroup) continue;
    for (let position = from; position < to; position += 1) {
      const other = index.rows[position] as number;
      if (other < row && key.held(table.cells, other * width) === own) visit(other, row);
    }
  }
}
