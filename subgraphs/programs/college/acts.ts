import { randomUUID } from "node:crypto";
import { levelOf, parseRegionCode } from "../../../schema/values/regionCode.ts";
import { type Act, changedMeanwhile, officerActing } from "../../kit/acts/acting.ts";
import { uuids } from "../../kit/data.ts";
import type {
  DecideSemesterInput,
  GrantCollegeAidInput,
  NominateStudentInput,
  ReportSemesterInput,
  VerifyStudentInput,
} from "../generated.ts";
import { decreeFault, type Fault, reasonFault, refuseFaults, textFault } from "../office/faults.ts";
import * as data from "./data.ts";

// Which ground holds, what is paid and who may take which step say the rules of the database (migration 0010).

const isWithin = (value: number | null | undefined, [least, most]: readonly [number, number]): boolean =>
  value == null || (value >= least && value <= most);
const isMoney = (text: string | null | undefined): boolean => text == null || /^[0-9]{1,12}$/.test(text);

/** What is wrong with a nomination. Pure. */
export const studentFaults = (input: NominateStudentInput): readonly Fault[] => [
  uuids([input.person]).length === 0 && "person must be the id of a person",
  levelOf(parseRegionCode(input.village) ?? "") !== "VILLAGE" && "village must be the code of a village",
  !/^[0-9]{6}$/.test(input.university) && "university must have 6 digits",
  textFault("study", input.study, [3, 200]),
  !isWithin(input.cluster, [1, 5]) && "cluster must be from 1 to 5",
  !isWithin(input.semesters, [1, 10]) && "semesters must be from 1 to 10",
  !/^20[0-9]{2}-[12]$/.test(input.since) && "since must be a semester such as 2026-1",
  !(isMoney(input.tuition) && isMoney(input.familyIncome)) && "tuition, familyIncome must be whole rupiah below a trillion",
  !isWithin(input.heads, [1, 100]) && "heads must be from 1 to 100",
  !isWithin(input.decile, [1, 10]) && "decile must be from 1 to 10",
  input.document != null && textFault("document", input.document, [3, 200]),
];

export async function nominateStudent({ db, caller }: Act, input: NominateStudentInput): Promise<data.CollegeAidRow> {
  officerActing(caller);
  refuseFaults(studentFaults(input));
  const { person, village, document, decile, familyIncome, heads, ...study } = input;
  const shown = { evidence: document?.trim() ?? "", decile: decile ?? null, familyIncome: familyIncome ?? null };
  const row = { ...study, ...shown, heads: heads ?? null, id: randomUUID(), personId: person, region: village };
  return found(await data.insertCollegeAid(db, row));
}

export async function verifyStudent({ db, caller }: Act, input: VerifyStudentInput): Promise<data.CollegeAidRow> {
  officerActing(caller);
  refuseFaults([reasonFault(input.reason)]);
  const step = { state: input.holds ? "VERIFIED" : "REJECTED", reason: input.reason.trim() } as const;
  return found(await data.moveCollegeAid(db, input, step));
}

export async function grantCollege({ db, caller }: Act, input: GrantCollegeAidInput): Promise<data.CollegeAidRow> {
  officerActing(caller);
  refuseFaults([decreeFault(input.decree)]);
  return found(await data.moveCollegeAid(db, input, { state: "GRANTED", decree: input.decree.trim() }));
}

export async function reportSemester({ db, caller }: Act, input: ReportSemesterInput): Promise<data.SemesterRow> {
  officerActing(caller);
  const { aid, document, ...achieved } = input;
  refuseFaults([
    textFault("document", document, [3, 200]),
    !isWithin(input.semester, [1, 10]) && "semester must be from 1 to 10",
    !isWithin(input.credits, [0, 60]) && "credits must be from 0 to 60",
    !isWithin(input.gradeAverage, [0, 400]) && "gradeAverage must be from 0 to 400",
  ]);
  const aidId = uuids([aid])[0] ?? randomUUID();
  return found(await data.insertSemester(db, { ...achieved, document: document.trim(), id: randomUUID(), aidId }));
}

export async function decideSemester({ db, caller }: Act, input: DecideSemesterInput): Promise<data.SemesterRow> {
  officerActing(caller);
  refuseFaults([reasonFault(input.reason)]);
  const step = { state: input.continues ? "CONTINUED" : "STOPPED", reason: input.reason.trim() } as const;
  return found(await data.moveSemester(db, input, step), "the report");
}

function found<Row>(row: Row | undefined, what = "the aid"): Row {
  if (row === undefined) throw changedMeanwhile(what);
  return row;
}
