import type { Text } from "../../../errors.ts";
import type { Content } from "../../content.ts";
import type { Judged } from "../document/judgeUses.ts";
import { controllersOf, type InsightGround } from "../ground.ts";
import { termOf } from "../words/names.ts";
import { verdictWords } from "../words/verdicts.ts";
import { rulePath } from "./rulePath.ts";
import type { Rules } from "./rules.ts";

/** A consent on record. */
export interface Consent {
  readonly owner: string;
  readonly steward: string;
}

export interface Explained {
  readonly coordinate: string;
  readonly term: string;
  readonly isInput: boolean;
  readonly isOpen: boolean;
  /** False: what stands above it is closed, so it was not even asked. */
  readonly isReached: boolean;
  readonly effect: "ALLOW" | "MASK" | "PSEUDONYM" | "DENY";
  /** Null: open. */
  readonly code: string | null;
  readonly decision: Text;
  /** Steps such as `grant 17 (SPECIFIC/HEALTH OUTPUT allow)`, `ceiling SPECIFIC/HEALTH = aggregate`. */
  readonly path: readonly string[];
  readonly closedBy: readonly string[];
  readonly instead: readonly string[];
  readonly clause: string | null;
  readonly approvers: readonly Consent[];
  readonly validTo: string;
  /** Agencies to ask about it. */
  readonly owners: readonly string[];
}

/** Where an explanation takes its facts from. */
export interface Explaining extends InsightGround {
  readonly content: Content;
  readonly consents: readonly Consent[];
}

/** One judged coordinate with everything that can be said of how it came about. */
export function explained(judged: Judged, rules: Rules, { consents, ...ground }: Explaining): Explained {
  const { coordinate, verdict, isInput, isOpen, isReached, closedBy } = judged;
  const { steps, grant } = rulePath(coordinate, rules);
  const owners = controllersOf(ground, coordinate);
  const denial = verdict.effect === "deny" ? verdict : null;
  return {
    ...{ coordinate, isInput, isOpen, isReached, closedBy, owners },
    term: termOf(ground.catalogue, coordinate),
    effect: effectOf(verdict),
    code: isOpen ? null : codeOf(judged),
    decision: verdictWords(verdict),
    path: steps,
    instead: denial?.instead ?? [],
    clause: denial?.clause ?? grant?.clause ?? null,
    approvers: consents.filter(({ owner }) => owners.includes(owner)),
    validTo: rules.content.validTo,
  };
}

/** An input, and a field closed by one, fail for their use. */
const codeOf = ({ isInput, verdict }: Judged): string =>
  !isInput && verdict.effect === "deny" ? verdict.code : "USE_NOT_GRANTED";

function effectOf(verdict: Judged["verdict"]): Explained["effect"] {
  if (verdict.effect !== "transform") return verdict.effect === "allow" ? "ALLOW" : "DENY";
  return verdict.kind === "pseudonym" ? "PSEUDONYM" : "MASK";
}
