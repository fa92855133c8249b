import type { TableVerdict } from "../../decisionTable.ts";
import type { DocumentUses } from "./documentUses.ts";
import type { FieldUse } from "./walk.ts";

/** What became of one coordinate of a document. */
export interface Judged {
  readonly coordinate: string;
  readonly isInput: boolean;
  readonly verdict: TableVerdict;
  /** False: a field above is closed already, so that nothing below it is asked. */
  readonly isReached: boolean;
  /** False: closed somewhere in the document, by itself or (a field) by what it is asked with. */
  readonly isOpen: boolean;
  /** Inputs that close this field. */
  readonly closedBy: readonly string[];
}

export interface Judgement {
  /** One a coordinate, sorted. */
  readonly judged: readonly Judged[];
  /** What the gateway's answer names as denied, and as masked (in some rows at least): sorted. */
  readonly denied: readonly string[];
  readonly masked: readonly string[];
}

type VerdictOf = (coordinate: string) => TableVerdict;

/** Judges what a document touches as the gateway does: closed outputs and inputs are denied once each, nothing below a closed field is asked. */
export function judgeUses({ fields }: Pick<DocumentUses, "fields">, verdictOf: VerdictOf): Judgement {
  const judge = new Judge(verdictOf);
  judge.all(fields, true);
  const judged = [...judge.found.values()].sort((a, b) => (a.coordinate < b.coordinate ? -1 : 1));
  return { judged, denied: [...judge.denied].sort(), masked: [...judge.masked].sort() };
}

class Judge {
  readonly found = new Map<string, Judged>();
  readonly denied = new Set<string>();
  readonly masked = new Set<string>();
  private readonly verdictOf: VerdictOf;
  constructor(verdictOf: VerdictOf) {
    this.verdictOf = verdictOf;
  }

  all(fields: readonly FieldUse[], isReached: boolean): void {
    for (const { on, below } of fields) {
      const open = on.filter((use) => this.isOpen(use, isReached));
      this.all(below, isReached && open.length > 0);
    }
  }

  private isOpen({ coordinate, inputs }: FieldUse["on"][number], isReached: boolean): boolean {
    const verdict = this.verdictOf(coordinate);
    const shut = inputs.filter(([input, value]) => !mayTake(this.verdictOf(input), value)).map(([input]) => input);
    const isOpen = verdict.effect !== "deny" && shut.length === 0;
    this.note({ coordinate, isInput: false, verdict, isReached, isOpen, closedBy: verdict.effect === "deny" ? [] : shut });
    for (const [input] of inputs)
      this.note({
        coordinate: input,
        isInput: true,
        verdict: this.verdictOf(input),
        isReached,
        isOpen: !shut.includes(input),
        closedBy: [],
      });
    if (!isReached) return false;
    for (const denied of verdict.effect === "deny" ? [coordinate] : shut) this.denied.add(denied);
    if (isOpen && (verdict.effect === "transform" || verdict.rows)) this.masked.add(coordinate);
    return isOpen;
  }

  private note(judged: Judged): void {
    const known = this.found.get(judged.coordinate);
    this.found.set(judged.coordinate, known ? merged(known, judged) : judged);
  }
}

const merged = (a: Judged, b: Judged): Judged => ({
  ...a,
  isReached: a.isReached || b.isReached,
  isOpen: a.isOpen && b.isOpen,
  closedBy: [...new Set([...a.closedBy, ...b.closedBy])],
});

/** An input is open for this value; one that nobody said yet is open when any value is. */
function mayTake(verdict: TableVerdict, value: unknown): boolean {
  if (verdict.effect !== "allow") return false;
  const { values } = verdict;
  if (!values) return true;
  return value === undefined ? values.length > 0 : [value].flat().every((one) => values.includes(one as string | number));
}
