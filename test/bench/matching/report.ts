import type { Accuracy, Share } from "./accuracy/tally.ts";
import type { Threshold } from "./accuracy/thresholds.ts";
import { type EndToEnd, rateOf } from "./measure/endToEnd.ts";
import type { WorldFigures } from "./measure/measureWorld.ts";
import type { MergeFigures } from "./measure/merge.ts";
import type { VerifyFigures } from "./measure/verifyOne.ts";
import { isReached, type Target } from "./targets.ts";

/** Per cent with as many digits as tell 0.999 from 0.9999. */
const percent = (value: number): string => (Number.isNaN(value) ? "–" : (100 * value).toFixed(2));
const fine = (value: number): string => (Number.isNaN(value) ? "–" : (100 * value).toFixed(3));
const interval = ({ value, low, high, of }: Share): string => (of === 0 ? "–" : `${fine(value)} [${fine(low)}, ${fine(high)}]`);
const thousands = (value: number): string => Math.round(value).toLocaleString("en-US");
const line = (...cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  line(...head),
  `|${"---|".repeat(head.length)}`,
  ...rows.map((row) => line(...row)),
];

const ACCURACY = ["rows", "P %", "R %", "absent matched %", "review %", "whole file P %", "whole file R %"];
const accuracyCells = ({ fuzzy, whole }: Accuracy): string[] => [
  interval(fuzzy.precision),
  interval(fuzzy.recall),
  interval(fuzzy.absentMatched),
  percent(fuzzy.review.value),
  interval(whole.precision),
  interval(whole.recall),
];

/** The figures of one share of absent people, as a page of text. `inFull`: by group of people too. */
export function worldReport(figures: WorldFigures, inFull: boolean): string {
  const { absent, registerRows, rows, fuzzyRows, accuracy, jobs, thresholds } = figures;
  const title = absent === 0 ? "closed world: nobody absent" : `${percent(absent)} % of the people absent from the register`;
  const wholes = line("**all**", thousands(rows), ...accuracyCells(accuracy));
  return [
    `### ${title}`,
    "",
    `${thousands(registerRows)} rows in the register, ${thousands(rows)} in four files, ${thousands(fuzzyRows)} of them fuzzy (no NIK settles them).`,
    "P, R, absent people matched and review are of the fuzzy rows at the threshold each file's rehearsal chose; in brackets 95 % intervals.",
    "",
    ...table(
      ["", ...ACCURACY],
      jobs.map((job) => [job.source, thousands(job.rows), ...accuracyCells(job.accuracy)]),
    ),
    wholes,
    ...(inFull ? groupLines(figures) : []),
    "",
    ...jobLines(figures),
    "",
    "Rehearsal: what was predicted for a threshold (margin 4 bits), beside the truth; all four files",
    "",
    ...thresholdLines(thresholds),
    "",
  ].join("\n");
}

const groupLines = ({ groups }: WorldFigures): string[] =>
  Object.entries(groups).flatMap(([grouping, parts]) =>
    Object.entries(parts).map(([name, group]) => line(`${grouping}: ${name}`, thousands(group.rows), ...accuracyCells(group))),
  );

const jobLines = ({ jobs }: WorldFigures): string[] =>
  table(
    [
      "",
      "threshold, bits",
      "λ̂ (true)",
      "candidates a fuzzy row",
      "capped %",
      "exact hits right %",
      "right in review %",
      "learning, CPU s",
    ],
    jobs.map(({ source, threshold, matchRate, accuracy, learnCpuSeconds }) => [
      source,
      Number.isFinite(threshold) ? threshold.toFixed(1) : "none",
      `${matchRate.learned.toFixed(3)} (${matchRate.true.toFixed(3)})`,
      accuracy.candidates.toFixed(1),
      percent(accuracy.capped.value),
      fine(accuracy.exact.precision.value),
      percent(accuracy.fuzzy.rightInReview.value),
      learnCpuSeconds.toFixed(1),
    ]),
  );

const thresholdLines = (thresholds: readonly Threshold[]): string[] =>
  table(
    ["w ≥", "P̂ %", "P %", "absent matched, predicted %", "true %", "R, predicted %", "true %"],
    thresholds.map(({ weight, predicted, true: truth }) => [
      String(weight),
      `${fine(predicted.precision)} [${fine(predicted.low)}, ${fine(predicted.high)}]`,
      interval(truth.precision),
      fine(predicted.absentMatched),
      fine(truth.absentMatched.value),
      percent(predicted.recall),
      percent(truth.recall.value),
    ]),
  );

/** A line a target: what was asked, what came, and by how much it was missed. */
export const targetReport = (targets: readonly Target[]): string =>
  [
    "### Targets",
    "",
    ...table(
      ["what", "target", "measured", ""],
      targets.map((target) => {
        const { what, demanded, measured, isLeast, unit } = target;
        const missed = `missed by ${amount(Math.abs(measured - demanded), unit).replace(" %", " points")}`;
        return [
          what,
          `${isLeast ? "≥" : "≤"} ${amount(demanded, unit)}`,
          amount(measured, unit),
          isReached(target) ? "reached" : missed,
        ];
      }),
    ),
  ].join("\n");

const amount = (value: number, unit: Target["unit"]): string => {
  if (unit === "share") return `${fine(value)} %`;
  return `${unit === "rows/s" ? thousands(value) : value.toFixed(value < 1 ? 3 : 1)} ${unit}`;
};

/** The passes of a world on one thread. */
export const passesReport = ({ passes, buildSeconds, registerBytes, registerRows }: WorldFigures): string =>
  [
    `Register of ${thousands(registerRows)} rows: indexes and strata built in ${buildSeconds.toFixed(1)} CPU s, ${thousands(registerBytes / 1e6)} MB.`,
    `Rows a CPU second, shuffled: ${thousands(passes.readPerSecond)} read and encoded, ${thousands(passes.exactPerSecond)} looked up by NIK`,
    `(${thousands(passes.exactInTurnPerSecond)} in turn with reading and searching), ${thousands(passes.fuzzyPerSecond)} fuzzy ones searched.`,
    "",
  ].join("\n");

export const mergeReport = ({ absent, rows, precision, recall, learnCpuSeconds, mergeCpuSeconds }: MergeFigures): string =>
  [
    `Four files merged, ${percent(absent)} % absent: ${thousands(rows)} rows, pairs P ${interval(precision)}, R ${interval(recall)};`,
    `learning ${learnCpuSeconds.toFixed(1)} CPU s, merge ${mergeCpuSeconds.toFixed(1)} CPU s.`,
    "",
  ].join("\n");

export const verifyReport = ({ claims, p50Ms, p99Ms, worstMs }: VerifyFigures): string =>
  `Verify one, in process without the database: ${thousands(claims)} claims, p50 ${p50Ms.toFixed(3)} ms, p99 ${p99Ms.toFixed(3)} ms, worst ${worstMs.toFixed(1)} ms.\n`;

export const endToEndReport = (files: readonly EndToEnd[]): string =>
  [
    "Real jobs, two threads, embedded PostgreSQL on the same machine; wall-clock seconds",
    "",
    ...table(
      ["", "rows", "upload s", "prepare s", "match s", "rows/s without prepare"],
      files.map((one) => [
        one.file,
        thousands(one.rows),
        one.uploadSeconds.toFixed(1),
        one.prepareSeconds.toFixed(1),
        one.matchSeconds.toFixed(1),
        thousands(rateOf(one)),
      ]),
    ),
    "",
  ].join("\n");
