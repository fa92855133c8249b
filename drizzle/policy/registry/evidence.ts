import type { Opens } from "./opens.ts";

const of = (type: string, ...fields: string[]): string[] => fields.map((field) => `${type}.${field}`);

export const evidence: Opens = {
  regency: ["Evidence.path"],
  ministry: ["Evidence.path"],
  ranking: ["Evidence.path"],
  notForPrograms: ["Evidence.path", "Evidence.person"],
  citizen: [
    ...["Mutation.announceEvidence", "Mutation.bringEvidence", "Query.evidence", ...of("BroughtEvidence", "id", "bytes")],
    ...of("Evidence", "id", "version", "kind", "mediaType", "bytes", "sha256", "region", "about", "announcedAt"),
    ...of("Evidence", "state", "refusal", "path", "history"),
    // the office answers, not the person: citizens read no officer's id
    ...of("Transition", "at", "act", "from", "to", "reason"),
  ],
};
