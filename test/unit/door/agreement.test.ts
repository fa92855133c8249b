import { describe, expect, test, vi } from "vitest";
import { confirm, openTo, underAgreement } from "../../../gateway/authenticate/agreement.ts";
import { authenticate } from "../../../gateway/authenticate/authenticate.ts";
import type { Identified } from "../../../gateway/types/chain.ts";
import type { Agreement, AgreementVersion, Policy } from "../../../gateway/types/policy.ts";
import type { Refusal } from "../../../schema/errors.ts";
import { admission } from "../../../schema/policy/admission.ts";
import { agreement, asking, codeOf, DAY, now, outcome, policyOf, termsOf, version } from "./kit.ts";

test("the only live agreement needs no naming, and becomes the caller's", () => {
  const known = underAgreement(
    asking({ caseNumber: "12/2026" }),
    policyOf([agreement("PKS-1", [version("active")]), agreement("PKS-2", [version("draft")])]),
  );
  expect(known.caller).toEqual({
    client: "dinas",
    agency: "DINAS",
    officer: null,
    citizen: null,
    agreement: "PKS-1",
    version: 1,
    purpose: "EDUCATION_AID",
    case: "12/2026",
    epoch: 7,
    table: "t1",
    rows: { regions: [["3510", "3511"]], programs: null, decileMax: 4 },
    verification: { floor: 80, attemptsOnSubject: 5, attemptsOfClient: 20_000, persons: 10_000 },
    requestId: "r1",
  });
  expect(known.context).toBe(known.caller);
});

test("with several live agreements the client must say which", () => {
  const policy = policyOf([agreement("PKS-1", [version("active")]), agreement("PKS-2", [version("active")])]);
  expect(outcome(policy)).toBe("AGREEMENT_REQUIRED");
  expect(underAgreement(asking({ agreementNumber: "PKS-2" }), policy).caller.agreement).toBe("PKS-2");
});

test("an agreement of others and one that does not exist look the same", () => {
  const policy = policyOf([agreement("PKS-1", [version("active")])]);
  const refusals = ["PKS-X", "PKS-404", "", "__proto__"].map((agreementNumber) => {
    try {
      return underAgreement(asking({ agreementNumber }), policy);
    } catch (error) {
      const { failures, status, headers } = error as Refusal;
      return { failures, status, headers };
    }
  });
  expect(new Set(refusals.map((refusal) => JSON.stringify(refusal)))).toEqual(
    new Set(['{"failures":[{"code":"FORBIDDEN"}],"status":403,"headers":{}}']),
  );
});

describe("an agreement that is not in force says why", () => {
  test.each<[string, AgreementVersion[], string]>([
    ["suspended", [version("suspended")], "AGREEMENT_SUSPENDED"],
    ["suspended by the clock: a duty is overdue", [version("active", { suspendsAt: now })], "AGREEMENT_SUSPENDED"],
    ["owing what is due tomorrow", [version("active", { suspendsAt: now + DAY })], "GRANTED"],
    ["suspended, and since over", [version("suspended", { validTo: now - 1 })], "AGREEMENT_EXPIRED"],
    ["over by the clock, whatever its state says", [version("active", { validTo: now })], "AGREEMENT_EXPIRED"],
    ["revoked", [version("revoked")], "AGREEMENT_EXPIRED"],
    ["expired", [version("expired")], "AGREEMENT_EXPIRED"],
    ["superseded by a draft", [version("superseded"), version("draft", { version: 2 })], "AGREEMENT_EXPIRED"],
    ["still being written", [version("draft")], "FORBIDDEN"],
    ["approved, not yet in force", [version("approved")], "FORBIDDEN"],
    ["starting tomorrow", [version("active", { validFrom: now + DAY, validTo: now + 2 * DAY })], "FORBIDDEN"],
    ["an old version over, a new one in force", [version("superseded"), version("active", { version: 2 })], "GRANTED"],
    ["in force but not understood", [version("active", { terms: null })], "POLICY_UNAVAILABLE"],
  ])("%s", (_, versions, code) => {
    for (const agreementNumber of ["PKS-1", null])
      expect(outcome(policyOf([agreement("PKS-1", versions)]), { agreementNumber })).toBe(code);
  });

  test("of several, the one with most to say", () => {
    const over = agreement("PKS-1", [version("expired")]);
    const paused = agreement("PKS-2", [version("suspended")]);
    expect(outcome(policyOf([over, paused]))).toBe("AGREEMENT_SUSPENDED");
    expect(outcome(policyOf([over, agreement("PKS-3", [version("draft")])]))).toBe("AGREEMENT_EXPIRED");
    expect(outcome(policyOf([]))).toBe("FORBIDDEN");
  });
});

