import { and, asc, count, desc, eq, getTableColumns, isNotNull, isNull, lte, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import {
  paymentAccount,
  paymentBatch,
  paymentDifference,
  paymentFailure,
  paymentFile,
  paymentRun,
} from "../../../drizzle/tables/programs/payments.ts";
import { enrolment, paymentPeriod } from "../../../drizzle/tables/programs/programs.ts";
import type { RegionRange } from "../../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";
import type { PaymentRow } from "../data.ts";

export type PaymentRunRow = typeof paymentRun.$inferSelect;
export type PaymentOrderRow = typeof paymentBatch.$inferSelect;
export type PaymentFileRow = typeof paymentFile.$inferSelect;
export type DifferenceRow = typeof paymentDifference.$inferSelect;
export type AccountRow = Omit<typeof paymentAccount.$inferSelect, "personId">;
export type FailureRow = typeof paymentFailure.$inferSelect;

const MOST = 100;

/** Periods of a program opened for payment, newest first, at most 100. */
export const listRuns = (db: Db, program: string): Promise<PaymentRunRow[]> =>
  db
    .select()
    .from(paymentRun)
    .where(eq(paymentRun.program, program))
    .orderBy(desc(paymentRun.startsOn), paymentRun.id)
    .limit(MOST);

export const runsById = (db: Db, ids: readonly string[]): Promise<PaymentRunRow[]> =>
  db
    .select()
    .from(paymentRun)
    .where(isOneOf(paymentRun.id, uuids(ids), "uuid"));

/** Orders of periods, by number within each. */
export const ordersOfRuns = (db: Db, runs: readonly string[]): Promise<PaymentOrderRow[]> =>
  db
    .select()
    .from(paymentBatch)
    .where(isOneOf(paymentBatch.runId, uuids(runs), "uuid"))
    .orderBy(asc(paymentBatch.number));

export const ordersById = (db: Db, ids: readonly string[]): Promise<PaymentOrderRow[]> =>
  db
    .select()
    .from(paymentBatch)
    .where(isOneOf(paymentBatch.id, uuids(ids), "uuid"));

/** Rupiah as text. ordered = pending + credited + returned + excluded. */
export interface BalanceRow {
  readonly batchId: string;
  readonly ordered: string;
  readonly released: string;
  readonly pending: string;
  readonly credited: string;
  readonly returned: string;
  readonly excluded: string;
}

/** Where the money of orders is. Any order; not yet drafted: absent. */
export const balancesOf = async (db: Db, orders: readonly string[]): Promise<BalanceRow[]> => [
  ...(await db.execute<BalanceRow & Record<string, unknown>>(
    sql`select * from programs.payment_balance(${sql.param(uuids(orders))}::uuid[])`,
  )),
];

export const listFailures = (db: Db): Promise<FailureRow[]> => db.select().from(paymentFailure).orderBy(asc(paymentFailure.code));

/** Files about a program, newest first, at most 100. */
export const listFiles = (db: Db, program: string): Promise<PaymentFileRow[]> =>
  db
    .select()
    .from(paymentFile)
    .where(eq(paymentFile.program, program))
    .orderBy(desc(paymentFile.receivedAt), paymentFile.id)
    .limit(MOST);

export const filesById = (db: Db, ids: readonly string[]): Promise<PaymentFileRow[]> =>
  db
    .select()
    .from(paymentFile)
    .where(isOneOf(paymentFile.id, uuids(ids), "uuid"));

/** Differences of files, by line within each; of what is missing last. At most 100 of a file. */
export function differencesOfFiles(db: Db, files: readonly string[]): Promise<DifferenceRow[]> {
  const byLine = sql`row_number() over (partition by ${paymentDifference.fileId} order by ${paymentDifference.line}, ${paymentDifference.id})`;
  const placed = db
    .select({ of: paymentDifference.id, place: byLine.as("place") })
    .from(paymentDifference)
    .where(isOneOf(paymentDifference.fileId, uuids(files), "uuid"))
    .as("placed");
  return db
    .select(getTableColumns(paymentDifference))
    .from(paymentDifference)
    .innerJoin(placed, and(eq(placed.of, paymentDifference.id), lte(placed.place, MOST)))
    .orderBy(asc(paymentDifference.line), asc(paymentDifference.id));
}

export const differencesById = (db: Db, ids: readonly string[]): Promise<DifferenceRow[]> =>
  db
    .select()
    .from(paymentDifference)
    .where(isOneOf(paymentDifference.id, uuids(ids), "uuid"));

/** Accounts of enrolments, by channel within each. */
export const accountsOfEnrolments = (
  db: Db,
  enrolments: readonly string[],
): Promise<{ enrolmentId: string; account: typeof paymentAccount.$inferSelect }[]> =>
  db
    .select({ enrolmentId: enrolment.id, account: paymentAccount })
    .from(paymentAccount)
    .innerJoin(enrolment, and(eq(enrolment.personId, paymentAccount.personId), eq(enrolment.program, paymentAccount.program)))
    .where(isOneOf(enrolment.id, uuids(enrolments), "uuid"))
    .orderBy(asc(paymentAccount.channel));

export const accountsById = (db: Db, ids: readonly string[]): Promise<AccountRow[]> =>
  db
    .select()
    .from(paymentAccount)
    .where(isOneOf(paymentAccount.id, uuids(ids), "uuid"));

export interface CaseList {
  readonly regions: readonly RegionRange[];
  readonly filter: {
    readonly program: string;
    readonly period?: string | null;
    readonly state?: PaymentRow["state"] | null;
    readonly channel?: PaymentRow["channel"] | null;
    readonly order?: string | null;
    readonly payment?: string | null;
    readonly isIdle?: boolean | null;
  };
  /** Day (WIB) it is asked on. */
  readonly today: string;
}

/** One window of the offices' queue, in order of id. No region, no row. */
export const listCases = async (db: Db, list: CaseList, { limit, after }: Window): Promise<PaymentRow[]> =>
  list.regions.length === 0
    ? []
    : db
        .select()
        .from(paymentPeriod)
        .where(and(isCase(list), isBehind([paymentPeriod.id], after)))
        .orderBy(asc(paymentPeriod.id))
        .limit(limit);

export async function countCases(db: Db, list: CaseList): Promise<number> {
  if (list.regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(paymentPeriod).where(isCase(list));
  return row?.n ?? 0;
}

const isCase = ({ regions, filter, today }: CaseList): SQL | undefined =>
  and(
    isInRegions(paymentPeriod.region, regions),
    eq(paymentPeriod.program, filter.program),
    filter.period == null ? undefined : eq(paymentPeriod.period, filter.period),
    filter.state == null ? undefined : eq(paymentPeriod.state, filter.state),
    filter.channel == null ? undefined : eq(paymentPeriod.channel, filter.channel),
    filter.order == null ? undefined : isOneOf(paymentPeriod.batchId, uuids([filter.order]), "uuid"),
    filter.payment == null ? undefined : isOneOf(paymentPeriod.id, uuids([filter.payment]), "uuid"),
    filter.isIdle ? isIdle(filter.program, today) : undefined,
  );

/** As programs.idle_balances counts it: in the account, not taken out, for as long as the rule says. */
const isIdle = (program: string, today: string): SQL =>
  sql`${paymentPeriod.state} in ('CREDITED', 'NOT_TRANSACTED') and ${paymentPeriod.creditedOn} <= ${today}::date - (select r.idle_days from programs.payment_rule_of(${program}, ${today}::date) r)`;

export interface DifferenceList {
  readonly kind?: DifferenceRow["kind"] | null;
  readonly order?: string | null;
  readonly isOpen?: boolean | null;
}

/** One window of the queue of differences, in order of id. */
export const listDifferences = (db: Db, list: DifferenceList, { limit, after }: Window): Promise<DifferenceRow[]> =>
  db
    .select()
    .from(paymentDifference)
    .where(and(isListed(list), isBehind([paymentDifference.id], after)))
    .orderBy(asc(paymentDifference.id))
    .limit(limit);

export async function countDifferences(db: Db, list: DifferenceList): Promise<number> {
  const [row] = await db.select({ n: count() }).from(paymentDifference).where(isListed(list));
  return row?.n ?? 0;
}

const isListed = ({ kind, order, isOpen }: DifferenceList): SQL | undefined =>
  and(
    kind == null ? undefined : eq(paymentDifference.kind, kind),
    order == null ? undefined : isOneOf(paymentDifference.batchId, uuids([order]), "uuid"),
    isOpen == null ? undefined : isOpen ? isNull(paymentDifference.settledAt) : isNotNull(paymentDifference.settledAt),
  );

export interface IdleRow {
  readonly channel: PaymentRow["channel"];
  /** Code of the regency. */
  readonly region: string;
  readonly payments: number;
  readonly total: string;
}

/** Idle money by channel and regency, the largest first. */
export const idleBalances = async (db: Db, program: string, today: string): Promise<IdleRow[]> => [
  ...(await db.execute<IdleRow & Record<string, unknown>>(sql`select * from programs.idle_balances(${program}, ${today})`)),
];

// Acts. Who may, and whether, say the functions of the database (migration 0012); each raises what the asker reads.

export const draftRun = (
  db: Db,
  run: {
    readonly id: string;
    readonly program: string;
    readonly period: string;
    readonly startsOn: string;
    readonly endsOn: string;
  },
) => db.execute(sql`select programs.draft_payment_run(${run.id}, ${run.program}, ${run.period}, ${run.startsOn}, ${run.endsOn})`);

export const signRun = (
  db: Db,
  {
    id,
    version,
    decree,
    total,
  }: { readonly id: string; readonly version: number; readonly decree: string; readonly total: string },
) => db.execute(sql`select programs.sign_payment_run(${id}, ${version}, ${decree}, ${total})`);

export const discardRun = (db: Db, { id, version, reason }: { id: string; version: number; reason: string }) =>
  db.execute(sql`select programs.discard_payment_run(${id}, ${version}, ${reason})`);

/** Answers the id of the order: a new one's, or of the draft there was. */
export async function draftOrder(
  db: Db,
  order: { readonly id: string; readonly run: string; readonly channel: string; readonly number: string },
): Promise<string> {
  const [row] = await db.execute<{ id: string }>(
    sql`select programs.draft_payment_order(${order.id}, ${order.run}, ${order.channel}, ${order.number}) as id`,
  );
  return row?.id ?? order.id;
}

export const moveOrder = (
  db: Db,
  step: {
    readonly id: string;
    readonly version: number;
    readonly act: "ISSUE" | "RELEASE" | "INSTRUCT";
    readonly number: string | null;
    readonly total: string | null;
  },
) => db.execute(sql`select programs.move_payment_order(${step.id}, ${step.version}, ${step.act}, ${step.number}, ${step.total})`);

export const movePayment = (
  db: Db,
  step: {
    readonly id: string;
    readonly version: number;
    readonly state: string;
    readonly failure: string | null;
    readonly reason: string;
  },
) => db.execute(sql`select programs.move_payment(${step.id}, ${step.version}, ${step.state}, ${step.failure}, ${step.reason})`);

export const receiveFile = (
  db: Db,
  file: {
    readonly id: string;
    readonly kind: string;
    readonly program: string;
    readonly name: string;
    readonly sha256: string;
    readonly reference: string;
  },
) =>
  db.execute(
    sql`select programs.receive_payment_file(${file.id}, ${file.kind}, ${file.program}, ${file.name}, ${file.sha256}, ${file.reference})`,
  );

/** `lines`: objects as programs.add_payment_lines has them. */
export const addLines = (db: Db, file: string, lines: readonly object[]) =>
  db.execute(sql`select programs.add_payment_lines(${file}, ${JSON.stringify(lines)}::jsonb)`);

export const reconcileFile = (db: Db, file: string, isClosing: boolean) =>
  db.execute(sql`select programs.reconcile_payment_file(${file}, ${isClosing})`);

export const settleDifference = (db: Db, { id, version, reason }: { id: string; version: number; reason: string }) =>
  db.execute(sql`select programs.settle_payment_difference(${id}, ${version}, ${reason})`);

/** Answers the id of the account. `digest`: of its number, keyed. */
export async function registerAccount(
  db: Db,
  account: {
    readonly id: string;
    readonly enrolment: string;
    readonly digest: string;
    readonly isHolder: boolean;
    readonly card: string;
  },
): Promise<string> {
  const [row] = await db.execute<{ id: string }>(
    sql`select programs.register_account(${account.id}, ${account.enrolment}, decode(${account.digest}, 'hex'), ${account.isHolder}, ${account.card}) as id`,
  );
  return row?.id ?? account.id;
}

/** MATCH, NO_MATCH, or null: none is registered. */
export async function checkAccount(db: Db, enrolmentId: string, digest: string): Promise<"MATCH" | "NO_MATCH" | null> {
  const [row] = await db.execute<{ answer: "MATCH" | "NO_MATCH" | null }>(
    sql`select programs.check_account(${enrolmentId}, decode(${digest}, 'hex')) as answer`,
  );
  return row?.answer ?? null;
}
