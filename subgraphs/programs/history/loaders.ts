import { citizenActing, doing, officerActing } from "../../kit/acts/acting.ts";
import { byKey, manyByKey } from "../../kit/byKey.ts";
import { regionsAsked } from "../../kit/data.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { Inbox } from "../held.ts";
import { transitionsOf } from "../office/data.ts";
import * as acts from "./acts.ts";
import * as data from "./data.ts";

export type ReviewPage = Page<data.ReviewRow>;
type Ids = readonly string[];

export const history = (asking: Asking, _inbox: Inbox) => ({ ...reads(asking), ...deeds(asking), list: listOf(asking) });

const historyOf = ({ db }: Asking, kind: string) =>
  manyByKey(
    (ids: Ids) => transitionsOf(db, kind, ids),
    (row) => row.subjectId,
  );

const reads = (asking: Asking) => {
  const { db, caller } = asking;
  return {
    ofEnrolment: historyOf(asking, "ENROLMENT"),
    ofEnding: historyOf(asking, "ENDING"),
    ofCase: historyOf(asking, "COMMITMENT"),
    endings: manyByKey(
      (ids: Ids) => data.endingsOf(db, ids),
      (row) => row.enrolmentId,
    ),
    checks: manyByKey(
      (ids: Ids) => data.checksOf(db, ids),
      (row) => row.enrolmentId,
    ),
    cases: byKey(
      (ids: Ids) => data.casesOf(db, ids),
      (row) => row.enrolmentId,
    ),
    endingRules: () => data.listEndingRules(db),
    commitmentRules: () => data.listCommitmentRules(db),
    mine: async () => data.checksOfPerson(db, citizenActing(caller)),
  };
};

interface ReviewsAsked extends Paging {
  readonly region?: string | null;
}

const listOf =
  ({ db, caller, cursors, now }: Asking) =>
  ({ region, ...paging }: ReviewsAsked): ReviewPage => {
    officerActing(caller);
    const list = { regions: regionsAsked(caller.rows, region), now };
    return pageOf(paging, {
      of: "enrolmentsToReview",
      cursors,
      positionOf: ({ id }) => [id],
      rows: (window) => data.listReviews(db, list, window),
      count: () => data.countReviews(db, list),
    });
  };

const deeds = (asking: Asking) => {
  const act = doing(asking);
  return {
    suspend: act(acts.suspend),
    resume: act(acts.resume),
    graduate: act(acts.graduate),
    exit: act(acts.exit),
    confirm: act(acts.confirm),
    reject: act(acts.reject),
    withdraw: act(acts.withdraw),
    revoke: act(acts.revoke),
    record: act(acts.record),
    conclude: act(acts.conclude),
  };
};
