import type { DecisionTable } from "../../decisionTable.ts";
import { verdictTurn } from "./verdictTurn.ts";

/** Recorded questions of one client with one document, counted: what became of the coordinates, never a value. */
export interface Shape {
  readonly client: string;
  /** Keyed mark of the document. */
  readonly mark: string;
  /** Name the client gave the operation; null: none. */
  readonly name: string | null;
  readonly requests: number;
  readonly shown: readonly string[];
  readonly masked: readonly string[];
  readonly denied: readonly string[];
  readonly used: readonly string[];
}

/** What another table would have made of recorded questions. Lists are sorted. */
export interface Replayed extends Pick<Shape, "client" | "mark" | "name" | "requests"> {
  readonly newlyDenied: readonly string[];
  readonly newlyMasked: readonly string[];
  readonly uncovered: readonly string[];
  readonly newlyAllowed: readonly string[];
}

/** The table in force, null where none is, and the one that might come after it. */
export interface Replaying {
  readonly before: DecisionTable | null;
  readonly after: DecisionTable;
}

/** Replays shapes against a table, merged by client and document; those of which nothing changes are left out. */
export function replay(shapes: readonly Shape[], tables: Replaying): Replayed[] {
  const groups = new Map<string, Shape>();
  for (const shape of shapes) {
    const known = groups.get(`${shape.client} ${shape.mark}`);
    groups.set(`${shape.client} ${shape.mark}`, known ? merged(known, shape) : shape);
  }
  return [...groups.values()].map((shape) => replayed(shape, tables)).filter(isTouched);
}

const LISTS = ["shown", "masked", "denied", "used"] as const;

function merged(a: Shape, b: Shape): Shape {
  const lists = Object.fromEntries(LISTS.map((list) => [list, [...new Set([...a[list], ...b[list]])]]));
  return { ...a, ...lists, requests: a.requests + b.requests };
}

function replayed({ client, mark, name, requests, ...lists }: Shape, tables: Replaying): Replayed {
  const effectOf = (coordinate: string) => tables.after.verdict(coordinate).effect;
  const open = [...new Set([...lists.shown, ...lists.masked, ...lists.used])];
  return {
    ...{ client, mark, name, requests },
    newlyDenied: open.filter((one) => effectOf(one) === "deny").sort(),
    newlyMasked: lists.shown.filter((one) => !lists.masked.includes(one) && effectOf(one) === "transform").sort(),
    uncovered: lists.masked.filter((one) => isUncovered(one, tables)).sort(),
    newlyAllowed: lists.denied.filter((one) => isOpened(one, tables)).sort(),
  };
}

/** Shown further than by the version in force: what that masks in some rows only is on record as masked as well. */
function isUncovered(coordinate: string, { before, after }: Replaying): boolean {
  const verdict = after.verdict(coordinate);
  return verdict.effect === "allow" && (before === null || verdictTurn(before.verdict(coordinate), verdict) === "WIDENED");
}

/** An argument may have been denied for its value, which is not on record: it counts once more values are open than before. */
function isOpened(coordinate: string, { before, after }: Replaying): boolean {
  const verdict = after.verdict(coordinate);
  if (verdict.effect !== "allow" || !verdict.values) return verdict.effect !== "deny";
  return verdictTurn(before?.verdict(coordinate) ?? { effect: "deny", code: "USE_NOT_GRANTED" }, verdict) === "WIDENED";
}

const isTouched = ({ newlyDenied, newlyMasked, uncovered, newlyAllowed }: Replayed): boolean =>
  [newlyDenied, newlyMasked, uncovered, newlyAllowed].some((list) => list.length > 0);
