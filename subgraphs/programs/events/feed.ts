import { badInput } from "../../kit/errors.ts";
import type { EventHead } from "./data.ts";

/** Places looked at for one answer: an agreement of one regency must not make the database walk through the whole country's. */
export const WINDOW = 50_000n;
const MAX_FIRST = 500;

/** What is asked of the feed. */
export interface FeedAsked {
  readonly after?: string | null;
  readonly first?: number | null;
  readonly programs?: readonly string[] | null;
  readonly kinds?: readonly string[] | null;
}

/** Where an answer begins, ends at the latest, and how many it holds. Refuses what is no place, a place forgotten, and one not given yet. */
export function stretchOf({ after, first }: FeedAsked, { position, forgotten }: EventHead) {
  const limit = first ?? 100;
  if (limit < 1 || limit > MAX_FIRST) throw badInput(`first must be from 1 to ${MAX_FIRST}`);
  if (after != null && !/^\d{1,18}$/.test(after)) throw badInput("after must be the place of an event");
  const from = after == null ? forgotten : BigInt(after);
  if (from > position) throw badInput(`after: there is no place ${from} yet; the last is ${position}`);
  if (from < forgotten) throw badInput(`after: events up to place ${forgotten} are no longer kept; begin after ${forgotten}`);
  const most = from + WINDOW;
  return { after: from, until: most < position ? most : position, limit };
}
