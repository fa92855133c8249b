import type { GrantSeed } from "./readyMade.ts";

const FIGURES = "Cube.partnerFigures";

/** Whoever plans, audits or runs the programs, within its own regions: figures of the cubes that are not open data. */
export const PARTNER_FIGURES: readonly GrantSeed[] = [
  { selector: FIGURES, effect: "aggregate" },
  { selector: FIGURES, use: "AGGREGATE" },
];
