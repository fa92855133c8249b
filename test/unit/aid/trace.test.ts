import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TRACE_STEPS, type TraceStep } from "../../../schema/aid/trace.ts";
import { bandOf, explain, sentenceOf, type Vocabulary, walkOf } from "../../../subgraphs/programs/trace/explain.ts";
import { daysOf } from "../../../subgraphs/programs/trace/period.ts";
import { today } from "../../../subgraphs/programs/trace/standing.ts";
import { type Facts, haltOf, outcomeOf, stepsOf } from "../../../subgraphs/programs/trace/walk.ts";

const ENDS = "2026-09-30";
const KNOWN: Facts = {
  drawnByAnother: false,
  isJudged: true,
  isEligible: true,
  reasons: [],
  enrolmentState: null,
  startedOn: null,
  endedOn: null,
  isFlagged: null,
  place: null,
  schoolState: null,
  paymentState: null,
  failure: null,
  heldFor: null,
  creditedOn: null,
};
const ENROLLED: Partial<Facts> = { enrolmentState: "ACTIVE", startedOn: "2021-04-01", isFlagged: false };
const haltWith = (told: Partial<Facts>) => haltOf({ ...KNOWN, ...told }, { ends: ENDS });
const refused = (...reasons: string[]): Partial<Facts> => ({ isEligible: false, reasons });

/** One story a step: who is stopped where. */
const STORIES: readonly (readonly [TraceStep, string, Partial<Facts>])[] = [
  ["REGISTRY", "nobody in the registry", { isEligible: null }],
  ["MATCH", "not matched", refused("NOT_MATCHED")],
  ["RANK", "ranked too high", refused("DECILE_ABOVE_LIMIT")],
  ["EXCLUSION", "a civil servant in the family", refused("CIVIL_SERVANT_OR_FORCES")],
  ["COMPONENT", "nobody the program is for", refused("NO_COMPONENT")],
  ["QUOTA", "waiting for a seat", { enrolmentState: "WAITING", startedOn: "2026-01-01", place: "12" }],
  ["DECREE", "enrolled, not on the list of the period", ENROLLED],
  ["ACCOUNT", "no account found", { ...ENROLLED, paymentState: "ACCOUNT_CHECK_FAILED", failure: "ACCOUNT_NOT_FOUND" }],
  [
    "TREASURY",
    "identity card and family card differ",
    { ...ENROLLED, paymentState: "TREASURY_CHECK_FAILED", failure: "IDENTITY_DIFFERS" },
  ],
  ["ORDER", "the order is being made", { ...ENROLLED, paymentState: "ORDER_PENDING" }],
  ["RELEASE", "ordered, not released", { ...ENROLLED, paymentState: "ORDER_ISSUED" }],
  ["CREDIT", "the bank stalls", { ...ENROLLED, paymentState: "STANDING_INSTRUCTION", failure: "BANK_DIFFERS_FROM_REGISTER" }],
  [
    "TRANSACTION",
    "not drawn",
    { ...ENROLLED, paymentState: "NOT_TRANSACTED", failure: "NOT_COLLECTED", creditedOn: "2026-07-20" },
  ],
];

