import { comparisonNames } from "../../matching/compare/compile.ts";
import { waterfall } from "../../matching/decide/waterfall.ts";
import type { Linkage, Opened } from "../../matching/linkage/linkage.ts";
import type { Model } from "../../matching/model/model.ts";
import { Scorer } from "../../matching/model/scorer.ts";
import { PEMADANAN } from "../../matching/pemadanan.ts";
import { fitOf } from "./contradictions.ts";

interface Pair {
  readonly levels: Uint8Array;
  /** Row of the register. */
  readonly row: number;
}

const MOTHER = comparisonNames(PEMADANAN).indexOf("mother");

/**
 * Of what a pair's weight is made, in bits: the odds before, an element each, how rare the name is, look-alikes; they add up to the weight.
 * The mother's name counts by whether it fits: how near it comes would be tried out letter by letter. The rest of it stands with the look-alikes.
 */
export function partsBy(linkage: Linkage, opened: Opened): (pair: Pair) => number[] {
  const { model, frequencies, sizes } = linkage;
  const scorer = new Scorer(model, { register: opened.table, frequencies, sizes });
  return (pair) => {
    const parts = waterfall(model, scorer, pair).map(({ bits }) => bits);
    const [at, last] = [1 + MOTHER, parts.length - 1];
    const told = bitsOfFit(model, pair.levels[MOTHER] as number);
    parts[last] = (parts[last] as number) + (parts[at] as number) - told;
    parts[at] = told;
    return parts;
  };
}

/** What it says that the mother's name fits, or does not. */
function bitsOfFit({ classes, strata }: Model, level: number): number {
  const fit = fitOf(level);
  const shareOf = (levels: readonly number[] = []) =>
    levels.reduce((sum, share, one) => sum + (fitOf(one) === fit ? share : 0), 0);
  const m = classes.reduce((sum, { share, m: levels }) => sum + share * shareOf(levels[MOTHER]), 0);
  const u = shareOf(strata[0]?.u[MOTHER]);
  return fit === 0 || m === 0 || u === 0 ? 0 : Math.log2(m / u);
}
