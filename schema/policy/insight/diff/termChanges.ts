import type { Content } from "../../content.ts";
import { text } from "../words/verdicts.ts";
import type { Change } from "./diff.ts";
import { TERMS, type Term } from "./terms.ts";
import type { Turn } from "./verdictTurn.ts";

const NONE = { id: "belum ada", en: "nothing" };

/** What changes beside the grants. Before a first version there was nothing, so every term of it widens. */
export function termChanges(before: Content | null, after: Content): Change[] {
  return Object.entries(TERMS).flatMap(([term, { name, words: say, exceeds }]) => {
    const [was, is] = [before ? say(before) : NONE, say(after)];
    if (was.en === is.en) return [];
    const sentence = text`${name}: ${{ id: "sebelumnya", en: "was" }} ${was}, ${{ id: "menjadi", en: "becomes" }} ${is}.`;
    return [{ kind: before ? turnOf(exceeds, before, after) : ("WIDENED" as const), term, before: was, after: is, sentence }];
  });
}

function turnOf(exceeds: Term["exceeds"], before: Content, after: Content): Turn {
  if (exceeds(after, before)) return "WIDENED";
  return exceeds(before, after) ? "NARROWED" : "CHANGED";
}
