import { csvLine } from "../../schema/values/csv.ts";
import type { Verdicts } from "../types/chain.ts";
import type { Decisions } from "../types/policy.ts";

/** A column of a streamed table, and the coordinate whose verdict its values are under. */
export interface Column {
  readonly name: string;
  readonly coordinate: string;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * The columns of a table that may leave, and what they let through. Made per request: it holds the caller's pseudonyms. Rows of a table do
 * not say what decides over single ones, so a column that some rows close is closed; keys too, or one person would have two.
 */
export interface RowMask {
  /** Of the columns that leave. */
  readonly names: readonly string[];
  readonly coordinates: readonly string[];
  /** A row of the source as the caller may have it, as a line of CSV (RFC 4180). What stands under no open column stays behind. */
  line(row: Row): string;
  /** How often each value of a column leaves in these rows, as verdicts of its coordinate; none of a column that is closed or masked. */
  verdictsIn(rows: readonly Row[], name: string | undefined): Verdicts;
}

export function rowMask(columns: readonly Column[], decisions: Decisions): RowMask {
  const open = columns.flatMap(({ name, coordinate }) => {
    const verdict = decisions.verdict(coordinate);
    if (verdict.effect === "deny" || verdict.rows) return [];
    const kind = verdict.effect === "transform" ? verdict.kind : null;
    const transform = (value: unknown) => (kind === null ? value : decisions.transform(kind, value, coordinate));
    return [{ name, coordinate, isPlain: kind === null, transform }];
  });
  return {
    names: open.map(({ name }) => name),
    coordinates: open.map(({ coordinate }) => coordinate).sort(),
    line: (row) => csvLine(open.map(({ name, transform }) => (row[name] == null ? null : transform(row[name])))),
    verdictsIn(rows, wanted) {
      const verdict = open.find(({ name, isPlain }) => isPlain && name === wanted);
      return verdict ? countsOf(rows, verdict) : {};
    },
  };
}

function countsOf(rows: readonly Row[], { name, coordinate }: Column): Verdicts {
  const counts = new Map<string, number>();
  for (const row of rows) if (typeof row[name] === "string") counts.set(row[name], (counts.get(row[name]) ?? 0) + 1);
  return counts.size > 0 ? { [coordinate]: Object.fromEntries(counts) } : {};
}
