// biome-ignore-all lint/a11y/useSemanticElements: a table of which only a part is drawn is a grid (WAI-ARIA); table elements would count what is drawn
// biome-ignore-all lint/a11y/useFocusableInteractive: one cell is in the tab order, keys lead to the heads' deeds
import type { VirtualItem } from "@tanstack/react-virtual";
import { memo } from "react";
import { useText } from "../../../kit/text.tsx";
import type { Model, Shown } from "../model.ts";
import { COLUMN_PX, HEAD_PX } from "./useCells.ts";

interface HeadProps {
  readonly model: Model;
  readonly shown: Shown;
  /** Columns that are drawn. */
  readonly columns: readonly VirtualItem[];
  readonly width: number;
  readonly namePx: number;
}

/** The agreements, above their columns however far one scrolls. */
export const Head = memo(function Head({ model, shown, columns, width, namePx }: HeadProps) {
  const { t, enumLabel } = useText();
  return (
    <div role="rowgroup" className="matrix-head" style={{ width, height: HEAD_PX }}>
      <div role="row" aria-rowindex={1} style={{ height: HEAD_PX }}>
        <div role="columnheader" aria-colindex={1} className="matrix-corner" style={{ width: namePx }}>
          {t("access.coordinate")}
        </div>
        {columns.map(({ index, start }) => {
          const column = model.columns[shown.columns[index] ?? -1];
          if (!column) return null;
          const { number, title, consumer, state } = column;
          return (
            <div
              key={index}
              role="columnheader"
              aria-colindex={index + 2}
              className="matrix-agreement"
              title={`${number} · ${title}`}
              data-row={-1}
              data-column={index}
              style={{ left: start, width: COLUMN_PX }}
            >
              <strong>{number}</strong>
              <span>{consumer.code}</span>
              <span className="matrix-muted">{enumLabel("AgreementState", state)}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
});
