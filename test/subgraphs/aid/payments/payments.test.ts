import { beforeAll, describe, expect, test } from "vitest";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { useDatabases } from "../../../kit/database.ts";
import { useSlice } from "../../../kit/slice.ts";
import { BNI, BRI, BRI2, DISTRICT, HEAD, instructedOrder, type Paid, paymentsDesk, STEWARD, STEWARD2, TREASURY } from "./kit.ts";

const databases = useDatabases();
const slice = useSlice(programs, { databaseUrl: () => databases.urls.programs.runtime });
const desk = paymentsDesk(slice, () => databases.urls);
const Q4 = { program: "BPNT", period: "2026-Q4", startsOn: "2026-10-01", endsOn: "2026-12-31" };
const sum = (payments: readonly Pick<Paid, "amount">[]) => String(payments.reduce((all, { amount }) => all + BigInt(amount), 0n));
let run = "";

beforeAll(() => desk.settle2Banks(2));

describe("a period", () => {
  test("is opened for whole months, at most three at once, by a steward alone", async () => {
    expect((await desk.open(STEWARD, { ...Q4, endsOn: "2027-01-31" })).refused).toEqual([
      "BAD_USER_INPUT: startsOn, endsOn: must be 1 to 3 whole months",
    ]);
    expect((await desk.open(STEWARD, { ...Q4, endsOn: "2026-12-30" })).refused[0]).toMatch(/^BAD_USER_INPUT/);
    for (const other of [HEAD, TREASURY, BRI, DISTRICT]) expect((await desk.open(other, Q4)).refused[0]).toMatch(/^FORBIDDEN/);
    const { data, errors } = await desk.open(STEWARD, Q4);
    expect(errors).toEqual([]);
    run = data.done.id;
    expect((await desk.open(STEWARD2, Q4)).refused[0]).toMatch(/^CONFLICT/);
  });

  test("pays each active enrolment once, by the catalogue: three months of Kartu Sembako are Rp 600,000", async () => {
    await desk.work(run, 3); // in transactions of three
    const [active] = await desk.owner(
      (sql) => sql`select count(*)::int as n from enrolment where program = 'BPNT' and state = 'ACTIVE'`,
    );
    const payments = await desk.payments(run);
    expect(payments.length).toBe(active?.["n"]);
    expect(new Set(payments.map(({ amount, state }) => `${amount} ${state}`))).toEqual(new Set(["600000 CANDIDATE"]));
    const read = await desk.run(run);
    expect([read.state, read.payments, read.total]).toEqual(["READY", payments.length, sum(payments)]);
  });

  test("is opened anew, under another name, for nobody whose days are paid", async () => {
    const { data } = await desk.open(STEWARD, { ...Q4, period: "2026-12", startsOn: "2026-12-01" });
    await desk.work(data.done.id);
    expect((await desk.run(data.done.id)).payments).toBe(0);
  });

  test("is decreed by another officer than who drafted it, over the sum that was read", async () => {
    const { version, total } = await desk.run(run);
    const decree = { id: run, version, total, decree: "SK 151/3.4/2026" };
    expect((await desk.sign(STEWARD, decree)).refused[0]).toMatch(/^FORBIDDEN/);
    expect((await desk.sign(HEAD, { ...decree, total: "1" })).refused).toEqual([
      "CONFLICT: total: the list sums up to another amount",
    ]);
    expect((await desk.sign(HEAD, decree)).data.done.state).toBe("SIGNED");
    await desk.work(run, 4);
    expect(new Set((await desk.payments(run)).map(({ state }) => state))).toEqual(new Set(["ACCOUNT_CHECK"]));
  });
});

