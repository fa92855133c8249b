import { asRole, type useRole } from "../../../kit/database.ts";

/** A row that a cube counts; `recordKey` as the slice derives it from the person. */
export interface Counted {
  readonly region: string;
  readonly key: readonly string[];
  readonly person: string;
  readonly recordKey: bigint;
  readonly amount: bigint;
}

interface Leaf {
  readonly persons: Map<string, { recordKey: bigint; amount: bigint }>;
  units: number;
}

/** The leaves of a cube by its rows, one line each: `region key persons units cell-key total largest second`. Without SQL. */
export function leavesOf(rows: readonly Counted[]): string[] {
  const leaves = new Map<string, Leaf>();
  for (const { region, key, person, recordKey, amount } of rows) {
    const name = `${region} ${key.join("/")}`;
    const leaf = leaves.get(name) ?? { persons: new Map(), units: 0 };
    leaves.set(name, leaf);
    leaf.units += 1;
    leaf.persons.set(person, { recordKey, amount: (leaf.persons.get(person)?.amount ?? 0n) + amount });
  }
  return [...leaves].map(([name, leaf]) => `${name} ${figuresOf(leaf)}`).sort();
}

function figuresOf({ persons, units }: Leaf): string {
  const of = [...persons.values()];
  const amounts = of.map(({ amount }) => amount).sort((a, b) => (a < b ? 1 : -1));
  const total = amounts.reduce((sum, amount) => sum + amount, 0n);
  const cellKey = of.reduce((sum, { recordKey }) => sum + recordKey, 0n);
  return `${of.length} ${units} ${cellKey} ${total} ${amounts[0] ?? 0n} ${amounts[1] ?? 0n}`;
}

/** What the workers of a slice do with its roll-ups, as their role. */
export function rollups(
  slice: "population" | "programs",
  url: () => string | undefined,
  worker: ReturnType<typeof useRole> = (work) => asRole(url() ?? "", work),
) {
  return {
    /** Works everything off, as of an instant, some at a time. */
    fold: (at: string) =>
      worker(async (sql) => {
        while ((await sql.unsafe(`select ${slice}.fold_touched($1, 50) as done`, [at]))[0]?.["done"] !== 0);
      }),
    /** Cells that differed, of each month. */
    rebuild: (cube: string, months: readonly string[], at: string) =>
      worker(async (sql) => {
        const differing: unknown[] = [];
        for (const month of months)
          differing.push((await sql.unsafe(`select ${slice}.rebuild_rollup($1, $2, $3) as n`, [cube, month, at]))[0]?.["n"]);
        return differing;
      }),
    /** Cells of each month, as `leavesOf` writes them. */
    cells: (cube: string) =>
      worker(async (sql) => {
        const rows = await sql.unsafe<{ period: string; line: string }[]>(
          `select period, concat_ws(' ', region, array_to_string(key, '/'), persons, units, cell_key, total, largest, second) as line
          from ${slice}.rollup_cell where cube = $1`,
          [cube],
        );
        return (month: string) =>
          rows
            .filter(({ period }) => period === month)
            .map(({ line }) => line)
            .sort();
      }),
    /** What waits to be worked off: `cube month region`. */
    touched: () =>
      worker(async (sql) =>
        (
          await sql.unsafe<{ line: string }[]>(
            `select distinct concat_ws(' ', cube, period, region) as line from ${slice}.rollup_touched`,
          )
        )
          .map(({ line }) => line)
          .sort(),
      ),
  };
}
