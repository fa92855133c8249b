import type { ReactNode } from "react";
import { Legend } from "./Legend.tsx";
import { Scroll } from "./Scroll.tsx";
import type { Scale } from "./scale.ts";

export interface Heat {
  /** What the ground is coloured by; null: hatched. */
  readonly size: number | null;
  readonly show: ReactNode;
  /** Beneath, small. */
  readonly beside?: ReactNode;
}

interface Named {
  readonly code: string;
  readonly label: string;
}

interface HeatTableProps {
  readonly label: string;
  readonly corner: string;
  readonly rows: readonly Named[];
  readonly columns: readonly Named[];
  readonly scale: Scale;
  readonly format: (value: number) => string;
  heatOf(row: string, column: string): Heat;
}

/** Two dimensions against each other: the number in each cell, its class as the ground. */
export function HeatTable({ label, corner, rows, columns, scale, format, heatOf }: HeatTableProps) {
  return (
    <>
      <Scroll label={label}>
        <table className="fig-table fig-heat">
          <thead>
            <tr>
              <th scope="col">{corner}</th>
              {columns.map(({ code, label: name }) => (
                <th key={code} scope="col" className="fig-number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.code}>
                <th scope="row">{row.label}</th>
                {columns.map((column) => (
                  <Square key={column.code} heat={heatOf(row.code, column.code)} scale={scale} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <Legend scale={scale} format={format} />
    </>
  );
}

function Square({ heat: { size, show, beside }, scale }: { readonly heat: Heat; readonly scale: Scale }) {
  return (
    <td className="fig-number fig-square" data-class={scale.classOf(size) ?? "none"}>
      {show}
      {beside && <small>{beside}</small>}
    </td>
  );
}
