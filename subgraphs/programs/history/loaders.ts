import { type Act, acting, citizenActing, officerActing } from "../../kit/acting.ts";
import { byKey, manyByKey } from "../../kit/byKey.ts";
import type { Asking } from "../../kit/context.ts";
import { regionsAsked } from "../../kit/data.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
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
  const act = acting(asking);
  const doing =
    <Sent extends unknown[], Done>(work: (one: Act, ...sent: Sent) => Promise<Done>) =>
    (...sent: Sent): Promise<Done> =>
      act((one) => work(one, ...sent));
  return {
    suspend: doing(acts.suspend),
    resume: doing(acts.resume),
    graduate: doing(acts.graduate),
    exit: doing(acts.exit),
    confirm: doing(acts.confirm),
    reject: doing(acts.reject),
    withdraw: doing(acts.withdraw),
    revoke: doing(acts.revoke),
    record: doing(acts.record),
    conclude: doing(acts.conclude),
  };
};
