import type { Text } from "../../../errors.ts";
import type { Content } from "../../content.ts";
import type { DecisionTable } from "../../decisionTable.ts";
import type { Use } from "../../words.ts";
import { type InsightGround, tableOf } from "../ground.ts";
import { named } from "../words/names.ts";
import { text, verdictWords } from "../words/verdicts.ts";
import { conditionChanges } from "./conditionChanges.ts";
import { termChanges } from "./termChanges.ts";
import { type Turn, verdictTurn } from "./verdictTurn.ts";

export interface Change {
  readonly kind: Turn;
  /** Of what is open: the coordinate, and of an input the uses it stands for. */
  readonly coordinate?: string;
  readonly uses?: readonly Use[];
  /** Of a term of the version: its name in Content. */
  readonly term?: string;
  readonly before: Text;
  readonly after: Text;
  readonly sentence: Text;
}

const NOTHING: DecisionTable = {
  hash: "",
  hidden: new Set(),
  verdict: () => ({ effect: "deny", code: "FIELD_NOT_GRANTED" }),
};

/**
 * What another version changes, on the compiled decisions, so that ceilings, prohibitions and pinned coordinates count; then its terms and
 * conditions. Null before: all of it is new. Equal contents: nothing. Widening first, else in the order of
 * the schema.
 */
export function diffOf(before: Content | null, after: Content, ground: InsightGround): Change[] {
  const [was, is] = [before ? tableOf(before, ground) : NOTHING, tableOf(after, ground)];
  const decided = [...ground.catalogue.entries.values()].flatMap(({ coordinate, kind, guards, classes }) => {
    const change = changeOf(coordinate, { was, is, ground });
    // An input that guards nothing follows its field; without a version before, what is public is not news.
    if (!change || (kind !== "output" && guards.length === 0 && !hasValues(is, coordinate))) return [];
    if (!before && (change.kind === "CHANGED" || classes.some((data) => data.class === "PUBLIC"))) return [];
    return [{ ...change, ...(guards.length > 0 && { uses: [...new Set(guards.map(({ use }) => use))] }) }];
  });
  const changes = [...decided, ...termChanges(before, after), ...(before ? conditionChanges(before, after) : [])];
  return changes
    .map((change, at) => ({ change, at }))
    .sort(byWidening)
    .map(({ change }) => change);
}

const hasValues = (table: DecisionTable, coordinate: string): boolean => {
  const verdict = table.verdict(coordinate);
  return verdict.effect === "allow" && verdict.values !== undefined;
};

type Placed = { readonly change: Change; readonly at: number };
const ORDER: readonly Turn[] = ["WIDENED", "CHANGED", "NARROWED"];
const byWidening = (a: Placed, b: Placed): number => ORDER.indexOf(a.change.kind) - ORDER.indexOf(b.change.kind) || a.at - b.at;

interface Compared {
  readonly was: DecisionTable;
  readonly is: DecisionTable;
  readonly ground: InsightGround;
}

function changeOf(coordinate: string, { was, is, ground }: Compared): Change | null {
  const kind = verdictTurn(was.verdict(coordinate), is.verdict(coordinate));
  if (kind === null) return null;
  const [before, after] = [verdictWords(was.verdict(coordinate)), verdictWords(is.verdict(coordinate))];
  const name = named(ground.catalogue, coordinate);
  const sentence = text`${name}: ${{ id: "sebelumnya", en: "was" }} ${before}, ${{ id: "menjadi", en: "becomes" }} ${after}.`;
  return { kind, coordinate, before, after, sentence };
}