describe("an agreement for stewards", () => {
  const forStewards = agreement("PKS-101", [version("active", { terms: termsOf("t9", { needsOfficer: true }) })], {
    purpose: "ACCESS_GOVERNANCE",
    needsOfficer: true,
  });
  const both = policyOf([agreement("PKS-1", [version("active")]), forStewards]);
  const officer = "steward.dinas";
  const under = (parts: Partial<Identified>) => underAgreement(asking(parts), both).caller;

  test("is where a steward falls who names none, and where nobody else does", () => {
    expect([under({ officer }).agreement, under({ officer }).officer]).toEqual(["PKS-101", officer]);
    expect([under({}).agreement, under({}).officer]).toEqual(["PKS-1", null]);
  });

  test("opens to no one who is no steward, and others open to no steward", () => {
    expect(outcome(both, { agreementNumber: "PKS-101" })).toBe("FORBIDDEN");
    expect(outcome(both, { agreementNumber: "PKS-1", officer })).toBe("FORBIDDEN");
  });

  test("who governs access keeps no registry and runs no program, and so on round", () => {
    const registry = agreement("PKS-021", [version("active", { terms: termsOf("t8", { needsOfficer: true }) })], {
      purpose: "REGISTRY_MANAGEMENT",
      needsOfficer: true,
    });
    const programs = { ...registry, number: "PKS-026", purpose: "PROGRAM_MANAGEMENT" };
    const chosen = (may: "governs" | "registers" | "administers", agreementNumber: string | null = null) => {
      const nothing = { governs: false, registers: false, administers: false, analyses: false };
      const officers = new Map([[officer, { agency: "DINAS", ...nothing, [may]: true }]]);
      const policy = { ...policyOf([forStewards, registry, programs]), officers };
      const asked = asking({ officer, agreementNumber });
      const refused = codeOf(() => underAgreement(asked, policy));
      return refused === "GRANTED" ? underAgreement(asked, policy).caller.agreement : refused;
    };
    const own = { governs: "PKS-101", registers: "PKS-021", administers: "PKS-026" } as const;
    for (const [may, mine] of Object.entries(own) as [keyof typeof own, string][]) {
      expect(chosen(may)).toBe(mine);
      for (const other of Object.values(own)) expect(chosen(may, other)).toBe(other === mine ? mine : "FORBIDDEN");
    }
  });

  test("lets no answer out to a steward who was suspended or moved meanwhile", () => {
    const { caller } = underAgreement(asking({ officer }), both);
    expect(codeOf(() => confirm(caller, both))).toBe("GRANTED");
    for (const officers of [
      new Map(),
      new Map([[officer, { agency: "OTHERS", governs: true, registers: false, administers: false, analyses: false }]]),
      new Map([[officer, { agency: "DINAS", governs: false, registers: false, administers: false, analyses: false }]]),
    ])
      expect(codeOf(() => confirm(caller, { ...both, officers }))).toBe("FORBIDDEN");
  });
});

