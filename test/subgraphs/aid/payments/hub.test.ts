import { beforeAll, expect, test } from "vitest";
import { asRole } from "../../../kit/database.ts";
import { useHub } from "../../../kit/hub.ts";

const hub = useHub();
const CASES = `query ($state: PaymentState) { paymentCases(filter: { program: BPNT, state: $state }, first: 100) { totalCount nodes { region { code } payment {
  id version amount state channel failure { code office remedy bring usualDays } history { at actor to reason } } } } }`;

beforeAll(() =>
  asRole(hub.urls.programs.owner, async (sql) => {
    await sql`update payment_period set channel = 'BRI', state = 'ACCOUNT_CHECK_FAILED', failure = 'ACCOUNT_CLOSED', credited_on = null
      where id = (select id from payment_period where program = 'BPNT' order by id limit 1)`;
  }),
);

test("a bank works its own queue through the gateway: what failed, whose it is and what helps", async () => {
  const { data, errors, denied } = await hub.as("penyalur.bri").ask(CASES, { state: "ACCOUNT_CHECK_FAILED" });
  expect([errors, denied]).toEqual([[], []]);
  expect(data["paymentCases"].nodes.map(({ payment }: { payment: { channel: string } }) => payment.channel)).toContain("BRI");
  const [{ payment }] = data["paymentCases"].nodes;
  expect(payment).toMatchObject({
    amount: "600000",
    state: "ACCOUNT_CHECK_FAILED",
    failure: { office: expect.any(String), usualDays: 14 },
  });
  const { data: all } = await hub.as("penyalur.bri").ask(CASES);
  expect(new Set(all["paymentCases"].nodes.map((node: { payment: { channel: string } }) => node.payment.channel))).toEqual(
    new Set(["BRI"]),
  );
});

test("ministry and treasury read lists and orders; the steward opens a period, and nobody else of them", async () => {
  const open = `mutation { openPaymentPeriod(input: { program: BPNT, period: "2026-Q4", startsOn: "2026-10-01", endsOn: "2026-12-31" }) { id state draftedBy } }`;
  const { data, errors } = await hub.as("program.kemensos").ask(open);
  expect(errors).toEqual([]);
  expect(data["openPaymentPeriod"]).toMatchObject({ state: "OPENING", draftedBy: "program.kemensos" });
  const read = `query { paymentRuns(program: BPNT) { period state payments total decree orders { number state total balance { pending credited returned excluded } } } }`;
  for (const who of ["direktur.kemensos", "kppn.kemenkeu", "penyalur.bri"]) {
    const answer = await hub.as(who).ask(read);
    expect([answer.errors, answer.denied]).toEqual([[], []]);
    expect(answer.data["paymentRuns"]).toMatchObject([{ period: "2026-Q4", total: "0", orders: [] }]);
  }
  const again = await hub.as("direktur.kemensos").ask(open.replace("2026-Q4", "2027-Q1"));
  expect(again.errors[0]?.extensions["code"]).toBe("FORBIDDEN");
});
