import { type Act, acting, citizenActing, officerActing } from "../../kit/acting.ts";
import { manyByKey } from "../../kit/byKey.ts";
import type { Asking } from "../../kit/context.ts";
import { regionsAsked } from "../../kit/data.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
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
  const act = acting(asking);
  const doing =
    <Sent extends unknown[], Done>(work: (one: Act, ...sent: Sent) => Promise<Done>) =>
    (...sent: Sent): Promise<Done> =>
      act((one) => work(one, ...sent));
  return {
    file: doing(acts.file),
    appeal: doing(acts.appeal),
    take: doing(acts.take),
    decide: doing(acts.decide),
    withdraw: doing(acts.withdraw),
    revoke: doing(acts.revoke),
    objectToRanking: doing(acts.objectToRanking),
    takeRanking: doing(acts.takeRanking),
    answerRanking: doing(acts.answerRanking),
  };
};
