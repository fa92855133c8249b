import { type BlockIndex, buildIndex } from "../block/blockIndex.ts";
import { measureRandom, measureStratum } from "../model/measure.ts";
import type { Model, Stratum } from "../model/model.ts";
import { strataSizes } from "../model/strataSizes.ts";
import { type TermFrequency, termFrequencies } from "../model/termFrequency.ts";
import type { LinkSpec } from "../spec.ts";
import type { LexiconData, Reserve } from "../table/lexicon.ts";
import { type Lexica, Table } from "../table/table.ts";
import { attachLexica, type Frame, type Functions, frameOf, functionsOf } from "./prepared.ts";

/** The register made ready to be searched, all of it in memory that threads share or small enough to copy. */
export interface Register {
  readonly spec: LinkSpec;
  readonly cells: Int32Array;
  readonly rows: number;
  readonly lexica: readonly LexiconData[];
  readonly indexes: readonly BlockIndex[];
  readonly exact: BlockIndex | null;
  readonly frequencies: readonly TermFrequency[];
  readonly strata: readonly Stratum[];
  readonly sizes: Uint8Array;
}

/** A register with the model that judges its pairs. */
export interface Linkage extends Register {
  readonly model: Model;
}

/** Words and codes one thread may add at a time. */
export const RESERVE = { entries: 32_768, codes: 1_048_576 };

/** Builds all a search needs; O(rows · keys). `lexica` grow no more after this. */
export function buildRegister(frame: Frame, table: Table, lexica: Lexica, threads: number): Register {
  const { spec } = frame;
  const data = [...lexica.values()].map((lexicon) => lexicon.freeze(threads + 1, RESERVE));
  const functions = functionsOf(frame, lexica);
  const { comparisons, keys, refiners, exact } = functions;
  const random = measureRandom({ register: table, comparisons, seed: spec.seed }, table);
  const measured = measureStrata(frame, table, functions);
  const strata = [spec.mode === "link" ? random : { ...random, others: 1 }, ...measured.map(({ stratum }) => stratum)];
  return {
    spec,
    cells: table.cells,
    rows: table.rows,
    lexica: data,
    indexes: keys.map((key) => buildIndex(table, key, refiners)),
    exact: exact && buildIndex(table, exact, []),
    frequencies: termFrequencies(table, comparisons, lexica),
    strata,
    sizes: strataSizes(table, measured),
  };
}

function measureStrata({ spec, layout }: Frame, register: Table, { comparisons, strata }: Functions) {
  return strata.map((key, i) => {
    const parts = spec.strata[i]?.parts ?? [];
    const columns = parts.flatMap((part) => ("column" in part ? [part.column] : []));
    const isHousehold = columns.some((name) => layout.places.get(name)?.column.as === "familyCard");
    const fixes = comparisons.flatMap(({ place }, c) => (isHousehold || columns.includes(place.column.name) ? [c] : []));
    const index = buildIndex(register, key, []);
    const name = `${i}:${JSON.stringify(parts)}`;
    const stratum = measureStratum({ register, comparisons, seed: spec.seed }, { name, key, index, fixes });
    return { stratum, key, index };
  });
}

/** One thread's view of a linkage. `place`: which thread, counted from 0. */
export interface Opened {
  readonly frame: Frame;
  readonly table: Table;
  readonly lexica: Lexica;
  readonly functions: Functions;
}

export function openRegister({ spec, cells, rows, lexica: data }: Register, place: number): Opened {
  const frame = frameOf(spec);
  const lexica = attachLexica(frame, data, { ...RESERVE, place } satisfies Reserve);
  const table = new Table(frame.layout, 0, cells);
  table.rows = rows;
  return { frame, table, lexica, functions: functionsOf(frame, lexica) };
}
