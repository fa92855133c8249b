import type { TableVerdict } from "../../decisionTable.ts";
import { CLOSED, kindInRow, type RowFacts, SUBJECT_FLAGS, type SubjectFlag } from "../../masks.ts";

/** What a change does to the one who asks: something more is open, something less and nothing more, or something else. */
export type Turn = "WIDENED" | "NARROWED" | "CHANGED";

/**
 * What became of one coordinate. Widened as soon as any row or any value an argument may take is shown less strictly than before, whatever else
 * got stricter: that is what an owner must see. Null: nothing.
 */
export function verdictTurn(before: TableVerdict, after: TableVerdict): Turn | null {
  if (before.effect === "deny" && after.effect === "deny") return before.code === after.code ? null : "CHANGED";
  if (JSON.stringify(before) === JSON.stringify(after)) return null;
  const steps = [...rowsOf(before, after).map((row) => levelIn(after, row) - levelIn(before, row)), ...valueSteps(before, after)];
  if (steps.some((step) => step < 0)) return "WIDENED";
  return steps.some((step) => step > 0) ? "NARROWED" : "CHANGED";
}

/** How strictly a value is treated in a row. Masks of different functions are equally strict: neither shows what the other does. */
function levelIn(verdict: TableVerdict, row: RowFacts): number {
  if (verdict.effect === "deny") return 4;
  const kind = kindInRow(verdict.effect === "transform" ? verdict.kind : null, verdict.rows ?? [], row);
  if (kind === null) return 0;
  if (kind === CLOSED) return 3;
  return kind === "pseudonym" ? 2 : 1;
}

/** Rows of every sort the two verdicts tell apart: with any of the flags they name, inside and outside of every range of regions. */
function rowsOf(...verdicts: readonly TableVerdict[]): RowFacts[] {
  const rules = verdicts.flatMap((verdict) => (verdict.effect === "deny" ? [] : (verdict.rows ?? [])));
  const regions = [...new Set(["", ...rules.flatMap(({ home = [] }) => home.flat())])];
  const named = SUBJECT_FLAGS.filter((flag) => rules.some((rule) => rule.flag === flag));
  const sets: SubjectFlag[][] = [[]];
  for (const flag of named) sets.push(...sets.map((set) => [...set, flag]));
  return regions.flatMap((region) => sets.map((flags) => ({ region, flags })));
}

/** One step down for a value that an argument may take now, one up for one that it may not take any more. */
function valueSteps(before: TableVerdict, after: TableVerdict): number[] {
  const [was, is] = [valuesOf(before), valuesOf(after)];
  if (was === null || is === null) return was === is ? [] : [is === null ? -1 : 1];
  return [...is.filter((one) => !was.includes(one)).map(() => -1), ...was.filter((one) => !is.includes(one)).map(() => 1)];
}

/** Null: any; a closed input takes none. */
function valuesOf(verdict: TableVerdict): readonly (string | number)[] | null {
  if (verdict.effect === "deny") return [];
  return verdict.effect === "allow" ? (verdict.values ?? null) : null;
}
