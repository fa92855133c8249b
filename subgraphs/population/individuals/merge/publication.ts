import { createHash } from "node:crypto";
import { cellText } from "../../matching/block/part.ts";
import type { Opened } from "../../matching/linkage/linkage.ts";
import { NOBODY } from "../../matching/linkage/rowLinker.ts";
import type { Table } from "../../matching/table/table.ts";
import type { MergedRow } from "../assign.ts";
import type { Doubt, Publication } from "../publish.ts";
import type { Merged } from "./mergeIslands.ts";

/** What rows and persons are called outside the engine. */
export interface Names {
  readonly rowId: (source: string, row: number) => string;
  readonly agencyOf: (source: string) => string;
  /** What a pair's weight is made of; `row`: of the register. */
  readonly partsOf: (pair: { readonly levels: Uint8Array; readonly row: number }) => number[];
  /** Row of the register → id of the person. */
  readonly personIds: readonly string[];
}

/** A merge as it is published: ids for row numbers, digests for values. */
export function publicationOf(
  merged: Merged,
  opened: Opened,
  names: Names,
): Pick<Publication, "rows" | "doubts" | "digestOfPerson"> {
  const { rows, person, group } = merged;
  const idAt = (row: number) => {
    const position = rows.source[row] as number;
    const source = rows.sources[position] as string;
    return { source, row: names.rowId(source, row - (rows.starts[position] as number)) };
  };
  const published = Array.from(person, (found, row): MergedRow => {
    const id = idAt(row);
    const ofPerson = found === NOBODY ? null : (names.personIds[found] as string);
    return {
      ...id,
      agency: names.agencyOf(id.source),
      digest: digestAt(opened, rows.table, row),
      person: ofPerson,
      group: `${group[row]}`,
    };
  });
  const doubts = merged.review.map((row) => doubtAt(merged, opened, { ...names, ...idAt(row), at: row }));
  let rowOfPerson: Map<string, number> | undefined;
  const digestOfPerson = (id: string) => {
    rowOfPerson ??= new Map(names.personIds.map((known, row) => [known, row]));
    const row = rowOfPerson.get(id);
    return row === undefined ? null : digestAt(opened, opened.table, row);
  };
  return { rows: published, doubts, digestOfPerson };
}

interface Doubted extends Pick<Doubt, "source" | "row">, Pick<Names, "personIds" | "partsOf"> {
  readonly at: number;
}

function doubtAt({ anchors }: Merged, opened: Opened, { source, row, at, personIds, partsOf }: Doubted): Doubt {
  const width = opened.functions.comparisons.length;
  const candidate = anchors.candidate[at] as number;
  const levels = anchors.levels.slice(at * width, (at + 1) * width);
  return {
    source,
    row,
    person: personIds[candidate] as string,
    weight: anchors.weight[at] as number,
    margin: anchors.margin[at] as number,
    levels,
    bits: partsOf({ levels, row: candidate }),
    personDigest: digestAt(opened, opened.table, candidate),
  };
}

const DIGEST_BYTES = 12;

/** Of everything that is compared, as canonical text: another digest, another row. */
function digestAt({ lexica }: Opened, { cells, layout }: Table, row: number): string {
  const values = Array.from(layout.places.values(), (place) => cellText(place, lexica, cells, row * layout.width) ?? "");
  return createHash("sha256").update(values.join("\u0000")).digest().subarray(0, DIGEST_BYTES).toString("base64url");
}
