import type { OpensAid } from "./opens.ts";

const of = (type: string, ...fields: readonly string[]): string[] => fields.map((field) => `${type}.${field}`);
const RULES = ["collegeGroundRules", "tuitionCaps", "schoolGradeRules"].map((field) => `Query.${field}`);
const NOMINATION = of("SchoolNomination", "id", "version", "number", "year", "activateBy", "extensionReason");
const CHILD = of("SchoolAid", "level", "grade", "npsn", "nisn", "amount");
const AID = of(
  "SchoolAid",
  ...["id", "version", "person", "region", "nomination", "year", "state", "activatedOn", "grantDecree", "enrolment", "history"],
);
const MONEY = of("CollegeAid", "living", "tuition", "tuitionCovered", "ground", "evidence", "reason");
const COLLEGE = of(
  "CollegeAid",
  ...["id", "version", "person", "region", "university", "study", "accreditation", "isMedicine", "cluster", "since", "semesters"],
  ...["state", "decree", "enrolment", "semesterReports", "history"],
);
const ACHIEVED = of("CollegeSemester", "credits", "gradeAverage", "document", "reason");
const SEMESTER = of("CollegeSemester", "id", "version", "semester", "state");
const SHOWN = of("CollegeGroundShown", "ground", "evidence");
const LISTS = ["SchoolAidConnection", "CollegeAidConnection"].flatMap((type) => of(type, "nodes", "totalCount"));
const ASKED = ["schoolNominations", "schoolAid", "schoolAids", "schoolAidCounts", "collegeAids", "collegeGrounds"];
const ACTS = [
  ...["nominatePupils", "extendSchoolNomination", "activateSchoolAids", "grantSchoolAids", "nominateStudent", "verifyStudent"],
  ...["grantCollegeAid", "reportSemester", "decideSemester"],
].map((field) => `Mutation.${field}`);

/** A person knows whose aid it is, and has the enrolments by another way. */
const isOwnWay = (coordinate: string): boolean => !/\.(person|enrolment)$/.test(coordinate);

/** The education ministry reads and writes everything of its pupils and students; the ministry of social affairs and a regency see what stands and what is paid. */
export const school: OpensAid = {
  ministry: [...CHILD, ...MONEY],
  education: [
    ...ASKED.map((field) => `Query.${field}`),
    ...ACTS,
    ...[...RULES, ...NOMINATION, ...AID, ...CHILD, ...COLLEGE, ...MONEY, ...SEMESTER, ...ACHIEVED, ...SHOWN, ...LISTS],
    ...of("SchoolNominationReport", "isDryRun", "accepted", "nomination", "faults"),
    ...of("SchoolNominationFault", "line", "field", "fault"),
    ...of("SchoolAidCount", "state", "count"),
    ...["Person.id", "Enrolment.id", "Enrolment.state", "Enrolment.startedOn"],
  ],
  citizen: [
    ...["Query.mySchoolAids", "Query.myCollegeAids"],
    ...[...AID, ...CHILD, ...COLLEGE, ...MONEY, ...SEMESTER, ...ACHIEVED, ...NOMINATION].filter(isOwnWay),
  ],
  notForPrograms: [...ACTS, ...CHILD, ...MONEY, ...ACHIEVED, ...SHOWN, "Query.collegeGrounds"],
};
