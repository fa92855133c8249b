import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ConfigFaults } from "../../../../../schema/settings.ts";
import { resolved } from "../../block/derive.ts";
import { comparisonNames } from "../../compare/compile.ts";
import { levelCount } from "../../compare/kinds.ts";
import type { Column, Comparison, ComparisonKind, Expression, LinkSpec } from "../../spec.ts";
import { type ColumnRead, columnsAt, deriveAt } from "./columns.ts";
import { isForKeys } from "./expression.ts";
import { type FileSpec, fileAt, type OpenedFile } from "./files.ts";
import { parseJson, UnreadableJson } from "./json.ts";
import {
  blockingAt,
  type Clustering,
  clustersAt,
  comparisonAt,
  decisionAt,
  exactAt,
  keysAt,
  type OutputSpec,
  outputAt,
  trainingAt,
} from "./sections.ts";
import { type At, choiceAt, fault, fieldsAt, isGiven, itemsAt, numberAt } from "./shape.ts";

/** A linkage of files, all of it checked. */
export interface LinkConfig {
  readonly spec: LinkSpec;
  readonly left: FileSpec;
  /** None to de-duplicate. */
  readonly right: readonly FileSpec[];
  /** Columns that stand in the files. */
  readonly reads: readonly ColumnRead[];
  readonly clusters: Clustering;
  /** Paths relative to the configuration, resolved. */
  readonly output: OutputSpec;
  /** A frozen model to use; null: learn one. */
  readonly model: string | null;
}

const SECTIONS = [
  "mode",
  "left",
  "right",
  "columns",
  "derive",
  "comparisons",
  "exact",
  "blocking",
  "strata",
  "training",
  "decision",
  "clusters",
  "output",
  "seed",
] as const;
/** The engine keeps a bit for each comparison, stratum and key. */
const MOST = 30;
type Sections = Readonly<Record<(typeof SECTIONS)[number], At>>;

/** Reads and checks a configuration, and that the files it names have the columns it names. Throws `ConfigFaults` with all faults. */
export async function readLinkConfig(path: string): Promise<LinkConfig> {
  const faults: string[] = [];
  const sections = fieldsAt({ value: await valueIn(path), path: "", faults }, SECTIONS);
  const folder = dirname(resolve(path));
  const mode = choiceAt(sections.mode, ["link", "dedupe"]);
  const left = await fileAt(sections.left, folder);
  const right = await rightAt(sections.right, { mode, folder });
  const config = configOf(sections, { mode, left, right, path: resolve(path) });
  if (faults.length > 0) throw new ConfigFaults(faults);
  return withFolder(config, folder);
}

async function valueIn(path: string): Promise<unknown> {
  try {
    return parseJson(await readFile(path, "utf8"));
  } catch (error) {
    const { code } = error as { code?: string };
    if (error instanceof UnreadableJson) throw new ConfigFaults([`${path} is not JSON, ${error.message}`]);
    if (code === "ENOENT" || code === "EISDIR") throw new ConfigFaults([`${path} is no file`]);
    throw error;
  }
}

/** One object, or a list of them. */
async function rightAt(at: At, { mode, folder }: { mode: LinkSpec["mode"]; folder: string }): Promise<OpenedFile[]> {
  if (mode === "dedupe") {
    if (isGiven(at)) fault(at, "must not be given: one file, left, is de-duplicated");
    return [];
  }
  const places = Array.isArray(at.value) ? itemsAt(at) : [at];
  if (places.length === 0) fault(at, "must name a file");
  const files = await Promise.all(places.map((place) => fileAt(place, folder)));
  const paths = files.map(({ path }) => path);
  for (const { path, place } of files.filter(({ path }, index) => path !== "" && paths.indexOf(path) !== index))
    fault(place, `names ${path} a second time`);
  return files;
}

interface Files {
  readonly mode: LinkSpec["mode"];
  readonly left: OpenedFile;
  readonly right: readonly OpenedFile[];
  /** Of the configuration, resolved. */
  readonly path: string;
}

