import { useText } from "../../kit/text.tsx";
import { TOTAL } from "../asking/asked.ts";
import { type Cube, finderOf } from "../asking/cells.ts";
import { useGround } from "../asking/ground.tsx";
import { useCells } from "../asking/useCells.ts";
import { askedIn, useView, type View } from "../asking/useView.ts";
import { UpSet } from "../charts/UpSet.tsx";
import { CodeChoice, codesOf } from "../frame/Choice.tsx";
import { figureColumn, mappedCounts } from "../frame/columns.tsx";
import { Figure } from "../frame/Figure.tsx";
import { RegionFigure } from "../frame/RegionFigure.tsx";
import { ViewPage } from "../frame/ViewPage.tsx";

/** Which programs reach one family together. */
export default function Overlap() {
  const cube = useGround().cubeOf("OVERLAP");
  const view = useView([cube]);
  const { t } = useText();
  const codes = codesOf(cube, "combination");
  const answer = useCells(
    askedIn(view, cube.code, { dimensions: ["combination"], filter: [{ dimension: "combination", codes: [TOTAL, ...codes] }] }),
  );
  const programs = codes.filter(
    (code) => !code.includes("+") && codes.some((other) => other.startsWith(`${code}+`) || other.endsWith(`+${code}`)),
  );
  const drawn = () => {
    const find = finderOf(cube, answer.cells);
    const sets = codes.map((code) => ({ code, cell: find({ region: view.region, combination: code }) }));
    return <UpSet label={t("figures.view.overlap")} programs={programs} sets={sets} all={find({ region: view.region })} />;
  };
  return (
    <ViewPage name="overlap" cubes={[cube]} view={view} choices={<CodeChoice dimension="combination" cube={cube} view={view} />}>
      <Figure title={t("figures.overlap.sets")} note={t("figures.overlap.note")} answers={[answer]}>
        {drawn}
      </Figure>
      {view.level && <Regions cube={cube} view={view} />}
    </ViewPage>
  );
}

function Regions({ cube, view }: { readonly cube: Cube; readonly view: View }) {
  const { dimensionLabel } = useText();
  const combination = view.pick("combination", codesOf(cube, "combination"));
  const label = dimensionLabel("combination", combination);
  const answer = useCells(
    askedIn(view, cube.code, { level: view.level, filter: [{ dimension: "combination", codes: [combination] }] }),
  );
  const columns = () => {
    const find = finderOf(cube, answer.cells);
    return [figureColumn({ name: "units", label, whole: "largest" }, (region) => find({ region, combination }))];
  };
  return <RegionFigure title={label} view={view} answers={[answer]} columns={columns} mapped={mappedCounts} />;
}
