import { TRAITS } from "../../../../drizzle/synthetic/files/sources.ts";
import { readCsv } from "../../../../subgraphs/population/matching/csv/read.ts";
import type { CsvRow } from "../../../../subgraphs/population/matching/csv/row.ts";
import { type Rehearsal, rehearse } from "../../../../subgraphs/population/matching/decide/rehearsal.ts";
import { type EncodeRow, encoderOf } from "../../../../subgraphs/population/matching/linkage/encoder.ts";
import { blankModel, learnFromRows, tellApart } from "../../../../subgraphs/population/matching/linkage/learn.ts";
import { type Opened, openRegister, type Register } from "../../../../subgraphs/population/matching/linkage/linkage.ts";
import { NOBODY, PLAIN_SEARCH, RowLinker } from "../../../../subgraphs/population/matching/linkage/rowLinker.ts";
import type { Model } from "../../../../subgraphs/population/matching/model/model.ts";
import { Table } from "../../../../subgraphs/population/matching/table/table.ts";
import { CSV, READS } from "../data/columns.ts";
import type { LabelledFile } from "../data/labelledFile.ts";
import { hasRoom, openForLearning } from "./engine.ts";

/** What a job sees of a file: never the truth. */
export type PlainFile = Pick<LabelledFile, "source" | "bytes" | "starts" | "rows">;

export interface Lesson {
  readonly model: Model;
  /** Null where too few rows are verified by NIK to rehearse with. */
  readonly rehearsal: Rehearsal | null;
  /** Bits of an automatic match, chosen by the rehearsal alone; Infinity: none is. */
  readonly threshold: number;
  readonly cpuSeconds: number;
  /** Rows looked up by NIK one after the other, with nothing between, and the seconds it took. */
  readonly exact: { readonly rows: number; readonly cpuSeconds: number };
}

/** Row by row, in the file's order. */
export interface Outcomes {
  /** Row of the register accepted by NIK, or NOBODY. */
  readonly exact: Int32Array;
  /** Of the rows without such: the best row of the register, or NOBODY; bits; bits to the second best. */
  readonly best: Int32Array;
  readonly weight: Float64Array;
  readonly margin: Float64Array;
  readonly candidates: Int32Array;
  /** Keys that found too many people to look at, a bit a key. */
  readonly capped: Int32Array;
}

/** CPU seconds of each pass, on one thread. */
export interface Passes {
  read: number;
  exact: number;
  fuzzy: number;
}

const SAMPLE = 120_000;
const PARTS = 200;
/** Few, so that words are forgotten only when there is no room for more, as in a job's threads. */
const BATCH = 100;
const MOST_WORDS = 5;

/** Learns the model of one file, or of several as if they were one, without labels, and rehearses with it, as a job does before its first row. */
export async function learn(register: Register, files: readonly PlainFile[]): Promise<Lesson> {
  const clock = cpuClock();
  const opened = openForLearning(register);
  const table = await sampleOf(files, opened);
  const lookingUp = cpuClock();
  const rows = tellApart(new RowLinker({ ...register, model: blankModel(register, opened) }, opened), table);
  const exact = { rows: table.rows, cpuSeconds: lookingUp() };
  const { model } = learnFromRows(register, opened, rows);
  const { decision, seed } = register.spec;
  const linker = new RowLinker({ ...register, model }, opened);
  const rehearsal = rehearse(linker, opened, rows, { decision, matchRate: model.matchRate, seed });
  return { model, rehearsal, threshold: rehearsal?.automatic ?? Number.POSITIVE_INFINITY, cpuSeconds: clock(), exact };
}

/** The first rows of each file, for files are shuffled, taken in turn so that any beginning of the sample is one of all files. */
async function sampleOf(files: readonly PlainFile[], opened: Opened): Promise<Table> {
  const total = files.reduce((sum, { rows }) => sum + rows, 0);
  const share = Math.min(1, SAMPLE / total);
  const table = new Table(opened.frame.layout);
  for (let part = 0; part < PARTS; part += 1)
    for (const file of files) {
      const encode = encoderFor(file, opened);
      const upTo = (parts: number) => Math.floor((file.rows * share * parts) / PARTS);
      await readRows(file, [upTo(part), upTo(part + 1)], (row) => {
        if (!hasRoom(opened)) return; // a file of nothing but new words is learned from its first ones
        const at = table.add();
        encode(row, table.cells, at);
      });
    }
  return table;
}

/** Matches every row of a file. `views`: between how many views of the register, as threads have them, batches go round. */
export async function match(
  register: Register,
  file: PlainFile,
  { model, batch = BATCH, views = 1 }: { model: Model; batch?: number; views?: number },
): Promise<{ outcomes: Outcomes; passes: Passes }> {
  const outcomes = emptyOutcomes(file.rows);
  const passes: Passes = { read: 0, exact: 0, fuzzy: 0 };
  const matchers = Array.from({ length: views }, (_, place) => {
    const opened = openRegister(register, place);
    return { opened, encode: encoderFor(file, opened), linker: new RowLinker({ ...register, model }, opened) };
  });
  for (let from = 0; from < file.rows; from += batch) {
    const { opened, encode, linker } = matchers[(from / batch) % views] as (typeof matchers)[number];
    const table = new Table(opened.frame.layout, batch);
    const reading = cpuClock();
    for (const lexicon of opened.lexica.values()) if (lexicon.room < MOST_WORDS * batch) lexicon.forget();
    await readRows(file, [from, Math.min(from + batch, file.rows)], (row) => {
      const at = table.add();
      encode(row, table.cells, at);
    });
    passes.read += reading();
    matchBatch(linker, table, { from, outcomes, passes });
  }
  return { outcomes, passes };
}

function matchBatch(
  linker: RowLinker,
  { cells, rows, layout }: Table,
  { from, outcomes, passes }: { from: number; outcomes: Outcomes; passes: Passes },
): void {
  const looking = cpuClock();
  for (let row = 0; row < rows; row += 1) outcomes.exact[from + row] = linker.exact(cells, row * layout.width);
  passes.exact += looking();
  const searching = cpuClock();
  for (let row = 0; row < rows; row += 1) {
    const place = from + row;
    if (outcomes.exact[place] !== NOBODY) continue;
    const found = linker.search(cells, row * layout.width, PLAIN_SEARCH);
    outcomes.best[place] = found.row;
    outcomes.weight[place] = found.weight;
    outcomes.margin[place] = found.margin;
    outcomes.candidates[place] = found.candidates;
    outcomes.capped[place] = found.capped;
  }
  passes.fuzzy += searching();
}

const emptyOutcomes = (rows: number): Outcomes => ({
  exact: new Int32Array(rows).fill(NOBODY),
  best: new Int32Array(rows).fill(NOBODY),
  weight: new Float64Array(rows),
  margin: new Float64Array(rows),
  candidates: new Int32Array(rows),
  capped: new Int32Array(rows),
});

export function encoderFor({ source }: PlainFile, { frame, lexica }: Pick<Opened, "frame" | "lexica">): EncodeRow {
  return encoderOf(frame, lexica, { reads: READS, nulls: [], formats: new Map([["birth", TRAITS[source].dateFormat]]) });
}

/** Rows `from` (inclusive) to `to` (exclusive). */
export async function readRows(
  { bytes, starts }: PlainFile,
  [from, to]: readonly [number, number],
  onRow: (row: CsvRow) => void,
): Promise<void> {
  if (from < to) await readCsv(once(bytes.subarray(starts[from], starts[to])), CSV, onRow);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Seconds of CPU the process has used since; garbage collection and compilation too. */
export function cpuClock(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
}
