import { dayInWib } from "../../../schema/values/wib.ts";
import { doing, officerActing } from "../../kit/acts/acting.ts";
import { byKey, manyByKey } from "../../kit/byKey.ts";
import { regionsAsked } from "../../kit/data.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { PaymentRow } from "../data.ts";
import type { CheckAccountInput, RegisterAccountInput } from "../generated.ts";
import type { Inbox } from "../held.ts";
import { transitionsOf } from "../office/data.ts";
import * as acts from "./acts.ts";
import * as data from "./data.ts";

export type CasePage = Page<PaymentRow>;
export type DifferencePage = Page<data.DifferenceRow>;
type Ids = readonly string[];

export const payments = (asking: Asking, _inbox: Inbox) => ({ ...reads(asking), ...lists(asking), ...deeds(asking) });

const reads = (asking: Asking) => ({ ...chain(asking), ...files(asking) });

const chain = ({ db }: Asking) => {
  const history = (kind: string) =>
    manyByKey(
      (ids: Ids) => transitionsOf(db, kind, ids),
      (row) => row.subjectId,
    );
  let failures: Promise<data.FailureRow[]> | undefined;
  /** All there are; read once a request. */
  const listFailures = () => {
    failures ??= data.listFailures(db);
    return failures;
  };
  return {
    failures: listFailures,
    failure: async (code: string | null) => (await listFailures()).find((failure) => failure.code === code) ?? null,
    runs: (program: string) => data.listRuns(db, program),
    run: byKey(
      (ids: Ids) => data.runsById(db, ids),
      (row) => row.id,
    ),
    order: byKey(
      (ids: Ids) => data.ordersById(db, ids),
      (row) => row.id,
    ),
    ordersOfRun: manyByKey(
      (ids: Ids) => data.ordersOfRuns(db, ids),
      (row) => row.runId,
    ),
    balance: byKey(
      (ids: Ids) => data.balancesOf(db, ids),
      (row) => row.batchId,
    ),
    history: history("PAYMENT"),
    runHistory: history("PAYMENT_RUN"),
    orderHistory: history("PAYMENT_ORDER"),
  };
};

const files = ({ db, caller, now }: Asking) => ({
  files: (program: string) => data.listFiles(db, program),
  differencesOfFile: manyByKey(
    (ids: Ids) => data.differencesOfFiles(db, ids),
    (row) => row.fileId,
  ),
  accountsOfEnrolment: manyByKey(
    (ids: Ids) => data.accountsOfEnrolments(db, ids),
    (row) => row.enrolmentId,
  ),
  idle: async (program: string) => {
    officerActing(caller);
    return data.idleBalances(db, program, dayInWib(now));
  },
});

interface CasesAsked extends Paging {
  readonly filter: data.CaseList["filter"] & { readonly region?: string | null };
}
interface DifferencesAsked extends Paging {
  readonly filter?: data.DifferenceList | null;
}

const lists = ({ db, caller, cursors, now }: Asking) => ({
  cases({ filter, ...paging }: CasesAsked): CasePage {
    officerActing(caller);
    const list = { regions: regionsAsked(caller.rows, filter.region), filter, today: dayInWib(now) };
    return pageOf(paging, {
      of: "paymentCases",
      cursors,
      positionOf: ({ id }) => [id],
      rows: (window) => data.listCases(db, list, window),
      count: () => data.countCases(db, list),
    });
  },
  differences({ filter, ...paging }: DifferencesAsked): DifferencePage {
    officerActing(caller);
    return pageOf(paging, {
      of: "paymentDifferences",
      cursors,
      positionOf: ({ id }) => [id],
      rows: (window) => data.listDifferences(db, filter ?? {}, window),
      count: () => data.countDifferences(db, filter ?? {}),
    });
  },
});

const deeds = (asking: Asking) => {
  const act = doing(asking);
  return {
    openPeriod: act(acts.openPeriod),
    signDecree: act(acts.signDecree),
    discardPeriod: act(acts.discardPeriod),
    draftOrder: act(acts.draftOrder),
    issueOrder: act(acts.issueOrder),
    release: act(acts.release),
    instruct: act(acts.instruct),
    report: act(acts.report),
    move: act(acts.move),
    settle: act(acts.settle),
    register: act((one, input: RegisterAccountInput) => acts.register(one, input, asking.keyFor("account"))),
    check: act((one, input: CheckAccountInput) => acts.check(one, input, asking.keyFor("account"))),
  };
};
