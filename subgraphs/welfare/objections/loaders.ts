import { citizenActing, doing, officerActing } from "../../kit/acts/acting.ts";
import { manyByKey } from "../../kit/byKey.ts";
import { regionsAsked } from "../../kit/data.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { ObjectionFilter, RankingObjectionState } from "../generated.ts";
import type { Desk } from "../held.ts";
import { transitionsOf } from "../office/data.ts";
import * as acts from "./acts.ts";
import { countedFor, type ReleasedObjections, releaseObjections } from "./counts.ts";
import * as data from "./data.ts";

export type ObjectionPage = Page<data.ObjectionRow>;
export type RankingObjectionPage = Page<data.RankingObjectionRow>;
type Ids = readonly string[];

export const objections = (asking: Asking, _desk: Desk) => ({ ...reads(asking), ...lists(asking), ...deeds(asking) });

const historyOf = ({ db }: Asking, kind: string) =>
  manyByKey(
    (ids: Ids) => transitionsOf(db, kind, ids),
    (row) => row.subjectId,
  );

const reads = (asking: Asking) => {
  const { db, caller, keyFor } = asking;
  return {
    history: historyOf(asking, "OBJECTION"),
    rankingHistory: historyOf(asking, "RANKING_OBJECTION"),
    decisions: manyByKey(
      (ids: Ids) => data.decisionsOfMembers(db, ids),
      (row) => row.memberId,
    ),
    mine: async () => data.objectionsOf(db, citizenActing(caller)),
    myRankings: async () => data.rankingObjectionsOf(db, citizenActing(caller)),
    terms: () => data.listTerms(db),
    candidates: ({ memberId, claimedName, region }: data.ObjectionRow) =>
      memberId !== null || claimedName === null ? [] : data.membersNamed(db, { region, name: claimedName }),
    async counts(region: string | null, month: string): Promise<ReleasedObjections> {
      const counts = await data.objectionCounts(db, countedFor(region, month));
      return releaseObjections(keyFor("rounding"), { region, month }, counts);
    },
  };
};

interface ObjectionsAsked extends Paging {
  readonly filter?: ObjectionFilter | null;
}
interface RankingsAsked extends Paging {
  readonly state?: RankingObjectionState | null;
}

const lists = ({ db, caller, cursors, now }: Asking) => ({
  list({ filter, ...paging }: ObjectionsAsked): ObjectionPage {
    officerActing(caller);
    const { region, state = null, isOverdue = null } = filter ?? {};
    const list = { regions: regionsAsked(caller.rows, region), state, isOverdue, now };
    return pageOf(paging, {
      of: "objections",
      cursors,
      positionOf: ({ filedAt, id }) => [filedAt, id],
      rows: (window) => data.listObjections(db, list, window),
      count: () => data.countObjections(db, list),
    });
  },
  listRankings({ state = null, ...paging }: RankingsAsked): RankingObjectionPage {
    officerActing(caller);
    return pageOf(paging, {
      of: "rankingObjections",
      cursors,
      positionOf: ({ filedAt, id }) => [filedAt, id],
      rows: (window) => data.listRankingObjections(db, state, window),
      count: () => data.countRankingObjections(db, state),
    });
  },
});

const deeds = (asking: Asking) => {
  const act = doing(asking);
  return {
    file: act(acts.file),
    fileByName: act(acts.fileByName),
    identify: act(acts.identify),
    appeal: act(acts.appeal),
    take: act(acts.take),
    decide: act(acts.decide),
    withdraw: act(acts.withdraw),
    revoke: act(acts.revoke),
    objectToRanking: act(acts.objectToRanking),
    takeRanking: act(acts.takeRanking),
    answerRanking: act(acts.answerRanking),
  };
};
