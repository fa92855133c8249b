import { complete } from "../cluster/complete.ts";
import { components } from "../cluster/components.ts";
import { star } from "../cluster/star.ts";
import { comparisonNames } from "../compare/compile.ts";
import type { Rehearsal } from "../decide/rehearsal.ts";
import type { Model } from "../model/model.ts";
import type { LinkConfig } from "./config/config.ts";
import type { Judgement } from "./learn.ts";
import type { LoadedFile } from "./load.ts";
import { PairFile, withResults, writeClusters, writeJson } from "./output.ts";
import { type PairStore, probabilityOf } from "./pairs.ts";
import type { Scored } from "./score.ts";

/** What a run did, in figures; no times, so that the same run is the same bytes. */
export interface LinkReport {
  readonly mode: "link" | "dedupe";
  readonly files: readonly { readonly path: string; readonly rows: number }[];
  /** Rows that asked. */
  readonly rows: number;
  readonly matchRate: number;
  readonly exact: number;
  readonly candidates: number;
  /** Rows of which a blocking key found too many to look at. */
  readonly capped: number;
  /** Pairs of `minWeight` and more, and links. */
  readonly pairs: number;
  readonly linked: number;
  readonly review: number;
  readonly clusters: number;
  /** What each threshold would do to these files, where `calibrate` asked for it; `automatic` is the one taken, null: none is sure enough. */
  readonly calibration: Rehearsal | null;
}

export interface Files {
  readonly left: LoadedFile;
  readonly right: readonly LoadedFile[];
}

/** Cluster of each row, the right files' rows behind the left one's. */
export function clustersOf({ edges }: Scored, { clusters }: LinkConfig, { left, right }: Files): Int32Array {
  const register = left.table.rows;
  const rows = right.reduce((sum, { table }) => sum + table.rows, register);
  if (clusters.method === "components") return components(rows, edges);
  if (clusters.method === "complete") return complete(rows, edges);
  return star(rows, edges, { centres: right.length > 0 ? register : null });
}

interface Results {
  readonly scored: Scored;
  /** Numbers of links that lost to surer ones. */
  readonly lost: ReadonlySet<number>;
  readonly judgement: Judgement;
  readonly clusters: Int32Array;
}

export function reportOf(
  { spec }: LinkConfig,
  { left, right }: Files,
  { scored, lost, judgement, clusters }: Results,
): LinkReport {
  const { pairs, links, review, exact, candidates, capped } = scored;
  const files = [left, ...right].map(({ path, table }) => ({ path, rows: table.rows }));
  return {
    mode: spec.mode,
    files,
    rows: (right.length > 0 ? files.slice(1) : files).reduce((sum, { rows }) => sum + rows, 0),
    matchRate: judgement.model.matchRate,
    exact,
    candidates,
    capped,
    pairs: pairs.length,
    linked: links.numbers.length - lost.size,
    review,
    clusters: new Set(clusters).size,
    calibration: judgement.rehearsal,
  };
}

interface Written {
  readonly pairs: PairStore;
  readonly lost: ReadonlySet<number>;
  readonly clusters: Int32Array;
  readonly model: Model;
  readonly report: LinkReport;
}

export async function writeResults(
  { spec, output }: LinkConfig,
  files: Files,
  { pairs, lost, clusters, model, report }: Written,
): Promise<void> {
  await withResults(async (open) => {
    const pairFile = open(output.pairs);
    if (pairFile)
      writePairs(new PairFile(pairFile, files, comparisonNames(spec)), pairs, {
        lost,
        right: files.right,
        minWeight: output.minWeight,
      });
    const clusterFile = open(output.clusters);
    if (clusterFile) writeClusters(clusterFile, files, clusters);
    const modelFile = open(output.model);
    if (modelFile) writeJson(modelFile, model);
    const reportFile = open(output.report);
    if (reportFile) writeJson(reportFile, report);
  });
}

interface Writing {
  readonly lost: ReadonlySet<number>;
  readonly right: readonly LoadedFile[];
  readonly minWeight: number;
}

function writePairs(out: PairFile, pairs: PairStore, { lost, right, minWeight }: Writing): void {
  let file = 0;
  let first = 0;
  pairs.each(({ a, b, weight, margin, decision, levels }, number) => {
    for (let rows = right[file]?.table.rows; rows !== undefined && b - first >= rows; rows = right[file]?.table.rows) {
      first += rows;
      file += 1;
    }
    const isLinked = decision === "link" && !lost.has(number);
    if (weight < minWeight && !isLinked) return;
    out.write({ a, file, b: b - first, weight, probability: probabilityOf(weight), margin, decision, isLinked, levels });
  });
  out.end();
}
