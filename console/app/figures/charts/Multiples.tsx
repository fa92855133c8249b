import { Empty } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import type { Series } from "./Trend.tsx";

interface MultiplesProps {
  readonly label: string;
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
}

const [WIDTH, HEIGHT] = [120, 36];

const MOST = 60;

/** One small line a region, all by the same scale, each with its newest figure; of those that have one in any month. */
export function Multiples({ label, series, format }: MultiplesProps) {
  const { t } = useText();
  const drawn = series.filter(({ points }) => points.some(({ size }) => size !== null)).slice(0, MOST);
  if (drawn.length === 0) return <Empty>{t("figures.allWithheld")}</Empty>;
  const most = Math.max(1e-9, ...drawn.flatMap(({ points }) => points.map(({ size }) => size ?? 0)));
  return (
    <ul className="fig-multiples" aria-label={label}>
      {drawn.map(({ code, label: name, points }) => {
        const last = points.at(-1)?.size ?? null;
        return (
          <li key={code}>
            <span className="fig-multiple-name">{name}</span>
            <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true" focusable="false">
              <line x1="0" x2={WIDTH} y1={HEIGHT - 1} y2={HEIGHT - 1} stroke="var(--border-control)" />
              {runsOf(points).map((run) => (
                <polyline key={run[0]?.at} points={run.map((point) => placed(point, { count: points.length, most })).join(" ")} />
              ))}
            </svg>
            <span className="fig-number">{last === null ? t("figures.withheld") : format(last)}</span>
          </li>
        );
      })}
    </ul>
  );
}

interface Point {
  readonly at: number;
  readonly size: number;
}

/** A withheld month breaks the line. */
function runsOf(points: Series["points"]): Point[][] {
  return points.reduce<Point[][]>((runs, { size }, at) => {
    if (size === null) return runs;
    const run = runs.at(-1);
    if (run && run.at(-1)?.at === at - 1) run.push({ at, size });
    else runs.push([{ at, size }]);
    return runs;
  }, []);
}

function placed({ at, size }: Point, { count, most }: { readonly count: number; readonly most: number }): string {
  const x = count < 2 ? WIDTH / 2 : 3 + (at * (WIDTH - 6)) / (count - 1);
  return `${x.toFixed(1)},${(HEIGHT - 3 - (size * (HEIGHT - 8)) / most).toFixed(1)}`;
}
