import { coverAll } from "./cover.ts";
import { amountsAt, closeLines, type Hide, pointsAtSomebody } from "./lines.ts";
import { bearersAt, COUNTS, type Figure, SUMS, type Table } from "./table.ts";

/**
 * Withholds what points at somebody in tables that count the same rows, and what would give that away. Tables must be summed; no code but that of all is
 * common to them. Throws where they do not count the same.
 */
export function withhold(tables: readonly Table[]): void {
  for (const table of tables) mustCountAlike(table, tables[0] as Table);
  for (const figure of [COUNTS, SUMS] as const) {
    const concerned = tables.filter((table) => figure === COUNTS || table.totals.length > 0);
    const hide = hiding(concerned);
    for (const table of concerned) hideSmall(table, figure, hide);
    do while (concerned.some((table) => closeLines(table, figure, hide)));
    while (coverAll({ tables: concerned, figure, hide }));
  }
}

function mustCountAlike(one: Table, other: Table): void {
  for (let region = 0; region < Math.min(one.height, other.height); region++)
    if (one.units[region * one.width] !== other.units[region * other.width])
      throw new Error(`cubes of one universe count different rows in ${one.regions.names[region]}: fold them first`);
}

function hideSmall(table: Table, figure: Figure, hide: Hide): void {
  for (let cell = 0; cell < table.persons.length; cell++) {
    const isPublished = !table.regions.isUnnamed(Math.trunc(cell / table.width));
    if (!isPublished || pointsAtSomebody(bearersAt(table, cell), amountsAt(table, cell, figure))) hide(table, cell, figure);
  }
}

/** Without counts no sum; the total of a region everywhere. */
const hiding =
  (tables: readonly Table[]): Hide =>
  (table, cell, figure) => {
    const isTotal = cell % table.width === 0;
    const region = Math.trunc(cell / table.width);
    for (const one of isTotal ? tables.filter(({ height }) => region < height) : [table]) {
      const place = isTotal ? region * one.width : cell;
      one.withheld[place] = (one.withheld[place] as number) | (figure === COUNTS ? COUNTS | SUMS : SUMS);
    }
  };
