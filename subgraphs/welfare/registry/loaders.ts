import { dayInWib } from "../../../schema/values/wib.ts";
import { byKey, manyByKey } from "../../kit/byKey.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { decilesOfHouseholds } from "../data.ts";
import type { Desk } from "../held.ts";
import { transitionsOf } from "../office/data.ts";
import { acts } from "./acts.ts";
import { type Clocks, lastDayOf } from "./clocks.ts";
import * as data from "./data.ts";

type Ids = readonly string[];

export const registry = (asking: Asking, _desk: Desk) => ({ ...reads(asking), ...atClocks(asking), ...acts(asking) });

const reads = ({ db }: Asking) => {
  let instrument: Promise<data.VariableRow[]> | undefined;
  return {
    /** Read once: drizzle's builders ask again each time they are awaited, a promise does not. */
    variables: () => {
      instrument ??= Promise.resolve(data.listVariables(db));
      return instrument;
    },
    changes: manyByKey(
      (ids: Ids) => data.changesOf(db, ids),
      (row) => row.subjectId,
    ),
    history: manyByKey(
      (ids: Ids) => transitionsOf(db, "MEMBER", ids),
      (row) => row.subjectId,
    ),
    lineage: manyByKey(
      (ids: Ids) => data.lineageOf(db, ids),
      (row) => row.memberId,
    ),
    externalIds: manyByKey(
      (ids: Ids) => data.externalIdsOf(db, ids),
      (row) => row.memberId,
    ),
  };
};

/** What hangs on entries at two clocks: as many statements for a page as for one. */
function atClocks({ db, now }: Asking) {
  const open = new Map<string, ReturnType<typeof loadersAt>>();
  const today: Clocks = { asOf: dayInWib(now), knownAt: null };
  return {
    at(clocks: Clocks = today) {
      const key = `${clocks.asOf} ${clocks.knownAt}`;
      const loaders = open.get(key) ?? loadersAt(db, clocks);
      open.set(key, loaders);
      return loaders;
    },
  };
}

const loadersAt = (db: Asking["db"], clocks: Clocks) => ({
  household: byKey(
    (ids: Ids) => data.householdsAt(db, ids, clocks),
    (row) => row.id,
  ),
  families: manyByKey(
    (ids: Ids) => data.familiesAt(db, ids, clocks),
    (row) => row.householdId,
  ),
  members: manyByKey(
    (ids: Ids) => data.membersAt(db, ids, clocks),
    (row) => row.householdId,
  ),
  deciles: manyByKey(
    async (ids: Ids) => (await decilesOfHouseholds(db, ids)).filter(({ version }) => version.publishedOn <= lastDayOf(clocks)),
    (row) => row.householdId,
  ),
  survey: byKey(
    (ids: Ids) => data.newestSurveys(db, ids, clocks),
    (row) => row.householdId,
  ),
  memberSurvey: byKey(
    (ids: Ids) => data.newestMemberSurveys(db, ids, clocks),
    (row) => row.memberId,
  ),
});
