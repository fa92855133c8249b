import { levelOf } from "../../../schema/values/regionCode.ts";
import { badInput } from "../../kit/errors.ts";
import { releaseCounts } from "../../kit/figures/release.ts";
import type { MonthCounts } from "./data.ts";

export interface ReleasedObjections {
  /** Null: the whole country. */
  readonly region: string | null;
  readonly month: string;
  readonly filed: number | null;
  readonly decided: number | null;
  readonly lapsed: number | null;
}

/** What is to be counted: all regions beside the one asked for, or the sum would give a withheld one away. BAD_USER_INPUT below the regency. */
export function countedFor(region: string | null, month: string): { parent: string; length: number; month: string } {
  if (!/^20\d\d-(?:0[1-9]|1[0-2])$/.test(month)) throw badInput("month must be YYYY-MM");
  const level = region === null ? null : levelOf(region);
  if (level === "DISTRICT" || level === "VILLAGE") throw badInput("region must be a province or a regency");
  const length = region?.length ?? 0;
  return { parent: region?.slice(0, Math.max(0, length - 2)) ?? "", length, month: `${month}-01` };
}

/** Counts of one region and month made fit to publish, among its neighbours. Pure; the same key gives the same figures. */
export function releaseObjections(
  key: Uint8Array,
  asked: { readonly region: string | null; readonly month: string },
  counts: readonly MonthCounts[],
): ReleasedObjections {
  const own = asked.region ?? "";
  const figure = (what: "filed" | "decided" | "lapsed"): number | null => {
    const cells = counts.map((row) => ({ of: row.region, n: row[what] }));
    const released = releaseCounts(key, (of) => `objection/${what}/${asked.month}/${of}`, cells);
    return released.cells.find(({ of }) => of === own)?.n ?? null;
  };
  return { ...asked, filed: figure("filed"), decided: figure("decided"), lapsed: figure("lapsed") };
}
