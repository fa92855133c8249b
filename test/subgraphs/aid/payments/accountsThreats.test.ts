import { beforeAll, describe, expect, test } from "vitest";
import { SLICES } from "../../../../drizzle/client.ts";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { asServer, useDatabases } from "../../../kit/database.ts";
import { useSlice } from "../../../kit/slice.ts";
import { BRI, BRI2, begunPeriod, HEAD, type instructedOrder, type Paid, paymentsDesk, STEWARD, TREASURY } from "./kit.ts";

const databases = useDatabases();
const slice = useSlice(programs, { databaseUrl: () => databases.urls.programs.runtime });
const desk = paymentsDesk(slice, () => databases.urls);
const OLD = "0021-01-234567-50-8";
const NEW = "0021-01-999999-50-1";
let run: Awaited<ReturnType<typeof begunPeriod>>;
let mine: Paid;

beforeAll(async () => {
  await desk.settle2Banks(0);
  run = await begunPeriod(desk, "2026-Q4", ["2026-10-01", "2026-12-31"]);
  mine = run.payments[0] as Paid;
  await desk.closeAccounts(mine.person_id);
});

const now = async () => (await desk.payments(run.id)).find(({ id }) => id === mine.id) as Paid;
const account = (accountNumber = OLD, isHolder = true) => ({
  ...{ enrolment: mine.enrolment_id, accountNumber },
  ...{ isHolder, card: "OPENED" },
});
const hold = (why: string | null) => desk.owner((sql) => sql`update payment_period set held_for = ${why} where id = ${mine.id}`);
let files = 0;
/** A file about the payment, and lines that nobody knows so that no two are the same. */
const tell = (caller: typeof BRI, kind: string, state: string) =>
  desk.report(caller, kind, [
    { payment: mine.id, state },
    { payment: `00000000-0000-4000-8000-${String(files++).padStart(12, "0")}`, state },
  ]);
const passes = async (caller: typeof BRI, kind: string, state: string) =>
  (await tell(caller, kind, state)).data.done.differences.find(({ payment }: { payment: string }) => payment === mine.id)?.kind ??
  "TAKEN";
const history = () =>
  desk.owner(async (sql) =>
    (
      await sql`select act, actor from transition where subject_kind = 'PAYMENT_ACCOUNT' and person_id = ${mine.person_id} order by at, id`
    ).map(({ act, actor }) => `${act} ${actor}`),
  );

describe("money without an account of the recipient's own", () => {
  test("passes no check: none is registered", async () => {
    expect(await passes(BRI, "BANK_ACCOUNT", "TREASURY_CHECK")).toBe("NO_OWN_ACCOUNT");
    const byHand = { id: mine.id, version: mine.version, state: "TREASURY_CHECK", reason: "rekening ada" };
    expect((await desk.move(BRI, byHand)).refused).toEqual([
      "CONFLICT: the recipient has no account of their own, with a confirmed number, registered with the channel",
    ]);
  });

  test("passes no check: the holder is another", async () => {
    expect((await desk.register(BRI, account(OLD, false))).errors).toEqual([]);
    expect(await passes(BRI, "BANK_ACCOUNT", "TREASURY_CHECK")).toBe("NO_OWN_ACCOUNT");
    expect((await desk.register(BRI, account())).errors).toEqual([]);
    expect(await passes(BRI, "BANK_ACCOUNT", "TREASURY_CHECK")).toBe("TAKEN");
  });
});

