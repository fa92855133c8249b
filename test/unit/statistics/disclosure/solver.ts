import { COUNTS, type Figure, isWithheld, type Table } from "../../../../subgraphs/kit/figures/disclosure/table.ts";

/** What who reads a release knows: withheld figures, and sums of some of them. Built from the table alone, not from how figures came to be withheld. */
export interface Known {
  /** Number of a withheld figure by table and cell; a region's total is one figure in all tables. */
  readonly unknowns: ReadonlyMap<string, number>;
  /** True figures, by number. */
  readonly persons: readonly number[];
  /** Coefficients by number: each row of them is a sum that is known. */
  readonly equations: readonly ReadonlyMap<number, number>[];
}

/** Name of a figure of the table by its number among those asked about. */
export const nameOf = (table: number, cell: number, width: number): string =>
  cell % width === 0 ? `total ${cell / width}` : `${table} ${cell}`;

/** Whoever bears a code nobody in the country bears is known not to be. */
const isNobody = (table: Table, cell: number): boolean => table.persons[cell % table.width] === 0;

export function knownOf(tables: readonly Table[], figure: Figure = COUNTS): Known {
  const unknowns = new Map<string, number>();
  const persons: number[] = [];
  for (const [n, table] of tables.entries())
    for (let cell = 0; cell < table.persons.length; cell++) {
      const name = nameOf(n, cell, table.width);
      if (!isWithheld(table, cell, figure) || isNobody(table, cell) || unknowns.has(name)) continue;
      unknowns.set(name, persons.push(table.persons[cell] as number) - 1);
    }
  const equations = tables.flatMap((table, n) =>
    sumsOf(table).map(
      (cells) =>
        new Map(
          cells.flatMap(([cell, sign]) => {
            const at = unknowns.get(nameOf(n, cell, table.width));
            return at === undefined ? [] : [[at, sign] as const];
          }),
        ),
    ),
  );
  return { unknowns, persons, equations: equations.filter(({ size }) => size > 0) };
}

/** Every sum and its parts, the parts with the opposite sign. */
function sumsOf(table: Table): (readonly [cell: number, sign: number])[][] {
  const sums: (readonly [number, number])[][] = [];
  const { regions, axes, width, height } = table;
  for (let cell = 0; cell < height * width; cell++) {
    const [region, at] = [Math.trunc(cell / width), cell % width];
    const below = Array.from({ length: height }, (_, r) => r).filter((r) => regions.parent[r] === region);
    if (below.length > 0) sums.push([[cell, 1], ...below.map((r) => [r * width + at, -1] as const)]);
    for (const { stride, size, parent } of axes) {
      const digit = Math.trunc(at / stride) % size;
      const parts = Array.from({ length: size }, (_, d) => d).filter((d) => parent[d] === digit);
      if (parts.length > 0) sums.push([[cell, 1], ...parts.map((d) => [cell + (d - digit) * stride, -1] as const)]);
    }
  }
  return sums;
}

/** Products of two residues are exact in a number; minors of these equations are far smaller, so nothing vanishes that does not vanish in the integers. */
const PRIME = 67_108_859;
const residue = (n: number): number => ((n % PRIME) + PRIME) % PRIME;

/** Numbers of the figures that follow from the sums: Gauss and Jordan. */
export function determined({ equations, persons }: Known): Set<number> {
  const reduced = new Map<number, Map<number, number>>();
  for (const equation of equations) {
    const row = new Map([...equation].map(([at, n]) => [at, residue(n)]));
    for (const [pivot, other] of reduced) subtract(row, other, row.get(pivot) ?? 0);
    const [pivot] = row.keys();
    if (pivot === undefined) continue;
    scale(row, inverse(row.get(pivot) as number));
    for (const other of reduced.values()) subtract(other, row, other.get(pivot) ?? 0);
    reduced.set(pivot, row);
  }
  const found = [...reduced].filter(([, row]) => row.size === 1).map(([pivot]) => pivot);
  return new Set(found.filter((at) => persons[at] !== 0));
}

function subtract(row: Map<number, number>, other: ReadonlyMap<number, number>, times: number): void {
  if (times === 0) return;
  for (const [at, n] of other) {
    const left = residue((row.get(at) ?? 0) - ((n * times) % PRIME));
    if (left === 0) row.delete(at);
    else row.set(at, left);
  }
}

function scale(row: Map<number, number>, by: number): void {
  for (const [at, n] of row) row.set(at, (n * by) % PRIME);
}

function inverse(n: number): number {
  let [power, base, result] = [PRIME - 2, n, 1];
  for (; power > 0; power = Math.floor(power / 2)) {
    if (power % 2 === 1) result = (result * base) % PRIME;
    base = (base * base) % PRIME;
  }
  return result;
}
