import { useText } from "../../kit/text.tsx";
import { type Cube, finderOf, monthsOf, regionsOf, shareOf } from "../asking/cells.ts";
import { useGround } from "../asking/ground.tsx";
import { yearUpTo } from "../asking/months.ts";
import { namesOf } from "../asking/names.ts";
import { useCells } from "../asking/useCells.ts";
import { useNewest } from "../asking/useNewest.ts";
import { askedIn, useView, type View } from "../asking/useView.ts";
import { Multiples } from "../charts/Multiples.tsx";
import { Trend } from "../charts/Trend.tsx";
import { CodeChoice, codesOf, LevelChoice } from "../frame/Choice.tsx";
import { figureColumn, mappedRupiah } from "../frame/columns.tsx";
import { Figure } from "../frame/Figure.tsx";
import { MonthTable } from "../frame/MonthTable.tsx";
import { RegionFigure } from "../frame/RegionFigure.tsx";
import { Share, shortRupiah, sizeOf, Value } from "../frame/Value.tsx";
import { ViewPage } from "../frame/ViewPage.tsx";

const PAID = "PAID";

/** How much money reached whom, where, and when. */
export default function Budget() {
  const cube = useGround().cubeOf("BUDGET");
  const view = useView([cube]);
  const newest = useNewest(view, { cube, program: view.pick("program", codesOf(cube, "program")), by: "disposition" });
  return (
    <ViewPage
      name="budget"
      cubes={[cube]}
      view={view}
      choices={
        <>
          <CodeChoice dimension="program" cube={cube} view={view} />
          <LevelChoice view={view} />
        </>
      }
    >
      <OverTime cube={cube} view={view} />
      {newest?.level && <Regions cube={cube} view={newest} />}
      {view.level && <EachOverTime cube={cube} view={view} />}
    </ViewPage>
  );
}

interface PartProps {
  readonly cube: Cube;
  readonly view: View;
}

const filterOf = (program: string) => [{ dimension: "program", codes: [program] }];

function OverTime({ cube, view }: PartProps) {
  const { t, dimensionLabel } = useText();
  const program = view.pick("program", codesOf(cube, "program"));
  const answer = useCells(
    askedIn(view, cube.code, { ...yearUpTo(view.month, cube), dimensions: ["disposition"], filter: filterOf(program) }),
  );
  const codes = codesOf(cube, "disposition");
  const { cells } = answer;
  const find = finderOf(cube, cells);
  const months = monthsOf(cells);
  const cellOf = (disposition: string, period: string) => find({ region: view.region, program, disposition, period });
  const series = codes.map((code) => ({
    code,
    label: dimensionLabel("disposition", code),
    points: months.map((month) => ({ month, size: sizeOf(cellOf(code, month), "total") })),
  }));
  const rows = months.map((month) => ({
    month,
    values: codes.map((code) => <Value key={code} cell={cellOf(code, month)} measure="total" />),
  }));
  const title = t("figures.budget.trend", { program: dimensionLabel("program", program) });
  return (
    <Figure
      title={title}
      note={t("figures.budget.note")}
      answers={[answer]}
      table={() => <MonthTable heads={series.map(({ label }) => label)} rows={rows} />}
    >
      {() => <Trend label={title} series={series} format={shortRupiah} />}
    </Figure>
  );
}

function Regions({ cube, view }: PartProps) {
  const { t, dimensionLabel } = useText();
  const program = view.pick("program", codesOf(cube, "program"));
  const filter = [...filterOf(program), { dimension: "disposition", codes: ["*", ...codesOf(cube, "disposition")] }];
  const answer = useCells(askedIn(view, cube.code, { level: view.level, dimensions: ["disposition"], filter }));
  const columns = () => {
    const find = finderOf(cube, answer.cells);
    const of = (disposition?: string) => (region: string) =>
      find({ region, program, ...(disposition !== undefined && { disposition }) });
    const paid = (region: string) => shareOf(of(PAID)(region)?.units, of()(region)?.units);
    return [
      figureColumn({ name: "paid", label: t("figures.budget.paid"), measure: "total", whole: "largest" }, of(PAID)),
      {
        name: "share",
        label: t("figures.budget.share"),
        sizeOf: paid,
        show: (region: string) => <Share of={paid(region)} cells={[of(PAID)(region), of()(region)]} />,
      },
      figureColumn({ name: "open", label: dimensionLabel("disposition", "OPEN"), measure: "total" }, of("OPEN")),
      figureColumn({ name: "lost", label: dimensionLabel("disposition", "LOST"), measure: "total" }, of("LOST")),
    ];
  };
  return (
    <RegionFigure
      title={dimensionLabel("program", program)}
      view={view}
      answers={[answer]}
      columns={columns}
      mapped={mappedRupiah}
    />
  );
}

function EachOverTime({ cube, view }: PartProps) {
  const { t, dimensionLabel } = useText();
  const program = view.pick("program", codesOf(cube, "program"));
  const filter = [...filterOf(program), { dimension: "disposition", codes: [PAID] }];
  const answer = useCells(askedIn(view, cube.code, { ...yearUpTo(view.month, cube), level: view.levels[0] ?? null, filter }));
  const drawn = () => {
    const find = finderOf(cube, answer.cells);
    const names = namesOf(answer.cells);
    const months = monthsOf(answer.cells);
    const series = regionsOf(answer.cells).map((region) => ({
      code: region,
      label: names.get(region) ?? region,
      points: months.map((month) => ({
        month,
        size: sizeOf(find({ region, program, disposition: PAID, period: month }), "total"),
      })),
    }));
    return <Multiples label={dimensionLabel("program", program)} series={series} format={shortRupiah} />;
  };
  return (
    <Figure
      title={t("figures.budget.multiples", { program: dimensionLabel("program", program) })}
      note={t("figures.sameScale")}
      answers={[answer]}
    >
      {drawn}
    </Figure>
  );
}
