import { LEAST, type Model } from "../model/model.ts";
import type { Scorer } from "../model/scorer.ts";

/** One step of an explanation: what it comes from, and by how many bits it raises or lowers the weight. */
export interface Bar {
  readonly of: "prior" | "field" | "frequency" | "lookAlikes";
  /** Column of a field, stratum of look-alikes; null for the others. */
  readonly name: string | null;
  readonly bits: number;
}

interface Pair {
  readonly levels: Uint8Array;
  /** Row of the register. */
  readonly row: number;
}

/**
 * Why a pair weighs what it does. The bars add up to its weight: the odds before anything is compared, one bar a field as if fields were
 * independent, how rare the name is, and what other people who would look like this take away again, named after the kind most of them are of.
 */
export function waterfall(model: Model, scorer: Scorer, { levels, row }: Pair): Bar[] {
  const weight = scorer.weight(levels, 0, row);
  const random = model.strata[0];
  const fields = model.comparisons.map(({ name }, c): Bar => {
    const level = levels[c] as number;
    const m = model.classes.reduce((sum, one) => sum + one.share * (one.m[c]?.[level] ?? 0), 0);
    const u = random?.u[c]?.[level] ?? 0;
    return { of: "field", name, bits: level === 0 ? 0 : Math.log2(Math.max(m, LEAST) / Math.max(u, LEAST)) };
  });
  const bars: Bar[] = [
    { of: "prior", name: null, bits: scorer.prior / Math.LN2 - Math.log2(random?.others ?? 1) },
    ...fields,
    { of: "frequency", name: null, bits: scorer.frequency.reduce((sum, nats) => sum + nats, 0) / Math.LN2 },
  ];
  const sum = bars.reduce((total, { bits }) => total + bits, 0);
  return [...bars, { of: "lookAlikes", name: scorer.mainStratum(), bits: weight - sum }];
}
