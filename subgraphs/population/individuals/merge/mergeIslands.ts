import { complete } from "../../matching/cluster/complete.ts";
import { EdgeList } from "../../matching/cluster/edges.ts";
import type { Linkage, Opened } from "../../matching/linkage/linkage.ts";
import { NOBODY } from "../../matching/linkage/rowLinker.ts";
import { type Anchors, anchorsOf } from "./anchors.ts";
import { agreementIn, contradictions, type NikRules } from "./contradictions.ts";
import { gather, type Island, type IslandRows } from "./islands.ts";
import { pairModel } from "./pairModel.ts";
import { RowPairs } from "./rowPairs.ts";
import { type StarRules, starsOf } from "./stars.ts";

export interface MergeRules {
  readonly stars: StarRules;
  /** Least weight, in bits, of every pair of rows in a provisional group. */
  readonly group: number;
  /** Least weight, in bits, of a person a human being should look at. */
  readonly review: number;
  readonly niks: NikRules;
}

/** What became of the rows of all islands. */
export interface Merged {
  readonly rows: IslandRows;
  /** Row → row of the register, or NOBODY. */
  readonly person: Int32Array;
  /** Row without a person → lowest row of its provisional group; a row with a person: itself. */
  readonly group: Int32Array;
  /** Rows without a person whose best candidate is worth a look, in order. */
  readonly review: readonly number[];
  readonly anchors: Anchors;
}

export const MERGE_RULES: Omit<MergeRules, "niks"> = {
  stars: {
    alone: { weight: 4, margin: 4 },
    first: { weight: -2, margin: 2 },
    again: { weight: 4, margin: 2 },
    differing: { weight: 10, margin: 2 },
  },
  group: -2,
  review: 0,
};

/**
 * One individual across several programs' files (matching.md §10): rows hang on people of the register, as stars, so that nothing chains two people
 * together; rows without a person come together among themselves, every pair of a group for itself. The same whatever order the files
 * come in. Rows MUST be encoded with the lexica the register was built with.
 */
export function mergeIslands(
  linkage: Linkage,
  opened: Opened,
  { islands, rules }: { islands: readonly Island[]; rules: MergeRules },
): Merged {
  const rows = gather(opened.frame.layout, islands);
  const anchors = anchorsOf(linkage, opened, rows.table);
  const [name, birth] = [agreementIn("name", opened, rows), agreementIn("birth", opened, rows)];
  const person = starsOf(anchors, rows, { rules: rules.stars, name, birth });
  const group = groupsOf(linkage, opened, { rows, person, rules });
  const review = Array.from(person.keys()).filter(
    (row) => person[row] === NOBODY && anchors.candidate[row] !== NOBODY && (anchors.weight[row] as number) >= rules.review,
  );
  return { rows, person, group, review, anchors };
}

/** Complete-link groups of the rows without a person. */
function groupsOf(
  linkage: Linkage,
  opened: Opened,
  { rows, person, rules }: { rows: IslandRows; person: Int32Array; rules: MergeRules },
): Int32Array {
  const { table } = rows;
  const left = Array.from(person.keys()).filter((row) => person[row] === NOBODY);
  const pairs = new RowPairs(table, opened, {
    frequencies: linkage.frequencies,
    model: pairModel(linkage, opened, { table, person }),
  });
  const edges = new EdgeList();
  for (const row of left)
    pairs.of(row, (other, weight) => {
      if (other < row && person[other] === NOBODY && weight >= rules.group) edges.add(other, row, weight);
    });
  return complete(table.rows, edges, contradictions(opened, rows, { among: left, niks: rules.niks }));
}
