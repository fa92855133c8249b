import { useText } from "../../kit/text.tsx";
import type { Cell } from "../asking/cells.ts";
import { Value } from "../frame/Value.tsx";
import { Bar } from "./BarTable.tsx";
import { Scroll } from "./Scroll.tsx";

interface PyramidProps {
  readonly label: string;
  /** Left and right. */
  readonly sides: readonly { readonly label: string; cellOf(age: string): Cell | undefined }[];
  readonly ages: readonly { readonly code: string; readonly label: string }[];
}

/** Two groups by age, back to back, the oldest on top. */
export function Pyramid({ label, sides, ages }: PyramidProps) {
  const { t } = useText();
  const most = Math.max(1, ...ages.flatMap(({ code }) => sides.map(({ cellOf }) => cellOf(code)?.units ?? 0)));
  const [left, right] = sides;
  const sideOf = (side: typeof left, age: string) => {
    const cell = side?.cellOf(age);
    return { cell, part: cell?.units == null ? null : cell.units / most };
  };
  return (
    <Scroll label={label}>
      <table className="fig-table fig-pyramid">
        <thead>
          <tr>
            <th scope="col" className="fig-number">
              {left?.label}
            </th>
            <th scope="col">{t("figures.dimension.age")}</th>
            <th scope="col">{right?.label}</th>
          </tr>
        </thead>
        <tbody>
          {ages.toReversed().map(({ code, label: age }) => (
            <tr key={code}>
              <td className="fig-number" data-side="left">
                <Value cell={sideOf(left, code).cell} />
                <Bar part={sideOf(left, code).part} />
              </td>
              <th scope="row">{age}</th>
              <td data-side="right">
                <Bar part={sideOf(right, code).part} />
                <Value cell={sideOf(right, code).cell} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
