import type { FigureRow, StoredCell } from "./data.ts";

/** A published figure beside ours, whole numbers as text. */
export interface ReconciledRow extends Omit<FigureRow, "value"> {
  readonly published: string;
  readonly ours: string | null;
  readonly period: string | null;
  readonly difference: string | null;
  readonly perMille: number | null;
}

const MEASURED = { PERSONS: "persons", UNITS: "units", TOTAL: "total" } as const;

/** `cell`: ours; null: none is released. Pure. */
export function reconciled({
  figure: { value, ...figure },
  cell,
}: {
  figure: FigureRow;
  cell: StoredCell | null;
}): ReconciledRow {
  const measured = cell?.[MEASURED[figure.measure]] ?? null;
  const ours = measured === null ? null : BigInt(measured);
  return {
    ...figure,
    published: String(value),
    ours: ours === null ? null : String(ours),
    period: cell?.period ?? null,
    difference: ours === null ? null : String(ours - value),
    perMille: ours === null || value === 0n ? null : Number((ours * 1000n) / value),
  };
}
