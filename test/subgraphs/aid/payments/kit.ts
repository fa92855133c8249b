import { openLoadPool } from "../../../../drizzle/copy.ts";
import { carryOrderTask, openPeriodTask } from "../../../../subgraphs/programs/payments/task.ts";
import type { useDatabases } from "../../../kit/database.ts";
import { asRole } from "../../../kit/database.ts";
import { callerWith, type SliceUnderTest } from "../../../kit/slice.ts";

type Urls = ReturnType<typeof useDatabases>["urls"];

const officer = (id: string, agency: string, agreement: string) => {
  const client = id;
  return callerWith({ client, officer: id, agency, agreement, purpose: "PROGRAM_MANAGEMENT" });
};
export const STEWARD = officer("program.kemensos", "KEMENSOS", "PKS-2025-025");
export const STEWARD2 = officer("program2.kemensos", "KEMENSOS", "PKS-2025-025");
export const HEAD = officer("direktur.kemensos", "KEMENSOS", "PKS-2025-025");
export const TREASURY = officer("kppn.kemenkeu", "KEMENKEU", "PKS-2025-027");
export const BRI = officer("penyalur.bri", "BRI", "PKS-2025-028");
export const BRI2 = officer("penyalur2.bri", "BRI", "PKS-2025-028");
export const BNI = officer("penyalur.bni", "BNI", "PKS-2025-028");
export const DISTRICT = officer("bansos.dinsos_banyuwangi", "DINSOS_BANYUWANGI", "PKS-2025-026");

export interface Line {
  readonly payment: string;
  readonly state: string;
  readonly amount?: string;
  readonly failure?: string;
  readonly on?: string;
}

export interface Paid {
  readonly id: string;
  readonly enrolment_id: string;
  readonly person_id: string;
  readonly region: string;
  readonly amount: string;
  readonly state: string;
  readonly channel: string;
  readonly version: number;
  readonly held_for: string | null;
  readonly batch_id: string | null;
}

