import type { Caller } from "../../schema/caller.ts";
import { type Code, holdsNik, Refusal } from "../../schema/errors.ts";
import { isInForce, stateAt } from "../../schema/policy/inForce.ts";
import type { AgreementState } from "../../schema/policy/words.ts";
import type { Identified, Known, Subject } from "../types/chain.ts";
import type { Agreement, AgreementVersion, Policy, Terms } from "../types/policy.ts";
import { ceilingsOf } from "./ceilings.ts";
import { isForCitizen, isForOfficer, isRestrictedSince, isShut, mayAsk, restrictedFor } from "./standing.ts";
import { isStillTried, type Tried, triedBy } from "./tryAs.ts";

interface Judgement {
  readonly terms: Terms;
  readonly address: string;
  readonly tried: Tried | null;
  /** Whose rows its answer shows nothing of. */
  readonly restricted: ReadonlySet<string>;
}

/** What each caller under way was judged by. Beside the caller, not in it: a caller travels in envelopes. */
const judgements = new WeakMap<Caller, Judgement>();

/**
 * Under which agreement does the client ask? Exactly one: the one it names, or its only live one. Throws a Refusal that says why
 * not; an agreement of others and one that does not exist look the same.
 */
export function underAgreement(identified: Identified, policy: Policy, { isSandbox = false } = {}): Known {
  const { officer, address, citizen } = identified;
  if (!mayAsk(identified, policy)) throw new Refusal({ code: "FORBIDDEN" });
  const agreement = selected(policy.agreementsOf.get(identified.agency) ?? [], identified, policy);
  const version = liveVersion(agreement);
  if (!version) throw new Refusal({ code: whyNotLive(agreement) });
  const { terms } = version;
  if (!terms) throw new Refusal({ code: "POLICY_UNAVAILABLE" });
  const { purpose } = agreement;
  const isForAsker = isForCitizen(agreement, citizen) && isForOfficer({ ...terms, purpose }, officer, policy);
  if (!terms.admits(address) || !isForAsker) throw new Refusal({ code: "FORBIDDEN" });
  if (identified.tryAs === null) return judgedBy(identified, { agreement, version, terms, policy, tried: null });
  const tried = triedBy(identified, { policy, isSandbox, liveVersion });
  // nothing is done on trial: a mutation is refused as by GET
  return { ...judgedBy(identified, { agreement, version, terms, policy, tried }), method: "GET" };
}

/** Agreements of the agency that whoever asks may name. Each is tried: a rule of its own could differ from the one that is kept. */
export function openTo(identified: Identified, policy: Policy): readonly Agreement[] {
  return (policy.agreementsOf.get(identified.agency) ?? []).filter(({ number }) => {
    try {
      return underAgreement({ ...identified, agreementNumber: number, tryAs: null }, policy) !== null;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return error.failures[0]?.code === "CASE_REQUIRED"; // a case is named with the question
    }
  });
}

interface Judging {
  readonly agreement: Agreement;
  readonly version: AgreementVersion;
  readonly terms: Terms;
  readonly policy: Policy;
  readonly tried: Tried | null;
}

function judgedBy(identified: Identified, { agreement, version, terms, policy, tried }: Judging): Known {
  const { client, agency, officer, citizen, requestId, address } = identified;
  const { decisions, rejectsDenied, documents, rows, verification, limits } = tried?.terms ?? terms;
  const caller = {
    client,
    agency,
    officer,
    citizen,
    agreement: agreement.number,
    version: version.version,
    purpose: agreement.purpose,
    case: caseOf(identified, terms),
    epoch: policy.epoch,
    table: decisions.key,
    rows,
    requestId,
    verification: tried ? { ...verification, persons: null } : verification, // what is tried uses up nobody's quota
  };
  const restricted = tried ? policy.restricted : restrictedFor(agreement.purpose, policy);
  judgements.set(caller, { terms, address, tried, restricted });
  const { number: documentsOf } = tried ?? agreement;
  const stamps = { ...(terms.isArmed && { brokenGlass: true as const }), ...(tried && { triedAs: tried.number }) };
  // to sources an analyst is what a service of the agency is: no rule of theirs about officers opens anything
  const context = officer !== null && !terms.needsOfficer ? { ...caller, officer: null, analyst: officer } : caller;
  const ceilings = ceilingsOf(agreement.purpose, caller.verification.persons, limits);
  return { ...identified, caller, context, decisions, restricted, rejectsDenied, documents, documentsOf, stamps, ceilings };
}

/**
 * The release gate: throws unless what the caller was judged by is still in force this very moment. Terms that were replaced
 * meanwhile (rules, rows, limits, purpose, addresses) count as an outage: asked again, the answer may be another. gateway/authorize/grants keeps the
 * object of terms in which nothing changed. Of a mutation that has run only the agreement must still be in force for the caller: it
 * may have replaced those terms itself, and asking again would do it twice. An outage too is an answer that shows a subject whose data were
 * restricted since it was masked.
 */
