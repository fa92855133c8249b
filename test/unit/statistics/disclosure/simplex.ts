import type { Known } from "./solver.ts";

/** Rows of a linear program: coefficients, and the right-hand side last. Basis: which unknown each row is solved for. */
interface Tableau {
  readonly rows: number[][];
  readonly basis: number[];
}

const NOTHING = 1e-7;

/** Least and greatest value of one withheld figure that all known sums allow, counts being 0 and more. */
export function rangeOf(known: Known, at: number): readonly [least: number, greatest: number] {
  return [-greatest(known, at, -1), greatest(known, at, 1)];
}

/** Greatest value of `sign` times a figure; the true figures are where the search begins to look. Two phases, Bland's rule. */
function greatest({ equations, persons }: Known, at: number, sign: number): number {
  const n = persons.length;
  const rows = equations.map((equation, row) => {
    const line = new Array<number>(n + equations.length + 1).fill(0);
    for (const [unknown, coefficient] of equation) line[unknown] = coefficient;
    const sum = [...equation].reduce((total, [unknown, coefficient]) => total + coefficient * (persons[unknown] as number), 0);
    line[line.length - 1] = sum;
    const positive = sum < 0 ? line.map((one) => -one) : line;
    positive[n + row] = 1;
    return positive;
  });
  const tableau: Tableau = { rows, basis: rows.map((_, row) => n + row) };
  const artificial = (unknown: number) => (unknown >= n ? -1 : 0);
  improve(tableau, { costs: (unknown) => artificial(unknown), width: n + equations.length });
  driveOut(tableau, n);
  const best = improve(tableau, { costs: (unknown) => (unknown === at ? sign : 0), width: n });
  return best;
}

/** Pivots until nothing gets better; the value then. Infinite where nothing bounds it. */
function improve({ rows, basis }: Tableau, { costs, width }: { costs: (unknown: number) => number; width: number }): number {
  for (;;) {
    const gain = (unknown: number) =>
      costs(unknown) - rows.reduce((sum, row, at) => sum + costs(basis[at] as number) * (row[unknown] as number), 0);
    const entering = Array.from({ length: width }, (_, unknown) => unknown).find((unknown) => gain(unknown) > NOTHING);
    if (entering === undefined)
      return rows.reduce((sum, row, at) => sum + costs(basis[at] as number) * (row.at(-1) as number), 0);
    const leaving = leavingFor({ rows, basis }, entering);
    if (leaving < 0) return Number.POSITIVE_INFINITY;
    pivot({ rows, basis }, leaving, entering);
  }
}

/** The row that bounds an unknown first, of equals the one solved for the least; -1: none does. */
function leavingFor({ rows, basis }: Tableau, entering: number): number {
  const ratioOf = (row: readonly number[]) => (row.at(-1) as number) / (row[entering] as number);
  const bounding = [...rows.keys()].filter((at) => (rows[at]?.[entering] as number) > NOTHING);
  const least = Math.min(...bounding.map((at) => ratioOf(rows[at] as number[])));
  const first = bounding.filter((at) => ratioOf(rows[at] as number[]) < least + NOTHING);
  return first.sort((a, b) => (basis[a] as number) - (basis[b] as number))[0] ?? -1;
}

function pivot({ rows, basis }: Tableau, leaving: number, entering: number): void {
  const row = rows[leaving] as number[];
  const by = row[entering] as number;
  for (const [at, n] of row.entries()) row[at] = n / by;
  for (const other of rows) {
    const times = other[entering] as number;
    if (other === row || Math.abs(times) < NOTHING) continue;
    for (const [at, n] of row.entries()) other[at] = (other[at] as number) - times * n;
  }
  basis[leaving] = entering;
}

/** Rows still solved for an artificial unknown are solved for a real one, or say nothing new and go. */
function driveOut(tableau: Tableau, n: number): void {
  for (let at = tableau.rows.length - 1; at >= 0; at--) {
    if ((tableau.basis[at] as number) < n) continue;
    const entering = tableau.rows[at]?.slice(0, n).findIndex((coefficient) => Math.abs(coefficient) > NOTHING) ?? -1;
    if (entering >= 0) pivot(tableau, at, entering);
    else {
      tableau.rows.splice(at, 1);
      tableau.basis.splice(at, 1);
    }
  }
}
