import { useText } from "../../kit/text.tsx";
import { type Cell, shareOf } from "../asking/cells.ts";
import { Share, Value } from "../frame/Value.tsx";
import { Bar } from "./BarTable.tsx";
import { Scroll } from "./Scroll.tsx";

interface UpSetProps {
  readonly label: string;
  readonly programs: readonly string[];
  /** Sets of programs written with `+`; one that names none of them stands for all others. */
  readonly sets: readonly { readonly code: string; readonly cell: Cell | undefined }[];
  readonly all: Cell | undefined;
}

/** Who gets which programs together: a row a set, its programs as joined dots, the largest first. */
export function UpSet({ label, programs, sets, all }: UpSetProps) {
  const { t, dimensionLabel } = useText();
  const sorted = sets.toSorted((a, b) => (b.cell?.units ?? -1) - (a.cell?.units ?? -1));
  const most = sorted[0]?.cell?.units ?? 0;
  return (
    <Scroll label={label}>
      <table className="fig-table fig-upset">
        <thead>
          <tr>
            {programs.map((program) => (
              <th key={program} scope="col" className="fig-dot-head">
                {dimensionLabel("combination", program)}
              </th>
            ))}
            <th scope="col">{dimensionLabel("combination", "").trim() || t("figures.combination")}</th>
            <th scope="col" className="fig-number" colSpan={2}>
              {t("figures.families")}
            </th>
            <th scope="col" className="fig-number">
              {t("figures.ofAll")}
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map(({ code, cell }) => (
            <tr key={code}>
              <Dots programs={programs} set={code} />
              <th scope="row">{dimensionLabel("combination", code)}</th>
              <td className="fig-bars">
                <Bar isWide part={cell?.units == null ? null : cell.units / Math.max(1, most)} />
              </td>
              <td className="fig-number">
                <Value cell={cell} />
              </td>
              <td className="fig-number">
                <Share of={shareOf(cell?.units, all?.units)} cells={[cell, all]} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Dots({ programs, set }: { readonly programs: readonly string[]; readonly set: string }) {
  const { t } = useText();
  const held = set.split("+");
  const [first, last] = [programs.findIndex((one) => held.includes(one)), programs.findLastIndex((one) => held.includes(one))];
  return programs.map((program, at) => (
    <td
      key={program}
      className="fig-dot"
      data-held={held.includes(program) || undefined}
      data-from={at > first && at <= last ? true : undefined}
      data-to={at >= first && at < last ? true : undefined}
    >
      <span aria-hidden />
      <span className="fig-unseen">{t(held.includes(program) ? "figures.yes" : "figures.no")}</span>
    </td>
  ));
}
