import { dayInWib } from "../../../schema/values/wib.ts";
import { byKey, manyByKey } from "../../kit/byKey.ts";
import { regionsAsked } from "../../kit/data.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { Desk } from "../held.ts";
import * as data from "./data.ts";

export type IntegrityBreachPage = Page<data.IntegrityBreachRow>;

interface QueueAsked extends Paging {
  readonly rule: data.IntegrityBreachRow["rule"];
  readonly region: string;
}
type Regions = readonly string[];

export const quality = ({ db, now, caller, cursors }: Asking, _desk: Desk) => ({
  rules: () => data.integrityRules(db),
  score: byKey(
    (regions: Regions) => data.scoresOf(db, regions),
    (row) => row.asked,
  ),
  below: manyByKey(
    (regions: Regions) => data.scoresBelow(db, regions),
    (row) => row.asked,
  ),
  breaches: manyByKey(
    (regions: Regions) => data.breachesOf(db, regions),
    (row) => row.asked,
  ),
  trend: manyByKey(
    (regions: Regions) => data.trendOf(db, regions, dayInWib(now)),
    (row) => row.asked,
  ),
  queue({ rule, region, ...paging }: QueueAsked): IntegrityBreachPage {
    const queue = { rule, regions: regionsAsked(caller.rows, region) };
    return pageOf(paging, {
      of: `qualityQueue:${rule}`,
      cursors,
      positionOf: (row) => [row.region, row.memberId],
      rows: (window) => data.listBreaches(db, queue, window),
      count: () => data.countBreaches(db, queue),
    });
  },
});
