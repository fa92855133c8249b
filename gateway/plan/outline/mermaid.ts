import type { Language } from "../../../schema/errors.ts";
import type { FetchTold } from "./outline.ts";
import { sentences } from "./reasons.ts";

/** The plan as a flowchart in Mermaid's words: a box a fetch, a frame a round, an arrow for what is waited for. */
export function mermaidOf(fetches: readonly FetchTold[], language: Language): string {
  const say = sentences(language);
  const rounds = [...new Set(fetches.map(({ round }) => round))].sort((a, b) => a - b);
  const frames = rounds.flatMap((round) => [
    `  subgraph r${round}["${say("round", { round })}"]`,
    ...fetches.filter((fetch) => fetch.round === round).map((fetch) => `    f${fetch.id}["${quoted(titleOf(fetch))}"]`),
    "  end",
  ]);
  const arrows = fetches.flatMap(({ id, waits, finds }) =>
    waits.map((from) => {
      const keys = finds.filter((one) => one.from.includes(from)).flatMap(({ key }) => key ?? []);
      return `  f${from} -->${keys.length > 0 ? `|"${quoted([...new Set(keys)].join(", "))}"|` : ""} f${id}`;
    }),
  );
  return `${["flowchart LR", ...frames, ...arrows].join("\n")}\n`;
}

const titleOf = ({ id, service, asks }: FetchTold): string => {
  const names = asks.map(({ type, fields }) => {
    const [first, ...more] = fields.flatMap((one) => ("field" in one ? [one.field] : [`… on ${one.on}`]));
    return `${type}${first === undefined ? "" : `.${first}`}${more.length > 0 ? ` +${more.length}` : ""}`;
  });
  return [`${id} · ${service}`, ...names].join("<br/>");
};

/** Marks that end a label, as Mermaid writes them. */
const quoted = (text: string): string => text.replaceAll('"', "#quot;").replaceAll("{", "#123;").replaceAll("}", "#125;");
