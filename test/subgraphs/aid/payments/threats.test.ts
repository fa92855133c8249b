import { beforeAll, describe, expect, test } from "vitest";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { asRole, failing, useDatabases } from "../../../kit/database.ts";
import { useSlice } from "../../../kit/slice.ts";
import { BNI, BRI, BRI2, begunPeriod, DISTRICT, HEAD, type Paid, paymentsDesk, STEWARD, STEWARD2, TREASURY } from "./kit.ts";

const databases = useDatabases();
const slice = useSlice(programs, { databaseUrl: () => databases.urls.programs.runtime });
const desk = paymentsDesk(slice, () => databases.urls);
const NUMBER = "0021-01-234567-50-8";
let run: Awaited<ReturnType<typeof begunPeriod>>;

beforeAll(async () => {
  await desk.settle2Banks(2);
  run = await begunPeriod(desk, "2026-Q4", ["2026-10-01", "2026-12-31"]);
});

const ofBri = () => run.payments.filter(({ channel }) => channel === "BRI");
const now = async (id: string | undefined) => (await desk.payments(run.id)).find((payment) => payment.id === id) as Paid;
const hold = (id: string | undefined, why: string | null) =>
  desk.owner((sql) => sql`update payment_period set held_for = ${why} where id = ${id ?? ""}`);

describe("an account", () => {
  const enrolment = () => ofBri()[0]?.enrolment_id ?? "";
  beforeAll(() => desk.closeAccounts(ofBri()[0]?.person_id ?? ""));
  const account = () => ({ enrolment: enrolment(), accountNumber: NUMBER, isHolder: true, card: "OPENED" });

  test("is registered by the bank that pays, and by no other", async () => {
    for (const other of [STEWARD, TREASURY, DISTRICT, HEAD])
      expect((await desk.register(other, account())).refused[0]).toMatch(/^FORBIDDEN/);
    expect((await desk.register(BNI, account())).refused[0]).toMatch(/^BAD_USER_INPUT/);
    expect((await desk.register(BRI, account())).data.done).toMatchObject({ isHolder: true, card: "OPENED" });
  });

  test("is matched, whatever the spelling, and its number answered to nobody", async () => {
    const asked = { enrolment: enrolment(), accountNumber: NUMBER.replaceAll("-", " ") };
    expect((await desk.check(BRI, asked)).data.done).toBe("MATCH");
    expect((await desk.check(BRI, { ...asked, accountNumber: "002101234567509" })).data.done).toBe("NO_MATCH");
    expect((await desk.check(BNI, asked)).data?.done ?? null).toBeNull();
    const digits = NUMBER.replaceAll("-", "");
    const [{ text } = { text: "" }] = await desk.owner(
      (
        sql,
      ) => sql`select (select string_agg(a::text, ' ') from payment_account a) || (select string_agg(encode(s.digest, 'hex'), ' ') from account_secret s)
        || (select string_agg(coalesce(t.reason, ''), ' ') from transition t where t.subject_kind = 'PAYMENT_ACCOUNT') as text`,
    );
    for (const piece of [digits, digits.slice(0, 8), digits.slice(-6)]) expect(text).not.toContain(piece);
    expect(slice.log.join("\n")).not.toContain("234567");
  });

  test("cannot be guessed: five questions a day about one account, right or wrong", async () => {
    for (const n of [3, 4, 5])
      expect((await desk.check(BRI2, { enrolment: enrolment(), accountNumber: `00210123456${n}` })).data.done).toBe("NO_MATCH");
    expect((await desk.check(BRI2, { enrolment: enrolment(), accountNumber: NUMBER })).refused).toEqual([
      "CONFLICT: this account was asked for 5 times today",
    ]);
  });

  test("has a digest that not even the role of the slice reads", async () => {
    for (const table of ["account_secret", "payment_line", "payment_step"])
      expect(await asRole(databases.urls.programs.runtime, (sql) => failing(sql.unsafe(`select 1 from programs.${table}`)))).toBe(
        "42501",
      );
  });

  test("with too few or too many digits is refused without being repeated", async () => {
    const { refused } = await desk.check(BRI, { enrolment: enrolment(), accountNumber: "12345" });
    expect(refused).toEqual(["BAD_USER_INPUT: accountNumber must have 6 to 20 digits"]);
  });
});

