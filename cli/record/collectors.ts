import { type Client, recordLag } from "../../drizzle/record/reads.ts";
import { alertCounts } from "../../drizzle/watch/alerts.ts";
import { unreadBy } from "../../drizzle/watch/read.ts";
import type { Collector } from "./metrics.ts";

const SECOND_MS = 1000;
const secondsSince = (at: string | null | undefined): number => (at ? Math.max(0, (Date.now() - Date.parse(at)) / SECOND_MS) : 0);

/** How far the tree is behind the record. */
export const lag =
  (sql: Client, isWitnessed: boolean): Collector =>
  async () => {
    const { checkpoint, cosigned, oldestUncovered } = await recordLag(sql, isWitnessed);
    const gauge = (name: string, help: string, value: number) => ({ name, help, type: "gauge" as const, samples: [{ value }] });
    return [
      gauge("hub_record_size", "Entries in the tree of the record.", checkpoint?.size ?? 0),
      gauge(
        "hub_record_checkpoint_age_seconds",
        "Since the newest checkpoint; grows while nobody asks.",
        secondsSince(checkpoint?.at),
      ),
      gauge("hub_record_cosigned_size", "Entries under the newest checkpoint a witness cosigned.", cosigned?.size ?? 0),
      gauge("hub_record_cosigned_age_seconds", "Since the newest checkpoint that was cosigned.", secondsSince(cosigned?.at)),
      gauge(
        "hub_record_lag_seconds",
        "Age of the oldest entry no checkpoint covers, or with witnesses no cosigned one. 0: none.",
        secondsSince(oldestUncovered),
      ),
    ];
  };

/** How far the readers of the tree are behind it. */
export const readers =
  (sql: Client): Collector =>
  async () => {
    const samples = [...(await unreadBy(sql))].map(([reader, value]) => ({ labels: { reader }, value }));
    return [
      {
        ...{
          name: "hub_record_unread",
          help: "Entries in the tree the watch, or the accounting, has not read.",
          type: "gauge" as const,
        },
        samples,
      },
    ];
  };

/** What the watch raised. */
export const alerts =
  (sql: Client): Collector =>
  async () => {
    const counts = await alertCounts(sql);
    const samples = [...counts].map(([kind, value]) => ({ labels: { kind }, value }));
    return [{ name: "hub_alerts_total", help: "Alerts of the watch over the record.", type: "counter", samples }];
  };

/** What this process did since it began. */
export const totals =
  (counts: { readonly integrated: number; readonly failures: number }): Collector =>
  async () => [
    {
      name: "hub_record_integrated_total",
      help: "Entries this process took into the tree.",
      type: "counter",
      samples: [{ value: counts.integrated }],
    },
    {
      name: "hub_record_failures_total",
      help: "Steps, tasks and answers that failed.",
      type: "counter",
      samples: [{ value: counts.failures }],
    },
  ];
