import { count } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import { TOTAL } from "../asking/asked.ts";
import { type Cube, finderOf } from "../asking/cells.ts";
import { useGround } from "../asking/ground.tsx";
import { useCells } from "../asking/useCells.ts";
import { askedIn, useView, type View } from "../asking/useView.ts";
import { HeatTable } from "../charts/HeatTable.tsx";
import { List } from "../charts/List.tsx";
import { countScale } from "../charts/scale.ts";
import { CodeChoice, codesOf, LevelChoice } from "../frame/Choice.tsx";
import { figureColumn, mappedCounts } from "../frame/columns.tsx";
import { Figure } from "../frame/Figure.tsx";
import { RegionFigure } from "../frame/RegionFigure.tsx";
import { sizeOf, Value } from "../frame/Value.tsx";
import { ViewPage } from "../frame/ViewPage.tsx";

const LAPSED = "EXPIRED";
/** Nobody has to act on these any more. */
const ENDED = ["REJECTED_BY_DELIBERATION", "DETERMINED", "REJECTED_BY_CENTRE", LAPSED, "WITHDRAWN"];

/** Where proposals stand, how long they have stood there, and which lapsed. */
export default function Proposals() {
  const cube = useGround().cubeOf("PROPOSAL_FUNNEL");
  const view = useView([cube]);
  const { t } = useText();
  const stages = codesOf(cube, "stage");
  const waited = [TOTAL, ...codesOf(cube, "waited")];
  const answer = useCells(
    askedIn(view, cube.code, { dimensions: ["stage", "waited"], filter: [{ dimension: "waited", codes: waited }] }),
  );
  const find = finderOf(cube, answer.cells);
  return (
    <ViewPage
      name="proposals"
      cubes={[cube]}
      view={view}
      choices={
        <>
          <CodeChoice dimension="stage" cube={cube} view={view} />
          <LevelChoice view={view} />
        </>
      }
    >
      <Figure title={t("figures.proposals.stages")} note={t("figures.proposals.note")} answers={[answer]}>
        {() => <Stages stages={stages} cellOf={(stage) => find({ region: view.region, stage })} />}
      </Figure>
      <Figure title={t("figures.proposals.waiting")} note={t("figures.proposals.waitingNote")} answers={[answer]}>
        {() => <Waiting cube={cube} find={find} region={view.region} />}
      </Figure>
      {view.level && <Regions cube={cube} view={view} />}
    </ViewPage>
  );
}

type Found = ReturnType<typeof finderOf>;

function Stages({
  stages,
  cellOf,
}: {
  readonly stages: readonly string[];
  readonly cellOf: (stage: string) => ReturnType<Found>;
}) {
  const { t, dimensionLabel } = useText();
  const items = stages.map((stage) => ({
    code: stage,
    label: dimensionLabel("stage", stage),
    size: sizeOf(cellOf(stage), "units"),
    values: [<Value key="units" cell={cellOf(stage)} />],
    isMuted: ENDED.includes(stage),
  }));
  return <List label={t("figures.proposals.stages")} heads={[t("figures.dimension.stage"), t("figures.count")]} items={items} />;
}

function Waiting({ cube, find, region }: { readonly cube: Cube; readonly find: Found; readonly region: string }) {
  const { t, dimensionLabel } = useText();
  const rows = codesOf(cube, "stage").filter((stage) => !ENDED.includes(stage));
  const columns = codesOf(cube, "waited");
  const cellOf = (stage: string, waited: string) => find({ region, stage, waited });
  const scale = countScale(rows.flatMap((stage) => columns.map((waited) => sizeOf(cellOf(stage, waited), "units"))));
  return (
    <HeatTable
      label={t("figures.proposals.waiting")}
      corner={t("figures.dimension.stage")}
      rows={rows.map((code) => ({ code, label: dimensionLabel("stage", code) }))}
      columns={columns.map((code) => ({ code, label: dimensionLabel("waited", code) }))}
      scale={scale}
      format={count}
      heatOf={(stage, waited) => ({ size: sizeOf(cellOf(stage, waited), "units"), show: <Value cell={cellOf(stage, waited)} /> })}
    />
  );
}

function Regions({ cube, view }: { readonly cube: Cube; readonly view: View }) {
  const { t, dimensionLabel } = useText();
  const stage = view.pick("stage", codesOf(cube, "stage"));
  const stages = [...new Set([TOTAL, stage, LAPSED])];
  const answer = useCells(
    askedIn(view, cube.code, { level: view.level, dimensions: ["stage"], filter: [{ dimension: "stage", codes: stages }] }),
  );
  const columns = () => {
    const find = finderOf(cube, answer.cells);
    return stages
      .toSorted((a, b) => Number(b === stage) - Number(a === stage))
      .map((code) => {
        const label = code === TOTAL ? t("figures.proposals.all") : dimensionLabel("stage", code);
        return figureColumn({ name: code, label, ...(code === stage && { whole: "largest" as const }) }, (region) =>
          find({ region, stage: code }),
        );
      });
  };
  return (
    <RegionFigure title={dimensionLabel("stage", stage)} view={view} answers={[answer]} columns={columns} mapped={mappedCounts} />
  );
}