describe("where an aid stops", () => {
  test.each(STORIES)("%s: %s", (step, _, told) => {
    expect(haltWith(told).at).toBe(step);
  });

  test("the stories tell of every step, in order", () => {
    expect(STORIES.map(([step]) => step)).toEqual([...TRACE_STEPS]);
  });

  test("of several reasons the first step's alone speak", () => {
    expect(haltWith(refused("NO_COMPONENT", "DECILE_ABOVE_LIMIT", "PENSIONER"))).toEqual({
      at: "RANK",
      state: "BLOCKED",
      reasons: ["DECILE_ABOVE_LIMIT"],
    });
  });

  test("where nobody could judge, the registry is unknown, never a no", () => {
    expect(haltWith({ isJudged: false, isEligible: null })).toMatchObject({ at: "REGISTRY", state: "UNKNOWN" });
  });

  test("a death holds what is not credited yet, and not what is", () => {
    const held = { ...ENROLLED, heldFor: "DECEASED" };
    expect(haltWith({ ...held, paymentState: "ORDER_PENDING" })).toMatchObject({ at: "MATCH", state: "BLOCKED" });
    expect(haltWith({ ...held, paymentState: "TRANSACTED", creditedOn: "2026-07-20" }).at).toBeNull();
    expect(haltWith({ ...held, paymentState: "STANDING_INSTRUCTION" }).at).toBe("CREDIT");
  });

  test("a payment held because the enrolment was suspended or ended is an exclusion, and no fault of the population register", () => {
    expect(haltWith({ ...ENROLLED, heldFor: "NOT_ACTIVE", paymentState: "ORDER_PENDING" })).toMatchObject({ at: "EXCLUSION" });
  });

  test("who waits and is no longer entitled learns why, not a place in the list", () => {
    expect(haltWith({ enrolmentState: "WAITING", startedOn: "2026-01-01", ...refused("PENSIONER") }).at).toBe("EXCLUSION");
  });

  test("who left before the period is told that the enrolment has ended; who came after it, that it began later", () => {
    const left = { enrolmentState: "EXITED", startedOn: "2021-01-01", endedOn: "2026-03-31" };
    expect(haltWith(left)).toMatchObject({ at: "EXCLUSION", reasons: ["EXITED"] });
    for (const enrolmentState of ["ACTIVE", "SUSPENDED", "EXITED"])
      expect(haltWith({ ...ENROLLED, enrolmentState, startedOn: "2026-10-01" })).toEqual({
        at: "DECREE",
        state: "BLOCKED",
        reasons: ["BEGAN_LATER"],
      });
    expect(haltWith({ enrolmentState: "WAITING", startedOn: "2026-10-01" }).at).toBe("QUOTA");
  });

  test.each([
    ["NOMINATED", "ACCOUNT", ["ACTIVATION_DUE"]],
    ["CANCELLED", "ACCOUNT", ["DEADLINE_MISSED"]],
    ["ACCOUNT_ACTIVATED", "ORDER", ["GRANT_DUE"]],
  ])("a pupil's aid that is %s stops at %s", (schoolState, at, reasons) => {
    expect(haltWith({ schoolState })).toMatchObject({ at, reasons });
    expect(haltWith({ schoolState, ...ENROLLED, paymentState: "TRANSACTED" }).at).toBeNull();
  });

  test("steps before are passed, steps behind not reached, whatever is known", () => {
    const facts = fc.record({
      ...Object.fromEntries(Object.keys(KNOWN).map((key) => [key, fc.constant(null)])),
      drawnByAnother: fc.boolean(),
      isJudged: fc.boolean(),
      isEligible: fc.option(fc.boolean()),
      reasons: fc.subarray(["NOT_MATCHED", "PENSIONER", "NO_COMPONENT", "SOMETHING_NEW"]),
      enrolmentState: fc.option(fc.constantFrom("CANDIDATE", "WAITING", "ACTIVE", "SUSPENDED", "GRADUATED", "EXITED")),
      startedOn: fc.constantFrom("2021-04-01", "2026-12-01"),
      paymentState: fc.option(fc.constantFrom("CANDIDATE", "EXCLUDED", "CREDITED", "RETURNED", "TRANSACTED", "SOMETHING_NEW")),
      heldFor: fc.option(fc.constant("DECEASED")),
    }) as unknown as fc.Arbitrary<Facts>;
    fc.assert(
      fc.property(facts, (told) => {
        const halt = haltOf(told, { ends: ENDS });
        const states = stepsOf(halt).map(({ state }) => state);
        const place = halt.at === null ? states.length : TRACE_STEPS.indexOf(halt.at);
        expect(states.slice(0, place).every((state) => state === "PASSED")).toBe(true);
        expect(states.slice(place + 1).every((state) => state === "NOT_REACHED")).toBe(true);
        expect(["PAID", "UNDER_WAY", "BLOCKED", "UNKNOWN"]).toContain(outcomeOf(halt, told));
      }),
    );
  });
});

const words: Vocabulary = (step, reason) => ({
  office: "Kantor",
  textId: `Terhenti di ${step}${reason ?? ""}`,
  textEn: `stopped at ${step}${reason ?? ""}`,
  remedyId: "Datang",
  remedyEn: "Come",
  bringId: null,
  bringEn: null,
  usualDays: 7,
  source: "uji",
});
const walkWith = (told: Partial<Facts>) => walkOf({ program: "PBI_JK", period: "2026-Q3", ends: ENDS }, { ...KNOWN, ...told });

