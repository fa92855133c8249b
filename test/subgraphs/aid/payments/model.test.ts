import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { useDatabases } from "../../../kit/database.ts";
import { useSlice } from "../../../kit/slice.ts";
import { BRI, begunPeriod, instructedOrder, type Line, type Paid, paymentsDesk } from "./kit.ts";

const databases = useDatabases();
const slice = useSlice(programs, { databaseUrl: () => databases.urls.programs.runtime });
const desk = paymentsDesk(slice, () => databases.urls);
let order: Awaited<ReturnType<typeof instructedOrder>>;
let run = "";

beforeAll(async () => {
  await desk.settle2Banks(1);
  run = (await begunPeriod(desk, "2026-Q4", ["2026-10-01", "2026-12-31"])).id;
  order = await instructedOrder(desk, run, "SPM 0001");
});

/** What the law of the chain lets a bank report behind each state. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  STANDING_INSTRUCTION: ["CREDITED"],
  CREDITED: ["TRANSACTED", "NOT_TRANSACTED"],
  NOT_TRANSACTED: ["RETURNED"],
};
const UNKNOWN = "00000000-0000-4000-8000-00000000dead";
const reported = fc.record({
  which: fc.integer({ min: -1, max: 5 }),
  state: fc.constantFrom("CREDITED", "TRANSACTED", "NOT_TRANSACTED", "RETURNED", "ORDER_PENDING"),
  isRight: fc.boolean(),
});
type Reported = typeof reported extends fc.Arbitrary<infer One> ? One : never;

const lineOf = ({ which, state, isRight }: Reported): Line => {
  const payment = order.payments[which];
  const failure = state === "NOT_TRANSACTED" || state === "RETURNED" ? { failure: "NOT_COLLECTED" } : {};
  return { payment: payment?.id ?? UNKNOWN, state, amount: isRight ? (payment?.amount ?? "1") : "600001", ...failure };
};

/** Which lines of a file move a payment: those that stand alone, agree to the rupiah, and are the payment's next step in a file of the kind. */
const movesOf = (states: ReadonlyMap<string, string>, lines: readonly Line[], kind: string): Line[] =>
  lines.filter(({ payment, state, amount }) => {
    const isAlone = lines.filter((line) => line.payment === payment).length === 1;
    const known = order.payments.find(({ id }) => id === payment);
    const isNext =
      MAY[states.get(payment) ?? ""]?.includes(state) === true && (state === "RETURNED") === (kind === "BANK_RETURN");
    return known !== undefined && isAlone && amount === known.amount && isNext;
  });

const restart = () =>
  desk.owner(async (sql) => {
    await sql`update payment_period set state = 'STANDING_INSTRUCTION', credited_on = null, failure = null where batch_id = ${order.id}`;
    await sql`delete from payment_difference`;
    await sql`delete from payment_line`;
    await sql`delete from payment_file`;
  });
const statesNow = async () => new Map((await desk.payments(run)).map(({ id, state }) => [id, state]));
const sumOf = (payments: readonly Paid[], states: ReadonlyMap<string, string>, of: readonly string[]) =>
  String(payments.filter(({ id }) => of.includes(states.get(id) ?? "")).reduce((all, { amount }) => all + BigInt(amount), 0n));

test("whatever files a bank sends, in whatever order, payments take legal steps alone and the order adds up to the rupiah", async () => {
  const files = fc.array(
    fc.record({
      kind: fc.constantFrom("BANK_CREDIT", "BANK_CREDIT", "BANK_RETURN"),
      lines: fc.array(reported, { minLength: 1, maxLength: 8 }),
    }),
    { minLength: 1, maxLength: 5 },
  );
  await fc.assert(
    fc.asyncProperty(files, async (sent) => {
      await restart();
      const states = new Map(await statesNow());
      for (const { kind, lines } of sent) {
        const told = lines.map(lineOf);
        const moves = movesOf(states, told, kind);
        const { data, refused } = await desk.report(BRI, kind, told);
        if (refused.length > 0) {
          expect(refused).toEqual([expect.stringMatching(/^CONFLICT: this file came in before/)]);
          continue;
        }
        for (const { payment, state } of moves) states.set(payment, state);
        expect([data.done.taken, data.done.differing]).toEqual([moves.length, told.length - moves.length]);
      }
      expect(await statesNow()).toEqual(states);
      const { balance } = await desk.order(order.id);
      expect(balance).toEqual({
        ordered: order.total,
        released: order.total,
        pending: sumOf(order.payments, states, ["STANDING_INSTRUCTION"]),
        credited: sumOf(order.payments, states, ["CREDITED", "TRANSACTED", "NOT_TRANSACTED"]),
        returned: sumOf(order.payments, states, ["RETURNED"]),
        excluded: "0",
      });
    }),
    { numRuns: 15 },
  );
});

test("the history the bank has written has legal steps alone, each with who and why", async () => {
  const [odd] = await desk.owner(
    (sql) => sql`select count(*)::int as n from transition t where t.subject_kind = 'PAYMENT' and t.actor = ${BRI.officer}
      and (t.reason is null or not exists (select from payment_step s where s.from_state = t.from_state and s.to_state = t.to_state and 'BANK' = any(s.roles)))`,
  );
  expect(odd).toEqual({ n: 0 });
});
