import { useEffect, useRef } from "react";
import { useText } from "../../../kit/text.tsx";
import type { Step } from "../../kit/History.tsx";
import { useNames } from "../../kit/names.ts";
import { LINES, STATIONS } from "./way.ts";

const [COLUMN, LEFT, WIDTH, HEIGHT] = [106, 56, 960, 310];
const ROWS = [64, 142, 244];
const placeOf = (state: string) => {
  const { column = 0, row = 1 } = STATIONS.find((one) => one.state === state) ?? {};
  return { x: LEFT + column * COLUMN, y: ROWS[row] ?? 0 };
};

interface MapProps {
  readonly state: string;
  readonly steps: readonly Step[];
}

/** The life of a proposal as a map: where it has been, where it is, where it may still go. The same stands in words beside it. */
export function WayMap({ state, steps }: MapProps) {
  const { t } = useText();
  const name = useNames();
  const box = useRef<HTMLElement>(null);
  const been = new Set(steps.flatMap(({ from, to }) => [from, to]));
  const gone = (from: string, to: string) => steps.some((step) => step.from === from && step.to === to);
  useEffect(() => {
    if (box.current) box.current.scrollLeft = placeOf(state).x - box.current.clientWidth / 2;
  }, [state]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section ref={box} className="desk-map" tabIndex={0} aria-label={t("district.proposal.map")}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        width={WIDTH}
        role="img"
        aria-label={t("district.proposal.here", { state: name("ProposalState", state) })}
      >
        {LINES.map(([from, to]) => (
          <Line key={`${from}${to}`} from={from} to={to} isGone={gone(from, to)} />
        ))}
        {STATIONS.map((station) => (
          <Place key={station.state} state={station.state} isHere={station.state === state} isBehind={been.has(station.state)} />
        ))}
      </svg>
    </section>
  );
}

function Line({ from, to, isGone }: { readonly from: string; readonly to: string; readonly isGone: boolean }) {
  const [a, b] = [placeOf(from), placeOf(to)];
  return (
    <line
      x1={a.x}
      y1={a.y}
      x2={b.x}
      y2={b.y}
      stroke={isGone ? "var(--brand)" : "var(--border-control)"}
      strokeWidth={isGone ? 4 : 1.5}
      {...(!isGone && { strokeDasharray: "4 4" })}
    />
  );
}

interface PlaceProps {
  readonly state: string;
  readonly isHere: boolean;
  readonly isBehind: boolean;
}

function Place({ state, isHere, isBehind }: PlaceProps) {
  const { x, y } = placeOf(state);
  const isFilled = isHere || isBehind;
  return (
    <g>
      {isHere && <circle cx={x} cy={y} r={18} fill="var(--ground)" stroke="var(--brand)" strokeWidth={3} />}
      <circle
        cx={x}
        cy={y}
        r={11}
        fill={isFilled ? "var(--brand)" : "var(--ground)"}
        stroke={isFilled ? "var(--brand)" : "var(--border-control)"}
        strokeWidth={2}
      />
      <text x={x} y={y + 5} textAnchor="middle" fontSize={13} fill="var(--ground)">
        {isHere ? "●" : isBehind ? "✓" : ""}
      </text>
      <Label state={state} x={x} y={y} isBold={isHere} isMuted={!isFilled} />
    </g>
  );
}

interface LabelProps {
  readonly state: string;
  readonly x: number;
  readonly y: number;
  readonly isBold: boolean;
  readonly isMuted: boolean;
}

const [LINE, LETTER] = [14, 6.6];

/** The name of a place, on ground of its own, for lines pass below it: above a place of the upper row, else below it. */
function Label({ state, x, y, isBold, isMuted }: LabelProps) {
  const lines = linesOf(useNames()("ProposalState", state));
  const top = y === ROWS[0] ? y - 18 - lines.length * LINE : y + 18;
  const width = Math.max(...lines.map(({ length }) => length)) * LETTER;
  return (
    <>
      <rect x={x - width / 2} y={top} width={width} height={lines.length * LINE} fill="var(--ground)" />
      <text
        textAnchor="middle"
        fontSize={12}
        fontWeight={isBold ? 700 : 400}
        fill={isMuted ? "var(--content-muted)" : "var(--content)"}
      >
        {lines.map((line, at) => (
          <tspan key={line} x={x} y={top + 11 + at * LINE}>
            {line}
          </tspan>
        ))}
      </text>
    </>
  );
}

const MOST = 14;

/** Words in lines that fit below a place. */
function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= MOST) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
