import { Anchor, Pagination } from "@mantine/core";
import { Fragment, type ReactNode, useState } from "react";
import { Link } from "react-router";
import { useText } from "../../kit/text.tsx";
import type { View } from "../asking/useView.ts";
import { Scroll } from "./Scroll.tsx";

export interface Row {
  readonly code: string;
  readonly name: string;
}

export interface Column {
  readonly name: string;
  readonly label: string;
  /** What rows are ordered and bars drawn by; null: no figure. */
  sizeOf(code: string): number | null;
  show(code: string): ReactNode;
  /** Size of a whole bar; absent: without bars. */
  readonly whole?: number | "largest";
}

interface BarTableProps {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
  readonly view: View;
}

const PAGE = 50;
const BY_NAME = "name";

/** Regions with their figures and bars, the largest first; the order is in the address. */
export function BarTable({ label, rows, columns, view }: BarTableProps) {
  const { t } = useText();
  const [page, setPage] = useState(1);
  const by = view.pick("sort", [...columns.map(({ name }) => name), BY_NAME]);
  const sorted = sortedBy(
    rows,
    columns.find(({ name }) => name === by),
  );
  const pages = Math.ceil(rows.length / PAGE);
  const shown = sorted.slice((page - 1) * PAGE, page * PAGE);
  return (
    <Scroll label={label}>
      <table className="fig-table">
        <thead>
          <tr>
            <Head name={BY_NAME} label={t("figures.region")} by={by} view={view} />
            {columns.map((column) => (
              <Head
                key={column.name}
                name={column.name}
                label={column.label}
                by={by}
                view={view}
                columns={column.whole === undefined ? 1 : 2}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <Line key={row.code} row={row} columns={columns} rows={rows} view={view} />
          ))}
        </tbody>
      </table>
      {pages > 1 && (
        <Pagination
          className="no-print"
          value={Math.min(page, pages)}
          total={pages}
          onChange={setPage}
          getItemProps={(at) => ({ "aria-label": t("figures.page", { at }) })}
          getControlProps={(control) => ({ "aria-label": t(control === "next" ? "figures.nextPage" : "figures.previousPage") })}
        />
      )}
    </Scroll>
  );
}

/** Those without a figure last. */
function sortedBy(rows: readonly Row[], column: Column | undefined): readonly Row[] {
  if (!column) return rows.toSorted((a, b) => a.name.localeCompare(b.name, "id"));
  return rows.toSorted((a, b) => (column.sizeOf(b.code) ?? -1) - (column.sizeOf(a.code) ?? -1));
}

interface HeadProps {
  readonly name: string;
  readonly label: string;
  readonly by: string;
  readonly view: View;
  /** Of figures, and bars; absent: of names. */
  readonly columns?: number;
}

function Head({ name, label, by, view, columns }: HeadProps) {
  const isBy = by === name;
  const isNumber = columns !== undefined;
  return (
    <th
      scope="col"
      colSpan={columns}
      aria-sort={isBy ? (isNumber ? "descending" : "ascending") : "none"}
      className={isNumber ? "fig-number" : undefined}
    >
      <button type="button" className="fig-sort" onClick={() => view.change({ sort: name })}>
        {label}&nbsp;<span aria-hidden>{isBy ? (isNumber ? "▼" : "▲") : "↕"}</span>
      </button>
    </th>
  );
}

interface LineProps extends Omit<BarTableProps, "label"> {
  readonly row: Row;
}

function Line({ row, rows, columns, view }: LineProps) {
  return (
    <tr>
      <th scope="row">
        <Anchor component={Link} to={view.to({ region: row.code, level: null })}>
          {row.name}
        </Anchor>
      </th>
      {columns.map((column) => (
        <Fragment key={column.name}>
          {column.whole !== undefined && (
            <td className="fig-bars">
              <Bar isWide part={partOf(column, row.code, rows)} />
            </td>
          )}
          <td className="fig-number">{column.show(row.code)}</td>
        </Fragment>
      ))}
    </tr>
  );
}

function partOf({ whole, sizeOf }: Column, code: string, rows: readonly Row[]): number | null {
  const size = sizeOf(code);
  if (size === null) return null;
  const full = whole === "largest" ? rows.reduce((most, row) => Math.max(most, sizeOf(row.code) ?? 0), 0) : (whole ?? 0);
  return full > 0 ? Math.min(1, size / full) : 0;
}

/** `part` of 0 to 1; null: hatched, there is no figure. */
export function Bar({ part, isWide = false }: { readonly part: number | null; readonly isWide?: boolean }) {
  return (
    <span className="fig-track" data-wide={isWide || undefined} data-none={part === null || undefined} aria-hidden>
      {part !== null && <span className="fig-bar" style={{ inlineSize: `${part * 100}%` }} />}
    </span>
  );
}
