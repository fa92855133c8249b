import type { Cell } from "./cells.ts";

/** The name that came with a cell, or its code. */
const nameOf = ({ region, regionCode }: Cell): string => titled(region?.name ?? regionCode);

/** Codes with their names as the cells bring them. */
export const namesOf = (cells: readonly Cell[]): ReadonlyMap<string, string> =>
  new Map(cells.map((cell) => [cell.regionCode, nameOf(cell)]));

const WRITTEN_IN_CAPITALS = new Set(["DKI", "DI"]);

/** Names are published in capitals down to regencies; those are harder to read. */
export function titled(name: string): string {
  if (name !== name.toUpperCase()) return name;
  return name
    .split(" ")
    .map((word) =>
      WRITTEN_IN_CAPITALS.has(word) ? word : word.replace(/[A-Z]+/g, (run) => run.charAt(0) + run.slice(1).toLowerCase()),
    )
    .join(" ");
}
