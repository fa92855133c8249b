import { compact, count, rupiah, share } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import type { Cell } from "../asking/cells.ts";

export type Measure = "units" | "persons" | "total";

/** A measure of a cell as a number to draw by: sums of rupiah lose digits nobody sees. */
export function sizeOf(cell: Cell | undefined, measure: Measure): number | null {
  const value = cell?.[measure];
  return value == null ? null : Number(value);
}

/** A measure of a cell as text; null: there is none. */
export function textOf(cell: Cell | undefined, measure: Measure): string | null {
  const value = cell?.[measure];
  return value == null ? null : measure === "total" ? rupiah(String(value)) : count(value);
}

/** A figure, or why there is none: never zero, never blank. A source that is down is told in place of the whole figure. */
export function Value({ cell, measure = "units" }: { readonly cell: Cell | undefined; readonly measure?: Measure }) {
  const text = textOf(cell, measure);
  return text === null ? <Missing cell={cell} /> : text;
}

/** A share of 0 to 1 reckoned from cells, or why there is none. */
export function Share({ of, cells }: { readonly of: number | null; readonly cells: readonly (Cell | undefined)[] }) {
  if (of !== null) return share(of);
  const missing = cells.includes(undefined) ? undefined : (cells.find((cell) => cell?.isSuppressed) ?? cells[0]);
  return <Missing cell={missing} />;
}

function Missing({ cell }: { readonly cell: Cell | undefined }) {
  const { t } = useText();
  if (!cell?.isSuppressed) return <span className="fig-muted">{t(cell ? "figures.notCounted" : "figures.absent")}</span>;
  return (
    <span className="fig-withheld" title={t("figures.withheldWhy")}>
      {t("figures.withheld")}
    </span>
  );
}

export const shortRupiah = (value: number): string => `Rp ${compact(value)}`;
