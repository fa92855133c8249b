import type { OpensAid } from "./opens.ts";

const of = (type: string, ...fields: string[]): string[] => fields.map((field) => `${type}.${field}`);

const SUMS = [
  ...of("Family", "aid"),
  ...of("FamilyAid", "members", "lines", "total", "perHeadAMonth"),
  ...of("AidLine", "enrolment", "program", "kind", "state", "payments", "value", "pending"),
];
const QUEUE = [...of("ErrorCandidate", "reasons"), ...of("ErrorCandidateConnection", "totalCount")];

/** What a family gets altogether is for those who run or watch the programs; a person sees their own enrolments. */
export const families: OpensAid = {
  ministry: [...SUMS, ...QUEUE, "Mutation.findErrorCandidates"],
  district: [...SUMS, ...QUEUE, "Mutation.findErrorCandidates"],
  notForPrograms: [...SUMS, ...QUEUE],
};
