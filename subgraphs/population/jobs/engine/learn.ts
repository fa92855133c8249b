import { readCsv } from "../../matching/csv/read.ts";
import { type Rehearsal, rehearse } from "../../matching/decide/rehearsal.ts";
import { blankModel, learnFromRows, type Rows, tellApart } from "../../matching/linkage/learn.ts";
import type { Opened, Register } from "../../matching/linkage/linkage.ts";
import { attachLexica, frameOf, functionsOf } from "../../matching/linkage/prepared.ts";
import { NOBODY, RowLinker } from "../../matching/linkage/rowLinker.ts";
import type { Model } from "../../matching/model/model.ts";
import { Table } from "../../matching/table/table.ts";
import { once } from "../upload/head.ts";
import type { Mapping } from "../upload/mapping.ts";
import { rowReader } from "./reading.ts";
import { LEARNER, type Snapshot } from "./register.ts";

/** What a job decides by. */
export interface Learned {
  readonly model: Model;
  /** Null where too few rows have a NIK that proves itself: then nothing can be predicted of this file. */
  readonly rehearsal: Rehearsal | null;
  /** Bits an automatic match needs. */
  readonly threshold: number;
}

export interface Lesson {
  readonly mapping: Mapping;
  /** Rows of the file in random order, as CSV with commas. */
  readonly sample: Uint8Array;
  /** A frozen model; null: learn one. */
  readonly model: Model | null;
}

/** Rows that no NIK settles; of fewer nothing is learned. */
const LEAST_UNSETTLED = 200;
/** Where nothing could be rehearsed: 1 in 1,000 by the model alone, and as much again for its being too sure. */
const CAUTIOUS = 20;

/** Learns a file's model, or takes the frozen one, and rehearses with it. Blocks its thread for seconds. */
export async function learn({ register }: Snapshot, { mapping, sample, model: frozen }: Lesson): Promise<Learned> {
  const opened = openForLearning(register);
  const blank = blankModel(register, opened);
  const rows = tellApart(new RowLinker({ ...register, model: blank }, opened), await tableOf(sample, mapping, opened));
  const model = frozen ?? learnModel(register, opened, rows) ?? blank;
  const { decision, seed } = register.spec;
  const linker = new RowLinker({ ...register, model }, opened);
  const rehearsal = rehearse(linker, opened, rows, { decision, matchRate: model.matchRate, seed });
  return { model, rehearsal, threshold: rehearsal?.automatic ?? CAUTIOUS };
}

function learnModel(register: Register, opened: Opened, rows: Rows): Model | null {
  const unsettled = rows.verified.reduce((sum, person) => sum + (person === NOBODY ? 1 : 0), 0);
  return unsettled < LEAST_UNSETTLED ? null : learnFromRows(register, opened, rows).model;
}

/** A view with room for the words of a whole sample. One at a time in a process. */
function openForLearning({ spec, cells, rows, lexica: data }: Register): Opened {
  const frame = frameOf(spec);
  const lexica = attachLexica(frame, data, LEARNER);
  const table = new Table(frame.layout, 0, cells);
  table.rows = rows;
  return { frame, table, lexica, functions: functionsOf(frame, lexica) };
}

async function tableOf(sample: Uint8Array, mapping: Mapping, opened: Opened): Promise<Table> {
  const table = new Table(opened.frame.layout);
  const read = rowReader(opened, mapping);
  const hasRoom = () => [...opened.lexica.values()].every(({ room }) => room > ROOM);
  const part = { columns: mapping.header, firstLine: 1 };
  await readCsv(once(sample), { delimiter: ",", part, onReject: () => {} }, (row) => {
    if (!hasRoom()) return; // a file of nothing but new words is learned from its first ones
    const at = table.add();
    read(row, table.cells, at);
  });
  return table;
}
const ROOM = 16;
