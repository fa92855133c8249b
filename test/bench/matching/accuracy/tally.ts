import { NOBODY } from "../../../../subgraphs/population/matching/linkage/rowLinker.ts";
import type { Decision } from "../../../../subgraphs/population/matching/spec.ts";
import type { LabelledFile } from "../data/labelledFile.ts";
import type { Outcomes } from "../measure/job.ts";

/** A share with its 95 % interval. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly of: number;
}

const Z = 1.96;

/** Wilson's interval: holds near 0 and 1 too. Errors come in clusters, so the truth is somewhat wider. Of nothing: NaN. */
export function shareOf(count: number, of: number): Share {
  const value = count / of;
  const middle = (value + Z ** 2 / (2 * of)) / (1 + Z ** 2 / of);
  const half = (Z / (1 + Z ** 2 / of)) * Math.sqrt((value * (1 - value)) / of + Z ** 2 / (4 * of ** 2));
  return { value, low: Math.max(0, middle - half), high: Math.min(1, middle + half), of };
}

/** Rows of some kind, and what became of them. */
export interface Count {
  rows: number;
  absent: number;
  /** Accepted by NIK, and rightly. */
  exact: number;
  exactRight: number;
  exactAbsent: number;
  /** All that follow: of the rows that no NIK settles. */
  fuzzy: number;
  fuzzyAbsent: number;
  linked: number;
  linkedRight: number;
  linkedAbsent: number;
  review: number;
  reviewRight: number;
  candidates: number;
  capped: number;
}

export const emptyCount = (): Count => ({
  rows: 0,
  absent: 0,
  exact: 0,
  exactRight: 0,
  exactAbsent: 0,
  fuzzy: 0,
  fuzzyAbsent: 0,
  linked: 0,
  linkedRight: 0,
  linkedAbsent: 0,
  review: 0,
  reviewRight: 0,
  candidates: 0,
  capped: 0,
});

/** What a file's rows came to, to be held against the truth. */
export interface Judged {
  readonly file: LabelledFile;
  readonly outcomes: Outcomes;
  readonly personOf: Int32Array;
  readonly decision: Decision;
}

/** Adds every row to the count `countFor` names. `threshold`: bits of an automatic match. */
export function tally(judged: Judged, threshold: number, countFor: (row: number) => Count): void {
  const { file, outcomes } = judged;
  for (let row = 0; row < file.rows; row += 1) {
    const count = countFor(row);
    const absent = file.isAbsent[row] as number;
    count.rows += 1;
    count.absent += absent;
    const person = outcomes.exact[row] as number;
    if (person === NOBODY) addFuzzy(judged, { row, threshold }, count);
    else {
      count.exact += 1;
      count.exactRight += isRight(judged, row, person);
      count.exactAbsent += absent;
    }
  }
}

function addFuzzy(judged: Judged, { row, threshold }: { row: number; threshold: number }, count: Count): void {
  const { file, outcomes, decision } = judged;
  const absent = file.isAbsent[row] as number;
  const right = isRight(judged, row, outcomes.best[row] as number);
  const band = bandOf(outcomes, row, { threshold, decision });
  count.fuzzy += 1;
  count.fuzzyAbsent += absent;
  count.candidates += outcomes.candidates[row] as number;
  count.capped += outcomes.capped[row] === 0 ? 0 : 1;
  if (band === "automatic") {
    count.linked += 1;
    count.linkedRight += right;
    count.linkedAbsent += absent;
  } else if (band === "review") {
    count.review += 1;
    count.reviewRight += right;
  }
}

/** Either of two records of a person is that person. */
const isRight = ({ file, personOf }: Judged, row: number, found: number): number =>
  found !== NOBODY && personOf[found] === file.person[row] ? 1 : 0;

/** As matching.md §7 decides. */
function bandOf(
  { best, weight, margin }: Outcomes,
  row: number,
  { threshold, decision }: { threshold: number; decision: Decision },
): "automatic" | "review" | "none" {
  const bits = weight[row] as number;
  if (best[row] === NOBODY) return "none";
  if (bits >= threshold && (margin[row] as number) >= decision.margin) return "automatic";
  return 1 / (1 + 2 ** -bits) >= decision.review ? "review" : "none";
}

/** The shares accuracy is told by. */
export function accuracyOf(count: Count) {
  const right = count.exactRight + count.linkedRight;
  return {
    fuzzy: {
      precision: shareOf(count.linkedRight, count.linked),
      recall: shareOf(count.linkedRight, count.fuzzy - count.fuzzyAbsent),
      absentMatched: shareOf(count.linkedAbsent, count.fuzzyAbsent),
      review: shareOf(count.review, count.fuzzy),
      rightInReview: shareOf(count.reviewRight, count.review),
    },
    whole: {
      precision: shareOf(right, count.exact + count.linked),
      recall: shareOf(right, count.rows - count.absent),
      absentMatched: shareOf(count.exactAbsent + count.linkedAbsent, count.absent),
    },
    exact: { precision: shareOf(count.exactRight, count.exact) },
    candidates: count.candidates / count.fuzzy,
    capped: shareOf(count.capped, count.fuzzy),
  };
}
export type Accuracy = ReturnType<typeof accuracyOf>;
