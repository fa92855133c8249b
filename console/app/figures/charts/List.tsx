import type { ReactNode } from "react";
import { Bar } from "./BarTable.tsx";
import { Scroll } from "./Scroll.tsx";

export interface Item {
  readonly code: string;
  readonly label: ReactNode;
  /** Of the bar, against the largest; null: no figure; absent: no bar. */
  readonly size?: number | null;
  readonly values: readonly ReactNode[];
  readonly isMuted?: boolean;
}

interface ListProps {
  readonly label: string;
  readonly heads: readonly [what: string, ...values: string[]];
  readonly items: readonly Item[];
}

/** Parts in an order of their own with bars: stages, reasons, deciles. */
export function List({ label, heads: [what, ...heads], items }: ListProps) {
  const most = items.reduce((largest, { size }) => Math.max(largest, size ?? 0), 0);
  return (
    <Scroll label={label}>
      <table className="fig-table">
        <thead>
          <tr>
            <th scope="col">{what}</th>
            <th scope="col" className="fig-wide">
              <span className="fig-unseen">{heads[0]}</span>
            </th>
            {heads.map((head) => (
              <th key={head} scope="col" className="fig-number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map(({ code, label: name, size, values, isMuted }) => (
            <tr key={code} data-muted={isMuted || undefined}>
              <th scope="row">{name}</th>
              <td>{size !== undefined && <Bar isWide part={size === null ? null : size / Math.max(1, most)} />}</td>
              {values.map((value, at) => (
                <td key={at} className="fig-number">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
