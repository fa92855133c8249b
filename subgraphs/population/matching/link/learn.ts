import { readFile } from "node:fs/promises";
import { ConfigFaults } from "../../../../schema/settings.ts";
import { type Rehearsal, rehearse } from "../decide/rehearsal.ts";
import { blankModel, learnFromRows, type Rows, tellApart } from "../linkage/learn.ts";
import type { Opened, Register } from "../linkage/linkage.ts";
import { learnFromPairs } from "../linkage/pairs.ts";
import { RowLinker } from "../linkage/rowLinker.ts";
import { type Model, NORMALISER } from "../model/model.ts";
import type { Decision } from "../spec.ts";
import { chanceOf } from "../table/hash.ts";
import { Table } from "../table/table.ts";

/** Rows looked at to learn; of them those that an exact hit did not settle are learned from. */
const SAMPLED = 100_000;
const SAMPLE_STREAM = 101;

interface Learning {
  readonly register: Register;
  readonly opened: Opened;
  /** Rows that ask: of the right files, or none to de-duplicate. */
  readonly asking: readonly Table[];
  /** Path of a frozen model; null: learn one. */
  readonly frozen: string | null;
}

/** How pairs will be judged. */
export interface Judgement {
  readonly model: Model;
  /** The configuration's, with the weight a rehearsal asks for where there was one. */
  readonly decision: Decision;
  readonly rehearsal: Rehearsal | null;
}

export async function learn({ register, opened, asking, frozen }: Learning): Promise<Judgement> {
  const { mode, training, decision, seed } = register.spec;
  const blank = blankModel(register, opened);
  const sample = mode === "dedupe" ? null : sampleOf(asking, seed);
  const needsRows = decision.calibrate || (frozen === null && training.method === "row");
  const rows = sample && needsRows ? tellApart(new RowLinker({ ...register, model: blank }, opened), sample) : null;
  const model = frozen === null ? learned(register, opened, { sample, rows }) : await frozenModel(frozen, blank);
  if (!decision.calibrate || !rows) return { model, decision, rehearsal: null };
  const linker = new RowLinker({ ...register, model }, opened);
  const rehearsal = rehearse(linker, opened, rows, { decision, matchRate: model.matchRate, seed });
  if (!rehearsal) throw new ConfigFaults(["decision.calibrate: exact verifies too few rows to rehearse with; it must be false"]);
  // a precision no threshold reaches: nothing is linked but exact hits
  return { model, decision: { ...decision, linkWeight: rehearsal.automatic ?? Number.POSITIVE_INFINITY }, rehearsal };
}

function learned(register: Register, opened: Opened, { sample, rows }: { sample: Table | null; rows: Rows | null }): Model {
  const isByRow = register.spec.training.method === "row" && rows !== null;
  return isByRow ? learnFromRows(register, opened, rows).model : learnFromPairs(register, opened, sample);
}

/** Rows drawn by chance, in an order of chance: who takes the first of them takes a sample too. */
function sampleOf(tables: readonly Table[], seed: number): Table {
  const [first] = tables;
  if (!first) throw new Error("no file asks");
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  const drawn: { readonly cells: Int32Array; readonly chance: number }[] = [];
  const { width } = first.layout;
  let counter = 0;
  for (const { cells, rows } of tables)
    for (let row = 0; row < rows; row += 1) {
      counter += 1;
      const chance = chanceOf(seed, SAMPLE_STREAM, counter);
      if (chance * total < SAMPLED) drawn.push({ cells: cells.subarray(row * width, (row + 1) * width), chance });
    }
  drawn.sort((x, y) => x.chance - y.chance);
  const sample = new Table(first.layout, drawn.length);
  for (const { cells } of drawn) {
    const at = sample.add(); // before cells are asked for: it may move them
    sample.cells.set(cells, at);
  }
  return sample;
}

/** A model another run wrote; it must have been made for the same comparisons. */
async function frozenModel(path: string, blank: Model): Promise<Model> {
  const model = await readModel(path);
  if (model.format !== blank.format || model.normaliser !== NORMALISER)
    throw new ConfigFaults([`training.model: ${path} was made by another version: learn it again`]);
  if (JSON.stringify(model.comparisons) !== JSON.stringify(blank.comparisons))
    throw new ConfigFaults([`training.model: ${path} was learned with other comparisons: ${JSON.stringify(model.comparisons)}`]);
  return model;
}

async function readModel(path: string): Promise<Model> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Model;
  } catch (error) {
    throw new ConfigFaults([`training.model: ${path} cannot be read: ${(error as Error).message}`]);
  }
}