describe("around the rules", () => {
  test("no role of the hub writes a payment, a list, a file or the queue itself", async () => {
    const tables = [
      "payment_period",
      "payment_run",
      "payment_batch",
      "payment_file",
      "payment_line",
      "payment_difference",
      "payment_account",
      "account_secret",
    ];
    for (const url of [databases.urls.programs.runtime, databases.urls.allocation ?? ""])
      await asRole(url, async (sql) => {
        for (const table of [...tables, "payment_step", "payment_rule", "payment_failure"])
          for (const deed of [
            `update programs.${table} set source = ''`,
            `delete from programs.${table}`,
            `insert into programs.${table} default values`,
          ])
            expect(await failing(sql.unsafe(deed))).toMatch(/^(42501|42703)$/);
      });
    const granted = await desk.owner(
      (sql) => sql`select table_name, privilege_type from information_schema.role_table_grants
        where grantee in ('hub_programs', 'hub_programs_jobs') and table_name = any(${tables}) and privilege_type <> 'SELECT'`,
    );
    expect(granted).toEqual([]);
  });

  test("the worker neither signs nor releases, and the slice does not do the worker's part", async () => {
    await asRole(databases.urls.allocation ?? "", async (sql) => {
      expect(await failing(sql`select programs.sign_payment_run(${run.id}, 1, 'SK', 0)`)).toBe("42501");
      expect(await failing(sql`select programs.move_payment_order(${run.id}, 1, 'RELEASE', 'x', 0)`)).toBe("42501");
    });
    await asRole(databases.urls.programs.runtime, async (sql) => {
      expect(await failing(sql`select programs.open_payments(${run.id}, 1)`)).toBe("42501");
      expect(await failing(sql`select programs.judge_payment_lines(${run.id})`)).toBe("42501");
    });
  });

  test("a machine without an officer moves nothing", async () => {
    const machine = { ...STEWARD, officer: null };
    expect(
      (await desk.open(machine, { program: "BPNT", period: "2027-Q1", startsOn: "2027-01-01", endsOn: "2027-03-31" })).refused[0],
    ).toMatch(/^FORBIDDEN/);
    const [first] = ofBri();
    expect(
      (await desk.report(machine, "BANK_ACCOUNT", [{ payment: first?.id ?? "", state: "TREASURY_CHECK" }])).refused[0],
    ).toMatch(/^FORBIDDEN/);
  });

  test("a district repairs in its own regency alone", async () => {
    const [first] = ofBri();
    await desk.report(BRI, "BANK_ACCOUNT", [
      { payment: first?.id ?? "", state: "ACCOUNT_CHECK_FAILED", failure: "ACCOUNT_CLOSED" },
    ]);
    const place = (region: string) =>
      desk.owner((sql) => sql`update payment_period set region = ${region} where id = ${first?.id ?? ""}`);
    const back = { id: first?.id, state: "ACCOUNT_CHECK", reason: "rekening dibuka kembali" };
    await place("3511011001");
    const elsewhere = { ...DISTRICT, rows: { ...DISTRICT.rows, regions: [["3510", "3511"]] as const } };
    expect((await desk.move(elsewhere, { ...back, version: (await now(first?.id)).version })).refused[0]).toMatch(/^FORBIDDEN/);
    await place("3510161001");
    expect((await desk.move(elsewhere, { ...back, version: (await now(first?.id)).version })).data.done.state).toBe(
      "ACCOUNT_CHECK",
    );
  });

  test("a payment seen in another state than it has is not moved", async () => {
    const [first] = ofBri();
    const stale = { id: first?.id, version: 1, state: "EXCLUDED", failure: "WITHDRAWN", reason: "mengundurkan diri" };
    expect((await desk.move(STEWARD, stale)).refused[0]).toMatch(/^CONFLICT/);
  });
});

