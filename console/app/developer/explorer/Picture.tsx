import { useText } from "../../kit/text.tsx";
import type { FetchTold } from "./plan.ts";

const [WIDTH, HEIGHT, LINE] = [210, 34, 18];
const [ACROSS, DOWN, TOP] = [90, 18, 30];
const MOST_LINES = 3;
const MOST_LETTERS = 27;

interface Box {
  readonly fetch: FetchTold;
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** A box a fetch, a column a round, an arrow for what is waited for. All it says stands in the list below it, too. */
export function Picture({ fetches }: { readonly fetches: readonly FetchTold[] }) {
  const { t } = useText();
  const boxes = placed(fetches);
  const rounds = Math.max(...fetches.map(({ round }) => round));
  const [width, height] = [rounds * (WIDTH + ACROSS) - ACROSS + 2, Math.max(...boxes.map(({ y, height }) => y + height)) + 2];
  const about = fetches.map(({ id, service, round }) => `${id} ${service}, ${t("developer.round", { round })}`).join("; ");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="plan-picture" tabIndex={0} aria-label={t("developer.planPicture")}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={about}>
        <defs>
          <marker id="plan-tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M0 0 L8 4 L0 8 z" className="plan-tip" />
          </marker>
        </defs>
        {Array.from({ length: rounds }, (_, at) => (
          <text key={`round ${at + 1}`} x={at * (WIDTH + ACROSS) + 1} y={16} className="plan-round">
            {t("developer.round", { round: at + 1 })}
          </text>
        ))}
        {boxes.flatMap((box) =>
          box.fetch.waits.map((from) => <Arrow key={`${from} ${box.fetch.id}`} boxes={boxes} from={from} to={box} />),
        )}
        {boxes.map((box) => (
          <Drawn key={box.fetch.id} box={box} />
        ))}
      </svg>
    </section>
  );
}

function Drawn({ box: { fetch, lines, x, y, height } }: { readonly box: Box }) {
  return (
    <g>
      <rect x={x} y={y} width={WIDTH} height={height} rx={6} className="plan-box" />
      <text x={x + 10} y={y + 22} className="plan-service">
        {`${fetch.id} · ${fetch.service}`}
      </text>
      {lines.map((line, at) => (
        <text key={line} x={x + 10} y={y + HEIGHT + 8 + at * LINE} className="plan-line">
          {line}
        </text>
      ))}
    </g>
  );
}

/** With the key by which what is waited for is found. */
function Arrow({ boxes, from, to }: { readonly boxes: readonly Box[]; readonly from: number; readonly to: Box }) {
  const start = boxes.find(({ fetch }) => fetch.id === from);
  if (!start) return null;
  const [x, y] = [start.x + WIDTH, start.y + start.height / 2];
  const [toX, toY] = [to.x, to.y + to.height / 2];
  const bend = toX - ACROSS / 2;
  const keys = to.fetch.finds.filter((one) => one.from.includes(from)).flatMap(({ key }) => key ?? []);
  return (
    <g>
      <path d={`M${x} ${y} C${bend} ${y} ${bend} ${toY} ${toX - 2} ${toY}`} className="plan-arrow" markerEnd="url(#plan-tip)" />
      <text x={toX - 10} y={toY - 6} textAnchor="end" className="plan-line">
        {short([...new Set(keys)].join(", "), 9)}
      </text>
    </g>
  );
}

function placed(fetches: readonly FetchTold[]): readonly Box[] {
  const nextY = new Map<number, number>();
  return fetches.map((fetch) => {
    const lines = linesOf(fetch);
    const y = nextY.get(fetch.round) ?? TOP;
    const height = HEIGHT + lines.length * LINE + 4;
    nextY.set(fetch.round, y + height + DOWN);
    return { fetch, lines, x: (fetch.round - 1) * (WIDTH + ACROSS) + 1, y, height };
  });
}

function linesOf({ asks }: FetchTold): readonly string[] {
  const names = asks.flatMap(({ type, fields }) => fields.map((one) => `${type}.${"on" in one ? one.on : one.field}`));
  const shown = names.length > MOST_LINES ? [...names.slice(0, MOST_LINES - 1), `+${names.length - MOST_LINES + 1}`] : names;
  return [...new Set(shown.map((name) => short(name, MOST_LETTERS)))];
}

const short = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
