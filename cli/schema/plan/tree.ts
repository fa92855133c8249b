import type { FetchTold, Outline } from "../../../gateway/plan/outline/outline.ts";

type FieldTold = FetchTold["asks"][number]["fields"][number];

/** A plan as it is printed; a hub says more of it than a file does. */
export interface Told extends Outline {
  readonly agreement?: string;
  readonly version?: number;
  readonly denied?: readonly string[];
  readonly masked?: readonly string[];
  readonly cost?: { readonly estimated: number; readonly limit: number | null };
}

const WIDTH = 140;
const LABEL = 11;

/** A plan as a tree of rounds and fetches. */
export function tree(told: Told): string {
  const { rounds, fetches } = told;
  const numbers = [...new Set(fetches.map(({ round }) => round))].sort((a, b) => a - b);
  const lines = numbers.flatMap((round) => {
    const those = fetches.filter((fetch) => fetch.round === round);
    return ["", `round ${round}`, ...those.flatMap((fetch, at) => fetchLines(fetch, at === those.length - 1))];
  });
  const nothing = fetches.length === 0 ? ["Nothing is fetched."] : [];
  return `${[`${counted(rounds, "round")}, ${counted(fetches.length, "fetch")}`, ...headLines(told), ...nothing, ...lines].join("\n")}\n`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : what === "fetch" ? "es" : "s"}`;

function headLines({ agreement, version, denied = [], masked = [], cost }: Told): readonly string[] {
  return [
    ...(agreement === undefined ? [] : [`under ${agreement} version ${version}`]),
    ...(cost ? [`cost ${cost.estimated}${cost.limit === null ? "" : ` of ${cost.limit}`}`] : []),
    ...(denied.length > 0 ? wrapped(`denied and not fetched: ${denied.join(", ")}`, WIDTH) : []),
    ...(masked.length > 0 ? wrapped(`masked: ${masked.join(", ")}`, WIDTH) : []),
  ];
}

function fetchLines(fetch: FetchTold, isLast: boolean): readonly string[] {
  const { id, service, kind, waits } = fetch;
  const after = waits.length > 0 ? `, waits for ${waits.join(", ")}` : "";
  const margin = isLast ? "   " : "│  ";
  const rows = rowsOf(fetch).flatMap(([label, text]) =>
    wrapped(text, WIDTH - LABEL - margin.length).map((line, at) => `${margin}${(at === 0 ? label : "").padEnd(LABEL)}${line}`),
  );
  return [`${isLast ? "└─" : "├─"} ${id} ${service} (${kind}${after})`, ...rows];
}

type Row = readonly [label: string, text: string];

function rowsOf({ finds, asks, unseen, reasons, ...verbs }: FetchTold): readonly Row[] {
  const { output, internal, arguments: used } = verbs;
  const asked = asks.flatMap(({ type, at, fields }): readonly Row[] => [
    ...at.map((path): Row => ["at", path]),
    ["fields", `${type} ${block(fields)}`],
  ]);
  const by = finds.map(({ type, key, requires, from }): Row => {
    const inputs = requires === null ? "" : `, with ${requires} (@requires)`;
    return ["by", `${type} by ${key ?? "an internal key"}${inputs}, from ${from.join(", ")}`];
  });
  const named = [["output", output] as const, ["internal", internal] as const, ["arguments", used] as const].flatMap(
    ([label, those]): readonly Row[] => (those.length > 0 ? [[label, those.join(", ")]] : []),
  );
  const rest: readonly Row[] = unseen > 0 ? [["unseen", String(unseen)]] : [];
  return [...by, ...asked, ...named, ...rest, ...reasons.map((reason): Row => ["why", reason])];
}

const block = (fields: readonly FieldTold[]): string => `{ ${fields.map(fieldText).join(" ")} }`;

function fieldText(told: FieldTold): string {
  if ("on" in told) return `... on ${told.on} ${block(told.below)}`;
  const { field, as, arguments: given = [], below } = told;
  const used = given.length > 0 ? `(${given.map((one) => `${one}:`).join(" ")})` : "";
  return `${as === undefined ? "" : `${as}: `}${field}${used}${below ? ` ${block(below)}` : ""}`;
}

/** Lines of that many characters at most, broken at spaces. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
