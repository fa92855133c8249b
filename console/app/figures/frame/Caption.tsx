import { day, moment } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import { monthsOf } from "../asking/cells.ts";
import { useGround } from "../asking/ground.tsx";
import type { Answer } from "../asking/useCells.ts";

/** Source, age and conditions of figures, one line a cube. */
export function Caption({ answers }: { readonly answers: readonly Answer[] }) {
  const byCube = [...new Map(answers.map((answer) => [answer.asked.cube, answer])).values()].filter(
    ({ cells }) => cells.length > 0,
  );
  return (
    <figcaption className="fig-caption">
      {byCube.map((answer) => (
        <Source key={answer.asked.cube} answer={answer} />
      ))}
    </figcaption>
  );
}

function Source({ answer: { asked, cells, isCut, record } }: { readonly answer: Answer }) {
  const { t, enumLabel } = useText();
  const cube = useGround().cubeOf(asked.cube);
  const months = monthsOf(cells);
  const last = months.at(-1) ?? "";
  const release = cube.releases.find(({ period }) => period === last);
  const period = months.length > 1 ? `${months[0]} – ${last}` : last;
  const said = [
    t("figures.source", { cube: enumLabel("CubeCode", cube.code), owner: cube.owner }),
    t("figures.period", { period }),
    release && t("figures.asOf", { day: moment(release.asOf) }),
    release && !release.isFinal && t("figures.provisional"),
    t(cube.isOfficial ? "figures.official" : "figures.rounded"),
    record.agreement && t("figures.under", { agreement: record.agreement, version: record.version ?? "" }),
    record.receipt && t("figures.receipt", { id: record.receipt.id.slice(0, 8) }),
    isCut && t("figures.cut"),
  ].filter((one) => typeof one === "string");
  return <p title={release ? day(release.asOf) : undefined}>{said.join(" · ")}</p>;
}
