import type { Rows } from "../linkage/learn.ts";
import type { Opened } from "../linkage/linkage.ts";
import { NOBODY } from "../linkage/rowLinker.ts";
import { isDigits } from "../table/table.ts";

/** Fewer verified rows rehearse nothing. */
const LEAST_VERIFIED = 200;

/**
 * Draws verified rows so that they look like the fuzzy rows: of the same place and with the same fields missing; else of the same place; else with
 * the same fields missing; else any. Two chances in [0, 1): which fuzzy row, which of its look-alikes. Null: nothing to draw from.
 */
export function lookAlikes(opened: Opened, { table, verified }: Rows): ((which: number, alike: number) => number) | null {
  const describe = describer(opened, table.cells);
  const fuzzy: number[] = [];
  const groups = new Map<string, number[]>();
  for (let row = 0; row < table.rows; row += 1) {
    if (verified[row] === NOBODY) {
      fuzzy.push(row);
      continue;
    }
    for (const description of describe(row)) {
      const group = groups.get(description);
      if (group) group.push(row);
      else groups.set(description, [row]);
    }
  }
  if (fuzzy.length === 0 || (groups.get("")?.length ?? 0) < LEAST_VERIFIED) return null;
  const pick = (list: readonly number[], chance: number) => list[Math.floor(chance * list.length)] as number;
  return (which, alike) => {
    const group = describe(pick(fuzzy, which))
      .map((description) => groups.get(description))
      .find((found) => found !== undefined);
    return pick(group ?? [], alike);
  };
}

/** From the narrowest description to none at all. The place is what prefixes are compared of; the exact value does not describe. */
function describer({ frame }: Opened, cells: Int32Array): (row: number) => string[] {
  const { layout, spec } = frame;
  const place = layout.places.get(spec.comparisons.find(({ kind }) => kind === "prefix")?.on ?? "");
  const others = [...layout.places.values()].filter(({ column }) => column.name !== spec.exact?.on);
  return (row) => {
    const at = row * layout.width;
    const pattern = others.map(({ column, word }) => (cells[at + word] === (isDigits(column) ? -1 : 0) ? "0" : "1")).join("");
    const where = place ? String(cells[at + place.word]) : "";
    return [`${where}|${pattern}`, `${where}|`, `|${pattern}`, ""];
  };
}
