const STATES = {
  draft: "DRAFT",
  in_review: "IN_REVIEW",
  approved: "APPROVED",
  active: "ACTIVE",
  suspended: "SUSPENDED",
  revoked: "REVOKED",
  expired: "EXPIRED",
  superseded: "SUPERSEDED",
} as const;
type State = keyof typeof STATES;

/** Where a version stands at `now`: nobody writes "expired" when its last instant passes, the clock says so. Pure. */
export function stateAt(version: { readonly state: State; readonly validTo: string }, now: Date): (typeof STATES)[State] {
  const canExpire = version.state === "active" || version.state === "suspended" || version.state === "approved";
  return STATES[canExpire && Date.parse(version.validTo) <= now.getTime() ? "expired" : version.state];
}

const EFFECTS = {
  allow: "ALLOW",
  mask: "MASK",
  band: "BAND",
  claim: "CLAIM",
  pseudonym: "PSEUDONYM",
  aggregate: "AGGREGATE",
  deny: "DENY",
} as const;

/** The effect of a grant as the API names it. */
export const effectOf = (effect: keyof typeof EFFECTS): (typeof EFFECTS)[keyof typeof EFFECTS] => EFFECTS[effect];
