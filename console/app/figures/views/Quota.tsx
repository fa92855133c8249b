import { share } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import { type Cell, type Cube, finderOf, shareOf } from "../asking/cells.ts";
import { useGround } from "../asking/ground.tsx";
import { type Answer, useCells } from "../asking/useCells.ts";
import { askedIn, useView, type View } from "../asking/useView.ts";
import type { Column } from "../charts/BarTable.tsx";
import { Scroll } from "../charts/Scroll.tsx";
import { shareScale } from "../charts/scale.ts";
import { CodeChoice, codesOf, LevelChoice } from "../frame/Choice.tsx";
import { figureColumn } from "../frame/columns.tsx";
import { Figure } from "../frame/Figure.tsx";
import { RegionFigure } from "../frame/RegionFigure.tsx";
import { Value } from "../frame/Value.tsx";
import { ViewPage } from "../frame/ViewPage.tsx";

const CUBES = ["QUOTA", "BENEFICIARIES", "WAITING_LIST"] as const;

/** Seats that a decree gives, how many are taken, and who waits for one. */
export default function Quota() {
  const { cubeOf } = useGround();
  const cubes = CUBES.map(cubeOf);
  const view = useView(cubes);
  const [cube] = cubes as [Cube, ...Cube[]];
  return (
    <ViewPage
      name="quota"
      cubes={cubes}
      view={view}
      choices={
        <>
          <CodeChoice dimension="program" cube={cube} view={view} />
          <LevelChoice view={view} />
        </>
      }
    >
      <ByProgram cubes={cubes} view={view} />
      {view.level && <Regions cubes={cubes} view={view} />}
    </ViewPage>
  );
}

type Found = (cube: (typeof CUBES)[number], place: { region: string; program: string }) => Cell | undefined;

function foundIn(cubes: readonly Cube[], answers: readonly Answer[]): Found {
  const finders = cubes.map((cube, at) => finderOf(cube, answers[at]?.cells ?? []));
  return (cube, place) => finders[CUBES.indexOf(cube)]?.(place);
}

/** Seats of a decree count nobody: where there is no figure, no decree gives any. */
function Seats({ cell }: { readonly cell: Cell | undefined }) {
  const { t } = useText();
  return cell?.units == null ? <span className="fig-muted">{t("figures.quota.noDecree")}</span> : <Value cell={cell} />;
}

function Used({ seats, taken }: { readonly seats: Cell | undefined; readonly taken: Cell | undefined }) {
  const { t } = useText();
  if (seats?.units == null) return <span className="fig-muted">–</span>;
  const of = shareOf(taken?.units, seats?.units);
  if (of === null) return <Value cell={taken} />;
  return (
    <>
      {share(of)}
      {of > 1 && <small className="fig-over">{t("figures.quota.over")}</small>}
    </>
  );
}

function ByProgram({ cubes, view }: { readonly cubes: readonly Cube[]; readonly view: View }) {
  const { t, dimensionLabel } = useText();
  const programs = codesOf(cubes[0] as Cube, "program");
  const more = { dimensions: ["program"] };
  const seats = useCells(askedIn(view, "QUOTA", more));
  const taken = useCells(askedIn(view, "BENEFICIARIES", more));
  const waiting = useCells(askedIn(view, "WAITING_LIST", more));
  const answers = [seats, taken, waiting];
  return (
    <Figure title={t("figures.quota.byProgram")} note={t("figures.quota.note")} answers={answers}>
      {() => {
        const find = foundIn(cubes, answers);
        return (
          <Scroll label={t("figures.quota.byProgram")}>
            <table className="fig-table">
              <thead>
                <tr>
                  <th scope="col">{t("figures.dimension.program")}</th>
                  {["seats", "taken", "used", "waiting"].map((head) => (
                    <th key={head} scope="col" className="fig-number">
                      {t(`figures.quota.${head}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {programs.map((program) => (
                  <ProgramRow
                    key={program}
                    name={dimensionLabel("program", program)}
                    cellOf={(cube) => find(cube, { region: view.region, program })}
                  />
                ))}
              </tbody>
            </table>
          </Scroll>
        );
      }}
    </Figure>
  );
}

function ProgramRow({
  name,
  cellOf,
}: {
  readonly name: string;
  readonly cellOf: (cube: (typeof CUBES)[number]) => Cell | undefined;
}) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="fig-number">
        <Seats cell={cellOf("QUOTA")} />
      </td>
      <td className="fig-number">
        <Value cell={cellOf("BENEFICIARIES")} />
      </td>
      <td className="fig-number">
        <Used seats={cellOf("QUOTA")} taken={cellOf("BENEFICIARIES")} />
      </td>
      <td className="fig-number">
        <Value cell={cellOf("WAITING_LIST")} />
      </td>
    </tr>
  );
}

function Regions({ cubes, view }: { readonly cubes: readonly Cube[]; readonly view: View }) {
  const { t, dimensionLabel } = useText();
  const program = view.pick("program", codesOf(cubes[0] as Cube, "program"));
  const more = { level: view.level, filter: [{ dimension: "program", codes: [program] }] };
  const seats = useCells(askedIn(view, "QUOTA", more));
  const taken = useCells(askedIn(view, "BENEFICIARIES", more));
  const waiting = useCells(askedIn(view, "WAITING_LIST", more));
  const columns = (): Column[] => {
    const find = foundIn(cubes, [seats, taken, waiting]);
    const of = (cube: (typeof CUBES)[number]) => (region: string) => find(cube, { region, program });
    const used = (region: string) => shareOf(of("BENEFICIARIES")(region)?.units, of("QUOTA")(region)?.units);
    return [
      {
        ...{ name: "used", label: t("figures.quota.used"), whole: 1, sizeOf: used },
        show: (region) => <Used seats={of("QUOTA")(region)} taken={of("BENEFICIARIES")(region)} />,
      },
      {
        ...figureColumn({ name: "seats", label: t("figures.quota.seats") }, of("QUOTA")),
        show: (region) => <Seats cell={of("QUOTA")(region)} />,
      },
      figureColumn({ name: "taken", label: t("figures.quota.taken") }, of("BENEFICIARIES")),
      figureColumn({ name: "waiting", label: t("figures.quota.waiting") }, of("WAITING_LIST")),
    ];
  };
  const mapped = () => ({ scale: shareScale, format: share });
  return (
    <RegionFigure
      title={dimensionLabel("program", program)}
      view={view}
      answers={[taken, seats, waiting]}
      columns={columns}
      mapped={mapped}
    />
  );
}
