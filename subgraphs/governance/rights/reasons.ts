import type { RefusalReason, SubjectRequestKind } from "../generated.ts";

const ALL: readonly SubjectRequestKind[] = ["ACCESS", "CORRECTION", "RESTRICTION", "DELETION", "OBJECTION", "WITHDRAWAL"];
/** UU 27/2022 art. 15(1) makes exceptions to deletion, withdrawal, objection and restriction; never to access and correction (art. 6, 7). */
const ART_15: readonly SubjectRequestKind[] = ["RESTRICTION", "DELETION", "OBJECTION", "WITHDRAWAL"];
/** UU 27/2022 art. 33: what access and correction must be refused for. */
const ART_33: readonly SubjectRequestKind[] = ["ACCESS", "CORRECTION"];

/** Which requests a reason may refuse. */
const REFUSES: Readonly<Record<RefusalReason, readonly SubjectRequestKind[]>> = {
  NATIONAL_DEFENCE: ALL,
  LAW_ENFORCEMENT: ART_15,
  STATE_ADMINISTRATION: ART_15,
  FINANCIAL_SUPERVISION: ART_15,
  STATISTICS_AND_RESEARCH: ART_15,
  HARM_TO_OTHERS: ART_33,
  DISCLOSES_OTHERS: ART_33,
  LEGAL_RETENTION: ["DELETION"],
  IDENTITY_UNPROVEN: ALL,
  UNFOUNDED: ALL,
};

export const mayRefuse = (reason: RefusalReason, kind: SubjectRequestKind): boolean => REFUSES[reason].includes(kind);

/** The reasons that may refuse a request of a kind. */
export const reasonsFor = (kind: SubjectRequestKind): RefusalReason[] =>
  (Object.keys(REFUSES) as RefusalReason[]).filter((reason) => mayRefuse(reason, kind));
