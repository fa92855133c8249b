import type { Caller } from "../../schema/caller.ts";
import { type Code, holdsNik, Refusal } from "../../schema/errors.ts";
import { isInForce, stateAt } from "../../schema/policy/inForce.ts";
import type { AgreementState } from "../../schema/policy/words.ts";
import type { Identified, Known } from "../types/chain.ts";
import type { Agreement, AgreementVersion, Policy, Terms } from "../types/policy.ts";

/** What each caller under way was judged by. Beside the caller, not in it: a caller travels in envelopes. */
const judgements = new WeakMap<Caller, { readonly terms: Terms; readonly address: string }>();

/**
 * Under which agreement does the client ask? Exactly one: the one it names, or its only live one. Throws a Refusal that says why
 * not; an agreement of others and one that does not exist look the same.
 */
export function underAgreement(identified: Identified, policy: Policy): Known {
  const { client, agency, requestId, address } = identified;
  if (!policy.clients.get(client)?.isActive) throw new Refusal({ code: "FORBIDDEN" });
  const agreement = selected(policy.agreementsOf.get(agency) ?? [], identified.agreementNumber);
  const version = liveVersion(agreement);
  if (!version) throw new Refusal({ code: whyNotLive(agreement) });
  if (!agreement.admits(address)) throw new Refusal({ code: "FORBIDDEN" });
  if (!version.terms) throw new Refusal({ code: "POLICY_UNAVAILABLE" });
  const caller = {
    client,
    agency,
    agreement: agreement.number,
    version: version.version,
    purpose: agreement.purpose,
    case: caseOf(identified, agreement),
    epoch: policy.epoch,
    table: version.terms.decisions.key,
    rows: version.terms.rows,
    verification: version.terms.verification,
    requestId,
  };
  judgements.set(caller, { terms: version.terms, address });
  const { decisions, rejectsDenied } = version.terms;
  return { ...identified, caller, context: caller, decisions, rejectsDenied };
}

/**
 * The release gate: throws unless what the caller was judged by is still in force this very moment. Terms that were replaced
 * meanwhile (rules, rows, limits, purpose, addresses) count as an outage: asked again, the answer may be another. gateway/grants.ts keeps the
 * object of terms in which nothing changed. Of a mutation that has run only the agreement must still be in force for the caller: it
 * may have replaced those terms itself, and asking again would do it twice.
 */
export function confirm(caller: Caller, policy: Policy, { hasActed = false } = {}): void {
  if (!policy.clients.get(caller.client)?.isActive) throw new Refusal({ code: "FORBIDDEN" });
  const agreement = policy.agreementsOf.get(caller.agency)?.find(({ number }) => number === caller.agreement);
  if (!agreement) throw new Refusal({ code: "FORBIDDEN" });
  const version = liveVersion(agreement);
  if (!version) throw new Refusal({ code: whyNotLive(agreement) });
  const judged = judgements.get(caller);
  if (judged && !agreement.admits(judged.address)) throw new Refusal({ code: "FORBIDDEN" });
  const holds = hasActed ? agreement.purpose === caller.purpose : version.terms === judged?.terms;
  if (!judged || !holds) throw new Refusal({ code: "POLICY_UNAVAILABLE" });
}

/** The version in force now, unless it is suspended. */
function liveVersion({ versions }: Agreement, now = Date.now()): AgreementVersion | undefined {
  return versions.find((version) => version.state === "active" && isInForce(version, now));
}

function selected(agreements: readonly Agreement[], number: string | null): Agreement {
  const named = number === null ? agreements : agreements.filter((agreement) => agreement.number === number);
  const live = named.filter((agreement) => liveVersion(agreement));
  if (live.length > 1) throw new Refusal({ code: "AGREEMENT_REQUIRED" });
  const [only] = live.length === 1 ? live : byReason(named);
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
function whyNotLive({ versions }: Agreement, now = Date.now()): Code {
  if (versions.some((version) => stateAt(version, now) === "suspended")) return "AGREEMENT_SUSPENDED";
  const isOver = (version: AgreementVersion) => version.state !== "approved" && OVER.has(stateAt(version, now));
  return versions.some(isOver) ? "AGREEMENT_EXPIRED" : "FORBIDDEN";
}

/** The case number the purpose asks for. A NIK has no place in it: case numbers are on record in plain. */
function caseOf({ caseNumber }: Identified, { needsCase }: Agreement): string | null {
  if (caseNumber === null || caseNumber === "") {
    if (needsCase) throw new Refusal({ code: "CASE_REQUIRED" });
    return null;
  }
  if (/^[\w./ -]{1,64}$/.test(caseNumber) && !holdsNik(caseNumber.replaceAll("-", ""))) return caseNumber;
  throw new Refusal({ code: "BAD_REQUEST", detail: "header Hub-Case: at most 64 letters, digits and ./-_ , no NIK" });
}
