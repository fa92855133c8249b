import type { ReactNode } from "react";
import { useText } from "../../kit/text.tsx";
import { type Cube, finderOf } from "../asking/cells.ts";
import { useGround } from "../asking/ground.tsx";
import { useCells } from "../asking/useCells.ts";
import { useNewest } from "../asking/useNewest.ts";
import { askedIn, useView, type View } from "../asking/useView.ts";
import { List } from "../charts/List.tsx";
import { CodeChoice, codesOf, LevelChoice } from "../frame/Choice.tsx";
import { figureColumn, mappedCounts } from "../frame/columns.tsx";
import { Figure } from "../frame/Figure.tsx";
import { RegionFigure } from "../frame/RegionFigure.tsx";
import { sizeOf, Value } from "../frame/Value.tsx";
import { ViewPage } from "../frame/ViewPage.tsx";

const NO_FAILURE = "NONE";
const RETURNED = "RETURNED";
/** Where a payment has left the way to an account. */
const ASTRAY = ["ACCOUNT_CHECK_FAILED", "TREASURY_CHECK_FAILED", "NOT_TRANSACTED", RETURNED, "EXCLUDED"];

/** How far payments have come, and why some did not arrive. */
export default function Payments() {
  const cube = useGround().cubeOf("PAYMENT_FUNNEL");
  const view = useView([cube]);
  const newest = useNewest(view, { cube, program: view.pick("program", codesOf(cube, "program")), by: "stage" });
  return (
    <ViewPage
      name="payments"
      cubes={[cube]}
      view={view}
      choices={
        <>
          <CodeChoice dimension="program" cube={cube} view={view} />
          <CodeChoice dimension="stage" cube={cube} view={view} />
          <LevelChoice view={view} />
        </>
      }
    >
      {newest && <Parts cube={cube} view={newest} dimension="stage" />}
      {newest && <Parts cube={cube} view={newest} dimension="failure" />}
      {newest?.level && <Regions cube={cube} view={newest} />}
    </ViewPage>
  );
}

interface PartsProps {
  readonly cube: Cube;
  readonly view: View;
  readonly dimension: "stage" | "failure";
}

function Parts({ cube, view, dimension }: PartsProps): ReactNode {
  const { t, dimensionLabel } = useText();
  const program = view.pick("program", codesOf(cube, "program"));
  const codes = codesOf(cube, dimension).filter((code) => code !== NO_FAILURE);
  const filter = [
    { dimension: "program", codes: [program] },
    { dimension, codes },
  ];
  const answer = useCells(askedIn(view, cube.code, { dimensions: [dimension], filter }));
  const items = () => {
    const find = finderOf(cube, answer.cells);
    return codes.map((code) => {
      const cell = find({ region: view.region, program, [dimension]: code });
      const values = [<Value key="units" cell={cell} />, <Value key="total" cell={cell} measure="total" />];
      return {
        code,
        label: dimensionLabel(dimension, code),
        size: sizeOf(cell, "units"),
        values,
        isMuted: ASTRAY.includes(code),
      };
    });
  };
  const title = t(`figures.payments.${dimension}`, { program: dimensionLabel("program", program) });
  return (
    <Figure title={title} note={t(`figures.payments.${dimension}Note`)} answers={[answer]}>
      {() => (
        <List
          label={title}
          heads={[t(`figures.dimension.${dimension}`), t("figures.payments.count"), t("figures.rupiah")]}
          items={items()}
        />
      )}
    </Figure>
  );
}

function Regions({ cube, view }: { readonly cube: Cube; readonly view: View }) {
  const { t, dimensionLabel } = useText();
  const program = view.pick("program", codesOf(cube, "program"));
  const stage = view.pick("stage", codesOf(cube, "stage"));
  const stages = [...new Set([stage, RETURNED])];
  const filter = [
    { dimension: "program", codes: [program] },
    { dimension: "stage", codes: stages },
  ];
  const answer = useCells(askedIn(view, cube.code, { level: view.level, dimensions: ["stage"], filter }));
  const columns = () => {
    const find = finderOf(cube, answer.cells);
    return stages.flatMap((code) => {
      const label = dimensionLabel("stage", code);
      const of = (region: string) => find({ region, program, stage: code });
      return [
        figureColumn({ name: code, label, ...(code === stage && { whole: "largest" as const }) }, of),
        figureColumn({ name: `${code}.total`, label: `${label}, ${t("figures.rupiah")}`, measure: "total" }, of),
      ];
    });
  };
  const title = `${dimensionLabel("program", program)}, ${dimensionLabel("stage", stage)}`;
  return <RegionFigure title={title} view={view} answers={[answer]} columns={columns} mapped={mappedCounts} />;
}
