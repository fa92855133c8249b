import { share } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import { TOTAL } from "../asking/asked.ts";
import { type Cell, type Cube, finderOf, monthsOf, regionsOf, shareOf } from "../asking/cells.ts";
import { useGround } from "../asking/ground.tsx";
import { yearUpTo } from "../asking/months.ts";
import { namesOf } from "../asking/names.ts";
import { type Answer, useCells } from "../asking/useCells.ts";
import { askedIn, useView, type View } from "../asking/useView.ts";
import { List } from "../charts/List.tsx";
import { Multiples } from "../charts/Multiples.tsx";
import { type Series, Trend } from "../charts/Trend.tsx";
import { CodeChoice, codesOf, LevelChoice } from "../frame/Choice.tsx";
import { figureColumn, mappedShares } from "../frame/columns.tsx";
import { Figure } from "../frame/Figure.tsx";
import { MonthTable } from "../frame/MonthTable.tsx";
import { RegionFigure } from "../frame/RegionFigure.tsx";
import { Share, sizeOf, Value } from "../frame/Value.tsx";
import { ViewPage } from "../frame/ViewPage.tsx";

/** How many entries of the registry Dukcapil knows, over time and by region. */
export default function Matching() {
  const cube = useGround().cubeOf("MATCH_QUALITY");
  const view = useView([cube]);
  return (
    <ViewPage
      name="matching"
      cubes={[cube]}
      view={view}
      choices={
        <>
          <CodeChoice dimension="match" cube={cube} view={view} />
          <LevelChoice view={view} />
        </>
      }
    >
      <OverTime cube={cube} view={view} />
      <Results cube={cube} view={view} />
      {view.level && <Regions cube={cube} view={view} />}
    </ViewPage>
  );
}

/** Of a region, its share of all entries. */
const partOf = (find: ReturnType<typeof finderOf>, place: { region: string; match: string; period?: string }) => {
  const { match: _, ...all } = place;
  const [part, whole] = [find(place), find(all)];
  return { part, whole, share: shareOf(part?.units, whole?.units) };
};

function seriesOf(cube: Cube, { cells }: Answer, match: string): Series[] {
  const find = finderOf(cube, cells);
  const names = namesOf(cells);
  const months = monthsOf(cells);
  return regionsOf(cells).map((region) => ({
    code: region,
    label: names.get(region) ?? region,
    points: months.map((month) => ({ month, size: partOf(find, { region, match, period: month }).share })),
  }));
}

function OverTime({ cube, view }: { readonly cube: Cube; readonly view: View }) {
  const { t, dimensionLabel } = useText();
  const match = view.pick("match", codesOf(cube, "match"));
  const label = dimensionLabel("match", match);
  const filter = [{ dimension: "match", codes: [TOTAL, match] }];
  const answer = useCells(askedIn(view, cube.code, { ...yearUpTo(view.month, cube), dimensions: ["match"], filter }));
  const series = seriesOf(cube, answer, match).map((one) => ({ ...one, label }));
  const table = () => {
    const find = finderOf(cube, answer.cells);
    const rows = monthsOf(answer.cells).map((period) => {
      const { part, whole, share: of } = partOf(find, { region: view.region, match, period });
      return {
        month: period,
        values: [
          <Share key="share" of={of} cells={[part, whole]} />,
          <Value key="part" cell={part} />,
          <Value key="all" cell={whole} />,
        ],
      };
    });
    return <MonthTable heads={[label, t("figures.count"), t("figures.total")]} rows={rows} />;
  };
  return (
    <Figure title={t("figures.matching.trend", { match: label })} note={t("figures.ofRounded")} answers={[answer]} table={table}>
      {() => <Trend label={t("figures.matching.trend", { match: label })} series={series} format={share} whole={1} />}
    </Figure>
  );
}

function Results({ cube, view }: { readonly cube: Cube; readonly view: View }) {
  const { t, dimensionLabel } = useText();
  const codes = codesOf(cube, "match");
  const answer = useCells(
    askedIn(view, cube.code, { dimensions: ["match"], filter: [{ dimension: "match", codes: [TOTAL, ...codes] }] }),
  );
  const items = () => {
    const find = finderOf(cube, answer.cells);
    return codes.map((match) => {
      const { part, whole, share: of } = partOf(find, { region: view.region, match });
      const values = [<Value key="part" cell={part} />, <Share key="share" of={of} cells={[part, whole]} />];
      return { code: match, label: dimensionLabel("match", match), size: sizeOf(part, "units"), values };
    });
  };
  return (
    <Figure title={t("figures.matching.results")} note={t("figures.ofRounded")} answers={[answer]}>
      {() => (
        <List
          label={t("figures.matching.results")}
          heads={[t("figures.dimension.match"), t("figures.count"), t("figures.ofAll")]}
          items={items()}
        />
      )}
    </Figure>
  );
}

function Regions({ cube, view }: { readonly cube: Cube; readonly view: View }) {
  const { t, dimensionLabel } = useText();
  const match = view.pick("match", codesOf(cube, "match"));
  const label = dimensionLabel("match", match);
  const filter = [{ dimension: "match", codes: [TOTAL, match] }];
  const answer = useCells(askedIn(view, cube.code, { level: view.level, dimensions: ["match"], filter }));
  const yearly = useCells(
    askedIn(view, cube.code, { ...yearUpTo(view.month, cube), level: view.levels[0] ?? null, dimensions: ["match"], filter }),
  );
  const series = seriesOf(cube, yearly, match);
  const columns = () => {
    const find = finderOf(cube, answer.cells);
    const of = (region: string) => partOf(find, { region, match });
    return [
      {
        ...{ name: "share", label: t("figures.matching.share", { match: label }), whole: 1 },
        sizeOf: (region: string) => of(region).share,
        show: (region: string) => <Share of={of(region).share} cells={[of(region).part, of(region).whole]} />,
      },
      figureColumn({ name: "part", label }, (region): Cell | undefined => of(region).part),
      figureColumn({ name: "all", label: t("figures.total") }, (region): Cell | undefined => of(region).whole),
    ];
  };
  return (
    <>
      <RegionFigure title={label} view={view} answers={[answer]} columns={columns} mapped={mappedShares} />
      {monthsOf(yearly.cells).length > 1 && (
        <Figure title={t("figures.matching.multiples", { match: label })} note={t("figures.sameScale")} answers={[yearly]}>
          {() => <Multiples label={label} series={series} format={share} />}
        </Figure>
      )}
    </>
  );
}
