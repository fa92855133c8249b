import { ALL_DECILES } from "../../../schema/caller.ts";
import { byKey } from "../../kit/byKey.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { Desk } from "../held.ts";
import { type StandingRow, standingsOf } from "./data.ts";

export const standing = ({ db, caller }: Asking, _desk: Desk) => {
  const known = byKey(
    (ids: readonly string[]) => standingsOf(db, ids),
    (row) => row.personId,
  );
  return {
    /** Null: whether the person is registered cannot be told from the rows the agreement opens. */
    of: async (personId: string): Promise<StandingRow | null> =>
      (await known.load(personId)) ?? (wouldSee(caller, personId) ? unregistered(personId) : null),
  };
};

const unregistered = (personId: string): StandingRow => ({
  personId,
  isRegistered: false,
  isActive: null,
  isMatched: null,
  isRanked: null,
  determinedFor: null,
});

const FIRST_PROVINCE = "1";
/** Past every digit, in byte order. */
const LAST = ":";
/** Whether the person could not be missed if registered: the asker sees the whole country, and of persons all or this one. */
const wouldSee = ({ rows: { regions, decileMax }, citizen }: Asking["caller"], personId: string): boolean =>
  decileMax === ALL_DECILES &&
  regions.some(([from, before]) => from <= FIRST_PROVINCE && before >= LAST) &&
  (citizen === null || citizen === personId);
