import { count, share } from "../../kit/format.ts";
import { type Cell, shareOf, sumOf } from "../asking/cells.ts";
import type { Column } from "../charts/BarTable.tsx";
import { countScale, type Scale, shareScale } from "../charts/scale.ts";
import { type Measure, Share, shortRupiah, sizeOf, Value } from "./Value.tsx";

type ColumnOf = Pick<Column, "name" | "label" | "whole">;

type Found = (region: string) => Cell | undefined;

/** A measure of one cell a region. */
export function figureColumn({ measure = "units", ...column }: ColumnOf & { readonly measure?: Measure }, found: Found): Column {
  return {
    ...column,
    sizeOf: (region) => sizeOf(found(region), measure),
    show: (region) => <Value cell={found(region)} measure={measure} />,
  };
}

/** Units of the first as a share of the units of all. */
export function shareColumn(
  column: ColumnOf,
  found: (region: string) => readonly [part: Cell | undefined, ...rest: (Cell | undefined)[]],
): Column {
  const of = (region: string) => {
    const cells = found(region);
    return shareOf(cells[0]?.units, sumOf(cells.map((cell) => cell?.units)));
  };
  return { whole: 1, ...column, sizeOf: of, show: (region) => <Share of={of(region)} cells={found(region)} /> };
}

interface Mapping {
  readonly scale: Scale;
  readonly format: (value: number) => string;
}

export const mappedShares = (): Mapping => ({ scale: shareScale, format: share });
export const mappedCounts = (sizes: readonly (number | null)[]): Mapping => ({ scale: countScale(sizes), format: count });
export const mappedRupiah = (sizes: readonly (number | null)[]): Mapping => ({ scale: countScale(sizes), format: shortRupiah });
