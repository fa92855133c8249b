import { byKey, topByKey } from "../kit/byKey.ts";
import { regionsAsked } from "../kit/data.ts";
import { type Page, type Paging, pageOf } from "../kit/page.ts";
import type { Asking, SliceContext } from "../kit/serve/context.ts";
import { acts } from "./acts.ts";
import {
  type AidRow,
  aidsById,
  countAids,
  latestAids,
  latestMonths,
  latestSteps,
  listAids,
  type Period,
  sumsOf,
} from "./data.ts";

export type Context = SliceContext<ReturnType<typeof loaders>>;
export type AidPage = Page<AidRow>;

export const loaders = (asking: Asking) => {
  const { db, caller, cursors } = asking;
  const sums = new Map<string, ReturnType<typeof sumsIn>>();
  const sumsIn = (period: Period) =>
    byKey(
      (persons: readonly string[]) => sumsOf(db, persons, period),
      (row) => row.personId,
    );
  return {
    ...acts(asking),
    aid: byKey(
      (ids: readonly string[]) => aidsById(db, ids),
      (row) => row.id,
    ),
    aidOfPerson: byKey(
      (persons: readonly string[]) => latestAids(db, persons),
      (row) => row.personId,
    ),
    months: topByKey(
      (aids: readonly string[], n) => latestMonths(db, aids, n),
      (row) => row.aidId,
    ),
    steps: topByKey(
      (aids: readonly string[], n) => latestSteps(db, aids, n),
      (row) => row.aidId,
    ),
    /** Sums of persons in a period: a loader a period, so a page of families is one statement. */
    sumsIn(period: Period) {
      const name = `${period.from}/${period.to}`;
      const found = sums.get(name) ?? sumsIn(period);
      sums.set(name, found);
      return found;
    },
    aids({ region, ...paging }: Paging & { readonly region?: string | null }): AidPage {
      const regions = regionsAsked(caller.rows, region);
      return pageOf(paging, {
        of: "mealAids",
        cursors,
        positionOf: (row) => [row.id],
        rows: (window) => listAids(db, regions, window),
        count: () => countAids(db, regions),
      });
    },
  };
};
