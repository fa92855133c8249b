import { useText } from "../../kit/text.tsx";
import { TOTAL } from "../asking/asked.ts";
import { type Cell, type Cube, finderOf } from "../asking/cells.ts";
import { useGround } from "../asking/ground.tsx";
import { useCells } from "../asking/useCells.ts";
import { askedIn, useView, type View } from "../asking/useView.ts";
import { List } from "../charts/List.tsx";
import { Choice, CodeChoice, codesOf, LevelChoice } from "../frame/Choice.tsx";
import { figureColumn, mappedCounts, shareColumn } from "../frame/columns.tsx";
import { Figure } from "../frame/Figure.tsx";
import { RegionFigure } from "../frame/RegionFigure.tsx";
import { sizeOf, Value } from "../frame/Value.tsx";
import { ViewPage } from "../frame/ViewPage.tsx";
import { NOT_ENTITLED, SERVED, UNSERVED } from "./Coverage.tsx";

const ERRORS = [UNSERVED, NOT_ENTITLED] as const;

/** Who may be wrongly left out, and who may be wrongly in. */
export default function Candidates() {
  const cube = useGround().cubeOf("COVERAGE");
  const view = useView([cube]);
  const { t } = useText();
  const options = ERRORS.map((value) => ({ value, label: t(`figures.candidates.${value}`) }));
  return (
    <ViewPage
      name="candidates"
      cubes={[cube]}
      view={view}
      choices={
        <>
          <CodeChoice dimension="program" cube={cube} view={view} />
          <Choice name="error" label={t("figures.candidates.first")} options={options} view={view} />
          <LevelChoice view={view} />
        </>
      }
    >
      <ByDecile cube={cube} view={view} />
      {view.level && <Regions cube={cube} view={view} />}
    </ViewPage>
  );
}

function ByDecile({ cube, view }: { readonly cube: Cube; readonly view: View }) {
  const { t, dimensionLabel } = useText();
  const [program, error] = [view.pick("program", codesOf(cube, "program")), view.pick("error", ERRORS)];
  const deciles = [TOTAL, ...codesOf(cube, "decile")];
  const answer = useCells(
    askedIn(view, cube.code, {
      dimensions: ["decile", "standing"],
      filter: [
        { dimension: "program", codes: [program] },
        { dimension: "decile", codes: deciles },
      ],
    }),
  );
  const items = () => {
    const find = finderOf(cube, answer.cells);
    return deciles.map((decile) => {
      const of = (standing: string) => find({ region: view.region, program, decile, standing });
      return {
        code: decile,
        label: decile === TOTAL ? t("figures.total") : dimensionLabel("decile", decile),
        ...(decile !== TOTAL && { size: sizeOf(of(error), "units") }),
        values: [error, ...ERRORS.filter((one) => one !== error)].map((standing) => <Value key={standing} cell={of(standing)} />),
      };
    });
  };
  const heads = [error, ...ERRORS.filter((one) => one !== error)].map((one) => t(`figures.candidates.${one}`));
  return (
    <Figure
      title={t("figures.candidates.byDecile", { program: dimensionLabel("program", program) })}
      note={t("figures.candidates.note")}
      answers={[answer]}
    >
      {() => <List label={t("figures.candidates.first")} heads={[t("figures.dimension.decile"), ...heads]} items={items()} />}
    </Figure>
  );
}

function Regions({ cube, view }: { readonly cube: Cube; readonly view: View }) {
  const { t } = useText();
  const [program, error] = [view.pick("program", codesOf(cube, "program")), view.pick("error", ERRORS)];
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
    const label = t(`figures.candidates.${error}`);
    return [
      figureColumn({ name: "candidates", label, whole: "largest" }, of(error)),
      shareColumn({ name: "share", label: t(`figures.candidates.${error}.share`) }, (region) => [
        of(error)(region),
        of(SERVED)(region),
      ]),
    ];
  };
  return (
    <RegionFigure
      title={t(`figures.candidates.${error}`)}
      note={t("figures.candidates.names")}
      view={view}
      answers={[answer]}
      columns={columns}
      mapped={mappedCounts}
    />
  );
}