describe("checks", () => {
  test("each office reports its own, a bank its own channel alone", async () => {
    const [first] = (await desk.payments(run)).filter(({ channel }) => channel === "BRI");
    const line = [{ payment: first?.id ?? "", state: "TREASURY_CHECK" }];
    expect((await desk.report(TREASURY, "BANK_ACCOUNT", line)).refused[0]).toMatch(/^FORBIDDEN/);
    expect((await desk.report(STEWARD, "BANK_ACCOUNT", line)).refused[0]).toMatch(/^FORBIDDEN/);
    const { data } = await desk.report(BNI, "BANK_ACCOUNT", line);
    expect(data.done).toMatchObject({ taken: 0, differing: 1, differences: [{ kind: "WRONG_CHANNEL" }] });
    const { data: seen } = await desk.ask(
      BNI,
      `{ paymentCases(filter: { program: BPNT }, first: 100) { nodes { payment { channel } } } }`,
    );
    expect(new Set(seen.paymentCases.nodes.map((node: { payment: { channel: string } }) => node.payment.channel))).toEqual(
      new Set(["BNI"]),
    );
  });

  test("that fail say why and whose it is, are repaired by district or ministry, and taken again", async () => {
    const [{ id } = { id: "" }] = (await desk.payments(run)).filter(({ channel }) => channel === "BRI");
    const without = await desk.report(BRI, "BANK_ACCOUNT", [{ payment: id, state: "ACCOUNT_CHECK_FAILED" }]);
    expect(without.data.done.differences).toMatchObject([{ kind: "NOT_DUE" }]);
    const failed = { payment: id, state: "ACCOUNT_CHECK_FAILED", failure: "ACCOUNT_NAME_DIFFERS" };
    expect((await desk.report(BRI, "BANK_ACCOUNT", [failed])).data.done.taken).toBe(1);
    const back = { id, version: 3, state: "ACCOUNT_CHECK", reason: "nama sudah diperbaiki di Dukcapil" };
    expect((await desk.move(BRI, back)).refused[0]).toMatch(/^FORBIDDEN/);
    expect((await desk.move(STEWARD, back)).data.done).toEqual({ id, version: 4, state: "ACCOUNT_CHECK", failure: null });
    const { data } = await desk.ask(
      STEWARD,
      `{ paymentCases(filter: { program: BPNT, payment: "${id}" }) { nodes { payment { history { act from to actor reason } } } } }`,
    );
    expect(data.paymentCases.nodes[0].payment.history).toMatchObject([
      { act: "OPEN", from: null, to: "CANDIDATE", actor: STEWARD.officer },
      { from: "CANDIDATE", to: "ACCOUNT_CHECK", actor: HEAD.officer, reason: "SK 151/3.4/2026" },
      { to: "ACCOUNT_CHECK_FAILED", actor: BRI.officer, reason: expect.stringContaining("ACCOUNT_NAME_DIFFERS") },
      { to: "ACCOUNT_CHECK", actor: STEWARD.officer, reason: back.reason },
    ]);
  });

  test("are no way around list and file: nobody credits by hand, no step is skipped", async () => {
    const { id, version } = (await desk.payments(run)).find(({ channel }) => channel === "BRI") as Paid;
    for (const state of ["CREDITED", "ORDER_ISSUED", "FUNDS_RELEASED", "TRANSACTED", "RETURNED"])
      for (const who of [STEWARD, HEAD, TREASURY, BRI])
        expect((await desk.move(who, { id, version, state, reason: "lompat langkah" })).refused[0]).toMatch(/^CONFLICT/);
  });
});

