import { BLANK_GRANT, beginning, type Draft, wibDay } from "../drafts/draft.ts";

/** A wish for access. */
export interface Wish {
  readonly id: string;
  readonly agency: { readonly code: string; readonly name: string };
  readonly purpose: { readonly code: string; readonly name: string; readonly legalBasis: string; readonly citation: string };
  readonly requester: string;
  readonly coordinates: readonly string[];
  readonly regions: readonly string[];
  readonly days: number;
  readonly justification: string;
  readonly state: string;
  readonly closedBy: string | null;
  readonly agreement: { readonly number: string } | null;
  readonly version: number | null;
  readonly declineReason: string | null;
  readonly declinedBy: string | null;
  readonly createdAt: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A draft with what is wished for: the fields to be read, each with the wish's reason, for as long as was asked. Its clauses are still to be named. */
export function answering(
  draft: Draft,
  { coordinates, regions, days, justification }: Pick<Wish, "coordinates" | "regions" | "days" | "justification">,
): Draft {
  const known = new Set(
    draft.grants.filter(({ use, effect }) => use === "OUTPUT" && effect !== "DENY").map(({ selector }) => selector),
  );
  const wished = coordinates
    .filter((one) => !known.has(one))
    .map((selector) => ({ ...BLANK_GRANT, selector, widenReason: justification.slice(0, 300) }));
  const until = new Date(Date.parse(draft.validFrom) + days * DAY_MS).toISOString();
  return {
    ...draft,
    validTo: beginning(wibDay(until)),
    regions: draft.regions.length > 0 ? draft.regions : regions,
    grants: [...wished, ...draft.grants],
  };
}