describe("an account number", () => {
  test("that an officer of the bank changes alone takes its money back to the account check, and no further", async () => {
    expect(await passes(TREASURY, "TREASURY_CHECK", "ORDER_PENDING")).toBe("TAKEN");
    await hold("NOT_ACTIVE"); // held money goes back, too
    expect((await desk.register(BRI, account(NEW))).errors).toEqual([]);
    expect((await now()).state).toBe("ACCOUNT_CHECK");
    await hold(null);
    expect(await passes(BRI, "BANK_ACCOUNT", "TREASURY_CHECK")).toBe("NO_OWN_ACCOUNT");
    expect((await desk.check(BRI, { enrolment: mine.enrolment_id, accountNumber: OLD })).data.done).toBe("MATCH");
    expect((await desk.register(BRI, account(NEW))).refused).toEqual([
      "FORBIDDEN: another number is confirmed by another officer",
    ]);
  });

  test("is another one once a second officer of the bank registers the same, and each is in the history", async () => {
    expect((await desk.register(BRI2, account(NEW))).errors).toEqual([]);
    expect((await desk.check(BRI, { enrolment: mine.enrolment_id, accountNumber: NEW })).data.done).toBe("MATCH");
    expect(await passes(BRI, "BANK_ACCOUNT", "TREASURY_CHECK")).toBe("TAKEN");
    expect((await history()).filter((line) => line.startsWith("NUMBER"))).toEqual([
      `NUMBER_CHANGED ${BRI.officer}`,
      `NUMBER_CONFIRMED ${BRI2.officer}`,
    ]);
  });

  test("that was changed wrongly is the old one again when it is registered again", async () => {
    await desk.register(BRI, account(OLD));
    await desk.register(BRI2, account(NEW));
    expect((await history()).at(-1)).toBe(`NUMBER_KEPT ${BRI2.officer}`);
    expect(await passes(BRI, "BANK_ACCOUNT", "TREASURY_CHECK")).toBe("TAKEN");
  });

  test("of the recipient is right under a new enrolment, too", async () => {
    const [again] = await desk.owner(
      (sql) => sql`insert into enrolment (id, person_id, unit_id, program, state, region, started_on, ended_on, ending)
        select gen_random_uuid(), person_id, unit_id, program, 'EXITED', region, '2024-01-01', '2024-02-01', 'NOT_ELIGIBLE' from enrolment where id = ${mine.enrolment_id} returning id`,
    );
    const asked = { enrolment: String(again?.["id"]), accountNumber: NEW };
    expect((await desk.check(BRI2, asked)).data.done).toBe("MATCH");
  });
});

describe("money that is ordered", () => {
  let order: Awaited<ReturnType<typeof instructedOrder>>;
  const credit = (on?: string) => ({ payment: mine.id, state: "CREDITED", amount: mine.amount, ...(on ? { on } : {}) });

  test("goes into the account it was ordered into: its number does not change until the money is there", async () => {
    await desk.report(
      TREASURY,
      "TREASURY_CHECK",
      (await desk.payments(run.id))
        .filter(({ state }) => state === "TREASURY_CHECK")
        .map(({ id }) => ({ payment: id, state: "ORDER_PENDING" })),
    );
    const drafted = (await desk.draft(STEWARD, { run: run.id, channel: "BRI", number: "SPM 0001" })).data.done;
    const ordered = "CONFLICT: money is ordered into the account: it is credited, or excluded, before the account changes";
    const issued = (await desk.issue(HEAD, drafted.id, drafted.version)).data.done;
    expect((await desk.register(BRI, account(OLD))).refused).toEqual([ordered]);
    const sp2d = { id: issued.id, version: issued.version, number: "SP2D 0001", total: issued.total };
    const released = (await desk.release(TREASURY, sp2d)).data.done;
    await desk.instruct(BRI, released.id, released.version);
    expect((await desk.register(BRI, account(OLD))).refused).toEqual([ordered]);
    expect((await now()).state).toBe("STANDING_INSTRUCTION");
    order = { id: drafted.id, total: drafted.total, payments: [mine] };
  });

  test("is credited neither on a day to come nor before its release", async () => {
    const day = (n: number) => new Date(Date.now() + (n * 24 + 7) * 3_600_000).toISOString().slice(0, 10);
    for (const on of ["2099-12-31", day(1), day(-2)])
      expect((await desk.report(BRI, "BANK_CREDIT", [credit(on)])).data.done.differences).toMatchObject([{ kind: "WRONG_DAY" }]);
    expect((await now()).state).toBe("STANDING_INSTRUCTION");
  });

  test("and credited though it was held counts as credited, and comes back by a return, never as excluded", async () => {
    await hold("DECEASED");
    expect((await desk.report(BRI, "BANK_CREDIT", [credit()])).data.done.taken).toBe(1);
    expect((await desk.order(order.id)).balance).toMatchObject({ credited: order.total, excluded: "0" });
    const back = (state: string) => ({ ...credit(), state, failure: "RECIPIENT_DECEASED" });
    expect((await desk.report(BRI, "BANK_CREDIT", [back("NOT_TRANSACTED")])).data.done.taken).toBe(1);
    expect((await desk.report(BRI, "BANK_RETURN", [back("RETURNED")])).data.done.taken).toBe(1);
    expect((await desk.order(order.id)).balance).toMatchObject({ credited: "0", returned: order.total });
  });
});

test("no rule that acts as an owner can be called by just anybody who may log in", async () => {
  const open = await Promise.all(
    SLICES.map((name) =>
      asServer(
        databases.urls[name].owner,
        (sql) => sql`select p.oid::regprocedure::text as rule from pg_proc p join pg_namespace n on n.oid = p.pronamespace
          where p.prosecdef and p.prorettype <> 'trigger'::regtype and n.nspname !~ '^pg_' and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
            where a.grantee = 0 and a.privilege_type = 'EXECUTE')`,
      ),
    ),
  );
  expect(open.flat()).toEqual([]);
});
