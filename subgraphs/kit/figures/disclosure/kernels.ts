import type { Axis } from "./axis.ts";
import type { Table } from "./table.ts";

/** A change along one axis that leaves every sum right: positions that rise, and those that fall (as `~position`). */
type Shift = readonly number[];

/** Shifts that change a position: what it gains another loses, or the whole gains it too. */
function shiftsOf({ size, parent, count }: Axis, position: number): Shift[] {
  const leaves = Array.from({ length: size }, (_, at) => at).filter((at) => count[at] === 0);
  const pathTo = (at: number): number[] => (at < 0 ? [] : [at, ...pathTo(parent[at] as number)]);
  const shifts: Shift[] = [];
  for (const gaining of leaves.map(pathTo).filter((path) => path.includes(position))) {
    for (const losing of leaves.map(pathTo)) {
      const [up, down] = [gaining.filter((at) => !losing.includes(at)), losing.filter((at) => !gaining.includes(at))];
      if (up.includes(position) && down.length > 0) shifts.push([...up, ...down.map((at) => ~at)]);
    }
    shifts.push(gaining);
  }
  return shifts;
}

/** Changes of the combinations of one region that leave every sum right: `cells` from `starts[n]` to `starts[n + 1]`; those that fall stand as `~cell`. */
export interface Kernels {
  readonly cells: Int32Array;
  readonly starts: Int32Array;
}

/** Those that change a combination and touch none that nobody in the country bears: of those all know that they are 0. */
export function kernelsOf({ axes, units }: Pick<Table, "axes" | "units">, combination: number): Kernels {
  const products = axes
    .reduce<Shift[]>(
      (some, axis) => {
        const shifts = shiftsOf(axis, Math.trunc(combination / axis.stride) % axis.size);
        return some.flatMap((one) => shifts.map((shift) => product(one, shift, axis.stride)));
      },
      [[0]],
    )
    .filter((cells) => cells.every((cell) => units[placeOf(cell)] !== 0));
  const starts = new Int32Array(products.length + 1);
  products.forEach((cells, n) => {
    starts[n + 1] = (starts[n] as number) + cells.length;
  });
  return { cells: Int32Array.from(products.flat()), starts };
}

const product = (one: Shift, other: Shift, stride: number): Shift =>
  one.flatMap((a) =>
    other.map((b) => {
      const place = placeOf(a) + placeOf(b) * stride;
      return a < 0 === b < 0 ? place : ~place;
    }),
  );

/** Where a change happens, whether it rises or falls. */
export const placeOf = (change: number): number => (change < 0 ? ~change : change);
