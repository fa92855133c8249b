import type { DecisionTable, TableVerdict } from "../../../schema/policy/decisionTable.ts";
import type { Catalogue, CatalogueEntry } from "../../../schema/sdl/catalogue.ts";

/**
 * Coordinates of which `after` tells more than `before`. An argument of a closed field tells nothing. Not counted: the band or claim that
 * stands open in place of a field that is now closed by just that effect.
 */
export function tellsMore(before: DecisionTable, after: DecisionTable, catalogue: Catalogue): string[] {
  const isInstead = ({ coordinate, bandOf, claimOf }: CatalogueEntry): boolean => {
    const source = after.verdict(bandOf ?? claimOf ?? "");
    return source.effect === "deny" && (source.instead ?? []).includes(coordinate);
  };
  const isCounted = (entry: CatalogueEntry): boolean => !isInstead(catalogue.entries.get(entry.carrier ?? "") ?? entry);
  return [...catalogue.entries.values()]
    .filter((entry) => isCounted(entry) && isMore(told(before, entry), told(after, entry)))
    .map(({ coordinate }) => coordinate);
}

interface Told {
  readonly level: number;
  /** What it is shown through, or for which thresholds; null: without limit. */
  readonly through: readonly (string | number)[] | null;
}

function told(table: DecisionTable, { coordinate, carrier }: CatalogueEntry): Told {
  if (table.hidden.has(coordinate)) return { level: 0, through: null };
  if (carrier !== null && table.verdict(carrier).effect === "deny") return { level: 1, through: null };
  return toldBy(table.verdict(coordinate));
}

function toldBy(verdict: TableVerdict): Told {
  if (verdict.effect === "deny") return { level: 1, through: null };
  if (verdict.effect === "transform") return { level: verdict.kind === "pseudonym" ? 2 : 3, through: [verdict.kind] };
  return verdict.values ? { level: 4, through: verdict.values } : { level: 5, through: null };
}

const isMore = (before: Told, after: Told): boolean =>
  after.level > before.level ||
  (after.level === before.level && (after.through ?? []).some((one) => !(before.through ?? []).includes(one)));
