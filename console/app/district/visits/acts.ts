import { type Act, type Seen, seen, seenOne } from "../acts/act.ts";
import type { Visit, Whole } from "../proposals/types.ts";
import { APPROVE_VISIT, RECORD_VISIT, RETURN_VISIT, SETTLE_VISIT } from "./questions.ts";

/** Under repair until a verifier says what came of it. */
const UNDER_REPAIR = new Set(["Q1a", "Q1b"]);

export const VISIT_ACTS: readonly Act<Visit>[] = [
  {
    ...{ name: "approveVisit", document: APPROVE_VISIT, by: ["VERIFIER"] },
    fits: ({ code }) => code === "M1",
    variables: (rows) => ({ visit: seenOne(rows) }),
  },
  {
    ...{ name: "returnVisit", document: RETURN_VISIT, by: ["VERIFIER"] },
    fits: ({ code }) => code === "M1",
    fields: [{ name: "reason", kind: "words" }],
    variables: (rows, { reason }) => ({ visit: seenOne(rows), reason }),
  },
  ...(["repaired", "invalid"] as const).map(
    (outcome): Act<Visit> => ({
      ...{ name: `settleVisit.${outcome}`, document: SETTLE_VISIT, by: ["VERIFIER"] },
      fits: ({ presences }) => presences?.some(({ code }) => UNDER_REPAIR.has(code)) ?? false,
      variables: (rows) => {
        const mended =
          rows[0]?.presences?.filter(({ code }) => UNDER_REPAIR.has(code)).map(({ candidate }) => candidate.id) ?? [];
        return { input: { visit: seenOne(rows), repaired: [], invalid: [], [outcome]: mended } };
      },
    }),
  ),
];

const METHODS = ["INTERVIEW", "OBSERVATION", "DISCUSSION"];
const RESULTS = ["COMPLETED", "HOUSEHOLD_NOT_FOUND", "MOVED_OR_NO_BUILDING", "PART_OF_ANOTHER_HOUSEHOLD", "DUPLICATE", "REFUSED"];
const PRESENCES = ["CONFIRMED", "NOT_CONFIRMED", "WITHOUT_DOCUMENT", "DECEASED", "DUPLICATE"];

/** Recording a visit: its rows are the candidates, and of each is said who was found. One that was returned is replaced. */
export const recordOf = (proposal: Whole, returned: Visit | undefined): Act<Seen> => ({
  ...{ name: "recordVisit", document: RECORD_VISIT, by: ["ENUMERATOR", "VILLAGE_OPERATOR"], fits: () => true },
  fields: [
    { name: "visitedOn", kind: "date" },
    { name: "result", kind: "choice", type: "VisitResult", values: RESULTS },
    { name: "method", kind: "choice", type: "CollectionMethod", values: METHODS },
    { name: "latitude", kind: "line" },
    { name: "longitude", kind: "line" },
    { name: "photoSha256", kind: "photos", isOptional: true },
  ],
  each: [{ name: "presence", kind: "choice", type: "Presence", values: PRESENCES }],
  variables: (rows, { visitedOn, result, method, latitude, longitude, photoSha256 = "", ...found }) => ({
    input: {
      ...{ proposal: proposal.id, visitedOn, result, method, latitude, longitude },
      photoSha256: photoSha256.split(" ").filter((hash) => hash !== ""),
      presences: rows.map(({ id }) => ({ candidate: id, presence: found[`${id}.presence`] })),
      ...(returned && { returned: seen(returned) }),
    },
  }),
});
