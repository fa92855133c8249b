import { Refusal } from "../../schema/errors.ts";
import type { Identified } from "../types/chain.ts";
import type { Agreement, AgreementVersion, Policy, Terms } from "../types/policy.ts";

/** An agreement that a steward asks a question under as its agency would. */
export interface Tried extends Pick<Agreement, "number"> {
  readonly agency: string;
  readonly terms: Terms;
}

interface Trying {
  readonly policy: Policy;
  readonly liveVersion: (agreement: Agreement) => AgreementVersion | undefined;
}

/**
 * The agreement named by Hub-Try-As. For stewards, and only where the population is made up: elsewhere it would show them people. The question
 * stays the steward's own, on record under the steward's agreement. Throws FORBIDDEN.
 */
export function triedBy(
  { tryAs, officer }: Pick<Identified, "tryAs" | "officer">,
  { policy, isSandbox, liveVersion }: Trying & { readonly isSandbox: boolean },
): Tried {
  if (officer === null || !policy.officers.get(officer)?.governs)
    throw new Refusal({ code: "FORBIDDEN", detail: "only a steward tries another agreement" });
  if (!isSandbox)
    throw new Refusal({
      code: "FORBIDDEN",
      detail: "agreements are tried on synthetic people only; explainAccess tells the same without data",
    });
  for (const [agency, agreements] of policy.agreementsOf) {
    const agreement = agreements.find(({ number }) => number === tryAs);
    const terms = agreement && liveVersion(agreement)?.terms;
    if (terms) return { agency, terms, number: agreement.number };
  }
  throw new Refusal({ code: "FORBIDDEN", detail: "no agreement of that number is in force" });
}

export function isStillTried({ agency, number, terms }: Tried, { policy, liveVersion }: Trying): boolean {
  const agreement = policy.agreementsOf.get(agency)?.find((one) => one.number === number);
  return agreement !== undefined && liveVersion(agreement)?.terms === terms;
}
