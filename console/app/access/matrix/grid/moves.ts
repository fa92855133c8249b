import type { Place } from "../selection.ts";

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
}

const PAGE_ROWS = 15;

/** Where a key leads from a cell (the grid pattern of WAI-ARIA); null: nowhere. `last`: the cell in the last row and column. */
export function moved({ row, column }: Place, { key, ctrlKey }: Pressed, last: Place): Place | null {
  const to = (nextRow: number, nextColumn: number): Place => ({
    row: Math.min(last.row, Math.max(0, nextRow)),
    column: Math.min(last.column, Math.max(0, nextColumn)),
  });
  switch (key) {
    case "ArrowUp":
      return to(row - 1, column);
    case "ArrowDown":
      return to(row + 1, column);
    case "ArrowLeft":
      return to(row, column - 1);
    case "ArrowRight":
      return to(row, column + 1);
    case "PageUp":
      return to(row - PAGE_ROWS, column);
    case "PageDown":
      return to(row + PAGE_ROWS, column);
    case "Home":
      return ctrlKey ? to(0, 0) : to(row, 0);
    case "End":
      return ctrlKey ? to(last.row, last.column) : to(row, last.column);
    default:
      return null;
  }
}
