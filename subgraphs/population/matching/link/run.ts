import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildRegister, type Linkage, openRegister, type Register } from "../linkage/linkage.ts";
import { frameOf, newLexica } from "../linkage/prepared.ts";
import { oneToOne } from "./cardinality.ts";
import type { LinkConfig } from "./config/config.ts";
import { learn } from "./learn.ts";
import { type LoadedFile, loadFile } from "./load.ts";
import { weightOf } from "./pairs.ts";
import { clustersOf, type LinkReport, reportOf, writeResults } from "./results.ts";
import { scoreAll } from "./score.ts";

type Progress = (text: string) => void;

interface Loaded {
  readonly left: LoadedFile;
  readonly right: readonly LoadedFile[];
  readonly register: Register;
}

/** Reads, learns or takes the model, scores, decides, clusters, writes. Results stand all or not at all. */
export async function runLink(config: LinkConfig, onProgress: Progress): Promise<LinkReport> {
  const { left, right, register } = await load(config, onProgress);
  const files = { left, right };
  const others = right.map(({ table }) => table);
  const opened = openRegister(register, 0);
  onProgress("learning");
  const judgement = await learn({ register, opened, asking: others, frozen: config.model });
  const scored = scoreAll({
    linkage: { ...register, model: judgement.model } satisfies Linkage,
    opened,
    asking: right.length > 0 ? others : [left.table],
    decision: judgement.decision,
    least: { kept: leastKept(config), edge: weightOf(config.clusters.link) },
    spill: `${config.output.pairs ?? join(tmpdir(), "hub-link")}.${process.pid}.rest`,
    onRows: (rows) => onProgress(`${rows} rows scored`),
  });
  const { mode, decision } = config.spec;
  const lost = decision.cardinality === "one-to-one" ? oneToOne(scored.links, mode === "dedupe") : new Set<number>();
  onProgress("clustering");
  const clusters = clustersOf(scored, config, files);
  const report = reportOf(config, files, { scored, lost, judgement, clusters });
  onProgress("writing");
  await writeResults(config, files, { pairs: scored.pairs, lost, clusters, model: judgement.model, report });
  scored.pairs.close();
  return report;
}

/** Where no file of pairs is wanted, none but links are kept. */
const leastKept = ({ output }: LinkConfig): number => (output.pairs === null ? Number.POSITIVE_INFINITY : output.minWeight);

async function load({ spec, left, right, reads }: LinkConfig, onProgress: Progress): Promise<Loaded> {
  const frame = frameOf(spec);
  const lexica = newLexica(frame);
  const read = (file: LinkConfig["left"], side: number | null) =>
    loadFile(file, { frame, lexica, reads, side, onRows: (rows) => onProgress(`${file.path}: ${rows} rows read`) });
  const register = await read(left, null);
  const others: LoadedFile[] = [];
  for (const [index, file] of right.entries()) others.push(await read(file, index)); // one after the other: they share their words
  onProgress("indexing");
  return { left: register, right: others, register: buildRegister(frame, register.table, lexica, 1) };
}
