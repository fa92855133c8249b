import { complete } from "../cluster/complete.ts";
import { components } from "../cluster/components.ts";
import { EdgeList } from "../cluster/edges.ts";
import { star } from "../cluster/star.ts";
import { comparisonNames } from "../compare/compile.ts";
import type { Model } from "../model/model.ts";
import type { LinkConfig } from "./config/config.ts";
import type { LoadedFile } from "./load.ts";
import { DECISIONS, PairFile, withResults, writeClusters, writeJson } from "./output.ts";
import { type PairStore, probabilityOf, weightOf } from "./pairs.ts";
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
  /** Pairs kept: those of `minWeight` and more, or that a decision or a cluster needed. */
  readonly pairs: number;
  readonly linked: number;
  readonly review: number;
  readonly clusters: number;
}

export interface Files {
  readonly left: LoadedFile;
  readonly right: readonly LoadedFile[];
}

/** Cluster of each row, the right files' rows behind the left one's. */
export function clustersOf(
  { length, a, b, weight, isExact }: PairStore,
  { clusters }: LinkConfig,
  { left, right }: Files,
): Int32Array {
  const register = left.table.rows;
  const rows = right.reduce((sum, { table }) => sum + table.rows, register);
  const shift = right.length > 0 ? register : 0;
  const least = weightOf(clusters.link);
  const edges = new EdgeList();
  for (let pair = 0; pair < length; pair += 1) {
    const bits = weight[pair] as number;
    if (bits >= least || isExact[pair] === 1) edges.add(a[pair] as number, (b[pair] as number) + shift, bits);
  }
  if (clusters.method === "components") return components(rows, edges);
  if (clusters.method === "complete") return complete(rows, edges);
  return star(rows, edges, { centres: right.length > 0 ? register : null });
}

interface Results {
  readonly scored: Scored;
  readonly model: Model;
  readonly clusters: Int32Array;
}

export function reportOf({ spec }: LinkConfig, { left, right }: Files, { scored, model, clusters }: Results): LinkReport {
  const { pairs, exact, candidates, capped } = scored;
  const files = [left, ...right].map(({ path, table }) => ({ path, rows: table.rows }));
  const count = (column: Uint8Array, value: number) =>
    column.subarray(0, pairs.length).reduce((sum, one) => sum + (one === value ? 1 : 0), 0);
  return {
    mode: spec.mode,
    files,
    rows: (right.length > 0 ? files.slice(1) : files).reduce((sum, { rows }) => sum + rows, 0),
    matchRate: model.matchRate,
    exact,
    candidates,
    capped,
    pairs: pairs.length,
    linked: count(pairs.isLinked, 1),
    review: count(pairs.decision, DECISIONS.indexOf("review")),
    clusters: new Set(clusters).size,
  };
}

interface Written {
  readonly pairs: PairStore;
  readonly clusters: Int32Array;
  readonly model: Model;
  readonly report: LinkReport;
}

export async function writeResults(
  { spec, output }: LinkConfig,
  files: Files,
  { pairs, clusters, model, report }: Written,
): Promise<void> {
  await withResults(async (open) => {
    const pairFile = open(output.pairs);
    if (pairFile)
      writePairs(new PairFile(pairFile, files, comparisonNames(spec)), pairs, {
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

function writePairs(
  out: PairFile,
  pairs: PairStore,
  { right, minWeight }: { right: readonly LoadedFile[]; minWeight: number },
): void {
  let file = 0;
  let first = 0;
  for (let pair = 0; pair < pairs.length; pair += 1) {
    const asking = pairs.b[pair] as number;
    for (let rows = right[file]?.table.rows; rows !== undefined && asking - first >= rows; rows = right[file]?.table.rows) {
      first += rows;
      file += 1;
    }
    const weight = pairs.weight[pair] as number;
    const isLinked = pairs.isLinked[pair] === 1;
    if (weight < minWeight && !isLinked) continue;
    out.write({
      a: pairs.a[pair] as number,
      file,
      b: asking - first,
      weight,
      probability: probabilityOf(weight),
      margin: pairs.margin[pair] as number,
      decision: DECISIONS[pairs.decision[pair] as number] ?? "none",
      isLinked,
      levels: pairs.levelsOf(pair),
    });
  }
  out.end();
}