function configOf(sections: Sections, { mode, left, right, path }: Files): LinkConfig {
  const reads = columnsAt(sections.columns, { left, right, kinds: kindsIn(sections.comparisons) });
  const { derive, names } = deriveAt(sections.derive, reads);
  const own = new Map(reads.map(({ column }) => [column.name, column]));
  const known = new Map([...[...names.derived].map((name) => [name, derivedColumn(name)] as const), ...own]);
  const comparisons = withBirthDate(itemsAt(sections.comparisons).map((item) => comparisonAt(item, known)));
  if (comparisons.length === 0 || comparisons.length > MOST) fault(sections.comparisons, `must have 1 to ${MOST} comparisons`);
  const exact = exactAt(sections.exact, own, topLevels(comparisons));
  for (const { on, swapWith } of comparisons) for (const name of [on, swapWith]) isComparable(sections.comparisons, name, derive);
  const blocking = blockingAt(sections.blocking, names);
  const maxGroup = blocking.keys[0]?.maxGroup ?? 0;
  const strata = keysAt(sections.strata, { names, maxGroup });
  if (mode === "dedupe" && strata.length > 0)
    fault(sections.strata, "must be [] to de-duplicate: they are measured on a register");
  if (Math.max(strata.length, blocking.keys.length) > MOST)
    fault(sections.blocking, `and strata must have ${MOST} keys at most each`);
  const { training, model } = trainingAt(sections.training, mode, { names, maxGroup });
  const folder = dirname(path);
  const read = [left, ...right].filter((file) => file.path !== "").map(({ location }) => location);
  const inputs = [path, ...read, ...(model === null ? [] : [resolve(folder, model)])];
  const decision = decisionAt(sections.decision, { mode, isExact: exact !== null });
  const spec: LinkSpec = {
    mode,
    columns: reads.map(({ column }) => column),
    derive,
    comparisons,
    exact,
    blocking,
    strata,
    training,
    decision,
    seed: numberAt(sections.seed, { from: 0, to: 2 ** 31 - 1, isWhole: true, or: 1 }),
  };
  return {
    spec,
    left,
    right,
    reads,
    model,
    clusters: clustersAt(sections.clusters, mode),
    output: outputAt(sections.output, { folder, inputs }),
  };
}

/** Kind of the first comparison on each column. */
function kindsIn(at: At): Map<string, ComparisonKind> {
  const items = Array.isArray(at.value) ? (at.value as Readonly<Record<string, unknown>>[]) : [];
  return new Map(items.map((item) => [String(item?.["on"]), item?.["kind"] as ComparisonKind] as const).reverse());
}

const derivedColumn = (name: string): Column => ({ name, as: "text", format: null });

function isComparable(at: At, name: string | null, derive: ReadonlyMap<string, Expression>): void {
  const from = name !== null && derive.has(name) ? resolved({ column: name }, derive) : null;
  if (from && isForKeys(from)) fault(at, `compare “${name}”, which is made with a function for keys only`);
}

/** A NIK tells its holder's birth date; the one date that is compared is taken for it. */
function withBirthDate(comparisons: readonly Comparison[]): Comparison[] {
  const [birth, ...more] = new Set(comparisons.filter(({ kind }) => kind === "date").map(({ on }) => on));
  const repeats = more.length === 0 ? (birth ?? null) : null;
  return comparisons.map((comparison) => (comparison.kind === "nik" ? { ...comparison, repeats } : comparison));
}

function topLevels(comparisons: readonly Comparison[]): Map<string, number> {
  const names = comparisonNames({ comparisons });
  return new Map(comparisons.map((comparison, index) => [names[index] ?? "", levelCount(comparison) - 1]));
}

function withFolder(config: LinkConfig, folder: string): LinkConfig {
  const { pairs, clusters, model, report, minWeight } = config.output;
  const at = (path: string | null) => (path === null ? null : resolve(folder, path));
  return {
    ...config,
    model: at(config.model),
    output: { pairs: at(pairs), clusters: at(clusters), model: at(model), report: at(report), minWeight },
  };
}
