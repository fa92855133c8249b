import { beforeAll, describe, expect, test } from "vitest";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { useDatabases } from "../../../kit/database.ts";
import { useSlice } from "../../../kit/slice.ts";
import { BNI, BRI, BRI2, begunPeriod, DISTRICT, type Line, type Paid, paymentsDesk, STEWARD, TREASURY } from "./kit.ts";

const databases = useDatabases();
const slice = useSlice(programs, { databaseUrl: () => databases.urls.programs.runtime });
const desk = paymentsDesk(slice, () => databases.urls);
let run: Awaited<ReturnType<typeof begunPeriod>>;

beforeAll(async () => {
  await desk.settle2Banks(2);
  run = await begunPeriod(desk, "2026-Q4", ["2026-10-01", "2026-12-31"]);
});

const at = (channel: string) => run.payments.find((payment) => payment.channel === channel) as Paid;
const now = async ({ id }: Paid) => (await desk.payments(run.id)).find((payment) => payment.id === id) as Paid;
const NOT_YOURS = ["FORBIDDEN: this payment is not yours to move"];
const NOBODYS = "00000000-0000-4000-8000-00000000dead";

describe("a payment of another bank", () => {
  test("tells nothing by the step it refuses: not its state, its channel, its version, nor whether it exists", async () => {
    for (const state of ["RETURNED", "TREASURY_CHECK", "CREDITED", "EXCLUDED"])
      for (const version of [at("BNI").version, 99])
        for (const id of [at("BNI").id, NOBODYS])
          expect((await desk.move(BRI, { id, version, state, reason: "coba saja" })).refused).toEqual(NOT_YOURS);
    expect((await now(at("BNI"))).state).toBe("ACCOUNT_CHECK");
  });

  test("is moved by its own bank", async () => {
    const step = { id: at("BNI").id, version: at("BNI").version, state: "ACCOUNT_OPENING", reason: "rekening dibuka" };
    expect((await desk.move(BNI, step)).data.done.state).toBe("ACCOUNT_OPENING");
  });
});

test("a payment of another regency, or under an agreement that does not reach it, is not told of by a refusal", async () => {
  const { id, version } = at("BRI");
  const step = { id, version, state: "CREDITED", reason: "coba saja" };
  const elsewhere = { ...DISTRICT, rows: { ...DISTRICT.rows, regions: [["9901", "9902"]] as const } };
  const otherProgram = { ...STEWARD, rows: { ...STEWARD.rows, programs: ["KIP"] } };
  for (const caller of [elsewhere, otherProgram, { ...STEWARD, officer: "nobody.kemensos" }])
    expect((await desk.move(caller, step)).refused).toEqual(NOT_YOURS);
});

test("an exclusion without a code is refused with a sentence, not with a fault", async () => {
  const { id, version, state } = at("BRI");
  const out = { id, version, state: "EXCLUDED", reason: "coba saja" };
  expect((await desk.move(STEWARD, out)).refused).toEqual(["BAD_USER_INPUT: failure: EXCLUDED takes a code that explains it"]);
  expect((await desk.move(STEWARD, { ...out, failure: "NO_SUCH_CODE" })).refused[0]).toMatch(/^BAD_USER_INPUT: failure/);
  expect((await desk.move(BRI, out)).refused[0]).toMatch(/^FORBIDDEN/);
  expect((await now(at("BRI"))).state).toBe(state);
});

const ofBri = () => run.payments.filter(({ channel }) => channel === "BRI");

test("an account repaired and found closed again is reported again, under a number of its own", async () => {
  const one = at("BRI");
  const closed = [{ payment: one.id, state: "ACCOUNT_CHECK_FAILED", failure: "ACCOUNT_CLOSED" }];
  const tell = (reference: string | null) =>
    desk.ask(BRI, "mutation ($input: ReportPaymentsInput!) { done: reportPayments(input: $input) { taken } }", {
      input: { kind: "BANK_ACCOUNT", program: "BPNT", lines: closed, reference },
    });
  expect((await tell(null)).data.done.taken).toBe(1);
  const { version } = await now(one);
  const repaired = { id: one.id, version, state: "ACCOUNT_CHECK", reason: "rekening dibuka kembali" };
  expect((await desk.move(STEWARD, repaired)).data.done.state).toBe("ACCOUNT_CHECK");
  expect((await tell(null)).refused[0]).toMatch(/^CONFLICT: this file came in before/);
  expect((await tell("2026/11/2")).data.done.taken).toBe(1);
  expect((await tell(" 2026/11/2 ")).refused[0]).toMatch(/^CONFLICT: this file came in before/);
  expect((await now(one)).state).toBe("ACCOUNT_CHECK_FAILED");
});

test("another number of a report makes no credit of one already told: the line stands in the queue", async () => {
  const one = ofBri()[1] as Paid;
  await desk.owner((sql) => sql`update payment_period set state = 'STANDING_INSTRUCTION' where id = ${one.id}`);
  const lines = [{ payment: one.id, state: "CREDITED", amount: one.amount }];
  const tell = (reference: string) =>
    desk.ask(
      BRI2,
      "mutation ($input: ReportPaymentsInput!) { done: reportPayments(input: $input) { taken differences { kind } } }",
      { input: { kind: "BANK_CREDIT", program: "BPNT", lines, reference } },
    );
  expect((await tell("1")).data.done.taken).toBe(1);
  expect((await tell("2")).data.done).toEqual({ taken: 0, differences: [{ kind: "TWICE" }] });
});

test("of a file's differences at most a hundred are read from the database, the first by line, whatever their number", async () => {
  const lines: Line[] = Array.from({ length: 130 }, (_, n) => ({
    payment: NOBODYS.replace("dead", String(1000 + n)),
    state: "TREASURY_CHECK",
  }));
  const { data } = await desk.report(BRI, "BANK_ACCOUNT", lines);
  const second = await desk.report(
    TREASURY,
    "TREASURY_CHECK",
    lines.slice(0, 3).map((line) => ({ ...line, state: "ORDER_PENDING" })),
  );
  expect(data.done.differing).toBe(130);
  expect(data.done.differences.map(({ line }: { line: number }) => line)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
  expect(second.data.done.differences).toHaveLength(3);
  const { data: both } = await desk.ask(STEWARD, "{ paymentFiles(program: BPNT) { lines differences { line } } }");
  const told = both.paymentFiles.map(({ lines: all, differences }: { lines: number; differences: unknown[] }) => [
    all,
    differences.length,
  ]);
  expect(told).toEqual(
    expect.arrayContaining([
      [130, 100],
      [3, 3],
    ]),
  );
});
