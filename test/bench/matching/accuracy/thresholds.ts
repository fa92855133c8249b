import type { Rehearsal } from "../../../../subgraphs/population/matching/decide/rehearsal.ts";
import { accuracyOf, emptyCount, type Judged, type Share, tally } from "./tally.ts";

/** What the rehearsal promised of a threshold, and what came of it. */
export interface Threshold {
  /** Bits. */
  readonly weight: number;
  readonly predicted: {
    readonly precision: number;
    readonly low: number;
    readonly high: number;
    readonly absentMatched: number;
    readonly recall: number;
  };
  readonly true: { readonly precision: Share; readonly absentMatched: Share; readonly recall: Share };
}

const WEIGHTS = [0, 2, 4, 6, 8, 10, 12, 14];

interface Rehearsed {
  readonly judged: Judged;
  readonly rehearsal: Rehearsal | null;
}

/** Over several files the promises are averaged as the rows they were about: precision by links, recall by people present, false matches by absent ones. */
export function thresholdsOf(files: readonly Rehearsed[]): Threshold[] {
  const rehearsed = files.flatMap(({ judged, rehearsal }) => (rehearsal ? [{ judged, rehearsal }] : []));
  return rehearsed.length === 0 ? [] : WEIGHTS.map((weight) => thresholdOf(weight, rehearsed));
}

function thresholdOf(weight: number, files: readonly { judged: Judged; rehearsal: Rehearsal }[]): Threshold {
  const total = emptyCount();
  const sums = { precision: 0, low: 0, high: 0, absentMatched: 0, recall: 0 };
  for (const { judged, rehearsal } of files) {
    const own = emptyCount();
    tally(judged, weight, () => own);
    tally(judged, weight, () => total);
    const predicted = rehearsal.predicted.find((one) => one.weight === weight);
    if (!predicted) throw new Error(`the rehearsal says nothing of ${weight} bits`);
    for (const name of ["precision", "low", "high"] as const) sums[name] += own.linked * predicted[name];
    sums.absentMatched += own.fuzzyAbsent * predicted.falseMatches;
    sums.recall += (own.fuzzy - own.fuzzyAbsent) * predicted.recall;
  }
  const { precision, absentMatched, recall } = accuracyOf(total).fuzzy;
  return {
    weight,
    predicted: {
      precision: sums.precision / total.linked,
      low: sums.low / total.linked,
      high: sums.high / total.linked,
      absentMatched: total.fuzzyAbsent === 0 ? 0 : sums.absentMatched / total.fuzzyAbsent,
      recall: sums.recall / (total.fuzzy - total.fuzzyAbsent),
    },
    true: { precision, absentMatched, recall },
  };
}
