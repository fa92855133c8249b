import type { Db } from "../../drizzle/client.ts";
import type { CubeDefinition } from "../../schema/statistics/cubes.ts";
import { intersectRanges, type RegionRange } from "../../schema/values/regionCode.ts";
import { type Page, type Paging, type Position, pageOf, type Window } from "../kit/page.ts";
import type { Asking } from "../kit/serve/context.ts";
import { type Asked, frameOf, monthsOf } from "./asked.ts";
import { type CellRow, type CellsAsked, cellsAt, countRegions, figuredRegions, releasedMonths } from "./data.ts";
import { type Place, placeName, placesOf, writtenKey } from "./places.ts";

export type CellPage = Page<CellRow>;

const [USUAL_PAGE, LARGEST_PAGE] = [100, 10_000];

/**
 * Cells of a cube by region, then key, then month; each place of the frame is a row, withheld where nothing was released. Three statements, and one more
 * to count. A month released while somebody pages through a series joins the pages to come.
 */
export function pageOfCells(asking: Asking, cube: CubeDefinition, { first, after, ...asked }: Asked & Paging): CellPage {
  return pageOf({ first: first ?? USUAL_PAGE, after }, { ...sourceOf(asking, cube, asked), largest: LARGEST_PAGE });
}

function sourceOf({ db, caller, cursors }: Asking, cube: CubeDefinition, asked: Asked) {
  const { keys, digits, range, ...frame } = frameOf(cube, asked);
  // Row-level security shows a partner nothing outside its regions; said here, too, it is an index range, as in every list.
  const ranges = cube.openness === "PUBLIC" ? [range] : intersectRanges(caller.rows.regions, [range]);
  let known: ReturnType<typeof releasedMonths> | undefined;
  const released = () => {
    known ??= releasedMonths(db, cube.code);
    return known;
  };
  return {
    ...{ of: `statistics:${JSON.stringify([cube.code, asked])}`, cursors },
    positionOf: (row: CellRow): Position => [row.region, row.period, placeName(row)],
    async rows({ limit, after }: Window): Promise<CellRow[]> {
      const [region = "", held = null, last = null] = (after ?? []) as readonly string[];
      const months = await released();
      const periods = monthsOf(frame, [...months.keys()], held);
      const most = Math.ceil(limit / Math.max(1, keys.length * periods.length)) + 1;
      const regions = await figuredRegions(db, { cube: cube.code, digits, ranges: startingAt(region, ranges) }, most);
      const places = placesOf({ regions, keys, periods }, { limit, after: last });
      const cells = await cellsOf(db, { cube: cube.code, digits }, places);
      return places.map((place) => ({
        ...place,
        ...(cells.get(placeName(place)) ?? WITHHELD),
        asOf: months.get(place.period) ?? null,
      }));
    },
    async count(): Promise<number> {
      const periods = monthsOf(frame, [...(await released()).keys()], null);
      return periods.length * keys.length * (await countRegions(db, { cube: cube.code, digits, ranges }));
    },
  };
}

type Figures = Pick<CellRow, "persons" | "units" | "total">;
const WITHHELD: Figures = { persons: null, units: null, total: null };

/** Ranges, from a region on. */
const startingAt = (region: string, ranges: readonly RegionRange[]): RegionRange[] => intersectRanges([[region, "~"]], ranges);

/** What was released of these places, by name. */
async function cellsOf(
  db: Db,
  of: Pick<CellsAsked, "cube" | "digits">,
  places: readonly Place[],
): Promise<ReadonlyMap<string, Figures>> {
  const [first, last] = [places[0], places.at(-1)];
  if (!first || !last) return new Map();
  const keys = [...new Set(places.map(({ key }) => writtenKey(key)))];
  const periods = [...new Set(places.map(({ period }) => period))];
  const rows = await cellsAt(db, { ...of, regions: [first.region, last.region], keys, periods });
  return new Map(rows.map(({ region, key, period, ...figures }) => [`${region}/${key}/${period}`, figures]));
}
