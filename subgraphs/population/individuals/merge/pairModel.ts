import type { Linkage, Opened } from "../../matching/linkage/linkage.ts";
import { NOBODY } from "../../matching/linkage/rowLinker.ts";
import { countLevels } from "../../matching/model/measure.ts";
import { type Model, shapeOf, sharesOf, unflat } from "../../matching/model/model.ts";
import type { Table } from "../../matching/table/table.ts";

/** Rows a row of a person is compared with: who is listed often must not count for more than others. */
const MATES = 2;
/** Of two rows drawn from a key's group, one in two is of the same person: the weight says the rest. */
const EVEN = 0.5;

/**
 * The model of two rows being about one person. How such pairs look is counted on rows that hang on one person already, so nothing
 * is assumed of their errors; how others look is the register's, with as many others as there are rows to be mistaken for.
 */
export function pairModel(
  linkage: Linkage,
  { functions }: Opened,
  { table, person }: { table: Table; person: Int32Array },
): Model {
  const { comparisons } = functions;
  const { width } = table.layout;
  const counts = new Float64Array(shapeOf(comparisons).total);
  for (const star of rowsByPerson(person).values())
    for (const [i, row] of star.entries())
      for (const mate of star.slice(i + 1, i + 1 + MATES))
        countLevels(counts, comparisons, table.cells, row * width, table.cells, mate * width);
  const m = unflat(counts, comparisons).map((levels) => sharesOf(levels, 1));
  const share = Math.max(table.rows, 1) / Math.max(linkage.model.registerRows, 1);
  const strata = linkage.model.strata.map((stratum) => ({ ...stratum, others: stratum.others * share, shape: null }));
  return { ...linkage.model, matchRate: EVEN, classes: [{ share: 1, m }], strata };
}

/** Person → rows in order. */
export function rowsByPerson(person: Int32Array): Map<number, number[]> {
  const stars = new Map<number, number[]>();
  for (const [row, found] of person.entries()) {
    if (found === NOBODY) continue;
    const rows = stars.get(found);
    if (rows) rows.push(row);
    else stars.set(found, [row]);
  }
  return stars;
}
