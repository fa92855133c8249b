import type { Linkage, Opened } from "../../matching/linkage/linkage.ts";
import { NOBODY, PLAIN_SEARCH, RowLinker } from "../../matching/linkage/rowLinker.ts";
import type { Table } from "../../matching/table/table.ts";

/** What the register says of each row. */
export interface Anchors {
  /** Row → best person, a row of the register, or NOBODY. */
  readonly candidate: Int32Array;
  /** Accepted by the exact rule, whatever it weighs. */
  readonly isExact: Uint8Array;
  /** Bits; 0 for exact rows. */
  readonly weight: Float64Array;
  /** Bits to the second best person. */
  readonly margin: Float64Array;
  /** A level a comparison against the candidate, row after row. */
  readonly levels: Uint8Array;
}

/** Looks every row up in the register: first by the exact rule, then by weight. */
export function anchorsOf(linkage: Linkage, opened: Opened, rows: Table): Anchors {
  const linker = new RowLinker(linkage, opened);
  const width = opened.functions.comparisons.length;
  const anchors = {
    candidate: new Int32Array(rows.rows),
    isExact: new Uint8Array(rows.rows),
    weight: new Float64Array(rows.rows),
    margin: new Float64Array(rows.rows),
    levels: new Uint8Array(rows.rows * width),
  };
  for (let row = 0; row < rows.rows; row += 1) {
    const at = row * rows.layout.width;
    const exact = linker.exact(rows.cells, at);
    if (exact !== NOBODY) {
      anchors.candidate[row] = exact;
      anchors.isExact[row] = 1;
      continue;
    }
    const found = linker.search(rows.cells, at, PLAIN_SEARCH);
    anchors.candidate[row] = found.row;
    anchors.weight[row] = found.weight;
    anchors.margin[row] = found.margin;
    anchors.levels.set(linker.levels, row * width);
  }
  return anchors;
}
