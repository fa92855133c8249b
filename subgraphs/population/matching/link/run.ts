import { readFile } from "node:fs/promises";
import { ConfigFaults } from "../../../../schema/settings.ts";
import { blankModel, learnFromRows, tellApart } from "../linkage/learn.ts";
import { buildRegister, type Linkage, type Opened, openRegister, type Register } from "../linkage/linkage.ts";
import { learnFromPairs } from "../linkage/pairs.ts";
import { frameOf, newLexica } from "../linkage/prepared.ts";
import { RowLinker } from "../linkage/rowLinker.ts";
import { type Model, NORMALISER } from "../model/model.ts";
import { chanceOf } from "../table/hash.ts";
import { Table } from "../table/table.ts";
import type { LinkConfig } from "./config/config.ts";
import { type LoadedFile, loadFile } from "./load.ts";
import { clustersOf, type LinkReport, reportOf, writeResults } from "./results.ts";
import { floorOf, scoreAll } from "./score.ts";

type Progress = (text: string) => void;

interface Loaded {
  readonly left: LoadedFile;
  readonly right: readonly LoadedFile[];
  readonly register: Register;
}

/** Reads, learns or takes the model, scores, decides, clusters, writes. Results stand all or not at all. */
export async function runLink(config: LinkConfig, onProgress: Progress): Promise<LinkReport> {
  if (config.spec.decision.calibrate)
    throw new ConfigFaults(["decision.calibrate cannot be done yet: link is a posterior, calibrate must be false"]);
  const { left, right, register } = await load(config, onProgress);
  const asking = right.length > 0 ? right.map(({ table }) => table) : [left.table];
  const opened = openRegister(register, 0);
  onProgress("learning");
  const model =
    config.model === null ? learn(register, opened, asking) : await frozenModel(config.model, blankModel(register, opened));
  const scored = scoreAll({
    linkage: { ...register, model } satisfies Linkage,
    opened,
    asking,
    floor: floorOf(config.spec.decision, { minWeight: config.output.minWeight, cluster: config.clusters.link }),
    onRows: (rows) => onProgress(`${rows} rows scored`),
  });
  onProgress("clustering");
  const clusters = clustersOf(scored.pairs, config, { left, right });
  const report = reportOf(config, { left, right }, { scored, model, clusters });
  onProgress("writing");
  await writeResults(config, { left, right }, { pairs: scored.pairs, clusters, model, report });
  return report;
}

async function load({ spec, left, right, reads }: LinkConfig, onProgress: Progress): Promise<Loaded> {
  const frame = frameOf(spec);
  const lexica = newLexica(frame);
  const read = (file: LinkConfig["left"], side: "left" | "right") =>
    loadFile(file, { frame, lexica, reads, side, onRows: (rows) => onProgress(`${file.path}: ${rows} rows read`) });
  const register = await read(left, "left");
  const others: LoadedFile[] = [];
  for (const file of right) others.push(await read(file, "right")); // one after the other: they share their words
  onProgress("indexing");
  return { left: register, right: others, register: buildRegister(frame, register.table, lexica, 1) };
}

/** Rows looked at to learn; of them those that an exact hit did not settle are learned from. */
const SAMPLED = 100_000;

function learn(register: Register, opened: Opened, asking: readonly Table[]): Model {
  const { mode, training, seed } = register.spec;
  if (mode === "dedupe") return learnFromPairs(register, opened);
  if (training.method === "pairs")
    throw new ConfigFaults(["training.method pairs learns within one file: to link give row, or a frozen model"]);
  const blank = { ...register, model: blankModel(register, opened) };
  return learnFromRows(register, opened, tellApart(new RowLinker(blank, opened), sampleOf(asking, seed))).model;
}

/** Rows drawn by chance, in their order; all when they are few. */
function sampleOf(tables: readonly Table[], seed: number): Table {
  const [first] = tables;
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  if (!first || (tables.length === 1 && total <= SAMPLED)) return first ?? new Table({ width: 1, places: new Map() });
  const sample = new Table(first.layout, Math.min(total, SAMPLED) * 2);
  const { width } = first.layout;
  let counter = 0;
  for (const { cells, rows } of tables)
    for (let row = 0; row < rows; row += 1) {
      counter += 1;
      if (chanceOf(seed, SAMPLE_STREAM, counter) * total >= SAMPLED) continue;
      const at = sample.add();
      sample.cells.set(cells.subarray(row * width, (row + 1) * width), at);
    }
  return sample;
}

const SAMPLE_STREAM = 101;

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