describe("money", () => {
  test("for a dead recipient goes no step further, and leaves the order it was drafted into", async () => {
    const [dead, ...living] = ofBri();
    await hold(dead?.id, "DECEASED");
    const lines = ofBri().map(({ id }) => ({ payment: id, state: "TREASURY_CHECK" }));
    const { data } = await desk.report(BRI, "BANK_ACCOUNT", lines);
    expect(data.done).toMatchObject({ taken: living.length, differences: [{ kind: "NOT_DUE", payment: dead?.id }] });
    await hold(dead?.id, null);
    await desk.report(BRI, "BANK_ACCOUNT", [{ payment: dead?.id ?? "", state: "TREASURY_CHECK" }]);
    await desk.report(
      TREASURY,
      "TREASURY_CHECK",
      lines.map(({ payment }) => ({ payment, state: "ORDER_PENDING" })),
    );
    const drafted = (await desk.draft(STEWARD, { run: run.id, channel: "BRI", number: "SPM 0001" })).data.done;
    expect(drafted.payments).toBe(ofBri().length);
    await hold(dead?.id, "DECEASED");
    expect((await desk.issue(HEAD, drafted.id, drafted.version)).refused[0]).toMatch(
      /^CONFLICT: payments of the order were held/,
    );
    const again = (await desk.draft(STEWARD2, { run: run.id, channel: "BRI", number: "SPM 0001" })).data.done;
    expect([again.id, again.payments]).toEqual([drafted.id, living.length]);
  });

  test("needs three officers: who drafted does not issue, who issued does not release", async () => {
    await desk.owner(async (sql) => {
      await sql`insert into officer_duty (id, officer_id, agency, role, region, program, valid_from, assigned_by)
        select gen_random_uuid(), o, 'KEMENSOS', r, '', '*', '2025-01-01', 'SYSTEM' from unnest(array['program2.kemensos', 'direktur.kemensos']) o, unnest(array['PROGRAM_HEAD', 'TREASURY']) r
        on conflict do nothing`;
    });
    const [order] = await desk.owner((sql) => sql`select id, version, total::text from payment_batch where number = 'SPM 0001'`);
    const { id, version, total } = order as unknown as { id: string; version: number; total: string };
    expect((await desk.issue(STEWARD2, id, version)).refused[0]).toMatch(/^FORBIDDEN: an order is drafted/);
    const issued = (await desk.issue(HEAD, id, version)).data.done;
    const sp2d = { id, version: issued.version, number: "SP2D 0001", total };
    expect((await desk.release(HEAD, sp2d)).refused[0]).toMatch(/^FORBIDDEN: an order is drafted/);
    expect((await desk.release(TREASURY, { ...sp2d, total: String(BigInt(total) - 1n) })).refused[0]).toMatch(/^CONFLICT/);
    const released = (await desk.release(TREASURY, sp2d)).data.done;
    expect((await desk.instruct(BNI, id, released.version)).refused[0]).toMatch(/^FORBIDDEN/);
    expect((await desk.instruct(BRI, id, released.version)).data.done.state).toBe("INSTRUCTED");
  });

  test("held while its order went on is caught up by the office of the step, once the hold is lifted", async () => {
    const period = await begunPeriod(desk, "2027-01", ["2027-01-01", "2027-01-31"]);
    const ours = period.payments.filter(({ channel }) => channel === "BRI");
    const dead = ours[0]?.id ?? "";
    const last = async () => (await desk.payments(period.id)).find(({ id }) => id === dead) as Paid;
    const lines = (state: string) => ours.map(({ id }) => ({ payment: id, state }));
    await desk.report(BRI, "BANK_ACCOUNT", lines("TREASURY_CHECK"));
    await desk.report(TREASURY, "TREASURY_CHECK", lines("ORDER_PENDING"));
    const drafted = (await desk.draft(STEWARD, { run: period.id, channel: "BRI", number: "SPM 0002" })).data.done;
    const issued = (await desk.issue(HEAD, drafted.id, drafted.version)).data.done;
    await hold(dead, "DECEASED");
    const catchUp = async () => ({
      ...{ id: dead, version: (await last()).version },
      ...{ state: "FUNDS_RELEASED", reason: "pencatatan kematian dibatalkan" },
    });
    expect((await desk.move(TREASURY, await catchUp())).refused[0]).toMatch(/^CONFLICT/);
    const sp2d = { id: issued.id, version: issued.version, number: "SP2D 0002", total: issued.total };
    expect((await desk.release(TREASURY, sp2d)).errors).toEqual([]);
    expect((await last()).state).toBe("ORDER_ISSUED");
    expect((await desk.move(TREASURY, await catchUp())).refused[0]).toMatch(/^CONFLICT: a payment is held/);
    await hold(dead, null);
    expect((await desk.move(BRI, await catchUp())).refused[0]).toMatch(/^FORBIDDEN/);
    expect((await desk.move(TREASURY, await catchUp())).data.done.state).toBe("FUNDS_RELEASED");
  });

  test("takes no further step while its payments are still following", async () => {
    const [order] = await desk.owner(
      (sql) => sql`update payment_batch set is_carried = false where number = 'SPM 0002' returning id, version`,
    );
    expect((await desk.instruct(BRI, String(order?.["id"]), Number(order?.["version"]))).refused[0]).toMatch(/still following/);
  });

  test("never flows twice: the same payment twice in a file moves by neither line, whatever their order", async () => {
    const [, one, two] = ofBri();
    const credit = (payment: Paid | undefined) => ({ payment: payment?.id ?? "", state: "CREDITED", amount: "600000" });
    const { data } = await desk.report(BRI, "BANK_CREDIT", [credit(one), credit(two), credit(one)]);
    expect(data.done).toMatchObject({ taken: 1, differing: 2, total: "600000" });
    expect((await now(one?.id)).state).toBe("STANDING_INSTRUCTION");
    expect((await now(two?.id)).state).toBe("CREDITED");
  });
});