/** Everything the tests of payments do to a slice and its database. */
export function paymentsDesk(slice: SliceUnderTest, urls: () => Urls) {
  const ask = async (caller: typeof STEWARD, query: string, variables: object = {}) => {
    const { data, errors } = await slice.ask(query, { caller, variables: variables as Record<string, unknown> });
    return { data, errors, refused: errors.map(({ extensions: { code, detail } }) => `${code}: ${detail}`) };
  };
  const act = (name: string, type: string, fields: string) => (caller: typeof STEWARD, input: object) =>
    ask(caller, `mutation ($input: ${type}!) { done: ${name}(input: $input) { ${fields} } }`, { input });
  const owner = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(urls().programs.owner, work);
  const ORDER = "id version state payments total sha256";
  const asWorker = async (work: (pool: ReturnType<typeof openLoadPool>) => Promise<void>) => {
    const pool = openLoadPool(urls().allocation ?? "", { max: 1 });
    await work(pool).finally(() => pool.end());
  };
  const note = () => {};
  /** Does what the worker does with an order, in transactions of `chunk`, and reads it again. */
  const carry = async (id: string, chunk?: number) => {
    await asWorker((pool) => carryOrderTask({ pool, note }, id, chunk));
    return (await ask(STEWARD, `query ($id: ID!) { paymentOrder(id: $id) { ${ORDER} } }`, { id })).data.paymentOrder;
  };
  type Asked = Awaited<ReturnType<typeof ask>>;
  /** A step of an order whose payments have followed. */
  const followed =
    <Sent extends unknown[]>(step: (...sent: Sent) => Promise<Asked>) =>
    async (...sent: Sent): Promise<Asked> => {
      const { data, ...asked } = await step(...sent);
      return data?.done ? { ...asked, data: { done: await carry(data.done.id) } } : { ...asked, data };
    };
  const seen = (name: string) => (caller: typeof STEWARD, id: string, version: number) =>
    ask(caller, `mutation ($id: ID!, $version: Int!) { done: ${name}(id: $id, version: $version) { ${ORDER} } }`, {
      id,
      version,
    });
  return {
    ask,
    owner,
    open: act("openPaymentPeriod", "OpenPaymentPeriodInput", "id version state"),
    sign: act("signPaymentDecree", "SignPaymentDecreeInput", "id version state decree"),
    discard: act("discardPaymentPeriod", "DiscardPaymentPeriodInput", "id version state"),
    draft: followed(act("draftPaymentOrder", "DraftPaymentOrderInput", ORDER)),
    issue: followed(seen("issuePaymentOrder")),
    instruct: followed(seen("instructPayments")),
    release: followed(act("releaseFunds", "ReleaseFundsInput", ORDER)),
    move: act("movePayment", "MovePaymentInput", "id version state failure { code office }"),
    settle: act("settlePaymentDifference", "SettlePaymentDifferenceInput", "id settledBy"),
    register: act("registerAccount", "RegisterAccountInput", "id isHolder card"),
    check: (caller: typeof STEWARD, input: object) =>
      ask(caller, "mutation ($input: CheckAccountInput!) { done: checkAccount(input: $input) }", { input }),
    report: (caller: typeof STEWARD, kind: string, lines: readonly Line[], isClosing = false) =>
      ask(
        caller,
        "mutation ($input: ReportPaymentsInput!) { done: reportPayments(input: $input) { id lines taken differing total differences { id version kind line payment } } }",
        { input: { kind, program: "BPNT", lines, isClosing } },
      ),
    run: async (id: string) =>
      (
        await ask(
          STEWARD,
          "query ($id: ID!) { paymentRun(id: $id) { id version state payments total sha256 withoutAward overCeiling } }",
          { id },
        )
      ).data.paymentRun,
    order: async (id: string) =>
      (
        await ask(
          STEWARD,
          "query ($id: ID!) { paymentOrder(id: $id) { id version state payments total balance { ordered released pending credited returned excluded } } }",
          { id },
        )
      ).data.paymentOrder,
    /** Does what the worker does, as its role. */
    work: (run: string, chunk?: number) => asWorker((pool) => openPeriodTask({ pool, note }, run, chunk)),
    carry,
    /** Takes away the accounts of a person. */
    closeAccounts: (person: string) =>
      owner(async (sql) => {
        await sql`delete from account_secret where account_id in (select id from payment_account where person_id = ${person})`;
        await sql`delete from payment_account where person_id = ${person}`;
      }),
    payments: (run: string): Promise<Paid[]> =>
      owner(async (sql) => [
        ...(await sql<
          Paid[]
        >`select id, enrolment_id, person_id, region, amount::text, state, channel, version, held_for, batch_id
          from payment_period where run_id = ${run} order by id`),
      ]),
    /** All who drew BPNT draw it at BRI from now on, all but `others`, at BNI; BNI has an officer, and everybody an account of their own at both. */
    async settle2Banks(others: number) {
      await owner(async (sql) => {
        await sql`update payment_period set channel = 'BRI' where program = 'BPNT'`;
        await sql`update payment_period set channel = 'BNI' where enrolment_id in
          (select distinct enrolment_id from payment_period where program = 'BPNT' order by 1 limit ${others})`;
        await sql`insert into officer_duty (id, officer_id, agency, role, region, program, valid_from, assigned_by)
          values (gen_random_uuid(), 'penyalur.bni', 'BNI', 'BANK', '', '*', '2025-01-01', 'SYSTEM')`;
        await sql`insert into payment_account (id, person_id, program, region, channel, is_holder, card, registered_at)
          select distinct on (person_id, channel) gen_random_uuid(), person_id, program, region, channel, true, 'DISTRIBUTED', now()
          from enrolment cross join unnest(array['BRI', 'BNI']::payment_channel[]) channel where program = 'BPNT'`;
        await sql`insert into account_secret (account_id, digest) select id, sha256(uuid_send(id)) from payment_account`;
      });
    },
  };
}

export type Desk = ReturnType<typeof paymentsDesk>;

/** A drafted, written, signed and begun period of BPNT: its id and its payments at the account check. */
export async function begunPeriod(desk: Desk, period: string, [startsOn, endsOn]: readonly [string, string]) {
  const { data } = await desk.open(STEWARD, { program: "BPNT", period, startsOn, endsOn });
  const { id } = data.done;
  await desk.work(id);
  const { version, total } = await desk.run(id);
  await desk.sign(HEAD, { id, version, total, decree: `SK ${period}` });
  await desk.work(id);
  return { id, total: total as string, payments: await desk.payments(id) };
}

/** Takes payments of a period from the account check to an instructed order at BRI. */
export async function instructedOrder(desk: Desk, run: string, number: string) {
  const ours = (await desk.payments(run)).filter(({ channel }) => channel === "BRI");
  await desk.report(
    BRI,
    "BANK_ACCOUNT",
    ours.map(({ id }) => ({ payment: id, state: "TREASURY_CHECK" })),
  );
  await desk.report(
    TREASURY,
    "TREASURY_CHECK",
    ours.map(({ id }) => ({ payment: id, state: "ORDER_PENDING" })),
  );
  const drafted = (await desk.draft(STEWARD, { run, channel: "BRI", number })).data.done;
  const issued = (await desk.issue(HEAD, drafted.id, drafted.version)).data.done;
  const released = (
    await desk.release(TREASURY, { id: issued.id, version: issued.version, number: `SP2D ${number}`, total: issued.total })
  ).data.done;
  await desk.instruct(BRI, released.id, released.version);
  return { id: drafted.id as string, total: drafted.total as string, payments: ours };
}
