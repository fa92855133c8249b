import { CUBES } from "../../../schema/statistics/cubes.ts";
import type { RegionRange } from "../../../schema/values/regionCode.ts";
import { liveVersion } from "../../authenticate/agreement.ts";
import type { Policy } from "../../types/policy.ts";

/** What every figure of an answer stands in: without them an agreement opens no figures at all. */
const FIGURES = ["Query.statistics", "StatisticsCell.persons", "StatisticsCell.units", "StatisticsCell.total"];

/** What a login of PostgreSQL may read that stands for an agreement. */
export interface FiguresOpen {
  /** Cubes for partners. */
  readonly cubes: readonly string[];
  readonly regions: readonly RegionRange[];
}

/**
 * What an agreement opens of figures now, to whoever connects as its consumer; null: nothing. Also null where it takes what a login cannot tell: a person,
 * a case, an address.
 */
export function figuresOpen(
  policy: Policy,
  { agency, agreement: number }: { readonly agency: string; readonly agreement: string },
) {
  const agreement = policy.agreementsOf.get(agency)?.find((one) => one.number === number);
  const terms = agreement && liveVersion(agreement)?.terms;
  if (!terms || terms.needsCase || terms.needsOfficer || !terms.admits("")) return null;
  const isOpen = (coordinate: string) => terms.decisions.verdict(coordinate).effect === "allow";
  if (!FIGURES.every(isOpen)) return null;
  // rows of views go by region alone: whoever may see some programs sees no partner's cube of programs
  const isInScope = (slice: string) => slice !== "programs" || terms.rows.programs === null;
  const cubes = CUBES.filter(
    ({ code, slice, openness }) => openness === "PARTNER" && isInScope(slice) && isOpen(`CubeCode.${code}`),
  ).map(({ code }) => code);
  const open: FiguresOpen = { cubes, regions: terms.rows.regions };
  return open;
}
