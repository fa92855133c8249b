import { useText } from "../../kit/text.tsx";
import { TOTAL } from "../asking/asked.ts";
import { type Cube, finderOf } from "../asking/cells.ts";
import { useGround } from "../asking/ground.tsx";
import { useCells } from "../asking/useCells.ts";
import { askedIn, useView, type View } from "../asking/useView.ts";
import { List } from "../charts/List.tsx";
import { Pyramid } from "../charts/Pyramid.tsx";
import { CodeChoice, codesOf, LevelChoice } from "../frame/Choice.tsx";
import { figureColumn, mappedCounts } from "../frame/columns.tsx";
import { Figure } from "../frame/Figure.tsx";
import { RegionFigure } from "../frame/RegionFigure.tsx";
import { sizeOf, Value } from "../frame/Value.tsx";
import { ViewPage } from "../frame/ViewPage.tsx";

/** How many the registry knows, and of which decile, age and sex they are. */
export default function Registry() {
  const { cubeOf } = useGround();
  const [households, members] = [cubeOf("REGISTRY_HOUSEHOLDS"), cubeOf("REGISTRY_MEMBERS")];
  const view = useView([households]);
  return (
    <ViewPage
      name="registry"
      cubes={[households, members]}
      view={view}
      choices={
        <>
          <CodeChoice dimension="decile" cube={households} view={view} />
          <LevelChoice view={view} />
        </>
      }
    >
      <Deciles cube={households} view={view} />
      {view.region.length <= 4 && <Ages cube={members} view={view} />}
      {view.level && <Regions cube={households} view={view} />}
    </ViewPage>
  );
}

interface PartProps {
  readonly cube: Cube;
  readonly view: View;
}

function Deciles({ cube, view }: PartProps) {
  const { t, dimensionLabel } = useText();
  const deciles = codesOf(cube, "decile");
  const answer = useCells(
    askedIn(view, cube.code, { dimensions: ["decile"], filter: [{ dimension: "decile", codes: [TOTAL, ...deciles] }] }),
  );
  const items = () => {
    const find = finderOf(cube, answer.cells);
    return [TOTAL, ...deciles].map((decile) => {
      const cell = find({ region: view.region, decile });
      const label = decile === TOTAL ? t("figures.total") : dimensionLabel("decile", decile);
      return {
        code: decile,
        label,
        ...(decile !== TOTAL && { size: sizeOf(cell, "units") }),
        values: [<Value key="units" cell={cell} />],
      };
    });
  };
  return (
    <Figure title={t("figures.registry.deciles")} answers={[answer]}>
      {() => (
        <List
          label={t("figures.registry.deciles")}
          heads={[t("figures.dimension.decile"), t("figures.registry.households")]}
          items={items()}
        />
      )}
    </Figure>
  );
}

function Ages({ cube, view }: PartProps) {
  const { t, dimensionLabel } = useText();
  const answer = useCells(askedIn(view, cube.code, { dimensions: ["sex", "age"] }));
  const [left, right] = ["FEMALE", "MALE"] as const;
  const drawn = () => {
    const find = finderOf(cube, answer.cells);
    return (
      <Pyramid
        label={t("figures.registry.ages")}
        sides={[left, right].map((sex) => ({
          label: dimensionLabel("sex", sex),
          cellOf: (age: string) => find({ region: view.region, sex, age }),
        }))}
        ages={codesOf(cube, "age").map((code) => ({ code, label: dimensionLabel("age", code) }))}
      />
    );
  };
  return (
    <Figure title={t("figures.registry.ages")} note={t("figures.registry.agesNote")} answers={[answer]}>
      {drawn}
    </Figure>
  );
}

function Regions({ cube, view }: PartProps) {
  const { t, dimensionLabel } = useText();
  const decile = view.pick("decile", codesOf(cube, "decile"));
  const filter = [{ dimension: "decile", codes: [TOTAL, decile] }];
  const answer = useCells(askedIn(view, cube.code, { level: view.level, dimensions: ["decile"], filter }));
  const columns = () => {
    const find = finderOf(cube, answer.cells);
    return [
      figureColumn({ name: "all", label: t("figures.registry.households"), whole: "largest" }, (region) => find({ region })),
      figureColumn({ name: "decile", label: dimensionLabel("decile", decile) }, (region) => find({ region, decile })),
    ];
  };
  return (
    <RegionFigure
      title={t("figures.registry.households")}
      view={view}
      answers={[answer]}
      columns={columns}
      mapped={mappedCounts}
    />
  );
}
