import { describe, expect, test } from "vitest";
import { asRole, failing } from "../../../kit/database.ts";
import { codesOf } from "../../../kit/slice.ts";
import { district, head, rateOf, SAID, steward, steward2, TODAY, useCatalogue } from "./kit.ts";

const { slice, urls, act, decide } = useCatalogue();

const AWARD = `query ($components: [AidComponent!]!, $on: Date, $months: Int, $program: ProgramCode!) {
  awardOf(program: $program, components: $components, months: $months, on: $on) {
    amount yearly paymentsAYear paidAYear months counted { component yearly portion } notCounted { component reason limit } } }`;
const awardOf = async (program: string, components: string[], told: object = {}) =>
  (await slice.ask(AWARD, { caller: steward, variables: { program, components, ...told } })).data.awardOf;

describe("changing the catalogue takes four eyes", () => {
  test("a new amount is drafted by one steward, approved by another, holds from its day on, and the past stays what it was", async () => {
    const drafted = (await act("rate", rateOf())).data.done;
    expect(drafted).toMatchObject({ state: "DRAFT", madeBy: "program.kemensos", decidedBy: null, version: 1 });
    expect((await awardOf("PKH", ["PRIMARY"], { on: "2027-01-01", months: 12 })).amount).toBe("900000");
    const approved = (await decide(drafted, "APPROVED")).data.done;
    expect(approved).toMatchObject({ state: "APPROVED", decidedBy: "program2.kemensos", version: 2 });
    expect(approved.history).toEqual([
      { act: "DRAFT", from: null, to: "DRAFT", actor: "program.kemensos", reason: "Nilai baru tahun 2027" },
      { act: "APPROVE", from: "DRAFT", to: "APPROVED", actor: "program2.kemensos", reason: "Diperiksa dengan salinan keputusan" },
    ]);
    expect((await awardOf("PKH", ["PRIMARY"], { on: "2026-12-31", months: 12 })).amount).toBe("900000");
    expect((await awardOf("PKH", ["PRIMARY"], { on: "2027-01-01", months: 12 })).amount).toBe("1000000");
    const { data } = await slice.ask(
      '{ program(code: PKH) { components { component validFrom validTo yearly legalBasis } now: components(on: "2026-10-05") { component } } }',
      { caller: district },
    );
    const primary = data.program.components.filter((rate: { component: string }) => rate.component === "PRIMARY");
    expect(primary.slice(0, 2)).toMatchObject([
      { validFrom: "2027-01-01", validTo: null, yearly: "1000000", legalBasis: "Kepmensos 1/HUK/2027" },
      { validFrom: "2024-01-01", validTo: "2026-12-31", yearly: "900000" },
    ]);
    expect(data.program.now).toHaveLength(8);
  });

  test("threat: who drafted does not approve or reject, in the slice or in the database; who did not draft does not withdraw", async () => {
    const drafted = (await act("rate", rateOf({ component: "JUNIOR", yearly: "1600000" }))).data.done;
    expect(codesOf(await decide(drafted, "APPROVED", steward))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await decide(drafted, "REJECTED", steward))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await decide(drafted, "WITHDRAWN", steward2))).toEqual(["FORBIDDEN"]);
    const code = await asRole(urls.programs.owner, (sql) =>
      sql.begin(async (tx) => {
        await tx`select set_config('hub.officer', '{program.kemensos}', true)`;
        return failing(
          tx.savepoint((at) => at`update catalogue_change set state = 'APPROVED', decision = 'sendiri' where id = ${drafted.id}`),
        );
      }),
    );
    expect(code).toBe("HB002");
    expect((await decide(drafted, "WITHDRAWN", steward)).data.done).toMatchObject({
      state: "WITHDRAWN",
      decidedBy: "program.kemensos",
    });
    expect((await awardOf("PKH", ["JUNIOR"], { on: "2027-02-01", months: 12 })).amount).toBe("1500000");
  });

  test("threat: a district's officer neither drafts nor decides", async () => {
    expect(codesOf(await act("rate", rateOf({ component: "SENIOR" }), district))).toEqual(["FORBIDDEN"]);
    const drafted = (await act("rate", rateOf({ component: "SENIOR", yearly: "2100000" }))).data.done;
    expect(codesOf(await decide(drafted, "APPROVED", district))).toEqual(["BAD_USER_INPUT"]); // a draft is not there for them
    expect((await decide(drafted, "REJECTED", head)).data.done).toMatchObject({
      state: "REJECTED",
      decidedBy: "direktur.kemensos",
    });
  });

  test("threat: an amount that was paid is not altered backwards", async () => {
    for (const effectiveOn of ["2026-07-01", "2025-01-01"]) {
      const answer = await act("rate", rateOf({ component: "ELDERLY", effectiveOn }));
      expect(codesOf(answer)).toEqual(["BAD_USER_INPUT"]);
      expect(answer.errors[0]?.extensions.detail).toContain("has payments of that time already");
    }
  });

  test("where nothing was paid yet a change may reach back", async () => {
    await asRole(urls.programs.owner, (sql) => sql`delete from payment_period where program = 'KIP'`);
    const input = rateOf({
      program: "KIP",
      component: "SENIOR",
      effectiveOn: "2026-01-01",
      yearly: "2000000",
      target: "Siswa SMA",
    });
    const drafted = (await act("rate", input)).data.done;
    expect((await decide(drafted, "APPROVED")).data.done.state).toBe("APPROVED");
    expect((await awardOf("KIP", ["SENIOR"], { on: "2026-01-01" })).amount).toBe("2000000");
    expect((await awardOf("KIP", ["SENIOR"], { on: "2025-12-31" })).amount).toBe("1800000");
  });

  test("a closed program is history: it gets no new term", async () => {
    const answer = await act("term", {
      program: "BST",
      effectiveOn: "2027-01-01",
      monthsAPayment: 1,
      monthly: "300000",
      ...SAID,
    });
    expect(codesOf(answer)).toEqual(["BAD_USER_INPUT"]);
    expect(answer.errors[0]?.extensions.detail).toContain("closed");
  });

  test("a draft is decided once, as it was read", async () => {
    const drafted = (await act("rate", rateOf({ program: "KIP", component: "JUNIOR", yearly: "800000" }))).data.done;
    expect(codesOf(await decide({ ...drafted, version: 7 }, "APPROVED"))).toEqual(["CONFLICT"]);
    const both = await Promise.all([decide(drafted, "APPROVED"), decide(drafted, "REJECTED", head)]);
    expect(both.flatMap(codesOf)).toEqual(["CONFLICT"]);
    expect(codesOf(await decide({ ...drafted, version: 2 }, "APPROVED", head))).toEqual(["CONFLICT"]);
  });

  test("a second draft of the same thing waits for the first to be decided", async () => {
    const first = (await act("rate", rateOf({ component: "ELDERLY" }))).data.done;
    expect(codesOf(await act("rate", rateOf({ component: "ELDERLY", yearly: "5" })))).toEqual(["CONFLICT"]);
    await decide(first, "REJECTED");
  });

  test("all faults of a draft are named at once", async () => {
    const answer = await act("term", {
      ...{ program: "PKH", effectiveOn: "2027-01-01", monthsAPayment: 5, decileLimit: 11, planned: 0, monthly: "-1" },
      ...{ legalBasis: "", source: " ", reason: "x" },
    });
    const detail = answer.errors[0]?.extensions.detail;
    for (const name of ["legalBasis", "source", "reason", "monthsAPayment", "decileLimit", "planned", "monthly"])
      expect(detail).toContain(name);
  });

  test("what was approved for later and found wrong is replaced before it begins, and was never paid", async () => {
    const later = (await act("rate", rateOf({ component: "PREGNANCY", yearly: "9000000", rank: 1, atMost: 2 }))).data.done;
    await decide(later, "APPROVED");
    const sooner = rateOf({ component: "PREGNANCY", yearly: "3600000", rank: 1, atMost: 2, effectiveOn: "2026-12-01" });
    await decide((await act("rate", sooner)).data.done, "APPROVED");
    const amounts = ["2026-11-30", "2026-12-01", "2027-06-01"].map((on) => awardOf("PKH", ["PREGNANCY"], { on, months: 12 }));
    expect((await Promise.all(amounts)).map(({ amount }) => amount)).toEqual(["3000000", "3600000", "3600000"]);
  });

  test("a component ends, and then a program: of a day after nothing is known", async () => {
    const component = (await act("end", { program: "KIP_KULIAH", component: "CLUSTER_5", effectiveOn: "2027-07-01", ...SAID }))
      .data.done;
    await decide(component, "APPROVED");
    const after = await awardOf("KIP_KULIAH", ["CLUSTER_5"], { on: "2027-07-01" });
    expect(after).toMatchObject({ amount: "0", notCounted: [{ component: "CLUSTER_5", reason: "NOT_PAID", limit: null }] });
    expect((await awardOf("KIP_KULIAH", ["CLUSTER_5"], { on: "2027-06-30" })).amount).toBe("8400000");
    const program = (await act("end", { program: "KIP_KULIAH", effectiveOn: "2028-01-01", ...SAID })).data.done;
    expect(program.kind).toBe("PROGRAM_END");
    await decide(program, "APPROVED", head);
    expect(await awardOf("KIP_KULIAH", ["CLUSTER_1"], { on: "2028-01-01" })).toBeNull();
    const { data } = await slice.ask("{ program(code: KIP_KULIAH) { validTo } }", { caller: steward });
    expect(data.program.validTo).toBe("2027-12-31");
    const again = { program: "KIP_KULIAH", effectiveOn: "2028-01-01", monthsAPayment: 6, ...SAID };
    await decide((await act("term", again)).data.done, "APPROVED"); // the end was still to come: it does not
    const open = await slice.ask("{ program(code: KIP_KULIAH) { validTo } }", { caller: steward });
    expect(open.data.program.validTo).toBeNull();
    expect((await awardOf("KIP_KULIAH", ["CLUSTER_1"], { on: "2028-01-01" })).amount).toBe("4800000");
  });

  test("a rule about two programs changes from its day on, whichever is named first", async () => {
    const rule = { program: "KIP", otherProgram: "BST", unit: "PERSON", verdict: "LEGAL", effectiveOn: TODAY, ...SAID };
    await decide((await act("rule", rule)).data.done, "APPROVED");
    const on = (day: string) => `{ combinationRules(on: "${day}") { program otherProgram unit verdict } }`;
    const { data } = await slice.ask(on(TODAY), { caller: district });
    expect(data.combinationRules).toContainEqual({ program: "BST", otherProgram: "KIP", unit: "PERSON", verdict: "LEGAL" });
    const before = await slice.ask(on("2026-10-04"), { caller: district });
    expect(before.data.combinationRules).toHaveLength(data.combinationRules.length - 1);
    expect(codesOf(await act("rule", { ...rule, effectiveOn: "2026-10-04" }))).toEqual(["BAD_USER_INPUT"]);
  });

  test("threat: rows of the catalogue are changed by nobody, not even their owner, and deleted by nobody", async () => {
    await asRole(urls.programs.owner, async (sql) => {
      expect(await failing(sql`update component_rate set yearly = 1`)).toBe("HB001");
      expect(await failing(sql`update program_term set decile_limit = 9`)).toBe("HB001");
      expect(await failing(sql`delete from combination_rule`)).toBe("HB001");
    });
    await asRole(urls.programs.runtime, async (sql) => {
      expect(await failing(sql`update programs.component_rate set valid_to = null`)).toBe("42501");
      expect(await failing(sql`delete from programs.catalogue_change`)).toBe("42501");
    });
  });

  test("drafts are listed to stewards, newest first; a district sees what was approved", async () => {
    const drafted = (await act("rate", rateOf({ component: "ELDERLY", yearly: "2600000" }))).data.done;
    const query = "{ catalogueChanges(first: 100) { nodes { id state madeAt } pageInfo { hasNextPage } totalCount } }";
    const own = (await slice.ask(query, { caller: steward })).data.catalogueChanges;
    expect(own.nodes).toContainEqual({ id: drafted.id, state: "DRAFT", madeAt: expect.any(String) });
    expect(own).toMatchObject({ totalCount: own.nodes.length, pageInfo: { hasNextPage: false } });
    const theirs = (await slice.ask(query, { caller: district })).data.catalogueChanges;
    expect(new Set(theirs.nodes.map(({ state }: { state: string }) => state))).toEqual(new Set(["APPROVED"]));
    expect(theirs.totalCount).toBeLessThan(own.totalCount);
  });
});

