import type { ProgramCode, Resolvers } from "../generated.ts";

export const schoolResolvers: Resolvers = {
  Query: {
    schoolNominations: (_, { year }, { load }) => load.school.nominations(year),
    schoolAid: (_, { id }, { load }) => load.school.aid.load(id),
    schoolAids: (_, asked, { load }) => load.school.list(asked),
    mySchoolAids: (_, _args, { load }) => load.school.mine(),
    schoolAidCounts: (_, { year }, { load }) => load.school.counts(year),
    collegeAids: (_, asked, { load }) => load.school.listCollege(asked),
    myCollegeAids: (_, _args, { load }) => load.school.myCollege(),
    collegeGrounds: (_, { person }, { load }) => load.school.grounds(person),
    collegeGroundRules: (_, _args, { load }) => load.school.groundRules(),
    tuitionCaps: (_, _args, { load }) => load.school.tuitionCaps(),
    schoolGradeRules: (_, _args, { load }) => load.school.gradeRules(),
  },
  Mutation: {
    nominatePupils: (_, { input }, { load }) => load.school.nominate(input),
    extendSchoolNomination: (_, { input }, { load }) => load.school.extend(input),
    activateSchoolAids: (_, { input }, { load }) => load.school.activate(input),
    grantSchoolAids: (_, { input }, { load }) => load.school.grant(input),
    nominateStudent: (_, { input }, { load }) => load.school.nominateStudent(input),
    verifyStudent: (_, { input }, { load }) => load.school.verifyStudent(input),
    grantCollegeAid: (_, { input }, { load }) => load.school.grantCollege(input),
    reportSemester: (_, { input }, { load }) => load.school.reportSemester(input),
    decideSemester: (_, { input }, { load }) => load.school.decideSemester(input),
  },
  SchoolAid: {
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
    nomination: ({ nominationId }, _, { load }) => load.school.nomination.load(nominationId),
    enrolment: ({ enrolmentId }, _, { load }) => (enrolmentId === null ? null : load.enrolment.load(enrolmentId)),
    history: ({ id }, _, { load }) => load.school.history.load(id),
  },
  CollegeAid: {
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
    enrolment: ({ enrolmentId }, _, { load }) => (enrolmentId === null ? null : load.enrolment.load(enrolmentId)),
    semesterReports: ({ id }, _, { load }) => load.school.semesters.load(id),
    history: ({ id }, _, { load }) => load.school.collegeHistory.load(id),
  },
  CollegeGroundRule: { programs: ({ programs }) => programs as ProgramCode[] },
};