describe("whom a token names", () => {
  const HUB_CLIENTS = new Map([
    ["dinas", { agency: "DINAS", isActive: true }],
    ["portal", { agency: "HUB", isActive: true }],
    ["steward.dinas", { agency: "DINAS", isActive: true }],
    ["gone.dinas", { agency: "DINAS", isActive: true }],
  ]);
  const ofHub = agreement("PKS-HUB", [version("active")], { purpose: "DATA_SUBJECT_RIGHTS" });
  const own = policyOf([
    agreement("PKS-1", [version("active")]),
    agreement("PKS-101", [version("active", { terms: termsOf("t9", { needsOfficer: true }) })], {
      needsOfficer: true,
      purpose: "ACCESS_GOVERNANCE",
    }),
  ]);
  const policy: Policy = {
    ...own,
    clients: HUB_CLIENTS,
    agreementsOf: new Map([...own.agreementsOf, ["HUB", [ofHub, agreement("PKS-HUB2", [version("active")])]]]),
  };
  const askedBy = async (clientId: string, subject: string, parts: Partial<Identified> = {}): Promise<string> => {
    const verify = async () => ({ clientId, subject });
    try {
      const identified = await authenticate(asking(parts), {
        verify,
        grants: { reached: async () => {}, current: () => policy },
      });
      const { caller } = underAgreement(identified, policy);
      return [caller.agreement, caller.agency, caller.officer ?? caller.citizen].join(" ");
    } catch (error) {
      return (error as Refusal).failures[0]?.code ?? "";
    }
  };
  const PERSON = "5b0e6a4e-1f0a-4d52-9d6f-0123456789ab";
  test.each<[string, string, string, string]>([
    ["the client itself", "dinas", "dinas", "PKS-1 DINAS "],
    ["a steward of its agency", "dinas", "steward.dinas", "PKS-101 DINAS steward.dinas"],
    ["a steward through a client of their own", "steward.dinas", "steward.dinas", "PKS-101 DINAS steward.dinas"],
    ["a steward through the hub's console", "portal", "steward.dinas", "PKS-101 DINAS steward.dinas"],
    ["a steward who may not act, who is not promoted to the client", "dinas", "gone.dinas", "FORBIDDEN"],
    ["the same through a client of their own", "gone.dinas", "gone.dinas", "FORBIDDEN"],
    ["the same through the hub's console", "portal", "gone.dinas", "FORBIDDEN"],
    ["somebody the hub does not know", "dinas", "f3c1-service-account", "FORBIDDEN"],
    ["a data subject, who asks under the agreement about their rights", "portal", `person:${PERSON}`, `PKS-HUB HUB ${PERSON}`],
    ["a data subject through a client of another agency", "dinas", `person:${PERSON}`, "FORBIDDEN"],
    ["a person whose id is none", "portal", "person:siti", "FORBIDDEN"],
    ["a client the hub does not know", "stranger", "steward.dinas", "UNAUTHENTICATED"],
  ])("%s", async (_, client, subject, told) => expect(await askedBy(client, subject)).toBe(told));

  test("a data subject gets no other agreement by its number", async () =>
    expect(await askedBy("portal", `person:${PERSON}`, { agreementNumber: "PKS-HUB2" })).toBe("FORBIDDEN"));
});

describe("a sanction", () => {
  const shut = (parts: { client?: number; agency?: number }): Policy => {
    const { clients, ...policy } = policyOf([
      agreement("PKS-1", [version("active")], parts.agency === undefined ? {} : { shutUntil: parts.agency }),
    ]);
    const client = { agency: "DINAS", isActive: true, ...(parts.client !== undefined && { shutUntil: parts.client }) };
    return { ...policy, clients: new Map([["dinas", client]]) };
  };
  test("shuts a client out, and all agreements of an agency, until it is lifted or the clock ends it", () => {
    expect([outcome(shut({ client: Infinity })), outcome(shut({ client: now + DAY }))]).toEqual(["FORBIDDEN", "FORBIDDEN"]);
    expect([outcome(shut({ agency: Infinity })), outcome(shut({ agency: now + DAY }))]).toEqual([
      "AGREEMENT_SUSPENDED",
      "AGREEMENT_SUSPENDED",
    ]);
    expect([outcome(shut({ client: now })), outcome(shut({ agency: now }))]).toEqual(["GRANTED", "GRANTED"]);
  });
  test("lets no answer out that was under way", () => {
    const { caller } = underAgreement(asking(), shut({}));
    expect(codeOf(() => confirm(caller, shut({ client: Infinity })))).toBe("FORBIDDEN");
    expect(codeOf(() => confirm(caller, shut({ agency: Infinity })))).toBe("AGREEMENT_SUSPENDED");
  });
});

describe("an armed agreement", () => {
  const terms = termsOf("t1", { isArmed: true });
  const armed = (...windows: [from: number, before: number][]) =>
    policyOf([agreement("PKS-1", [version("active", { terms, windows })])]);
  test("is open while its glass is broken, from and before", () => {
    expect(outcome(armed())).toBe("FORBIDDEN");
    expect(outcome(armed([now - DAY, now - 1], [now - 1, now + DAY]))).toBe("GRANTED");
    expect(outcome(armed([now + DAY, now + 2 * DAY]))).toBe("FORBIDDEN");
  });
});

