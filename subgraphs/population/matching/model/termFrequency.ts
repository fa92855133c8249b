import type { Compared } from "../compare/compile.ts";
import type { LexiconData } from "../table/lexicon.ts";
import { shared } from "../table/shared.ts";
import { type Lexica, lexiconKind, type Table } from "../table/table.ts";
import { LEAST } from "./model.ts";

/**
 * How rare the register's words of one comparison are: natural logarithms of their shares, by word. Names that sound the same
 * (`sound`) count together; other texts have only `exact`.
 */
export interface TermFrequency {
  readonly comparison: number;
  readonly word: number;
  /** Levels from here up tell of the sound, the highest of the word itself. */
  readonly soundLevel: number;
  readonly exact: Float64Array;
  readonly sound: Float64Array;
}

/** Names from this level up are the same by sound or by skeleton. */
const SOUND_LEVEL = 6;

export function termFrequencies(register: Table, comparisons: readonly Compared[], lexica: Lexica): TermFrequency[] {
  return comparisons.flatMap(({ isTermWeighted, place, levels }, comparison) => {
    const kind = lexiconKind(place.column);
    const data = kind === null ? undefined : lexica.get(kind)?.data;
    if (!isTermWeighted || !data) return [];
    const { counts, known } = countWords(register, place.word, data.size);
    const isName = kind === "indonesianName";
    const exact = logShares(counts, known);
    const sound = isName ? logShares(countBySound(counts, data), known) : exact;
    return [{ comparison, word: place.word, soundLevel: isName ? SOUND_LEVEL : levels - 1, exact, sound }];
  });
}

function countWords({ cells, rows, layout: { width } }: Table, word: number, size: number) {
  const counts = new Float64Array(size);
  let known = 0;
  for (let at = word; at < rows * width; at += width) {
    const id = cells[at] as number;
    if (id === 0) continue;
    counts[id] = (counts[id] as number) + 1;
    known += 1;
  }
  return { counts, known };
}

function logShares(counts: Float64Array, known: number): Float64Array {
  const logs = shared(Float64Array, counts.length);
  for (let id = 0; id < counts.length; id += 1) logs[id] = Math.log(Math.max((counts[id] as number) / Math.max(known, 1), LEAST));
  return logs;
}

/** For each word the rows of all words with the same codes. */
function countBySound(counts: Float64Array, { pool, size }: LexiconData): Float64Array {
  const bySound = new Map<string, number>();
  const sounds: string[] = [];
  for (let id = 0; id < size; id += 1) {
    const from = pool.start[id] as number;
    const sound = String.fromCharCode(...pool.codes.slice(from, from + (pool.length[id] as number)));
    sounds.push(sound);
    bySound.set(sound, (bySound.get(sound) ?? 0) + (counts[id] as number));
  }
  return Float64Array.from(sounds, (sound) => bySound.get(sound) ?? 0);
}
