import { getNamedType, isObjectType, parse } from "graphql";
import { expect, test } from "vitest";
import { AGREEMENTS } from "../../../drizzle/policy/readyMade.ts";
import { ceilingsFor } from "../../../schema/policy/ceilings.ts";
import { compileTable } from "../../../schema/policy/decisionTable.ts";
import { DATA_CLASSES } from "../../../schema/policy/words.ts";
import { apiSchemaOf } from "../../../schema/sdl/apiSchema.ts";
import { GROUND, SDL, SEEDED } from "../kit/contents.ts";

// What a citizen may see: everything about themself, and nobody else (UU 27/2022 art. 7, 13, 15).

const NUMBER = "PKS-2025-008";
const seed = AGREEMENTS.find(({ number }) => number === NUMBER);
const content = SEEDED.find(({ agreement }) => agreement === NUMBER);
if (!seed || !content) throw new Error(`there is no ${NUMBER}`);
const table = compileTable(content.grants, {
  ceilings: ceilingsFor(content.purpose, GROUND.ceilings),
  catalogue: GROUND.catalogue,
  pinned: new Set(content.coordinates),
});
const api = apiSchemaOf(parse(SDL));
const isOpen = (coordinate: string) => table.verdict(coordinate).effect !== "deny";

/** Fields that lead from a type to another, by the type they lead to, of all that can be reached from the roots. */
function ways(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const reached = new Set(["Query", "Mutation"]);
  for (const name of reached) {
    const type = api.getType(name);
    for (const field of isObjectType(type) ? Object.values(type.getFields()) : []) {
      const to = getNamedType(field.type);
      const coordinate = `${name}.${field.name}`;
      if (!isObjectType(to) || !isOpen(coordinate)) continue;
      found.set(to.name, [...(found.get(to.name) ?? []), coordinate].sort());
      reached.add(to.name);
    }
  }
  return found;
}

test("every row of the agreement names a coordinate there is, and opens it, but for what the law never opens raw", () => {
  const coordinates = seed.grants.filter(({ selector, use }) => use === undefined && !DATA_CLASSES.includes(selector as never));
  expect(coordinates.length).toBeGreaterThan(80);
  expect(coordinates.map(({ selector }) => selector).filter((one) => !GROUND.catalogue.entries.has(one))).toEqual([]);
  expect(coordinates.map(({ selector }) => table.verdict(selector).effect)).toEqual(coordinates.map(() => "allow"));
});

test("from themself a citizen reaches their own rows by one way each, and no third party by any", () => {
  const reached = ways();
  const subjects = [...GROUND.catalogue.subjectTypes].filter((type) => reached.has(type));
  expect(Object.fromEntries(subjects.map((type) => [type, reached.get(type)]))).toEqual({
    Person: ["Query.dataSubject", "Query.represented"],
    Member: ["Person.registryMembers"],
    Household: ["Member.household"],
    Enrolment: ["Person.enrolments"],
    ChangeRequest: ["Mutation.submitNewCard", "Mutation.withdrawChange", "Query.myChangeRequests"],
    DeterminedMember: ["Member.determined"],
    Proposal: [
      "Mutation.repairProposal",
      "Mutation.resubmitProposals",
      "Mutation.submitOwnProposal",
      "Mutation.withdrawProposals",
      "Query.myProposals",
    ],
    ProposalCandidate: ["Proposal.candidates"],
    Evidence: ["Mutation.announceEvidence", "Objection.photo", "Query.evidence"],
    Objection: ["Mutation.appealObjection", "Mutation.fileObjection", "Mutation.fileObjectionByName", "Query.myObjections"],
    EligibilityDecision: ["Member.eligibilityDecisions", "Mutation.revokeWithdrawal", "Mutation.withdrawFromRegistry"],
    RankingObjection: ["Mutation.objectToRanking", "Query.myRankingObjections"],
    SubjectRequest: [
      "Mutation.cancelSubjectRequest",
      "Mutation.fileSubjectRequest",
      "Mutation.liftRestriction",
      "Person.subjectRequests",
      "Query.subjectRequest",
    ],
    Representation: ["Person.representatives"],
    CollegeAid: ["Query.myCollegeAids"],
    CommitmentCase: ["Enrolment.commitmentCase"],
    CommitmentCheck: ["Enrolment.commitments", "Query.myCommitments"],
    Eligibility: ["Person.eligibility"],
    EnrolmentEnding: ["Enrolment.endings", "Mutation.revokeProgramWithdrawal", "Mutation.withdrawFromProgram"],
    MealAid: ["Person.rantangKasih"],
    PaymentTrace: ["Person.paymentTrace", "Query.paymentTrace"],
    PbiMembership: ["Query.myPbiMemberships"],
    PbiRequest: ["Query.myPbiRequests"],
    SchoolAid: ["Query.mySchoolAids"],
    SelectionEntry: ["Enrolment.selectionEntry"],
  });
  expect(reached.get("FamilyCard")).toEqual(["Family.familyCard", "Person.familyCard"]);
  expect(reached.get("Family")).toEqual(["Member.family"]);
  for (const other of [
    "FamilyCard.members",
    "Family.members",
    "Household.members",
    "Representation.representative",
    "Query.person",
  ])
    expect(isOpen(other), other).toBe(false);
});

test("nothing is a citizen's to filter, to sort by, or to look up but a person they represent", () => {
  const uses = [...GROUND.catalogue.entries.values()].filter(
    ({ coordinate, guards }) => guards.some(({ use }) => use !== "LOOKUP" && use !== "OUTPUT") && isOpen(coordinate),
  );
  expect(uses.map(({ coordinate }) => coordinate)).toEqual([]);
});
