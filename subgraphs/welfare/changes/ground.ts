import type { Answers } from "../../../drizzle/tables/welfare/registry.ts";
import { parseNik } from "../../../schema/nik.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { type MemberRow, membersOfHouseholds } from "../data.ts";
import { inForce } from "../registry/survey.ts";
import { answersIn, familiesIn } from "./data.ts";
import type { Facts, Families, Kin, SchoolLevel } from "./preview/shape.ts";

type Db = Asking["db"];

/** Families of households on a day. `on`: ISO day; births are not after it. */
export type Ground = (householdIds: ReadonlySet<string>, on: string) => Families;

/** Reads households with everybody in them and what the registry knows of each. Three statements, however many households. */
export async function groundOf(db: Db, householdIds: readonly string[]): Promise<Ground> {
  const [families, members, sheets] = await Promise.all([
    familiesIn(db, householdIds),
    membersOfHouseholds(db, householdIds),
    answersIn(db, householdIds),
  ]);
  const answers = new Map(sheets.map((sheet) => [sheet.memberId, sheet.answers]));
  return (homes, on) => ({
    families: families.filter((one) => homes.has(one.householdId)),
    members: members.filter((row) => homes.has(row.householdId)).map((row) => kinOf(row, answers.get(row.id) ?? {}, on)),
  });
}

const kinOf = (row: MemberRow, answers: Answers, on: string): Kin => ({
  id: row.id,
  householdId: row.householdId,
  familyId: row.familyId,
  suffix: row.suffix,
  relation: row.relation,
  state: row.state,
  personId: row.personId,
  fromMemberId: null,
  facts: factsOf(row.claimedNik, answers, on),
});

const [YES, AT_SCHOOL, NO_DISABILITY] = ["1", "2", "1"];
const LEVELS: Readonly<Record<string, SchoolLevel>> = { "1": "PRIMARY", "2": "JUNIOR", "3": "SENIOR" };

/** Facts out of the claimed NIK and the survey (raw names of BDT). How severe a disability is, the survey does not ask. */
export function factsOf(claimedNik: string | null, answers: Answers, on: string): Facts {
  const parsed = parseNik(claimedNik ?? "", { referenceDate: on, allowSynthetic: true });
  const said = (variable: string) => {
    const answer = answers[variable];
    return answer ? inForce(answer) : null;
  };
  const [pregnant, school, disability] = [said("Sta_hamil"), said("Partisipasi_sekolah"), said("Jenis_cacat")];
  return {
    birthDate: "nik" in parsed ? parsed.nik.birthDate : null,
    school: school === null ? null : school === AT_SCHOOL ? (LEVELS[said("Pendidikan_tertinggi") ?? ""] ?? "NONE") : "NONE",
    isPregnant: pregnant === null ? null : pregnant === YES,
    isSeverelyDisabled: disability === NO_DISABILITY ? false : null,
  };
}