describe("the public calculator", () => {
  test("explains what counts, what does not, and that instalments stay below the year's ceiling", async () => {
    expect(await awardOf("PKH", ["SENIOR"], { months: 2 })).toEqual({
      ...{ amount: "333333", yearly: "2000000", months: 2, paymentsAYear: 6, paidAYear: "1999998", notCounted: [] },
      counted: [{ component: "SENIOR", yearly: "2000000", portion: "333333" }],
    });
    const five = await awardOf("PKH", ["PREGNANCY", "SENIOR", "JUNIOR", "PRIMARY", "ELDERLY"], { on: "2025-03-01" });
    expect(five).toMatchObject({ amount: "2225000", months: 3, paymentsAYear: 4, paidAYear: "8900000" });
    expect(five.notCounted).toEqual([{ component: "PRIMARY", reason: "LIMIT_OF_FAMILY", limit: 4 }]);
  });

  test("covers as many months as one payment of that time did, unless it is told how many", async () => {
    expect((await awardOf("PKH", ["SENIOR"], { on: "2024-05-01" })).amount).toBe("333333");
    expect((await awardOf("BPNT", [], {})).amount).toBe("600000");
    expect((await awardOf("KIP", ["JUNIOR"], { on: "2026-01-01" })).amount).toBe("750000");
    expect((await awardOf("KIP_KULIAH", ["CLUSTER_3"], { on: "2026-01-01" })).amount).toBe("6600000");
    expect((await awardOf("PKH", ["SENIOR"], { months: 5 })).paidAYear).toBeNull();
  });

  test.each([0, 13])("refuses %i months", async (months) => {
    const { errors } = await slice.ask(AWARD, { caller: steward, variables: { program: "PKH", components: [], months } });
    expect(errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
  });
});

test("a program's decile limit and law are those of today, a closed one keeps its law", async () => {
  const { data } = await slice.ask(
    '{ programs { code decileLimit legalBasis terms { validFrom validTo decileLimit } } old: program(code: BPNT) { terms(on: "2023-01-01") { decileLimit } } }',
    { caller: district },
  );
  const of = (code: string) => data.programs.find((program: { code: string }) => program.code === code);
  expect(of("PKH")).toMatchObject({ decileLimit: 4, legalBasis: expect.stringContaining("79/HUK/2025") });
  expect(of("PKH").terms.map(({ validFrom }: { validFrom: string }) => validFrom)).toEqual([
    "2025-01-01",
    "2024-01-01",
    "2021-01-01",
  ]);
  expect(data.old.terms).toEqual([{ decileLimit: 4 }]);
});
