import { useText } from "../../kit/text.tsx";
import { regionsOf } from "../asking/cells.ts";
import { namesOf } from "../asking/names.ts";
import type { Answer } from "../asking/useCells.ts";
import type { View } from "../asking/useView.ts";
import { BarTable, type Column } from "../charts/BarTable.tsx";
import type { Scale } from "../charts/scale.ts";
import { ProvinceMap } from "../map/ProvinceMap.tsx";
import { Figure } from "./Figure.tsx";

interface RegionFigureProps {
  readonly title: string;
  readonly note?: string;
  readonly view: View;
  /** The rows are the regions of the first. */
  readonly answers: readonly [Answer, ...Answer[]];
  columns(): readonly Column[];
  /** How the map shows the first column. */
  mapped(sizes: readonly (number | null)[]): { readonly scale: Scale; readonly format: (value: number) => string };
}

/** Regions beneath one, as a table that leads further down, and of the whole country as a map beside it. */
export function RegionFigure({ title, note, view, answers, columns, mapped }: RegionFigureProps) {
  const { t, enumLabel } = useText();
  const level = enumLabel("StatisticsLevel", view.level ?? "");
  return (
    <Figure
      title={t("figures.by", { title, level: level.toLowerCase() })}
      {...(note !== undefined && { note })}
      answers={answers}
    >
      {() => {
        const [{ cells }] = answers;
        const names = namesOf(cells);
        const rows = regionsOf(cells).map((code) => ({ code, name: names.get(code) ?? code }));
        const shown = columns();
        const regions = rows.map((row) => ({ ...row, size: shown[0]?.sizeOf(row.code) ?? null }));
        return (
          <div className={view.level === "PROVINCE" ? "fig-beside" : undefined}>
            <BarTable key={view.region} label={title} rows={rows} columns={shown} view={view} />
            {view.level === "PROVINCE" && <ProvinceMap regions={regions} {...mapped(regions.map(({ size }) => size))} />}
          </div>
        );
      }}
    </Figure>
  );
}