test("a suspended client has no agreement at all", () =>
  expect(outcome(policyOf([agreement("PKS-1", [version("active")])], false))).toBe("FORBIDDEN"));

test.each([
  [null, "CASE_REQUIRED"],
  ["", "CASE_REQUIRED"],
  ["LHP 12/2026", "GRANTED"],
  ["x".repeat(65), "BAD_REQUEST"],
  ["12<script>", "BAD_REQUEST"],
  ["3510012345679001", "BAD_REQUEST"], // a NIK is not a case
  ["351001//234567//9001", "BAD_REQUEST"], // however it is written
  ["35_10 01__234567-9001", "BAD_REQUEST"],
  ["3510-0123.4567/9001", "BAD_REQUEST"], // however it is parted
])("where the purpose needs a case, %s is %s", (caseNumber, code) => {
  const terms = termsOf("t1", { needsCase: true });
  expect(outcome(policyOf([agreement("PKS-1", [version("active", { terms })])]), { caseNumber })).toBe(code);
});

test("an address the agreement does not name is refused", () => {
  const terms = termsOf("t1", { admits: admission(["10.1.0.0/16"]) });
  const policy = policyOf([agreement("PKS-1", [version("active", { terms })])]);
  expect(outcome(policy, { address: "10.1.2.3" })).toBe("GRANTED");
  expect(outcome(policy, { address: "10.2.2.3" })).toBe("FORBIDDEN");
});

test.each<[readonly string[], string, boolean]>([
  [[], "203.0.113.9", true],
  [["203.0.113.9"], "203.0.113.9", true],
  [["203.0.113.0/24"], "::ffff:203.0.113.9", true],
  [["203.0.113.0/24"], "203.0.114.9", false],
  [["2001:db8::/32"], "2001:db8::1", true],
  [["2001:db8::/32"], "203.0.113.9", false],
  [["not an address"], "203.0.113.9", false],
  [["203.0.113.9/99"], "203.0.113.9", false],
  [["203.0.113.9"], "", false],
  // Number("") is 0: a prefix left out after the slash would open the whole network
  [["10.0.0.0/"], "11.0.0.1", false],
  [["10.0.0.0/"], "10.0.0.0", false],
  [["::/"], "2001:db8::1", false],
  [["10.0.0.0/ 8"], "10.0.0.1", false],
  [["10.0.0.0/8.0"], "10.0.0.1", false],
  [["10.0.0.0/0x8"], "10.0.0.1", false],
  [["10.0.0.0/8/8"], "10.0.0.1", false],
  [["10.0.0.0/8", "10.0.0.0/"], "10.0.0.1", false], // one malformed entry closes all of them
  [[""], "10.0.0.1", false],
])("addresses %j admit %s: %s", (allowed, address, expected) => expect(admission(allowed)(address)).toBe(expected));

