// biome-ignore-all lint/a11y/useSemanticElements: a table of which only a part is drawn is a grid (WAI-ARIA); table elements would count what is drawn
// biome-ignore-all lint/a11y/useFocusableInteractive: one cell is in the tab order, keys lead to the heads' deeds
import type { VirtualItem } from "@tanstack/react-virtual";
import { memo } from "react";
import { colourOf, markOf } from "../../../kit/EffectMark.tsx";
import { useText } from "../../../kit/text.tsx";
import { effectAt, type Model, type Shown } from "../model.ts";
import { isSelected, type Selection } from "../selection.ts";
import { COLUMN_PX, ROW_PX } from "./useCells.ts";

interface RowProps {
  readonly model: Model;
  readonly shown: Shown;
  /** Columns that are drawn. */
  readonly columns: readonly VirtualItem[];
  readonly width: number;
  readonly namePx: number;
  readonly index: number;
  readonly start: number;
  readonly selection: Selection;
  /** Column of the cell in the tab order; null: it is in another row. */
  readonly activeColumn: number | null;
}

/** One field under all agreements in sight. */
export const Row = memo(function Row({ model, shown, columns, width, namePx, index, start, selection, activeColumn }: RowProps) {
  const { enumLabel } = useText();
  const at = shown.rows[index] ?? -1;
  const field = model.fields[at];
  if (!field) return null;
  const about = [field.class && enumLabel("DataClass", field.class), ...field.owners.map(({ code }) => code)]
    .filter(Boolean)
    .join(" · ");
  return (
    <div role="row" aria-rowindex={index + 2} className="matrix-row" style={{ top: start, height: ROW_PX, width }}>
      <div
        role="rowheader"
        aria-colindex={1}
        className="matrix-name"
        title={field.description}
        data-row={index}
        data-column={-1}
        style={{ width: namePx }}
      >
        <span>{field.coordinate}</span>
        <span className="matrix-muted">{about}</span>
      </div>
      {columns.map(({ index: column, start: left }) => {
        const agreement = model.columns[shown.columns[column] ?? -1];
        if (!agreement) return null;
        return (
          <Cell
            key={column}
            row={index}
            column={column}
            left={left}
            effect={effectAt(agreement, at)}
            isSelected={isSelected(selection, agreement.number, field.coordinate)}
            isActive={column === activeColumn}
          />
        );
      })}
    </div>
  );
});

interface CellProps {
  readonly row: number;
  readonly column: number;
  readonly left: number;
  readonly effect: string;
  readonly isSelected: boolean;
  readonly isActive: boolean;
}

/** An effect by its mark and its word. */
const Cell = memo(function Cell({ row, column, left, effect, isSelected: selected, isActive }: CellProps) {
  const { t, enumLabel } = useText();
  return (
    <div
      role="gridcell"
      aria-colindex={column + 2}
      aria-selected={selected}
      tabIndex={isActive ? 0 : -1}
      className="matrix-cell"
      data-row={row}
      data-column={column}
      style={{ left, width: COLUMN_PX, color: colourOf(effect) }}
    >
      <span aria-hidden>{effect === "" ? "·" : markOf(effect)}</span>
      {effect === "" ? t("access.notGranted") : enumLabel("GrantEffect", effect)}
    </div>
  );
});
