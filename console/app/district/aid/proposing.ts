import { type Act, type Field, given, type Seen, type Values, YES } from "../acts/act.ts";
import { PROPOSE_PBI } from "./pbiQuestions.ts";

interface About {
  /** An emergency is for the health fund alone. */
  readonly isOfHealth: boolean;
  /** Whom it is about; nobody yet: asked. */
  readonly person?: string;
  readonly village?: string;
  readonly kinds?: readonly string[];
}

const PERSON: readonly Field[] = [
  { name: "person", kind: "line" },
  { name: "village", kind: "village" },
];
const PAPERS: readonly Field[] = [
  { name: "identityPaper", kind: "line" },
  { name: "familyPaper", kind: "line" },
  { name: "inabilityPaper", kind: "line", isOptional: true, when: ({ pbiKind }) => pbiKind !== "DEPARTURE" },
];
const isReactivation = ({ pbiKind }: Values): boolean => pbiKind === "REACTIVATION";

/** Proposes about the membership of a person; its papers are named by number, never by NIK. */
export const proposing = ({ isOfHealth, person, village, kinds }: About): Act<Seen> => ({
  ...{ name: "proposePbi", document: PROPOSE_PBI, by: ["DISTRICT", "HEALTH"], fits: () => true },
  preset: given({ pbiKind: kinds?.length === 1 ? (kinds[0] ?? "") : "", person: person ?? "", village: village ?? "" }),
  fields: [
    {
      ...{ name: "pbiKind", kind: "choice", type: "PbiRequestKind" },
      values: kinds ?? [...(isOfHealth ? [] : ["ENTRY"]), "REACTIVATION", "DEPARTURE"],
    },
    ...(person === undefined ? PERSON : []),
    ...PAPERS,
    ...(isOfHealth ? [{ name: "isEmergency", kind: "check", when: isReactivation } as const] : []),
    { name: "words", kind: "words" },
  ],
  variables: (_, values) => {
    const { pbiKind, person, village, identityPaper, familyPaper, inabilityPaper = "", words } = values;
    const isEmergency = isReactivation(values) && values["isEmergency"] === YES;
    const papers = { identityPaper, familyPaper, ...given({ inabilityPaper: pbiKind === "DEPARTURE" ? "" : inabilityPaper }) };
    return { input: { kind: pbiKind, person, village, isEmergency, ...papers, words } };
  },
});
