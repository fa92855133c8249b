import type { ReactNode } from "react";
import { useText } from "../../kit/text.tsx";

interface MonthTableProps {
  readonly heads: readonly string[];
  readonly rows: readonly { readonly month: string; readonly values: readonly ReactNode[] }[];
}

/** The numbers of a drawing over time. */
export function MonthTable({ heads, rows }: MonthTableProps) {
  const { t } = useText();
  return (
    <table className="fig-table">
      <thead>
        <tr>
          <th scope="col">{t("figures.month")}</th>
          {heads.map((head) => (
            <th key={head} scope="col" className="fig-number">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ month, values }) => (
          <tr key={month}>
            <th scope="row">{month}</th>
            {values.map((value, at) => (
              <td key={at} className="fig-number">
                {value}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
