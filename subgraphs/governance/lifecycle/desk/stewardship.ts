import type { Db } from "../../../../drizzle/client.ts";
import { newestSupergraph } from "../../../../drizzle/policy/ground.ts";
import { controllersOf } from "../../../../schema/policy/insight/ground.ts";
import type { Steward } from "../../steward.ts";
import {
  listPending,
  missingApprovals,
  type PendingRow,
  partiesOf,
  type VersionRow,
  versionsEnding,
  versionsInReview,
} from "../data.ts";

export interface Expiring {
  readonly version: VersionRow;
  /** 30, 7 or 1. */
  readonly withinDays: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const REMINDERS = [1, 7, 30] as const;
const EARLIEST = 30;

/** Submitted versions that wait for the steward's agency. */
export async function inboxOf(db: Db, { agencyCode }: Steward): Promise<VersionRow[]> {
  const waiting: VersionRow[] = [];
  for (const row of await versionsInReview(db)) {
    const missing = await missingApprovals(db, row);
    if (missing.some((one) => one.agencyCode === agencyCode)) waiting.push(row);
  }
  return waiting;
}

/** Versions in force that concern the steward's agency and end soon. */
export async function expiringOf(db: Db, { agencyCode }: Steward, now: Date): Promise<Expiring[]> {
  const soon: Expiring[] = [];
  for (const version of await versionsEnding(db, now, new Date(now.getTime() + EARLIEST * DAY_MS))) {
    const { consumer, owners } = await partiesOf(db, version);
    const left = (Date.parse(version.validTo) - now.getTime()) / DAY_MS;
    const withinDays = REMINDERS.find((days) => left <= days) ?? EARLIEST;
    if (consumer === agencyCode || owners.includes(agencyCode)) soon.push({ version, withinDays });
  }
  return soon;
}

/** New fields of the steward's agency that nobody has decided about. */
export async function pendingFieldsOf(db: Db, { agencyCode }: Steward): Promise<PendingRow[]> {
  const published = await newestSupergraph(db);
  return (await listPending(db)).filter(({ coordinate }) => controllersOf(published, coordinate).includes(agencyCode));
}
