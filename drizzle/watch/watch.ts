import type { YearKeys } from "../../schema/record/yearKeys.ts";
import { account } from "./accounting.ts";
import { searchBreaches } from "./breaches.ts";
import { watchCanaries } from "./canaries.ts";
import { markRequestClocks, watchBreaches, watchCheckpoints, watchQuotas } from "./clocks.ts";
import { deliver, type Webhook } from "./deliver.ts";
import { watchHours } from "./hours.ts";
import { type LogClient, readOn } from "./read.ts";
import { sameSubject } from "./sameSubject.ts";

export interface WatchOptions {
  /** Keys of the tags: without a year's, its canaries are not recognised. */
  readonly keys: YearKeys;
  /** Null: alerts are on file only. */
  readonly webhook: Webhook | null;
  /** Only what a witness cosigned counts as covered. */
  readonly witnessed: boolean;
  readonly now?: () => Date;
}

/** One thing done after each step of the tree, on a connection of role hub_log. What it rejects with is logged, and done again after the next. */
export type WatchTask = (sql: LogClient) => Promise<void>;

/** What watches the record and counts it. Every task takes up where it stopped; run by one process at a time or by several, nothing is told twice. */
export function watchTasks({ keys, webhook, witnessed, now = () => new Date() }: WatchOptions): readonly WatchTask[] {
  const watchSameSubject = sameSubject();
  return [
    account,
    (sql) =>
      readOn(sql, "watch", async (tx, told) => {
        await watchHours(tx, told);
        await watchCanaries(tx, told, keys);
        await watchSameSubject(tx, told);
      }),
    (sql) => watchQuotas(sql, now()),
    (sql) => watchBreaches(sql, now()),
    (sql) => watchCheckpoints(sql, now(), witnessed),
    markRequestClocks,
    (sql) => searchBreaches(sql, keys, now()),
    ...(webhook === null ? [] : [(sql: LogClient) => deliver(sql, webhook)]),
  ];
}
