import { SAMPLED } from "../../jobs/engine/sample.ts";
import { type Rehearsal, rehearse } from "../../matching/decide/rehearsal.ts";
import { blankModel, learnFromRows, tellApart } from "../../matching/linkage/learn.ts";
import type { Opened, Register } from "../../matching/linkage/linkage.ts";
import { NOBODY, RowLinker } from "../../matching/linkage/rowLinker.ts";
import type { Model } from "../../matching/model/model.ts";
import { chanceOf } from "../../matching/table/hash.ts";
import { Table } from "../../matching/table/table.ts";

/** Rows that no NIK settles; of fewer nothing is learned. */
const LEAST_UNSETTLED = 200;
const STREAM = 301;

/** Learns one model of all files together, and rehearses with it. Null: too few rows have a NIK that proves itself. */
export function learnTogether(register: Register, opened: Opened, rows: Table): { model: Model; rehearsal: Rehearsal | null } {
  const { decision, seed } = register.spec;
  const blank = blankModel(register, opened);
  const lesson = tellApart(new RowLinker({ ...register, model: blank }, opened), drawn(rows, seed));
  const unsettled = lesson.verified.reduce((sum, person) => sum + Number(person === NOBODY), 0);
  const model = unsettled < LEAST_UNSETTLED ? blank : learnFromRows(register, opened, lesson).model;
  const linker = new RowLinker({ ...register, model }, opened);
  return { model, rehearsal: rehearse(linker, opened, lesson, { decision, matchRate: model.matchRate, seed }) };
}

/** Rows by chance, in the order of their chances. */
function drawn({ layout, cells, rows }: Table, seed: number): Table {
  const chances = Float64Array.from({ length: rows }, (_, row) => chanceOf(seed, STREAM, row));
  const share = SAMPLED / Math.max(rows, 1);
  const chosen = Array.from(chances.keys()).filter((row) => (chances[row] as number) < share);
  chosen.sort((a, b) => (chances[a] as number) - (chances[b] as number));
  const sample = new Table(layout, chosen.length);
  for (const row of chosen) {
    const at = sample.add();
    sample.cells.set(cells.subarray(row * layout.width, (row + 1) * layout.width), at);
  }
  return sample;
}
