import { underAgreement } from "../../../gateway/authenticate/agreement.ts";
import type { Identified } from "../../../gateway/types/chain.ts";
import type { Agreement, AgreementVersion, Policy, Terms } from "../../../gateway/types/policy.ts";
import { Refusal } from "../../../schema/errors.ts";

export const DAY = 24 * 60 * 60 * 1000;
export const now = Date.now();
export const termsOf = (key: string, parts: Partial<Terms> = {}): Terms => ({
  rows: { regions: [["3510", "3511"]], programs: null, decileMax: 4 },
  verification: { floor: 80, attemptsOnSubject: 5, attemptsOfClient: 20_000, persons: 10_000 },
  rejectsDenied: false,
  needsCase: false,
  needsOfficer: false,
  admits: () => true,
  documents: "open",
  isArmed: false,
  limits: null,
  decisions: { key, hidden: new Set(), verdict: () => ({ effect: "allow" }), transform: (_, value) => value },
  ...parts,
});
export const version = (state: AgreementVersion["state"], parts: Partial<AgreementVersion> = {}): AgreementVersion => ({
  version: 1,
  state,
  validFrom: now - DAY,
  validTo: now + DAY,
  suspendsAt: null,
  windows: null,
  terms: state === "active" ? termsOf("t1") : null,
  ...parts,
});
export const agreement = (number: string, versions: AgreementVersion[], parts: Partial<Agreement> = {}): Agreement => ({
  number,
  purpose: "EDUCATION_AID",
  needsOfficer: false,
  versions,
  ...parts,
});
export const policyOf = (own: Agreement[], isActive = true): Policy => ({
  epoch: 7,
  clients: new Map([["dinas", { agency: "DINAS", isActive }]]),
  officers: new Map([
    ["steward.dinas", { agency: "DINAS", governs: true, registers: false, administers: false, analyses: false }],
    ["gone.dinas", { agency: "DINAS", governs: false, registers: false, administers: false, analyses: false }],
  ]),
  restricted: new Set(),
  agreementsOf: new Map([
    ["DINAS", own],
    ["OTHERS", [agreement("PKS-X", [version("active")])]],
  ]),
});
export const asking = (parts: Partial<Identified> = {}): Identified => ({
  requestId: "r1",
  receiptId: "00000000-0000-4000-8000-00000000000a",
  language: "id",
  mediaType: "application/json",
  method: "POST",
  document: "{ a }",
  documentId: null,
  operationName: null,
  variables: {},
  authorization: null,
  agreementNumber: null,
  caseNumber: null,
  tryAs: null,
  address: "10.0.0.1",
  deadline: 0,
  signal: new AbortController().signal,
  client: "dinas",
  agency: "DINAS",
  officer: null,
  citizen: null,
  ...parts,
});
export const codeOf = (work: () => unknown): string => {
  try {
    work();
    return "GRANTED";
  } catch (error) {
    if (error instanceof Refusal) return error.failures[0]?.code ?? "";
    throw error;
  }
};
export const outcome = (policy: Policy, parts: Partial<Identified> = {}) => codeOf(() => underAgreement(asking(parts), policy));
