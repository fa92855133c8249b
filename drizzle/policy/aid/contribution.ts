import type { OpensAid } from "./opens.ts";

const of = (type: string, ...fields: readonly string[]): string[] => fields.map((field) => `${type}.${field}`);
const PAPERS = of("PbiRequest", "identityPaper", "familyPaper", "inabilityPaper", "words", "decisionReason");
const DEADLINE = "PbiRequest.confirmBy";
const DUE = ["PbiContributions.amount"];
const MEMBERSHIP = [
  ...of("PbiMembership", "id", "person", "region", "state", "startedOn", "endedOn", "contributions"),
  "PbiContributions.months",
];
const REQUEST = of(
  "PbiRequest",
  ...["id", "version", "kind", "basis", "person", "region", "state", "proposedAgency", "proposedAt", "history"],
);
const LISTS = ["PbiMembershipConnection", "PbiRequestConnection"].flatMap((type) => of(type, "nodes", "totalCount"));
const REPLACING = ["requestPbiReplacement", "signPbiReplacement", "discardPbiReplacement"].map((field) => `Mutation.${field}`);

/** Papers, and by when an emergency is decided, are for who proposes and who decides; why somebody leaves is the ministry's. */
export const contribution: OpensAid = {
  ministry: [...PAPERS, ...DUE, DEADLINE, "PbiReplacementLine.reason"],
  district: PAPERS,
  health: [
    ...["Query.pbiMemberships", "Query.pbiRequest", "Query.pbiRequests", "Mutation.proposePbi"],
    ...[...MEMBERSHIP, ...REQUEST, ...PAPERS, ...DUE, ...LISTS],
    DEADLINE,
    "Person.id",
  ],
  citizen: [
    ...["Query.myPbiMemberships", "Query.myPbiRequests"],
    ...[...MEMBERSHIP, ...REQUEST].filter((coordinate) => !coordinate.endsWith(".person")),
    ...[...DUE, "PbiRequest.decisionReason", DEADLINE],
  ],
  notForPrograms: [
    ...PAPERS,
    DEADLINE,
    "PbiReplacementLine.reason",
    ...REPLACING,
    "Mutation.proposePbi",
    "Mutation.decidePbiRequest",
  ],
};
