import { useSearchParams } from "react-router";
import { useText } from "../../kit/text.tsx";
import { TOTAL } from "../asking/asked.ts";
import type { Cube } from "../asking/cells.ts";
import { useGround } from "../asking/ground.tsx";
import { askedBy, MONTH, NOTHING, type Pivot, pivotOf, REGION, sidesOf } from "../asking/pivot.ts";
import { useCells } from "../asking/useCells.ts";
import { useView, type View } from "../asking/useView.ts";
import { Choice, LevelChoice } from "../frame/Choice.tsx";
import { Figure } from "../frame/Figure.tsx";
import { PivotTable } from "../frame/PivotTable.tsx";
import type { Measure } from "../frame/Value.tsx";
import { ViewPage } from "../frame/ViewPage.tsx";

const COUNTED_ALONE = ["HOUSEHOLD", "FAMILY", "SEAT"];

/** Measures that a cube's cells carry. */
const measuresOf = ({ unit, hasTotal }: Cube): readonly Measure[] => [
  "units",
  ...(COUNTED_ALONE.includes(unit) ? [] : (["persons"] as const)),
  ...(hasTotal ? (["total"] as const) : []),
];

/** Any cube, laid out along any two of its sides. */
export default function Explorer() {
  const { cubes } = useGround();
  const { t, enumLabel } = useText();
  const [params] = useSearchParams();
  const cube = cubes.find(({ code }) => code === params.get("cube")) ?? cubes[0];
  const view = useView(cube ? [cube] : []);
  if (!cube) return null;
  const options = cubes.map(({ code }) => ({ value: code, label: enumLabel("CubeCode", code) }));
  const pivot = pivotOf(cube, view);
  const measures = measuresOf(cube).map((value) => ({ value, label: t(`figures.measure.${value}`) }));
  return (
    <ViewPage
      name="explorer"
      cubes={[cube]}
      view={view}
      choices={
        <>
          <Choice name="cube" label={t("figures.explorer.cube")} options={options} view={view} />
          <Sides cube={cube} pivot={pivot} view={view} />
          <Choice name="measure" label={t("figures.explorer.measure")} options={measures} view={view} />
          {[pivot.rows, pivot.columns].includes(REGION) && <LevelChoice view={view} />}
        </>
      }
    >
      <Found cube={cube} view={view} pivot={pivot} />
    </ViewPage>
  );
}

interface PartProps {
  readonly cube: Cube;
  readonly view: View;
  readonly pivot: Pivot;
}

function Sides({ cube, view, pivot: { rows, fixed } }: PartProps) {
  const { t, dimensionLabel } = useText();
  const labelOf = (side: string) => ({ value: side, label: t(`figures.dimension.${side}`) });
  const sides = sidesOf(cube);
  const across = [...sides.filter((side) => side !== REGION && side !== MONTH), NOTHING, REGION, MONTH].filter(
    (side) => side !== rows,
  );
  return (
    <>
      <Choice name="rows" label={t("figures.explorer.rows")} options={sides.map(labelOf)} view={view} />
      <Choice name="columns" label={t("figures.explorer.columns")} options={across.map(labelOf)} view={view} />
      {cube.dimensions
        .filter(({ name }) => name in fixed)
        .map(({ name, codes, hasTotal }) => (
          <Choice
            key={name}
            name={`at.${name}`}
            label={t(`figures.dimension.${name}`)}
            options={[...(hasTotal ? [TOTAL] : []), ...codes].map((code) => ({
              value: code,
              label: code === TOTAL ? t("figures.total") : dimensionLabel(name, code),
            }))}
            view={view}
          />
        ))}
    </>
  );
}

function Found({ cube, view, pivot }: PartProps) {
  const { t, enumLabel } = useText();
  const answer = useCells(askedBy(cube, view, pivot));
  const measure = view.pick("measure", measuresOf(cube)) as Measure;
  const said = [enumLabel("CubeCode", cube.code), t(`figures.measure.${measure}`), enumLabel("StatisticsUnit", cube.unit)];
  return (
    <Figure title={said.slice(0, 2).join(", ")} note={t("figures.explorer.unit", { unit: said[2] ?? "" })} answers={[answer]}>
      {() => <PivotTable cube={cube} view={view} pivot={pivot} answer={answer} measure={measure} />}
    </Figure>
  );
}
