import type { Cube } from "./cells.ts";
import { yearUpTo } from "./months.ts";
import { useCells } from "./useCells.ts";
import { askedIn, type View } from "./useView.ts";

/**
 * The view in the newest month of a year in which something of this program is open: some programs pay by the quarter, and of a month without a payment
 * everything is withheld. Null while that is not known.
 */
export function useNewest(view: View, { cube, program, by }: { cube: Cube; program: string; by: string }): View | null {
  const filter = [{ dimension: "program", codes: [program] }];
  const { cells, isLoading } = useCells(askedIn(view, cube.code, { ...yearUpTo(null, cube), dimensions: [by], filter }));
  if (view.month !== null) return view;
  if (isLoading) return null;
  const open = cells.filter(({ units }) => units !== null).map(({ period }) => period);
  return { ...view, month: open.toSorted().at(-1) ?? null };
}
