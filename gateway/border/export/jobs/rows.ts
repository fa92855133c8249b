import { Refusal } from "../../../../schema/errors.ts";
import type { Row, Value } from "../encode/columns.ts";
import type { Dataset } from "./datasets.ts";
import type { Node, Page } from "./pages.ts";
import type { Placed } from "./table.ts";

interface Tabled {
  readonly dataset: Dataset;
  readonly columns: readonly Placed[];
}

/** What became of the pages of a table. Grows while its rows are read. */
export class Tally {
  rows = 0;
  pages = 0;
  firstReceipt = "";
  lastReceipt = "";
  restrictedRows = 0;
  /** Nodes of which more items than were asked for may exist. */
  fullNodes = 0;
  /** Coordinates masked in any row; of those the ones plain in others. */
  readonly masked = new Set<string>();
  readonly maskedInSomeRows = new Set<string>();

  note({ receipt, restrictedRows, transformed, inSomeRows }: Page): void {
    this.pages += 1;
    this.firstReceipt ||= receipt;
    this.lastReceipt = receipt;
    this.restrictedRows += restrictedRows;
    for (const one of transformed) this.masked.add(one);
    for (const one of inSomeRows) this.maskedInSomeRows.add(one);
  }
}

/** The rows of some pages. Throws PAYLOAD_TOO_LARGE where there are more than `most`. */
export async function* rowsOf(
  pages: AsyncIterable<Page>,
  { dataset, columns }: Tabled,
  { tally, most }: { readonly tally: Tally; readonly most: number },
): AsyncGenerator<Row> {
  for await (const page of pages) {
    tally.note(page);
    for (const node of page.nodes) {
      const items = itemsOf(node, dataset, tally);
      tally.rows += items.length;
      if (tally.rows > most) throw new Refusal({ code: "PAYLOAD_TOO_LARGE", limit: { name: "rows", max: most } });
      for (const item of items) yield columns.map(({ path }) => valueAt(item, path));
    }
  }
}

/** A node once for each item of its list. Of a list that may not be told the node stands once, with nothing of it: it is there. */
function itemsOf(node: Node, { each }: Dataset, tally: Tally): readonly Node[] {
  if (!each) return [node];
  const list = node[each.list];
  if (!Array.isArray(list)) return [node];
  if (list.length === each.latest) tally.fullNodes += 1;
  return list.map((item) => ({ ...node, [each.list]: item }));
}

function valueAt(node: Node, path: readonly string[]): Value {
  let value: unknown = node;
  for (const key of path) {
    if (Array.isArray(value)) [value] = value;
    if (typeof value !== "object" || value === null) return null;
    value = (value as Node)[key];
  }
  return (value ?? null) as Value;
}
