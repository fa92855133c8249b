/** One line of the day's work: how many wait, and where they are. */
export interface Work {
  /** Of the text `district.work.<name>`, and the alias in the question. */
  readonly name: string;
  readonly to: string;
  /** Duties whose turn it is; to others the line is none of their work. */
  readonly by: readonly string[];
}

const proposals = (name: string, state: string, by: readonly string[]): Work => ({ name, by, to: `proposals?state=${state}` });
const VILLAGE = ["VILLAGE_OPERATOR", "VILLAGE_HEAD"];
const PROPOSERS = ["NEIGHBOURHOOD", "VILLAGE_OPERATOR"];

export const PROPOSAL_LINES: readonly Work[] = [
  proposals("drafts", "DRAFT", PROPOSERS),
  proposals("submitted", "SUBMITTED", ["VILLAGE_OPERATOR"]),
  proposals("deliberated", "IN_DELIBERATION", VILLAGE),
  proposals("verified", "IN_VERIFICATION", ["VERIFIER", "ENUMERATOR"]),
  proposals("unmatched", "NOT_MATCHED", ["VERIFIER"]),
  proposals("repaired", "IN_REPAIR", PROPOSERS),
  proposals("matched", "MATCHED", ["VERIFIER"]),
  proposals("finalised", "FINALISED", ["HEAD_OF_OFFICE", "REGENT"]),
  proposals("endorsed", "ENDORSED", ["VERIFIER", "HEAD_OF_OFFICE"]),
];

export const REVIEW_LINES: readonly Work[] = [
  { name: "filed", to: "objections?state=FILED", by: ["VERIFIER", "RANKING"] },
  { name: "reviewed", to: "objections?state=UNDER_REVIEW", by: ["VERIFIER", "RANKING"] },
  { name: "appealed", to: "objections?state=APPEALED", by: ["HEAD_OF_OFFICE", "MINISTRY"] },
  { name: "changes", to: "changes?state=SUBMITTED", by: ["VERIFIER"] },
];

/** Who reads objections and changes at all. */
export const REVIEWERS = ["VERIFIER", "HEAD_OF_OFFICE", "RANKING", "MINISTRY"];

const OFFICES = ["DISTRICT", "PROGRAM_STEWARD"];

export const AID_LINES: readonly Work[] = [
  { name: "pkh", to: "payments?program=PKH&state=ACCOUNT_CHECK_FAILED", by: OFFICES },
  { name: "bpnt", to: "payments?program=BPNT&state=ACCOUNT_CHECK_FAILED", by: OFFICES },
  { name: "reviews", to: "reviews", by: OFFICES },
  { name: "errors", to: "errors?state=OPEN", by: OFFICES },
  { name: "requests", to: "pbi?state=PROPOSED", by: ["DISTRICT", "PROGRAM_STEWARD", "HEALTH"] },
  { name: "pupils", to: "school?state=NOMINATED", by: ["DISTRICT", "EDUCATION"] },
];
