import { type Act, type Field, type Seen, seen, type Values } from "../acts/act.ts";
import {
  APPROVE,
  ATTEST,
  ENDORSE,
  FINALISE,
  MINUTES,
  REJECT_AT_CENTRE,
  RESUBMIT,
  RETURN,
  SCHEDULE,
  SEND,
  SUBMIT,
  WITHDRAW,
} from "./questions.ts";

/** What an act needs of a proposal. */
export interface Moved extends Seen {
  readonly acts: readonly string[] | null;
  readonly region: { readonly code: string } | null;
}

const REASON: Field = { name: "reason", kind: "words" };
const PROPOSERS = ["NEIGHBOURHOOD", "VILLAGE_OPERATOR"];
const VILLAGE = ["VILLAGE_OPERATOR", "VILLAGE_HEAD"];
const at = (rows: readonly Moved[]) => rows.map(seen);
const villageOf = ([one]: readonly Moved[]) => one?.region?.code ?? "";

/** An act of the machine of proposals, taken by whoever holds one of the duties. `code`: as `Proposal.acts` names it. */
const act = (name: string, code: string, rest: Pick<Act<Moved>, "document" | "by"> & Partial<Act<Moved>>): Act<Moved> => ({
  name,
  isOfMany: true,
  fits: ({ acts }) => acts?.includes(code) ?? false,
  variables: (rows, { reason }) => ({ proposals: at(rows), ...(reason && { reason }) }),
  ...rest,
});

/** Every act on proposals, in the order of their way. */
export const ACTS: readonly Act<Moved>[] = [
  act("submit", "SUBMIT", { document: SUBMIT, by: PROPOSERS }),
  act("schedule", "SCHEDULE", { document: SCHEDULE, by: ["VILLAGE_OPERATOR"] }),
  act("minutes", "ACCEPT", {
    ...{ document: MINUTES, by: VILLAGE, variables: minutesOf },
    fields: [
      { name: "kind", kind: "choice", type: "DeliberationKind", values: ["MUSDES", "MUSKEL"] },
      { name: "minutesNumber", kind: "line" },
      { name: "heldOn", kind: "date" },
      { name: "quorum", kind: "number" },
      { name: "attendees", kind: "words" },
      { name: "documentSha256", kind: "hash" },
      { name: "listSha256", kind: "hash" },
    ],
    each: [
      { name: "decision", kind: "choice", type: "DeliberationOutcome", values: ["ACCEPTED", "REJECTED"] },
      { name: "reason", kind: "line", isOptional: true },
    ],
  }),
  act("attest", "ATTEST", {
    ...{ document: ATTEST, by: ["VILLAGE_HEAD"] },
    fields: [
      { name: "statementNumber", kind: "line" },
      { name: "signedOn", kind: "date" },
      { name: "documentSha256", kind: "hash" },
    ],
    variables: (rows, values) => ({ input: { ...values, village: villageOf(rows), proposals: at(rows) } }),
  }),
  act("returnForRepair", "RETURN", { document: RETURN, by: ["VERIFIER"], fields: [REASON] }),
  act("resubmit", "RESUBMIT", { document: RESUBMIT, by: PROPOSERS }),
  act("finalise", "FINALISE", { document: FINALISE, by: ["VERIFIER"] }),
  act("approve", "APPROVE", { document: APPROVE, by: ["HEAD_OF_OFFICE"] }),
  act("endorse", "ENDORSE", {
    ...{ document: ENDORSE, by: ["REGENT"] },
    fields: [
      { name: "letterNumber", kind: "line" },
      { name: "letterSha256", kind: "hash" },
    ],
    variables: (rows, values) => ({ input: { ...values, proposals: at(rows) } }),
  }),
  act("send", "SEND", { document: SEND, by: ["VERIFIER", "HEAD_OF_OFFICE"] }),
  act("rejectAtCentre", "REJECT_AT_CENTRE", { document: REJECT_AT_CENTRE, by: ["MINISTRY"], fields: [REASON], isEnd: true }),
  act("withdraw", "WITHDRAW", { document: WITHDRAW, by: PROPOSERS, fields: [REASON], isEnd: true }),
];

/** Minutes of one village: who attended is a line each, "name, office". */
function minutesOf(rows: readonly Moved[], values: Values) {
  const { kind, minutesNumber, heldOn, quorum, attendees = "", documentSha256, listSha256 } = values;
  const decisions = rows.map((row) => {
    const reason = values[`${row.id}.reason`];
    return { proposal: seen(row), decision: values[`${row.id}.decision`], ...(reason && { reason }) };
  });
  const present = attendees.split("\n").filter((line) => line.trim() !== "");
  return {
    input: {
      ...{ kind, minutesNumber, heldOn, documentSha256, listSha256, quorum: Number(quorum), village: villageOf(rows), decisions },
      attendees: present.map((line) => {
        const [name = "", ...office] = line.split(",");
        return { name: name.trim(), office: office.join(",").trim() };
      }),
    },
  };
}
