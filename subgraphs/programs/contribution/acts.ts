import { randomUUID } from "node:crypto";
import { levelOf, parseRegionCode } from "../../../schema/values/regionCode.ts";
import { type Act, changedMeanwhile, officerActing } from "../../kit/acts/acting.ts";
import { uuids } from "../../kit/data.ts";
import type {
  DecidePbiRequestInput,
  ProposePbiInput,
  RequestPbiReplacementInput,
  SignPbiReplacementInput,
} from "../generated.ts";
import { decreeFault, type Fault, reasonFault, refuseFaults, textFault } from "../office/faults.ts";
import * as data from "./data.ts";

// Who may take which step, which seats there are and who comes in for whom say the rules of the database (migration 0011).

const MOST_PAIRS = 10_000;
const WHOLE_COUNTRY = "0";
const paperFault = (field: string, text: string): Fault => textFault(field, text, [3, 100]);

/** What is wrong with a proposal. Pure. */
export const proposalFaults = (input: ProposePbiInput): readonly Fault[] => [
  uuids([input.person]).length === 0 && "person must be the id of a person",
  levelOf(parseRegionCode(input.village) ?? "") !== "VILLAGE" && "village must be the code of a village",
  paperFault("identityPaper", input.identityPaper),
  paperFault("familyPaper", input.familyPaper),
  input.inabilityPaper != null && paperFault("inabilityPaper", input.inabilityPaper),
  input.kind !== "DEPARTURE" && input.inabilityPaper == null && "inabilityPaper must be given",
  input.kind !== "REACTIVATION" && input.isEmergency && "isEmergency is for REACTIVATION",
  reasonFault(input.words, "words"),
];

export async function propose({ db, caller }: Act, input: ProposePbiInput): Promise<data.PbiRequestRow> {
  officerActing(caller);
  refuseFaults(proposalFaults(input));
  const { person: personId, village: region, inabilityPaper, ...told } = input;
  const row = { ...told, personId, region, inabilityPaper: inabilityPaper ?? null, id: randomUUID() };
  return found(await data.insertRequest(db, row));
}

export async function decide({ db, caller }: Act, input: DecidePbiRequestInput): Promise<data.PbiRequestRow> {
  officerActing(caller);
  refuseFaults([reasonFault(input.reason)]);
  return found(await data.moveRequest(db, input, { state: input.decision, decisionReason: input.reason.trim() }));
}

export async function requestReplacement({ db, caller }: Act, input: RequestPbiReplacementInput): Promise<data.ReplacementRow> {
  officerActing(caller);
  const region = input.region ?? WHOLE_COUNTRY;
  refuseFaults([
    reasonFault(input.reason),
    (input.most < 1 || input.most > MOST_PAIRS) && `most must be from 1 to ${MOST_PAIRS}`,
    input.region != null && ![2, 4].includes(region.length) && "region must be a province or regency",
  ]);
  const row = { id: randomUUID(), region, most: input.most, reason: input.reason.trim() };
  return found(await data.insertReplacement(db, row));
}

export async function signReplacement({ db, caller }: Act, input: SignPbiReplacementInput): Promise<data.ReplacementRow> {
  officerActing(caller);
  refuseFaults([decreeFault(input.decree)]);
  return found(await data.moveReplacement(db, input, { state: "SIGNED", decree: input.decree.trim() }), "the replacement");
}

export async function discardReplacement({ db, caller }: Act, seen: data.Seen): Promise<data.ReplacementRow> {
  officerActing(caller);
  return found(await data.moveReplacement(db, seen, { state: "DISCARDED" }), "the replacement");
}

function found<Row>(row: Row | undefined, what = "the proposal"): Row {
  if (row === undefined) throw changedMeanwhile(what);
  return row;
}
