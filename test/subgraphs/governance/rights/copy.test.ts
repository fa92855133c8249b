import { readFileSync } from "node:fs";
import {
  buildSchema,
  extendSchema,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { describe, expect, test } from "vitest";

/** Access and copy (UU 27/2022 art. 7, 13): what docs/questions/copy.graphql leaves out of a person's data, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "Person.disability": "UU 24/2013 art. 84: never leaves the register raw; Dukcapil tells the person itself",
  "Person.birthYear": "a band of what is there",
  "Person.isAtLeast": "a claim over what is there",
  "Person.isSocialWorkforce": "a claim over what is there",
  "Household.decileAtMost": "a claim over what is there",
  "Household.incomeBand": "a band of what is there",
  "Household.members": "other persons",
  "Household.determinations": "rows of the other members, too; the person's own come month by month",
  "Family.members": "other persons",
  "FamilyCard.members": "other persons",
  "Representation.representative": "another person; the ground and the document of the representation are there",
  "Member.person": "the person of the copy",
  "Member.determined": "one month at a time: it is asked for by itself, with the month",
  "Member.handledNeeds":
    "told by the office that handles them alone (Permensos 8/2012); empty to everybody else, the person included",
  "Member.validation": "what matchStatus says, signed for another controller",
  "MemberSurvey.healthAnswers": "health: the portal's agreement does not open it; the office that asked tells the person itself",
  "MemberSurvey.protectedAnswers":
    "UU 24/2013 art. 84: never leaves the registry raw; the office that asked tells the person itself",
  "EligibilityDecision.member": "the person of the copy",
  "EligibilityDecision.person": "the person of the copy",
  "RankingExplanation.score": "for whoever ranks: the exact place could be worked out from it; decile and bands are there",
  "RankingContribution.points": "for whoever ranks: the exact place could be worked out from them; the bands are there",
  "Enrolment.person": "the person of the copy",
  "Enrolment.commitmentsOfHealth":
    "health: no agreement opens it (UU 27/2022 art. 4); the companion who recorded it tells the person",
  "Enrolment.isEmergency": "health: no agreement opens it; BPJS Kesehatan tells the person itself",
  "Enrolment.waitingPosition": "for whoever allots: from the exact place others could be worked out; the band is there",
  "PaymentPeriod.order": "the order many payments go by; the person's own state and day are there",
  "CommitmentCase.person": "the person of the copy",
  "CommitmentCase.concludedBy": "a member of staff: the controller answers for them",
  "CommitmentCheck.person": "the person of the copy",
  "CommitmentCheck.recordedBy": "a member of staff: the controller answers for them",
  "CommitmentCheck.exception": "an officer's note; the office that made it tells the person itself",
  "CommitmentCheck.words": "an officer's note; the office that made it tells the person itself",
  "EnrolmentEnding.person": "the person of the copy",
  "EnrolmentEnding.enrolment": "the enrolment it stands under",
  "EnrolmentEnding.proposedBy": "a member of staff: the controller answers for them",
  "EnrolmentEnding.decidedBy": "a member of staff: the controller answers for them",
  "EnrolmentEnding.words": "an officer's note; the reason is there",
  "EnrolmentEnding.decisionWords": "an officer's note; the reason is there",
  "AidTransition.actor": "a member of staff: the controller answers for them",
  "SelectionEntry.person": "the person of the copy",
  "SelectionEntry.seats": "how many seats there were: public, under the selection",
  "SelectionEntry.decile": "what the list was made of: the household's decile is there",
  "SelectionEntry.rank": "for whoever allots: from the exact place others could be worked out",
  "SelectionEntry.place": "for whoever allots: from the exact place others could be worked out",
  "SelectionEntry.firstDeterminedOn": "the first decree is there, under the entry in the registry",
  "MealAid.person": "the person of the copy",
  "MealAid.history": "members of staff: the office answers for them; what was decided is there",
  "Person.eligibility": "one program at a time: it is asked for by itself, with the program",
  "Person.paymentTrace": "one payment at a time: it is asked for by itself, with program and period",
  "Person.registryStanding": "what the entries in the registry say, for the offices of the programs",
  "Family.aid": "other persons, too; the person's own aid is there",
  "Family.eligibility": "other persons, too; the person's own verdict is asked for by itself",
  "Family.rantangKasih": "other persons, too; the person's own aid is there",
  "SubjectRequest.person": "the person of the copy",
  "SubjectRequest.subject": "the person of the copy",
  "Representation.person": "the person of the copy",
  "SubjectRequest.refusableBy": "what the law lets its controller answer, of every request of that kind",
  "SubjectRequest.handler": "a member of staff: the controller answers for them",
  "SubjectRequest.closedBy": "a member of staff: the controller answers for them",
  "SubjectRequestEvent.actor": "a member of staff: the controller answers for them",
  "Survey.enumerator": "a member of staff: the controller answers for them",
  "EntryChange.actor": "a member of staff: the controller answers for them",
  "Transition.actor": "a member of staff: the controller answers for them",
  "Restriction.liftedBy": "a member of staff: the controller answers for them",
  "Representation.registeredBy": "a member of staff: the controller answers for them",
  "Representation.confirmedBy": "a member of staff: the controller answers for them",
  "Representation.confirmedAt": "a person is told of those that are confirmed alone",
  "Representation.endedBy": "a member of staff: the controller answers for them",
};
/** Reference data: what they say is about nobody. Parts of them are enough to read the copy. */
const ABOUT_NOBODY = new Set([
  ...["Region", "Program", "Agency", "Purpose", "RegistryVersion", "PageInfo", "PlainSentence", "Query"],
  ...["SurveyVariable", "PsksKindEntry", "WeightFile", "PaymentFailure", "SelectionSeats"],
]);

const DOCUMENT = parse(readFileSync("docs/questions/copy.graphql", "utf8"));
const API = buildSchema(readFileSync("schema/api.graphql", "utf8"));

/** Coordinates the copy asks for. */
function askedIn(schema: GraphQLSchema): Set<string> {
  const types = new TypeInfo(schema);
  const asked = new Set<string>();
  const note = (field: string) => asked.add(`${types.getParentType()?.name}.${field}`);
  visit(DOCUMENT, visitWithTypeInfo(types, { Field: ({ name }) => void note(name.value) }));
  return asked;
}

/** Every field of every type about a person that the copy reaches. */
function fieldsReached(schema: GraphQLSchema): string[] {
  const asked = askedIn(schema);
  const reached = new Set([...asked].map((coordinate) => coordinate.split(".")[0] ?? ""));
  return [...reached]
    .filter((name) => !ABOUT_NOBODY.has(name))
    .flatMap((name) => {
      const type = schema.getType(name);
      return isObjectType(type) ? Object.keys(type.getFields()).map((field) => `${name}.${field}`) : [];
    });
}

const missing = (schema: GraphQLSchema): string[] => {
  const asked = askedIn(schema);
  return fieldsReached(schema).filter((coordinate) => !asked.has(coordinate) && !(coordinate in LEFT_OUT));
};

describe("the copy of one's data", () => {
  test("is a question of the published schema", () => {
    expect(validate(API, DOCUMENT).map(({ message }) => message)).toEqual([]);
  });

  test("holds every field of every type about the person, over all four sources, or says why not", () => {
    expect(missing(API)).toEqual([]);
    expect(fieldsReached(API).length).toBeGreaterThan(100);
    const reached = new Set(fieldsReached(API).map((coordinate) => coordinate.split(".")[0]));
    for (const type of ["Person", "FamilyCard", "Household", "Enrolment", "PaymentPeriod", "AccessRecord", "SubjectRequest"])
      expect(reached, type).toContain(type);
  });

  test("is found wanting when a source publishes something new about a person", () => {
    const grown = extendSchema(API, parse("extend type Person { shoeSize: Int } extend type PaymentPeriod { teller: String }"));
    expect(missing(grown)).toEqual(["Person.shoeSize", "PaymentPeriod.teller"]);
  });

  test("leaves out nothing that is in it or no longer published", () => {
    const [asked, reached] = [askedIn(API), new Set(fieldsReached(API))];
    expect(Object.keys(LEFT_OUT).filter((coordinate) => asked.has(coordinate) || !reached.has(coordinate))).toEqual([]);
  });

  test("names no other person: nothing in it leads from the subject to a person", () => {
    const leads = [...askedIn(API)].filter((coordinate) => {
      const [name = "", field = ""] = coordinate.split(".");
      const type = API.getType(name);
      const to = isObjectType(type) ? getNamedType(type.getFields()[field]?.type) : undefined;
      return isCompositeType(to) && to.name === "Person";
    });
    expect(leads).toEqual(["Query.dataSubject"]);
  });
});
