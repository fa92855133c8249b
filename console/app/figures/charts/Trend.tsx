import { useMemo } from "react";
import { useText } from "../../kit/text.tsx";
import { monthsBetween } from "../asking/months.ts";
import { type Draw, Plotted } from "./Plotted.tsx";

export interface Series {
  readonly code: string;
  readonly label: string;
  /** By month; null: withheld, and the line is broken there. */
  readonly points: readonly { readonly month: string; readonly size: number | null }[];
}

interface TrendProps {
  readonly label: string;
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  /** Top of the axis; absent: the largest. */
  readonly whole?: number;
}

/** Colour and dashes of each line: never told apart by colour alone. */
const STROKES = [
  ["var(--brand)", ""],
  ["var(--warning)", "8 3"],
  ["var(--positive)", "2 3"],
  ["var(--negative)", "10 3 2 3"],
  ["var(--info)", "5 5"],
  ["var(--content-muted)", "1 4"],
] as const;
const strokeOf = (at: number) => STROKES[at % STROKES.length] ?? STROKES[0];

/** Lines over months; a month withheld is a gap, one without a release is passed over. At most six of them. */
export function Trend({ label, series, format, whole }: TrendProps) {
  const shown = series.slice(0, STROKES.length);
  const top = whole ?? Math.max(1, ...shown.flatMap(({ points }) => points.map(({ size }) => size ?? 0)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same figures are drawn once, whoever made the list anew
  const draw = useMemo<Draw>(() => drawingOf(shown, { format, top }), [JSON.stringify(shown), format, top]);
  return (
    <>
      <Plotted label={label} draw={draw} />
      <Lines series={shown} />
    </>
  );
}

function drawingOf(
  series: readonly Series[],
  { format, top }: { readonly format: (value: number) => string; readonly top: number },
): Draw {
  return (plot, width) => {
    const months = series.flatMap(({ points }) => points.map(({ month }) => month)).sort();
    const [first = "", last = ""] = [months[0], months.at(-1)];
    const x = {
      type: "point",
      label: null,
      domain: monthsBetween(first, last),
      ...(width < 640 && { ticks: [first, last] }),
    } as const;
    return plot.plot({
      ...{ width, height: 260, marginLeft: 72, marginRight: 36, x },
      style: { background: "transparent", color: "var(--content)", fontSize: "13px" },
      y: { domain: [0, top], label: null, grid: true, tickFormat: format, ticks: 5 },
      marks: [
        plot.ruleY([0], { stroke: "var(--border-control)" }),
        ...series.flatMap((one, at) => marksOf(plot, { one, at, format })),
      ],
    });
  };
}

interface Marked {
  readonly one: Series;
  readonly at: number;
  readonly format: (value: number) => string;
}

function marksOf(plot: Parameters<Draw>[0], { one: { label, points }, at, format }: Marked) {
  const [stroke, dashes] = strokeOf(at);
  const x = points.map(({ month }) => month);
  const y = points.map(({ size }) => size ?? Number.NaN);
  return [
    plot.lineY(y, { x, stroke, strokeWidth: 2, strokeDasharray: dashes }),
    plot.dot(y, { x, y, r: 3, fill: stroke, title: y.map((value, month) => `${label}, ${x[month]}: ${format(value)}`) }),
  ];
}

/** Which line is which. */
function Lines({ series }: { readonly series: readonly Series[] }) {
  const { t } = useText();
  return (
    <ul className="fig-legend">
      {series.map(({ code, label, points }, at) => (
        <li key={code}>
          <svg className="fig-stroke" width="32" height="4" aria-hidden="true">
            <line x2="32" y1="2" y2="2" strokeWidth="2.5" stroke={strokeOf(at)[0]} strokeDasharray={strokeOf(at)[1]} />
          </svg>
          {label}
          {points.every(({ size }) => size === null) && ` (${t("figures.withheld")})`}
        </li>
      ))}
    </ul>
  );
}