describe("in words", () => {
  test("the sentence names step and office and keeps the reason to itself", () => {
    const { indonesian, english } = sentenceOf(walkWith(refused("PENSIONER")), words) ?? {};
    expect(indonesian).toBe("Bantuan PBI JK periode 2026-Q3 belum cair: terhenti di EXCLUSION. Yang berwenang: Kantor.");
    expect(english).not.toContain("PENSIONER");
  });

  test("paid is said with its day, and whether it is drawn", () => {
    const paid = { ...ENROLLED, creditedOn: "2026-07-20" };
    const told = (paymentState: string) => sentenceOf(walkWith({ ...paid, paymentState }), words)?.indonesian;
    expect(told("TRANSACTED")).toBe("Bantuan PBI JK periode 2026-Q3 sudah masuk pada 20 Juli 2026.");
    expect(told("CREDITED")).toBe("Bantuan PBI JK periode 2026-Q3 sudah masuk pada 20 Juli 2026, tetapi belum diambil.");
  });

  test("that another member draws the aid is said without a name", () => {
    expect(sentenceOf(walkWith({ ...ENROLLED, drawnByAnother: true }), words)?.english).toContain("Another member of the family");
  });

  test("what is passed or not reached needs no explanation; what stops is explained by its first reason", () => {
    const walk = walkWith(refused("PENSIONER"));
    expect(explain(walk, "RANK", words)).toMatchObject({ state: "PASSED", text: null, reasons: [] });
    expect(explain(walk, "CREDIT", words)).toMatchObject({ state: "NOT_REACHED", remedy: null });
    expect(explain(walk, "EXCLUSION", words)).toMatchObject({
      text: { indonesian: "Terhenti di EXCLUSIONPENSIONER" },
      reasons: ["PENSIONER"],
      usualDays: 7,
    });
  });

  test.each([
    ["1", "1–100"],
    ["100", "1–100"],
    ["101", "101–1000"],
    ["1000", "101–1000"],
    ["1001", "1001–10000"],
    ["12345678901", "10000000001–100000000000"],
  ])("place %s is told as %s", (place, band) => {
    expect(bandOf(place)).toBe(band);
  });
});

describe("what the owners of the first steps say today", () => {
  test("an owner that is silent leaves the step unknown, one that says no blocks it", () => {
    expect(today.REGISTRY({})).toBe("UNKNOWN");
    expect(today.REGISTRY({ isRegistered: false })).toBe("BLOCKED");
    expect(today.REGISTRY({ isRegistered: true, isActive: false })).toBe("BLOCKED");
    expect(today.REGISTRY({ isRegistered: true, isActive: true })).toBe("PASSED");
    expect(today.MATCH({ isRegistered: false })).toBe("NOT_REACHED");
    expect(today.MATCH({ isRegistered: true, isMatched: false })).toBe("BLOCKED");
  });

  test("that there is a rank leaves the program's own judgement of it", () => {
    expect(today.RANK({ isRegistered: true, isRanked: true }, "BLOCKED")).toBe("BLOCKED");
    expect(today.RANK({ isRegistered: true, isRanked: false }, "PASSED")).toBe("BLOCKED");
    expect(today.RANK({}, "PASSED")).toBe("UNKNOWN");
  });
});

describe("periods", () => {
  test.each([
    ["2026", "2026-01-01", "2026-12-31"],
    ["2026-S2", "2026-07-01", "2026-12-31"],
    ["2026-Q1", "2026-01-01", "2026-03-31"],
    ["2028-02", "2028-02-01", "2028-02-29"],
  ])("%s lasts from %s to %s", (period, begins, ends) => {
    expect(daysOf(period)).toEqual({ begins, ends });
  });

  test.each(["", "26", "2026-Q5", "2026-13", "2026-00", "1999-Q1", "2026-Q1 ", "２０２６"])("“%s” is no period", (period) => {
    expect(() => daysOf(period)).toThrow("BAD_USER_INPUT");
  });
});
