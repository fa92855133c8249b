import type { Content } from "../../content.ts";
import type { Grant } from "../../policy.ts";
import { text } from "../words/verdicts.ts";
import type { Change } from "./diff.ts";
import type { Turn } from "./verdictTurn.ts";

/** What the table does not say of grants that are in both versions: their condition, clause and reason to widen. */
export function conditionChanges(before: Content, after: Content): Change[] {
  const known = new Map(before.grants.map((grant) => [targetOf(grant), grant]));
  return after.grants.flatMap((grant) => {
    const old = known.get(targetOf(grant));
    return old ? PARTS.flatMap((part) => changeOf(part, old, grant)) : [];
  });
}

const targetOf = ({ kind, selector, topic, use }: Grant): string => JSON.stringify([kind, selector, topic, use]);

const PARTS = ["condition", "clause", "widenReason"] as const;
const NAMES = {
  condition: { id: "syarat", en: "condition" },
  clause: { id: "pasal", en: "clause" },
  widenReason: { id: "alasan perluasan", en: "reason to widen" },
} as const;
const NONE = { id: "tidak ada", en: "none" };

function changeOf(part: (typeof PARTS)[number], old: Grant, { [part]: value, ...grant }: Grant): Change[] {
  if (old[part] === value) return [];
  const [before, after] = [old[part] === null ? NONE : text`${old[part]}`, value === null ? NONE : text`${value}`];
  const target = `${grant.selector}${grant.topic === null ? "" : `/${grant.topic}`} (${grant.use})`;
  const sentence = text`${target}: ${NAMES[part]} ${{ id: "sebelumnya", en: "was" }} ${before}, ${{ id: "menjadi", en: "becomes" }} ${after}.`;
  return [{ kind: part === "condition" ? conditionTurn(old.condition, value) : "CHANGED", term: part, before, after, sentence }];
}

const conditionTurn = (before: string | null, after: string | null): Turn => {
  if (after === null) return "WIDENED";
  return before === null ? "NARROWED" : "CHANGED";
};
