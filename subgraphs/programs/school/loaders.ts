import { dayInWib } from "../../../schema/values/wib.ts";
import { citizenActing, doing, officerActing } from "../../kit/acts/acting.ts";
import { byKey, manyByKey } from "../../kit/byKey.ts";
import { regionsAsked } from "../../kit/data.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import * as collegeActs from "../college/acts.ts";
import * as college from "../college/data.ts";
import type { CollegeAidFilter, SchoolAidFilter } from "../generated.ts";
import type { Inbox } from "../held.ts";
import { transitionsOf } from "../office/data.ts";
import * as acts from "./acts.ts";
import * as data from "./data.ts";

export type SchoolAidPage = Page<data.SchoolAidRow>;
export type CollegeAidPage = Page<college.CollegeAidRow>;
type Ids = readonly string[];

export const school = (asking: Asking, _inbox: Inbox) => ({ ...reads(asking), ...lists(asking), ...deeds(asking) });

const reads = ({ db, caller, now }: Asking) => {
  const today = dayInWib(now);
  const historyOf = (kind: string) =>
    manyByKey(
      (ids: Ids) => transitionsOf(db, kind, ids),
      (row) => row.subjectId,
    );
  return {
    aid: byKey(
      (ids: Ids) => data.aidsById(db, ids),
      (row) => row.id,
    ),
    nomination: byKey(
      (ids: Ids) => data.nominationsById(db, ids),
      (row) => row.id,
    ),
    semesters: manyByKey(
      (aids: Ids) => college.semestersOfAids(db, aids),
      (row) => row.aidId,
    ),
    history: historyOf("SCHOOL_AID"),
    collegeHistory: historyOf("COLLEGE_AID"),
    nominations: (year: number) => data.nominationsOfYear(db, year),
    counts: (year: number) => data.countsOfYear(db, year),
    mine: async () => data.aidsOf(db, citizenActing(caller)),
    myCollege: async () => college.collegeAidsOf(db, citizenActing(caller)),
    gradeRules: () => data.gradeRulesOn(db, today),
    tuitionCaps: () => college.tuitionCapsOn(db, today),
    groundRules: () => college.groundRules(db),
    grounds: (person: string) => college.groundsOf(db, person),
  };
};

interface Asked<Filter> extends Paging {
  readonly filter?: Filter | null;
}

const lists = ({ db, caller, cursors }: Asking) => ({
  list({ filter, ...paging }: Asked<SchoolAidFilter>): SchoolAidPage {
    officerActing(caller);
    const { region, year = null, state = null } = filter ?? {};
    const list = { regions: regionsAsked(caller.rows, region), year, state };
    return pageOf(paging, {
      of: "schoolAids",
      cursors,
      positionOf: ({ id }) => [id],
      rows: (window) => data.listAids(db, list, window),
      count: () => data.countAids(db, list),
    });
  },
  listCollege({ filter, ...paging }: Asked<CollegeAidFilter>): CollegeAidPage {
    officerActing(caller);
    const { region, state = null } = filter ?? {};
    const list = { regions: regionsAsked(caller.rows, region), state };
    return pageOf(paging, {
      of: "collegeAids",
      cursors,
      positionOf: ({ id }) => [id],
      rows: (window) => college.listCollegeAids(db, list, window),
      count: () => college.countCollegeAids(db, list),
    });
  },
});

const deeds = (asking: Asking) => {
  const act = doing(asking);
  return {
    nominate: act(acts.nominate),
    extend: act(acts.extend),
    activate: act(acts.activate),
    grant: act(acts.grant),
    nominateStudent: act(collegeActs.nominateStudent),
    verifyStudent: act(collegeActs.verifyStudent),
    grantCollege: act(collegeActs.grantCollege),
    reportSemester: act(collegeActs.reportSemester),
    decideSemester: act(collegeActs.decideSemester),
  };
};