export function confirm(caller: Caller, policy: Policy, { hasActed = false, subjects = NO_SUBJECTS } = {}): void {
  if (!mayAsk(caller, policy)) throw new Refusal({ code: "FORBIDDEN" });
  const agreement = policy.agreementsOf.get(caller.agency)?.find(({ number }) => number === caller.agreement);
  if (!agreement || !isForOfficer(agreement, caller.officer, policy)) throw new Refusal({ code: "FORBIDDEN" });
  const version = liveVersion(agreement);
  if (!version) throw new Refusal({ code: whyNotLive(agreement) });
  const judged = judgements.get(caller);
  if (judged && version.terms?.admits(judged.address) === false) throw new Refusal({ code: "FORBIDDEN" });
  const holds = hasActed ? agreement.purpose === caller.purpose : version.terms === judged?.terms;
  const isTried = !judged?.tried || isStillTried(judged.tried, { policy, liveVersion });
  if (!judged || !holds || !isTried) throw new Refusal({ code: "POLICY_UNAVAILABLE" });
  const restricted = judged.tried ? policy.restricted : restrictedFor(agreement.purpose, policy);
  if (isRestrictedSince(judged.restricted, restricted, subjects)) throw new Refusal({ code: "POLICY_UNAVAILABLE" });
}

const NO_SUBJECTS: readonly Subject[] = [];

/** The version in force now, unless it is suspended, its agency shut out, or armed and its glass is whole. */
export function liveVersion(agreement: Agreement, now = Date.now()): AgreementVersion | undefined {
  if (isShut(agreement, now)) return undefined;
  return agreement.versions.find(
    (version) => isInForce(version, now) && stateAt(version, now) === "active" && isOpen(version, now),
  );
}

const isOpen = ({ windows }: AgreementVersion, now: number): boolean =>
  windows?.some(([from, before]) => from <= now && now < before) ?? true;

/**
 * The one named; without a name the only one that is live, among those for stewards where a steward asks. A broken glass is in the way of
 * nothing: an armed agreement is meant without a name only where no other is live.
 */
function selected(
  agreements: readonly Agreement[],
  { agreementNumber: number, officer, citizen }: Identified,
  policy: Policy,
): Agreement {
  const isMeant = (one: Agreement) => isForCitizen(one, citizen) && isForOfficer(one, officer, policy);
  const named = agreements.filter((one) => (number === null ? isMeant(one) : one.number === number));
  const live = named.filter((agreement) => liveVersion(agreement));
  const unarmed = live.filter((agreement) => liveVersion(agreement)?.windows === null);
  const meant = unarmed.length > 0 ? unarmed : live;
  if (meant.length > 1) throw new Refusal({ code: "AGREEMENT_REQUIRED" });
  const [only] = meant.length === 1 ? meant : byReason(named);
  if (!only) throw new Refusal({ code: "FORBIDDEN" });
  return only;
}

/** Of several that are not live the one with most to say: suspended, then expired, then never in force. */
const byReason = (agreements: readonly Agreement[]): Agreement[] => {
  const order: Code[] = ["AGREEMENT_SUSPENDED", "AGREEMENT_EXPIRED", "FORBIDDEN"];
  return [...agreements].sort((a, b) => order.indexOf(whyNotLive(a)) - order.indexOf(whyNotLive(b)));
};

const OVER: ReadonlySet<AgreementState> = new Set(["revoked", "expired", "superseded"]);

/** Why an agreement without a live version is refused. */
function whyNotLive(agreement: Agreement, now = Date.now()): Code {
  const { versions } = agreement;
  if (isShut(agreement, now)) return "AGREEMENT_SUSPENDED";
  if (versions.some((version) => stateAt(version, now) === "suspended")) return "AGREEMENT_SUSPENDED";
  if (versions.some((version) => stateAt(version, now) === "active" && isInForce(version, now))) return "FORBIDDEN"; // armed, its glass whole
  const isOver = (version: AgreementVersion) => version.state !== "approved" && OVER.has(stateAt(version, now));
  return versions.some(isOver) ? "AGREEMENT_EXPIRED" : "FORBIDDEN";
}

/** The case number the purpose asks for. A NIK has no place in it: case numbers are on record in plain. */
function caseOf({ caseNumber }: Identified, { needsCase }: Terms): string | null {
  if (caseNumber === null || caseNumber === "") {
    if (needsCase) throw new Refusal({ code: "CASE_REQUIRED" });
    return null;
  }
  if (/^[\w./ -]{1,64}$/.test(caseNumber) && !holdsNik(caseNumber.replaceAll(/[^\dA-Za-z]/g, ""))) return caseNumber;
  throw new Refusal({ code: "BAD_REQUEST", detail: "header Hub-Case: at most 64 letters, digits and ./-_ , no NIK" });
}
