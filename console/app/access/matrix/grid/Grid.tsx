// biome-ignore-all lint/a11y/useSemanticElements: a table of which only a part is drawn is a grid (WAI-ARIA); table elements would count what is drawn
import "./matrix.css";
import { Text } from "@mantine/core";
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef, useState } from "react";
import { useText } from "../../../kit/text.tsx";
import type { Model, Shown } from "../model.ts";
import { type Block, type Place, type Selection, toggled } from "../selection.ts";
import { Head } from "./Head.tsx";
import { moved } from "./moves.ts";
import { Row } from "./Row.tsx";
import { HEAD_PX, useCells } from "./useCells.ts";

interface GridProps {
  readonly model: Model;
  readonly shown: Shown;
  readonly selection: Selection;
  readonly select: (next: (before: Selection) => Selection) => void;
}

const FIRST: Place = { row: 0, column: 0 };

/** The matrix itself: only what is in sight is drawn, whatever its size. One cell is in the tab order; arrows lead to the others. */
export function Grid(props: GridProps) {
  const { t } = useText();
  const hint = useId();
  const { model, shown, selection } = props;
  const { active, ...on } = useActive(props);
  const { scroller, down, across, drawn: columns, namePx } = useCells(shown, active);
  useFocus(active, (to) => {
    down.scrollToIndex(to.row);
    across.scrollToIndex(to.column);
  });
  const width = across.getTotalSize();
  return (
    <>
      <Text id={hint} size="sm" c="dimmed" className="no-print">
        {t("access.gridHint")}
      </Text>
      <div
        ref={scroller}
        className="matrix"
        role="grid"
        aria-label={t("access.part.matrix")}
        aria-describedby={hint}
        aria-rowcount={shown.rows.length + 1}
        aria-colcount={shown.columns.length + 1}
        aria-multiselectable
        {...on}
      >
        <Head {...{ model, shown, columns, width, namePx }} />
        <div role="rowgroup" style={{ height: down.getTotalSize(), width, marginTop: -HEAD_PX }}>
          {down.getVirtualItems().map(({ index, start }) => (
            <Row
              key={index}
              {...{ model, shown, columns, width, namePx, index, start, selection }}
              activeColumn={index === active.row ? active.column : null}
            />
          ))}
        </div>
      </div>
    </>
  );
}

/** The cell that has, or would get, the focus; what keys and clicks do to it and to the selection. */
function useActive({ model, shown, select }: GridProps) {
  const [wanted, setActive] = useState(FIRST);
  const anchor = useRef(FIRST);
  const last = { row: shown.rows.length - 1, column: shown.columns.length - 1 };
  const active = { row: Math.min(wanted.row, last.row), column: Math.min(wanted.column, last.column) };
  const toggle = (block: Block) => select((before) => toggled(before, { model, shown }, block));
  const goTo = (place: Place) => {
    anchor.current = place;
    setActive(place);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isSpace = event.key === " ";
    const next = isSpace ? active : moved(active, event, last);
    if (!next) return;
    event.preventDefault();
    if (isSpace) toggle(blockOf(event, active, last));
    else if (event.shiftKey) toggle({ from: next, to: next });
    goTo(next);
  };
  const onClick = ({ target, shiftKey }: MouseEvent) => {
    const place = placeOf(target as HTMLElement);
    if (!place) return;
    const isHead = place.row < 0 || place.column < 0;
    toggle(isHead ? blockUnder(place, last) : { from: shiftKey ? anchor.current : place, to: place });
    if (!isHead) goTo(place);
  };
  return { active, onKeyDown, onClick };
}

/** Space takes the cell, with Ctrl its whole column, with Shift its whole row, with both everything that is shown. */
const blockOf = ({ ctrlKey, shiftKey }: KeyboardEvent, { row, column }: Place, last: Place): Block =>
  blockUnder({ row: ctrlKey ? -1 : row, column: shiftKey ? -1 : column }, last);

/** The cells a head stands for; −1 is all of them. */
const blockUnder = ({ row, column }: Place, last: Place): Block => ({
  from: { row: Math.max(0, row), column: Math.max(0, column) },
  to: { row: row < 0 ? last.row : row, column: column < 0 ? last.column : column },
});

/** Place of what was clicked; −1 is the head of a row or a column. */
function placeOf(target: HTMLElement): Place | null {
  const cell = target.closest<HTMLElement>("[data-row]");
  return cell ? { row: Number(cell.dataset["row"]), column: Number(cell.dataset["column"]) } : null;
}

/** Brings the active cell into sight and gives it the focus, once a person has moved to it. */
function useFocus({ row, column }: Place, reveal: (to: Place) => void): void {
  const isFirst = useRef(true);
  const show = useRef(reveal);
  show.current = reveal;
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    show.current({ row, column });
    document
      .querySelector<HTMLElement>(`.matrix-cell[data-row="${row}"][data-column="${column}"]`)
      ?.focus({ preventScroll: true });
  }, [row, column]);
}
