import { count, share } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import { TOTAL } from "../asking/asked.ts";
import { type Cell, type Cube, finderOf, shareOf, sumOf } from "../asking/cells.ts";
import { useGround } from "../asking/ground.tsx";
import { type Answer, useCells } from "../asking/useCells.ts";
import { askedIn, useView, type View } from "../asking/useView.ts";
import { HeatTable } from "../charts/HeatTable.tsx";
import { shareScale } from "../charts/scale.ts";
import { CodeChoice, codesOf, LevelChoice } from "../frame/Choice.tsx";
import { figureColumn, mappedShares, shareColumn } from "../frame/columns.tsx";
import { Figure } from "../frame/Figure.tsx";
import { RegionFigure } from "../frame/RegionFigure.tsx";
import { Share } from "../frame/Value.tsx";
import { ViewPage } from "../frame/ViewPage.tsx";

export const [SERVED, UNSERVED, NOT_ENTITLED] = ["ENTITLED_SERVED", "ENTITLED_UNSERVED", "NOT_ENTITLED_SERVED"] as const;

/** How many of the entitled each program reaches, by decile and region. */
export default function Coverage() {
  const cube = useGround().cubeOf("COVERAGE");
  const view = useView([cube]);
  const { t } = useText();
  const deciles = [TOTAL, ...codesOf(cube, "decile")];
  const answer = useCells(
    askedIn(view, cube.code, {
      dimensions: ["program", "decile", "standing"],
      filter: [{ dimension: "decile", codes: deciles }],
    }),
  );
  return (
    <ViewPage
      name="coverage"
      cubes={[cube]}
      view={view}
      choices={
        <>
          <CodeChoice dimension="program" cube={cube} view={view} />
          <LevelChoice view={view} />
        </>
      }
    >
      <Figure title={t("figures.coverage.matrix")} note={t("figures.coverage.matrixNote")} answers={[answer]}>
        {() => <Matrix cube={cube} answer={answer} deciles={deciles} />}
      </Figure>
      {view.level && <Regions cube={cube} view={view} />}
    </ViewPage>
  );
}

function Matrix({
  cube,
  answer,
  deciles,
}: {
  readonly cube: Cube;
  readonly answer: Answer;
  readonly deciles: readonly string[];
}) {
  const { t, dimensionLabel } = useText();
  const find = finderOf(cube, answer.cells);
  const heatOf = (decile: string, program: string) => {
    const cells = [SERVED, UNSERVED].map((standing) => find({ region: answer.asked.region, program, decile, standing }));
    const entitled = sumOf(cells.map((cell) => cell?.units));
    const size = shareOf(cells[0]?.units, entitled);
    const beside =
      size === null || entitled === null
        ? undefined
        : t("figures.ofEntitled", { part: count(cells[0]?.units ?? 0), whole: count(entitled) });
    return { size, show: <Share of={size} cells={cells} />, beside };
  };
  return (
    <HeatTable
      label={t("figures.coverage.matrix")}
      corner={t("figures.dimension.decile")}
      rows={deciles.map((code) => ({ code, label: code === TOTAL ? t("figures.total") : dimensionLabel("decile", code) }))}
      columns={codesOf(cube, "program").map((code) => ({ code, label: dimensionLabel("program", code) }))}
      scale={shareScale}
      format={share}
      heatOf={heatOf}
    />
  );
}

function Regions({ cube, view }: { readonly cube: Cube; readonly view: View }) {
  const { t, dimensionLabel } = useText();
  const program = view.pick("program", codesOf(cube, "program"));
  const answer = useCells(
    askedIn(view, cube.code, {
      level: view.level,
      dimensions: ["standing"],
      filter: [{ dimension: "program", codes: [program] }],
    }),
  );
  const columns = () => {
    const find = finderOf(cube, answer.cells);
    const of =
      (standing: string) =>
      (region: string): Cell | undefined =>
        find({ region, program, standing });
    return [
      shareColumn({ name: "share", label: t("figures.coverage.reached") }, (region) => [
        of(SERVED)(region),
        of(UNSERVED)(region),
      ]),
      ...[SERVED, UNSERVED, NOT_ENTITLED].map((standing) =>
        figureColumn({ name: standing, label: dimensionLabel("standing", standing) }, of(standing)),
      ),
    ];
  };
  return (
    <RegionFigure
      title={dimensionLabel("program", program)}
      view={view}
      answers={[answer]}
      columns={columns}
      mapped={mappedShares}
    />
  );
}