describe("an order", () => {
  let order = { id: "", total: "", payments: [] as Paid[] };

  test("is drafted, issued, released and instructed by four officers, to the rupiah", async () => {
    order = await instructedOrder(desk, run, "SPM 0001");
    const read = await desk.order(order.id);
    expect(read).toMatchObject({ state: "INSTRUCTED", total: sum(order.payments), payments: order.payments.length });
    expect(read.balance).toEqual({
      ordered: read.total,
      released: read.total,
      pending: read.total,
      credited: "0",
      returned: "0",
      excluded: "0",
    });
  });

  test("adds up at every moment: ordered = pending + credited + returned + excluded", async () => {
    const [paid, idle, returned, excluded, ...rest] = order.payments;
    const credit = (payment: Paid | undefined) => ({
      payment: payment?.id ?? "",
      state: "CREDITED",
      amount: payment?.amount ?? "",
    });
    expect((await desk.report(BRI, "BANK_CREDIT", [paid, idle, returned].map(credit))).data.done).toMatchObject({
      taken: 3,
      differing: 0,
    });
    const told = [
      { ...credit(paid), state: "TRANSACTED" },
      { ...credit(returned), state: "NOT_TRANSACTED", failure: "NOT_COLLECTED" },
    ];
    expect((await desk.report(BRI, "BANK_CREDIT", told)).data.done.taken).toBe(2);
    const back = { ...credit(returned), state: "RETURNED", failure: "NOT_COLLECTED" };
    expect((await desk.report(BRI, "BANK_RETURN", [back])).data.done.taken).toBe(1);
    const [now] = (await desk.payments(run)).filter(({ id }) => id === excluded?.id);
    const out = { id: now?.id, version: now?.version, state: "EXCLUDED", failure: "NOT_ELIGIBLE", reason: "keberatan diterima" };
    expect((await desk.move(STEWARD, out)).data.done.state).toBe("EXCLUDED");
    const { balance } = await desk.order(order.id);
    expect(balance).toMatchObject({ credited: "1200000", returned: "600000", excluded: "600000", pending: sum(rest) });
    expect(BigInt(balance.pending) + BigInt(balance.credited) + BigInt(balance.returned) + BigInt(balance.excluded)).toBe(
      BigInt(balance.ordered),
    );
  });

  test("what does not agree moves nothing and stands in the queue, by line", async () => {
    const [paid, , , , waits] = order.payments;
    const lines = [
      { payment: "00000000-0000-4000-8000-00000000dead", state: "CREDITED", amount: "600000" },
      { payment: waits?.id ?? "", state: "CREDITED", amount: "599999" },
      { payment: paid?.id ?? "", state: "CREDITED", amount: "600000" },
    ];
    const { data } = await desk.report(BRI, "BANK_CREDIT", lines);
    expect(data.done).toMatchObject({ taken: 0, total: "0" });
    expect(data.done.differences.map(({ kind, line }: { kind: string; line: number }) => [line, kind])).toEqual([
      [1, "UNKNOWN_PAYMENT"],
      [2, "AMOUNT_DIFFERS"],
      [3, "TWICE"],
    ]);
    const [still] = (await desk.payments(run)).filter(({ id }) => id === waits?.id);
    expect(still?.state).toBe("STANDING_INSTRUCTION");
    expect((await desk.report(BRI2, "BANK_CREDIT", lines)).refused[0]).toMatch(/^CONFLICT: this file came in before/);
    const { id, version } = data.done.differences[1];
    expect((await desk.settle(BRI, { id, version, reason: "salah ketik" })).refused[0]).toMatch(/^FORBIDDEN/);
    expect((await desk.settle(STEWARD, { id, version, reason: "bank mengirim ulang" })).data.done.settledBy).toBe(
      STEWARD.officer,
    );
  });

  test("what a closing file leaves out is missing, until a later file brings it", async () => {
    const [, , , , first, ...missing] = order.payments;
    const credit = (payment: Paid | undefined) => ({ payment: payment?.id ?? "", state: "CREDITED", amount: "600000" });
    await desk.report(BRI, "BANK_CREDIT", [credit(first)], true);
    const open = async () =>
      (
        await desk.ask(
          BRI,
          "{ paymentDifferences(filter: { kind: MISSING, isOpen: true }, first: 100) { nodes { payment amountKnown } totalCount } }",
        )
      ).data.paymentDifferences;
    expect((await open()).nodes.map(({ payment }: { payment: string }) => payment).sort()).toEqual(
      missing.map(({ id }) => id).sort(),
    );
    await desk.report(BRI, "BANK_CREDIT", missing.map(credit));
    expect((await open()).totalCount).toBe(0);
  });

  test("money that nobody takes out for 30 days is idle, and told by bank and regency", async () => {
    const idle = "{ idleBalances(program: BPNT) { channel region { code } payments total } }";
    const before = (await desk.ask(BRI, idle)).data.idleBalances.reduce(
      (all: number, { payments }: { payments: number }) => all + payments,
      0,
    );
    await desk.owner(
      (sql) => sql`update payment_period set credited_on = credited_on - 31 where run_id = ${run} and state = 'CREDITED'`,
    );
    const { data } = await desk.ask(BRI, idle);
    const after = data.idleBalances.reduce((all: number, { payments }: { payments: number }) => all + payments, 0);
    const credited = (await desk.payments(run)).filter(({ state }) => state === "CREDITED").length;
    expect(after - before).toBe(credited);
    const { data: listed } = await desk.ask(
      BRI,
      `{ paymentCases(filter: { program: BPNT, isIdle: true, period: "2026-Q4" }, first: 100) { totalCount } }`,
    );
    expect(listed.paymentCases.totalCount).toBe(credited);
  });
});