describe("the release gate", () => {
  const before = policyOf([agreement("PKS-1", [version("active")])]);
  const { caller } = underAgreement(asking(), before);
  test.each<[string, Policy, string]>([
    ["nothing changed", before, "GRANTED"],
    ["another agency's policy changed", { ...before, epoch: 8 }, "GRANTED"],
    ["suspended meanwhile", policyOf([agreement("PKS-1", [version("suspended")])]), "AGREEMENT_SUSPENDED"],
    ["revoked meanwhile", policyOf([agreement("PKS-1", [version("revoked")])]), "AGREEMENT_EXPIRED"],
    ["gone meanwhile", policyOf([]), "FORBIDDEN"],
    ["the client was suspended meanwhile", policyOf([agreement("PKS-1", [version("active")])], false), "FORBIDDEN"],
    [
      "other rules meanwhile",
      policyOf([agreement("PKS-1", [version("active", { terms: termsOf("t2") })])]),
      "POLICY_UNAVAILABLE",
    ],
    [
      "fewer rows meanwhile, under equal rules",
      policyOf([
        agreement("PKS-1", [
          version("active", { terms: { ...termsOf("t1"), rows: { regions: [], programs: null, decileMax: 4 } } }),
        ]),
      ]),
      "POLICY_UNAVAILABLE",
    ],
    [
      "its address closed meanwhile",
      policyOf([agreement("PKS-1", [version("active", { terms: termsOf("t2", { admits: () => false }) })])]),
      "FORBIDDEN",
    ],
    ["a new version meanwhile", policyOf([agreement("PKS-1", [version("active", { version: 2 })])]), "POLICY_UNAVAILABLE"],
  ])("%s", (_, after, code) => expect(codeOf(() => confirm(caller, after))).toBe(code));

  describe("of a mutation that has run asks only whether the agreement is still in force for the caller", () => {
    const changed = (parts: Partial<AgreementVersion>, more: Partial<Agreement> = {}) =>
      policyOf([agreement("PKS-1", [version("active", parts)], more)]);
    test.each<[string, Policy, string]>([
      ["nothing changed", before, "GRANTED"],
      ["it changed the rules it ran under", changed({ terms: termsOf("t2") }), "GRANTED"],
      ["it changed them, and they are still being read", changed({ terms: null }), "GRANTED"],
      ["it activated a new version", changed({ version: 2 }), "GRANTED"],
      ["suspended meanwhile", policyOf([agreement("PKS-1", [version("suspended")])]), "AGREEMENT_SUSPENDED"],
      ["revoked meanwhile", policyOf([agreement("PKS-1", [version("revoked")])]), "AGREEMENT_EXPIRED"],
      ["for another purpose now", changed({}, { purpose: "FINANCIAL_AUDIT" }), "POLICY_UNAVAILABLE"],
      ["its address closed meanwhile", changed({ terms: termsOf("t2", { admits: () => false }) }), "FORBIDDEN"],
      ["the client was suspended meanwhile", policyOf([agreement("PKS-1", [version("active")])], false), "FORBIDDEN"],
    ])("%s", (_, after, code) => expect(codeOf(() => confirm(caller, after, { hasActed: true }))).toBe(code));
  });

  test("knows no caller that was not judged here", () =>
    expect(codeOf(() => confirm({ ...caller }, before))).toBe("POLICY_UNAVAILABLE"));

  test("closes the instant the agreement runs out", () => {
    vi.useFakeTimers({ toFake: ["Date"], now: now + DAY });
    expect(codeOf(() => confirm(caller, before))).toBe("AGREEMENT_EXPIRED");
    vi.useRealTimers();
  });
});

describe("what whoever asks may choose from", () => {
  const analyst = { agency: "DINAS", governs: false, registers: false, administers: false, analyses: true };
  const policy: Policy = {
    ...policyOf([
      agreement("PKS-1", [version("active")]),
      agreement("PKS-2", [version("active", { terms: termsOf("t2", { needsCase: true }) })], { purpose: "FINANCIAL_AUDIT" }),
      agreement("PKS-3", [version("suspended")]),
      agreement("PKS-4", [version("active", { terms: termsOf("t4", { admits: () => false }) })]),
      agreement("PKS-5", [version("active", { terms: termsOf("t5", { needsOfficer: true }) })], {
        purpose: "ACCESS_GOVERNANCE",
        needsOfficer: true,
      }),
      agreement("PKS-6", [version("active", { windows: [] })]),
    ]),
    officers: new Map([
      ["analis.dinas", analyst],
      ["both.dinas", { ...analyst, governs: true }],
      ["gone.dinas", { ...analyst, analyses: false }],
    ]),
  };
  const choicesOf = (parts: Partial<Identified>) => openTo(asking(parts), policy).map(({ number }) => number);

  test("are the live agreements that this person may name, with those that need a case; none of others, of services or of nobody", () => {
    expect(choicesOf({ officer: "analis.dinas" })).toEqual(["PKS-1", "PKS-2"]);
    expect(choicesOf({ officer: "both.dinas" })).toEqual(["PKS-1", "PKS-2", "PKS-5"]);
    expect(choicesOf({ officer: "gone.dinas" })).toEqual([]);
    expect(choicesOf({})).toEqual(["PKS-1", "PKS-2"]);
    expect(choicesOf({ citizen: "00000000-0000-4000-8000-000000000001" })).toEqual([]);
  });

  test("is the same whatever agreement the request names itself, or would try", () => {
    for (const parts of [{ agreementNumber: "PKS-3" }, { agreementNumber: "PKS-X" }, { tryAs: "PKS-X" }])
      expect(choicesOf({ officer: "analis.dinas", ...parts })).toEqual(["PKS-1", "PKS-2"]);
  });
});
