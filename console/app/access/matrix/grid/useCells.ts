import { defaultRangeExtractor, type Range, useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { useCallback, useRef } from "react";
import type { Shown } from "../model.ts";
import type { Place } from "../selection.ts";

export const ROW_PX = 36;
export const COLUMN_PX = 116;
export const HEAD_PX = 64;
const NAME_PX = 300;
/** Where the page is narrow there must be room for cells beside the names. */
const NARROW_NAME_PX = 150;
const NARROW_PX = 600;

/** Rows and columns that are drawn: those in sight, a few around them, and those of the cell that has the focus, which must not go from under it. */
export function useCells({ rows, columns }: Shown, active: Place) {
  const scroller = useRef<HTMLDivElement>(null);
  const namePx = window.innerWidth < NARROW_PX ? NARROW_NAME_PX : NAME_PX;
  const common = { getScrollElement: () => scroller.current, useFlushSync: false };
  const down = useVirtualizer({
    ...common,
    count: rows.length,
    estimateSize: () => ROW_PX,
    paddingStart: HEAD_PX,
    scrollPaddingStart: HEAD_PX,
    overscan: 6,
    rangeExtractor: useCallback((range: Range) => withActive(range, active.row), [active.row]),
  });
  const across = useVirtualizer({
    ...common,
    horizontal: true,
    count: columns.length,
    estimateSize: () => COLUMN_PX,
    paddingStart: namePx,
    scrollPaddingStart: namePx,
    overscan: 2,
    rangeExtractor: useCallback((range: Range) => withActive(range, active.column), [active.column]),
  });
  const drawn = useSame(across.getVirtualItems());
  return { scroller, down, across, drawn, namePx };
}

/** The same array for the same columns, so that rows are drawn anew only where something changed. */
function useSame(items: readonly VirtualItem[]): readonly VirtualItem[] {
  const kept = useRef(items);
  const isSame = kept.current.length === items.length && items.every(({ index }, at) => kept.current[at]?.index === index);
  if (!isSame) kept.current = items;
  return kept.current;
}

function withActive(range: Range, active: number): number[] {
  const drawn = defaultRangeExtractor(range);
  return active < range.count && !drawn.includes(active) ? [...drawn, active].sort((a, b) => a - b) : drawn;
}
