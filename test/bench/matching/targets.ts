import { type EndToEnd, rateOf } from "./measure/endToEnd.ts";
import type { WorldFigures } from "./measure/measureWorld.ts";
import type { MergeFigures } from "./measure/merge.ts";
import type { VerifyFigures } from "./measure/verifyOne.ts";

/** One line of the list of what must be reached (issue 3; matching.md §13). */
export interface Target {
  readonly what: string;
  readonly demanded: number;
  readonly measured: number;
  /** Whether more is better. */
  readonly isLeast: boolean;
  readonly unit: "share" | "rows/s" | "s" | "ms" | "GB";
}

/** All figures of a run. */
export interface Measured {
  readonly worlds: readonly WorldFigures[];
  readonly verify: VerifyFigures | null;
  readonly merge: MergeFigures | null;
  /** Of exact rows first; none: not measured. */
  readonly endToEnd: readonly EndToEnd[];
}

const atLeast = (what: string, measured: number, demanded: number, unit: Target["unit"] = "share"): Target => ({
  what,
  demanded,
  measured,
  isLeast: true,
  unit,
});
const atMost = (what: string, measured: number, demanded: number, unit: Target["unit"] = "share"): Target => ({
  ...atLeast(what, measured, demanded, unit),
  isLeast: false,
});

const GIGABYTE = 1e9;
/** Below this many people, room for threads and new words weighs more than the people. */
const LARGE = 500_000;

/** Every target this run has a figure for. The first world is the headline. */
export function targetsOf({ worlds, verify, merge, endToEnd }: Measured): Target[] {
  const headline = worlds[0];
  if (!headline) return [];
  const perMillion = headline.registerBytes / GIGABYTE / (headline.registerRows / 1e6);
  const { passes } = headline;
  return [
    ...worlds.flatMap(accuracyTargets),
    atLeast("exact pass in the engine, a CPU second", passes.exactPerSecond, 1e6, "rows/s"),
    atLeast("fuzzy pass, a CPU second", passes.fuzzyPerSecond, headline.people >= 1e7 ? 1e4 : 2e4, "rows/s"),
    ...(headline.people >= LARGE ? [atMost("memory of a million people", perMillion, 0.5, "GB")] : []),
    ...endToEnd.slice(0, 1).map((one) => atLeast("exact rows from file to result table", rateOf(one), 250_000, "rows/s")),
    ...(merge ? mergeTargets(merge) : []),
    ...(verify ? [atMost("verify one, p99, without the database", verify.p99Ms, 5, "ms")] : []),
  ];
}

function accuracyTargets({ absent, accuracy, thresholds }: WorldFigures): Target[] {
  const { fuzzy, whole } = accuracy;
  const at = `${100 * absent} % absent`;
  const off = Math.max(...thresholds.map(({ predicted, true: truth }) => Math.abs(predicted.precision - truth.precision.value)));
  const ghosts = absent === 0 ? [] : [atMost(`${at}: absent people matched, of fuzzy rows`, fuzzy.absentMatched.value, 0.001)];
  return [
    atLeast(`${at}: precision of the automatic band, fuzzy rows`, fuzzy.precision.value, 0.999),
    atLeast(`${at}: recall of the automatic band, fuzzy rows`, fuzzy.recall.value, 0.96),
    ...ghosts,
    atMost(`${at}: review, of fuzzy rows`, fuzzy.review.value, 0.04),
    atLeast(`${at}: precision of the whole file, automatic only`, whole.precision.value, 0.9999),
    atLeast(`${at}: recall of the whole file, automatic only`, whole.recall.value, 0.996),
    atMost(`${at}: rehearsal off by, at the worst threshold`, off, 0.002),
  ];
}

export const isReached = ({ measured, demanded, isLeast }: Target): boolean =>
  isLeast ? measured >= demanded : measured <= demanded;

const mergeTargets = ({ absent, rows, precision, recall, learnCpuSeconds, mergeCpuSeconds }: MergeFigures): Target[] => [
  atLeast(`four files merged, ${100 * absent} % absent: precision of pairs`, precision.value, 0.9995),
  atLeast(`four files merged, ${100 * absent} % absent: recall of pairs`, recall.value, 0.99),
  // the target is for 455,000 rows
  atMost(
    `four files merged: CPU seconds of ${rows} rows, learning too`,
    learnCpuSeconds + mergeCpuSeconds,
    (60 * rows) / 455_000,
    "s",
  ),
];
