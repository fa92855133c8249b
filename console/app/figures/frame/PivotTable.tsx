import { compact } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import { TOTAL } from "../asking/asked.ts";
import type { Cube } from "../asking/cells.ts";
import { namesOf } from "../asking/names.ts";
import { codesAlong, MONTH, meetingOf, type Pivot, REGION } from "../asking/pivot.ts";
import type { Answer } from "../asking/useCells.ts";
import type { View } from "../asking/useView.ts";
import { BarTable } from "../charts/BarTable.tsx";
import { HeatTable } from "../charts/HeatTable.tsx";
import { List } from "../charts/List.tsx";
import { countScale } from "../charts/scale.ts";
import { Trend } from "../charts/Trend.tsx";
import { figureColumn } from "./columns.tsx";
import { type Measure, shortRupiah, sizeOf, Value } from "./Value.tsx";

interface PivotTableProps {
  readonly cube: Cube;
  readonly view: View;
  readonly pivot: Pivot;
  readonly answer: Answer;
  readonly measure: Measure;
}

/** Figures along two sides, drawn as what stands there asks for: regions lead further down, months are a line, codes against codes are coloured. */
export function PivotTable({ cube, view, pivot, answer, measure }: PivotTableProps) {
  const { t, dimensionLabel } = useText();
  const { cells } = answer;
  const names = namesOf(cells);
  const nameIn = (side: string) => (code: string) => {
    if (code === TOTAL) return t("figures.total");
    return side === REGION ? (names.get(code) ?? code) : side === MONTH ? code : dimensionLabel(side, code);
  };
  const along = (side: string) => codesAlong(side, cube, cells).map((code) => ({ code, name: code, label: nameIn(side)(code) }));
  const [rows, columns] = [along(pivot.rows), along(pivot.columns)];
  const cellAt = meetingOf(cube, cells, { region: view.region, pivot });
  const label = t("figures.view.explorer");
  if (pivot.rows === REGION) {
    const figures = columns.map((column) =>
      figureColumn(
        { name: column.code, label: column.label, measure, ...(columns.length < 4 && { whole: "largest" as const }) },
        (region) => cellAt(region, column.code),
      ),
    );
    return <BarTable label={label} rows={rows.map(({ code, label: name }) => ({ code, name }))} columns={figures} view={view} />;
  }
  if (columns.length === 1) {
    const [column] = columns;
    const items = rows.map((row) => {
      const cell = cellAt(row.code, column?.code ?? TOTAL);
      return { ...row, size: sizeOf(cell, measure), values: [<Value key="value" cell={cell} measure={measure} />] };
    });
    return <List label={label} heads={[t(`figures.dimension.${pivot.rows}`), t(`figures.measure.${measure}`)]} items={items} />;
  }
  const sizeAt = (row: string, column: string) => sizeOf(cellAt(row, column), measure);
  return (
    <>
      {pivot.rows === MONTH && <Lines label={label} rows={rows} columns={columns} sizeAt={sizeAt} measure={measure} />}
      <HeatTable
        label={label}
        corner={t(`figures.dimension.${pivot.rows}`)}
        rows={rows}
        columns={columns}
        scale={countScale(rows.flatMap((row) => columns.map((column) => sizeAt(row.code, column.code))))}
        format={measure === "total" ? shortRupiah : compact}
        heatOf={(row, column) => ({ size: sizeAt(row, column), show: <Value cell={cellAt(row, column)} measure={measure} /> })}
      />
    </>
  );
}

interface Named {
  readonly code: string;
  readonly label: string;
}

interface LinesProps {
  readonly label: string;
  readonly rows: readonly Named[];
  readonly columns: readonly Named[];
  sizeAt(row: string, column: string): number | null;
  readonly measure: Measure;
}

function Lines({ label, rows, columns, sizeAt, measure }: LinesProps) {
  const series = columns.map((column) => ({
    ...column,
    points: rows.map(({ code }) => ({ month: code, size: sizeAt(code, column.code) })),
  }));
  return <Trend label={label} series={series} format={measure === "total" ? shortRupiah : compact} />;
}
