import { reachesOf } from "../../schema/policy/scopeText.ts";
import { byKey, manyByKey, topByKey } from "../kit/byKey.ts";
import { regionsAsked } from "../kit/data.ts";
import { type Page, type Paging, pageOf } from "../kit/page.ts";
import type { Asking, SliceContext } from "../kit/serve/context.ts";
import { candidates } from "./candidates/loaders.ts";
import { catalogue } from "./catalogue/loaders.ts";
import { contribution } from "./contribution/loaders.ts";
import {
  countEnrolments,
  type EnrolmentFilter,
  type EnrolmentRow,
  enrolmentsById,
  enrolmentsOfPersons,
  latestPayments,
  listEnrolments,
  listPrograms,
  paymentsById,
  programsByCode,
} from "./data.ts";
import { deliveries } from "./deaths.ts";
import { events } from "./events/loaders.ts";
import { families } from "./families/loaders.ts";
import type { Inbox } from "./held.ts";
import { history } from "./history/loaders.ts";
import { office } from "./office/loaders.ts";
import { payments } from "./payments/loaders.ts";
import { school } from "./school/loaders.ts";
import { selection } from "./selection/loaders.ts";
import { trace } from "./trace/loaders.ts";

export type Context = SliceContext<ReturnType<typeof loaders>>;
export type EnrolmentPage = Page<EnrolmentRow>;

export interface EnrolmentsAsked extends Paging {
  readonly filter?: (EnrolmentFilter & { readonly region?: string | null }) | null;
}

export const loaders = (asking: Asking, inbox: Inbox) => ({
  ...reading(asking),
  deliver: deliveries(asking, inbox),
  office: office(asking, inbox),
  catalogue: catalogue(asking, inbox),
  candidates: candidates(asking, inbox),
  selection: selection(asking, inbox),
  history: history(asking, inbox),
  school: school(asking, inbox),
  contribution: contribution(asking, inbox),
  payments: payments(asking, inbox),
  trace: trace(asking, inbox),
  families: families(asking, inbox),
  events: events(asking, inbox),
});

const reading = ({ db, caller, cursors }: Asking) => ({
  programs: () => listPrograms(db),
  program: byKey(
    (codes: readonly string[]) => programsByCode(db, codes),
    (row) => row.code,
  ),
  enrolment: byKey(
    (ids: readonly string[]) => enrolmentsById(db, ids),
    (row) => row.id,
  ),
  enrolmentsOfPerson: manyByKey(
    (personIds: readonly string[]) => enrolmentsOfPersons(db, personIds),
    (row) => row.personId,
  ),
  latestPayments: topByKey(
    (enrolmentIds: readonly string[], n) => latestPayments(db, enrolmentIds, n),
    (row) => row.enrolmentId,
  ),
  payment: byKey(
    (ids: readonly string[]) => paymentsById(db, ids),
    (row) => row.id,
  ),

  reach: byKey(
    (scopes: readonly string[]) =>
      reachesOf(scopes, ({ regions, programs }) => countEnrolments(db, { regions, programs, filter: {} })),
    (row) => row.scope,
  ),

  enrolments({ filter, ...paging }: EnrolmentsAsked): EnrolmentPage {
    const list = { regions: regionsAsked(caller.rows, filter?.region), programs: caller.rows.programs, filter: filter ?? {} };
    return pageOf(paging, {
      of: "enrolments",
      cursors,
      positionOf: (row) => [row.id],
      rows: (window) => listEnrolments(db, list, window),
      count: () => countEnrolments(db, list),
    });
  },
});
